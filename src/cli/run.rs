//! `run` and `retry`: the order that the words make.

use ecsdeck_core::act::{Order, Supplied};
use ecsdeck_core::app::{Like, Model, RunSource, VariableValue, Wish};
use ecsdeck_core::text::{Clean, shell_words};

use super::Failed;
use super::act::Act;
use crate::settings::UsageError;

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
    pub(super) act: Act,
}

/// How tasks are run.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Ordered {
    /// An environment variable; of a template: one of its fields. Once for each
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// How many, up to 100: ten a request
    #[arg(
        long,
        value_name = "N",
        default_value = "1",
        allow_negative_numbers = true
    )]
    count: String,
    /// Of which revision: latest, a number, FAMILY:NUMBER or a resource name
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

/// What to retry.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Retry {
    /// The work item's key, of a table whose task_env the deck names
    key: String,
    #[command(flatten)]
    pub(super) order: Ordered,
    #[command(flatten)]
    pub(super) act: Act,
}

impl Run {
    pub(super) fn wish(&self, model: &Model) -> Result<Wish, Failed> {
        if let Some(id) = &self.resend {
            let id = id.clone();
            let given = Some(self.order.supplied()?);
            return Ok(Wish::Resend { id, given });
        }
        let source = source(model, self.template.as_deref().unwrap_or_default())?;
        let mut order = model.order_from(&source)?;
        fill(model, &mut order, &self.order)?;
        Ok(Wish::Run {
            order: Box::new(order),
            retries: None,
        })
    }
}

impl Ordered {
    fn supplied(&self) -> Result<Supplied, Failed> {
        let container = self.container.as_deref().map(Clean::new);
        let variables = self.set.iter().map(|given| {
            let (name, value) = name_and_value(given)?;
            Ok(VariableValue {
                container: None,
                name: name.to_owned(),
                value: value.to_owned(),
            })
        });
        let commands = self.command.as_deref().map(|command| {
            let words = words(command)?;
            Ok::<_, Failed>((container, words))
        });
        Ok(Supplied {
            variables: variables.collect::<Result<_, Failed>>()?,
            commands: commands.transpose()?.into_iter().collect(),
        })
    }
}

impl Retry {
    pub(super) fn wish(&self, model: &Model) -> Result<Wish, Failed> {
        let item = model.work_item(&self.key)?;
        let mut order = model.retry_order(&item)?;
        fill(model, &mut order, &self.order)?;
        Ok(Wish::Run {
            order: Box::new(order),
            retries: Some(item),
        })
    }
}

/// What `TEMPLATE` or `like:NAME` means.
fn source(model: &Model, name: &str) -> Result<RunSource, Failed> {
    Ok(match name.strip_prefix("like:") {
        None => RunSource::Template(Clean::new(&model.template_named(name)?.name)),
        Some(like) => match model.like_named(like)? {
            Like::Service(service) => RunSource::Service(service.arn.clone()),
            Like::Task(task) => RunSource::Task(task.arn.clone()),
        },
    })
}

fn name_and_value(given: &str) -> Result<(&str, &str), Failed> {
    given.split_once('=').ok_or_else(|| {
        let given: String = given.chars().take(40).collect();
        let given = Clean::new(&given);
        UsageError(format!("--set takes NAME=VALUE, not {given}")).into()
    })
}

/// The words of a command.
fn words(command: &str) -> Result<Vec<String>, Failed> {
    shell_words(command).map_err(|why| UsageError(format!("--command: {why}")).into())
}

fn fill(model: &Model, order: &mut Order, with: &Ordered) -> Result<(), Failed> {
    let usage = |why: String| Failed::from(UsageError(why));
    for given in &with.set {
        let (name, value) = name_and_value(given)?;
        order.set(name, value);
    }
    order.count = with.count.trim().parse().map_err(|_| {
        usage(format!(
            "--count must be a whole number from 1, not {:?}",
            Clean::new(&with.count)
        ))
    })?;
    if let Some(revision) = &with.revision {
        order.revision = model.revision_of(&order.family, revision)?;
    }
    if let Some(container) = &with.container {
        order.container = Some(Clean::new(container));
    }
    if let Some(command) = &with.command {
        order.command = Some((None, words(command)?));
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
