//! What is new in a revision of a task definition, in few words: images first, then what else can break a start.
//!
//! Of variables and secrets only names are told, never a value.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::domain::{Arn, ContainerDefinition, TaskDefinition};
use crate::text::Clean;

/// More is not told.
const MOST: usize = 6;

/// What is new, each thing in one clause.
pub fn of(old: &TaskDefinition, new: &TaskDefinition) -> Vec<String> {
    let mut told = Vec::new();
    let pairs = || {
        new.containers.iter().filter_map(|container| {
            let mut before = old.containers.iter();
            let before = before.find(|one| one.name == container.name)?;
            Some((before, container))
        })
    };
    told.extend(pairs().filter_map(|(before, after)| image(before, after)));
    let names = |of: &TaskDefinition| -> Vec<Clean> {
        of.containers.iter().map(|one| one.name.clone()).collect()
    };
    let (had, has) = (names(old), names(new));
    told.extend(changes("containers", had.iter(), has.iter()));
    told.extend(number("cpu", old.cpu, new.cpu));
    told.extend(number("memory", old.memory, new.memory));
    told.extend(role(
        "task role",
        old.task_role.as_ref(),
        new.task_role.as_ref(),
    ));
    let execution = (old.execution_role.as_ref(), new.execution_role.as_ref());
    told.extend(role("execution role", execution.0, execution.1));
    for (before, after) in pairs() {
        container(before, after, &mut told);
    }
    if told.len() > MOST {
        let more = told.len() - (MOST - 1);
        told.truncate(MOST - 1);
        told.push(format!("{more} more changes"));
    }
    told
}

/// For example `image of app 1.0 → 1.1`.
fn image(before: &ContainerDefinition, after: &ContainerDefinition) -> Option<String> {
    if before.image == after.image {
        return None;
    }
    let (was, is) = (before.image.as_str(), after.image.as_str());
    let short = was.rsplit_once(':').zip(is.rsplit_once(':'));
    let (was, is) = match short {
        Some(((one, was), (other, is))) if one == other => (was, is),
        _ => (was, is),
    };
    Some(format!("image of {} {was} \u{2192} {is}", after.name))
}

fn container(before: &ContainerDefinition, after: &ContainerDefinition, told: &mut Vec<String>) {
    let of = |what: &str| format!("{what} of {}", after.name);
    let values = |one: &ContainerDefinition| -> BTreeMap<Clean, Clean> {
        let pairs = one.environment.iter();
        pairs
            .map(|one| (one.name.clone(), one.value.clone()))
            .collect()
    };
    told.extend(named(&of("environment"), &values(before), &values(after)));
    let values = |one: &ContainerDefinition| -> BTreeMap<Clean, Clean> {
        let pairs = one.secrets.iter();
        pairs
            .map(|one| (one.name.clone(), one.from.clone()))
            .collect()
    };
    told.extend(named(&of("secrets"), &values(before), &values(after)));
    told.extend(number(&of("memory"), before.memory, after.memory));
    told.extend(changes(
        &of("ports"),
        before.ports.iter(),
        after.ports.iter(),
    ));
    let others = [
        (before.command != after.command, "command"),
        (before.health_check != after.health_check, "health check"),
        (before.depends_on != after.depends_on, "dependsOn"),
        (before.essential != after.essential, "essential"),
        (before.user != after.user, "user"),
        (before.log != after.log, "log configuration"),
    ];
    told.extend(
        others
            .iter()
            .filter(|(new, _)| *new)
            .map(|(_, what)| of(what)),
    );
}

fn number(what: &str, before: Option<u32>, after: Option<u32>) -> Option<String> {
    let word = |number: Option<u32>| number.map_or("none".to_owned(), |number| number.to_string());
    (before != after).then(|| format!("{what} {} \u{2192} {}", word(before), word(after)))
}

