//! Secrets Manager: whether a secret is there. Its value is never served.

use serde_json::{Value, json};

use crate::clock::HOUR;
use crate::engine::Engine;
use crate::engine::random::{Random, name_key};
use crate::wire::{Action, Answer, ApiError, Args};

pub(crate) const ACTIONS: &[Action] = &[Action {
    name: "DescribeSecret",
    members: &["SecretId"],
    run: describe_secret,
}];

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
fn known(engine: &Engine) -> impl Iterator<Item = &str> {
    let named = engine
        .ecs
        .definitions
        .values()
        .flat_map(|revisions| revisions.values())
        .flat_map(|definition| &definition.containers)
        .flat_map(|container| container.secrets.values())
        .map(String::as_str)
        .filter(|arn| arn.contains(":secretsmanager:"));
    let declared = engine.neighbours.secrets.iter().map(String::as_str);
    declared.chain(named)
}

fn describe_secret(engine: &mut Engine, args: &Args) -> Answer {
    let asked = args.text("SecretId")?.unwrap_or_default();
    if asked.is_empty() {
        return Err(ApiError::client(
            "InvalidParameterException",
            "You must provide a value for the SecretId parameter.",
        ));
    }
    let name = bare(asked);
    let found = known(engine)
        .find(|arn| same(bare(arn), name) && engine.supply.has_secret(arn))
        .ok_or_else(|| {
            ApiError::client(
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret.",
            )
        })?;
    let name = bare(found);
    let mut random = Random::of(engine.seed, "secret", name_key(name));
    let suffix = random.hex(6);
    let changed = engine.neighbours.epoch.day() - random.between(30, 400) * 24 * HOUR;
    let version = random.uuid();
    let arn = match name.rsplit_once('-') {
        Some((_, tail)) if tail.len() == 6 && tail.bytes().any(|b| b.is_ascii_uppercase()) => {
            found.split(':').take(7).collect::<Vec<_>>().join(":")
        }
        _ => engine
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
        "LastAccessedDate": engine.now.day().json_seconds(),
        "VersionIdsToStages": Value::Object(stages),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Service;
    use crate::trial::Trial;

    const SECRETS: &str = "
        [[secret]]
        arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:app/key'
        [[secret]]
        arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:app/gone'
        exists = false
        [[task_definition]]
        family = 'f'
        revision = 1
        [[task_definition.container]]
        name = 'c'
        secrets = { A = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:app/named-AbCdEf:json::' }
    ";

    #[test]
    fn a_secret_is_found_by_name_and_by_whole_or_partial_arn() {
        let mut trial = Trial::new(SECRETS);
        let mut ask = |id: &str| {
            trial.ask(
                Service::Secrets,
                "DescribeSecret",
                json!({ "SecretId": id }),
            )
        };
        let prefix = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
        let whole = ask("app/key").unwrap()["ARN"].as_str().unwrap().to_owned();
        assert!(whole.starts_with(&format!("{prefix}app/key-")), "{whole}");
        assert_eq!(ask(&whole).unwrap()["Name"], "app/key");
        assert_eq!(
            ask(&format!("{prefix}app/named-AbCdEf")).unwrap()["Name"],
            "app/named-AbCdEf"
        );
        for missing in ["app/gone", "app/other", &format!("{prefix}app/gone")] {
            let error = ask(missing).unwrap_err();
            assert_eq!(
                error.message,
                "Secrets Manager can't find the specified secret."
            );
        }
    }
}
