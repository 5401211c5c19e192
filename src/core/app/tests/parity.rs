//! Whatever is wished, with a key and its form or on the command line, leads to the same write and says the same.

use std::time::Duration;

use super::super::*;
use super::acting::{question, queue, with_job, written};

use super::scene::{Scene, setup, with_deck};
use crate::act::sample::{deployment, history, paused};
use crate::act::{ActError, HookAction, Intent};
use crate::diagnose::sample::{ended, revision, service, service_arn, task};
use crate::domain::{
    Arn, ErrorKind, Owner, RolloutHistory, ScalableTarget, ServiceDeploymentStatus, Suspended, Task,
};
use crate::text::Clean;

/// A wish and the keys that mean it.
struct Case {
    name: &'static str,
    scene: fn() -> Scene,
    keys: &'static str,
    wish: fn(&Scene) -> Wish,
}

const SCALED: ScalableTarget = ScalableTarget {
    min: 1,
    max: 4,
    suspended: Suspended {
        scale_in: false,
        scale_out: false,
        scheduled: false,
    },
};

fn plain() -> Scene {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![task("web", "w1")]);
    scene.aws.target = Some(SCALED);
    scene.pass(Duration::from_secs(60));
    scene
}

/// All autoscaling was suspended from here, and then got other bounds.
fn suspended() -> Scene {
    let mut scene = plain();
    let wish = Wish::Autoscaling {
        service: service_arn("web"),
        to: Some(Scaling::Suspend),
    };
    let first = proposed(&mut scene, wish).intent;
    scene.aws.journal.extend(written(&first));
    scene.aws.target.as_mut().unwrap().suspended = Suspended::ALL;
    let wish = Wish::Autoscaling {
        service: service_arn("web"),
        to: Some(Scaling::Bounds {
            min: "1".to_owned(),
            max: "5".to_owned(),
        }),
    };
    let second = proposed(&mut scene, wish).intent;
    scene.aws.journal.extend(written(&second));
    scene.aws.target.as_mut().unwrap().max = 5;
    scene
}

fn drained() -> Scene {
    let mut scene = plain();
    let drain = proposed(&mut scene, Wish::Drain(service_arn("web"))).intent;
    scene.aws.journal.extend(written(&drain));
    scene.aws.target.as_mut().unwrap().suspended = Suspended::ALL;
    scene.change("web", |web| web.desired = 0);
    scene.pass(Duration::from_secs(60));
    scene
}

fn deployed() -> RolloutHistory {
    history(vec![
        deployment(
            "b",
            ServiceDeploymentStatus::Successful,
            Some("web:1"),
            "web:2",
        ),
        deployment("a", ServiceDeploymentStatus::Successful, None, "web:1"),
    ])
}

fn gone_wrong() -> Scene {
    let mut scene = plain();
    scene.change("web", |web| web.task_definition = revision("web:2"));
    scene.pass(Duration::from_secs(60));
    scene.aws.rollouts = deployed();
    scene
}

/// One whose revision has its image in ECR, which does not tell.
fn without_ecr() -> Scene {
    let mut scene = gone_wrong();
    let image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1";
    for definition in &mut scene.aws.definitions {
        definition.containers[0].image = Clean::literal(image);
    }
    let question = crate::diagnose::Question::Image(Clean::literal(image));
    scene.aws.broken = vec![(Slot::Asked(question), ErrorKind::Denied)];
    scene
}

fn at_a_hook() -> Scene {
    let mut scene = plain();
    scene.aws.rollouts = history(vec![paused()]);
    scene
}

fn with_tasks() -> Scene {
    let tasks = ["a", "b"].map(|id| task("web", id)).to_vec();
    Scene::read(setup(), vec![service("web")], tasks)
}

/// A dead-letter queue that no listing shows.
fn with_queues() -> Scene {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![]);
    scene.aws.queues = vec![queue("jobs", Some("jobs-dead"), 2)];
    scene.pass(Duration::from_secs(60));
    scene.press(": q u e u e s enter");
    scene
}

