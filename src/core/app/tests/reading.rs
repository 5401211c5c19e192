//! What is read when, and which answers count.

use std::time::Duration;

use super::super::*;
use super::scene::{Scene, failure, setup, with_deck};
use crate::diagnose::sample::{cluster_arn, definition, ended, service, service_arn, task};
use crate::domain::{EnvironmentVariable, ErrorKind, TaskDefinition};
use crate::text::Clean;

const SECOND: Duration = Duration::from_secs(1);

fn listing() -> Slot {
    Slot::Services(cluster_arn("prod"))
}

#[test]
fn a_stale_reply_changes_nothing() {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![]);
    scene.pass(30 * SECOND);
    let newest = scene.effects.iter().rev().find_map(|effect| match effect {
        Effect::Worker(WorkerEffect::Read { request, query }) if query.slot() == listing() => {
            Some(*request)
        }
        _ => None,
    });
    let before = scene.model.clone();
    let effects = scene.take(Msg::Read {
        slot: listing(),
        request: RequestId(newest.unwrap().0 - 1),
        answer: Answer::ServiceList(Default::default()),
    });
    assert_eq!(effects, []);
    assert_eq!(scene.model.fleet, before.fleet);
    assert_eq!(scene.model.service_rows(), before.service_rows());
}

#[test]
fn what_nobody_looks_at_is_not_read_and_what_was_under_way_is_stopped() {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![]);
    scene.pass(9 * SECOND);
    scene.model.readings.want(&Slot::Queues);
    scene.elapsed += SECOND;
    let effects = scene.take(Msg::Ticked);
    assert!(Scene::slots(&effects).contains(&Slot::Queues));
    let zoomed = scene.key("L", true);
    assert!(
        zoomed.contains(&Effect::Worker(WorkerEffect::Cancel(Slot::Queues))),
        "{zoomed:?}"
    );
    scene.effects.clear();
    scene.pass(60 * SECOND);
    assert_eq!(scene.count(&Slot::Queues), 0);
}

#[test]
fn a_cluster_that_is_gone_leaves_neither_rows_nor_errors() {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![]);
    scene.aws.broken = vec![(listing(), ErrorKind::Denied)];
    scene.pass(30 * SECOND);
    assert!(matches!(
        scene.model.pane_state(Pane::Services),
        PaneState::Failed(..)
    ));
    scene.aws.clusters.clear();
    scene.pass(70 * SECOND);
    assert_eq!(scene.names(), Vec::<&str>::new());
    assert_eq!(scene.model.pane_state(Pane::Services), PaneState::Live);
}

#[test]
fn a_failed_listing_shows_its_error_beside_the_old_rows_and_their_age() {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![]);
    scene.aws.broken = vec![(listing(), ErrorKind::TimedOut)];
    scene.pass(60 * SECOND);
    assert_eq!(scene.names(), ["web"]);
    let PaneState::Failed(Some(_), error) = scene.model.pane_state(Pane::Services) else {
        panic!("{:?}", scene.model.pane_state(Pane::Services))
    };
    assert_eq!(error.kind, ErrorKind::TimedOut);
}

#[test]
fn a_definition_is_read_once_and_one_that_fails_is_asked_for_more_and_more_slowly() {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![]);
    scene.pass(60 * SECOND);
    assert_eq!(scene.count(&Slot::Definitions), 1);

    let mut scene = Scene::new(setup(), vec![service("web")], vec![]);
    scene.aws.broken = vec![(Slot::Definitions, ErrorKind::Throttled)];
    scene.pass(300 * SECOND);
    let asked = scene.count(&Slot::Definitions);
    assert!((5..=25).contains(&asked), "{asked} times in five minutes");
}

