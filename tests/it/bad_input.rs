//! What people get wrong, and what the world withholds: one clear message each, and the
//! terminal as it was.

use std::net::TcpListener;

use rustix::process::Signal;
use serde_json::json;

use crate::harness::{ECSDECK, Ended, Home, Pty, Sim};

/// The console must say these words and end with 2, without ever having taken the screen.
#[track_caller]
fn is_refused(home: &Home, arguments: &[&str], words: &[&str]) {
    refusal(Pty::start(home, (200, 24), arguments).ends(), words);
}

#[track_caller]
fn refusal(ended: Ended, words: &[&str]) {
    let text = ended.shown.text();
    assert_eq!(ended.status.exit_code(), 2, "{text}");
    assert!(!ended.was_taken, "it took the screen");
    ended.gave_back();
    for word in words {
        assert!(ended.shown.words().contains(word), "no {word:?} in: {text}");
    }
    let lines = ended
        .shown
        .rows
        .iter()
        .filter(|row| row.contains("Error:"))
        .count();
    assert_eq!(lines, 1, "one message: {text}");
}

#[test]
fn without_a_region_nothing_begins() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim).without("AWS_REGION");
    is_refused(&home, &[], &["no AWS region", "--region", "AWS_REGION"]);
    for command in ["status", "tasks", "queues", "work"] {
        let ran = home.run(&[command, "--json"]).ends(2);
        assert!(
            ran.stderr.contains("no AWS region") && ran.stdout.is_empty(),
            "{ran:?}"
        );
    }
    assert_eq!(sim.calls().len(), 0);
}

#[test]
fn a_mistake_in_a_deck_is_named_with_its_line() {
    let home = Home::at("http://127.0.0.1:9");
    for (text, words) in [
        (
            "[deck]\nname = \"mine\"\nread_onyl = true\n",
            ["mine.toml:3", "read_onyl", "read_only"],
        ),
        (
            "[deck]\nname = \"mine\"\n\nread_only = \"yes\"\n",
            ["mine.toml:4", "\"yes\"", "boolean"],
        ),
        (
            "[deck]\nname = \"mine\"\n[[queue]]\nname = \"q\"\nper_task = -1\n",
            ["mine.toml:5", "-1", ""],
        ),
        ("[deck]\nname = \"mine\n", ["mine.toml:2", "", ""]),
    ] {
        let path = home.write("mine.toml", text);
        is_refused(&home, &["--deck", path.to_str().unwrap()], &words);
    }
    is_refused(
        &home,
        &["--deck", "short-dram"],
        &["short-dram", "did you mean short-drama?"],
    );
    is_refused(
        &home,
        &["--deck", "./nowhere.toml"],
        &["nowhere.toml", "No such file"],
    );
}

#[test]
fn a_mistake_in_a_keymap_is_named_with_its_line() {
    let home = Home::at("http://127.0.0.1:9");
    for (text, words) in [
        (
            "inherits = \"default\"\n[global]\n\"f5\" = \"refesh\"\n",
            ["keys.toml:3", "refesh", "refresh"],
        ),
        (
            "inherits = \"default\"\n[global]\n\"g g\" = \"go-top\"\n",
            ["keys.toml:3", "`g g`", "can never be pressed"],
        ),
        (
            "inherits = \"keys.toml\"\n",
            ["keys.toml", "keys.toml", "inherit"],
        ),
    ] {
        home.write("keys.toml", text);
        is_refused(&home, &["--keymap", "./keys.toml"], &words);
    }
    is_refused(&home, &["--keymap", "vin"], &["vin", "vim", ""]);
}

#[test]
fn a_mistake_in_the_config_file_is_named_with_its_line() {
    let home = Home::at("http://127.0.0.1:9");
    home.write(
        ".config/ecsdeck/config.toml",
        "refresh = 5\ncolour = \"red\"\n",
    );
    is_refused(&home, &[], &["config.toml:2", "colour"]);
}

#[test]
fn a_terminal_without_cursor_movement_is_refused() {
    let home = Home::at("http://127.0.0.1:9");
    is_refused(&home.env("TERM", "dumb"), &[], &["TERM=dumb"]);
    is_refused(
        &Home::at("http://127.0.0.1:9").without("TERM"),
        &["demo"],
        &["TERM is not set"],
    );
}

