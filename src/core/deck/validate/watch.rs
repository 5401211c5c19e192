//! Alarms, metrics, instances, probes and links: each names exactly one thing.

use super::{Checked, Section};
use crate::deck::forms::{is_id, is_statistic, placeholder};
use crate::deck::problem::DeckProblem;
use crate::deck::watch::{Alarm, Instance, Link, Metric, Probe};
use crate::text::Clean;

impl Section<'_> {
    pub(super) fn alarm(&self, alarm: &Alarm) -> Checked {
        if alarm.name.is_some() == alarm.prefix.is_some() {
            return self.fail(
                "",
                DeckProblem::Either("an alarm has either `name` or `prefix`"),
            );
        }
        for (key, value) in [("name", &alarm.name), ("prefix", &alarm.prefix)] {
            if value
                .as_deref()
                .is_some_and(|value| value.trim().is_empty())
            {
                return self.fail(key, DeckProblem::Empty(key));
            }
        }
        self.service("service", alarm.service.as_deref())
    }

    pub(super) fn metric(&self, metric: &Metric) -> Checked {
        if !is_statistic(&metric.statistic) {
            let value = Clean::new(&metric.statistic);
            let (what, example) = (
                "statistic",
                "Average, Sum, Minimum, Maximum, SampleCount or p99 (0 to 100)",
            );
            return self.fail(
                "statistic",
                DeckProblem::Form {
                    value,
                    what,
                    example,
                },
            );
        }
        let seconds = metric.period.map_or(60, |period| period.as_secs());
        // Source: CloudWatch API reference, GetMetricData, MetricStat.Period.
        if !matches!(seconds, 1 | 5 | 10 | 20 | 30) && (seconds == 0 || !seconds.is_multiple_of(60))
        {
            return self.fail(
                "period",
                DeckProblem::Range {
                    key: "period",
                    range: "1s, 5s, 10s, 20s, 30s or whole minutes",
                },
            );
        }
        for (key, bound) in [("above", metric.above), ("below", metric.below)] {
            let percent = metric.unit.as_deref() == Some("percent");
            if bound.is_some_and(|bound| {
                !bound.is_finite() || percent && !(0.0..=100.0).contains(&bound)
            }) {
                let range = if percent {
                    "a percentage, 0 to 100"
                } else {
                    "a finite number"
                };
                return self.fail(key, DeckProblem::Range { key, range });
            }
        }
        self.service("service", metric.service.as_deref())
    }

    pub(super) fn instance(&self, instance: &Instance) -> Checked {
        if instance.id.is_some() != instance.tags.is_empty() {
            return self.fail(
                "",
                DeckProblem::Either("an instance has either `id` or `tags`"),
            );
        }
        if let Some(id) = instance.id.as_deref().filter(|id| !is_id(id, "i-")) {
            let (value, what) = (Clean::new(id), "instance");
            return self.fail(
                "id",
                DeckProblem::Form {
                    value,
                    what,
                    example: "\"i-0123456789abcdef0\"",
                },
            );
        }
        let queues = self
            .check
            .deck
            .queues
            .iter()
            .map(|queue| queue.name.as_str());
        self.refers("drains", "[[queue]]", instance.drains.as_deref(), queues)
    }

    pub(super) fn probe(&self, probe: &Probe) -> Checked {
        let by_service = probe.service.is_some() && probe.path.is_some();
        if probe.url.is_some() == by_service || probe.url.is_some() && probe.path.is_some() {
            return self.fail(
                "",
                DeckProblem::Either("a probe has either `url`, or `service` and `path`"),
            );
        }
        self.url("url", probe.url.as_deref())?;
        if let Some(path) = probe.path.as_deref().filter(|path| !path.starts_with('/')) {
            let (value, what) = (Clean::new(path), "path");
            return self.fail(
                "path",
                DeckProblem::Form {
                    value,
                    what,
                    example: "\"/api/healthz\"",
                },
            );
        }
        if !(100..=599).contains(&probe.status) {
            return self.fail(
                "status",
                DeckProblem::Range {
                    key: "status",
                    range: "an HTTP status, 100 to 599",
                },
            );
        }
        self.service("service", probe.service.as_deref())
    }

    pub(super) fn link(&self, link: &Link) -> Checked {
        self.url("url", Some(&link.url))?;
        match placeholder(&link.url, &Link::PLACEHOLDERS) {
            Some(problem) => self.fail("url", problem),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::refused;
    use crate::deck::problem::DeckProblem;

    #[test]
    fn what_is_watched_is_checked() {
        let metric = |rest: &str| {
            refused(&format!(
                "[[metric]]\nname = \"m\"\nnamespace = \"n\"\nmetric = \"x\"\n{rest}"
            ))
        };
        assert!(matches!(
            metric("statistic = \"p101\""),
            (
                5,
                DeckProblem::Form {
                    what: "statistic",
                    ..
                },
                _
            )
        ));
        assert!(matches!(
            metric("period = \"90s\""),
            (5, DeckProblem::Range { key: "period", .. }, _)
        ));
        assert!(matches!(
            metric("unit = \"percent\"\nabove = 120.0"),
            (6, DeckProblem::Range { key: "above", .. }, _)
        ));
        assert!(matches!(
            metric("service = \"wab\""),
            (5, DeckProblem::Dangling { .. }, _)
        ));
        assert!(matches!(
            refused("[[alarm]]\ntitle = \"t\"\n"),
            (1, DeckProblem::Either(_), _)
        ));
        assert!(matches!(
            refused("[[alarm]]\nname = \"\"\n"),
            (2, DeckProblem::Empty("name"), _)
        ));
        assert!(matches!(
            refused("[[instance]]\nname = \"i\"\n"),
            (1, DeckProblem::Either(_), _)
        ));
        assert!(matches!(
            refused("[[instance]]\nname = \"i\"\nid = \"gpu\"\n"),
            (3, DeckProblem::Form { .. }, _)
        ));
        assert!(matches!(
            refused("[[probe]]\nname = \"p\"\npath = \"/x\"\n"),
            (1, DeckProblem::Either(_), _)
        ));
        assert!(matches!(
            refused("[[probe]]\nname = \"p\"\nurl = \"x\"\n"),
            (3, DeckProblem::Form { .. }, _)
        ));
        assert!(matches!(
            refused("[[probe]]\nname = \"p\"\nurl = \"http://x\"\nstatus = 99\n"),
            (4, DeckProblem::Range { .. }, _)
        ));
        let (line, problem, _) = refused("[[link]]\nname = \"l\"\nurl = \"https://x/{regoin}\"\n");
        assert_eq!((line, problem.nearest()), (3, Some("region")));
    }
}
