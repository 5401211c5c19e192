//! The one thing that AWS can be asked where the evidence allows several
//! causes, and what it answered; and what somebody may do, which decides no cause.
//!
//! A question is data and names itself: asked twice, it is the same question.
//! An answer is a fact with the time of its reading; that AWS would not answer
//! is kept too, and decides nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::memory::Memory;
use crate::domain::{
    Alarm, Arn, Autoscaling, CloudError, ContainerInstance, Decision, Existence, ImageState,
    ListedRevision, LogSource, Permission, RepositoryTags, RolloutHistory, Service, TargetGroup,
    Time,
};
use crate::text::Clean;

/// How long answers are good for.
pub(crate) mod pace {
    use std::time::Duration;

    use jiff::SignedDuration;

    /// While a rollout is under way.
    pub(crate) const ROLLING: Duration = Duration::from_secs(15);
    /// What changes by itself: the health of targets, room on hosts, what autoscaling does.
    pub(crate) const LIVE: Duration = Duration::from_secs(30);
    /// What changes when somebody mends it.
    pub(crate) const MENDED: Duration = Duration::from_secs(60);
    /// Alarms, all questions together. See `worker::pace` for why.
    pub(crate) const ALARMS: Duration = Duration::from_secs(60);
    /// What AWS refused to answer, and what it would refuse: somebody may give the permission.
    pub(crate) const REFUSED: Duration = Duration::from_secs(600);
    /// For ever: it is asked once.
    /// For so long after a task's end further lines of it may become known (seen: mostly seconds, under load a minute).
    pub(crate) const LATE_LINES: SignedDuration = SignedDuration::from_secs(60);
    pub(crate) const ONCE: Duration = Duration::from_secs(u32::MAX as u64);
}

/// Something to ask AWS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// A service's rollouts and their revisions: ecs:ListServiceDeployments,
    /// DescribeServiceDeployments, DescribeServiceRevisions.
    Rollouts {
        /// The cluster.
        cluster: Arn,
        /// The service.
        service: Arn,
    },
    /// What scales a service: application-autoscaling:DescribeScalableTargets,
    /// DescribeScalingPolicies, DescribeScalingActivities.
    Autoscaling {
        /// The cluster.
        cluster: Arn,
        /// The service.
        service: Arn,
    },
    /// A target group, its checks and targets: elasticloadbalancing:DescribeTargetGroups,
    /// DescribeTargetHealth.
    TargetGroup(Arn),
    /// CloudWatch alarms by name: cloudwatch:DescribeAlarms. To be asked sparingly: ECS itself uses
    /// the same quota to watch its deployments (source: ECS developer guide, "Deployment alarms").
    Alarms(Vec<Clean>),
    /// Is the image there? ecr:DescribeImages. Only for references to ECR.
    Image(Clean),
    /// Is the secret there? secretsmanager:DescribeSecret. Its value is never read.
    Secret(Clean),
    /// Is the parameter there? ssm:DescribeParameters. Its value is never read.
    Parameter(Clean),
    /// Is the log group there? logs:DescribeLogGroups.
    LogGroup {
        /// The group.
        group: Clean,
        /// Its region, where it is another one.
        region: Option<Clean>,
    },
    /// May the role do this? iam:SimulatePrincipalPolicy.
    MayRole {
        /// The role.
        role: Arn,
        /// The action as IAM names it, for example `secretsmanager:GetSecretValue`.
        action: Clean,
        /// The resource; `*` where none is known.
        resource: Clean,
    },
    /// Which of these may somebody do, and on which of these resources? iam:SimulatePrincipalPolicy.
    MayDo {
        /// The role or user.
        principal: Arn,
        /// The actions as IAM names them.
        actions: Vec<Clean>,
        /// The resources, each for some of the actions.
        resources: Vec<Clean>,
        /// The cluster in which it is done, for policies that name it.
        cluster: Arn,
    },
    /// The hosts of a cluster: ecs:ListContainerInstances, DescribeContainerInstances.
    Instances(Arn),
    /// The newest tags of an image's repository: ecr:DescribeImages. It decides no cause: somebody chooses one of them.
    /// Only for references to ECR, without a tag.
    Tags(Clean),
    /// The newest revisions of a family: ecs:ListTaskDefinitions, DescribeTaskDefinition. It decides no cause: somebody
    /// chooses one of them.
    Revisions(Clean),
    /// What the cluster's event capture or action logs keep of a service's rollout, of which AWS has forgotten the
    /// stopped tasks: logs:FilterLogEvents of one group, or of two.
    Forgotten {
        /// The cluster.
        cluster: Arn,
        /// The service.
        service: Clean,
        /// When the rollout began.
        since: Time,
    },
    /// The last lines of a task that has ended: logs:FilterLogEvents of one stream.
    LastLines {
        /// The stream.
        source: LogSource,
        /// When the task ended.
        until: Time,
    },
}

