//! IAM: whether a role may do something.

use aws_sdk_iam::types::PolicyEvaluationDecisionType as Decision;
use ecsdeck_core::domain::{Arn, Permission};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::Reply;

use crate::failure::{absent, malformed};
use crate::session::Session;

pub(crate) async fn may_role(
    session: &Session,
    role: &Arn,
    action: &Clean,
    resource: &Clean,
) -> Reply<Permission> {
    const CALL: &str = "iam:SimulatePrincipalPolicy";
    let answer = session
        .ask(CALL, |on| {
            on.iam()
                .simulate_principal_policy()
                .policy_source_arn(role.as_str())
                .action_names(action.as_str())
                .resource_arns(resource.as_str())
                .send()
        })
        .await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if absent(&error, "NoSuchEntity") => return Ok(Permission::NoSuchRole),
        Err(error) => return Err(error),
    };
    match answer
        .evaluation_results()
        .first()
        .map(|result| result.eval_decision())
    {
        Some(Decision::Allowed) => Ok(Permission::Allowed),
        Some(Decision::ExplicitDeny) => Ok(Permission::ExplicitlyDenied),
        Some(Decision::ImplicitDeny) => Ok(Permission::NotAllowed),
        _ => Err(malformed(CALL, "the answer holds no decision")),
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::ErrorKind;
    use ecsdeck_worker::ports::Reads;

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
}
