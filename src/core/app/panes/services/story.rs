//! Whether a write has helped: read off the last write to a service and how the service is now.
//!
//! The invariant: a write is said to have helped only where the service was seen in trouble before it, or went back to what
//! ran well, and is well now; and not to have helped only where it had its time, or something failed after it.

use crate::act::{Stage, Verb};
use crate::app::model::past_action::PastAction;
use crate::app::model::running::Running;
use crate::app::model::story::{Course, Stand, Story};
use crate::diagnose::{Diagnosis, Verdict};
use crate::domain::{Service, Time};
use crate::text::{Clean, coarse, rounded};

/// A write is told of for so many seconds, at most.
const TOLD_SECONDS: i64 = 3_600;
/// That it has helped, or that something else came, is told for so many seconds.
const ENDED_SECONDS: i64 = 900;
/// What takes no longer than this may still help.
const PATIENCE_SECONDS: i64 = 180;
/// What fails within so many seconds may have begun before.
const EARLIER_SECONDS: i64 = 30;
/// A service that was in trouble so many seconds before a write was so when somebody decided it.
const BEFORE_SECONDS: i64 = 300;

/// A service after a write.
pub(in crate::app) struct After<'a> {
    /// The newest write to it that was done.
    pub(in crate::app) action: &'a PastAction,
    /// How the service was since the console started.
    pub(in crate::app) course: Course,
    /// The service.
    pub(in crate::app) service: &'a Service,
    /// How it is.
    pub(in crate::app) diagnosis: &'a Diagnosis,
    /// AWS's time.
    pub(in crate::app) now: Time,
}

/// A write that has not ended.
pub(in crate::app) fn sending(running: &Running) -> Story {
    let verb = running.verb;
    let words = match running.stage {
        Stage::Checking | Stage::Journalling => format!("your {verb} is checked once more"),
        Stage::Sending => format!("your {verb} is being sent"),
        Stage::Reconciling => format!("AWS accepted your {verb}"),
    };
    Story {
        write: None,
        verb: Some(verb),
        stand: Stand::UnderWay,
        words: Clean::own(words),
        undoable: false,
    }
}

impl After<'_> {
    /// What has become of it, where there is something to tell.
    pub(in crate::app) fn story(&self) -> Option<Story> {
        let action = self.action;
        let stand = self.stand()?;
        let limit = match stand {
            Stand::UnderWay | Stand::DidNotHelp => TOLD_SECONDS,
            Stand::Recovered | Stand::Superseded => ENDED_SECONDS,
        };
        (self.since(self.now) <= limit).then(|| Story {
            write: Some(action.id.clone()),
            verb: action.verb,
            stand,
            words: Clean::own(self.words(stand)),
            undoable: action.undoable,
        })
    }

    /// Seconds from the write to then.
    fn since(&self, then: Time) -> i64 {
        then.duration_since(self.action.at).as_secs()
    }

    fn words(&self, stand: Stand) -> String {
        let whose = whose(self.action);
        let ago = format!("{whose} {} ago", coarse(self.action.at, self.now));
        match stand {
            Stand::UnderWay => match self.diagnosis.expected_seconds {
                Some(expected) => format!("{ago}, usually takes {}", rounded(expected)),
                None => ago,
            },
            Stand::Recovered => match self.course.well.filter(|well| self.since(*well) >= 0) {
                Some(well) => {
                    let after = rounded(self.since(well).unsigned_abs());
                    format!("recovered {after} after {whose}")
                }
                None => format!("recovered after {ago}"),
            },
            Stand::DidNotHelp => format!("{ago} did not help"),
            Stand::Superseded => format!("{ago} was superseded by another deployment"),
        }
    }

    /// None where there is nothing to tell: the service was well before and is well.
    fn stand(&self) -> Option<Stand> {
        match self.diagnosis.verdict {
            Verdict::RolledBack | Verdict::RollingBack => self.on_the_way_back(),
            _ if self.is_superseded() => Some(Stand::Superseded),
            verdict if verdict.is_bad_news() => Some(self.in_trouble()),
            Verdict::Progressing => Some(Stand::UnderWay),
            Verdict::Steady | Verdict::ScaledToZero => {
                let troubled = self.course.troubled;
                let troubled = troubled.is_some_and(|at| self.since(at) >= -BEFORE_SECONDS);
                let went_back = self.action.verb == Some(Verb::Rollback);
                (troubled || went_back).then_some(Stand::Recovered)
            }
            _ => None,
        }
    }

    /// ECS's own way back is its answer to what was deployed; one that was asked for is the write itself.
    fn on_the_way_back(&self) -> Option<Stand> {
        let asked = self.action.verb == Some(Verb::Rollback);
        let afterwards = self.diagnosis.since.is_some_and(|at| self.since(at) >= 0);
        if asked && self.diagnosis.verdict == Verdict::RollingBack {
            Some(Stand::UnderWay)
        } else if afterwards {
            Some(Stand::DidNotHelp)
        } else {
            // What is known may be older than the write.
            (self.since(self.now) < PATIENCE_SECONDS).then_some(Stand::UnderWay)
        }
    }

    fn in_trouble(&self) -> Stand {
        let mut seen = self.diagnosis.evidence.iter().filter_map(|one| one.at);
        let failed_since = seen.any(|at| self.since(at) > EARLIER_SECONDS);
        let expected = self.diagnosis.expected_seconds.unwrap_or_default();
        let expected = i64::try_from(expected).unwrap_or(i64::MAX);
        if failed_since || self.since(self.now) > PATIENCE_SECONDS.max(expected) {
            Stand::DidNotHelp
        } else {
            Stand::UnderWay
        }
    }

    /// Whether a deployment has begun since that the write did not make: its own begins when AWS answers.
    fn is_superseded(&self) -> bool {
        let deploys = matches!(
            self.action.verb,
            Some(Verb::Rollback | Verb::Redeploy | Verb::Deploy | Verb::Undo | Verb::Restore)
        );
        let newest = self.service.primary().and_then(|primary| primary.created);
        deploys && newest.is_some_and(|created| self.since(created) > EARLIER_SECONDS)
    }
}

