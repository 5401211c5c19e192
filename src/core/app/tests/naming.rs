//! The same name means the same thing to every command and prompt, whatever there is.
#![allow(
    clippy::print_stdout,
    reason = "a test that counts prints what it counted"
)]

use super::super::*;
use super::scene::{ACCOUNT, setup, with_deck};
use crate::diagnose::sample::{cluster, service, task};
use crate::domain::{Arn, Cluster, Identity, Owner, Service, Task, Time};
use crate::names::NameError;
use crate::text::Clean;

const CLUSTERS: [&str; 3] = ["prod", "stage", "prod-eu"];
/// Few enough that things of several kinds have one name; some could be the beginning of an id.
const NAMES: [&str; 6] = ["web", "api", "cafe", "job", "web-2", "beefcafe"];
const IDS: [&str; 6] = [
    "cafe0000cafe0001",
    "cafe0000cafe0002",
    "beef0000cafe0003",
    "beefcafecafe0004",
    "a1b20000cafe0005",
    "feed0000cafe0006",
];
const DECK: &str = "[[log]]\nname = \"web\"\ngroup = \"/prod/web\"\n[[log]]\nname = \"lines\"\ngroup = \"wide-logs\"\n[[run]]\nname = \"job\"\ntask_definition = \"job\"\n[[run]]\nname = \"nightly\"\ntask_definition = \"api:3\"\n";

/// Draws numbers: the same ones every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        // Source: Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (SplitMix64).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }

    fn of<'a>(&mut self, among: &[&'a str]) -> &'a str {
        among[self.below(among.len())]
    }
}

fn cluster_arn(name: &str) -> Arn {
    Arn::new(&format!("arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/{name}"))
}

fn a_service(cluster: &str, name: &str, family: &str) -> Service {
    let mut made = service(name);
    made.cluster = cluster_arn(cluster);
    made.arn = Arn::new(&format!(
        "arn:aws:ecs:us-east-1:{ACCOUNT}:service/{cluster}/{name}"
    ));
    made.name = Clean::new(name);
    made.task_definition = Arn::new(&format!(
        "arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/{family}:3"
    ));
    made
}

fn a_task(cluster: &str, id: &str, owner: Owner) -> Task {
    let mut made = task("web", id);
    made.cluster = cluster_arn(cluster);
    made.arn = Arn::new(&format!(
        "arn:aws:ecs:us-east-1:{ACCOUNT}:task/{cluster}/{id}"
    ));
    made.owner = owner;
    made
}

/// A console that has listed everything of a fleet that chance has drawn.
fn drawn(chance: &mut Chance) -> Model {
    let setup = if chance.below(2) == 0 {
        with_deck(DECK)
    } else {
        setup()
    };
    let stamp = Stamp {
        now: Time::UNIX_EPOCH,
        elapsed: std::time::Duration::ZERO,
        entropy: 1,
    };
    let mut model = Model::new(setup, (120, 40), stamp);
    model.identity = Some(Identity {
        account: Clean::literal(ACCOUNT),
        arn: Arn::new(&format!("arn:aws:iam::{ACCOUNT}:user/me")),
    });
    let clusters: Vec<Cluster> = CLUSTERS
        .iter()
        .map(|name| Cluster {
            arn: cluster_arn(name),
            ..cluster(name)
        })
        .collect();
    model.fleet.change().set_clusters(clusters, Vec::new());
    let (mut services, mut tasks) = (Vec::new(), Vec::new());
    for _ in 0..chance.below(7) {
        let (cluster, name, family) = (chance.of(&CLUSTERS), chance.of(&NAMES), chance.of(&NAMES));
        services.push(a_service(cluster, name, family));
    }
    for id in IDS.iter().take(chance.below(IDS.len() + 1)) {
        let cluster = chance.of(&CLUSTERS);
        let name = Clean::new(chance.of(&NAMES));
        let keeps = |one: &&Service| one.name == name && one.cluster == cluster_arn(cluster);
        let owner = match services.iter().find(keeps) {
            Some(_) if chance.below(2) == 0 => Owner::Service(name),
            _ => Owner::Family(name),
        };
        tasks.push(a_task(cluster, id, owner));
    }
    model.fleet.change().put_services(services, Vec::new());
    model.fleet.change().put_tasks(tasks, Vec::new());
    model
}

fn name(chance: &mut Chance) -> String {
    let (cluster, bare, id) = (chance.of(&CLUSTERS), chance.of(&NAMES), chance.of(&IDS));
    let ecs = format!("arn:aws:ecs:us-east-1:{ACCOUNT}");
    match chance.below(14) {
        0 | 1 => bare.to_owned(),
        2 => format!("{cluster}/{bare}"),
        3 => format!("{ecs}:service/{cluster}/{bare}"),
        4 => format!("{ecs}:task/{cluster}/{id}"),
        5 => id.to_owned(),
        6 => id.chars().take(3 + chance.below(6)).collect(),
        7 => format!("{ecs}:task-definition/{bare}:3"),
        8 => format!("{bare}:3"),
        9 => format!("service:{bare}"),
        10 => format!("family:{cluster}/{bare}"),
        11 => chance
            .of(&["/prod/web", "prod/web", "wide-logs", "/wide-logs", "lines"])
            .to_owned(),
        12 => format!("{ecs}:cluster/{cluster}"),
        _ => format!("{bare}x"),
    }
}

