//! Scaling, from the key to the outcome: asked once, sent once, written down before and after.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{Home, Pty, Sim};

const WEB: &str = "short-drama-web";
const PASTE: (&str, &str) = ("\x1b[200~", "\x1b[201~");

/// A console that stands on the web service, which has two tasks.
struct Console {
    sim: Sim,
    home: Home,
    pty: Pty,
}

impl Console {
    fn start(arguments: &[&str]) -> Self {
        Self::on(arguments, Pty::start)
    }

    fn on(arguments: &[&str], start: fn(&Home, (u16, u16), &[&str]) -> Pty) -> Self {
        let sim = Sim::of("short-drama");
        let home = Home::on(&sim);
        let arguments: Vec<&str> = ["--service", WEB]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        let mut pty = start(&home, (120, 40), &arguments);
        pty.until("the service", |s| {
            s.rows[0].contains("live") && s.rows[1].contains(WEB) && s.rows[1].contains("STEADY")
        });
        Self { sim, home, pty }
    }

    /// Opens the line of input, types a count, and waits for the question.
    fn asks_for(&mut self, count: &str) {
        self.pty.send("U");
        self.pty.sees("desired count");
        self.pty.send("\x15");
        self.pty.send(count);
        self.pty.send("\r");
        self.pty.sees("SCALE?");
    }

    fn is_armed(&mut self) {
        self.pty.until("the armed question", |s| s.has("y does it"));
    }

    fn sent(&self) -> Vec<Value> {
        self.sim
            .calls_of("UpdateService")
            .into_iter()
            .map(|call| call.request)
            .collect()
    }

    /// Cancels the question: whatever came before it has been taken in by then.
    fn cancels(&mut self) {
        // What comes close behind a paste is taken for a part of it: it is said until it is heard.
        self.pty.insists("n", "the end of the question", |s| {
            !s.has("SCALE?") && s.has("nothing was changed")
        });
    }

    fn leave(self) {
        self.pty.send("\x03");
        self.pty.ends().gave_back();
    }
}

#[test]
fn the_question_shows_where_what_and_how_and_y_does_it_once() {
    let mut console = Console::start(&[]);
    console.asks_for("3");
    console.is_armed();
    let shown = console.pty.shown();
    for said in [
        "account 123456789012",
        "us-east-1",
        "role OnCall",
        "service short-drama-web",
        "cluster short-drama-cluster",
        "desired count: 2 → 3",
    ] {
        assert!(shown.has(said), "no {said:?} in\n{}", shown.text());
    }
    let inside = shown.rows.iter().filter_map(|row| row.split('│').nth(1));
    let words = inside
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ");
    let command = "aws ecs update-service --region us-east-1 --cluster short-drama-cluster --service short-drama-web --desired-count 3";
    assert!(
        words.contains(command),
        "no {command:?} in\n{}",
        shown.text()
    );
    assert_eq!(console.sent().len(), 0, "asking sends nothing");
    assert!(console.home.journal().is_empty(), "and is not written down");
    console.pty.send("y");
    console.pty.until("the outcome", |s| {
        s.has("scale short-drama-web 2 → 3: done")
    });
    // The screen follows by itself, once the task is up, which takes it most of a minute.
    console.sim.running().advance(Duration::from_secs(90));
    console.pty.until("the third task", |s| s.has("3/3"));
    let sent = console.sent();
    assert_eq!(sent.len(), 1);
    let members = sent[0].as_object().unwrap();
    let mut names: Vec<&String> = members.keys().collect();
    names.sort();
    assert_eq!(names, ["cluster", "desiredCount", "service"], "{members:?}");
    assert_eq!(members["desiredCount"], 3);
    assert!(members["service"].as_str().unwrap().ends_with(WEB));
    let journal = console.home.journal();
    let [intent, outcome] = journal.as_slice() else {
        panic!("{journal:#?}")
    };
    assert_eq!(
        (&intent["kind"], &outcome["kind"]),
        (&json!("intent"), &json!("outcome"))
    );
    assert_eq!(intent["id"], outcome["id"]);
    assert_eq!(
        (
            &intent["changes"][0]["before"],
            &intent["changes"][0]["after"]
        ),
        (&json!("2"), &json!("3"))
    );
    assert_eq!(
        (&intent["operation"], &outcome["outcome"]),
        (&json!("ecs:UpdateService"), &json!("done"))
    );
    assert_eq!(intent["target"]["account"], "123456789012");
    console.leave();
}

#[test]
fn the_intent_is_written_down_before_anything_is_sent() {
    let mut console = Console::start(&[]);
    console
        .sim
        .fault(json!({ "service": "ecs", "action": "UpdateService", "kind": "stall" }));
    console.asks_for("3");
    console.is_armed();
    console.pty.send("y");
    console.sim.until("the request", |calls| {
        calls.iter().any(|call| call.action == "UpdateService")
    });
    let journal = console.home.journal();
    assert_eq!(journal.len(), 1, "{journal:#?}");
    assert_eq!(journal[0]["kind"], "intent");
    // Killed outright, the intent without an outcome is what stays.
    console.pty.signal(Signal::KILL);
    drop(console.pty);
    assert_eq!(console.home.journal(), journal);
}

