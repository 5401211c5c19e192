//! What AWS refuses: said with operation, code and request id, and nothing has changed.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use super::shop::{Shop, journal_is_whole};

fn fault(shop: &Shop, action: &str, kind: &str, code: Option<&str>) {
    let mut rule = json!({ "service": "ecs", "action": action, "kind": kind });
    if let Some(code) = code {
        rule["code"] = json!(code);
    }
    shop.sim.fault(rule);
}

#[test]
fn a_refusal_is_told_with_operation_code_and_request_id() {
    for (kind, code, said, exit) in [
        ("access-denied", None, "AccessDenied", 5),
        ("error", Some("ConflictException"), "ConflictException", 1),
        ("throttle", None, "Throttling", 3),
    ] {
        let shop = Shop::new();
        let before = shop.service("web");
        fault(&shop, "UpdateService", kind, code);
        let ran = shop.run(&["redeploy", "web", "--yes"]).ends(exit);
        for words in ["failed", "ecs:UpdateService", said, "(request "] {
            assert!(ran.stdout.contains(words), "{kind}: no {words} in {ran:?}");
        }
        assert_eq!(shop.service("web")["deployments"], before["deployments"]);
        // Throttled: AWS has certainly not applied it, and it was tried again, but not for ever.
        let sent = shop.sent("UpdateService").len();
        assert_eq!(sent, if kind == "throttle" { 3 } else { 1 }, "{kind}");
        let journal = shop.home.run(&["journal", "--json"]).ends(0).json();
        assert_eq!(journal["outcome"], "failed");
    }
}

#[test]
fn what_may_not_be_looked_at_is_said_and_does_not_stand_in_the_way_of_a_drain() {
    let shop = Shop::new();
    fault(&shop, "ListServiceDeployments", "access-denied", None);
    let ran = shop.run(&["rollback", "web", "--yes"]).ends(3);
    assert!(
        ran.stderr.contains("ecs:ListServiceDeployments") && ran.stderr.contains("(request "),
        "{ran:?}"
    );
    shop.sim
        .fault(json!({ "action": "DescribeScalableTargets", "kind": "access-denied" }));
    let document = shop
        .run(&["drain", "web", "--dry-run", "--json"])
        .ends(0)
        .json();
    assert!(
        document["notes"].to_string().contains("could not be read"),
        "{document:#}"
    );
}

#[test]
fn what_is_not_there_is_said() {
    let shop = Shop::new();
    for (arguments, why, exit) in [
        (&["redeploy", "wbe"][..], "did you mean web?", 2),
        (
            &["stop", "0123456789abcdef"],
            "no task named 0123456789abcdef",
            2,
        ),
        (&["redrive", "orders"], "no queue named orders", 2),
        (
            &["hook", "web", "continue"],
            "no deployment of web waits at a hook",
            5,
        ),
        (&["restore", "web"], "no drain of web", 5),
        (&["undo"], "no write in this account", 5),
        (&["retry", "x"], "task_env", 2),
    ] {
        let arguments: Vec<&str> = arguments.iter().chain(&["--yes"]).copied().collect();
        let ran = shop.run(&arguments).ends(exit);
        assert!(ran.stderr.contains(why), "{ran:?}");
    }
    let ran = shop
        .run(&["deploy", "web", "--image", "ap=x:1", "--yes"])
        .ends(2);
    assert!(ran.stderr.contains("did you mean app?"), "{ran:?}");
    assert!(shop.home.journal().is_empty());
}

#[test]
fn a_write_that_nobody_saw_end_is_settled_before_the_next() {
    let shop = Shop::new();
    fault(&shop, "UpdateService", "stall", None);
    let going = shop.home.begin(&["scale", "web", "4", "--yes"]);
    shop.sim.until("the request", |calls| {
        calls.iter().any(|call| call.action == "UpdateService")
    });
    going.end(Signal::KILL);
    let open = shop.run(&["journal"]).ends(0);
    assert!(
        open.stdout.contains("no outcome on record"),
        "the intent was on the disk before: {open:?}"
    );
    shop.sim.heal();
    // By then it must have shown.
    shop.sim.running().advance(Duration::from_secs(420));
    let ran = shop.run(&["redeploy", "web", "--yes"]).ends(0);
    assert!(
        ran.stderr.contains("earlier scale web") && ran.stderr.contains("settled by reading"),
        "{ran:?}"
    );
    journal_is_whole(&shop.home);
    assert_eq!(shop.home.journal().len(), 4);
}
