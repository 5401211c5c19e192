//! Which deciding questions are asked, and how often.

use std::time::Duration;

use super::super::reads::asking;
use super::super::*;
use super::scene::{Scene, setup};
use crate::diagnose::sample::{
    ago, cluster_arn, deployment, ended, revision, service, service_arn, task,
};
use crate::diagnose::{Question, Verdict};
use crate::domain::{
    Arn, Controller, DeploymentStatus, ErrorKind, LoadBalancer, Rollout, Service, Task,
};
use crate::text::Clean;

const SECOND: Duration = Duration::from_secs(1);

fn rollouts(name: &str) -> Slot {
    Slot::Asked(Question::Rollouts {
        cluster: cluster_arn("prod"),
        service: service_arn(name),
    })
}

fn autoscaling(name: &str) -> Slot {
    Slot::Asked(Question::Autoscaling {
        cluster: cluster_arn("prod"),
        service: service_arn(name),
    })
}

/// What was asked about services; what somebody may do to them is another matter.
fn asked(scene: &Scene) -> Vec<Slot> {
    let mut slots = Scene::slots(&scene.effects);
    let is_about = |slot: &Slot| match slot {
        Slot::Asked(question) => !matches!(question, Question::MayDo { .. }),
        _ => false,
    };
    slots.retain(is_about);
    slots
}

/// A service that rolls out, whose new tasks end.
fn stuck(name: &str) -> (Service, Vec<Task>) {
    let mut stuck = service(name);
    let mut old = deployment("ecs-svc/1", &format!("{name}:1"));
    old.status = DeploymentStatus::Active;
    let mut new = deployment("ecs-svc/2", &format!("{name}:2"));
    (new.running, new.pending) = (0, 2);
    new.rollout = Some(Rollout::InProgress);
    new.created = Some(ago(600));
    stuck.deployments = vec![new, old];
    let ends = (1..=4).map(|number| {
        let mut end = ended(task(name, &format!("{name}{number}")), 1, number * 60);
        end.started_by = Some(Clean::new("ecs-svc/2"));
        end.definition = revision(&format!("{name}:2"));
        end
    });
    (stuck, ends.collect())
}

fn behind(group: &str) -> Vec<LoadBalancer> {
    vec![LoadBalancer {
        target_group: Some(Arn::new(group)),
        container: Clean::new("app"),
        port: Some(80),
    }]
}

fn verdict(scene: &Scene, name: &str) -> Verdict {
    let key = RowKey::Service(service_arn(name));
    scene.model.fleet.diagnosis(&key).unwrap().verdict
}

#[test]
fn a_service_that_is_well_is_asked_about_once_while_its_detail_is_shown() {
    let services = vec![service("web"), service("api")];
    let mut scene = Scene::read(setup(), services, vec![task("web", "w"), task("api", "a")]);
    scene.pass(600 * SECOND);
    assert_eq!(scene.selected(), "api");
    assert_eq!(asked(&scene), [rollouts("api"), autoscaling("api")]);
}

#[test]
fn a_rollout_under_way_is_looked_at_every_quarter_of_a_minute_and_once_after_its_end() {
    let (service, tasks) = stuck("web");
    let mut scene = Scene::read(setup(), vec![service], tasks);
    assert!(verdict(&scene, "web").is_bad_news());
    scene.pass(150 * SECOND);
    let during = scene.count(&rollouts("web"));
    assert!((9..=12).contains(&during), "{during} in 150 s");
    let now = scene.model.now();
    scene.change("web", |service| {
        service.deployments.truncate(1);
        service.deployments[0].rollout = Some(Rollout::Completed);
        service.deployments[0].updated = Some(now);
    });
    scene.pass(600 * SECOND);
    let after = scene.count(&rollouts("web")) - during;
    assert!((1..=2).contains(&after), "{after} after the end");
}