#[test]
fn a_pipe_is_no_terminal() {
    let home = Home::at("http://127.0.0.1:9");
    let ran = home.run(&[]).ends(2);
    assert_eq!(ran.stderr, "Error: standard input is not a terminal\n");
    let ran = home.run(&["demo"]).ends(2);
    assert_eq!(ran.stdout, "");
    let script = format!("{ECSDECK} > out");
    let pty = Pty::start_program(&home, (200, 24), "/bin/sh", &["-c", &script], true);
    refusal(pty.ends(), &["standard output is not a terminal"]);
}

#[test]
fn unknown_words_on_the_command_line_are_usage() {
    let home = Home::at("http://127.0.0.1:9");
    for arguments in [
        &["statsu"][..],
        &["--no-such-flag"],
        &["scale", "web"],
        &["status", "--refresh", "soon"],
    ] {
        let ran = home.run(arguments).ends(2);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{ran:?}");
    }
    let ran = home.run(&["--help"]).ends(0);
    assert!(ran.stdout.contains("demo") && ran.stderr.is_empty());
}

/// Where nobody listens.
fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn commands_that_cannot_ask_aws_end_with_3() {
    let sim = Sim::of("short-drama");
    let none = Home::on(&sim).without_keys();
    let ran = none.run(&["status", "--json"]).ends(3);
    assert!(
        ran.stderr.contains("no AWS credentials") && ran.stdout.is_empty(),
        "{ran:?}"
    );
    assert_eq!(sim.calls().len(), 0);

    let unreachable = Home::at(&nowhere());
    let ran = unreachable.run(&["status"]).ends(3);
    assert!(ran.stderr.contains("AWS cannot be reached"), "{ran:?}");

    let home = Home::on(&sim);
    for (fault, words) in [
        ("wrong-credentials", "does not accept these credentials"),
        ("expired", "credentials expired"),
    ] {
        sim.fault(json!({ "kind": fault }));
        for command in [
            &["status"][..],
            &["tasks"],
            &["queues"],
            &["work"],
            &["tail", "short-drama-web"],
            &["scale", "short-drama-web", "3", "--yes"],
        ] {
            let ran = home.run(command).ends(3);
            assert!(
                ran.stderr.contains(words) && ran.stdout.is_empty(),
                "{command:?}: {ran:?}"
            );
        }
        sim.heal();
    }
    assert_eq!(sim.calls_of("UpdateService").len(), 0);
}

#[test]
fn without_credentials_the_console_waits_for_a_login() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim).without_keys();
    let mut pty = Pty::start(&home, (120, 40), &[]);
    let shown = pty.sees("NO CREDENTIALS");
    assert!(shown.words().contains("aws sso login"), "{}", shown.text());
    home.log_in();
    pty.until("the verdict after the login", |s| {
        s.has("STUCK") && !s.has("NO CREDENTIALS")
    });
    pty.send("\x03");
    pty.ends().gave_back();
}

#[test]
fn credentials_that_expire_or_are_refused_put_up_a_banner_until_they_work_again() {
    for (fault, banner) in [
        ("expired", "CREDENTIALS EXPIRED"),
        ("wrong-credentials", "CREDENTIALS REFUSED"),
    ] {
        let sim = Sim::of("short-drama");
        let home = Home::on(&sim);
        let mut pty = Pty::start(&home, (120, 40), &["--refresh", "1"]);
        pty.sees("STUCK");
        sim.fault(json!({ "kind": fault }));
        let shown = pty.until("the banner over old data", |s| {
            s.has(banner) && s.rows[0].contains("stale")
        });
        assert!(shown.has("STUCK"), "the old data stay:\n{}", shown.text());
        // Nothing is written meanwhile.
        pty.send("U");
        pty.until("why it cannot be done", |s| {
            s.words().contains("credentials do not work")
        });
        sim.heal();
        pty.until("the end of the banner", |s| {
            !s.has(banner) && s.rows[0].contains("live")
        });
        assert_eq!(sim.calls_of("UpdateService").len(), 0);
        pty.send("\x03");
        pty.ends().gave_back();
    }
}