impl Question {
    /// What a service's rollouts are.
    pub fn rollouts(service: &Service) -> Self {
        Self::Rollouts {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
        }
    }

    /// What scales a service.
    pub fn autoscaling(service: &Service) -> Self {
        Self::Autoscaling {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
        }
    }

    /// How long its answer is good for.
    pub(crate) fn pace(&self) -> Duration {
        match self {
            Self::Rollouts { .. } => pace::ROLLING,
            Self::Autoscaling { .. } | Self::TargetGroup(_) | Self::Instances(_) => pace::LIVE,
            Self::Alarms(_) => pace::ALARMS,
            Self::Image(_)
            | Self::Secret(_)
            | Self::Parameter(_)
            | Self::LogGroup { .. }
            | Self::MayRole { .. } => pace::MENDED,
            // The last hour AWS shows by itself.
            Self::MayDo { .. } | Self::Forgotten { .. } => pace::REFUSED,
            Self::Revisions(_) | Self::Tags(_) => pace::MENDED,
            // A task that has ended writes no more.
            Self::LastLines { .. } => pace::ONCE,
        }
    }

    /// The cluster that it belongs to, where it belongs to one.
    pub(crate) fn cluster(&self) -> Option<&Arn> {
        match self {
            Self::Rollouts { cluster, .. }
            | Self::Autoscaling { cluster, .. }
            | Self::MayDo { cluster, .. }
            | Self::Forgotten { cluster, .. }
            | Self::Instances(cluster) => Some(cluster),
            Self::TargetGroup(_)
            | Self::Alarms(_)
            | Self::Image(_)
            | Self::Secret(_)
            | Self::Parameter(_)
            | Self::LogGroup { .. }
            | Self::MayRole { .. }
            | Self::Revisions(_)
            | Self::Tags(_)
            | Self::LastLines { .. } => None,
        }
    }

    /// What is asked, in plain words, for the list of what was asked.
    pub fn words(&self) -> Clean {
        match self {
            Self::Rollouts { .. } => Clean::literal("the service's earlier rollouts"),
            Self::Autoscaling { .. } => Clean::literal("what scales the service"),
            Self::TargetGroup(group) => Clean::own(format!(
                "the health of target group {}",
                // targetgroup/NAME/ID
                Clean::new(group.resource().split('/').nth(1).unwrap_or(group.name()))
            )),
            Self::Alarms(names) => {
                let names: Vec<&str> = names.iter().map(Clean::as_str).collect();
                Clean::own(format!("the alarms {}", names.join(", ")))
            }
            Self::Image(image) => Clean::own(format!("is image {image} in ECR?")),
            Self::Secret(secret) => Clean::own(format!("does secret {secret} exist?")),
            Self::Parameter(name) => Clean::own(format!("does parameter {name} exist?")),
            Self::LogGroup { group, .. } => Clean::own(format!("does log group {group} exist?")),
            Self::MayRole { role, action, .. } => Clean::own(format!(
                "is role {} allowed to do {action}?",
                Clean::new(role.name())
            )),
            Self::MayDo { principal, .. } => Clean::own(format!(
                "what is {} allowed to do here?",
                Clean::new(principal.name())
            )),
            Self::Instances(cluster) => Clean::own(format!(
                "the instances of cluster {}",
                Clean::new(cluster.name())
            )),
            Self::Tags(repository) => Clean::own(format!("the newest tags of {repository}")),
            Self::Revisions(family) => {
                Clean::own(format!("the newest revisions of family {family}"))
            }
            Self::Forgotten { service, .. } => Clean::own(format!(
                "what the cluster's event capture or action logs keep of {service}"
            )),
            Self::LastLines { source, .. } => Clean::own(format!(
                "the last lines of log stream {}",
                source.streams.first().map_or("", Clean::as_str)
            )),
        }
    }
}

