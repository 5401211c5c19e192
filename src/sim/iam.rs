//! IAM (awsQuery): what a role may do. Only denials are declared; the rest is allowed.
//!
//! source: IAM user guide, reference_policies_evaluation-logic (what nothing allows is denied
//! implicitly; `*` in an action, whose case does not matter) and IAM API reference,
//! SimulatePrincipalPolicy (a session is no policy source). Conditions, boundaries and resources are
//! not simulated.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::clock::HOUR;
use crate::desk::Desk;
use crate::random::{Random, name_key};
use crate::service::Service;
use crate::wire::{Action, Answer, ApiError, Args, Run};
use crate::world::RoleSpec;

pub(crate) const ACTIONS: &[Action<Run<Iam>>] = &[
    Action {
        name: "GetRole",
        members: &["RoleName"],
        run: get_role,
    },
    Action {
        name: "SimulatePrincipalPolicy",
        members: &[
            "PolicySourceArn",
            "PolicyInputList",
            "PermissionsBoundaryPolicyInputList",
            "ActionNames",
            "ResourceArns",
            "ResourcePolicy",
            "ResourceOwner",
            "CallerArn",
            "ContextEntries",
            "ResourceHandlingOption",
            "MaxItems",
            "Marker",
        ],
        run: simulate_principal_policy,
    },
];

/// The declared roles, by name.
#[derive(Debug, Default)]
pub(crate) struct Roles(BTreeMap<String, RoleSpec>);

/// The name of the role or user that an ARN means: of an assumed role, the role.
fn principal(arn: &str) -> &str {
    let resource = arn.rsplit(':').next().unwrap_or(arn);
    match resource.split_once('/') {
        Some(("assumed-role", rest)) => rest.split('/').next().unwrap_or(rest),
        Some((_, rest)) => rest.rsplit('/').next().unwrap_or(rest),
        None => resource,
    }
}

/// Whether a pattern such as `ecs:Update*` covers an action. Case does not matter to IAM.
fn covers(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_lowercase(), action.to_lowercase());
    match pattern.split_once('*') {
        None => pattern == action,
        Some((head, "")) => action.starts_with(head),
        Some((head, tail)) => {
            action.len() >= head.len() + tail.len()
                && action.starts_with(head)
                && action.ends_with(tail)
        }
    }
}

impl Roles {
    pub(crate) fn add(&mut self, specs: &[RoleSpec]) {
        self.0
            .extend(specs.iter().map(|spec| (spec.name.clone(), spec.clone())));
    }

    /// Whether the role or user of an ARN may not do `action`, such as `ecs:UpdateService`.
    pub(crate) fn deny(&self, arn: &str, action: &str) -> bool {
        let role = self.0.get(principal(arn));
        role.is_some_and(|role| role.denied.iter().any(|pattern| covers(pattern, action)))
    }

    fn exists(&self, arn: &str) -> bool {
        self.0.get(principal(arn)).is_none_or(|role| role.exists)
    }
}

/// IAM, as far as one account and region see it.
#[derive(Debug)]
pub(crate) struct Iam {
    pub(crate) desk: Desk<()>,
    pub(crate) roles: Roles,
}

impl Iam {
    /// Without any declared role.
    pub(crate) fn new(desk: Desk<()>) -> Self {
        Iam {
            desk,
            roles: Roles::default(),
        }
    }

    /// Whether the caller may make this call.
    pub(crate) fn authorize(&self, service: Service, action: &str) -> Result<(), ApiError> {
        let caller = &self.desk.home.caller;
        let name = format!("{}:{action}", service.name());
        if self.roles.deny(caller, &name) {
            return Err(service.access_denied(action, caller));
        }
        Ok(())
    }
}

