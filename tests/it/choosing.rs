//! What somebody chooses from instead of typing it: the revisions to go back to, and the tags to deploy.

use serde_json::json;

use crate::harness::{Pty, at_scenario};

const SIZE: (u16, u16) = (120, 40);

#[test]
fn the_revisions_to_go_back_to_are_listed_where_ecs_knows_none_that_went_well() {
    let (sim, home) = at_scenario("rollback-fails-too");
    let mut pty = Pty::start(&home, SIZE, &[]);
    pty.sees("image not found");
    assert_eq!(
        sim.calls_of("ListTaskDefinitions").len(),
        0,
        "nobody asks yet"
    );
    pty.send("R");
    let shown = pty.sees("another one");
    println!("{}", shown.text());
    let row = shown.row("ACTIVE");
    for words in ["euglena-agent:3", " ago", "image of agent"] {
        assert!(row.contains(words), "{words}: {row}");
    }
    // ACTIVE ones and others, and each once.
    assert_eq!(sim.calls_of("ListTaskDefinitions").len(), 2);
}

#[test]
fn the_tags_of_the_repository_are_offered_and_the_chosen_one_is_deployed() {
    let (sim, home) = at_scenario("rollback-fails-too");
    let mut pty = Pty::start(&home, SIZE, &[]);
    pty.sees("image not found");
    pty.send("I");
    let shown = pty.sees("pushed ");
    println!("{}", shown.text());
    assert!(shown.has(":latest") && shown.has(":2026-01-04"));
    // Typing narrows them.
    pty.send("\x15:lat");
    pty.until("one tag", |shown| {
        shown.has(":latest") && !shown.has(":2026-01-04")
    });
    pty.send("\x1b[B");
    // Only a key that comes alone leads on.
    pty.until("the tag chosen", |shown| shown.has("\u{25b6} :latest"));
    pty.send("\r");
    pty.sees("register-task-definition");
    let is_sent = || !sim.calls_of("RegisterTaskDefinition").is_empty();
    pty.insists("y", "the write", |_| is_sent());
    let registered = &sim.calls_of("RegisterTaskDefinition")[0].request;
    let image = registered["containerDefinitions"][0]["image"].as_str();
    assert!(image.unwrap().ends_with("/agent:latest"), "{registered}");
}

#[test]
fn tags_that_may_not_be_listed_leave_the_field_with_the_reason() {
    let (sim, home) = at_scenario("rollback-fails-too");
    let mut pty = Pty::start(&home, SIZE, &[]);
    pty.sees("image not found");
    sim.fault(json!({ "action": "DescribeImages", "kind": "access-denied" }));
    pty.send("I");
    let shown = pty.sees("no tags are listed");
    assert!(
        shown.words().contains("AccessDeniedException"),
        "{}",
        shown.text()
    );
}