fn job(id: &str, key: &str) -> Task {
    let mut job = ended(task("job", id), 1, 10);
    job.owner = Owner::Family(Clean::literal("job"));
    job.overrides = vec![crate::domain::EnvironmentOverride {
        container: Clean::literal("app"),
        name: Clean::literal("TASK_ID"),
        value: Clean::new(key),
    }];
    job
}

/// A table with one row of this status, and the task that was started for it.
fn with_row(status: &str, tasks: Vec<Task>) -> Scene {
    let mut scene = with_job(tasks);
    let row = [("id", "r1"), ("status", status), ("title", "Fix it")];
    let row = row.map(|(name, value)| (Clean::new(name), Clean::new(value)));
    scene.aws.work = vec![crate::domain::Row(row.into())];
    scene.pass(Duration::from_secs(60));
    scene.press(": w o r k enter g j");
    scene
}

fn scaled() -> Scene {
    let mut scene = plain();
    let wish = Wish::Scale {
        service: service_arn("web"),
        count: "5".to_owned(),
    };
    let scale = proposed(&mut scene, wish).intent;
    scene.aws.journal.extend(written(&scale));
    scene.change("web", |web| web.desired = 5);
    scene
}

fn retry(scene: &Scene) -> Wish {
    let item = scene.model.work_item("r1").unwrap();
    Wish::Run {
        order: Box::new(scene.model.retry_order(&item).unwrap()),
        retries: Some(item),
    }
}

fn web() -> Arn {
    service_arn("web")
}

const CASES: &[Case] = &[
    Case {
        name: "scale",
        scene: plain,
        keys: "U 5 enter",
        wish: |_| Wish::Scale {
            service: web(),
            count: "5".to_owned(),
        },
    },
    Case {
        name: "redeploy",
        scene: plain,
        keys: "F",
        wish: |_| Wish::Redeploy(web()),
    },
    Case {
        name: "rollback",
        scene: gone_wrong,
        keys: "R",
        wish: |_| Wish::Rollback {
            service: web(),
            to: None,
        },
    },
    Case {
        name: "rollback to a revision whose image ECR does not tell of",
        scene: without_ecr,
        keys: "R",
        wish: |_| Wish::Rollback {
            service: web(),
            to: Some("1".to_owned()),
        },
    },
    Case {
        name: "deploy",
        scene: plain,
        keys: "I backspace 2 enter",
        wish: |_| Wish::Deploy {
            service: web(),
            images: Some(vec![":2".to_owned()]),
            seen: None,
        },
    },
    Case {
        name: "drain",
        scene: plain,
        keys: "Z",
        wish: |_| Wish::Drain(web()),
    },
    Case {
        name: "restore",
        scene: drained,
        keys: "Z",
        wish: |_| Wish::Restore {
            service: web(),
            keep_revision: false,
        },
    },
    Case {
        name: "autoscaling suspend",
        scene: plain,
        keys: "A ctrl-s",
        wish: |_| Wish::Autoscaling {
            service: web(),
            to: Some(Scaling::Suspend),
        },
    },
    Case {
        name: "autoscaling resume",
        scene: suspended,
        keys: "A ctrl-s",
        wish: |_| Wish::Autoscaling {
            service: web(),
            to: Some(Scaling::Resume),
        },
    },
    Case {
        name: "autoscaling bounds",
        scene: plain,
        keys: "A left tab tab backspace 9 ctrl-s",
        wish: |_| Wish::Autoscaling {
            service: web(),
            to: Some(Scaling::Bounds {
                min: "1".to_owned(),
                max: "9".to_owned(),
            }),
        },
    },
    Case {
        name: "hook",
        scene: at_a_hook,
        keys: "H down enter",
        wish: |_| Wish::Hook {
            service: web(),
            answer: Some(HookAction::Rollback),
        },
    },
    Case {
        name: "stop",
        scene: with_tasks,
        keys: "enter space space S",
        wish: |scene| Wish::Stop {
            tasks: scene.model.fleet.tasks.keys().cloned().collect(),
            reason: None,
        },
    },
    Case {
        name: "redrive",
        scene: with_queues,
        keys: "D",
        wish: |_| Wish::Redrive {
            queue: Clean::literal("jobs-dead"),
            rate: None,
        },
    },
    Case {
        name: "run",
        scene: || with_job(vec![]),
        keys: "T enter 7 ctrl-s",
        wish: |scene| {
            let source = RunSource::Template(Clean::literal("worker"));
            let mut order = scene.model.order_from(&source).unwrap();
            order.set("TASK_ID", "7");
            Wish::Run {
                order: Box::new(order),
                retries: None,
            }
        },
    },
    Case {
        name: "run like a task",
        scene: || {
            let mut scene = with_job(vec![job("j1", "r1")]);
            scene.press("enter");
            scene
        },
        keys: "T enter ctrl-s",
        wish: |scene| {
            let source = RunSource::Task(scene.model.selected_task().unwrap().arn.clone());
            let order = scene.model.order_from(&source).unwrap();
            Wish::Run {
                order: Box::new(order),
                retries: None,
            }
        },
    },
    Case {
        name: "retry",
        scene: || with_row("failed", vec![job("j1", "r1")]),
        keys: "Y ctrl-s",
        wish: retry,
    },
    Case {
        name: "retry of a row that has not failed, from the template",
        scene: || with_row("done", vec![]),
        keys: "Y ctrl-s",
        wish: retry,
    },
    Case {
        name: "undo",
        scene: scaled,
        keys: "X",
        wish: |_| Wish::Undo { id: None },
    },
];

