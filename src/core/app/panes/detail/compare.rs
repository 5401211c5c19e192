//! Two revisions of a task definition, compared member by member.

use std::collections::BTreeMap;

use crate::app::panes::words::health_check_words;
use crate::domain::{Arn, ContainerDefinition, LogDestination, TaskDefinition};
use crate::text::{Clean, Values};

/// A member that is not the same in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) struct Change {
    /// Which, with its container where it is one's.
    pub(in crate::app) what: Clean,
    /// In the old one; none where it has none.
    pub(in crate::app) before: Option<Clean>,
    /// In the new one.
    pub(in crate::app) after: Option<Clean>,
}

/// A member's name and its value in words.
type Members = Vec<(String, Option<Clean>)>;

/// What the new one has that the old one has not, or otherwise: images first, then the rest of each container, then
/// the task's own.
pub(in crate::app) fn compare(
    old: &TaskDefinition,
    new: &TaskDefinition,
    values: Values,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let containers = names(
        old.containers.iter().map(|container| &container.name),
        new.containers.iter().map(|container| &container.name),
    );
    for name in containers {
        let of = |definition: &TaskDefinition| {
            let mut containers = definition.containers.iter();
            containers.find(|own| own.name == name).cloned()
        };
        match (of(old), of(new)) {
            (Some(old), Some(new)) => container(&mut changes, &old, &new, values),
            (old, new) => changes.push(Change {
                what: Clean::new(&format!("{name} container")),
                before: old.map(|old| old.image),
                after: new.map(|new| new.image),
            }),
        }
    }
    // An image is what a rollout is about, as a rule.
    changes.sort_by_key(|change| !change.what.ends_with(" image"));
    members(&mut changes, "", task(old), task(new));
    changes
}

