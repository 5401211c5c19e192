//! What the deck and the journal say reaches the verdict.

use super::super::*;
use super::scene::{Scene, setup, with_deck};
use crate::diagnose::sample::{ago, service, service_arn};
use crate::diagnose::{CountSet, Verdict};
use crate::domain::Arn;
use crate::text::Clean;

fn diagnosis<'a>(scene: &'a Scene, name: &str) -> &'a crate::diagnose::Diagnosis {
    let key = RowKey::Service(service_arn(name));
    scene.model.fleet.diagnosis(&key).unwrap()
}

#[test]
fn who_sets_the_count_by_the_deck_is_said_of_that_service_and_of_that_cluster_alone() {
    let deck = "[[service]]\nname = \"web\"\ncluster = \"prod\"\ncount_owner = \"lambda\"\ncount_by = \"scaler\"\n\
                [[service]]\nname = \"api\"\ncluster = \"other\"\ncount_owner = \"lambda\"\n";
    let services = ["web", "api"].map(|name| {
        let mut service = service(name);
        (service.desired, service.running) = (0, 0);
        service
    });
    let scene = Scene::read(with_deck(deck), services.to_vec(), Vec::new());
    let says = |name: &str| {
        diagnosis(&scene, name)
            .summary
            .contains("Lambda scaler sets")
    };
    assert!(says("web"), "{}", diagnosis(&scene, "web").summary);
    assert!(!diagnosis(&scene, "api").summary.contains("Lambda"));
}

#[test]
fn the_last_count_that_was_set_from_here_and_went_through_is_told() {
    let past = |id: u128, name: &str, good: bool, at: i64, after: &str| PastAction {
        verb: None,
        by: Clean::literal("ann"),
        own: false,
        undoable: false,
        id: crate::act::IntentId::new(id),
        at: ago(at),
        subject: crate::act::Subject::Service(service_arn(name)),
        text: Clean::literal("scale"),
        good,
        count: Some(CountSet {
            at: ago(at),
            by: Some(Arn::new("ann")),
            before: Clean::new("9"),
            after: Clean::new(after),
        }),
    };
    let mut scene = Scene::new(setup(), vec![service("web")], Vec::new());
    scene.aws.past = vec![
        past(1, "web", true, 900, "1"),
        past(2, "web", true, 500, "2"),
        past(3, "web", false, 400, "3"),
        past(4, "api", true, 300, "4"),
    ];
    scene.pass(std::time::Duration::from_secs(5));
    let changed = diagnosis(&scene, "web").count_changed.as_ref().unwrap();
    assert_eq!(changed.what.as_str(), "count 9 \u{2192} 2");
}

#[test]
fn a_count_that_is_seen_to_be_raised_is_not_called_too_few_at_once() {
    let mut scene = Scene::read(setup(), vec![service("web")], Vec::new());
    scene.change("web", |web| web.desired = 7);
    scene.pass(std::time::Duration::from_secs(30));
    assert_eq!(diagnosis(&scene, "web").verdict, Verdict::Progressing);
    scene.pass(std::time::Duration::from_secs(180));
    assert_eq!(diagnosis(&scene, "web").verdict, Verdict::Degraded);
}