fn role(what: &str, before: Option<&Arn>, after: Option<&Arn>) -> Option<String> {
    let word = |role: Option<&Arn>| role.map_or("none".to_owned(), |role| role.name().to_owned());
    (before != after).then(|| format!("{what} {} \u{2192} {}", word(before), word(after)))
}

/// Things that came and went: `ports of app +8080 -80`.
fn changes<T: Display + PartialEq>(
    what: &str,
    before: impl Iterator<Item = T> + Clone,
    after: impl Iterator<Item = T> + Clone,
) -> Option<String> {
    let came = after
        .clone()
        .filter(|new| !before.clone().any(|old| old == *new));
    let came = came.map(|new| format!("+{new}"));
    let went = before
        .clone()
        .filter(|old| !after.clone().any(|new| new == *old));
    let went = went.map(|old| format!("-{old}"));
    let all: Vec<String> = came.chain(went).collect();
    (!all.is_empty()).then(|| format!("{what} {}", all.join(" ")))
}

/// Names that came, went, or have another value: `environment of app +A -B ~C`.
fn named(
    what: &str,
    before: &BTreeMap<Clean, Clean>,
    after: &BTreeMap<Clean, Clean>,
) -> Option<String> {
    let came = after.keys().filter(|name| !before.contains_key(*name));
    let came = came.map(|name| format!("+{name}"));
    let went = before.keys().filter(|name| !after.contains_key(*name));
    let went = went.map(|name| format!("-{name}"));
    let other = after
        .iter()
        .filter(|(name, value)| before.get(*name).is_some_and(|old| old != *value));
    let other = other.map(|(name, _)| format!("~{name}"));
    let all: Vec<String> = came.chain(went).chain(other).collect();
    (!all.is_empty()).then(|| format!("{what} {}", all.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::definition;
    use crate::domain::{EnvironmentVariable, SecretReference};

    #[test]
    fn a_new_tag_is_told_as_old_and_new() {
        let (old, mut new) = (definition("web:1", "web"), definition("web:2", "web"));
        assert!(super::of(&old, &new).is_empty());
        new.containers[0].image = Clean::new("app:2");
        assert_eq!(super::of(&old, &new), ["image of app 1 \u{2192} 2"]);
        new.containers[0].image = Clean::new("other:2");
        assert_eq!(
            super::of(&old, &new),
            ["image of app app:1 \u{2192} other:2"]
        );
    }

    #[test]
    fn whatever_can_break_a_start_is_told_and_no_value() {
        let (old, mut new) = (definition("web:1", "web"), definition("web:2", "web"));
        new.memory = Some(1_024);
        new.task_role = Some(Arn::new("arn:aws:iam::1:role/web"));
        let app = &mut new.containers[0];
        app.environment = vec![EnvironmentVariable {
            name: Clean::new("REDIS_URL"),
            value: Clean::new("redis://hidden"),
        }];
        app.secrets = vec![SecretReference {
            name: Clean::new("KEY"),
            from: Clean::new("arn:aws:secretsmanager:eu-west-1:1:secret:key"),
        }];
        app.command = vec![Clean::new("serve")];
        let told = super::of(&old, &new);
        assert_eq!(
            told,
            [
                "memory 512 \u{2192} 1024",
                "task role none \u{2192} web",
                "environment of app +REDIS_URL -JOBS_QUEUE",
                "secrets of app +KEY",
                "command of app",
            ]
        );
    }

    #[test]
    fn many_changes_are_counted() {
        let (old, mut new) = (definition("web:1", "web"), definition("web:2", "web"));
        (new.cpu, new.memory) = (Some(1), Some(1));
        let app = &mut new.containers[0];
        app.image = Clean::new("app:2");
        app.environment.clear();
        (app.command, app.user) = (vec![Clean::new("x")], Some(Clean::new("root")));
        (app.ports, app.essential) = (vec![80], false);
        let told = super::of(&old, &new);
        assert_eq!(told.len(), MOST);
        assert_eq!(told[MOST - 1], "3 more changes");
    }
}