#[test]
fn a_definition_that_comes_under_another_name_is_not_asked_for_in_a_loop() {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![]);
    let request = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Worker(WorkerEffect::Read {
                request,
                query: Query::Definitions { .. },
            }) => Some(*request),
            _ => None,
        })
    };
    let mut waiting = scene.take(Msg::Ticked);
    let mut asked = 0;
    for _ in 0..20 {
        let effects = std::mem::take(&mut waiting);
        if let Some(request) = request(&effects) {
            asked += 1;
            let other: TaskDefinition = definition("other:9", "other");
            let answer = Answer::Definition(Box::new(other));
            let slot = Slot::Definitions;
            waiting.extend(scene.take(Msg::Read {
                slot,
                request,
                answer,
            }));
            let (slot, result) = (Slot::Definitions, Ok(()));
            waiting.extend(scene.take(Msg::ReadEnded {
                slot,
                request,
                result,
            }));
        }
        for effect in effects {
            if let Effect::Worker(WorkerEffect::Read { request, query }) = effect
                && query.slot() != Slot::Definitions
            {
                waiting.extend(scene.answer_one(request, &query));
            }
        }
        scene.elapsed += SECOND;
        waiting.extend(scene.take(Msg::Ticked));
    }
    assert_eq!(asked, 1);
}

#[test]
fn the_service_that_is_looked_at_and_those_in_trouble_are_read_often() {
    let mut broken = service("broken");
    (broken.running, broken.deployments[0].running) = (0, 0);
    let calm = service("calm");
    let mut scene = Scene::read(setup(), vec![calm, broken], vec![]);
    scene.pass(20 * SECOND);
    let watched = scene.effects.iter().rev().find_map(|effect| match effect {
        Effect::Worker(WorkerEffect::Read {
            query: Query::Watched { services, .. },
            ..
        }) => Some(services.clone()),
        _ => None,
    });
    assert_eq!(watched, Some(vec![service_arn("broken")]));
    let slot = Slot::Watched(cluster_arn("prod"));
    let often = scene.count(&slot);
    assert!(often >= 8, "{often} times in 20 s");
}

#[test]
fn a_write_that_ended_reads_its_service_again_and_not_the_whole_account() {
    let mut scene = Scene::read(setup(), vec![service("web"), service("api")], vec![]);
    scene.pass(9 * SECOND);
    scene.press("U backspace 3 enter");
    scene.elapsed += SECOND;
    scene.take(Msg::Ticked);
    let acts = scene.press("y");
    let Some(Effect::Worker(WorkerEffect::Act(intent))) = acts
        .into_iter()
        .find(|e| matches!(e, Effect::Worker(WorkerEffect::Act(_))))
    else {
        panic!("no write")
    };
    let outcome = crate::act::Outcome::Done;
    let effects = scene.take(Msg::Acted {
        intent: intent.id,
        outcome,
        seen: Box::default(),
    });
    let slots = Scene::slots(&effects);
    assert!(
        slots.contains(&Slot::Watched(cluster_arn("prod"))),
        "{slots:?}"
    );
    assert!(!slots.contains(&listing()), "{slots:?}");
}

#[test]
fn a_service_that_the_deck_names_is_missed_only_after_the_listing() {
    let setup = with_deck("[[service]]\nname = \"gone\"\n");
    let mut scene = Scene::new(setup, vec![service("web")], vec![]);
    scene.aws.broken = vec![(listing(), ErrorKind::Throttled)];
    scene.pass(5 * SECOND);
    assert_eq!(scene.names(), Vec::<&str>::new());
    scene.aws.broken.clear();
    scene.pass(120 * SECOND);
    assert_eq!(scene.names(), ["gone", "web"]);
    let missing = &scene.model.service_rows()[0];
    assert_eq!(missing.key, RowKey::MissingService(Clean::new("gone")));
    assert!(missing.verdict.is_bad_news());
}

