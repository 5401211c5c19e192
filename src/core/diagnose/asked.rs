//! What was asked, and what AWS answered, in words.

use serde::Serialize;

use super::last_words::telling;
use super::{Answered, Fact, Question};
use crate::domain::{
    Autoscaling, ContainerInstance, Decision, Existence, ImageState, Permission, RolloutHistory,
    ServiceDeploymentStatus, TargetGroup, Time,
};
use crate::text::Clean;

/// A question that was asked, for people and scripts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Asked {
    /// What was asked.
    pub question: Clean,
    /// When it was answered, on AWS's clock.
    pub at: Time,
    /// The answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Clean>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Clean>,
}

impl Asked {
    /// A question and what came of it.
    pub fn of(question: &Question, answered: &Answered) -> Self {
        let (answer, error) = match &answered.fact {
            Ok(fact) => (Some(fact.words()), None),
            Err(error) => (None, Some(Clean::own(error.to_string()))),
        };
        Self {
            question: question.words(),
            at: answered.at,
            answer,
            error,
        }
    }
}

impl Fact {
    /// The answer in a few words.
    pub fn words(&self) -> Clean {
        match self {
            Self::Rollouts(history) => rollouts(history),
            Self::Autoscaling(autoscaling) => scaling(autoscaling),
            Self::TargetGroup(None) => Clean::literal("there is no such target group"),
            Self::TargetGroup(Some(group)) => targets(group),
            Self::Alarms(alarms) if alarms.is_empty() => Clean::literal("there is no such alarm"),
            Self::Alarms(alarms) => {
                let states = alarms.iter();
                let states = states.map(|alarm| format!("{}: {}", alarm.name, alarm.state));
                Clean::own(states.collect::<Vec<_>>().join(", "))
            }
            Self::Image(image) => image_words(image),
            Self::Secret(existence) | Self::Parameter(existence) | Self::LogGroup(existence) => {
                match existence {
                    Existence::Exists => Clean::literal("exists"),
                    Existence::Missing => Clean::literal("does not exist"),
                    Existence::BeingDeleted { .. } => {
                        Clean::literal("marked for deletion; cannot be read")
                    }
                }
            }
            Self::MayRole(permission) => Clean::literal(match permission {
                Permission::Allowed => "allowed (IAM policy simulation)",
                Permission::ExplicitlyDenied => "a policy denies it",
                Permission::NotAllowed => "no policy allows it",
                Permission::NoSuchRole => "there is no such role",
            }),
            Self::MayDo(decisions) => {
                let may = |one: &&Decision| one.permission == Permission::Allowed;
                let allowed = decisions.iter().filter(may).count();
                Clean::own(format!("{allowed} of {} are allowed", decisions.len()))
            }
            Self::Instances(hosts) => instances(hosts),
            Self::Tags(tags) => Clean::own(format!("{} images have tags", tags.images.len())),
            Self::Revisions(listed) => Clean::own(format!("{} are listed", listed.len())),
            Self::Forgotten(memory) => memory.words(),
            Self::LastLines(lines) => last_lines(lines),
        }
    }

    /// Whether an answer is a piece of what is wrong.
    pub(crate) fn tells_trouble(&self) -> bool {
        match self {
            Self::Rollouts(_) | Self::Autoscaling(_) | Self::MayDo(_) => false,
            Self::TargetGroup(group) => group.as_ref().is_none_or(|group| {
                let mut targets = group.targets.iter();
                targets.any(|target| target.state == "unhealthy")
            }),
            Self::Alarms(alarms) => alarms.iter().any(|alarm| alarm.state == "ALARM"),
            Self::Image(image) => !matches!(image, ImageState::Exists { .. }),
            Self::Secret(there) | Self::Parameter(there) | Self::LogGroup(there) => {
                *there != Existence::Exists
            }
            Self::MayRole(permission) => *permission != Permission::Allowed,
            Self::LastLines(_) | Self::Forgotten(_) | Self::Revisions(_) | Self::Tags(_) => false,
            Self::Instances(hosts) => !hosts.iter().any(|host| host.agent_connected),
        }
    }
}

fn rollouts(history: &RolloutHistory) -> Clean {
    let all = history.deployments.len();
    let good = history
        .deployments
        .iter()
        .filter(|deployment| deployment.status == ServiceDeploymentStatus::Successful)
        .count();
    if all == 0 {
        return Clean::literal("no deployments yet");
    }
    Clean::own(match history.durations().next() {
        Some(seconds) => {
            format!("{good} of the last {all} succeeded, the newest in {seconds} s")
        }
        None => format!("{good} of the last {all} succeeded"),
    })
}

fn scaling(autoscaling: &Autoscaling) -> Clean {
    let Some(target) = autoscaling.target else {
        return Clean::literal("not autoscaled: no scalable target");
    };
    let newest = autoscaling.activities.first();
    let newest = newest.map(|newest| format!("; last: {}", newest.description));
    Clean::own(format!(
        "{} to {} tasks{}",
        target.min,
        target.max,
        newest.unwrap_or_default()
    ))
}

