//! `run`: start tasks from a template of the deck, like a service's or like an earlier task.

use ecsdeck_core::act::{Look, Order, run};
use ecsdeck_core::app::{Like, Model, Pane};
use ecsdeck_core::deck::{Deck, Fill};
use ecsdeck_core::domain::{Network, Owner, Service, Task};
use ecsdeck_core::text::{Clean, shell_words};

use super::act::{Act, carry_out, decider};
use super::ask::Asked;
use super::open_writes::settle;
use super::{Failed, resend, watch};
use crate::exit::Exit;
use crate::settings::{Options, UsageError, unknown};

/// What to run.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Run {
    /// A template of the deck, like:SERVICE, or like:TASK
    #[arg(required_unless_present = "resend", conflicts_with = "resend")]
    template: Option<String>,
    #[command(flatten)]
    pub(super) order: Ordered,
    /// Send an earlier run again of which no answer came, with the same token: what it started is not started twice
    #[arg(long, value_name = "ID")]
    resend: Option<String>,
    #[command(flatten)]
    act: Act,
}

/// How tasks are run.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Ordered {
    /// An environment variable; of a template: one of its fields. Once for each
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
    /// How many, up to 100: ten a request
    #[arg(
        long,
        value_name = "N",
        default_value = "1",
        allow_negative_numbers = true
    )]
    count: String,
    /// Of which revision: a number, or latest
    #[arg(long, value_name = "REVISION")]
    revision: Option<String>,
    /// The container that is given the command and variables
    #[arg(long, value_name = "NAME")]
    container: Option<String>,
    /// The command, as a shell would read it
    #[arg(long, value_name = "WORDS")]
    command: Option<String>,
    /// CPU units of the task: 1024 are one vCPU
    #[arg(long, value_name = "UNITS")]
    cpu: Option<u32>,
    /// Memory of the task in MiB
    #[arg(long, value_name = "MIB")]
    memory: Option<u32>,
    /// On what they run
    #[arg(long, value_name = "WHAT")]
    launch: Option<Launch>,
    /// Wait until all have stopped; exit code 1 if one failed
    #[arg(long)]
    wait: bool,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Launch {
    /// Fargate
    Fargate,
    /// Fargate Spot: cheaper, and may be taken away
    FargateSpot,
    /// The cluster's own instances
    Ec2,
}

pub(super) async fn start(options: &Options, command: Run) -> Result<Exit, Failed> {
    if let Some(id) = command.resend {
        return resend::start(options, &id, &command.order.set, command.act).await;
    }
    let mut asked = Asked::begin(options, &[Pane::Services, Pane::Tasks]).await?;
    asked.until(Model::is_settled).await?;
    settle(&mut asked).await?;
    let name = command.template.unwrap_or_default();
    let order = from(asked.model(), &name)?;
    propose(asked, order, command.order, command.act).await
}

/// Fills an order in, proposes it and watches what comes of it.
pub(super) async fn propose(
    mut asked: Asked,
    mut order: Order,
    with: Ordered,
    act: Act,
) -> Result<Exit, Failed> {
    fill(&mut order, &with)?;
    let definition = order.definition();
    let mut seen = asked.look(Look::Definition(definition.clone())).await?;
    let Some(found) = seen.definitions.remove(&definition).flatten() else {
        let known = revisions(asked.model(), &order.family);
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        return Err(Failed::NoSuch(unknown(
            "task definition",
            definition.as_str(),
            &known,
        )));
    };
    let by = decider(asked.model())?;
    let intent = order.wanted(&found).and_then(|wanted| run(by, &wanted));
    let ended = carry_out(&mut asked, intent, &act).await?;
    let exit = match ended.made {
        Some(made) if with.wait => {
            watch::until_stopped(&mut asked, &order.cluster, made.tasks).await?
        }
        _ => ended.exit,
    };
    asked.finish()?;
    Ok(exit)
}

