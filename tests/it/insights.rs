//! Queries of CloudWatch Logs Insights, from the command line: their rows, their price, their faults and their end.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{Home, Pty, Ran, Sim};

const GROUP: &str = "/ecs/aistudio-dev";

fn rows(ran: &Ran) -> Vec<Value> {
    let lines = ran.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The queries that CloudWatch has, with how they ended.
fn statuses(sim: &Sim) -> Vec<String> {
    let queries = sim.ask("Logs_20140328.DescribeQueries", &json!({}));
    let queries = queries["queries"].as_array().unwrap().iter();
    queries
        .map(|query| query["status"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_query_of_a_service_searches_its_groups_and_says_what_it_cost() {
    let sim = Sim::of("aistudio");
    let home = Home::on(&sim);
    let query = "fields @timestamp, level, message | filter level = \"error\" | sort @timestamp desc | limit 4";
    let ran = home
        .run(&["query", query, "aistudio-dev", "--since", "30m"])
        .ends(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(
        lines[0].starts_with("@timestamp") && lines[0].ends_with("level  message"),
        "{lines:?}"
    );
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert!(lines[1..].iter().all(|line| line.contains("  error  ")));
    assert!(!ran.stdout.contains("@ptr"));
    assert!(
        ran.stderr.contains(&format!("searching {GROUP} from ")),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("4 rows: ") && ran.stderr.contains("USD a GB in us-east-1"),
        "{}",
        ran.stderr
    );
    let sent = &sim.calls_of("StartQuery")[0].request;
    assert_eq!(sent["logGroupNames"], json!([GROUP]));
    let length = sent["endTime"].as_i64().unwrap() - sent["startTime"].as_i64().unwrap();
    assert!((1_800..=1_801).contains(&length), "{length} s");
    assert!(sim.calls_of("StopQuery").is_empty(), "it had ended");
    assert!(sim.calls_of("FilterLogEvents").is_empty());
}

#[test]
fn rows_are_printed_one_object_a_line_for_scripts() {
    let sim = Sim::of("aistudio");
    let home = Home::on(&sim);
    let query = "stats count(*) as n by level, bin(1h) | sort n desc";
    let ran = home
        .run(&["query", query, "--log", "ecs/aistudio-dev", "--json"])
        .ends(0);
    let rows = rows(&ran);
    assert!(rows.len() >= 3, "{rows:?}");
    assert!(
        rows.iter()
            .all(|row| row["n"].as_str().unwrap().parse::<u32>().unwrap() > 0)
    );
    let begins = rows[0]["bin(1h)"].as_str().unwrap();
    assert!(
        begins.ends_with(":00:00Z") && begins.contains('T'),
        "{begins}"
    );
}

#[test]
fn the_decks_queries_are_asked_by_their_name() {
    let sim = Sim::of("aistudio");
    let home = Home::on(&sim);
    let ran = home
        .run(&["query", "recent errors", "--deck", "aistudio", "--json"])
        .ends(0);
    assert!(rows(&ran).iter().all(|row| row["level"] == "error"));
    let unknown = home.run(&["query", "recnt", "--deck", "aistudio"]).ends(2);
    assert!(
        unknown.stderr.contains("recent errors"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn a_query_that_finds_nothing_says_so_and_ends_well() {
    let sim = Sim::of("aistudio");
    let query = "filter @message like /no such thing/";
    let ran = Home::on(&sim)
        .run(&["query", query, "aistudio-dev"])
        .ends(0);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("no rows: 0 of "), "{}", ran.stderr);
}

#[test]
fn a_wrong_query_ends_with_awss_words_and_the_place() {
    let sim = Sim::of("aistudio");
    let query = "fields @message\n| sotr @timestamp\n| limit 3";
    let ran = Home::on(&sim)
        .run(&["query", query, "--log", GROUP])
        .ends(2);
    let place = "Error: CloudWatch does not understand the query: unexpected symbol found sotr\n\
                 \x20 | sotr @timestamp\n\
                 \x20   ^^^^^^^^^^^^^^^\n";
    assert!(ran.stderr.contains(place), "{}", ran.stderr);
    assert_eq!(sim.calls_of("StartQuery").len(), 1);
}

#[test]
fn what_cannot_be_asked_is_refused_before_anything_is_started() {
    let sim = Sim::of("aistudio");
    let home = Home::on(&sim);
    for arguments in [
        vec!["query", "limit 3"],
        vec!["query", " ", "--log", GROUP],
        vec!["query", "limit 3", "--log", "/no/such/group"],
        vec!["query", "limit 3", "aistudio-dve"],
        vec!["query", "limit 3", "--log", GROUP, "--limit", "0"],
        vec![
            "query", "limit 3", "--log", GROUP, "--since", "1h", "--until", "2h",
        ],
    ] {
        home.run(&arguments).ends(2);
    }
    let nowhere = home
        .run(&["query", "limit 3", "--log", "/no/such/group"])
        .ends(2);
    assert!(
        nowhere.stderr.contains("no log group named /no/such/group"),
        "{}",
        nowhere.stderr
    );
    assert!(sim.calls_of("StartQuery").is_empty());
}

#[test]
fn a_query_that_costs_much_is_not_started_without_a_yes() {
    let sim = Sim::of("aistudio");
    let home = Home::on(&sim);
    let large = ["query", "limit 3", "--log", GROUP, "--since", "3d"];
    let ran = home.run(&large).ends(5);
    assert!(
        ran.stderr.contains("about 337.") && ran.stderr.contains("1.69 USD"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("Hint: pass --yes"), "{}", ran.stderr);
    assert!(sim.calls_of("StartQuery").is_empty());
    let yes = home.run(&[&large[..], &["--yes"]].concat()).ends(0);
    assert!(
        yes.stderr.contains("1.69 USD"),
        "the price is said all the same: {}",
        yes.stderr
    );
    assert_eq!(yes.stdout.lines().count(), 4);
}

#[test]
fn a_signal_stops_the_query_in_cloudwatch_too() {
    for signal in [Signal::INT, Signal::TERM] {
        let sim = Sim::still("aistudio");
        let query = Home::on(&sim).begin(&["query", "limit 3", "--log", GROUP]);
        sim.until("a look at the query", |calls| {
            calls.iter().any(|call| call.action == "GetQueryResults")
        });
        let (status, said) = query.end_said(signal);
        assert_eq!(status.code(), Some(128 + signal.as_raw()), "{said}");
        assert_eq!(sim.calls_of("StopQuery").len(), 1, "{said}");
        assert_eq!(statuses(&sim), ["Cancelled"]);
    }
}

#[test]
fn without_rights_nothing_is_read_and_the_permission_is_named() {
    let sim = Sim::of("aistudio");
    let home = Home::on(&sim);
    sim.fault(json!({ "service": "logs", "action": "StartQuery", "kind": "access-denied" }));
    let ran = home.run(&["query", "limit 3", "--log", GROUP]).ends(3);
    assert!(ran.stderr.contains("logs:StartQuery"), "{}", ran.stderr);
    sim.heal();
    sim.fault(json!({ "service": "logs", "action": "GetQueryResults", "kind": "access-denied" }));
    let ran = home.run(&["query", "limit 3", "--log", GROUP]).ends(3);
    assert!(
        ran.stderr.contains("logs:GetQueryResults"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        sim.calls_of("StopQuery").len(),
        1,
        "nobody can look at it any more"
    );
    sim.heal();
    // What the groups hold is good to know and not needed.
    sim.fault(json!({ "service": "logs", "action": "DescribeLogGroups", "kind": "access-denied" }));
    home.run(&["query", "limit 3", "--log", GROUP]).ends(0);
    let day = home
        .run(&["query", "limit 3", "--log", GROUP, "--since", "1d"])
        .ends(5);
    assert!(day.stderr.contains("is not known"), "{}", day.stderr);
}

#[test]
fn a_throttle_is_waited_out_and_a_query_is_started_once() {
    let sim = Sim::of("aistudio");
    let home = Home::on(&sim);
    for action in ["StartQuery", "GetQueryResults", "DescribeLogGroups"] {
        sim.fault(json!({ "service": "logs", "action": action, "kind": "throttle", "times": 2 }));
    }
    let ran = home.run(&["query", "limit 3", "--log", GROUP]).ends(0);
    assert_eq!(ran.stdout.lines().count(), 4);
    let sent = sim.calls_of("StartQuery");
    let begun = sent.iter().filter(|call| call.status == Some(200)).count();
    assert_eq!((sent.len(), begun), (3, 1));
    sim.heal();
    sim.fault(json!({ "service": "logs", "action": "StartQuery", "kind": "throttle" }));
    let ran = home.run(&["query", "limit 3", "--log", GROUP]).ends(3);
    assert!(ran.stderr.contains("throttling"), "{}", ran.stderr);
}

#[test]
fn a_start_whose_answer_was_lost_is_not_sent_again() {
    let sim = Sim::of("aistudio");
    sim.fault(json!({ "service": "logs", "action": "StartQuery", "kind": "reset-after" }));
    let ran = Home::on(&sim).run(&["query", "limit 3", "--log", GROUP]);
    let ran = ran.ends(3);
    assert!(
        ran.stderr.contains("may go on to its end"),
        "{}",
        ran.stderr
    );
    assert_eq!(statuses(&sim).len(), 1, "each one is paid for");
}

#[test]
fn a_query_that_cloudwatch_ended_is_no_whole_answer() {
    let sim = Sim::still("aistudio");
    let query = Home::on(&sim).begin(&["query", "limit 3", "--log", GROUP]);
    sim.until("a look at the query", |calls| {
        calls.iter().any(|call| call.action == "GetQueryResults")
    });
    let id = sim.calls_of("GetQueryResults")[0].request["queryId"].clone();
    sim.ask("Logs_20140328.StopQuery", &json!({ "queryId": id }));
    let (status, said) = query.ends_said();
    assert_eq!(status.code(), Some(3), "{said}");
    assert!(said.contains("somebody stopped the query"), "{said}");
}

#[test]
fn in_the_console_a_query_is_written_its_rows_are_gone_through_and_its_price_stands_below() {
    let sim = Sim::of("aistudio");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (120, 40), &["--deck", "aistudio"]);
    pty.until("the log", |s| s.has("aistudio-dev") && s.has("1m"));
    pty.send("l");
    pty.send("i");
    // The deck's own stand there.
    pty.sees("recent errors");
    pty.send("since=30m stats count(*) as n by level");
    pty.sees("by level");
    pty.send("\r");
    pty.sees("USD a GB in us-east-1");
    let shown = pty.until("the rows", |s| s.has("level") && s.has("error"));
    assert!(shown.has("1 of "), "{}", shown.rows.join("\n"));
    pty.send(">>");
    pty.sees("sorted by n");
    pty.send("\r");
    pty.sees("row 1 of ");
    pty.send("\x1b");
    pty.sees("USD a GB");
    pty.send("\x1b");
    pty.until("the panes", |s| !s.has("USD a GB"));
    let sent = sim.calls_of("StartQuery");
    assert_eq!(sent.len(), 1);
    let (start, end) = (&sent[0].request["startTime"], &sent[0].request["endTime"]);
    let length = end.as_i64().unwrap() - start.as_i64().unwrap();
    assert!((1_800..=1_801).contains(&length), "{length} s");
    assert!(sim.calls_of("StopQuery").is_empty(), "it had ended");
}

#[test]
fn a_console_that_is_left_while_a_query_runs_has_it_stopped() {
    let sim = Sim::still("aistudio");
    let home = Home::on(&sim);
    for leaves in ["\x1b", "\x03"] {
        let before = sim.calls_of("StopQuery").len();
        let mut pty = Pty::start(&home, (100, 30), &["--deck", "aistudio"]);
        pty.until("the log", |s| s.has("aistudio-dev") && s.has("1m"));
        pty.send(":query since=1h fields @message\r");
        pty.sees("CloudWatch is searching");
        pty.send(leaves);
        sim.until("the end of the query", |calls| {
            calls
                .iter()
                .filter(|call| call.action == "StopQuery")
                .count()
                > before
        });
        if leaves == "\x1b" {
            pty.send("\x03");
        }
        assert!(pty.ends().status.success());
    }
    assert!(
        statuses(&sim).iter().all(|status| status == "Cancelled"),
        "{:?}",
        statuses(&sim)
    );
}