#[test]
fn an_endpoint_that_nobody_listens_at_is_a_banner() {
    let home = Home::at(&nowhere());
    let mut pty = Pty::start(&home, (120, 40), &[]);
    let shown = pty.sees("AWS UNREACHABLE");
    assert!(
        shown.words().contains("AWS_ENDPOINT_URL"),
        "{}",
        shown.text()
    );
    pty.signal(Signal::TERM);
    pty.ends().gave_back();
}

#[test]
fn a_screen_that_is_too_small_says_so_and_grows() {
    let home = Home::new();
    let mut pty = Pty::start(&home, (20, 5), &["demo"]);
    let shown = pty.until("what is needed", |s| {
        s.words().contains("20x5 is too small")
    });
    assert!(shown.words().contains("needed"), "{}", shown.text());
    pty.resize(80, 24);
    pty.sees("STUCK");
    pty.resize(20, 5);
    pty.until("what is needed", |s| {
        s.words().contains("20x5 is too small")
    });
    pty.send("\x03");
    pty.ends().gave_back();
}

const GONE: &str = r#"
[deck]
name = "gone"
clusters = ["short-drama-cluster", "no-such-cluster"]

[[service]]
name = "no-such-service"
cluster = "short-drama-cluster"

[[service]]
name = "short-drama-backend"
cluster = "short-drama-cluster"

[[queue]]
name = "no-such-queue"

[[queue]]
name = "gpu_tasks_queue"

[[table]]
name = "no-such-table"
key = "id"
status = "status"
"#;

#[test]
fn what_a_deck_names_and_aws_does_not_have_is_shown_as_missing() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let deck = home.write("gone.toml", GONE);
    let mut pty = Pty::start(&home, (200, 50), &["--deck", deck.to_str().unwrap()]);
    for name in ["no-such-cluster", "no-such-service", "no-such-queue"] {
        pty.until(&format!("{name} as missing"), |s| {
            s.rows.iter().any(|row| {
                row.contains(name) && (row.contains("missing") || row.contains("failed"))
            })
        });
    }
    pty.until("the table as missing", |s| {
        s.words().contains("no-such-table") && s.words().contains("ResourceNotFoundException")
    });
    // The rest works.
    pty.until("what is there", |s| {
        s.has("short-drama-web") && s.has("gpu_tasks_queue") && s.has("stopped")
    });
    pty.send("\x03");
    pty.ends().gave_back();
}

#[test]
fn commands_say_what_is_missing_too() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let deck = home.write("gone.toml", GONE);
    let deck = deck.to_str().unwrap();
    let status = home
        .run(&["status", "--json", "--deck", deck])
        .ends(1)
        .json();
    let missing: Vec<&str> = status["services"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|service| service["missing"] == true)
        .map(|service| {
            service["service"]
                .as_str()
                .or(service["cluster"].as_str())
                .unwrap()
        })
        .collect();
    assert!(
        missing.contains(&"no-such-service") && missing.contains(&"no-such-cluster"),
        "{status:#}"
    );
    let queues = home
        .run(&["queues", "--json", "--deck", deck])
        .ends(1)
        .json();
    let queues = queues["queues"].as_array().unwrap();
    assert!(
        queues
            .iter()
            .any(|queue| queue["name"] == "no-such-queue" && queue["missing"] == true),
        "{queues:#?}"
    );
    assert!(
        queues
            .iter()
            .any(|queue| queue["name"] == "gpu_tasks_queue" && queue["missing"] == false),
        "{queues:#?}"
    );
    let work = home.run(&["work", "--json", "--deck", deck]).ends(1);
    assert!(
        work.stderr.contains("no-such-table") || work.stderr.contains("ResourceNotFoundException"),
        "{work:?}"
    );
    let nobody = home.run(&["status", "--service", "nobody"]).ends(2);
    assert!(!nobody.stdout.contains("short-drama"), "{nobody:?}");
    let tail = home.run(&["tail", "short-drama-wbe"]).ends(2);
    assert!(
        tail.stderr.contains("did you mean short-drama-web?"),
        "{tail:?}"
    );
}