/// The order that a template or an example says.
fn from(model: &Model, name: &str) -> Result<Order, Failed> {
    match name.strip_prefix("like:") {
        None => of_template(model, name),
        Some(like) => Ok(match model.like_named(like)? {
            Like::Service(service) => Order::of_service(service),
            Like::Task(task) => like_task(model, task),
        }),
    }
}

pub(super) fn of_template(model: &Model, name: &str) -> Result<Order, Failed> {
    let template = model.template_named(name)?;
    let mut clusters = model.fleet.clusters.keys();
    let cluster = match &template.cluster {
        Some(name) => clusters.find(|arn| arn.name() == name),
        None => clusters.next(),
    };
    let Some(cluster) = cluster else {
        let name = template.cluster.as_deref().unwrap_or("of the deck");
        return Err(Failed::NoSuch(format!("the cluster {name} is not there")));
    };
    let user = model.identity.as_ref();
    let mut fill = Fill {
        now: model.now(),
        entropy: model.stamp.entropy,
        user: Clean::new(user.map_or("", |identity| identity.arn.name())),
    };
    Ok(Order::of_template(template, cluster, &mut fill))
}

/// As an earlier task was run: in the network of its service or of the template that runs its family.
pub(super) fn like_task(model: &Model, task: &Task) -> Order {
    let is_its = |service: &&Service| match &task.owner {
        Owner::Service(name) => service.name == *name && service.cluster == task.cluster,
        Owner::Family(_) => false,
    };
    let service = model.fleet.services.values().find(is_its);
    let network: Option<Network> = match service {
        Some(service) => service.network.clone(),
        None => template_of(model.setup.deck.as_ref(), task.definition.family())
            .and_then(|name| of_template(model, &name).ok()?.network),
    };
    Order::of_task(task, network.as_ref())
}

/// The template that runs a family.
fn template_of(deck: Option<&Deck>, family: &str) -> Option<String> {
    let mut runs = deck.into_iter().flat_map(|deck| &deck.runs);
    let run = runs.find(|run| run.task_definition.split(':').next() == Some(family))?;
    Some(run.name.clone())
}

fn fill(order: &mut Order, with: &Ordered) -> Result<(), Failed> {
    let usage = |why: String| Failed::from(UsageError(why));
    for given in &with.set {
        let Some((name, value)) = given.split_once('=') else {
            let given: String = given.chars().take(40).collect();
            return Err(usage(format!(
                "--set takes NAME=VALUE, not {}",
                Clean::new(&given)
            )));
        };
        order.set(name, value);
    }
    order.count = with.count.trim().parse().map_err(|_| {
        usage(format!(
            "--count must be a whole number from 1, not {:?}",
            Clean::new(&with.count)
        ))
    })?;
    match with.revision.as_deref() {
        None => {}
        Some("latest") => order.revision = None,
        Some(number) => {
            let number = number.parse().map_err(|_| {
                let number = Clean::new(number);
                usage(format!(
                    "--revision takes a number or latest, not {number:?}"
                ))
            })?;
            order.revision = Some(number);
        }
    }
    if let Some(container) = &with.container {
        order.container = Some(Clean::new(container));
    }
    if let Some(command) = &with.command {
        let words = shell_words(command).map_err(|why| usage(format!("--command: {why}")))?;
        order.command = Some((None, words));
    }
    order.cpu = with.cpu.or(order.cpu);
    order.memory = with.memory.or(order.memory);
    if let Some(launch) = with.launch {
        order.launch = Clean::literal(match launch {
            Launch::Fargate => "FARGATE",
            Launch::FargateSpot => "FARGATE_SPOT",
            Launch::Ec2 => "EC2",
        });
    }
    Ok(())
}

/// The revisions of a family that are in use.
fn revisions(model: &Model, family: &Clean) -> Vec<String> {
    let fleet = &model.fleet;
    let services = fleet.services.values().map(|one| &one.task_definition);
    let tasks = fleet.tasks.values().map(|task| &task.definition);
    let mut names: Vec<String> = services
        .chain(tasks)
        .filter(|definition| definition.family() == family.as_str())
        .map(|definition| definition.name().to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}
