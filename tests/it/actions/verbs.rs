//! Each verb: the dry run, the request, and what AWS has afterwards.

use std::time::Duration;

use ecsdeck_sim::Scenario;
use serde_json::{Value, json};

use super::shop::{Shop, does_what_it_says, journal_is_whole};
use crate::harness::{Home, Sim};

#[test]
fn a_redeploy_begins_a_deployment_of_the_same_revision() {
    let shop = Shop::new();
    let before = shop.service("web")["deployments"][0]["id"].clone();
    let request = shop.does_what_it_says("UpdateService", &["redeploy", "shop/web"]);
    assert_eq!(request["forceNewDeployment"], true);
    assert!(request["taskDefinition"].is_null() && request["desiredCount"].is_null());
    assert_eq!(shop.revision("web"), "web:2");
    let deployments = shop.service("web")["deployments"].clone();
    assert_ne!(deployments[0]["id"], before, "{deployments:#}");
    journal_is_whole(&shop.home);
}

#[test]
fn a_deploy_registers_a_revision_in_which_only_the_image_is_another() {
    let shop = Shop::new();
    let described = |revision: &str| {
        let body = json!({ "taskDefinition": revision, "include": ["TAGS"] });
        shop.ecs("DescribeTaskDefinition", &body)["taskDefinition"].clone()
    };
    let before = described("web:2");
    let request = shop.does_what_it_says(
        "RegisterTaskDefinition",
        &["deploy", "web", "--image", ":1"],
    );
    let image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1";
    assert_eq!(request["containerDefinitions"][0]["image"], image);
    let after = described(&shop.revision("web"));
    assert_ne!(after["revision"], before["revision"]);
    let comparable = |definition: &Value| {
        let mut definition = definition.clone();
        for member in [
            "revision",
            "taskDefinitionArn",
            "registeredAt",
            "registeredBy",
        ] {
            definition.as_object_mut().unwrap().remove(member);
        }
        definition["containerDefinitions"][0]["image"] = Value::Null;
        definition
    };
    assert_eq!(comparable(&after), comparable(&before));
    // The journal tells the revision, and not the document.
    let made = shop.home.run(&["journal", "--json"]).ends(0).json();
    assert!(
        made["made"]["revision"]
            .as_str()
            .unwrap()
            .ends_with(&shop.revision("web"))
    );
    shop.run(&["deploy", "web", "--image", image, "--yes"])
        .ends(0);
    assert_eq!(
        shop.sent("RegisterTaskDefinition").len(),
        1,
        "it has it already"
    );
}