/// What a command takes a name for, in words that can be compared.
type Meaning = Result<String, NameError>;

fn row(key: &RowKey) -> String {
    format!("row {key:?}")
}

fn task_words(task: &Task) -> String {
    format!("task {}", task.arn)
}

/// What each command takes the name for, by the reader that it uses.
fn meanings(model: &Model, name: &str) -> Vec<(&'static str, Meaning)> {
    let of_service = |service: &Service| row(&RowKey::Service(service.arn.clone()));
    vec![
        (
            "scale, rollback, redeploy, deploy, drain, restore, autoscaling, hook",
            model.service_named(name).map(of_service),
        ),
        (
            "why, --service of the console",
            model.row_named(name).map(|key| row(&key)),
        ),
        (
            "tail, logs, :logs",
            model.log_named(name).map(|target| match target {
                LogTarget::Row(key) => row(&key),
                LogTarget::Task(arn) => format!("task {arn}"),
                LogTarget::Group(group) => format!("group {group}"),
                LogTarget::Container(..) | LogTarget::Several(_) => panic!("{target:?}"),
            }),
        ),
        ("stop", model.task_named(name).map(task_words)),
        (
            "run like:",
            model.like_named(name).map(|like| match like {
                Like::Service(service) => of_service(service),
                Like::Task(task) => task_words(task),
            }),
        ),
        (
            "status, tasks",
            model.rows_named(name).map(|rows| match rows.as_slice() {
                [one] => row(one),
                several => format!("{} rows", several.len()),
            }),
        ),
    ]
}

/// Whether two meanings can both be right: they are the same, or one is the task of the other, which is a row.
fn agree(model: &Model, one: &str, other: &str) -> bool {
    let belongs = |task: &str, owner: &str| {
        let tasks = model.fleet.tasks.values();
        let found = tasks.into_iter().find(|known| task_words(known) == task);
        found.is_some_and(|found| owner == row(&model.fleet.owner_key(found)))
    };
    one == other
        || belongs(one, other)
        || belongs(other, one)
        || one.ends_with(" rows")
        || other.ends_with(" rows")
}

#[test]
fn four_hundred_names_mean_the_same_to_every_command() {
    let mut chance = Chance(9);
    let (mut meant, mut refused, mut choices_tried) = (0_u32, 0_u32, 0_u32);
    for _ in 0..400 {
        let model = drawn(&mut chance);
        let name = name(&mut chance);
        let meanings = meanings(&model, &name);
        let found: Vec<(&str, &String)> = meanings
            .iter()
            .filter_map(|(command, meaning)| Some((*command, meaning.as_ref().ok()?)))
            .collect();
        for (command, one) in &found {
            for (other_command, other) in &found {
                assert!(
                    agree(&model, one, other),
                    "{name}: {one} to {command}, {other} to {other_command}"
                );
            }
        }
        for (command, meaning) in &meanings {
            match meaning {
                Ok(_) => meant += 1,
                Err(error) => {
                    refused += 1;
                    if let NameError::Several { choices, .. } = error {
                        choices_tried += each_choice_names_one(&model, command, choices);
                    }
                }
            }
        }
    }
    println!(
        "400 pairs of name and fleet, each read by {} readers: {meant} meant one thing, {refused} refused, \
         {choices_tried} choices named one thing each; 0 disagree",
        6
    );
    assert!(meant > 400 && refused > 400 && choices_tried > 40);
}

/// Each choice, read by the same command, is one thing, and another one than the others are.
fn each_choice_names_one(model: &Model, command: &str, choices: &[String]) -> u32 {
    let mut seen: Vec<String> = Vec::new();
    for choice in choices {
        let again = meanings(model, choice);
        let (_, meaning) = again
            .into_iter()
            .find(|(own, _)| *own == command)
            .expect("the same command");
        let meaning = match meaning {
            // One thing too: a run template of which no task has run.
            Err(NameError::Absent { typed, .. }) => format!("absent {typed}"),
            meaning => meaning.unwrap_or_else(|error| panic!("{command}: {choice}: {error}")),
        };
        assert!(!seen.contains(&meaning), "{command}: {choices:?}");
        seen.push(meaning);
    }
    u32::try_from(choices.len()).unwrap()
}

#[test]
fn the_console_stands_on_the_service_that_a_flag_names_and_says_where_there_is_none() {
    let mut chance = Chance(3);
    let mut model = drawn(&mut chance);
    model.fleet.change().put_services(
        vec![
            a_service("prod", "shop", "shop"),
            a_service("stage", "shop", "shop"),
        ],
        Vec::new(),
    );
    let rows = service_rows(&model.fleet, &model.setup);
    model.setup.service = Some(Clean::literal("stage/shop"));
    super::super::panes::services::rows::settle_services(&mut model);
    let on = model.services.cursor.on().cloned();
    let expected = rows
        .iter()
        .find(|row| row.name.as_str() == "shop" && row.cluster.as_str() == "stage");
    assert_eq!(on, expected.map(|row| row.key.clone()));
    model.setup.service = Some(Clean::literal("shop"));
    super::super::panes::services::rows::settle_services(&mut model);
    let said = model.notice.as_ref().map(|notice| notice.text.to_string());
    let said = said.unwrap_or_default();
    assert!(
        said.contains("prod/shop") && said.contains("stage/shop"),
        "{said}"
    );
}
