//! The journal as a command: what was done, by whom, with what result.

use serde_json::{Value, json};

use crate::harness::{Home, Sim};

const WEB: &str = "short-drama-web";

fn documents(home: &Home, arguments: &[&str]) -> Vec<Value> {
    let ran = home.run(arguments).ends(0);
    let lines = ran.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn an_empty_journal_is_said_to_be_empty() {
    let ran = Home::new().run(&["journal"]).ends(0);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("the journal is empty"), "{ran:?}");
}

#[test]
fn it_tells_every_write_with_its_result_the_newest_last() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    home.run(&["scale", WEB, "3", "--yes"]).ends(0);
    sim.fault(
        json!({ "service": "ecs", "action": "UpdateService", "kind": "access-denied", "times": 1 }),
    );
    home.run(&["scale", WEB, "4", "--yes"]).ends(5);
    // AWS is not asked for it.
    sim.fault(json!({ "service": "ecs", "kind": "access-denied" }));
    let calls = sim.calls().len();
    let ran = home.run(&["journal"]).ends(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{ran:?}");
    assert!(
        lines[1].contains("assumed-role/OnCall/alice")
            && lines[1].contains("scale short-drama-web: desired count 2 -> 3")
            && lines[1].ends_with("done"),
        "{ran:?}"
    );
    assert!(
        lines[2].contains("desired count 3 -> 4") && lines[2].contains("failed"),
        "{ran:?}"
    );
    let writes = documents(&home, &["journal", "--json"]);
    assert_eq!(writes.len(), 2);
    assert_eq!(writes[0]["id"], home.journal()[0]["id"]);
    assert_eq!(writes[0]["requests"][0]["request"]["desiredCount"], 3);
    assert_eq!(
        (
            &writes[0]["outcome"],
            &writes[0]["settled"],
            &writes[1]["outcome"]
        ),
        (&json!("done"), &json!(true), &json!("failed"))
    );
    assert!(!writes[1]["request_ids"][0].as_str().unwrap().is_empty());
    let page = home.run(&["journal", "--export", "md"]).ends(0).stdout;
    assert_eq!(page.lines().count(), 4, "{page}");
    assert!(page.contains("desired count 2 -\\> 3"), "{page}");
    assert_eq!(sim.calls().len(), calls);
}

#[test]
fn what_nobody_knows_is_marked_and_a_changed_line_is_told() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    sim.fault(json!({ "service": "ecs", "action": "UpdateService", "kind": "reset", "times": 1 }));
    home.run(&["scale", WEB, "3", "--yes"]).ends(4);
    let ran = home.run(&["journal"]).ends(0);
    assert!(
        ran.stdout.lines().nth(1).unwrap().starts_with('?'),
        "{ran:?}"
    );
    assert_eq!(ran.stderr, "");
    let path = home.path().join(".local/state/ecsdeck/journal.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(
        &path,
        text.replacen("\"before\":\"2\"", "\"before\":\"7\"", 1),
    )
    .unwrap();
    let ran = home.run(&["journal", "--json"]).ends(0);
    assert!(
        ran.stderr.contains("line 2") && ran.stderr.contains("the journal was changed"),
        "{ran:?}"
    );
    assert_eq!(ran.stdout.lines().count(), 1);
}