#[test]
fn a_cluster_that_the_deck_names_and_aws_does_not_have_is_a_row() {
    let mut scene = Scene::new(
        with_deck("clusters = [\"prod\", \"gone\"]\n"),
        vec![],
        vec![],
    );
    scene.aws.missing_clusters = vec![failure(cluster_arn("gone"), "MISSING")];
    scene.pass(5 * SECOND);
    let row = &scene.model.service_rows()[0];
    assert_eq!(row.key, RowKey::MissingCluster(Clean::new("gone")));
    assert!(row.summary.contains("does not exist"));
}

#[test]
fn a_cluster_that_may_not_be_described_is_not_said_to_be_missing() {
    let mut scene = Scene::new(setup(), vec![], vec![]);
    scene.aws.missing_clusters = vec![failure(cluster_arn("secret"), "ACCESS_DENIED")];
    scene.pass(5 * SECOND);
    let row = &scene.model.service_rows()[0];
    assert!(row.summary.contains("ACCESS_DENIED"), "{}", row.summary);
}

#[test]
fn what_a_describe_call_could_not_give_is_a_row_until_it_is_gone() {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![]);
    scene.aws.failures = vec![failure(service_arn("odd"), "ACCESS_DENIED")];
    scene.pass(5 * SECOND);
    assert_eq!(scene.names(), ["odd", "web"]);
    assert!(
        scene.model.service_rows()[0]
            .summary
            .contains("ACCESS_DENIED")
    );
    scene.aws.failures.clear();
    scene.pass(30 * SECOND);
    assert_eq!(scene.names(), ["web"]);
}

#[test]
fn families_of_tasks_that_no_service_keeps_are_rows() {
    let mut job = ended(task("x", "1"), 1, 60);
    job.owner = crate::domain::Owner::Family(Clean::new("nightly"));
    let scene = Scene::read(setup(), vec![service("web")], vec![job]);
    assert_eq!(scene.names(), ["nightly", "web"]);
    let row = scene.model.selected().unwrap();
    assert_eq!((row.desired, row.verdict.word()), (None, "failed"));
}

#[test]
fn the_calls_of_the_last_minute_are_counted_and_older_ones_forgotten() {
    let mut scene = Scene::read(setup(), vec![], vec![]);
    for (second, total) in [(0, 10), (30, 14), (50, 15)] {
        scene.elapsed = Duration::from_secs(100 + second);
        scene.take(Msg::Called(total));
    }
    assert_eq!(scene.model.calls_a_minute(), 15);
    scene.elapsed = Duration::from_secs(161);
    scene.take(Msg::Ticked);
    assert_eq!(scene.model.calls_a_minute(), 5);
    scene.elapsed = Duration::from_secs(300);
    scene.take(Msg::Ticked);
    assert_eq!(scene.model.calls_a_minute(), 0);
}

#[test]
fn a_table_that_was_only_listed_is_read_when_somebody_opens_it() {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![]);
    scene.aws.tables = vec!["jobs"];
    scene.pass(Duration::from_secs(5));
    let slot = Slot::Work(Clean::new("jobs"));
    assert_eq!((scene.model.work_rows().len(), scene.count(&slot)), (1, 0));
    scene.model.focus = Pane::Work;
    scene.press("j enter");
    assert_eq!(scene.count(&slot), 1);
}

#[test]
fn a_value_that_only_looked_like_a_table_is_not_missed() {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![task("web", "1")]);
    let variable = EnvironmentVariable {
        name: Clean::new("TABLE_PREFIX"),
        value: Clean::new("nothing"),
    };
    for definition in &mut scene.aws.definitions {
        for container in &mut definition.containers {
            container.environment.push(variable.clone());
        }
    }
    let slot = Slot::Work(Clean::new("nothing"));
    scene.aws.broken = vec![(slot.clone(), ErrorKind::NotFound)];
    scene.pass(Duration::from_secs(60));
    assert_eq!(scene.count(&slot), 1, "it was asked for once");
    assert!(scene.model.work_rows().is_empty());
    assert!(matches!(
        scene.model.pane_state(Pane::Work),
        PaneState::Live | PaneState::Loading
    ));
}
