//! What IAM says of the writes that a service offers, before anybody presses their keys.
//!
//! Advice, never a wall: IAM's simulation does not know every condition, and
//! AWS itself decides. What is not known is not called forbidden.

use crate::act::Intent;
use crate::app::model::Model;
use crate::app::model::pane::Pane;
use crate::diagnose::{Fact, Question};
use crate::domain::{Arn, Decision, Permission, Service};
use crate::keys::Action;
use crate::text::Clean;

/// What of a service an operation is about, as IAM names it.
type On = fn(&Service) -> Clean;

/// The operations that the console's keys send, and on what of a service.
const OPERATIONS: [(&str, On); 7] = [
    ("ecs:UpdateService", own_arn),
    ("ecs:StopServiceDeployment", deployments),
    ("ecs:ContinueServiceDeployment", deployments),
    ("ecs:RunTask", definition),
    ("ecs:RegisterTaskDefinition", definitions),
    ("ecs:StopTask", tasks),
    (
        "application-autoscaling:RegisterScalableTarget",
        scalable_targets,
    ),
];

fn own_arn(service: &Service) -> Clean {
    Clean::new(service.arn.as_str())
}

fn definition(service: &Service) -> Clean {
    Clean::new(service.task_definition.as_str())
}

fn definitions(service: &Service) -> Clean {
    let any = service.task_definition.as_str().rsplit_once(':');
    Clean::own(format!(
        "{}:*",
        Clean::new(any.map_or("", |(family, _)| family))
    ))
}

fn deployments(service: &Service) -> Clean {
    let (cluster, name) = (service.cluster.name(), service.arn.name());
    of_kind(
        &service.arn,
        &format!("service-deployment/{cluster}/{name}/*"),
    )
}

fn tasks(service: &Service) -> Clean {
    of_kind(&service.arn, &format!("task/{}/*", service.cluster.name()))
}

fn scalable_targets(service: &Service) -> Clean {
    let arn = of_kind(&service.arn, "scalable-target/*");
    Clean::own(arn.replacen(":ecs:", ":application-autoscaling:", 1))
}

/// A resource name of the same partition, region and account.
fn of_kind(arn: &Arn, resource: &str) -> Clean {
    let head: Vec<&str> = arn.as_str().splitn(6, ':').take(5).collect();
    Clean::new(&format!("{}:{resource}", head.join(":")))
}

