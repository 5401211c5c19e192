//! A write on a scripted cloud, whatever the answers.

use ecsdeck_core::act::history::{Entry, Kind};
use ecsdeck_core::act::{Overrides, Supplied, TaskRun, deploy, resend, run, stop};
use ecsdeck_core::domain::Service;

use super::*;
use crate::journal::Who;
use crate::ports::TaskReads;
use crate::script::{
    Cloud, Send, State, cluster_arn, error, fail, intent, revision_arn, service, service_arn,
    task_arn, with_decider,
};

/// A write to a scripted cloud, with a journal in a folder of its own.
pub(super) struct Case {
    pub(super) cloud: Arc<Cloud>,
    pub(super) journal: Journal,
    _folder: tempfile::TempDir,
}

/// What came of it.
pub(super) struct End {
    pub(super) outcome: Outcome,
    service: Option<Service>,
    stages: Vec<Stage>,
}

impl Case {
    /// The service `web` wants 2 tasks; `fill` says what is different from what was seen.
    pub(super) fn new(fill: impl FnOnce(&mut State)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let web = service_arn("web");
        let cloud = Cloud::with(|state| {
            state.services.insert(web.clone(), service(&web, 2));
            fill(state);
        });
        let path = folder.path().join("ecsdeck/journal.jsonl");
        Self {
            cloud,
            journal: Journal::new(path, Who::default()),
            _folder: folder,
        }
    }

    pub(super) async fn scale(&self, count: u32) -> End {
        self.scale_with(count, Some(&*self.cloud), Some(&self.journal))
            .await
    }

    async fn scale_with(
        &self,
        count: u32,
        writes: Option<&Cloud>,
        journal: Option<&Journal>,
    ) -> End {
        let mut stages = Vec::new();
        let reads = Arc::clone(&self.cloud);
        let reached = |stage| stages.push(stage);
        let (outcome, seen) = carry_out(reads, writes, journal, &intent(count), reached).await;
        let service = seen.service(&service_arn("web")).cloned();
        End {
            outcome,
            service,
            stages,
        }
    }

    pub(super) fn sends(&self) -> usize {
        self.cloud.count("send")
    }

    fn entries(&self) -> Vec<Entry> {
        let contents = self.journal.read().unwrap();
        assert_eq!(contents.warnings, []);
        contents.entries
    }

    /// The outcome in the journal: its word and the number of sends.
    fn concluded(&self) -> (String, u32) {
        let entries = self.entries();
        let kinds: Vec<_> = entries.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [Kind::Intent, Kind::Outcome]);
        let last = entries.last().unwrap();
        (
            last.outcome.as_ref().unwrap().to_string(),
            last.attempts.unwrap(),
        )
    }

    fn was_refused(&self, end: &End, refusal: &Refusal) {
        assert_eq!(end.outcome, Outcome::Refused(refusal.clone()));
        assert_eq!((self.sends(), self.entries()), (0, vec![]));
    }
}