/// What a wish from the command line leads to.
fn wished(scene: &mut Scene, wish: Wish) -> Result<Proposal, Declined> {
    let effects = scene.take(Msg::Wished {
        wish: Box::new(wish),
        dry_run: false,
    });
    scene.answer(effects);
    let settled = scene.take(Msg::EarlierSettled);
    scene.answer(settled);
    let led = scene.model.proposal.clone().expect("it leads somewhere");
    led.map(|proposal| *proposal)
}

pub(super) fn proposed(scene: &mut Scene, wish: Wish) -> Proposal {
    wished(scene, wish).unwrap_or_else(|why| panic!("{why}"))
}

/// The intent but for its id, which names the tokens of a run too, and for its moment.
fn but_for_its_id(intent: &Intent) -> String {
    let mut intent = intent.clone();
    let id = intent.id.as_str().to_owned();
    intent.at = crate::domain::Time::UNIX_EPOCH;
    let text = serde_json::to_string_pretty(&intent).unwrap();
    text.replace(&id, "ID")
}

#[test]
fn a_key_with_its_form_and_a_command_make_the_same_intent_with_the_same_notes() {
    for case in CASES {
        let mut scene = (case.scene)();
        scene.press(case.keys);
        let by_key = question(&scene).clone();
        let mut scene = (case.scene)();
        let wish = (case.wish)(&scene);
        let by_command = proposed(&mut scene, wish);
        assert_eq!(
            scene.model.overlay, None,
            "{}: a screen's question",
            case.name
        );
        assert_eq!(
            but_for_its_id(&by_key.intent),
            but_for_its_id(&by_command.intent),
            "{}",
            case.name
        );
        assert_eq!(by_key.notes, by_command.notes, "{}", case.name);
        assert_eq!(by_key.name, by_command.name, "{}", case.name);
    }
}

#[test]
fn a_decision_on_the_command_line_carries_out_what_was_proposed_and_nothing_else() {
    let mut scene = plain();
    let decided = scene.take(Msg::Decided);
    assert!(
        !decided
            .iter()
            .any(|effect| matches!(effect, Effect::Worker(WorkerEffect::Act(_))))
    );
    let wish = Wish::Redeploy(web());
    let proposal = proposed(&mut scene, wish);
    let decided = scene.take(Msg::Decided);
    assert!(decided.contains(&Effect::Worker(WorkerEffect::Act(Box::new(
        proposal.intent
    )))));
    // Another to the same service waits for the first.
    let why = wished(&mut scene, Wish::Redeploy(web())).unwrap_err();
    assert!(why.to_string().contains("under way"), "{why}");
}

