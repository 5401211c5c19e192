//! IAM: whether somebody may do something.

use aws_sdk_iam::types::{
    ContextEntry, ContextKeyTypeEnum, EvaluationResult, PolicyEvaluationDecisionType as Evaluated,
};
use ecsdeck_core::domain::{Arn, CloudError, Decision, Permission};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{PermissionReads, Reply, sizes};

use crate::aws::Aws;
use crate::failure::absent;
use crate::plain::whole;
use crate::session::Session;

const CALL: &str = "iam:SimulatePrincipalPolicy";

impl PermissionReads for Aws {
    async fn may_role(&self, role: &Arn, action: &Clean, resource: &Clean) -> Reply<Permission> {
        may_role(self.session(), role, action, resource).await
    }

    async fn may_do(
        &self,
        principal: &Arn,
        actions: &[Clean],
        resources: &[Clean],
        cluster: &Arn,
    ) -> Reply<Vec<Decision>> {
        may_do(self.session(), principal, actions, resources, cluster).await
    }
}

pub(crate) async fn may_role(
    session: &Session,
    role: &Arn,
    action: &Clean,
    resource: &Clean,
) -> Reply<Permission> {
    let one = |text: &Clean| vec![text.to_string()];
    let Some(results) = simulate(session, role, one(action), one(resource), None).await? else {
        return Ok(Permission::NoSuchRole);
    };
    let decided = results
        .first()
        .and_then(|result| permission(result.eval_decision()));
    decided.ok_or_else(|| CloudError::malformed(CALL, "the answer holds no decision"))
}

/// The key by which policies name the cluster (source: service authorization reference, "Condition keys for Amazon ECS").
const CLUSTER: &str = "ecs:cluster";

pub(crate) async fn may_do(
    session: &Session,
    principal: &Arn,
    actions: &[Clean],
    resources: &[Clean],
    cluster: &Arn,
) -> Reply<Vec<Decision>> {
    let strings = |all: &[Clean]| all.iter().map(ToString::to_string).collect();
    let in_cluster = ContextEntry::builder()
        .context_key_name(CLUSTER)
        .context_key_type(ContextKeyTypeEnum::String)
        .context_key_values(cluster.as_str())
        .build();
    let (actions, resources) = (strings(actions), strings(resources));
    let results = simulate(session, principal, actions, resources, Some(in_cluster)).await?;
    Ok(results
        .unwrap_or_default()
        .iter()
        .flat_map(decisions)
        .collect())
}

/// What IAM decides; none where there is no such role or user.
async fn simulate(
    session: &Session,
    principal: &Arn,
    actions: Vec<String>,
    resources: Vec<String>,
    context: Option<ContextEntry>,
) -> Reply<Option<Vec<EvaluationResult>>> {
    let answer = session
        .ask(CALL, |on| {
            on.iam()
                .simulate_principal_policy()
                .policy_source_arn(principal.as_str())
                .set_action_names(Some(actions.clone()))
                .set_resource_arns(Some(resources.clone()))
                .set_context_entries(context.clone().map(|entry| vec![entry]))
                // Each action on each resource, all on one page.
                .max_items(sizes::SIMULATED_DECISIONS_PAGE)
                .send()
        })
        .await;
    match answer {
        Ok(answer) => {
            whole(CALL, answer.evaluation_results.as_deref()).map(|all| Some(all.to_vec()))
        }
        Err(error) if absent(&error, "NoSuchEntity") => Ok(None),
        Err(error) => Err(error),
    }
}

/// The decisions on one action, resource by resource. What is said of all of them together is the strictest, and of use
/// only where there is one (source: IAM API reference, EvaluationResult, ResourceSpecificResult).
fn decisions(result: &EvaluationResult) -> Vec<Decision> {
    let decision = |resource: &str, missing: &[String], decided: &Evaluated| {
        let decided = permission(decided).filter(|_| missing.is_empty());
        decided.map(|permission| Decision {
            action: Clean::new(result.eval_action_name()),
            resource: Clean::new(resource),
            permission,
        })
    };
    let each = result.resource_specific_results();
    if each.is_empty() {
        let resource = result.eval_resource_name().unwrap_or("*");
        let missing = result.missing_context_values();
        return decision(resource, missing, result.eval_decision())
            .into_iter()
            .collect();
    }
    each.iter()
        .filter_map(|one| {
            let missing = one.missing_context_values();
            decision(
                one.eval_resource_name(),
                missing,
                one.eval_resource_decision(),
            )
        })
        .collect()
}

