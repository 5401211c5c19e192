//! The commands that change something: each says in words what a key says with a form, a [`Wish`].

use clap::{Args, Subcommand, ValueEnum};
use ecsdeck_core::act::HookAction;
use ecsdeck_core::app::{Model, Pane, Scaling, Slot, Wish};
use ecsdeck_core::domain::Arn;
use ecsdeck_core::text::Clean;

use super::act::{Act, carry_out};
use super::ask::{Asked, is_needed};
use super::run::{Retry, Run};
use super::{Failed, say, watch};
use crate::exit::Exit;
use crate::settings::{Options, UsageError};

#[derive(Debug, Subcommand)]
pub(super) enum Write {
    /// Run tasks: from a template of the deck, like a service's, or like an earlier task
    Run(Run),
    /// Set a service's desired count
    Scale {
        #[command(flatten)]
        on: OnService,
        /// The desired count
        #[arg(allow_negative_numbers = true)]
        count: String,
        #[command(flatten)]
        act: Act,
    },
    /// Roll back to the previous revision
    Rollback {
        #[command(flatten)]
        on: OnService,
        /// To this one: a number, FAMILY:NUMBER or a resource name
        #[arg(long, value_name = "REVISION")]
        to: Option<String>,
        #[command(flatten)]
        act: Act,
    },
    /// Restart all tasks of a service
    Redeploy {
        #[command(flatten)]
        on: OnService,
        #[command(flatten)]
        act: Act,
    },
    /// Replace all tasks of a service by new ones of the same revision: another name of redeploy
    Restart {
        #[command(flatten)]
        on: OnService,
        #[command(flatten)]
        act: Act,
    },
    /// Deploy an image: a new revision in which only the image changes
    Deploy {
        #[command(flatten)]
        on: OnService,
        /// The image; :TAG or @DIGEST alone keeps the repository. Once for each container
        #[arg(long, required = true, value_name = "[CONTAINER=]IMAGE")]
        image: Vec<String>,
        #[command(flatten)]
        act: Act,
    },
    /// Stop tasks
    Stop {
        /// Tasks of one cluster: ids, their beginnings, or resource names
        #[arg(required = true, value_name = "TASK")]
        tasks: Vec<String>,
        /// What the tasks' stopped reason will say
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        act: Act,
    },
    /// Take a service to zero, and remember what it was
    Drain {
        #[command(flatten)]
        on: OnService,
        #[command(flatten)]
        act: Act,
    },
    /// Bring a service back from zero
    Restore {
        #[command(flatten)]
        on: OnService,
        /// Stay at the revision that the service is at now: it may be the repair
        #[arg(long)]
        keep_revision: bool,
        #[command(flatten)]
        act: Act,
    },
    /// Suspend, resume or limit autoscaling
    Autoscaling {
        #[command(flatten)]
        on: OnService,
        /// What to do
        what: What,
        /// For bounds: the minimum capacity
        #[arg(required_if_eq("what", "bounds"))]
        min: Option<String>,
        /// For bounds: the maximum capacity
        #[arg(required_if_eq("what", "bounds"))]
        max: Option<String>,
        #[command(flatten)]
        act: Act,
    },
    /// Answer the lifecycle hook at which a deployment is paused
    Hook {
        #[command(flatten)]
        on: OnService,
        /// The answer
        answer: Answer,
        #[command(flatten)]
        act: Act,
    },
    /// Move a dead-letter queue's messages back
    Redrive {
        /// The dead-letter queue, or the queue that it belongs to
        queue: String,
        /// At most so many messages a second, from 1 to 500
        #[arg(long, value_name = "N")]
        rate: Option<u32>,
        #[command(flatten)]
        act: Act,
    },
    /// Run the task of a work item again
    Retry(Retry),
    /// Undo the last write, or the one that is named
    Undo {
        /// The write, by its id or the beginning of it, as `journal` shows it; the last one of this account and region
        id: Option<String>,
        #[command(flatten)]
        act: Act,
    },
}

/// The service that a command is about.
#[derive(Clone, Debug, Args)]
pub(super) struct OnService {
    /// The service, with or without its cluster: [CLUSTER/]SERVICE
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
}