/// What AWS answered. Each fits one kind of [`Question`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// To [`Question::Rollouts`].
    Rollouts(RolloutHistory),
    /// To [`Question::Autoscaling`].
    Autoscaling(Autoscaling),
    /// To [`Question::TargetGroup`]; none: there is no such group.
    TargetGroup(Option<TargetGroup>),
    /// To [`Question::Alarms`]; those that are there.
    Alarms(Vec<Alarm>),
    /// To [`Question::Image`].
    Image(ImageState),
    /// To [`Question::Secret`].
    Secret(Existence),
    /// To [`Question::Parameter`].
    Parameter(Existence),
    /// To [`Question::LogGroup`].
    LogGroup(Existence),
    /// To [`Question::MayRole`].
    MayRole(Permission),
    /// To [`Question::MayDo`]; what IAM could not decide is left out.
    MayDo(Vec<Decision>),
    /// To [`Question::Instances`].
    Instances(Vec<ContainerInstance>),
    /// To [`Question::Tags`].
    Tags(RepositoryTags),
    /// To [`Question::Revisions`], the newest first.
    Revisions(Vec<ListedRevision>),
    /// To [`Question::Forgotten`].
    Forgotten(Memory),
    /// To [`Question::LastLines`], the oldest first.
    LastLines(Vec<Clean>),
}

/// An answer, and when it was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// When it was read, on AWS's clock.
    pub at: Time,
    /// The fact, or why there is none.
    pub fact: Result<Fact, CloudError>,
}

/// What has been asked so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts(BTreeMap<Question, Answered>);

impl Facts {
    /// Takes an answer in place of an earlier one. A failed call takes no fact back.
    pub fn put(&mut self, question: Question, at: Time, fact: Result<Fact, CloudError>) {
        if fact.is_err() && self.fact(&question).is_some() {
            return;
        }
        self.0.insert(question, Answered { at, fact });
    }

    /// What came of a question; none while it has not been answered.
    pub fn answered(&self, question: &Question) -> Option<&Answered> {
        self.0.get(question)
    }

    /// The fact that a question brought.
    pub fn fact(&self, question: &Question) -> Option<&Fact> {
        self.answered(question)?.fact.as_ref().ok()
    }

    /// A service's rollouts.
    pub fn rollouts(&self, cluster: &Arn, service: &Arn) -> Option<&RolloutHistory> {
        let question = Question::Rollouts {
            cluster: cluster.clone(),
            service: service.clone(),
        };
        match self.fact(&question)? {
            Fact::Rollouts(history) => Some(history),
            _ => None,
        }
    }

    /// What scales a service.
    pub fn autoscaling(&self, cluster: &Arn, service: &Arn) -> Option<&Autoscaling> {
        let question = Question::Autoscaling {
            cluster: cluster.clone(),
            service: service.clone(),
        };
        match self.fact(&question)? {
            Fact::Autoscaling(autoscaling) => Some(autoscaling),
            _ => None,
        }
    }

    /// A target group that is there.
    pub fn target_group(&self, group: &Arn) -> Option<&TargetGroup> {
        match self.fact(&Question::TargetGroup(group.clone()))? {
            Fact::TargetGroup(group) => group.as_ref(),
            _ => None,
        }
    }

    /// The hosts of a cluster.
    pub fn instances(&self, cluster: &Arn) -> Option<&[ContainerInstance]> {
        match self.fact(&Question::Instances(cluster.clone()))? {
            Fact::Instances(instances) => Some(instances),
            _ => None,
        }
    }

    /// Forgets what is not asked any more.
    pub fn keep(&mut self, wanted: impl Fn(&Question) -> bool) {
        self.0.retain(|question, _| wanted(question));
    }

    /// Everything that was asked.
    pub fn iter(&self) -> impl Iterator<Item = (&Question, &Answered)> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ErrorKind;

    #[test]
    fn a_call_that_fails_takes_no_fact_back() {
        let question = Question::Image(Clean::new("app:1"));
        let denied = || CloudError {
            operation: "ecr:DescribeImages",
            kind: ErrorKind::Denied,
            code: None,
            message: Clean::literal("no"),
            request_id: None,
        };
        let mut facts = Facts::default();
        facts.put(question.clone(), Time::UNIX_EPOCH, Err(denied()));
        assert!(facts.answered(&question).is_some() && facts.fact(&question).is_none());
        let there = Fact::Image(ImageState::NoSuchImage);
        facts.put(question.clone(), Time::UNIX_EPOCH, Ok(there.clone()));
        facts.put(question.clone(), Time::UNIX_EPOCH, Err(denied()));
        assert_eq!(facts.fact(&question), Some(&there));
    }
}