/// Names of both, in the order of the new one, those that are gone behind.
fn names<'a>(
    old: impl Iterator<Item = &'a Clean>,
    new: impl Iterator<Item = &'a Clean>,
) -> Vec<Clean> {
    let mut names: Vec<Clean> = Vec::new();
    for name in new.chain(old) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

fn members(changes: &mut Vec<Change>, of: &str, old: Members, new: Members) {
    let mut before: BTreeMap<String, Option<Clean>> = old.into_iter().collect();
    let mut push = |what: &str, before: Option<Clean>, after: Option<Clean>| {
        if before != after {
            changes.push(Change {
                what: Clean::new(&format!("{of}{what}")),
                before,
                after,
            });
        }
    };
    for (what, after) in new {
        let before = before.remove(&what).flatten();
        push(&what, before, after);
    }
    for (what, before) in before {
        push(&what, before, None);
    }
}

fn number(value: Option<u32>) -> Option<Clean> {
    value.map(|value| Clean::new(&value.to_string()))
}

fn listed(values: &[Clean], between: &str) -> Option<Clean> {
    let words: Vec<&str> = values.iter().map(Clean::as_str).collect();
    (!words.is_empty()).then(|| Clean::new(&words.join(between)))
}

fn task(definition: &TaskDefinition) -> Members {
    let role = |role: &Option<Arn>| role.as_ref().map(|role| Clean::new(role.name()));
    vec![
        ("CPU".to_owned(), number(definition.cpu)),
        ("memory".to_owned(), number(definition.memory)),
        ("task role".to_owned(), role(&definition.task_role)),
        (
            "execution role".to_owned(),
            role(&definition.execution_role),
        ),
        ("network mode".to_owned(), definition.network_mode.clone()),
        ("platform".to_owned(), definition.platform.clone()),
        ("disk GiB".to_owned(), number(definition.ephemeral_storage)),
        ("volumes".to_owned(), listed(&definition.volumes, ", ")),
    ]
}

fn container(
    changes: &mut Vec<Change>,
    old: &ContainerDefinition,
    new: &ContainerDefinition,
    values: Values,
) {
    let of = format!("{} ", new.name);
    members(changes, &of, own_members(old), own_members(new));
    let commands = |container: &ContainerDefinition| -> BTreeMap<Clean, Clean> {
        let own = listed(&container.command, " ");
        let own = own.map(|words| (Clean::literal("command"), words));
        let check = container.health_check.as_ref();
        let check = check.map(|check| (Clean::literal("health check"), check.command.clone()));
        own.into_iter().chain(check).collect()
    };
    variables(
        changes,
        &of,
        "",
        &commands(old),
        &commands(new),
        &|_, command| values.command_line(command),
    );
    let environment = |container: &ContainerDefinition| -> BTreeMap<Clean, Clean> {
        let variables = container.environment.iter();
        variables
            .map(|variable| (variable.name.clone(), variable.value.clone()))
            .collect()
    };
    variables(
        changes,
        &of,
        "env ",
        &environment(old),
        &environment(new),
        &|name, value| values.value(name, value),
    );
    let secrets = |container: &ContainerDefinition| -> BTreeMap<Clean, Clean> {
        let secrets = container.secrets.iter();
        secrets
            .map(|secret| (secret.name.clone(), secret.from.clone()))
            .collect()
    };
    variables(
        changes,
        &of,
        "secret ",
        &secrets(old),
        &secrets(new),
        &|_, from| from.to_owned(),
    );
}

fn own_members(container: &ContainerDefinition) -> Members {
    let ports: Vec<Clean> = container
        .ports
        .iter()
        .map(|port| Clean::new(&port.to_string()))
        .collect();
    let essential = if container.essential { "yes" } else { "no" };
    vec![
        ("image".to_owned(), Some(container.image.clone())),
        (
            "health check times".to_owned(),
            container.health_check.as_ref().map(health_check_words),
        ),
        ("ports".to_owned(), listed(&ports, ", ")),
        ("CPU".to_owned(), number(container.cpu)),
        ("memory".to_owned(), number(container.memory)),
        (
            "memory reservation".to_owned(),
            number(container.memory_reservation),
        ),
        ("essential".to_owned(), Some(Clean::literal(essential))),
        (
            "env files".to_owned(),
            listed(&container.environment_files, ", "),
        ),
        ("waits for".to_owned(), listed(&container.depends_on, ", ")),
        ("user".to_owned(), container.user.clone()),
        ("directory".to_owned(), container.working_directory.clone()),
        (
            "stop timeout".to_owned(),
            number(container.stop_timeout_seconds),
        ),
        ("log".to_owned(), container.log.as_ref().map(log_words)),
    ]
}

fn log_words(log: &LogDestination) -> Clean {
    match log {
        LogDestination::CloudWatch {
            group,
            region,
            prefix,
            creates,
        } => {
            let region = region.as_ref().map(|region| format!(" in {region}"));
            let prefix = prefix.as_ref().map(|prefix| format!(", prefix {prefix}"));
            Clean::new(&format!(
                "CloudWatch {group}{}{}{}",
                region.unwrap_or_default(),
                prefix.unwrap_or_default(),
                if *creates {
                    ", created where missing"
                } else {
                    ""
                }
            ))
        }
        LogDestination::Driver { name, to } => match to {
            Some(to) => Clean::own(format!("{name} ({to})")),
            None => name.clone(),
        },
    }
}

/// Variables by name. What changed is told even where the value itself may not be.
fn variables(
    changes: &mut Vec<Change>,
    of: &str,
    kind: &str,
    old: &BTreeMap<Clean, Clean>,
    new: &BTreeMap<Clean, Clean>,
    shown: &dyn Fn(&str, &str) -> String,
) {
    for name in names(old.keys(), new.keys()) {
        let (before, after) = (old.get(&name), new.get(&name));
        if before == after {
            continue;
        }
        let value = |value: &Clean| shown(&name, value);
        let what = Clean::new(&format!("{of}{kind}{name}"));
        let (before, after) = (before.map(value), after.map(value));
        // Two secrets of the same length look the same once they are masked.
        let same = before.is_some() && before == after;
        let after = if same {
            after.map(|after| format!("{after}, another"))
        } else {
            after
        };
        let clean = |text: String| Clean::new(&text);
        changes.push(Change {
            what,
            before: before.map(clean),
            after: after.map(clean),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::definition;
    use crate::domain::{EnvironmentVariable, HealthCheck, SecretReference};

    fn changed(change: impl FnOnce(&mut TaskDefinition)) -> Vec<String> {
        let old = definition("web:1", "web");
        let mut new = definition("web:2", "web");
        change(&mut new);
        let side = |side: &Option<Clean>| side.as_deref().unwrap_or("none").to_owned();
        compare(&old, &new, Values::Masked)
            .iter()
            .map(|change| {
                let (before, after) = (side(&change.before), side(&change.after));
                format!("{}: {before} > {after}", change.what)
            })
            .collect()
    }

    #[test]
    fn revisions_that_say_the_same_have_no_difference() {
        assert_eq!(changed(|_| {}), [""; 0]);
    }

    #[test]
    fn the_image_comes_first() {
        let found = changed(|new| {
            new.cpu = Some(1024);
            new.containers[0].command = vec![Clean::new("serve")];
            new.containers[0].image = Clean::new("app:2");
        });
        assert_eq!(
            found,
            [
                "app image: app:1 > app:2",
                "app command: none > serve",
                "CPU: 256 > 1024"
            ]
        );
    }

    #[test]
    fn variables_are_told_by_name_and_secrets_are_not_shown() {
        let variable = |name: &str, value: &str| EnvironmentVariable {
            name: Clean::new(name),
            value: Clean::new(value),
        };
        let found = changed(|new| {
            new.containers[0].environment =
                vec![variable("MODE", "prod"), variable("DB_PASSWORD", "hunter2")];
            new.containers[0].secrets = vec![SecretReference {
                name: Clean::new("KEY"),
                from: Clean::new("arn:aws:ssm:us-east-1:1:parameter/k"),
            }];
        });
        let text = found.join("\n");
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("app env MODE: none > prod"), "{text}");
        assert!(
            text.contains("app env DB_PASSWORD: none > <masked"),
            "{text}"
        );
        assert!(text.contains("app env JOBS_QUEUE: jobs > none"), "{text}");
        assert!(
            text.contains("app secret KEY: none > arn:aws:ssm"),
            "{text}"
        );
    }

    #[test]
    fn a_secret_that_was_exchanged_for_one_of_the_same_length_is_told() {
        let with = |value: &str| {
            let mut definition = definition("web:1", "web");
            definition.containers[0].environment = vec![EnvironmentVariable {
                name: Clean::new("TOKEN"),
                value: Clean::new(value),
            }];
            definition
        };
        let found = compare(&with("aaaa"), &with("bbbb"), Values::Masked);
        assert_eq!(found.len(), 1);
        assert_ne!(found[0].before, found[0].after);
    }

    #[test]
    fn a_command_that_changed_is_told_without_what_stands_behind_its_program() {
        let with = |command: &[&str], check: &str| {
            let mut definition = definition("web:1", "web");
            let container = &mut definition.containers[0];
            container.command = command.iter().map(|word| Clean::new(word)).collect();
            container.health_check = Some(HealthCheck {
                command: Clean::new(check),
                interval_seconds: 30,
                timeout_seconds: 5,
                retries: 3,
                start_period_seconds: 0,
            });
            definition
        };
        let old = with(&["serve", "--password", "canary"], "CMD-SHELL curl canary");
        let new = with(&["serve", "--password", "budgie"], "CMD-SHELL curl budgie");
        let text = format!("{:?}", compare(&old, &new, Values::Masked));
        assert!(
            !text.contains("canary") && !text.contains("budgie"),
            "{text}"
        );
        assert_eq!(text.matches("another").count(), 2, "{text}");
        let text = format!("{:?}", compare(&old, &new, Values::Shown));
        assert_eq!(text.matches("canary").count(), 2, "{text}");
    }

    #[test]
    fn a_health_check_is_compared_with_its_times() {
        let check = |period: u32| {
            Some(HealthCheck {
                command: Clean::new("CMD true"),
                interval_seconds: 30,
                timeout_seconds: 5,
                retries: 3,
                start_period_seconds: period,
            })
        };
        let mut old = definition("web:1", "web");
        let mut new = old.clone();
        old.containers[0].health_check = check(60);
        new.containers[0].health_check = check(0);
        let found = compare(&old, &new, Values::Masked);
        assert_eq!(found.len(), 1);
        assert!(found[0].before.as_ref().unwrap().contains("period 60 s"));
        assert!(found[0].after.as_ref().unwrap().contains("period 0 s"));
    }

    #[test]
    fn a_container_that_came_or_went_is_one_difference() {
        let found = changed(|new| {
            new.containers[0].name = Clean::new("web");
        });
        assert_eq!(
            found,
            ["web container: none > app:1", "app container: app:1 > none"]
        );
    }
}