impl OnService {
    fn arn(&self, model: &Model) -> Result<Arn, Failed> {
        Ok(model.service_named(&self.service)?.arn.clone())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum What {
    /// Nothing scales the service until it is resumed
    Suspend,
    /// As it was before it was suspended
    Resume,
    /// Other limits: MIN MAX
    Bounds,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Answer {
    /// The deployment continues
    Continue,
    /// The deployment rolls back
    Rollback,
}

/// Carries out a command that changes something.
pub(super) async fn run(options: &Options, command: Write) -> Result<Exit, Failed> {
    command.check()?;
    if let Write::Restart { .. } = command {
        say(
            "restart is redeploy: ECS starts new tasks of the same revision, then stops the old ones",
        );
    }
    let act = command.act();
    let panes = command.panes();
    // Whether a service is well again is read off its tasks too.
    let panes = if act.wait && !panes.contains(&Pane::Tasks) {
        [panes, &[Pane::Tasks]].concat()
    } else {
        panes.to_vec()
    };
    let mut asked = Asked::begin(options, &panes).await?;
    asked.until(Model::is_settled).await?;
    let wish = command
        .wish(asked.model())
        .map_err(|failed| unread(asked.model(), &command, failed))?;
    let ended = carry_out(&mut asked, wish, act).await?;
    let exit = match (ended.made, ended.service) {
        (Some(made), service) if act.wait => {
            // Whoever told the command to end waits for nothing more.
            if let Some(signal) = ended.signal {
                return Err(Failed::Signal(signal));
            }
            asked.within(act.timeout);
            match service {
                Some(service) => watch::until_settled(&mut asked, service).await?,
                None => watch::until_stopped(&mut asked, made.tasks).await?,
            }
        }
        _ => ended.exit,
    };
    asked.finish()?;
    Ok(exit)
}

/// What could not be read, in place of a name that nothing known has: it may well be there.
fn unread(model: &Model, command: &Write, failed: Failed) -> Failed {
    if !matches!(failed, Failed::NoSuch(_)) {
        return failed;
    }
    let panes = command.panes();
    let needed = |slot: &Slot| match slot {
        Slot::Queues => panes.contains(&Pane::Queues),
        Slot::Tables | Slot::Work(_) => panes.contains(&Pane::Work),
        slot => is_needed(slot),
    };
    let queues = model.queues.failed.iter().map(|(_, error)| error);
    let queue = queues
        .into_iter()
        .next()
        .filter(|_| panes.contains(&Pane::Queues));
    match model.readings.error_of(needed).or(queue) {
        Some(error) => Failed::Cloud(Box::new(error.clone())),
        None => failed,
    }
}

impl Write {
    /// What is wrong with the words as they stand.
    fn check(&self) -> Result<(), UsageError> {
        match self {
            Self::Autoscaling {
                what: What::Suspend | What::Resume,
                min: Some(_),
                ..
            } => {
                let why = "only bounds takes numbers: bounds MIN MAX";
                Err(UsageError(why.to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// What has to be known before the names mean something.
    fn panes(&self) -> &'static [Pane] {
        match self {
            Self::Run(_) | Self::Stop { .. } => &[Pane::Services, Pane::Tasks],
            Self::Retry(_) => &[Pane::Services, Pane::Tasks, Pane::Work],
            Self::Redrive { .. } => &[Pane::Services, Pane::Queues],
            _ => &[Pane::Services],
        }
    }

    fn act(&self) -> &Act {
        match self {
            Self::Run(Run { act, .. })
            | Self::Retry(Retry { act, .. })
            | Self::Scale { act, .. }
            | Self::Rollback { act, .. }
            | Self::Redeploy { act, .. }
            | Self::Restart { act, .. }
            | Self::Deploy { act, .. }
            | Self::Stop { act, .. }
            | Self::Drain { act, .. }
            | Self::Restore { act, .. }
            | Self::Autoscaling { act, .. }
            | Self::Hook { act, .. }
            | Self::Redrive { act, .. }
            | Self::Undo { act, .. } => act,
        }
    }

    fn wish(&self, model: &Model) -> Result<Wish, Failed> {
        Ok(match self {
            Self::Run(run) => run.wish(model)?,
            Self::Retry(retry) => retry.wish(model)?,
            Self::Scale { on, count, .. } => Wish::Scale {
                service: on.arn(model)?,
                count: count.clone(),
            },
            Self::Rollback { on, to, .. } => Wish::Rollback {
                service: on.arn(model)?,
                to: to.clone(),
            },
            Self::Redeploy { on, .. } | Self::Restart { on, .. } => Wish::Redeploy(on.arn(model)?),
            Self::Deploy { on, image, .. } => Wish::Deploy {
                service: on.arn(model)?,
                images: Some(image.clone()),
                seen: None,
            },
            Self::Stop { tasks, reason, .. } => Wish::Stop {
                tasks: all_tasks(model, tasks)?,
                reason: reason.clone(),
            },
            Self::Drain { on, .. } => Wish::Drain(on.arn(model)?),
            Self::Restore {
                on, keep_revision, ..
            } => Wish::Restore {
                service: on.arn(model)?,
                keep_revision: *keep_revision,
            },
            Self::Autoscaling {
                on, what, min, max, ..
            } => Wish::Autoscaling {
                service: on.arn(model)?,
                to: Some(match what {
                    What::Suspend => Scaling::Suspend,
                    What::Resume => Scaling::Resume,
                    What::Bounds => Scaling::Bounds {
                        min: min.clone().unwrap_or_default(),
                        max: max.clone().unwrap_or_default(),
                    },
                }),
            },
            Self::Hook { on, answer, .. } => Wish::Hook {
                service: on.arn(model)?,
                answer: Some(match answer {
                    Answer::Continue => HookAction::Continue,
                    Answer::Rollback => HookAction::Rollback,
                }),
            },
            Self::Redrive { queue, rate, .. } => Wish::Redrive {
                queue: Clean::new(model.queue_named(queue)?.name()),
                rate: *rate,
            },
            Self::Undo { id, .. } => Wish::Undo { id: id.clone() },
        })
    }
}

/// The tasks of these names, each once.
fn all_tasks(model: &Model, names: &[String]) -> Result<Vec<Arn>, Failed> {
    let mut arns = Vec::new();
    for name in names {
        let arn = &model.task_named(name)?.arn;
        if !arns.contains(arn) {
            arns.push(arn.clone());
        }
    }
    Ok(arns)
}
