//! What will fail is named before it runs, in every scenario in which it can be known, and nothing is named where all is well.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ecsdeck_core::diagnose::{Preflight, Verdict};
use ecsdeck_sim::Scenario;
use serde_json::json;

use crate::harness::at_scenario;
use crate::truths::on_all_cores;
use crate::truths::watch::{Hands, Watch, options_of};

/// The scenarios whose fault shows in what can be asked before, and the causes of it. In the others it lies in what no
/// reading tells: the program, the network, rights of another account, what is inside an image or a secret.
const KNOWABLE: [(&str, &str); 17] = [
    ("agent-disconnected", "agent-disconnected"),
    ("circuit-breaker-tripped", "image-not-found"),
    ("deployment-config-deadlock", "deployment-config-deadlock"),
    ("host-port-conflict", "host-port-conflict"),
    ("image-behind-full-cluster", "image-not-found"),
    ("image-behind-full-cluster", "insufficient-resources"),
    ("image-fixed", "image-not-found"),
    ("image-invalid", "image-invalid"),
    ("image-not-found", "image-not-found"),
    ("insufficient-resources", "insufficient-resources"),
    ("log-driver-failed", "log-driver-failed"),
    ("no-container-instances", "no-container-instances"),
    ("port-of-another", "host-port-conflict"),
    ("redeployed-while-stuck", "image-not-found"),
    ("rollback-fails-too", "image-not-found"),
    ("secret-not-found", "secret-not-found"),
    ("task-definition-invalid", "task-definition-invalid"),
];

/// What was found in a scenario.
struct Seen {
    /// Of the revision that is in trouble there.
    broken: Option<Preflight>,
    /// Of services that are well, by name.
    well: BTreeMap<String, Preflight>,
}

async fn look(scenario: Scenario) -> Seen {
    let truth = scenario.truth()[0].clone();
    let options = options_of(scenario, Duration::ZERO);
    let subject = truth.service.as_deref();
    let mut watch = Watch::with(options, subject, Hands::Tied).await;
    watch.poll().await;
    watch.after(truth.after_seconds().unsigned_abs() + 1).await;
    watch.after(1).await;
    let rows = watch.model.service_rows().iter();
    let row = rows.clone().find(|row| Some(row.name.as_str()) == subject);
    let broken = row
        .and_then(|row| watch.model.fleet.diagnosis(&row.key))
        .and_then(|found| found.broken.clone())
        .map(|revision| revision.name().to_owned());
    let well: Vec<String> = rows
        .filter(|row| row.verdict == Verdict::Steady)
        .map(|row| row.name.to_string())
        .collect();
    let mut seen = Seen {
        broken: None,
        well: BTreeMap::new(),
    };
    if let Some(subject) = subject
        && let Some(revision) = broken
    {
        seen.broken = Some(watch.check(subject, Some(&revision)).await);
    }
    for name in well {
        let (Some(service), _) = watch.seen(&name) else {
            continue;
        };
        if service.desired > 0 {
            let found = watch.check(&name, None).await;
            seen.well.insert(name, found);
        }
    }
    seen
}

fn ids(found: &Preflight) -> BTreeSet<&'static str> {
    found.findings.iter().map(|one| one.id.as_str()).collect()
}

