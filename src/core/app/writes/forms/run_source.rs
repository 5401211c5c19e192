//! From what a task is run: a template of the deck, a service, an earlier task.

use std::collections::BTreeSet;

use super::resend;
use crate::act::IntentId;
use crate::app::model::Model;
use crate::app::model::pane::Pane;
use crate::deck::{Launch, Run};
use crate::domain::{Arn, Network, Owner, Task, TaskDefinition};
use crate::text::Clean;

/// From what a task is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunSource {
    /// A template of the deck, by name.
    Template(Clean),
    /// As a service runs its tasks.
    Service(Arn),
    /// As an earlier task was run.
    Task(Arn),
    /// A run that started nothing, by its id, once more; and what it is called.
    Again(IntentId, Clean),
}

impl RunSource {
    /// What it is called.
    pub fn words(&self) -> Clean {
        match self {
            Self::Template(name) => Clean::own(format!("template {name}")),
            Self::Service(arn) => Clean::own(format!("like service {}", Clean::new(arn.name()))),
            Self::Task(arn) => Clean::own(format!("like task {}", Clean::new(short(arn)))),
            Self::Again(_, title) => title.clone(),
        }
    }
}

fn short(task: &Arn) -> &str {
    task.name().get(..8).unwrap_or(task.name())
}

/// What is known of the tasks to run before anything is filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct RunBase {
    /// From what.
    pub source: RunSource,
    /// Where they run.
    pub cluster: Arn,
    /// The family of their definition.
    pub family: Clean,
    /// The revision that is proposed; absent: the newest.
    pub revision: Option<u32>,
    /// Revisions of the family that are on the screen, the newest first.
    pub known: Vec<u32>,
    /// The containers that may be given something.
    pub containers: Vec<Clean>,
    /// Variables that have a field of their own: container, name, proposed value.
    pub variables: Vec<(Clean, Clean, String)>,
    /// The command that is proposed, for the first container.
    pub command: Vec<Clean>,
    /// CPU units and memory that are proposed, where they differ from the definition's.
    pub size: (Option<u32>, Option<u32>),
    /// On what they run: FARGATE, FARGATE_SPOT, EC2, or a capacity provider.
    pub capacity: Clean,
    /// Where in the network; absent where it is not known or not needed.
    pub network: Option<Network>,
    /// Whether the network has to be filled in.
    pub asks_network: bool,
}

/// Everything that a task can be run from here, the most likely first.
pub(super) fn sources(model: &Model) -> Vec<RunSource> {
    let templates = model.setup.deck.iter().flat_map(|deck| &deck.runs);
    let templates = templates.map(|run| RunSource::Template(Clean::new(&run.name)));
    let task = model.selected_task().map(|task| task.arn.clone());
    let task = task.map(RunSource::Task);
    let service = model.selected_service().map(|service| service.arn.clone());
    let service = service.map(RunSource::Service);
    // Who stands on a task means that task.
    let (first, last) = if model.focus == Pane::Tasks {
        (task, None)
    } else {
        (None, task)
    };
    let mut all = resend::sources(model);
    all.extend(first);
    all.extend(templates);
    all.extend(service);
    all.extend(last);
    all
}

/// Works out what a source says. Reasons why nothing can be run from it are errors.
pub(super) fn base(model: &Model, source: &RunSource) -> Result<RunBase, Clean> {
    let gone = || Clean::own(format!("{}: it is no longer there", source.words()));
    match source {
        RunSource::Template(name) => {
            let mut runs = model.setup.deck.iter().flat_map(|deck| &deck.runs);
            let run = runs.find(|run| run.name == name.as_str());
            of_template(model, source, run.ok_or_else(gone)?)
        }
        RunSource::Service(arn) => {
            let service = model.fleet.services.get(arn).ok_or_else(gone)?;
            let definition = model.fleet.definitions.get(&service.task_definition);
            let mut base = plain(
                model,
                source,
                &service.cluster,
                service.task_definition.family(),
            );
            base.revision = service.task_definition.revision();
            base.containers = containers(definition.map(std::convert::AsRef::as_ref));
            base.capacity = service.launch.clone();
            base.network = service.network.clone();
            Ok(base)
        }
        // It is sent as it was, and never made from what is there now.
        RunSource::Again(..) => Err(gone()),
        RunSource::Task(arn) => {
            of_task(model, source, model.fleet.tasks.get(arn).ok_or_else(gone)?)
        }
    }
}