#[test]
fn of_many_services_in_trouble_a_few_are_asked_about() {
    let (services, tasks): (Vec<Service>, Vec<Vec<Task>>) = (0..30)
        .map(|number| stuck(&format!("s{number:02}")))
        .unzip();
    let mut scene = Scene::read(setup(), services, tasks.concat());
    scene.pass(60 * SECOND);
    let mut slots = asked(&scene);
    let calls = slots.len();
    slots.sort();
    slots.dedup();
    assert_eq!(
        slots
            .iter()
            .filter(|slot| matches!(slot, Slot::Asked(Question::Rollouts { .. })))
            .count(),
        6
    );
    let logs = |slot: &&Slot| matches!(slot, Slot::Asked(Question::LastLines { .. }));
    assert!(
        slots.iter().filter(logs).count() <= 1,
        "a log is read of what is looked at alone"
    );
    assert!(calls <= 6 * 5 + 2, "{calls} in a minute");
}

#[test]
fn the_last_lines_of_a_task_that_has_just_ended_are_read_until_all_must_be_known() {
    let (service, mut tasks) = stuck("web");
    let mut scene = Scene::read(setup(), vec![service.clone()], tasks.clone());
    let now = scene.model.now();
    tasks.iter_mut().for_each(|task| task.stopped = Some(now));
    scene = Scene::read(setup(), vec![service], tasks);
    scene.pass(600 * SECOND);
    let slots = asked(&scene);
    let mut logs = slots.iter().filter_map(|slot| match slot {
        Slot::Asked(question @ Question::LastLines { until, .. }) => Some((question, *until)),
        _ => None,
    });
    let (question, until) = logs.next().unwrap();
    let answered = scene.model.fleet.facts.answered(question).unwrap();
    assert!(answered.at.duration_since(until).as_secs() >= 60);
    assert!(scene.count(&Slot::Asked(question.clone())) <= 3);
}

#[test]
fn nothing_is_asked_while_only_the_log_is_shown() {
    let (service, tasks) = stuck("web");
    let mut scene = Scene::read(setup(), vec![service], tasks);
    scene.press("L");
    scene.effects.clear();
    scene.pass(300 * SECOND);
    assert_eq!(asked(&scene), []);
}

#[test]
fn a_listing_of_verdicts_looks_at_the_rollouts_of_a_few_in_trouble_and_asks_no_more() {
    let mut causes = 0;
    for panes in [
        vec![Pane::Services, Pane::Tasks],
        vec![Pane::Services, Pane::Tasks, Pane::Detail],
    ] {
        let (mut services, tasks): (Vec<Service>, Vec<Vec<Task>>) = (0..30)
            .map(|number| stuck(&format!("s{number:02}")))
            .unzip();
        services
            .iter_mut()
            .for_each(|one| one.load_balancers = behind("tg"));
        services.push(service("well"));
        let mut listing = setup();
        listing.panes = panes.into_iter().collect();
        listing.refresh = Duration::ZERO;
        let mut scene = Scene::read(listing, services, tasks.concat());
        scene.pass(60 * SECOND);
        assert!(scene.model.is_settled());
        let (looks, others): (Vec<Slot>, Vec<Slot>) = asked(&scene)
            .into_iter()
            .partition(|slot| matches!(slot, Slot::Asked(Question::Rollouts { .. })));
        assert_eq!(looks.len(), 6, "{looks:?}");
        assert!(!looks.contains(&rollouts("well")));
        if scene.model.setup.panes.contains(&Pane::Detail) {
            causes = others.len();
        } else {
            assert_eq!(others, []);
        }
    }
    assert!(causes > 0, "where causes are told there was more to ask");
}

#[test]
fn a_command_that_tells_no_verdicts_asks_nothing_but_about_what_it_is_for() {
    let (web, tasks) = stuck("web");
    let (api, more) = stuck("api");
    let mut listing = setup();
    listing.panes = [Pane::Services, Pane::Tasks].into_iter().collect();
    listing.refresh = Duration::ZERO;
    listing.asks = false;
    let mut scene = Scene::read(listing, vec![web, api], [tasks, more].concat());
    scene.pass(60 * SECOND);
    assert!(scene.model.is_settled());
    assert_eq!(asked(&scene), []);
    let row = RowKey::Service(service_arn("web"));
    let effects = scene.take(Msg::WhyAsked(row.clone()));
    assert!(!scene.model.is_settled(), "its questions are not answered");
    scene.answer(effects);
    assert!(scene.model.is_settled());
    let slots = asked(&scene);
    assert_eq!(slots[0], rollouts("web"));
    // The last words of one of its tasks, and nothing else.
    assert!(
        matches!(&slots[1..], [Slot::Asked(Question::LastLines { .. })]),
        "{slots:?}"
    );
    assert_eq!(scene.count(&Slot::Definitions), 1);
    let told = scene.model.fleet.asked(&row);
    assert_eq!(told[0].answer.as_deref(), Some("no deployments yet"));
}