#[test]
fn what_will_fail_is_named_where_it_can_be_known_and_nothing_where_all_is_well() {
    let (mut named, mut missed, mut wrong) = (0, Vec::new(), Vec::new());
    let mut checked = 0;
    on_all_cores(async {
        for name in Scenario::builtin_names() {
            let scenario = Scenario::builtin(name).unwrap();
            let truth = scenario.truth()[0].clone();
            let seen = look(scenario).await;
            let found = seen.broken.as_ref().map(ids).unwrap_or_default();
            let known = KNOWABLE.iter().filter(|(scenario, _)| *scenario == name);
            let known: BTreeSet<&str> = known.map(|(_, cause)| *cause).collect();
            for cause in &known {
                if found.contains(cause) {
                    named += 1;
                } else {
                    missed.push(format!("{name}: {cause}, but {found:?}"));
                }
            }
            // What is true there, or follows from it, is no false alarm.
            let fits = |id: &&&str| {
                known.contains(**id)
                    || truth.cause == **id
                    || truth.also_ok.iter().any(|ok| ok == **id)
            };
            let others: Vec<&&str> = found.iter().filter(|id| !fits(id)).collect();
            if !others.is_empty() {
                wrong.push(format!("{name}: {others:?}"));
            }
            for (service, found) in &seen.well {
                checked += 1;
                if !found.findings.is_empty() {
                    wrong.push(format!(
                        "{name}: {service} is well, but {:?}",
                        found.findings
                    ));
                }
            }
        }
    });
    println!(
        "{named} of {} faults that can be known are named before; {} warnings in {checked} checks of services that are well, and elsewhere",
        KNOWABLE.len(),
        wrong.len()
    );
    println!("{}", missed.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(named * 10 >= KNOWABLE.len() * 9, "{}", missed.join("\n"));
}

#[test]
fn check_names_what_is_missing_with_exit_1_and_says_of_another_revision_that_all_is_there() {
    let (_sim, home) = at_scenario("secret-not-found");
    let bad = ["check", "euglena-gateway", "--revision", "23"];
    let said = home.run(&bad).ends(1).stdout;
    assert!(
        said.contains("this will fail next, because secret or parameter not found")
            && said.contains("euglena/billing-Zk81Qa"),
        "{said}"
    );
    let document = home.run(&[&bad[..], &["--json"]].concat()).ends(1).json();
    assert_eq!(document["findings"][0]["id"], "secret-not-found");
    assert_eq!(document["revision"], "euglena-gateway:23");
    assert_eq!(document["partial"], false);
    let good = home.run(&["check", "euglena-gateway"]).ends(0).stdout;
    assert!(good.contains("nothing found that will fail"), "{good}");
    home.run(&["check", "euglena-gateway", "--revision", "99"])
        .ends(2);
    home.run(&["check", "euglena-gateway", "--revision", "x y"])
        .ends(2);
    home.run(&["check", "no-such-service"]).ends(2);
}

#[test]
fn what_may_not_be_asked_is_told_and_the_exit_code_is_3() {
    let (sim, home) = at_scenario("secret-not-found");
    sim.fault(json!({ "action": "DescribeSecret", "kind": "access-denied" }));
    let ran = home
        .run(&["check", "euglena-gateway", "--json"])
        .ends(3)
        .json();
    assert_eq!(ran["partial"], true);
    sim.heal();
    // Without the definition there is nothing to check; that is no missing revision.
    sim.fault(json!({ "kind": "access-denied", "action": "DescribeTaskDefinition" }));
    home.run(&["check", "euglena-gateway"]).ends(3);
}

#[test]
fn a_dry_run_says_what_will_fail_and_what_could_not_be_checked() {
    let (sim, home) = at_scenario("secret-not-found");
    let rollback = [
        "rollback",
        "euglena-gateway",
        "--to",
        "23",
        "--dry-run",
        "--json",
    ];
    let checks = |document: serde_json::Value| document["checks"].to_string();
    let told = checks(home.run(&rollback).ends(0).json());
    assert!(
        told.contains("this will fail next, because secret or parameter not found"),
        "{told}"
    );
    sim.fault(json!({ "kind": "access-denied", "action": "DescribeSecret" }));
    let document = home.run(&rollback).ends(0).json();
    assert_eq!(document["partial"], true);
    let told = checks(document);
    assert!(
        told.contains("not checked: ") && !told.contains("will fail next"),
        "{told}"
    );
}

#[test]
fn a_deploy_is_checked_before_anything_is_registered() {
    let (sim, home) = at_scenario("secret-not-found");
    let deploy = |image: &'static str, how: &'static str| {
        ["deploy", "euglena-gateway", "--image", image, how]
    };
    let checks = |image| {
        let dry = [&deploy(image, "--dry-run")[..], &["--json"]].concat();
        let document = home.run(&dry).ends(0).json();
        assert_eq!(document["partial"], false);
        document["checks"].to_string()
    };
    let missing = "this will fail next, because image not found: ECR has the repository and not this image: \
                   848960888155.dkr.ecr.us-east-2.amazonaws.com/euglena/gateway:nope";
    let told = checks("gateway=:nope");
    assert!(told.contains(missing), "{told}");
    assert_eq!(checks("gateway=:latest"), "[]");
    let registered = || sim.calls_of("RegisterTaskDefinition").len();
    assert_eq!(registered(), 0);
    // Nobody reads a question with --yes: it is said, and done.
    let ran = home.run(&deploy("gateway=:nope", "--yes")).ends(0);
    assert!(ran.stderr.contains(missing), "{}", ran.stderr);
    assert_eq!(registered(), 1);
}