#[test]
fn tasks_are_stopped_by_their_ids_with_a_reason() {
    let shop = Shop::new();
    let listed = shop.ecs(
        "ListTasks",
        &json!({ "cluster": "shop", "serviceName": "web" }),
    );
    let arns: Vec<&str> = listed["taskArns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|arn| arn.as_str().unwrap())
        .collect();
    let id = arns[0].rsplit('/').next().unwrap();
    let arguments = ["stop", id.get(..10).unwrap(), "--reason", "it leaks"];
    let request = shop.does_what_it_says("StopTask", &arguments);
    assert_eq!(
        (&request["task"], &request["reason"]),
        (&json!(arns[0]), &json!("it leaks"))
    );
    let tasks = shop.ecs(
        "DescribeTasks",
        &json!({ "cluster": "shop", "tasks": arns }),
    );
    let desired: Vec<&str> = tasks["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["desiredStatus"].as_str().unwrap())
        .collect();
    assert_eq!(
        desired
            .iter()
            .filter(|desired| **desired == "STOPPED")
            .count(),
        1
    );
    // A second time it stops already.
    let ran = shop.run(&["stop", id, "--yes"]).ends(5);
    assert!(ran.stderr.contains("stops already"), "{ran:?}");
    journal_is_whole(&shop.home);
}

#[test]
fn a_drained_service_comes_back_with_its_count_and_revision() {
    let shop = Shop::new();
    let request = shop.does_what_it_says("UpdateService", &["drain", "web"]);
    assert_eq!(request["desiredCount"], 0);
    assert_eq!(shop.service("web")["desiredCount"], 0);
    // Somebody changes the revision meanwhile.
    shop.update("web", json!({ "taskDefinition": "web:1" }));
    let kept = shop
        .run(&["restore", "web", "--keep-revision", "--dry-run", "--json"])
        .ends(0)
        .json();
    assert!(kept["request"]["taskDefinition"].is_null(), "{kept:#}");
    shop.run(&["restore", "web", "--yes"]).ends(0);
    assert_eq!(shop.service("web")["desiredCount"], 2);
    assert_eq!(shop.revision("web"), "web:2");
    // It was brought back: there is no drain left to bring back from.
    shop.run(&["scale", "web", "0", "--yes"]).ends(0);
    let ran = shop.run(&["restore", "web", "--yes"]).ends(5);
    assert!(ran.stderr.contains("no drain of web"), "{ran:?}");
    journal_is_whole(&shop.home);
}

fn scaled(sim: &Sim) -> Value {
    let found = sim.ask(
        "AnyScaleFrontendService.DescribeScalableTargets",
        &json!({ "ServiceNamespace": "ecs" }),
    );
    found["ScalableTargets"][0].clone()
}

#[test]
fn autoscaling_is_held_and_released_as_it_was_and_bounded() {
    let sim = Sim::still("aistudio");
    let home = Home::on(&sim);
    // Something is held before.
    home.run(&["autoscaling", "aistudio-dev", "suspend", "--yes"])
        .ends(0);
    home.run(&["autoscaling", "aistudio-dev", "resume", "--yes"])
        .ends(0);
    let before = scaled(&sim);
    let held = ["autoscaling", "aistudio-dev", "suspend"];
    let request = does_what_it_says(&sim, &home, "RegisterScalableTarget", &held);
    assert!(
        request["MinCapacity"].is_null(),
        "what does not change is not sent"
    );
    let state = &scaled(&sim)["SuspendedState"];
    assert_eq!(state["DynamicScalingOutSuspended"], true, "{state}");
    home.run(&["autoscaling", "aistudio-dev", "suspend", "--yes"])
        .ends(0);
    does_what_it_says(
        &sim,
        &home,
        "RegisterScalableTarget",
        &["autoscaling", "aistudio-dev", "resume"],
    );
    assert_eq!(scaled(&sim)["SuspendedState"], before["SuspendedState"]);
    let bounds = ["autoscaling", "aistudio-dev", "bounds", "2", "5"];
    let request = does_what_it_says(&sim, &home, "RegisterScalableTarget", &bounds);
    assert!(request["SuspendedState"].is_null(), "{request}");
    let now = scaled(&sim);
    assert_eq!(
        (&now["MinCapacity"], &now["MaxCapacity"]),
        (&json!(2), &json!(5))
    );
    for wrong in [
        &["autoscaling", "aistudio-dev", "bounds", "5", "2", "--yes"][..],
        &["autoscaling", "aistudio-dev", "bounds", "two", "5", "--yes"],
        &["autoscaling", "aistudio-dev", "bounds", "--yes"],
        &["autoscaling", "aistudio-dev", "suspend", "1", "--yes"],
    ] {
        home.run(wrong).ends(2);
    }
    // A scale says what will become of it.
    let document = home
        .run(&["scale", "aistudio-dev", "9", "--dry-run", "--json"])
        .ends(0)
        .json();
    assert!(
        document["notes"]
            .to_string()
            .contains("autoscaling keeps the count from 2 to 5"),
        "{document:#}"
    );
    journal_is_whole(&home);
}

/// What is suspended of what scales the service: in, out, schedules.
fn suspended(sim: &Sim) -> [bool; 3] {
    let state = scaled(sim)["SuspendedState"].clone();
    [
        "DynamicScalingInSuspended",
        "DynamicScalingOutSuspended",
        "ScheduledScalingSuspended",
    ]
    .map(|flag| state[flag].as_bool().unwrap_or_default())
}

#[test]
fn a_resume_resumes_what_is_suspended_now_whatever_was_written_last() {
    let sim = Sim::still("aistudio");
    let home = Home::on(&sim);
    let does = |more: &[&'static str]| {
        let mut words = vec![more[0], "aistudio-dev"];
        words.extend(&more[1..]);
        words.push("--yes");
        home.run(&words).ends(0)
    };
    does(&["autoscaling", "suspend"]);
    does(&["autoscaling", "bounds", "1", "5"]);
    assert_eq!(suspended(&sim), [true; 3]);
    does(&["autoscaling", "resume"]);
    assert_eq!(suspended(&sim), [false; 3]);
    // Somebody had suspended the scale-in when it was drained: that comes back first, and says so.
    let somebody = json!({
        "ServiceNamespace": "ecs",
        "ResourceId": scaled(&sim)["ResourceId"],
        "ScalableDimension": "ecs:service:DesiredCount",
        "SuspendedState": { "DynamicScalingInSuspended": true },
    });
    sim.ask("AnyScaleFrontendService.RegisterScalableTarget", &somebody);
    does(&["drain"]);
    assert_eq!(suspended(&sim), [true; 3]);
    let told = home
        .run(&[
            "autoscaling",
            "aistudio-dev",
            "resume",
            "--dry-run",
            "--json",
        ])
        .ends(0)
        .json();
    assert!(
        told["notes"].to_string().contains("resume again"),
        "{told:#}"
    );
    does(&["autoscaling", "resume"]);
    assert_eq!(suspended(&sim), [true, false, false]);
    does(&["autoscaling", "resume"]);
    assert_eq!(suspended(&sim), [false; 3]);
    let again = does(&["autoscaling", "resume"]);
    assert!(again.stderr.contains("already active"), "{again:?}");
    journal_is_whole(&home);
}

#[test]
fn what_nothing_scales_is_said() {
    let shop = Shop::new();
    let ran = shop
        .run(&["autoscaling", "web", "suspend", "--yes"])
        .ends(5);
    assert!(ran.stderr.contains("no scalable target"), "{ran:?}");
}

#[test]
fn dead_letters_go_back_to_where_they_came_from() {
    let sim = Sim::still("cloudide");
    let home = Home::on(&sim);
    let arguments = ["redrive", "cloudide-terminal-queue", "--rate", "50"];
    let request = does_what_it_says(&sim, &home, "StartMessageMoveTask", &arguments);
    assert!(
        request["SourceArn"].as_str().unwrap().ends_with("-dlq"),
        "{request}"
    );
    assert_eq!(request["MaxNumberOfMessagesPerSecond"], 50);
    let ran = home
        .run(&["redrive", "cloudide-terminal-quue", "--yes"])
        .ends(2);
    assert!(
        ran.stderr.contains("did you mean cloudide-terminal-queue?"),
        "{ran:?}"
    );
    home.run(&[
        "redrive",
        "cloudide-terminal-queue",
        "--rate",
        "501",
        "--yes",
    ])
    .ends(2);
}

#[test]
fn a_hook_that_waits_is_answered() {
    for (answer, action) in [("continue", "CONTINUE"), ("rollback", "ROLLBACK")] {
        let sim = Sim::with("aistudio", |options| {
            options.scenarios = vec![Scenario::builtin("waiting-on-hook").unwrap()];
            options.paused = true;
        });
        sim.running().advance(Duration::from_secs(60));
        let home = Home::on(&sim);
        let request = does_what_it_says(
            &sim,
            &home,
            "ContinueServiceDeployment",
            &["hook", "aistudio-dev", answer],
        );
        assert_eq!(request["action"], action);
        let ran = home.run(&["hook", "aistudio-dev", answer, "--yes"]).ends(5);
        assert!(ran.stderr.contains("waits at a hook"), "{ran:?}");
        journal_is_whole(&home);
    }
}

#[test]
fn big_things_in_a_protected_deck_want_the_name() {
    let shop = Shop::new();
    let deck = "[deck]\nname = \"shop\"\nprotected = true\n";
    let deck = shop
        .home
        .write("shop-deck.toml", deck)
        .display()
        .to_string();
    for verb in ["drain", "rollback"] {
        let ran = shop.run(&[verb, "web", "--deck", &deck, "--yes"]).ends(5);
        assert!(ran.stderr.contains("--confirm web"), "{ran:?}");
    }
    assert_eq!(shop.sent("UpdateService").len(), 0);
    // What is not big is done without.
    shop.run(&["redeploy", "web", "--deck", &deck, "--yes"])
        .ends(0);
    shop.run(&["drain", "web", "--deck", &deck, "--yes", "--confirm", "web"])
        .ends(0);
    assert_eq!(shop.service("web")["desiredCount"], 0);
}

#[test]
fn without_a_terminal_and_a_yes_nothing_is_done() {
    let shop = Shop::new();
    for arguments in [
        &["redeploy", "web"][..],
        &["drain", "web"],
        &["rollback", "web"],
        &["deploy", "web", "--image", ":1"],
    ] {
        let ran = shop.run(arguments).ends(5);
        assert!(
            ran.stderr.contains("--yes") && ran.stderr.contains("aws ecs "),
            "{ran:?}"
        );
        let read_only: Vec<&str> = arguments
            .iter()
            .chain(&["--yes", "--read-only"])
            .copied()
            .collect();
        let ran = shop.run(&read_only).ends(5);
        assert!(ran.stderr.contains("read-only"), "{ran:?}");
    }
    assert_eq!(
        shop.sent("UpdateService").len() + shop.sent("RegisterTaskDefinition").len(),
        0
    );
}
