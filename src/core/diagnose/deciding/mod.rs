//! What AWS answered, weighed: each answer speaks for a cause and against others. The same for a service and for a
//! family of tasks that no service keeps.
//!
//! An answer changes which cause comes first, and is told as evidence. It changes no verdict: that something is
//! there or not says nothing of whether tasks run.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cause::CauseId;
use super::causes::causes_of_verdict;
use super::{Diagnosis, Evidence, EvidenceSource, Fact, Facts, Question};
use crate::domain::{
    Alarm, Arn, Existence, ImageState, Permission, TargetGroup, Task, TaskDefinition, Time,
};
use crate::text::Clean;

mod hosts;
pub(super) mod log_lines;
pub(super) mod questions;

/// What is known around a cause.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    /// The cluster.
    pub(super) cluster: &'a Arn,
    /// The service or family.
    pub(super) name: &'a Clean,
    /// Its tasks, running and stopped.
    pub(super) tasks: &'a [&'a Task],
    /// What AWS was asked.
    pub(super) facts: &'a Facts,
    /// The task definitions that were read, by the revision's resource name.
    pub(super) definitions: &'a BTreeMap<Arn, Arc<TaskDefinition>>,
    /// The revision that is to blame where no task says which.
    pub(super) revision: Option<&'a Arn>,
}

impl<'a> Known<'a> {
    /// The definition of the revision that is to blame where no task says which.
    fn definition(self) -> Option<&'a TaskDefinition> {
        self.definitions.get(self.revision?).map(AsRef::as_ref)
    }

    /// A revision: `:42` where its family is called like the service, else with the family.
    fn revision_word(self, definition: &Arn) -> String {
        revision_word(self.name, definition)
    }
}

/// A revision: `:42` where its family is called so, else with the family.
pub(super) fn revision_word(name: &Clean, definition: &Arn) -> String {
    match definition.revision() {
        Some(revision) if definition.family() == name.as_str() => format!(":{revision}"),
        _ => definition.name().to_owned(),
    }
}

/// A cause that an answer rules out keeps no more than this.
const RULED_OUT: f64 = 0.2;

/// What an answer means.
#[derive(Default)]
struct Meaning {
    /// It speaks for this cause, so strongly, in these words.
    supports: Option<(CauseId, f64, String)>,
    /// These causes it rules out.
    rules_out: &'static [CauseId],
}

/// What the hosts of the cluster say of a task that is to be placed: why there is no room for it.
pub(super) fn room(
    known: Known<'_>,
    hosts: &[crate::domain::ContainerInstance],
) -> Option<(CauseId, String)> {
    let (cause, _, text) = hosts::meaning(known, hosts).supports?;
    Some((cause, text))
}

/// Weighs the answers to the diagnosis' questions.
pub(super) fn weigh(known: Known<'_>, found: &mut Diagnosis) {
    let mut new: Vec<Evidence> = Vec::new();
    let mut out: Vec<CauseId> = Vec::new();
    for question in &found.questions {
        let Some(answered) = known.facts.answered(question) else {
            continue;
        };
        let Ok(fact) = &answered.fact else { continue };
        let meaning = meaning(known, question, fact);
        out.extend(meaning.rules_out);
        new.extend(meaning.supports.map(|(cause, confidence, text)| {
            let source = match question {
                Question::TargetGroup(_) => EvidenceSource::TargetGroup,
                _ => EvidenceSource::Asked,
            };
            told(source, question, answered.at, cause, confidence, text)
        }));
    }
    // An answer decides between causes that the words allow; by itself it accuses nobody.
    new.retain(|evidence| {
        let cause = evidence.ranking.first().map(|best| best.cause);
        let wrong = found.verdict.is_bad_news();
        wrong || found.causes.iter().any(|one| Some(one.id) == cause)
    });
    if new.is_empty() && out.is_empty() {
        return;
    }
    for evidence in &mut found.evidence {
        for ranked in &mut evidence.ranking {
            if out.contains(&ranked.cause) {
                ranked.confidence = ranked.confidence.min(RULED_OUT);
            }
            // Something was looked at that decides: it is no longer open.
            if new
                .iter()
                .any(|one| one.ranking.iter().any(|best| best.cause == ranked.cause))
            {
                ranked.decided_by = None;
            }
        }
        // The surest first again.
        evidence
            .ranking
            .sort_by(|one, other| other.confidence.total_cmp(&one.confidence));
    }
    found.evidence.extend(new);
    found.causes = causes_of_verdict(found.verdict, &found.evidence);
}

fn told(
    source: EvidenceSource,
    question: &Question,
    at: Time,
    cause: CauseId,
    confidence: f64,
    text: String,
) -> Evidence {
    let mut evidence = Evidence::about(source, reference(question), cause, confidence, text);
    evidence.at = Some(at);
    evidence
}

/// What was asked about.
fn reference(question: &Question) -> Clean {
    match question {
        Question::Rollouts { service, .. } | Question::Autoscaling { service, .. } => {
            service.clean().clone()
        }
        Question::TargetGroup(arn) | Question::Instances(arn) => arn.clean().clone(),
        Question::Image(name)
        | Question::Secret(name)
        | Question::Parameter(name)
        | Question::Tags(name)
        | Question::Revisions(name) => name.clone(),
        Question::LogGroup { group, .. } => group.clone(),
        Question::MayRole { role, .. } => role.clean().clone(),
        Question::MayDo { principal, .. } => principal.clean().clone(),
        Question::Forgotten { service, .. } => service.clone(),
        Question::Alarms(names) => names.first().cloned().unwrap_or_default(),
        Question::LastLines { source, .. } => source.streams.first().cloned().unwrap_or_default(),
    }
}