/// A role: one that a world declares, or any other, unless a world says that it is gone.
fn get_role(iam: &mut Iam, args: &Args) -> Answer {
    let name = args.text("RoleName")?.unwrap_or_default();
    let valid = |b: u8| b.is_ascii_alphanumeric() || b"+=,.@_-".contains(&b);
    if name.is_empty() || name.len() > 64 || !name.bytes().all(valid) {
        return Err(ApiError::client(
            "ValidationError",
            "1 validation error detected: The specified value for roleName is invalid. It must \
             contain only alphanumeric characters and/or the following: +=,.@_-",
        ));
    }
    let arn = format!("arn:aws:iam::{}:role/{name}", iam.desk.home.account);
    if !iam.roles.exists(&arn) {
        return Err(ApiError::client(
            "NoSuchEntity",
            format!("The role with name {name} cannot be found."),
        )
        .with_status(404));
    }
    let mut random = Random::of(iam.desk.seed, "role", name_key(name));
    let created = iam.desk.epoch.day() - random.between(30, 900) * 24 * HOUR;
    // IAM tells the trust policy as JSON in URL encoding.
    let trust = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22\
                 %2C%22Principal%22%3A%7B%22Service%22%3A%22ecs-tasks.amazonaws.com%22%7D%2C%22Action%22\
                 %3A%22sts%3AAssumeRole%22%7D%5D%7D";
    Ok(json!({ "Role": {
        "Path": "/",
        "RoleName": name,
        "RoleId": format!("AROA{}", random.hex(17).to_uppercase()),
        "Arn": arn,
        "CreateDate": created.rfc3339(),
        "AssumeRolePolicyDocument": trust,
        "MaxSessionDuration": 3600,
    }}))
}

fn simulate_principal_policy(iam: &mut Iam, args: &Args) -> Answer {
    let source = args.text("PolicySourceArn")?.unwrap_or_default();
    let actions = args.texts("ActionNames")?;
    if source.is_empty() || actions.is_empty() {
        return Err(ApiError::client(
            "ValidationError",
            "1 validation error detected: PolicySourceArn and ActionNames must not be null",
        ));
    }
    if source.contains(":assumed-role/") || !source.contains(":iam::") {
        return Err(ApiError::client(
            "InvalidInput",
            format!("Invalid Entity Arn: {source} does not clearly define entity type and name."),
        ));
    }
    if !iam.roles.exists(source) {
        return Err(ApiError::client(
            "NoSuchEntity",
            format!("The role with name {} cannot be found.", principal(source)),
        )
        .with_status(404));
    }
    if let Some(wrong) = actions.iter().find(|action| !action.contains(':')) {
        return Err(ApiError::client(
            "InvalidInput",
            format!("Invalid Action: {wrong}"),
        ));
    }
    let resources = match args.texts("ResourceArns")? {
        none if none.is_empty() => vec!["*"],
        some => some,
    };
    let results: Vec<Value> = actions
        .iter()
        .map(|action| {
            let denied = iam.roles.deny(source, action);
            let decision = if denied { "implicitDeny" } else { "allowed" };
            let statements = if denied {
                json!([])
            } else {
                json!([{
                    "SourcePolicyId": "operators",
                    "SourcePolicyType": "role",
                    "StartPosition": { "Line": 3, "Column": 17 },
                    "EndPosition": { "Line": 9, "Column": 6 },
                }])
            };
            // Of several resources each has its own result; what stands above is the strictest of them.
            let several = resources.len() > 1;
            let each = resources.iter().filter(|_| several).map(|resource| {
                json!({
                    "EvalResourceName": resource,
                    "EvalResourceDecision": decision,
                    "MatchedStatements": statements,
                    "MissingContextValues": [],
                })
            });
            json!({
                "EvalActionName": action,
                "EvalResourceName": if several { "*" } else { resources.first().copied().unwrap_or("*") },
                "EvalDecision": decision,
                "MatchedStatements": statements,
                "MissingContextValues": [],
                "ResourceSpecificResults": each.collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(json!({ "EvaluationResults": results, "IsTruncated": false }))
}

#[cfg(test)]
mod tests;
