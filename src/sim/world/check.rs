//! Checks that every name that a world uses is declared in it.

use super::declared::{Declared, Wrong, known, known_if_given};
use super::error::WorldError;
use super::happening::{EventKind, EventSpec};
use super::model::WorldSpec;
use super::nearest::hint;
use super::parse::line_at;
use super::trouble::TroubleStage;

mod capacity;

pub(super) fn world(spec: &WorldSpec, text: &str, file: &str) -> Result<(), WorldError> {
    let at = |(offset, message): Wrong| WorldError {
        file: file.to_owned(),
        line: if offset == 0 {
            0
        } else {
            line_at(text, offset)
        },
        message,
    };
    if spec.world.account.len() != 12 || !spec.world.account.bytes().all(|b| b.is_ascii_digit()) {
        return Err(at((0, "an account is twelve digits".to_owned())));
    }
    let declared = Declared::of(spec);
    services(spec, &declared).map_err(at)?;
    capacity::check(spec, &declared).map_err(at)?;
    troubles(spec, &declared).map_err(at)?;
    queues_and_tables(spec, &declared).map_err(at)?;
    definitions(spec, &declared).map_err(at)?;
    super::check_around::around(spec).map_err(at)?;
    faults(spec).map_err(|message| at((0, message)))?;
    spec.event
        .iter()
        .try_for_each(|e| event(e, &declared))
        .map_err(at)
}

fn faults(spec: &WorldSpec) -> Result<(), String> {
    spec.fault
        .iter()
        .try_for_each(super::fault::FaultSpec::check)
}

fn services(spec: &WorldSpec, declared: &Declared) -> Result<(), Wrong> {
    for service in &spec.service {
        known("cluster", &service.cluster, &declared.clusters)?;
        known(
            "task definition",
            &service.task_definition,
            &declared.definitions,
        )?;
        for balancer in &service.load_balancers {
            known(
                "target group",
                &balancer.target_group,
                &declared.target_groups,
            )?;
        }
        capacity::known_provider(service, declared)?;
        for past in &service.history {
            known(
                "task definition",
                &past.task_definition,
                &declared.definitions,
            )?;
        }
    }
    Ok(())
}

fn queues_and_tables(spec: &WorldSpec, declared: &Declared) -> Result<(), Wrong> {
    for queue in &spec.queue {
        known_if_given("queue", queue.dead_letter.as_ref(), &declared.queues)?;
        known_if_given("table", queue.rows.as_ref(), &declared.tables)?;
        known_if_given(
            "service",
            queue.work.as_ref().map(|w| &w.service),
            &declared.services,
        )?;
    }
    for table in &spec.table {
        let family = table.worker.as_ref().map(|w| &w.family);
        known_if_given("task definition family", family, &declared.families)?;
        if let Some(row) = table.row.iter().find(|row| !row.contains_key(&table.key)) {
            let message = format!(
                "a row of table `{}` has no `{}`: {row:?}",
                table.name, table.key
            );
            return Err((0, message));
        }
    }
    Ok(())
}

fn troubles(spec: &WorldSpec, declared: &Declared) -> Result<(), Wrong> {
    for trouble in &spec.trouble {
        known_if_given("cluster", trouble.cluster.as_ref(), &declared.clusters)?;
        known_if_given("service", trouble.service.as_ref(), &declared.services)?;
        known_if_given(
            "task definition",
            trouble.task_definition.as_ref(),
            &declared.definitions,
        )?;
        if !(0.0..=1.0).contains(&trouble.share) {
            let what = format!(
                "the share of trouble `{}` is not between 0 and 1",
                trouble.name
            );
            return Err((0, what));
        }
        let silent = trouble.reason.is_empty() && trouble.event.is_none();
        let speaks = match trouble.stage {
            TroubleStage::Run | TroubleStage::Register => false,
            TroubleStage::Target => trouble.after.is_none(),
            _ => true,
        };
        if silent && speaks {
            let what = format!("trouble `{}` needs `reason` or `event`", trouble.name);
            return Err((0, what));
        }
    }
    Ok(())
}

fn definitions(spec: &WorldSpec, declared: &Declared) -> Result<(), Wrong> {
    for definition in &spec.task_definition {
        let Some(like) = definition.like else {
            continue;
        };
        let name = format!("{}:{like}", definition.family);
        if like >= definition.revision || !declared.definitions.contains(&name) {
            let message = format!(
                "task definition `{}:{}` is like `{name}`, which is not an earlier revision",
                definition.family, definition.revision
            );
            return Err((0, message));
        }
    }
    Ok(())
}

fn event(event: &EventSpec, declared: &Declared) -> Result<(), Wrong> {
    let missing = |what: &str| Err((0, format!("an event `{:?}` needs `{what}`", event.kind)));
    known_if_given("cluster", event.cluster.as_ref(), &declared.clusters)?;
    known_if_given("service", event.service.as_ref(), &declared.services)?;
    known_if_given("queue", event.queue.as_ref(), &declared.queues)?;
    known_if_given("trouble", event.trouble.as_ref(), &declared.troubles)?;
    known_if_given("metric", event.metric.as_ref(), &declared.metrics)?;
    known_if_given(
        "target group",
        event.target_group.as_ref(),
        &declared.target_groups,
    )?;
    if let Some(instance) = &event.instance
        && !declared.instances.contains(instance)
    {
        let nearest = hint(instance, declared.instances.iter().map(String::as_str));
        return Err((0, format!("unknown instance `{instance}`{nearest}")));
    }
    known_if_given(
        "repository",
        event.repository.as_ref(),
        &declared.repositories,
    )?;
    known_if_given(
        "task definition",
        event.task_definition.as_ref(),
        &declared.definitions,
    )?;
    match event.kind {
        EventKind::UpdateService if event.service.is_none() => missing("service"),
        EventKind::RunTask if event.task_definition.is_none() => missing("task_definition"),
        EventKind::RunTask if event.cluster.is_none() => missing("cluster"),
        EventKind::QueueRate if event.queue.is_none() => missing("queue"),
        EventKind::QueueRate if event.per_minute.is_none() => missing("per_minute"),
        EventKind::Image if event.repository.is_none() => missing("repository"),
        EventKind::Image if event.tag.is_none() => missing("tag"),
        EventKind::Secret if event.secret.is_none() => missing("secret"),
        EventKind::Trouble if event.trouble.is_none() => missing("trouble"),
        EventKind::ServiceEvent | EventKind::FailDeployment | EventKind::ProtectTasks
            if event.service.is_none() =>
        {
            missing("service")
        }
        EventKind::ServiceEvent | EventKind::FailDeployment if event.message.is_none() => {
            missing("message")
        }
        EventKind::StopTasks if event.service.is_none() && event.task_definition.is_none() => {
            missing("service` or `task_definition")
        }
        EventKind::Instance if event.instance.is_none() => missing("instance"),
        EventKind::Instance if event.state.is_none() => missing("state"),
        EventKind::TargetHealth if event.target_group.is_none() => missing("target_group"),
        EventKind::Alarm if event.alarm.is_none() => missing("alarm"),
        EventKind::DeregisterTaskDefinition if event.task_definition.is_none() => {
            missing("task_definition")
        }
        EventKind::Metric if event.metric.is_none() => missing("metric"),
        _ => Ok(()),
    }
}