fn plain(model: &Model, source: &RunSource, cluster: &Arn, family: &str) -> RunBase {
    RunBase {
        source: source.clone(),
        cluster: cluster.clone(),
        family: Clean::new(family),
        revision: None,
        known: known_revisions(model, family),
        containers: Vec::new(),
        variables: Vec::new(),
        command: Vec::new(),
        size: (None, None),
        capacity: Clean::literal("FARGATE"),
        network: None,
        asks_network: false,
    }
}

fn of_template(model: &Model, source: &RunSource, run: &Run) -> Result<RunBase, Clean> {
    let clusters = model.fleet.clusters.keys();
    let cluster = match &run.cluster {
        Some(name) => clusters.clone().find(|arn| arn.name() == name),
        None => clusters.clone().next(),
    };
    let cluster = cluster.ok_or_else(|| {
        let name = run.cluster.as_deref().unwrap_or("of the deck");
        Clean::own(format!("the cluster {} is not known yet", Clean::new(name)))
    })?;
    let (family, revision) = match run.task_definition.split_once(':') {
        Some((family, revision)) => (family, revision.parse().ok()),
        None => (run.task_definition.as_str(), None),
    };
    let mut base = plain(model, source, cluster, family);
    base.revision = revision;
    let mut known = model.fleet.definitions.values();
    let definition = known.find(|known| known.arn.family() == family);
    base.containers = match &run.container {
        Some(container) => vec![Clean::new(container)],
        None => containers(definition.map(std::convert::AsRef::as_ref)),
    };
    base.capacity = Clean::literal(capacity(run.launch));
    base.network = run.network.as_ref().map(|network| Network {
        subnets: network.subnets.iter().map(|id| Clean::new(id)).collect(),
        security_groups: network
            .security_groups
            .iter()
            .map(|id| Clean::new(id))
            .collect(),
        public_ip: network.public_ip,
    });
    base.asks_network = base.network.is_none() && run.launch != Launch::Ec2;
    Ok(base)
}

fn of_task(model: &Model, source: &RunSource, task: &Task) -> Result<RunBase, Clean> {
    let mut base = plain(model, source, &task.cluster, task.definition.family());
    base.revision = task.definition.revision();
    let definition = model.definition_of(task);
    let run_with: BTreeSet<&Clean> = task
        .containers
        .iter()
        .map(|container| &container.name)
        .collect();
    base.containers = match definition {
        Some(_) => containers(definition),
        None => run_with.into_iter().cloned().collect(),
    };
    let given = task.overrides.iter();
    base.variables = given
        .map(|given| {
            (
                given.container.clone(),
                given.name.clone(),
                given.value.to_string(),
            )
        })
        .collect();
    if let Some(given) = task.commands.first() {
        base.command = given.command.clone();
        // The command has one field: it is for the first of the containers.
        base.containers.retain(|name| *name != given.container);
        base.containers.insert(0, given.container.clone());
    }
    if let Some(definition) = definition {
        let changed =
            |now: Option<u32>, own: Option<u32>| now.filter(|_| own.is_some() && now != own);
        base.size = (
            changed(task.cpu, definition.cpu),
            changed(task.memory, definition.memory),
        );
    }
    base.capacity = task.launch.clone();
    let service = match &task.owner {
        Owner::Service(name) => model
            .fleet
            .services
            .values()
            .find(|service| service.name == *name && service.cluster == task.cluster),
        Owner::Family(_) => None,
    };
    base.network = match service {
        Some(service) => service.network.clone(),
        None => template_of(model, task.definition.family()).or_else(|| {
            // AWS says in which subnet it was, not with which security groups.
            let subnets: Vec<Clean> = task.subnet.iter().cloned().collect();
            let some = !subnets.is_empty();
            base.asks_network = some;
            some.then_some(Network {
                subnets,
                security_groups: Vec::new(),
                public_ip: false,
            })
        }),
    };
    Ok(base)
}

/// The network of the template that runs this family.
fn template_of(model: &Model, family: &str) -> Option<Network> {
    let mut runs = model.setup.deck.iter().flat_map(|deck| &deck.runs);
    let run = runs.find(|run| run.task_definition.split(':').next() == Some(family))?;
    let source = RunSource::Template(Clean::new(&run.name));
    of_template(model, &source, run).ok()?.network
}

/// What stands for a launch in AWS's words.
pub(super) fn capacity(launch: Launch) -> &'static str {
    match launch {
        Launch::Fargate => "FARGATE",
        Launch::FargateSpot => "FARGATE_SPOT",
        Launch::Ec2 => "EC2",
    }
}

fn containers(definition: Option<&TaskDefinition>) -> Vec<Clean> {
    let containers = definition
        .into_iter()
        .flat_map(|definition| &definition.containers);
    // The first that the task ends with is the one that is meant.
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
