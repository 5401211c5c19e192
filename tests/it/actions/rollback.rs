//! The way back, in every state that a service can be in.

use serde_json::{Value, json};

use super::shop::{Shop, journal_is_whole};

/// The one step of what would be done.
fn proposed(shop: &Shop, arguments: &[&str]) -> Value {
    let arguments: Vec<&str> = ["rollback"]
        .iter()
        .chain(arguments)
        .chain(&["--dry-run", "--json"])
        .copied()
        .collect();
    let document = shop.run(&arguments).ends(0).json();
    assert!(document["then"].is_null(), "{document:#}");
    document
}

fn goes_to(document: &Value, revision: &str) {
    assert_eq!(document["operation"], "ecs:UpdateService", "{document:#}");
    let request = document["request"].as_object().unwrap();
    let mut members: Vec<&String> = request.keys().collect();
    members.sort();
    assert_eq!(members, ["cluster", "service", "taskDefinition"]);
    let arn = request["taskDefinition"].as_str().unwrap();
    assert!(
        arn.ends_with(&format!("task-definition/{revision}")),
        "{arn}"
    );
}

#[test]
fn after_a_bad_deployment_that_completed_the_service_is_set_to_the_one_before() {
    let shop = Shop::new();
    let request = shop.does_what_it_says("UpdateService", &["rollback", "web"]);
    assert!(
        request["taskDefinition"]
            .as_str()
            .unwrap()
            .ends_with("web:1")
    );
    assert_eq!(shop.revision("web"), "web:1");
    journal_is_whole(&shop.home);
}

#[test]
fn during_a_deployment_aws_is_told_to_go_back() {
    let shop = Shop::new();
    shop.update("web", json!({ "taskDefinition": "web:3" }));
    shop.until("web", "IN_PROGRESS");
    let request = shop.does_what_it_says("StopServiceDeployment", &["rollback", "web"]);
    assert_eq!(request["stopType"], "ROLLBACK");
    assert!(
        shop.status("web").starts_with("ROLLBACK_"),
        "{}",
        shop.status("web")
    );
    shop.until("web", "ROLLBACK_SUCCESSFUL");
    assert_eq!(shop.revision("web"), "web:2");
    assert_eq!(shop.sent("UpdateService").len(), 1, "the other's alone");
}

#[test]
fn while_aws_goes_back_by_itself_there_is_nothing_to_do_but_watch() {
    let shop = Shop::new();
    shop.update("web", json!({ "taskDefinition": "web:3" }));
    shop.until("web", "ROLLBACK_IN_PROGRESS");
    let ran = shop.run(&["rollback", "web", "--yes"]).ends(5);
    assert!(
        ran.stderr.contains("ECS is already rolling back"),
        "{ran:?}"
    );
    assert_eq!(shop.sent("StopServiceDeployment").len(), 0);
    assert!(shop.home.journal().is_empty());
}

#[test]
fn after_aws_went_back_it_goes_further_back_and_says_so() {
    let shop = Shop::new();
    shop.update("web", json!({ "taskDefinition": "web:3" }));
    shop.until("web", "ROLLBACK_SUCCESSFUL");
    assert_eq!(shop.revision("web"), "web:2");
    let document = proposed(&shop, &["web"]);
    goes_to(&document, "web:1");
    let notes = document["notes"].to_string();
    assert!(
        notes.contains("ECS already rolled back to web:2"),
        "{notes}"
    );
}

#[test]
fn a_forced_deployment_of_the_same_revision_is_no_way_back() {
    let shop = Shop::new();
    shop.update("web", json!({ "forceNewDeployment": true }));
    // Under way, and when it has ended.
    goes_to(&proposed(&shop, &["web"]), "web:1");
    shop.until("web", "SUCCESSFUL");
    goes_to(&proposed(&shop, &["web"]), "web:1");
}

#[test]
fn a_revision_that_is_inactive_does_not_come_back() {
    let shop = Shop::new();
    shop.ecs(
        "DeregisterTaskDefinition",
        &json!({ "taskDefinition": "web:1" }),
    );
    for arguments in [
        &["rollback", "web", "--yes"][..],
        &["rollback", "web", "--to", "1", "--yes"],
    ] {
        let ran = shop.run(arguments).ends(5);
        assert!(ran.stderr.contains("web:1 is INACTIVE"), "{ran:?}");
    }
    assert_eq!(shop.sent("UpdateService").len(), 0);
}

#[test]
fn the_first_deployment_ever_has_nothing_before_it() {
    let shop = Shop::new();
    let ran = shop.run(&["rollback", "young", "--yes"]).ends(2);
    assert!(ran.stderr.contains("--to"), "{ran:?}");
    // The revisions to choose from are data; the one that it is at is not among them.
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let [head, newest, older] = lines.as_slice() else {
        panic!("{ran:?}")
    };
    assert!(head.starts_with("revision"), "{head}");
    assert!(
        newest.starts_with("web:3") && older.starts_with("web:2"),
        "{lines:?}"
    );
    assert!(
        older.contains("ACTIVE")
            && older.contains("none known")
            && older.contains("image of app 1 \u{2192} 2"),
        "{older}"
    );
    let listed = shop
        .run(&["rollback", "young", "--yes", "--json"])
        .ends(2)
        .json();
    assert_eq!(listed["revisions"][1]["revision"], "web:2");
    assert_eq!(
        listed["revisions"][1]["changes"][0],
        "image of app 1 \u{2192} 2"
    );
    goes_to(&proposed(&shop, &["young", "--to", "web:2"]), "web:2");
}

#[test]
fn who_else_rolls_out_is_sent_to_who_does() {
    let shop = Shop::new();
    for (service, who) in [("blue", "CodeDeploy"), ("outside", "external controller")] {
        for verb in ["rollback", "redeploy"] {
            let ran = shop.run(&[verb, service, "--yes"]).ends(5);
            assert!(ran.stderr.contains(who), "{ran:?}");
        }
    }
    assert_eq!(shop.sent("UpdateService").len(), 0);
}

#[test]
fn to_picks_a_revision_that_there_is() {
    let shop = Shop::new();
    goes_to(&proposed(&shop, &["web", "--to", "1"]), "web:1");
    let ran = shop
        .run(&["rollback", "web", "--to", "web:99", "--yes"])
        .ends(2);
    assert!(ran.stderr.contains("no revision named web:99"), "{ran:?}");
    // Its image was never pushed: its tasks could not start.
    let ran = shop.run(&["rollback", "web", "--to", "3", "--yes"]).ends(5);
    assert!(ran.stderr.contains("web:3 is missing"), "{ran:?}");
    // It is there already.
    shop.run(&["rollback", "web", "--to", "2", "--yes"]).ends(0);
    assert_eq!(shop.sent("UpdateService").len(), 0);
}
