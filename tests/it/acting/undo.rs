//! There and back: undo gives count and revision back, and refuses where somebody changed them since.

use ecsdeck_core::act::{
    self, Comeback, Intent, Outcome, Refusal, Request, Revision, UpdateService, Verb,
};
use ecsdeck_core::domain::{RolloutHistory, Service};
use ecsdeck_worker::ports::{DefinitionReads, Writes};

use super::chance::{Chance, cases};
use super::scene::{By, Scene, definition};
use crate::harness::on_virtual_time;

/// Round trips on one scene.
const TRIPS: u64 = 25;

/// Something that can be taken back: another count, another revision, or none of it.
async fn decide(scene: &Scene, by: &By, web: &Service, chance: &mut Chance) -> Intent {
    match chance.below(3) {
        0 if web.desired > 0 => act::drain(by.decider(), web, None).unwrap(),
        1 => {
            let first = definition("web:1");
            let to = if web.task_definition == first {
                definition("web:2")
            } else {
                first
            };
            let way = act::way_back(web, &RolloutHistory::default(), Some(&to)).unwrap();
            let read = scene
                .witness()
                .describe_task_definition(way.needs().unwrap())
                .await;
            let read = read.unwrap();
            let comeback = Comeback {
                definition: Some(&read),
                images: &[],
            };
            act::rollback(by.decider(), web, &way, &comeback).unwrap()
        }
        _ => {
            let count = u32::try_from(1 + chance.below(6)).unwrap();
            let count = if count == web.desired {
                count + 1
            } else {
                count
            };
            act::scale(by.decider(), web, &count.to_string()).unwrap()
        }
    }
}

/// Somebody else changes what the intent changed.
async fn meddle(scene: &Scene, intent: &Intent, now: &Service) {
    let mut update = UpdateService {
        cluster: now.cluster.clone(),
        service: now.arn.clone(),
        desired_count: None,
        task_definition: None,
        force_new_deployment: false,
    };
    if intent.verb == Verb::Rollback {
        update.task_definition = Some(Revision::Known(definition("web:3")));
    } else {
        update.desired_count = Some(now.desired + 7);
    }
    let sent = scene
        .witness()
        .writer(ecsdeck::uptime::since_boot())
        .send(&Request::UpdateService(update), std::time::Duration::MAX)
        .await;
    sent.unwrap();
}

/// Whether it was taken back; it was not where somebody came between.
async fn round_trip(scene: &Scene, chance: &mut Chance) -> bool {
    let before = scene.service("web").await;
    let forth = decide(scene, &scene.by(), &before, chance).await;
    assert_eq!(scene.act(&forth, |_| {}).await, Outcome::Done);
    tokio::time::sleep(std::time::Duration::from_secs(chance.below(120))).await;
    let meddled = chance.below(3) == 0;
    if meddled {
        meddle(scene, &forth, &scene.service("web").await).await;
    }
    let between = scene.service("web").await;
    let history = scene.written().history();
    let record = history.record(&forth.id).unwrap();
    let back = act::undo(scene.by().decider(), record).unwrap();
    let sends = scene.writes();
    let outcome = scene.act(&back, |_| {}).await;
    let after = scene.service("web").await;
    let values = |service: &Service| (service.desired, service.task_definition.clone());
    if meddled {
        let refused = matches!(outcome, Outcome::Refused(Refusal::Changed { .. }));
        assert!(refused, "{}: {outcome:?}", forth.verb);
        assert_eq!(scene.writes(), sends, "a refusal sends nothing");
        assert_eq!(values(&after), values(&between));
        // The next trip begins at a revision that can run.
        if after.task_definition == definition("web:3") {
            let back = UpdateService {
                cluster: after.cluster.clone(),
                service: after.arn.clone(),
                desired_count: None,
                task_definition: Some(Revision::Known(before.task_definition)),
                force_new_deployment: false,
            };
            let sent = scene
                .witness()
                .writer(ecsdeck::uptime::since_boot())
                .send(&Request::UpdateService(back), std::time::Duration::MAX)
                .await;
            sent.unwrap();
        }
    } else {
        assert_eq!(outcome, Outcome::Done, "{}", forth.verb);
        assert_eq!(values(&after), values(&before), "{}", forth.verb);
        assert_eq!(scene.writes(), sends + 1);
    }
    !meddled
}

#[test]
fn undo_gives_count_and_revision_back_and_refuses_what_was_changed_since() {
    let (mut back, mut refused) = (0, 0);
    for seed in 0..cases(TRIPS, 500) / TRIPS {
        on_virtual_time(async {
            let (scene, mut chance) = (Scene::set().await, Chance(seed));
            for _ in 0..TRIPS {
                if round_trip(&scene, &mut chance).await {
                    back += 1;
                } else {
                    refused += 1;
                }
            }
        });
    }
    println!("{back} taken back, {refused} refused because somebody came between");
    assert!(
        back > TRIPS / 4 && refused > TRIPS / 10,
        "{back}, {refused}"
    );
}
