//! What IAM would refuse is greyed, said why, and tried all the same when somebody wants it.

use ecsdeck_sim::World;

use crate::harness::{Home, Pty, Sim};

/// The world, in which its caller may not do something.
fn denying(denied: &str) -> Sim {
    let world = include_str!("../../../worlds/short-drama.toml");
    let text = format!("{world}\n[[role]]\nname = 'OnCall'\ndenied = [{denied}]\n");
    Sim::with("short-drama", |options| {
        options.worlds = vec![World::parse(&text, "denying.toml").unwrap()];
    })
}

#[test]
fn a_key_that_iam_would_refuse_says_so_and_aws_has_the_last_word() {
    let sim = denying("'ecs:UpdateService'");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (120, 40), &["--deck", "short-drama"]);
    pty.until("the verdict", |s| s.rows[1].contains("STUCK"));
    pty.sees("U scale (IAM: no)");
    assert!(pty.shown().has("T run task  "), "{}", pty.shown().text());
    let asked = sim.calls_of("SimulatePrincipalPolicy");
    assert_eq!(asked.len(), 1, "once for the service that is looked at");
    pty.send("?");
    pty.sees("keys in services");
    pty.sees("IAM says no: no policy allows ecs:UpdateService");
    pty.send("\x1b");
    pty.until("the help is closed", |s| !s.has("keys in"));
    pty.send("U");
    pty.sees("desired count (now 2)");
    pty.send("3\r");
    pty.sees("SCALE?");
    pty.sees("AWS will probably refuse");
    pty.sees("y does it");
    pty.insists("y", "the answer", |s| !s.has("y does it"));
    let shown = pty.sees("failed — ecs:UpdateService: AccessDeniedException");
    let told = shown.words();
    assert!(
        told.contains("(request "),
        "all of it is told: {}",
        shown.text()
    );
    assert_eq!(sim.calls_of("UpdateService").len(), 1);
    pty.send("\x03");
    assert_eq!(pty.ends().status.exit_code(), 0);
}

#[test]
fn where_iam_is_not_to_be_asked_nothing_is_greyed() {
    let sim = denying("'iam:*', 'ecs:UpdateService'");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (120, 40), &["--deck", "short-drama"]);
    pty.until("the verdict", |s| s.rows[1].contains("STUCK"));
    sim.until("the refusal", |calls| {
        calls
            .iter()
            .any(|call| call.action == "SimulatePrincipalPolicy" && call.status.is_some())
    });
    // What is drawn after it was refused shows no difference.
    pty.send("?");
    pty.sees("keys in services");
    assert!(!pty.shown().has("IAM"), "{}", pty.shown().text());
    pty.send("\x1b");
    pty.until("the help is closed", |s| !s.has("keys in"));
    assert!(!pty.shown().has("(IAM"), "{}", pty.shown().text());
    pty.send("\x03");
    assert_eq!(pty.ends().status.exit_code(), 0);
}
