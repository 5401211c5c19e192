//! Secrets Manager: whether a secret is there. Its value is never served.

use serde_json::{Value, json};

use crate::bus::Told;
use crate::clock::HOUR;
use crate::desk::Desk;
use crate::ecs::Ecs;
use crate::random::{Random, name_key};
use crate::wire::{Action, Answer, ApiError, Args, RunBeside};
use crate::world::WorldSpec;

pub(crate) const ACTIONS: &[Action<RunBeside<Secrets, Ecs>>] = &[Action {
    name: "DescribeSecret",
    members: &["SecretId"],
    run: describe_secret,
}];

/// The secrets that a world declares.
#[derive(Debug)]
pub(crate) struct Secrets {
    pub(crate) desk: Desk<()>,
    /// Their ARNs.
    declared: Vec<String>,
}

impl Secrets {
    /// Without any.
    pub(crate) fn new(desk: Desk<()>) -> Self {
        Secrets {
            desk,
            declared: Vec::new(),
        }
    }

    /// Takes in those of a world.
    pub(crate) fn furnish(&mut self, spec: &WorldSpec) {
        let arns = spec.secret.iter().map(|secret| secret.arn.clone());
        self.declared.extend(arns);
    }

    /// Somebody makes a secret, or deletes it.
    pub(crate) fn set(&mut self, arn: &str, exists: bool) {
        let arn = arn.to_owned();
        self.desk.tell(Told::Secret { arn, exists });
    }
}

/// The name in a secret's ARN, without the six characters that AWS appends.
fn bare(arn: &str) -> &str {
    arn.split(':').nth(6).unwrap_or(arn)
}

/// Whether `asked` with AWS's appendix (`-` and six characters) is `name`.
fn same(name: &str, asked: &str) -> bool {
    let appended = |long: &str, short: &str| {
        long.strip_prefix(short)
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(|tail| tail.len() == 6 && tail.bytes().all(|b| b.is_ascii_alphanumeric()))
    };
    name == asked || appended(asked, name) || appended(name, asked)
}

/// The ARNs of all secrets that are heard of: declared, or named by a task definition.
fn known<'a>(secrets: &'a Secrets, ecs: &'a Ecs) -> impl Iterator<Item = &'a str> {
    let named = ecs
        .definitions
        .values()
        .flat_map(|revisions| revisions.values())
        .flat_map(|definition| &definition.containers)
        .flat_map(|container| container.secrets.values())
        .map(String::as_str)
        .filter(|arn| arn.contains(":secretsmanager:"));
    let declared = secrets.declared.iter().map(String::as_str);
    declared.chain(named)
}

fn describe_secret(secrets: &mut Secrets, ecs: &Ecs, args: &Args) -> Answer {
    let asked = args.text("SecretId")?.unwrap_or_default();
    if asked.is_empty() {
        return Err(ApiError::client(
            "InvalidParameterException",
            "You must provide a value for the SecretId parameter.",
        ));
    }
    let name = bare(asked);
    let found = known(secrets, ecs)
        .find(|arn| same(bare(arn), name) && ecs.supply.has_secret(arn))
        .ok_or_else(|| {
            ApiError::client(
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret.",
            )
        })?;
    let name = bare(found);
    let mut random = Random::of(secrets.desk.seed, "secret", name_key(name));
    let suffix = random.hex(6);
    let changed = secrets.desk.epoch.day() - random.between(30, 400) * 24 * HOUR;
    let version = random.uuid();
    let arn = match name.rsplit_once('-') {
        Some((_, tail)) if tail.len() == 6 && tail.bytes().any(|b| b.is_ascii_uppercase()) => {
            found.split(':').take(7).collect::<Vec<_>>().join(":")
        }
        _ => secrets
            .desk
            .home
            .arn("secretsmanager", &format!("secret:{name}-{suffix}")),
    };
    let mut stages = serde_json::Map::new();
    stages.insert(version, json!(["AWSCURRENT"]));
    Ok(json!({
        "ARN": arn,
        "Name": name,
        "RotationEnabled": false,
        "CreatedDate": changed.json_seconds(),
        "LastChangedDate": changed.json_seconds(),
        "LastAccessedDate": secrets.desk.now.day().json_seconds(),
        "VersionIdsToStages": Value::Object(stages),
    }))
}

#[cfg(test)]
mod tests;