#[test]
fn a_refusal_is_told_and_not_asked_for_again_soon() {
    let (web, tasks) = stuck("web");
    let mut scene = Scene::new(setup(), vec![web], tasks);
    scene.aws.broken = vec![(rollouts("web"), ErrorKind::Denied)];
    scene.pass(300 * SECOND);
    assert_eq!(scene.count(&rollouts("web")), 1);
    assert!(verdict(&scene, "web").is_bad_news());
    let told = scene
        .model
        .fleet
        .asked(&RowKey::Service(service_arn("web")));
    assert!(told.iter().any(|asked| asked.error.is_some()), "{told:?}");
}

#[test]
fn a_region_that_refuses_the_credentials_does_not_stop_the_rest() {
    let (web, tasks) = stuck("web");
    let mut scene = Scene::new(setup(), vec![web], tasks);
    scene.aws.broken = vec![(rollouts("web"), ErrorKind::WrongCredentials)];
    scene.pass(30 * SECOND);
    assert_eq!(scene.model.readings.credentials_error(), None);
    let listings = scene.count(&Slot::Services(cluster_arn("prod")));
    assert!(listings > 1, "{listings} listings");
}

#[test]
fn what_failed_is_tried_again_in_a_minute() {
    let (web, tasks) = stuck("web");
    let mut scene = Scene::new(setup(), vec![web], tasks);
    scene.aws.broken = vec![(rollouts("web"), ErrorKind::TimedOut)];
    scene.pass(300 * SECOND);
    let tries = scene.count(&rollouts("web"));
    assert!((4..=10).contains(&tries), "{tries} in five minutes");
}

#[test]
fn a_service_that_another_rolls_out_has_no_rollouts_to_look_at() {
    let (mut web, tasks) = stuck("web");
    web.controller = Controller::CodeDeploy;
    let mut scene = Scene::read(setup(), vec![web], tasks);
    scene.pass(60 * SECOND);
    assert_eq!(scene.count(&rollouts("web")), 0);
}

#[test]
fn alarms_are_asked_for_once_a_minute_however_many_want_to_know() {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![]);
    let alarms = |name: &str| Slot::Asked(Question::Alarms(vec![Clean::new(name)]));
    assert_eq!(asking::alarms_due(&scene.model), Duration::ZERO);
    let elapsed = scene.elapsed;
    scene.model.readings.begin(alarms("one"), elapsed);
    scene
        .model
        .readings
        .begin(alarms("two"), elapsed + 7 * SECOND);
    assert_eq!(asking::alarms_due(&scene.model), elapsed + 67 * SECOND);
}

#[test]
fn answers_of_a_service_that_is_gone_are_forgotten() {
    let (web, tasks) = stuck("web");
    let mut scene = Scene::read(setup(), vec![web, service("api")], tasks);
    scene.pass(30 * SECOND);
    assert_eq!(scene.model.fleet.facts.iter().count(), 4);
    scene
        .aws
        .services
        .retain(|service| service.name.as_str() != "web");
    scene.aws.tasks.clear();
    scene.pass(200 * SECOND);
    let about = |question: &Question| match question {
        Question::Rollouts { service, .. } | Question::Autoscaling { service, .. } => {
            service.name() == "web"
        }
        _ => false,
    };
    assert!(
        !scene
            .model
            .fleet
            .facts
            .iter()
            .any(|(question, _)| about(question))
    );
    assert_eq!(scene.model.readings.get(&rollouts("web")), None);
}
