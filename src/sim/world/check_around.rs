//! Checks the names and values of what stands around ECS.

use std::collections::BTreeSet;

use super::declared::{Wrong, known, known_if_given};
use super::model::WorldSpec;
use super::nearest::hint;

const PREDEFINED: [&str; 3] = [
    "ALBRequestCountPerTarget",
    "ECSServiceAverageCPUUtilization",
    "ECSServiceAverageMemoryUtilization",
];

fn named<'a>(names: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
    names.cloned().collect()
}

fn choice(kind: &str, wrong: &str, valid: &[&str]) -> Result<(), Wrong> {
    if valid.contains(&wrong) {
        return Ok(());
    }
    let nearest = hint(wrong, valid.iter().copied());
    Err((0, format!("unknown {kind} `{wrong}`{nearest}")))
}

pub(super) fn around(spec: &WorldSpec) -> Result<(), Wrong> {
    let services = named(spec.service.iter().map(|s| &s.name));
    let queues = named(spec.queue.iter().map(|q| &q.name));
    for metric in &spec.metric {
        known_if_given("service", metric.shared_by.as_ref(), &services)?;
        known_if_given("queue", metric.depth_of.as_ref(), &queues)?;
    }
    for entry in &spec.discovery {
        known("service", &entry.service, &services)?;
    }
    for parameter in &spec.parameter {
        choice(
            "kind of parameter",
            &parameter.kind,
            &["SecureString", "String", "StringList"],
        )?;
    }
    for alarm in &spec.alarm {
        if crate::cloudwatch::Statistic::parse(&alarm.statistic).is_none() {
            let message = format!(
                "alarm `{}`: unknown statistic `{}`",
                alarm.name, alarm.statistic
            );
            return Err((0, message));
        }
        if alarm.period == 0 || alarm.period % 60 != 0 {
            let message = format!(
                "alarm `{}`: a period is a multiple of 60 seconds",
                alarm.name
            );
            return Err((0, message));
        }
    }
    scaling(spec, &services)
}

fn scaling(spec: &WorldSpec, services: &BTreeSet<String>) -> Result<(), Wrong> {
    for target in &spec.scalable_target {
        known("service", &target.service, services)?;
        let name = target.service.get_ref();
        if target.min > target.max {
            let at = target.service.span().start;
            return Err((
                at,
                format!("scalable target `{name}`: min is more than max"),
            ));
        }
        for policy in &target.policy {
            match (&policy.predefined, &policy.metric) {
                (Some(kind), None) => choice("predefined metric", kind, &PREDEFINED)?,
                (None, Some(_)) => {}
                _ => {
                    let message = format!(
                        "policy `{}` needs one of `predefined` and `metric`",
                        policy.name
                    );
                    return Err((target.service.span().start, message));
                }
            }
            if policy.target <= 0.0 {
                let message = format!("policy `{}`: a target is above 0", policy.name);
                return Err((target.service.span().start, message));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::world::World;

    const HEAD: &str = "[world]\nname = 't'\naccount = '123456789012'\nregion = 'us-east-1'\n\
                        [[cluster]]\nname = 'main'\n[[task_definition]]\nfamily = 'web'\nrevision = 1\n\
                        [[service]]\nname = 'web'\ncluster = 'main'\ntask_definition = 'web:1'\ndesired = 1\n";

    fn error(rest: &str) -> (usize, String) {
        let error = World::parse(&format!("{HEAD}{rest}"), "t.toml").unwrap_err();
        (error.line, error.message)
    }

    #[test]
    fn a_scalable_target_of_an_unknown_service_is_reported_where_it_is() {
        let (line, message) = error("[[scalable_target]]\nservice = 'wbe'\nmin = 1\nmax = 2\n");
        assert_eq!(line, 16);
        assert!(message.contains("did you mean `web`"), "{message}");
    }

    #[test]
    fn a_policy_has_one_metric_and_bounds_are_in_order() {
        let target = "[[scalable_target]]\nservice = 'web'\nmin = 1\nmax = 3\n";
        let policy = "[[scalable_target.policy]]\nname = 'p'\ntarget = 70.0\n";
        let (_, message) = error(&format!("{target}{policy}"));
        assert!(
            message.contains("needs one of `predefined` and `metric`"),
            "{message}"
        );
        let wrong = "predefined = 'ECSServiceAverageCPUUtilisation'\n";
        let (_, message) = error(&format!("{target}{policy}{wrong}"));
        assert!(
            message.contains("did you mean `ECSServiceAverageCPUUtilization`"),
            "{message}"
        );
        let (_, message) = error("[[scalable_target]]\nservice = 'web'\nmin = 4\nmax = 3\n");
        assert!(message.contains("min is more than max"), "{message}");
    }
}