/// Whose policies are looked at: a session has those of its role.
///
/// None for the root user, and for federated ones, whose policies IAM does not know. A session does not name its role's
/// path (source: IAM user guide, "IAM identifiers"): roles without one are found, and those of an IAM Identity Center in
/// us-east-1; of others nothing is known, and nothing is marked.
fn principal(caller: &Arn) -> Option<Arn> {
    let mut parts = caller.as_str().splitn(6, ':');
    let (_, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (account, resource) = (parts.nth(1)?, parts.next()?);
    match (service, resource.split_once('/')?) {
        ("iam", ("user" | "role", _)) => Some(caller.clone()),
        ("sts", ("assumed-role", session)) => {
            let role = session.split('/').next()?;
            let path = if role.starts_with("AWSReservedSSO_") {
                "aws-reserved/sso.amazonaws.com/"
            } else {
                ""
            };
            let arn = format!("arn:{partition}:iam::{account}:role/{path}{role}");
            Some(Arn::new(&arn))
        }
        _ => None,
    }
}

/// What IAM is asked about the service that is looked at. None in a console that writes nothing.
pub(in crate::app) fn question(model: &Model, service: &Service) -> Option<Question> {
    if model.setup.read_only || !model.setup.panes.contains(&Pane::Detail) {
        return None;
    }
    let principal = principal(&model.identity.as_ref()?.arn)?;
    let mut resources: Vec<Clean> = OPERATIONS.iter().map(|(_, on)| on(service)).collect();
    resources.sort();
    resources.dedup();
    Some(Question::MayDo {
        principal,
        actions: OPERATIONS
            .iter()
            .map(|(operation, _)| Clean::literal(operation))
            .collect(),
        resources,
        cluster: service.cluster.clone(),
    })
}

/// What IAM would refuse on a service. Worked out once for all keys that are drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refusals {
    /// The operations, each with why.
    refused: Vec<(&'static str, Clean)>,
    /// Tasks are run from a template of the deck, which is of another family.
    has_templates: bool,
}

impl Refusals {
    fn of(model: &Model, service: &Service) -> Self {
        let question = question(model, service);
        let fact = question.and_then(|question| model.fleet.facts.fact(&question));
        let decisions = match fact {
            Some(Fact::MayDo(decisions)) => decisions.as_slice(),
            _ => &[],
        };
        let refused = |decision: &Decision| {
            let why = match decision.permission {
                Permission::ExplicitlyDenied => "a policy denies",
                Permission::NotAllowed => "no policy allows",
                Permission::Allowed | Permission::NoSuchRole => return None,
            };
            let known = OPERATIONS.iter();
            let mut known = known.filter(|(operation, _)| decision.action == **operation);
            let (operation, on) = known.next()?;
            (on(service) == decision.resource).then(|| {
                let words = format!("IAM says no: {why} {operation}");
                (*operation, Clean::own(words))
            })
        };
        Self {
            refused: decisions.iter().filter_map(refused).collect(),
            has_templates: model.setup.deck.iter().any(|deck| !deck.runs.is_empty()),
        }
    }

    fn operation(&self, operation: &str) -> Option<&Clean> {
        let mut refused = self.refused.iter();
        refused
            .find(|(known, _)| *known == operation)
            .map(|(_, why)| why)
    }

    /// Why AWS would probably refuse what a key does. None where that is not known.
    pub fn action(&self, action: Action) -> Option<&Clean> {
        let mut calls = action.info().calls.iter();
        let mut refused = calls.by_ref().map(|operation| self.operation(operation));
        match action {
            // One of two ways, by what goes on.
            Action::Rollback => refused.try_fold(None, |_, one| one.map(Some))?,
            Action::Run if self.has_templates => None,
            _ => refused.flatten().next(),
        }
    }
}

impl Model {
    /// What IAM would refuse on the selected service.
    pub fn refusals(&self) -> Refusals {
        let service = self.selected_service();
        service.map_or_else(Refusals::default, |service| Refusals::of(self, service))
    }
}

/// What IAM says against a write to a service that is proposed, for the question before it.
pub(in crate::app) fn notes(model: &Model, service: &Service, intent: &Intent) -> Vec<Clean> {
    let refusals = Refusals::of(model, service);
    let operations = intent.steps.iter().map(|step| step.request.operation());
    let mut notes: Vec<Clean> = operations
        .filter_map(|operation| refusals.operation(operation))
        .map(|why| Clean::own(format!("{why}; AWS will probably refuse")))
        .collect();
    notes.dedup();
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::service;

    #[test]
    fn a_session_has_the_policies_of_its_role() {
        let of = |arn: &str| principal(&Arn::new(arn)).map(|arn| arn.to_string());
        let role = |name: &str| Some(format!("arn:aws:iam::123456789012:role/{name}"));
        assert_eq!(
            of("arn:aws:sts::123456789012:assumed-role/OnCall/ann"),
            role("OnCall")
        );
        assert_eq!(
            of("arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_0123/ann"),
            role("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_0123")
        );
        let user = "arn:aws-cn:iam::123456789012:user/team/ann";
        assert_eq!(of(user).as_deref(), Some(user));
        for none in [
            "arn:aws:iam::123456789012:root",
            "arn:aws:sts::123456789012:federated-user/ann",
            "",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn each_operation_is_asked_about_on_its_own_kind_of_resource() {
        let web = service("web");
        let on: Vec<String> = OPERATIONS
            .iter()
            .map(|(_, on)| on(&web).to_string())
            .collect();
        let ecs = "arn:aws:ecs:us-east-1:123456789012";
        assert_eq!(
            on,
            [
                format!("{ecs}:service/prod/web"),
                format!("{ecs}:service-deployment/prod/web/*"),
                format!("{ecs}:service-deployment/prod/web/*"),
                format!("{ecs}:task-definition/web:1"),
                format!("{ecs}:task-definition/web:*"),
                format!("{ecs}:task/prod/*"),
                "arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/*"
                    .to_owned(),
            ]
        );
    }
}