#[test]
fn n_and_esc_change_nothing() {
    let mut console = Console::start(&[]);
    for no in ["n", "\x1b"] {
        console.asks_for("3");
        console.is_armed();
        console.pty.send(no);
        console.pty.until("the end of the question", |s| {
            !s.has("SCALE?") && s.has("nothing was changed")
        });
    }
    assert_eq!(console.sent().len(), 0);
    assert!(console.home.journal().is_empty());
    console.leave();
}

#[test]
fn what_is_typed_ahead_never_confirms() {
    for burst in ["U\x153\ry", "U\x153\ryyyyyy", "Uy\x7f\x153\ry\ry\r"] {
        let mut console = Console::start(&[]);
        console.pty.send(burst);
        // What is typed while AWS is asked takes the wish back, or it comes before the question and does not count.
        console.pty.insists("\x1b", "the panes", |s| {
            !s.has("SCALE?") && s.has("T run task")
        });
        assert_eq!(console.sent().len(), 0, "{burst:?}");
        console.asks_for("3");
        console.is_armed();
        // Held down, or in one breath with anything else, it does not count either.
        console.pty.send("yy");
        console.pty.send("y\r");
        console.cancels();
        assert_eq!(console.sent().len(), 0, "{burst:?}");
        console.leave();
    }
}

#[test]
fn what_is_pasted_never_confirms() {
    for paste in ["y", "y\r", "\r", "y\x1b[201~y"] {
        let mut console = Console::start(&[]);
        console.asks_for("3");
        console.is_armed();
        console.pty.send(&format!("{}{paste}{}", PASTE.0, PASTE.1));
        console.cancels();
        assert_eq!(console.sent().len(), 0, "{paste:?}");
        // Nor does it begin anything.
        console.pty.send(&format!("{}U3\ry{}", PASTE.0, PASTE.1));
        console
            .pty
            .insists("?", "the help", |s| s.has("Move to the next row"));
        console.pty.send("\x1b");
        console.pty.until("the panes", |s| {
            s.has("Services 3") && !s.has("desired count") && !s.has("SCALE?")
        });
        assert_eq!(console.sent().len(), 0, "{paste:?}");
        console.leave();
    }
}

#[test]
fn a_terminal_that_answers_no_query_is_given_a_moment() {
    let mut console = Console::on(&[], Pty::start_mute);
    console.asks_for("3");
    let shown = console.pty.shown();
    assert!(console.pty.asked() > 0);
    if !shown.has("y does it") {
        // Not armed yet: it is let go.
        console.pty.send("y");
    }
    console.is_armed();
    assert_eq!(console.sent().len(), 0);
    // What was pressed too early may have been held down since: it is said again.
    console
        .pty
        .insists("y", "the outcome", |s| s.has("2 → 3: done"));
    assert_eq!(console.sent().len(), 1);
    console.leave();
}

#[test]
fn counts_that_make_no_sense_are_refused_where_they_are_typed() {
    let mut console = Console::start(&[]);
    for (count, why) in [
        ("-1", "whole number"),
        ("many", "whole number"),
        ("5001", "whole number"),
        ("2", "already 2"),
    ] {
        console.pty.send("U");
        console.pty.sees("desired count");
        console.pty.send("\x15");
        console.pty.send(count);
        console.pty.send("\r");
        console
            .pty
            .until(why, |s| s.words().contains(why) && !s.has("SCALE?"));
        console.pty.send("\x1b");
        console.pty.until("the panes", |s| !s.has("desired count "));
    }
    assert_eq!(console.sent().len(), 0);
    console.leave();
}

#[test]
fn read_only_changes_nothing() {
    let mut console = Console::start(&["--read-only"]);
    assert!(console.pty.shown().rows[0].contains("READ-ONLY"));
    console.pty.send("U");
    let shown = console.pty.until("why not", |s| {
        s.words().contains("the console is read-only")
    });
    assert!(!shown.has("desired count "), "{}", shown.text());
    assert_eq!(console.sent().len(), 0);
    let ran = console
        .home
        .run(&["scale", WEB, "3", "--yes", "--read-only"])
        .ends(5);
    assert!(ran.stderr.contains("read-only"), "{ran:?}");
    assert_eq!(console.sent().len(), 0);
    console.leave();
}

#[test]
fn what_changed_while_the_question_stood_is_refused() {
    let mut console = Console::start(&[]);
    console.asks_for("3");
    console.is_armed();
    // Somebody else is quicker.
    console.home.run(&["scale", WEB, "4", "--yes"]).ends(0);
    console.pty.send("y");
    console.pty.until("the refusal", |s| {
        s.words().contains("refused") && s.words().contains("changed from 2 to 4")
    });
    let sent = console.sent();
    assert_eq!(sent.len(), 1, "the other's alone: {sent:?}");
    assert_eq!(sent[0]["desiredCount"], 4);
    console.leave();
}