fn meaning(known: Known<'_>, question: &Question, fact: &Fact) -> Meaning {
    match (question, fact) {
        (Question::Image(name), Fact::Image(state)) => image(name, state),
        (Question::Secret(name), Fact::Secret(state)) => secret("secret", name, *state),
        (Question::Parameter(name), Fact::Parameter(state)) => secret("parameter", name, *state),
        (Question::LogGroup { group, .. }, Fact::LogGroup(state)) => log_group(group, *state),
        (Question::MayRole { action, .. }, Fact::MayRole(permission)) => {
            role(question, action, *permission)
        }
        (Question::TargetGroup(_), Fact::TargetGroup(None)) => Meaning {
            supports: Some((
                CauseId::TargetGroupMisconfigured,
                0.97,
                "the target group does not exist".to_owned(),
            )),
            rules_out: &[CauseId::TargetUnhealthy],
        },
        (Question::TargetGroup(_), Fact::TargetGroup(Some(group))) => target_group(group),
        (Question::Instances(_), Fact::Instances(instances)) => hosts::meaning(known, instances),
        (Question::Alarms(_), Fact::Alarms(alarms)) => alarm(alarms),
        _ => Meaning::default(),
    }
}

fn image(name: &Clean, state: &ImageState) -> Meaning {
    let missing = |what: &str| Meaning {
        supports: Some((CauseId::ImageNotFound, 0.98, format!("{what}: {name}"))),
        rules_out: &[CauseId::ImagePullDenied, CauseId::ImagePullNetwork],
    };
    match state {
        ImageState::NoSuchImage => missing("ECR has the repository and not this image"),
        ImageState::NoSuchRepository => missing("ECR has no such repository"),
        // It may have been pushed since: what was said then stays true, and the next try goes on.
        ImageState::Exists { .. } => Meaning::default(),
    }
}

fn secret(kind: &str, name: &Clean, state: Existence) -> Meaning {
    match state {
        Existence::Exists => Meaning::default(),
        Existence::Missing => Meaning {
            supports: Some((
                CauseId::SecretNotFound,
                0.98,
                format!("there is no {kind} {name}"),
            )),
            rules_out: &[CauseId::SecretNetwork],
        },
        Existence::BeingDeleted { .. } => Meaning {
            supports: Some((
                CauseId::SecretNotFound,
                0.98,
                format!("{kind} {name} is marked for deletion and cannot be read"),
            )),
            rules_out: &[CauseId::SecretNetwork],
        },
    }
}

fn log_group(group: &Clean, state: Existence) -> Meaning {
    match state {
        Existence::Exists => Meaning::default(),
        Existence::Missing | Existence::BeingDeleted { .. } => Meaning {
            supports: Some((
                CauseId::LogDriverFailed,
                0.96,
                format!("there is no log group {group}"),
            )),
            rules_out: &[CauseId::LogNetwork],
        },
    }
}

fn role(question: &Question, action: &Clean, permission: Permission) -> Meaning {
    let name = reference(question);
    match permission {
        // Policies of the resource and of the organisation are not simulated: one of them refuses.
        Permission::Allowed => Meaning {
            supports: Some((
                CauseId::SecretAccessDenied,
                0.9,
                format!(
                    "the role's own policies allow {action} to {name}: a key policy, a resource policy or a \
                     permissions boundary refuses it"
                ),
            )),
            rules_out: &[],
        },
        Permission::ExplicitlyDenied => Meaning {
            supports: Some((
                CauseId::SecretAccessDenied,
                0.98,
                format!("a policy denies {action} to {name}"),
            )),
            rules_out: &[],
        },
        Permission::NotAllowed => Meaning {
            supports: Some((
                CauseId::SecretAccessDenied,
                0.97,
                format!("no policy allows {action} to {name}"),
            )),
            rules_out: &[],
        },
        Permission::NoSuchRole => Meaning {
            supports: Some((
                CauseId::RoleNotAssumable,
                0.97,
                format!("there is no role {name}"),
            )),
            rules_out: &[CauseId::SecretAccessDenied],
        },
    }
}

fn target_group(group: &TargetGroup) -> Meaning {
    if group.load_balancers.is_empty() {
        return Meaning {
            supports: Some((
                CauseId::TargetGroupMisconfigured,
                0.97,
                "no load balancer sends to the target group".to_owned(),
            )),
            rules_out: &[CauseId::TargetUnhealthy],
        };
    }
    let sick = group
        .targets
        .iter()
        .find(|target| target.state.as_str() == "unhealthy");
    let Some(sick) = sick else {
        return Meaning::default();
    };
    let why = sick.description.as_ref().or(sick.reason.as_ref());
    let why = why.map_or_else(String::new, |why| format!(": {why}"));
    let checks = checks(group).unwrap_or_default();
    Meaning {
        supports: Some((
            CauseId::TargetUnhealthy,
            0.95,
            format!("target {} is unhealthy{why}{checks}", sick.id),
        )),
        rules_out: &[],
    }
}

/// What the load balancer asks.
fn checks(group: &TargetGroup) -> Option<String> {
    let path = group.check_path.as_ref()?;
    let codes = group
        .matcher
        .as_ref()
        .map_or_else(String::new, |codes| format!(", expects {codes}"));
    Some(format!(" (it asks {path}{codes})"))
}

fn alarm(alarms: &[Alarm]) -> Meaning {
    let fired = alarms.iter().find(|alarm| alarm.state.as_str() == "ALARM");
    Meaning {
        supports: fired.map(|alarm| {
            let why = alarm
                .reason
                .as_ref()
                .map_or_else(String::new, |why| format!(": {why}"));
            (
                CauseId::DeploymentAlarm,
                0.97,
                format!("alarm {} is in ALARM{why}", alarm.name),
            )
        }),
        rules_out: &[],
    }
}
