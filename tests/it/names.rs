//! Names: the same words mean the same thing to every command, and what several things are called is refused.

use std::time::Duration;

use crate::harness::{Home, Pty, Ran, Sim};

const WEB: &str = "arn:aws:ecs:us-west-2:444455556666:service/depot-cluster/depot-web";

fn has(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.stderr.contains(word), "no {word:?} in {ran:?}");
    }
}

#[test]
fn what_is_copied_in_the_console_is_a_name_to_every_command() {
    let sim = Sim::still("depot");
    let home = Home::on(&sim).env("AWS_REGION", "us-west-2");
    let by_name = home.run(&["why", "depot-web", "--json"]).json();
    let by_arn = home.run(&["why", WEB, "--json"]).json();
    assert_eq!(by_name["service"], by_arn["service"]);
    assert_eq!(by_arn["service"], "depot-web");
    let tasks = home.run(&["tasks", WEB, "--json"]).ends(0).json();
    let tasks = tasks["tasks"].as_array().unwrap();
    assert!(!tasks.is_empty() && tasks.iter().all(|task| task["service"] == "depot-web"));
    let task = tasks[0]["arn"].as_str().unwrap();
    let of_task = home.run(&["why", task, "--json"]).json();
    assert_eq!(of_task["service"], "depot-web");
    let scaled = home
        .run(&["scale", WEB, "5", "--dry-run", "--json"])
        .ends(0)
        .json();
    assert_eq!(scaled["request"]["service"], WEB);
    for target in [WEB, task] {
        assert!(
            !home.run(&["logs", target]).ends(0).stdout.is_empty(),
            "{target}"
        );
    }
    let definition = tasks[0]["definition"].as_str().unwrap();
    let of_definition = home.run(&["why", definition, "--json"]).json();
    assert_eq!(of_definition["service"], "depot-web");
    let ran = home.run(&[
        "run",
        "like:depot-web",
        "--revision",
        definition,
        "--dry-run",
        "--json",
    ]);
    assert_eq!(ran.ends(0).json()["request"]["taskDefinition"], definition);
    let back = home
        .run(&["rollback", WEB, "--to", definition, "--yes"])
        .ends(0);
    has(&back, &["already"]);
    let elsewhere = WEB.replace("us-west-2", "eu-west-1");
    has(
        &home.run(&["why", &elsewhere]).ends(2),
        &["Error: ", "eu-west-1", "\nHint: give --region eu-west-1"],
    );
}

#[test]
fn what_names_no_revision_is_never_taken_for_one() {
    let sim = Sim::still("depot");
    let home = Home::on(&sim).env("AWS_REGION", "us-west-2");
    let of_api = "arn:aws:ecs:us-west-2:444455556666:task-definition/depot-api:1";
    for (named, says) in [
        (WEB, "it is a service"),
        (
            "arn:aws:ecs:eu-west-1:444455556666:task-definition/depot-web:1",
            "Hint: give --region eu-west-1",
        ),
        (
            "arn:aws:ecs:us-west-2:111122223333:task-definition/depot-web:1",
            "Hint: use credentials of that account",
        ),
        ("depot/web", "FAMILY:NUMBER"),
    ] {
        for command in [
            &["rollback", WEB, "--dry-run", "--to", named][..],
            &["run", "like:depot-web", "--dry-run", "--revision", named][..],
        ] {
            has(&home.run(command).ends(2), &["Error: ", says]);
        }
    }
    let other = ["run", "like:depot-web", "--dry-run", "--revision", of_api];
    has(&home.run(&other).ends(2), &["of family depot-api"]);
    let newest = ["rollback", WEB, "--dry-run", "--to", "latest"];
    has(&home.run(&newest).ends(2), &["give a number"]);
}

#[test]
fn a_log_that_several_things_could_have_is_refused_with_the_choices() {
    let sim = Sim::of("depot");
    let home = Home::on(&sim).env("AWS_REGION", "us-west-2");
    home.run(&["run", "like:depot-api", "--yes"]).ends(0);
    sim.running().advance(Duration::from_secs(60));
    let ran = home.run(&["tail", "depot-api"]).ends(2);
    let choices = [
        "service:depot-cluster/depot-api",
        "family:depot-cluster/depot-api",
    ];
    has(&ran, &choices);
    for choice in choices {
        home.run(&["tail", choice]).ends(0);
    }
    // Who asks for a verdict means the service.
    let why = home.run(&["why", "depot-api", "--json"]).json();
    assert_eq!(why["service"], "depot-api");
}