fn words(end: &End) -> String {
    match &end.outcome {
        Outcome::Unknown(error) => error.message.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_goes_well_is_checked_journalled_sent_once_and_seen() {
    let case = Case::new(|_| {});
    let end = case.scale(5).await;
    assert_eq!(end.outcome, Outcome::Done);
    assert_eq!(end.service.unwrap().desired, 5);
    let all = [
        Stage::Checking,
        Stage::Journalling,
        Stage::Sending,
        Stage::Reconciling,
    ];
    assert_eq!(end.stages, all);
    assert_eq!(
        (case.sends(), case.concluded()),
        (1, ("done".to_owned(), 1))
    );
    let entries = case.entries();
    assert_eq!(
        entries[0].who.arn,
        "arn:aws:sts::123456789012:assumed-role/OnCall/ann"
    );
    assert_eq!(entries[0].steps[0].request["desiredCount"], 5);
    assert_eq!(entries[1].request_id.as_ref().unwrap(), "request-1");
}

#[tokio::test(start_paused = true)]
async fn the_intent_is_in_the_journal_before_anything_is_sent() {
    let case = Case::new(|_| {});
    let gate = case.cloud.gate("send");
    let look = async {
        case.cloud.called("send", 1).await;
        let entries = case.entries();
        gate.add_permits(1);
        entries
    };
    let (end, entries) = tokio::join!(case.scale(5), look);
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (entries[0].kind, end.outcome),
        (Kind::Intent, Outcome::Done)
    );
}

#[tokio::test(start_paused = true)]
async fn without_a_durable_intent_nothing_is_sent() {
    let case = Case::new(|_| {});
    let in_the_way = case.journal.path().parent().unwrap();
    std::fs::write(in_the_way, "a file where the folder should be").unwrap();
    let end = case
        .scale_with(5, Some(&case.cloud), Some(&case.journal))
        .await;
    assert!(
        matches!(end.outcome, Outcome::Refused(Refusal::NoJournal(_))),
        "{:?}",
        end.outcome
    );
    assert_eq!(case.sends(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_console_without_writer_or_journal_refuses_at_once() {
    let case = Case::new(|_| {});
    let end = case.scale_with(5, None, Some(&case.journal)).await;
    case.was_refused(&end, &Refusal::ReadOnly);
    let end = case.scale_with(5, Some(&case.cloud), None).await;
    assert!(matches!(
        end.outcome,
        Outcome::Refused(Refusal::NoJournal(_))
    ));
    assert_eq!(case.cloud.state().calls.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn another_account_is_refused() {
    let case = Case::new(|state| {
        let account = Clean::literal("999999999999");
        state.identity = Some(Identity {
            account,
            arn: Arn::new("arn:aws:iam::9:user/ann"),
        });
    });
    let end = case.scale(5).await;
    let (seen, now) = (
        Clean::literal("123456789012"),
        Clean::literal("999999999999"),
    );
    case.was_refused(&end, &Refusal::OtherAccount { seen, now });
}

#[tokio::test(start_paused = true)]
async fn another_role_or_user_of_the_account_is_refused_and_another_session_is_not() {
    let same = crate::script::identity();
    for (arn, refused) in [
        ("arn:aws:iam::123456789012:user/ann", true),
        ("arn:aws:sts::123456789012:assumed-role/Admin/ann", true),
        ("arn:aws:sts::123456789012:assumed-role/OnCall/ann-2", false),
    ] {
        let now = Identity {
            account: same.account.clone(),
            arn: Arn::new(arn),
        };
        let case = Case::new(|state| state.identity = Some(now.clone()));
        let end = case.scale(5).await;
        if refused {
            let (seen, now) = (same.principal(), now.principal());
            case.was_refused(&end, &Refusal::OtherPrincipal { seen, now });
        } else {
            assert_eq!(end.outcome, Outcome::Done, "{arn}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_count_that_changed_since_it_was_seen_is_refused() {
    let web = service_arn("web");
    let case = Case::new(|state| {
        state.services.insert(web.clone(), service(&web, 3));
    });
    let end = case.scale(5).await;
    let (what, seen, now) = ("desired count", Clean::literal("2"), Clean::literal("3"));
    case.was_refused(&end, &Refusal::Changed { what, seen, now });
    assert_eq!(
        end.service.unwrap().desired,
        3,
        "what is there now is given back"
    );
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_gone_is_refused() {
    let case = Case::new(|state| state.services.clear());
    let end = case.scale(5).await;
    case.was_refused(&end, &Refusal::Gone(service_arn("web")));
}

#[tokio::test(start_paused = true)]
async fn a_target_that_cannot_be_read_is_refused() {
    for operation in ["identity", "describe_services"] {
        let case = Case::new(|state| fail(state, operation, &[ErrorKind::Expired]));
        let end = case.scale(5).await;
        case.was_refused(&end, &Refusal::Unreadable(error(ErrorKind::Expired)));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_certainly_not_applied_is_sent_again() {
    for kind in [ErrorKind::Throttled, ErrorKind::Unreachable] {
        let case = Case::new(|state| fail(state, "send", &[kind]));
        assert_eq!(case.scale(5).await.outcome, Outcome::Done);
        assert_eq!(
            (case.sends(), case.concluded()),
            (2, ("done".to_owned(), 2))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttle_that_does_not_end_is_a_failure_after_three_sends() {
    let case = Case::new(|state| fail(state, "send", &[ErrorKind::Throttled; 9]));
    let end = case.scale(5).await;
    assert_eq!(end.outcome, Outcome::Failed(error(ErrorKind::Throttled)));
    assert_eq!(
        (case.sends(), case.concluded()),
        (3, ("failed".to_owned(), 3))
    );
}

#[tokio::test(start_paused = true)]
async fn what_aws_refuses_has_failed_and_is_not_sent_again() {
    for kind in [
        ErrorKind::Denied,
        ErrorKind::NotFound,
        ErrorKind::Invalid,
        ErrorKind::Conflict,
    ] {
        let case = Case::new(|state| fail(state, "send", &[kind]));
        let end = case.scale(5).await;
        assert_eq!(end.outcome, Outcome::Failed(error(kind)));
        assert_eq!(
            (case.sends(), case.concluded()),
            (1, ("failed".to_owned(), 1))
        );
        assert!(
            !end.stages.contains(&Stage::Reconciling),
            "there is nothing to find out"
        );
    }
}

const IN_DOUBT: [ErrorKind; 4] = [
    ErrorKind::TimedOut,
    ErrorKind::Server,
    ErrorKind::Malformed,
    ErrorKind::Other,
];

#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_an_applied_write_is_settled_by_reading_but_nobody_knows_who_did_it() {
    for kind in IN_DOUBT {
        let case = Case::new(|state| state.sends = [Send::Lost(error(kind))].into());
        let outcome = case.scale(5).await.outcome;
        let Outcome::AppliedByUnknown(error) = outcome else {
            panic!("{outcome:?}")
        };
        assert!(error.message.contains("or somebody else"), "{error}");
        assert_eq!(
            (case.sends(), case.concluded()),
            (1, ("applied_by_unknown".to_owned(), 1))
        );
        let history = case.journal.read().unwrap().history();
        assert_eq!(history.unsettled().count(), 0, "nobody can find out more");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_write_stays_unknown_and_is_never_sent_again() {
    for kind in IN_DOUBT {
        let case = Case::new(|state| state.sends = [Send::Dropped(error(kind))].into());
        let end = case.scale(5).await;
        assert!(
            words(&end).contains("still shows the old values"),
            "{}",
            words(&end)
        );
        assert_eq!(
            (case.sends(), case.concluded()),
            (1, ("unknown".to_owned(), 1))
        );
        assert_eq!(case.cloud.count("describe_services"), 1 + LOOKS.len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_count_that_somebody_else_set_meanwhile_is_unknown_and_says_so() {
    let lost = [Send::Lost(error(ErrorKind::TimedOut))];
    for sends in [lost.into(), [].into()] {
        let case = Case::new(|state| {
            state.sends = sends;
            state.overtaken_by = Some(9);
        });
        let end = case.scale(5).await;
        assert!(
            words(&end).contains("somebody else changed them"),
            "{}",
            words(&end)
        );
        assert_eq!((case.sends(), end.service.unwrap().desired), (1, 9));
    }
}

#[tokio::test(start_paused = true)]
async fn values_that_show_late_are_waited_for() {
    let case = Case::new(|state| state.lag = 4);
    // The read before sending finds nothing pending, so the four old ones come after it.
    assert_eq!(case.scale(5).await.outcome, Outcome::Done);
    assert_eq!(case.cloud.count("describe_services"), 6);
}

#[tokio::test(start_paused = true)]
async fn an_accepted_write_that_never_shows_is_unknown_and_says_that_it_was_accepted() {
    let case = Case::new(|state| state.lag = 100);
    let end = case.scale(5).await;
    assert!(words(&end).contains("AWS accepted it"), "{}", words(&end));
}

#[tokio::test(start_paused = true)]
async fn reads_that_fail_after_sending_leave_it_unknown_within_the_window() {
    let case = Case::new(|_| {});
    let gate = case.cloud.gate("send");
    let start = tokio::time::Instant::now();
    let cut = async {
        case.cloud.called("send", 1).await;
        // From now on every read hangs.
        case.cloud.gate("describe_services");
        gate.add_permits(1);
    };
    let (end, ()) = tokio::join!(case.scale(5), cut);
    assert!(words(&end).contains("could not be read"), "{}", words(&end));
    assert!(start.elapsed() < WINDOW + Duration::from_secs(1));
    assert_eq!(case.concluded(), ("unknown".to_owned(), 1));
}

/// So many tasks of one template.
pub(super) fn wanted_run(count: u32) -> Intent {
    let wanted = TaskRun {
        name: Clean::literal("worker"),
        cluster: cluster_arn(),
        task_definition: revision_arn("worker", 3),
        count,
        capacity: None,
        platform_version: None,
        network: None,
        overrides: Overrides::default(),
        group: None,
        exec: false,
        tags: vec![],
    };
    with_decider(|by| run(by, &wanted).unwrap())
}

impl Case {
    async fn carry(&self, intent: &Intent) -> (Outcome, Seen) {
        let (reads, writes) = (Arc::clone(&self.cloud), Some(&*self.cloud));
        carry_out(reads, writes, Some(&self.journal), intent, |_| {}).await
    }

    fn operations(&self) -> Vec<String> {
        self.cloud.arguments("send")
    }
}

fn failure(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Failed(error) => error.message.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_of_many_is_sent_in_batches_and_gives_its_tasks() {
    let case = Case::new(|_| {});
    let (outcome, seen) = case.carry(&wanted_run(23)).await;
    assert_eq!((outcome, case.sends()), (Outcome::Done, 3));
    assert_eq!(seen.made.tasks.len(), 23);
    let entries = case.entries();
    assert_eq!(entries.last().unwrap().made.tasks.len(), 23);
    assert_eq!(entries.last().unwrap().request_ids.len(), 3);
    assert_eq!(case.cloud.count("list_started"), 0, "the answers told all");
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_answer_was_lost_is_found_by_its_mark_and_the_rest_goes_on() {
    let lost = || Send::Lost(error(ErrorKind::TimedOut));
    let case = Case::new(|state| state.sends = [lost(), lost()].into());
    let (outcome, _) = case.carry(&wanted_run(12)).await;
    assert_eq!((outcome, case.sends()), (Outcome::Done, 2));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_lost_is_unknown_and_is_never_sent_again_by_itself() {
    let dropped = Send::Dropped(error(ErrorKind::TimedOut));
    let case = Case::new(|state| state.sends = [dropped].into());
    let (outcome, _) = case.carry(&wanted_run(12)).await;
    let Outcome::Unknown(error) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(error.message.contains("0 of 10 tasks"), "{error}");
    assert_eq!(case.sends(), 1);
    // Somebody confirms that it is sent again: the same tokens, so nothing is doubled.
    let history = case.journal.read().unwrap().history();
    let lost = &history.records()[0];
    let again = with_decider(|by| resend(by, lost, &Supplied::default()).unwrap());
    let (outcome, seen) = case.carry(&again).await;
    assert_eq!((outcome, seen.made.tasks.len()), (Outcome::Done, 12));
    let started: usize = case.cloud.state().started.values().map(Vec::len).sum();
    assert_eq!(started, 12);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_aws_could_not_start_whole_says_how_many_it_started() {
    let case = Case::new(|state| state.short = Some(4));
    let (outcome, seen) = case.carry(&wanted_run(12)).await;
    let why = failure(&outcome);
    assert!(
        why.contains("4 of this request") && why.contains("RESOURCE:MEMORY"),
        "{why}"
    );
    assert_eq!((case.sends(), seen.made.tasks.len()), (1, 4));
}

#[tokio::test(start_paused = true)]
async fn a_revision_that_cannot_be_used_is_refused_before_anything_is_written_down() {
    let case = Case::new(|state| fail(state, "describe_task_definition", &[ErrorKind::Invalid]));
    let (outcome, _) = case.carry(&wanted_run(1)).await;
    assert!(
        matches!(outcome, Outcome::Refused(Refusal::Gone(_))),
        "{outcome:?}"
    );
    assert_eq!((case.sends(), case.entries()), (0, vec![]));
}

pub(super) fn deploy_image() -> Intent {
    let web = service(&service_arn("web"), 2);
    let answer = serde_json::json!({ "taskDefinition": {
        "family": "web", "containerDefinitions": [{ "name": "app", "image": "web:1" }] } });
    with_decider(|by| deploy(by, &web, &answer, &[":2"]).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_deploy_registers_notes_the_revision_and_sets_the_service_to_it() {
    let case = Case::new(|_| {});
    let (outcome, seen) = case.carry(&deploy_image()).await;
    assert_eq!(outcome, Outcome::Done);
    assert_eq!(
        case.operations(),
        ["ecs:RegisterTaskDefinition", "ecs:UpdateService"]
    );
    let revision = revision_arn("web", 8);
    assert_eq!(seen.made.revision.as_ref(), Some(&revision));
    assert_eq!(
        seen.service(&service_arn("web")).unwrap().task_definition,
        revision
    );
    let entries = case.entries();
    let kinds: Vec<_> = entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [Kind::Intent, Kind::Step, Kind::Outcome]);
    assert_eq!(entries[1].made.revision, Some(revision));
    assert_eq!(entries[0].steps[0].request["images"][0]["after"], "web:2");
}

#[tokio::test(start_paused = true)]
async fn a_deploy_whose_registration_is_in_doubt_tells_the_revision_and_does_not_touch_the_service()
{
    let lost = Send::Lost(error(ErrorKind::TimedOut));
    let dropped = Send::Dropped(error(ErrorKind::TimedOut));
    let revision = revision_arn("web", 8);
    for (send, says, exists) in [
        (lost, "web:8 is registered", Some(&revision)),
        (dropped, "no new revision of web is registered yet", None),
    ] {
        let case = Case::new(|state| state.sends = [send].into());
        let (outcome, seen) = case.carry(&deploy_image()).await;
        let Outcome::Unknown(error) = outcome else {
            panic!("{outcome:?}")
        };
        assert!(error.message.contains(says), "{error}");
        assert_eq!(case.operations(), ["ecs:RegisterTaskDefinition"]);
        assert_eq!(seen.made.revision.as_ref(), exists);
        let entries = case.entries();
        assert_eq!(entries.last().unwrap().made.revision.as_ref(), exists);
    }
}

#[tokio::test(start_paused = true)]
async fn a_revision_that_aws_no_longer_knows_hinders_nobody_from_finding_a_later_one() {
    let revision = revision_arn("web", 8);
    let gone = Some(error(ErrorKind::Invalid));
    let lost = Send::Lost(error(ErrorKind::TimedOut));
    let dropped = Send::Dropped(error(ErrorKind::TimedOut));
    for (send, reads, exists) in [
        (lost, [None, gone.clone()], Some(&revision)),
        (dropped, [gone, None], None),
    ] {
        let case = Case::new(|state| {
            state.sends = [send].into();
            state
                .script
                .insert("describe_task_definition", reads.into());
        });
        let (outcome, seen) = case.carry(&deploy_image()).await;
        let Outcome::Unknown(error) = outcome else {
            panic!("{outcome:?}")
        };
        assert!(error.message.contains("registered"), "{error}");
        assert_eq!(seen.made.revision.as_ref(), exists);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_whose_answer_was_lost_is_known_by_its_reason() {
    for (reason, known) in [(None, true), (Some("maintenance"), false)] {
        let case = Case::new(|state| state.sends = [Send::Lost(error(ErrorKind::TimedOut))].into());
        let (cluster, task) = (cluster_arn(), [task_arn("a")]);
        let found = case.cloud.describe_tasks(&cluster, &task).await;
        let tasks = found.unwrap().items;
        let tasks: Vec<_> = tasks.iter().collect();
        let intent = with_decider(|by| stop(by, &tasks, reason).unwrap());
        let (outcome, _) = case.carry(&intent).await;
        assert_eq!(outcome == Outcome::Done, known, "{outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_deploy_whose_second_request_is_refused_says_what_the_first_did() {
    let denied = error(ErrorKind::Denied);
    let case = Case::new(|state| {
        state.script.insert("send", [None, Some(denied)].into());
    });
    let (outcome, _) = case.carry(&deploy_image()).await;
    let why = failure(&outcome);
    assert!(
        why.starts_with("revision web:8 was registered, but then:"),
        "{why}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_perhaps_somebody_else_did_stays_in_doubt_when_a_later_request_is_refused() {
    let case = Case::new(|state| {
        state.sends = [Send::Lost(error(ErrorKind::TimedOut))].into();
        let denied = error(ErrorKind::Denied);
        state.script.insert("send", [None, Some(denied)].into());
    });
    let tasks = [task_arn("a"), task_arn("b")];
    let found = case.cloud.describe_tasks(&cluster_arn(), &tasks).await;
    let found = found.unwrap().items;
    let tasks: Vec<_> = found.iter().collect();
    let intent = with_decider(|by| stop(by, &tasks, Some("maintenance")).unwrap());
    let (outcome, _) = case.carry(&intent).await;
    let why = failure(&outcome);
    assert!(
        why.contains("(this write did it, or somebody else), but then:"),
        "{why}"
    );
}

#[tokio::test(start_paused = true)]
async fn several_tasks_are_stopped_one_by_one_and_seen_to_stop() {
    let case = Case::new(|_| {});
    let cloud = Arc::clone(&case.cloud);
    let found = cloud
        .describe_tasks(&cluster_arn(), &[task_arn("a"), task_arn("b")])
        .await
        .unwrap()
        .items;
    let tasks: Vec<_> = found.iter().collect();
    let intent = with_decider(|by| stop(by, &tasks, None).unwrap());
    let (outcome, _) = case.carry(&intent).await;
    assert_eq!((outcome, case.sends()), (Outcome::Done, 2));
    // A second time they stop already.
    let (outcome, _) = case.carry(&intent).await;
    assert!(
        matches!(outcome, Outcome::Refused(Refusal::Changed { .. })),
        "{outcome:?}"
    );
}