fn permission(decision: &Evaluated) -> Option<Permission> {
    match decision {
        Evaluated::Allowed => Some(Permission::Allowed),
        Evaluated::ExplicitDeny => Some(Permission::ExplicitlyDenied),
        Evaluated::ImplicitDeny => Some(Permission::NotAllowed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::ErrorKind;

    use super::*;
    use crate::loopback::{Canned, DATE, Server, ok};

    fn decided(decision: &str) -> Canned {
        let body = format!(
            "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated>\
             <EvaluationResults><member><EvalActionName>a</EvalActionName><EvalResourceName>*</EvalResourceName>\
             <EvalDecision>{decision}</EvalDecision></member></EvaluationResults>\
             </SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"
        );
        ok(body.leak())
    }

    fn refused(code: &str) -> Canned {
        let body = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error>\
             <RequestId>req-1</RequestId></ErrorResponse>"
        );
        Canned::Answer(404, DATE, body.leak())
    }

    #[tokio::test]
    async fn a_role_may_or_may_not_or_is_not_there() {
        let server = Server::start(vec![
            decided("allowed"),
            decided("explicitDeny"),
            decided("implicitDeny"),
            refused("NoSuchEntity"),
            decided("perhaps"),
            refused("AccessDenied"),
        ])
        .await;
        let aws = server.aws();
        let role = Arn::new("arn:aws:iam::123456789012:role/app");
        let (action, any) = (Clean::new("ssm:GetParameters"), Clean::new("*"));
        let mut told = Vec::new();
        for _ in 0..6 {
            told.push(
                aws.may_role(&role, &action, &any)
                    .await
                    .map_err(|error| error.kind),
            );
        }
        assert_eq!(
            told,
            [
                Ok(Permission::Allowed),
                Ok(Permission::ExplicitlyDenied),
                Ok(Permission::NotAllowed),
                Ok(Permission::NoSuchRole),
                Err(ErrorKind::Malformed),
                Err(ErrorKind::Denied),
            ]
        );
        assert!(server.requests()[0].contains("ActionNames.member.1=ssm%3AGetParameters"));
    }

    #[tokio::test]
    async fn what_depends_on_something_unknown_is_not_decided() {
        // Of all resources together it is the strictest; each has its own.
        let member = |action: &str, decision: &str, missing: &str| {
            format!(
                "<member><EvalActionName>{action}</EvalActionName><EvalResourceName>arn:${{Partition}}:x</EvalResourceName>\
                 <EvalDecision>explicitDeny</EvalDecision><ResourceSpecificResults><member>\
                 <EvalResourceName>on</EvalResourceName><EvalResourceDecision>{decision}</EvalResourceDecision>\
                 <MissingContextValues>{missing}</MissingContextValues></member></ResourceSpecificResults></member>"
            )
        };
        let body = format!(
            "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated>\
             <EvaluationResults>{}{}{}</EvaluationResults>\
             </SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>",
            member(
                "ecs:RunTask",
                "implicitDeny",
                "<member>aws:MultiFactorAuthPresent</member>"
            ),
            member("ecs:StopTask", "explicitDeny", ""),
            member("ecs:UpdateService", "allowed", ""),
        );
        let server = Server::start(vec![ok(body.leak()), refused("NoSuchEntity")]).await;
        let aws = server.aws();
        let actions = ["ecs:RunTask", "ecs:StopTask", "ecs:UpdateService"].map(Clean::literal);
        let role = Arn::new("arn:aws:iam::123456789012:role/app");
        let cluster = Arn::new("arn:aws:ecs:us-east-1:123456789012:cluster/prod");
        let on = [Clean::literal("on")];
        let decided = aws.may_do(&role, &actions, &on, &cluster).await.unwrap();
        let told: Vec<_> = decided
            .iter()
            .map(|one| (one.action.as_str(), one.permission))
            .collect();
        assert_eq!(
            told,
            [
                ("ecs:StopTask", Permission::ExplicitlyDenied),
                ("ecs:UpdateService", Permission::Allowed),
            ]
        );
        assert!(server.requests()[0].contains("ContextKeyName=ecs%3Acluster"));
        assert_eq!(
            aws.may_do(&role, &actions, &on, &cluster).await.unwrap(),
            []
        );
    }
}