#[test]
fn an_answer_that_is_lost_is_settled_by_reading() {
    let mut console = Console::start(&[]);
    console.sim.fault(
        json!({ "service": "ecs", "action": "UpdateService", "kind": "reset-after", "times": 1 }),
    );
    console.asks_for("3");
    console.is_armed();
    console.pty.send("y");
    console.pty.until("the outcome", |s| {
        s.has("2 → 3: AWS shows the new value, but not whether this request")
    });
    assert_eq!(console.sent().len(), 1, "it is not sent again");
    console.leave();
}

#[test]
fn a_request_that_was_never_carried_out_is_not_sent_twice_blindly() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    sim.fault(json!({ "service": "ecs", "action": "UpdateService", "kind": "reset", "times": 1 }));
    let ran = home.run(&["scale", WEB, "3", "--yes"]).ends(4);
    assert!(ran.stdout.contains(": unknown"), "{ran:?}");
    assert_eq!(sim.calls_of("UpdateService").len(), 1);
    let journal = home.journal();
    assert_eq!(
        (journal.len(), &journal[1]["outcome"]),
        (2, &json!("unknown"))
    );
}

fn desired(sim: &Sim, service: &str) -> u64 {
    let found = sim.ask(
        "AmazonEC2ContainerServiceV20141113.DescribeServices",
        &json!({ "cluster": "short-drama-cluster", "services": [service] }),
    );
    found["services"][0]["desiredCount"].as_u64().unwrap()
}

#[test]
fn a_dry_run_prints_the_request_and_sends_nothing() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let document = home
        .run(&["scale", WEB, "5", "--dry-run", "--json"])
        .ends(0)
        .json();
    assert_eq!(document["operation"], "ecs:UpdateService");
    assert_eq!(document["target"]["region"], "us-east-1");
    assert_eq!(document["request"]["desiredCount"], 5);
    assert!(
        document["aws"]
            .as_str()
            .unwrap()
            .starts_with("aws ecs update-service "),
        "{document}"
    );
    // People are told the same in words.
    let told = home.run(&["scale", WEB, "5", "--dry-run"]).ends(0);
    let command = document["aws"].as_str().unwrap();
    for words in [
        "account 123456789012  region us-east-1  role OnCall\n",
        "desired count 2 -> 5\n",
        "ECS will start 3 tasks (2 running)\n",
        command,
    ] {
        assert!(told.stdout.contains(words), "{words}: {told:?}");
    }
    assert!(told.stderr.contains("nothing was sent"), "{told:?}");
    assert_eq!(sim.calls_of("UpdateService").len(), 0);
    assert!(home.journal().is_empty());
    // What is printed is what is sent.
    home.run(&["scale", WEB, "5", "--yes"]).ends(0);
    assert_eq!(
        sim.calls_of("UpdateService")[0].request,
        document["request"]
    );
}

#[test]
fn without_yes_and_without_a_terminal_nothing_is_done() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let ran = home.run(&["scale", WEB, "3"]).ends(5);
    assert!(
        ran.stderr.contains("desired count 2 -> 3") && ran.stderr.contains("--yes"),
        "{ran:?}"
    );
    assert_eq!(sim.calls_of("UpdateService").len(), 0);
}

#[test]
fn on_a_terminal_it_asks_first() {
    for (answer, code, calls) in [("n\r", 5, 0), ("\r", 5, 0), ("y\r", 0, 1)] {
        let sim = Sim::of("short-drama");
        let home = Home::on(&sim);
        let mut pty = Pty::start(&home, (120, 40), &["scale", WEB, "3"]);
        pty.sees("do it? [y/N]");
        assert_eq!(sim.calls_of("UpdateService").len(), 0);
        pty.send(answer);
        let ended = pty.ends();
        assert_eq!(ended.status.exit_code(), code, "{answer:?}");
        assert_eq!(sim.calls_of("UpdateService").len(), calls, "{answer:?}");
        ended.gave_back();
    }
}

#[test]
fn with_yes_it_is_done_and_said_as_json() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let document = home
        .run(&[
            "scale",
            "short-drama-cluster/short-drama-web",
            "3",
            "--yes",
            "--json",
        ])
        .ends(0)
        .json();
    assert_eq!(
        (&document["verb"], &document["outcome"]),
        (&json!("scale"), &json!("done"))
    );
    assert_eq!(document["id"], home.journal()[0]["id"]);
    assert_eq!(desired(&sim, WEB), 3);
    // A second time there is nothing to do.
    home.run(&["scale", WEB, "3", "--yes"]).ends(0);
    assert_eq!(sim.calls_of("UpdateService").len(), 1);
}

#[test]
fn names_and_counts_that_do_not_fit_are_refused() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let ran = home
        .run(&["scale", "short-drama-wbe", "3", "--yes"])
        .ends(2);
    assert!(
        ran.stderr.contains("did you mean short-drama-web?"),
        "{ran:?}"
    );
    home.run(&["scale", "other-cluster/short-drama-web", "3", "--yes"])
        .ends(2);
    home.run(&["scale", WEB, "three", "--yes"]).ends(2);
    assert_eq!(sim.calls_of("UpdateService").len(), 0);
}
