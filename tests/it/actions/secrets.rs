//! What may be secret: by one rule in every command, lifted by a flag, and never in the journal.

use serde_json::json;

use super::shop::Shop;
use crate::harness::{Home, Sim};

#[test]
fn a_dry_run_shows_no_value_of_the_document_that_it_copies() {
    let shop = Shop::new();
    let registered = shop.ecs(
        "RegisterTaskDefinition",
        &json!({ "family": "web", "cpu": "256", "memory": "512", "containerDefinitions": [{
            "name": "app",
            "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:2",
            "environment": [{ "name": "PLAIN", "value": "canary-value" }],
            "command": ["serve", "--password", "canary-word"],
            "healthCheck": { "command": ["CMD-SHELL", "curl -u canary-check http://x"] },
        }]}),
    );
    let revision = &registered["taskDefinition"]["taskDefinitionArn"];
    shop.update("web", json!({ "taskDefinition": revision }));
    let deploy = ["deploy", "web", "--image", ":1"];
    let with = |more: &[&'static str]| {
        let ran = shop.run(&[&deploy[..], more].concat()).ends(0);
        format!("{}{}", ran.stdout, ran.stderr)
    };
    let masked = with(&["--dry-run", "--json"]);
    assert!(!masked.contains("canary"), "{masked}");
    for kept in ["PLAIN", "serve", "curl"] {
        assert!(masked.contains(kept), "{kept}: {masked}");
    }
    let shown = with(&["--dry-run", "--show-values", "--json"]);
    for canary in ["canary-value", "canary-word", "canary-check"] {
        assert!(shown.contains(canary), "{canary}: {shown}");
    }
    // What is sent is whole all the same, and the journal has none of it.
    with(&["--yes", "--show-values"]);
    let sent = shop.sent("RegisterTaskDefinition");
    let sent = sent.last().unwrap().to_string();
    assert!(
        sent.contains("canary-value") && sent.contains("canary-word"),
        "{sent}"
    );
    let journal = serde_json::to_string(&shop.home.journal()).unwrap();
    assert!(
        journal.contains("deploy") && !journal.contains("canary"),
        "{journal}"
    );
}

#[test]
fn the_command_of_a_run_is_neither_in_its_dry_run_nor_in_the_journal() {
    let sim = Sim::still("aipm");
    let home = Home::on(&sim);
    let run = |more: &[&'static str]| {
        let mut words = vec!["run", "worker", "--deck", "aipm"];
        words.extend(["--set", "TASK_TITLE=t", "--set", "TASK_DETAILS=d"]);
        words.extend(["--set", "BRANCH_NAME=b", "--set", "API_TOKEN=canary-token"]);
        words.extend(["--command", "python work.py --password canary-word"]);
        words.extend(more);
        home.run(&words).ends(0)
    };
    let masked = run(&["--dry-run", "--json"]).stdout;
    assert!(
        masked.contains("python") && !masked.contains("canary"),
        "{masked}"
    );
    let shown = run(&["--dry-run", "--show-values", "--json"]).stdout;
    assert!(
        shown.contains("canary-word") && shown.contains("canary-token"),
        "{shown}"
    );
    run(&["--yes", "--show-values"]);
    let sent = sim.calls_of("RunTask")[0].request.to_string();
    assert!(sent.contains("canary-word"), "{sent}");
    let journal = home
        .run(&["journal", "--json", "--show-values"])
        .ends(0)
        .stdout;
    assert!(
        journal.contains("<withheld>") && !journal.contains("canary"),
        "{journal}"
    );
    let tasks = home.run(&["tasks", "--deck", "aipm", "--json"]).stdout;
    assert!(!tasks.contains("canary"), "{tasks}");
}