#[test]
fn a_container_that_is_not_there_names_those_that_are() {
    let sim = Sim::still("depot");
    let home = Home::on(&sim).env("AWS_REGION", "us-west-2");
    let arguments = ["tail", "depot-web", "--container", "ngin", "--since", "1m"];
    has(
        &home.run(&arguments).ends(2),
        &["no container named ngin", "did you mean nginx?"],
    );
}

#[test]
fn a_log_group_has_any_name() {
    let world = include_str!("names/wide.toml");
    let sim = Sim::with("short-drama", |options| {
        options.worlds = vec![ecsdeck_sim::World::parse(world, "wide.toml").unwrap()];
        options.paused = true;
    });
    let home = Home::on(&sim).env("AWS_REGION", "eu-west-1");
    for name in ["wide-logs", "/wide-logs", "log:wide-logs"] {
        let ran = home.run(&["tail", name]).ends(0);
        assert!(ran.stdout.contains("GET /"), "{name}: {ran:?}");
    }
    has(
        &home.run(&["tail", "wide-lgos"]).ends(2),
        &["no service, task family", "wide-lgos"],
    );
}

#[test]
fn only_the_last_lines_are_printed_where_they_are_counted() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let all = home.run(&["tail", "short-drama-web"]).ends(0).stdout;
    let last = home
        .run(&["tail", "short-drama-web", "-n", "5"])
        .ends(0)
        .stdout;
    assert_eq!(last.lines().count(), 5);
    assert!(all.ends_with(&last), "{last}");
}

#[test]
fn the_past_is_counted_back_from_the_clock_of_aws() {
    // Two hours behind the clock of this machine.
    let now = jiff::Timestamp::now();
    let sim = Sim::with("short-drama", |options| {
        options.epoch = Some(now - Duration::from_secs(7_200));
        options.paused = true;
    });
    let home = Home::on(&sim);
    for target in ["/ecs/short-drama-web", "short-drama-web"] {
        let ran = home.run(&["tail", target, "--since", "2m"]).ends(0);
        let lines = ran.stdout.lines().count();
        assert!((10..200).contains(&lines), "{target}: {lines} lines");
    }
}

#[test]
fn clusters_are_chosen_by_several_names_and_patterns() {
    let sim = Sim::still("fleet");
    let home = Home::on(&sim);
    let clusters = |given: &str| {
        let document = home.run(&["status", "--json", "--cluster", given]).json();
        let services = document["services"].as_array().unwrap().clone();
        let mut names: Vec<String> = services
            .iter()
            .map(|service| service["cluster"].as_str().unwrap().to_owned())
            .collect();
        names.dedup();
        names.sort();
        names.dedup();
        names
    };
    let all = clusters("*");
    assert_eq!(all.len(), 3, "{all:?}");
    assert_eq!(clusters("fleet-e*"), ["fleet-edge"]);
    let two = format!(
        "fleet-edge,{}",
        all.iter().find(|name| *name != "fleet-edge").unwrap()
    );
    assert_eq!(clusters(&two).len(), 2);
    let ran = home.run(&["status", "--cluster", "nope-*"]).ends(2);
    assert!(
        (ran.stdout.clone() + &ran.stderr).contains("nope-*"),
        "{ran:?}"
    );
}

#[test]
fn the_console_stands_on_a_service_that_is_named_with_its_cluster() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let named = "short-drama-cluster/short-drama-notifier";
    let mut pty = Pty::start(&home, (120, 40), &["--service", named]);
    pty.until("the service", |s| {
        s.rows[1].contains("short-drama-notifier")
    });
    pty.send("\x03");
    pty.ends();
    let mut pty = Pty::start(&home, (120, 40), &["--service", "short-drama-notifer"]);
    pty.until("why not", |s| {
        s.words().contains("did you mean short-drama-notifier?")
    });
    pty.send("\x03");
    pty.ends();
}
