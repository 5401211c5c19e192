//! IAM (awsQuery): what a role may do. Only denials are declared; the rest is allowed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::engine::Engine;
use crate::service::Service;
use crate::wire::{Action, Answer, ApiError, Args};
use crate::world::RoleSpec;

/// The XML namespace of IAM's replies.
pub(crate) const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

pub(crate) const ACTIONS: &[Action] = &[Action {
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
}];

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

impl Engine {
    /// Whether the caller may make this call.
    pub(crate) fn authorize(&self, service: Service, action: &str) -> Result<(), ApiError> {
        let caller = &self.home.caller;
        let name = format!("{}:{action}", service.name());
        if self.neighbours.roles.deny(caller, &name) {
            return Err(service.access_denied(action, caller));
        }
        Ok(())
    }
}

fn simulate_principal_policy(engine: &mut Engine, args: &Args) -> Answer {
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
    if !engine.neighbours.roles.exists(source) {
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
            let denied = engine.neighbours.roles.deny(source, action);
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
mod tests {
    use super::*;
    use crate::trial::Trial;

    const ROLES: &str = "[[role]]\nname = 'on-call'\ndenied = ['ecs:Update*', 'iam:PassRole']\n\
                         [[role]]\nname = 'gone'\nexists = false\n";

    #[test]
    fn a_denied_action_is_denied_by_the_simulation_and_in_earnest() {
        let mut trial = Trial::new(ROLES);
        let arn = "arn:aws:iam::123456789012:role/on-call";
        let input =
            json!({ "PolicySourceArn": arn, "ActionNames": ["ecs:UpdateService", "ecs:RunTask"] });
        let answer = trial
            .ask(Service::Iam, "SimulatePrincipalPolicy", input)
            .unwrap();
        let decision = |at: usize| answer["EvaluationResults"][at]["EvalDecision"].clone();
        assert_eq!(
            (decision(0), decision(1)),
            (json!("implicitDeny"), json!("allowed"))
        );
        let error = trial
            .engine
            .authorize(Service::Ecs, "UpdateService")
            .unwrap_err();
        assert!(
            error
                .message
                .contains("is not authorized to perform: ecs:UpdateService")
        );
        assert!(trial.engine.authorize(Service::Ecs, "RunTask").is_ok());
    }

    #[test]
    fn only_a_role_or_user_that_exists_can_be_simulated() {
        let mut trial = Trial::new(ROLES);
        let mut ask = |arn: &str| {
            let input = json!({ "PolicySourceArn": arn, "ActionNames": ["ecs:RunTask"] });
            trial
                .ask(Service::Iam, "SimulatePrincipalPolicy", input)
                .map_err(|e| e.code)
        };
        assert_eq!(
            ask("arn:aws:iam::123456789012:role/gone").unwrap_err(),
            "NoSuchEntity"
        );
        let session = "arn:aws:sts::123456789012:assumed-role/on-call/me";
        assert_eq!(ask(session).unwrap_err(), "InvalidInput");
    }

    #[test]
    fn a_star_covers_any_rest() {
        assert!(covers("ecs:Update*", "ecs:updateservice"));
        assert!(covers("ecs:*", "ecs:RunTask"));
        assert!(covers("ecs:Describe*s", "ecs:DescribeTasks"));
        assert!(!covers("ecs:Update", "ecs:UpdateService"));
    }
}
