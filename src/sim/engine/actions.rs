//! Which part carries out which action.

use super::parts::Engine;
use crate::ecs::Ecs;
use crate::input::{Member, check, table_of};
use crate::service::Service;
use crate::wire::{Action, Answer, ApiError, Args, Run};
use crate::{
    autoscaling, cloud_map, cloudwatch, dynamo, ec2, ecr, ecs, elb, iam, logs, parameters, secrets,
    sqs, sts,
};

fn find<R>(actions: &'static [Action<R>], name: &str) -> Option<&'static Action<R>> {
    actions.iter().find(|action| action.name == name)
}

/// The actions of ECS lie in the files that have them.
fn find_ecs(name: &str) -> Option<&'static Action<Run<Ecs>>> {
    let mut files = ecs::api::ACTIONS.iter();
    files.find_map(|actions| find(actions, name))
}

fn members_of<R>(actions: &'static [Action<R>], name: &str) -> Option<&'static [&'static str]> {
    find(actions, name).map(|action| action.members)
}

/// The members of an action's input in the API model; none where there is no such action.
/// DynamoDB's are checked by an engine of its own.
pub(crate) fn members(service: Service, action: &str) -> Option<&'static [&'static str]> {
    match service {
        Service::Ecs => find_ecs(action).map(|action| action.members),
        Service::Logs => members_of(logs::api::ACTIONS, action),
        Service::Sqs => members_of(sqs::api::ACTIONS, action),
        Service::Sts => members_of(sts::ACTIONS, action),
        Service::CloudWatch => members_of(cloudwatch::api::ACTIONS, action),
        Service::Elb => members_of(elb::ACTIONS, action),
        Service::AutoScaling => members_of(autoscaling::api::ACTIONS, action),
        Service::Secrets => members_of(secrets::ACTIONS, action),
        Service::Parameters => members_of(parameters::ACTIONS, action),
        Service::Ecr => members_of(ecr::ACTIONS, action),
        Service::CloudMap => members_of(cloud_map::ACTIONS, action),
        Service::Ec2 => members_of(ec2::api::ACTIONS, action),
        Service::Iam => members_of(iam::ACTIONS, action),
        Service::Dynamo => None,
    }
}

/// What the input of an action that changes something must look like.
pub(crate) fn input(service: Service, action: &str) -> Option<&'static [Member]> {
    let inputs = match service {
        Service::Ecs => ecs::input::INPUTS,
        Service::Logs => logs::input::INPUTS,
        Service::Sqs => sqs::input::INPUTS,
        Service::Dynamo => dynamo::input::INPUTS,
        Service::AutoScaling => autoscaling::input::INPUTS,
        _ => return None,
    };
    table_of(inputs, action)
}

/// Refuses an input that does not.
pub(crate) fn refuse(service: Service, action: &str, args: &Args) -> Result<(), ApiError> {
    input(service, action).map_or(Ok(()), |table| check(service, action, table, args))
}

impl Engine {
    /// Carries out an action, and what follows from it at once.
    pub(crate) fn call(&mut self, service: Service, action: &str, args: &Args) -> Answer {
        refuse(service, action, args)?;
        let answer = self.carry_out(service, action, args);
        self.hear();
        answer.unwrap_or_else(|| Err(service.unknown_operation(action)))
    }

    fn carry_out(&mut self, service: Service, action: &str, args: &Args) -> Option<Answer> {
        let ecs = &self.ecs;
        Some(match service {
            Service::Ecs => (find_ecs(action)?.run)(&mut self.ecs, args),
            Service::Logs => (find(logs::api::ACTIONS, action)?.run)(&mut self.logs, args),
            Service::Sqs => (find(sqs::api::ACTIONS, action)?.run)(&mut self.sqs, args),
            Service::Sts => (find(sts::ACTIONS, action)?.run)(&mut self.sts, args),
            Service::CloudWatch => {
                (find(cloudwatch::api::ACTIONS, action)?.run)(&mut self.cloudwatch, args)
            }
            Service::Elb => (find(elb::ACTIONS, action)?.run)(&mut self.elb, ecs, args),
            Service::AutoScaling => {
                (find(autoscaling::api::ACTIONS, action)?.run)(&mut self.autoscaling, ecs, args)
            }
            Service::Secrets => (find(secrets::ACTIONS, action)?.run)(&mut self.secrets, ecs, args),
            Service::Parameters => {
                (find(parameters::ACTIONS, action)?.run)(&mut self.parameters, args)
            }
            Service::Ecr => (find(ecr::ACTIONS, action)?.run)(&mut self.ecr, ecs, args),
            Service::CloudMap => {
                (find(cloud_map::ACTIONS, action)?.run)(&mut self.cloud_map, ecs, args)
            }
            Service::Ec2 => (find(ec2::api::ACTIONS, action)?.run)(&mut self.ec2, ecs, args),
            Service::Iam => (find(iam::ACTIONS, action)?.run)(&mut self.iam, args),
            Service::Dynamo => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn names<R>(actions: &[Action<R>]) -> BTreeSet<&'static str> {
        actions.iter().map(|action| action.name).collect()
    }

    fn offered(service: Service) -> BTreeSet<&'static str> {
        match service {
            Service::Ecs => ecs::api::ACTIONS
                .iter()
                .flat_map(|file| names(file))
                .collect(),
            Service::Logs => names(logs::api::ACTIONS),
            Service::Sqs => names(sqs::api::ACTIONS),
            Service::Sts => names(sts::ACTIONS),
            Service::CloudWatch => names(cloudwatch::api::ACTIONS),
            Service::Elb => names(elb::ACTIONS),
            Service::AutoScaling => names(autoscaling::api::ACTIONS),
            Service::Secrets => names(secrets::ACTIONS),
            Service::Parameters => names(parameters::ACTIONS),
            Service::Ecr => names(ecr::ACTIONS),
            Service::CloudMap => names(cloud_map::ACTIONS),
            Service::Ec2 => names(ec2::api::ACTIONS),
            Service::Iam => names(iam::ACTIONS),
            Service::Dynamo => crate::dynamo::ACTIONS.iter().copied().collect(),
        }
    }

    #[test]
    fn what_changes_something_has_a_table_of_its_input_and_nothing_else_has() {
        let reads = [
            "List",
            "Describe",
            "Get",
            "Batch",
            "Query",
            "Scan",
            "Filter",
            "Simulate",
            "Discover",
            // They begin and end a reading.
            "StartLiveTail",
            "StartQuery",
            "StopQuery",
        ];
        for service in Service::ALL {
            for action in offered(service) {
                let changes = !reads.iter().any(|read| action.starts_with(read));
                // What a form has is text, which the operation reads itself.
                let tabled = changes && service != Service::Ec2;
                assert_eq!(input(service, action).is_some(), tabled, "{action}");
            }
        }
    }

    #[test]
    fn the_readme_lists_every_operation_and_no_other() {
        let readme = include_str!("../README.md");
        for service in Service::ALL {
            let row = format!("| {} |", service.name());
            let row = readme.lines().find(|line| line.starts_with(&row)).unwrap();
            let listed: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
            let unique: BTreeSet<&str> = listed.iter().copied().collect();
            assert_eq!(listed.len(), unique.len(), "{row}");
            assert_eq!(unique, offered(service), "{}", service.name());
        }
    }
}
