//! What IAM denies and simulates.

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
        .iam
        .authorize(Service::Ecs, "UpdateService")
        .unwrap_err();
    assert!(
        error
            .message
            .contains("is not authorized to perform: ecs:UpdateService")
    );
    assert!(trial.engine.iam.authorize(Service::Ecs, "RunTask").is_ok());
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