/// `your rollback`, `alice's scale`.
fn whose(action: &PastAction) -> String {
    let what = action.verb.map_or("write", Verb::as_str);
    if action.own {
        format!("your {what}")
    } else {
        format!("{}'s {what}", action.by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::{IntentId, Subject};
    use crate::diagnose::sample::{NOW, ago, deployment, service};
    use crate::diagnose::{Evidence, EvidenceSource};
    use crate::domain::Rollout;

    fn write(verb: Verb, seconds_ago: i64) -> PastAction {
        PastAction {
            id: IntentId::new(1),
            at: ago(seconds_ago),
            subject: Subject::Service(service("web").arn),
            verb: Some(verb),
            by: Clean::literal("alice"),
            own: true,
            undoable: true,
            text: Clean::literal("done"),
            good: true,
            count: None,
        }
    }

    fn found(verdict: Verdict, failed: Option<i64>) -> Diagnosis {
        let evidence = failed.map(|seconds| Evidence {
            source: EvidenceSource::StoppedTask,
            at: Some(ago(seconds)),
            reference: Clean::literal("task"),
            container: None,
            text: Clean::literal("no image"),
            count: 1,
            ranking: Vec::new(),
        });
        let since = Some(ago(40));
        Diagnosis {
            expected_seconds: Some(180),
            ..Diagnosis::sample(verdict, since, evidence.into_iter().collect())
        }
    }

    fn told(
        action: &PastAction,
        course: Course,
        service: &Service,
        found: &Diagnosis,
    ) -> Option<(Stand, String)> {
        let after = After {
            action,
            course,
            service,
            diagnosis: found,
            now: Time::from_second(NOW).unwrap(),
        };
        let story = after.story()?;
        Some((story.stand, story.words.to_string()))
    }

    fn troubled(troubled: i64, well: Option<i64>) -> Course {
        Course {
            troubled: Some(ago(troubled)),
            well: well.map(ago),
        }
    }

    #[test]
    fn what_goes_on_says_how_long_it_takes() {
        let told = told(
            &write(Verb::Rollback, 50),
            troubled(0, None),
            &service("web"),
            &found(Verdict::RollingBack, Some(55)),
        );
        let words = "your rollback <1m ago, usually takes 3 min".to_owned();
        assert_eq!(told, Some((Stand::UnderWay, words)));
    }

    #[test]
    fn a_service_that_is_well_after_trouble_has_recovered() {
        let well = found(Verdict::Steady, None);
        let told = |verb, course| told(&write(verb, 200), course, &service("web"), &well);
        let words = "recovered 2 min after your scale".to_owned();
        assert_eq!(
            told(Verb::Scale, troubled(90, Some(80))),
            Some((Stand::Recovered, words))
        );
        assert_eq!(
            told(Verb::Scale, Course::default()),
            None,
            "it was well before"
        );
        assert_eq!(
            told(Verb::Scale, troubled(900, Some(800))),
            None,
            "long before"
        );
        let words = "recovered after your rollback 3m ago".to_owned();
        assert_eq!(
            told(Verb::Rollback, Course::default()),
            Some((Stand::Recovered, words))
        );
    }

    #[test]
    fn what_fails_after_a_write_was_not_helped_by_it() {
        let told = |verdict, at, failed| {
            told(
                &write(Verb::Redeploy, at),
                troubled(0, None),
                &service("web"),
                &found(verdict, failed),
            )
            .map(|told| told.0)
        };
        assert_eq!(
            told(Verdict::Stuck, 100, Some(99)),
            Some(Stand::UnderWay),
            "that may have begun before"
        );
        assert_eq!(told(Verdict::Stuck, 100, Some(10)), Some(Stand::DidNotHelp));
        assert_eq!(told(Verdict::Degraded, 170, None), Some(Stand::UnderWay));
        assert_eq!(told(Verdict::Degraded, 190, None), Some(Stand::DidNotHelp));
        assert_eq!(
            told(Verdict::RollingBack, 100, None),
            Some(Stand::DidNotHelp),
            "ECS gave it up"
        );
        assert_eq!(told(Verdict::Stuck, 3_700, Some(10)), None);
    }

    #[test]
    fn a_deployment_that_begins_later_is_somebody_elses() {
        let mut web = service("web");
        let mut newer = deployment("ecs-svc/9", "web:9");
        (newer.created, newer.rollout) = (Some(ago(50)), Some(Rollout::InProgress));
        web.deployments = vec![newer];
        let found = found(Verdict::Progressing, None);
        let told =
            |verb, at| told(&write(verb, at), Course::default(), &web, &found).map(|told| told.0);
        assert_eq!(told(Verb::Deploy, 55), Some(Stand::UnderWay), "its own");
        assert_eq!(told(Verb::Deploy, 100), Some(Stand::Superseded));
        assert_eq!(
            told(Verb::Scale, 100),
            Some(Stand::UnderWay),
            "a count starts no deployment"
        );
    }

    #[test]
    fn a_write_of_somebody_else_names_them() {
        let mut action = write(Verb::Deploy, 70);
        action.own = false;
        let told = told(
            &action,
            Course::default(),
            &service("web"),
            &found(Verdict::Progressing, None),
        );
        assert_eq!(
            told.unwrap().1,
            "alice's deploy 1m ago, usually takes 3 min"
        );
    }
}