#[test]
fn a_resume_after_bounds_resumes_and_says_so_where_nothing_is_suspended() {
    let mut scene = suspended();
    let resume = || Wish::Autoscaling {
        service: web(),
        to: Some(Scaling::Resume),
    };
    let proposal = proposed(&mut scene, resume());
    let body = proposal.intent.steps[0].request.body();
    for flag in [
        "DynamicScalingInSuspended",
        "DynamicScalingOutSuspended",
        "ScheduledScalingSuspended",
    ] {
        assert_eq!(body["SuspendedState"][flag], false, "{body}");
    }
    let why = wished(&mut plain(), resume()).unwrap_err();
    assert!(matches!(why, Declined::Act(ActError::Already(_))), "{why}");
}

#[test]
fn a_row_whose_newest_task_runs_is_not_done_again() {
    let mut running = task("job", "j1");
    running.owner = Owner::Family(Clean::literal("job"));
    running.overrides = job("j1", "r1").overrides;
    let mut scene = with_row("failed", vec![running]);
    scene.press("Y");
    assert!(
        scene.notice().contains("already works on it"),
        "{}",
        scene.notice()
    );
    let item = scene.model.work_item("r1").unwrap();
    let why = scene.model.retry_order(&item).unwrap_err();
    assert!(why.to_string().contains("already works on it"), "{why}");
}

#[test]
fn credentials_that_do_not_work_are_never_a_mere_note() {
    let question = crate::diagnose::Question::autoscaling(&service("web"));
    for (kind, noted) in [(ErrorKind::Denied, true), (ErrorKind::Expired, false)] {
        for wish in [
            Wish::Drain(web()),
            Wish::Scale {
                service: web(),
                count: "5".to_owned(),
            },
        ] {
            let mut scene = plain();
            scene.aws.broken = vec![(Slot::Asked(question.clone()), kind)];
            match wished(&mut scene, wish) {
                Ok(proposal) => {
                    let told = |note: &Clean| note.contains("could not be read");
                    assert!(
                        noted && proposal.notes.iter().any(told),
                        "{:?}",
                        proposal.notes
                    );
                }
                Err(why) => {
                    assert!(!noted && matches!(why, Declined::Unread { .. }), "{why}");
                }
            }
        }
    }
}

#[test]
fn the_owner_of_a_count_is_looked_up_by_cluster_and_name() {
    let deck = "clusters = [\"prod\", \"other\"]\n\
        [[service]]\nname = \"web\"\ncluster = \"other\"\ncount_owner = \"lambda\"\n\
        [[service]]\nname = \"web\"\ncluster = \"prod\"\ncount_owner = \"people\"\n";
    let mut scene = Scene::read(with_deck(deck), vec![service("web")], vec![]);
    let wish = Wish::Scale {
        service: web(),
        count: "5".to_owned(),
    };
    let notes = proposed(&mut scene, wish).notes;
    let owner = notes.iter().find(|note| note.contains("the deck says"));
    assert_eq!(
        owner.map(Clean::as_str),
        Some("the deck says that people set this count")
    );
}

#[test]
fn a_dry_run_is_proposed_in_a_read_only_console_and_a_write_is_not() {
    let read_only = Setup {
        read_only: true,
        ..setup()
    };
    let mut scene = Scene::read(read_only, vec![service("web")], vec![]);
    for dry_run in [true, false] {
        let wish = Box::new(Wish::Redeploy(web()));
        scene.take(Msg::Wished { wish, dry_run });
        let led = scene.model.proposal.clone().unwrap();
        assert_eq!(led.is_ok(), dry_run);
    }
    let decided = scene.take(Msg::Decided);
    assert!(
        !decided
            .iter()
            .any(|effect| matches!(effect, Effect::Worker(WorkerEffect::Act(_))))
    );
}
