//! What is known of the tasks to run before anything is filled in.

use std::collections::BTreeSet;

use crate::act::Order;
use crate::app::model::Model;
use crate::app::model::declined::Declined;
use crate::app::model::form_purpose::{RunBase, RunSource};
use crate::app::writes::source::{order_of, template};
use crate::deck::Launch;
use crate::domain::{Arn, TaskDefinition};
use crate::text::Clean;

impl RunBase {
    /// What a source says.
    ///
    /// # Errors
    /// When it is not there.
    pub(in crate::app) fn of(model: &Model, source: &RunSource) -> Result<Self, Declined> {
        Ok(Self::with(model, source, order_of(model, source)?))
    }

    /// The same with an order that was made of it already.
    pub(in crate::app) fn with(model: &Model, source: &RunSource, order: Order) -> Self {
        let definition = match source {
            RunSource::Service(arn) => {
                let service = model.fleet.services.get(arn);
                service.and_then(|service| model.fleet.definitions.get(&service.task_definition))
            }
            RunSource::Task(arn) => {
                let task = model.fleet.task(arn);
                task.and_then(|task| model.fleet.definitions.get(&task.definition))
            }
            RunSource::Template(_) | RunSource::Again(..) => {
                let mut known = model.fleet.definitions.values();
                known.find(|known| known.arn.family() == order.family.as_str())
            }
        };
        let definition = definition.map(std::convert::AsRef::as_ref);
        Self {
            retries: None,
            known: known_revisions(model, &order.family),
            containers: containers(model, source, &order, definition),
            asks_network: asks_network(model, source, &order),
            source: source.clone(),
            order,
        }
    }
}

/// Whether a person has to say where in the network: AWS tells the subnet of an earlier task, and not its security
/// groups.
fn asks_network(model: &Model, source: &RunSource, order: &Order) -> bool {
    let network = order.network.as_ref();
    match source {
        RunSource::Template(name) => {
            let run = template(model.setup.deck.as_ref(), name);
            network.is_none() && run.is_some_and(|run| run.launch != Launch::Ec2)
        }
        RunSource::Task(_) => network.is_some_and(|network| network.security_groups.is_empty()),
        RunSource::Service(_) | RunSource::Again(..) => false,
    }
}

fn containers(
    model: &Model,
    source: &RunSource,
    order: &Order,
    definition: Option<&TaskDefinition>,
) -> Vec<Clean> {
    let mut names = match (&order.container, definition, source) {
        (Some(container), ..) => vec![container.clone()],
        (None, Some(definition), _) => of_definition(definition),
        (None, None, RunSource::Task(arn)) => {
            let task = model.fleet.task(arn).into_iter();
            let run_with: BTreeSet<Clean> = task
                .flat_map(|task| &task.containers)
                .map(|container| container.name.clone())
                .collect();
            run_with.into_iter().collect()
        }
        (None, None, _) => Vec::new(),
    };
    // The command has one field: it is for the first of the containers.
    if let Some((Some(own), _)) = &order.command {
        names.retain(|name| name != own);
        names.insert(0, own.clone());
    }
    names
}

fn of_definition(definition: &TaskDefinition) -> Vec<Clean> {
    // The first that the task ends with is the one that is meant.
    let containers = definition.containers.iter();
    let (essential, others): (Vec<_>, Vec<_>) =
        containers.partition(|container| container.essential);
    let names = essential.into_iter().chain(others);
    names.map(|container| container.name.clone()).collect()
}

fn known_revisions(model: &Model, family: &str) -> Vec<u32> {
    let fleet = &model.fleet;
    let definitions = fleet
        .definitions
        .keys()
        .chain(
            fleet
                .services
                .values()
                .map(|service| &service.task_definition),
        )
        .chain(fleet.tasks.values().map(|task| &task.definition));
    let known: BTreeSet<u32> = definitions
        .filter(|definition| definition.family() == family)
        .filter_map(Arn::revision)
        .collect();
    known.into_iter().rev().collect()
}
