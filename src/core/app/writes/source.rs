//! From what tasks are run: a template of the deck, a service, an earlier task; and the order that it makes.

use crate::act::Order;
use crate::app::model::Model;
use crate::app::model::declined::Declined;
use crate::app::model::form_purpose::RunSource;
use crate::deck::{Deck, Fill, Run};
use crate::domain::{Arn, Network, Owner, Task};
use crate::text::Clean;

impl Model {
    /// The order that a source makes, before anything is changed in it.
    ///
    /// # Errors
    /// When the source is not there.
    pub fn order_from(&self, source: &RunSource) -> Result<Order, Declined> {
        order_of(self, source)
    }
}

/// The template of the deck that has this name.
pub(in crate::app) fn template<'m>(deck: Option<&'m Deck>, name: &str) -> Option<&'m Run> {
    let mut runs = deck.into_iter().flat_map(|deck| &deck.runs);
    runs.find(|run| run.name == name)
}

/// The order that a source makes, before anything is changed in it.
pub(in crate::app) fn order_of(model: &Model, source: &RunSource) -> Result<Order, Declined> {
    let gone = || Declined::impossible(format!("{} is no longer there", source.words()));
    match source {
        RunSource::Template(name) => {
            let deck = model.setup.deck.as_ref();
            let Some(run) = template(deck, name) else {
                let runs = deck.into_iter().flat_map(|deck| &deck.runs);
                return Err(Declined::Unknown {
                    what: "template",
                    name: name.clone(),
                    known: runs.map(|run| Clean::new(&run.name)).collect(),
                });
            };
            of_template(model, run)
        }
        RunSource::Service(arn) => {
            let service = model.fleet.services.get(arn).ok_or_else(gone)?;
            Ok(Order::of_service(service))
        }
        RunSource::Task(arn) => {
            let task = model.fleet.task(arn).ok_or_else(gone)?;
            let network = network_of(model, task);
            let mut order = Order::of_task(task, network.as_ref());
            if let Some(own) = model.definition_of(task) {
                let changed = |now: Option<u32>, own: Option<u32>| {
                    now.filter(|_| own.is_some() && now != own)
                };
                order.cpu = changed(task.cpu, own.cpu);
                order.memory = changed(task.memory, own.memory);
            }
            Ok(order)
        }
        // It is sent as it was, and never made from what is there now.
        RunSource::Again(..) => Err(gone()),
    }
}

/// The cluster in which a template's tasks run, where it is there.
pub(in crate::app) fn cluster_of<'m>(model: &'m Model, run: &Run) -> Option<&'m Arn> {
    let mut clusters = model.fleet.clusters.keys();
    match &run.cluster {
        Some(name) => clusters.find(|arn| arn.name() == name),
        None => clusters.next(),
    }
}

fn of_template(model: &Model, run: &Run) -> Result<Order, Declined> {
    let cluster = cluster_of(model, run).ok_or_else(|| {
        let name = run.cluster.as_deref().unwrap_or("of the deck");
        Declined::impossible(format!("the cluster {} is not there", Clean::new(name)))
    })?;
    Ok(Order::of_template(run, cluster, &mut fill(model)))
}

/// What stands in a template for what is another one each time.
pub(in crate::app) fn fill(model: &Model) -> Fill {
    let user = model.identity.as_ref();
    Fill {
        now: model.stamp.now,
        entropy: model.stamp.entropy,
        user: Clean::new(user.map_or("", |identity| identity.arn.name())),
    }
}

/// Where in the network a task ran, as its service or the template of its family says: AWS tells its subnet, not its
/// security groups.
fn network_of(model: &Model, task: &Task) -> Option<Network> {
    let mut services = model.fleet.services.values();
    let service = match &task.owner {
        Owner::Service(name) => {
            services.find(|service| service.name == *name && service.cluster == task.cluster)
        }
        Owner::Family(_) => None,
    };
    if let Some(service) = service {
        return service.network.clone();
    }
    let mut runs = model.setup.deck.iter().flat_map(|deck| &deck.runs);
    let family = task.definition.family();
    let run = runs.find(|run| run.task_definition.split(':').next() == Some(family))?;
    of_template(model, run).ok()?.network
}
