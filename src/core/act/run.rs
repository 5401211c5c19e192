//! Starting tasks, once: from a template, like a service's or like an earlier task.

use super::request::MOST_AT_ONCE;
use super::{
    ActError, Capacity, Change, Changed, Decider, Expect, Goal, Intent, MOST_OVERRIDES,
    NetworkConfiguration, Overrides, Request, RunTask, Step, Subject, Tag, Verb,
};
use crate::domain::Arn;
use crate::text::Clean;

/// Tasks that are started at most with one confirmation.
pub const MOST_TASKS: u32 = 100;

/// The tasks that somebody wants: a form that was filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskRun {
    /// What it is called: the template, or the family.
    pub name: Clean,
    /// The cluster.
    pub cluster: Arn,
    /// The revision, not the family alone: it must be the one that was shown.
    pub task_definition: Arn,
    /// How many.
    pub count: u32,
    /// On what; absent: the cluster's default.
    pub capacity: Option<Capacity>,
    /// The Fargate platform version.
    pub platform_version: Option<Clean>,
    /// Where in the network.
    pub network: Option<NetworkConfiguration>,
    /// What is different from the task definition.
    pub overrides: Overrides,
    /// The task group.
    pub group: Option<Clean>,
    /// ECS Exec is on.
    pub exec: bool,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// The mark that an intent's tasks have in `startedBy`, by which they are found again.
pub(super) fn mark(id: &str) -> Clean {
    Clean::own(format!("ecsdeck/{id}"))
}

/// Builds the intent to start tasks: ten a request, each with a token of its own.
///
/// # Errors
/// When the count or the overrides make no sense.
pub fn run(by: Decider<'_>, wanted: &TaskRun) -> Result<Intent, ActError> {
    if !(1..=MOST_TASKS).contains(&wanted.count) {
        return Err(ActError::bad(format!(
            "the number of tasks must be from 1 to {MOST_TASKS}, not {}",
            wanted.count
        )));
    }
    if wanted.task_definition.revision().is_none() {
        return Err(ActError::bad(format!(
            "{} has no revision number",
            wanted.task_definition.name()
        )));
    }
    let length = wanted.overrides.length();
    if length > MOST_OVERRIDES {
        return Err(ActError::bad(format!(
            "the values are too long: {length} characters together, {MOST_OVERRIDES} are allowed"
        )));
    }
    let id = by.id.as_str().to_owned();
    let started_by = mark(&id);
    let mut steps = Vec::new();
    let mut before = 0;
    while before < wanted.count {
        let count = (wanted.count - before).min(MOST_AT_ONCE);
        before += count;
        let request = RunTask {
            cluster: wanted.cluster.clone(),
            task_definition: wanted.task_definition.clone(),
            count,
            capacity: wanted.capacity.clone(),
            platform_version: wanted.platform_version.clone(),
            network_configuration: wanted.network.clone(),
            overrides: wanted.overrides.clone(),
            group: wanted.group.clone(),
            enable_execute_command: wanted.exec,
            tags: wanted.tags.clone(),
            started_by: started_by.clone(),
            client_token: Clean::own(format!("{id}-{}", steps.len() + 1)),
        };
        steps.push(Step {
            request: Request::RunTask(Box::new(request)),
            goal: Goal::Started {
                cluster: wanted.cluster.clone(),
                started_by: started_by.clone(),
                count: before,
            },
        });
    }
    let tasks = match wanted.count {
        1 => "1 task".to_owned(),
        count => format!("{count} tasks"),
    };
    Ok(Intent {
        changes: vec![Change::new(
            Changed::Start,
            "nothing",
            format!("{tasks} of {}", wanted.task_definition.name()),
        )],
        ..by.intent(
            Verb::Run,
            Some(wanted.cluster.clone()),
            Subject::Run(wanted.name.clone()),
            steps,
            vec![Expect::Active(wanted.task_definition.clone())],
        )
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::act::sample::decider;
    use crate::act::{ContainerOverride, Made, Seen, Settlement, Variable};
    use crate::diagnose::sample::{cluster_arn, revision};

    pub(in super::super) fn wanted(count: u32) -> TaskRun {
        TaskRun {
            name: Clean::literal("worker"),
            cluster: cluster_arn("prod"),
            task_definition: revision("worker:3"),
            count,
            capacity: None,
            platform_version: None,
            network: None,
            overrides: Overrides {
                container_overrides: vec![ContainerOverride {
                    name: Clean::literal("app"),
                    environment: vec![Variable {
                        name: "TASK_ID".to_owned(),
                        value: "7".to_owned(),
                    }],
                    ..ContainerOverride::default()
                }],
                ..Overrides::default()
            },
            group: None,
            exec: false,
            tags: vec![],
        }
    }

    fn tokens(intent: &Intent) -> Vec<String> {
        let token = |step: &Step| step.request.body()["clientToken"].to_string();
        intent.steps.iter().map(token).collect()
    }

    #[test]
    fn more_than_ten_are_several_requests_each_with_a_token_of_its_own() {
        let intent = run(decider(), &wanted(23)).unwrap();
        let counts: Vec<_> = intent
            .steps
            .iter()
            .map(|step| step.request.body()["count"].as_u64().unwrap())
            .collect();
        assert_eq!(counts, [10, 10, 3]);
        let mut tokens = tokens(&intent);
        assert!(
            tokens
                .iter()
                .all(|token| token.len() <= 64 && token.is_ascii())
        );
        tokens.dedup();
        assert_eq!(tokens.len(), 3);
        let marks = intent.steps.iter().map(|step| &step.goal);
        let counts: Vec<_> = marks
            .map(|goal| match goal {
                Goal::Started { count, .. } => *count,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(counts, [10, 20, 23]);
    }

    #[test]
    fn counts_revisions_and_values_that_make_no_sense_are_refused() {
        for count in [0, 101, 100_000] {
            assert!(matches!(
                run(decider(), &wanted(count)),
                Err(ActError::Bad(_))
            ));
        }
        let mut family = wanted(1);
        family.task_definition = Arn::new("worker");
        assert!(run(decider(), &family).is_err());
        let mut long = wanted(1);
        long.overrides.container_overrides[0].environment[0].value = "x".repeat(8_192);
        let why = run(decider(), &long).unwrap_err().to_string();
        assert!(why.contains("8192"), "{why}");
    }

    #[test]
    fn the_tasks_that_bear_the_mark_show_that_it_was_applied() {
        let intent = run(decider(), &wanted(2)).unwrap();
        let steps = [&intent.steps[0]];
        let mut seen = Seen::default();
        assert_eq!(Intent::settle(&steps, &seen), Settlement::NotApplied);
        let mark = Clean::own(format!("ecsdeck/{}", intent.id.as_str()));
        seen.started
            .insert(mark, [Arn::new("a"), Arn::new("b")].into());
        assert_eq!(Intent::settle(&steps, &seen), Settlement::Applied);
    }

    #[test]
    fn once_the_answer_told_the_tasks_nothing_is_read() {
        let intent = run(decider(), &wanted(1)).unwrap();
        let made = Made {
            tasks: vec![Arn::new("a")],
            ..Made::default()
        };
        assert_eq!(Intent::goal_looks(&[&intent.steps[0]], &made), []);
        assert_eq!(
            Intent::goal_looks(&[&intent.steps[0]], &Made::default()).len(),
            1
        );
    }
}