fn targets(group: &TargetGroup) -> Clean {
    let healthy = group
        .targets
        .iter()
        .filter(|target| target.state == "healthy")
        .count();
    let why = group
        .targets
        .iter()
        .filter(|target| target.state == "unhealthy")
        .find_map(|target| target.description.as_ref().or(target.reason.as_ref()));
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    Clean::own(format!(
        "{healthy} of {} targets healthy{why}",
        group.targets.len()
    ))
}

fn image_words(image: &ImageState) -> Clean {
    match image {
        ImageState::Exists {
            pushed: Some(pushed),
            ..
        } => Clean::own(format!(
            "exists, pushed {}",
            pushed.strftime("%Y-%m-%dT%H:%M:%SZ")
        )),
        ImageState::Exists { pushed: None, .. } => Clean::literal("exists"),
        ImageState::NoSuchImage => Clean::literal("the repository has no such image"),
        ImageState::NoSuchRepository => Clean::literal("there is no such repository"),
    }
}

fn instances(hosts: &[ContainerInstance]) -> Clean {
    if hosts.is_empty() {
        return Clean::literal("the cluster has none");
    }
    let connected = hosts.iter().filter(|host| host.agent_connected).count();
    let most = |free: fn(&ContainerInstance) -> u32| hosts.iter().map(free).max().unwrap_or(0);
    Clean::own(format!(
        "{} host{}, {connected} connected; at most {} CPU units and {} MiB free on one",
        hosts.len(),
        if hosts.len() == 1 { "" } else { "s" },
        most(|host| host.remaining.cpu),
        most(|host| host.remaining.memory)
    ))
}

fn last_lines(lines: &[Clean]) -> Clean {
    match telling(lines) {
        Some(words) => words.line,
        None if lines.is_empty() => Clean::literal("no log lines"),
        None => Clean::own(format!("{} lines, none of them an error", lines.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{CloudError, ErrorKind, Resources, TargetHealth};

    #[test]
    fn every_answer_has_words() {
        let host = ContainerInstance {
            arn: crate::domain::Arn::new("host"),
            ec2_id: None,
            status: Clean::new("ACTIVE"),
            agent_connected: false,
            running: 0,
            registered: Resources::default(),
            remaining: Resources {
                cpu: 128,
                ..Resources::default()
            },
            attributes: Vec::new(),
        };
        for (fact, words) in [
            (
                Fact::Rollouts(RolloutHistory::default()),
                "no deployments yet",
            ),
            (
                Fact::Autoscaling(Autoscaling::default()),
                "not autoscaled: no scalable target",
            ),
            (Fact::TargetGroup(None), "there is no such target group"),
            (Fact::Alarms(Vec::new()), "there is no such alarm"),
            (
                Fact::Image(ImageState::NoSuchImage),
                "the repository has no such image",
            ),
            (Fact::Secret(Existence::Missing), "does not exist"),
            (Fact::MayRole(Permission::NotAllowed), "no policy allows it"),
            (
                Fact::Instances(vec![host]),
                "1 host, 0 connected; at most 128 CPU units and 0 MiB free on one",
            ),
        ] {
            assert_eq!(fact.words(), words);
        }
    }

    #[test]
    fn the_words_on_a_target_group_say_why_its_targets_fail() {
        let target = |state: &str, description: Option<&str>| TargetHealth {
            id: Clean::new("10.0.0.7"),
            port: None,
            state: Clean::new(state),
            reason: Some(Clean::new("Target.Timeout")),
            description: description.map(Clean::new),
        };
        let group = TargetGroup {
            arn: crate::domain::Arn::new("tg"),
            port: None,
            target_type: Clean::new("ip"),
            load_balancers: Vec::new(),
            check_protocol: None,
            check_port: None,
            check_path: None,
            matcher: None,
            interval_seconds: None,
            timeout_seconds: None,
            healthy_threshold: None,
            unhealthy_threshold: None,
            targets: vec![
                target("healthy", None),
                target("unhealthy", Some("Request timed out")),
            ],
        };
        assert_eq!(
            Fact::TargetGroup(Some(group)).words(),
            "1 of 2 targets healthy: Request timed out"
        );
    }

    #[test]
    fn a_question_that_was_not_answered_says_why() {
        let question = Question::Secret(Clean::new("app/key"));
        let denied = CloudError {
            operation: "secretsmanager:DescribeSecret",
            kind: ErrorKind::Denied,
            code: Some(Clean::new("AccessDeniedException")),
            message: Clean::new("no"),
            request_id: None,
        };
        let asked = Asked::of(
            &question,
            &Answered {
                at: Time::UNIX_EPOCH,
                fact: Err(denied),
            },
        );
        assert_eq!(asked.question, "does secret app/key exist?");
        assert_eq!(asked.answer, None);
        assert!(asked.error.unwrap().contains("DescribeSecret"));
    }
}
