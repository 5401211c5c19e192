//! From the members of AWS's JSON to the same services and tasks that AWS's API gives.
//!
//! What is absent has AWS's own default, or is unknown: never another value.

use super::moment::Moment;
use super::shape::{ContainerItem, DeploymentItem, EventItem, Item, TaskSetItem};
use crate::domain::{
    Arn, Attachment, Breaker, Container, Controller, Deployment, DeploymentSettings,
    DeploymentStatus, Health, LoadBalancer, Owner, Rollout, Scheduling, Service, ServiceEvent,
    ServiceStatus, StopCode, Strategy, Task, TaskSet, TaskStatus, Time,
};
use crate::text::Clean;

/// The service, and whether its counts are told.
pub(super) fn service(item: &Item) -> (Service, bool) {
    let mut deployments: Vec<Deployment> =
        item.deployments.iter().flatten().map(deployment).collect();
    // A deployment by itself.
    if item.deployments.is_none()
        && (item.rollout_state.is_some() || item.rollout_state_reason.is_some())
    {
        deployments.push(deployment(&by_itself(item)));
    }
    choose_primary(&mut deployments);
    for one in deployments
        .iter_mut()
        .filter(|one| one.task_definition.as_str().is_empty())
    {
        one.task_definition = Arn::new(item.task_definition.as_deref().unwrap_or("this revision"));
    }
    let mut primary = item.deployments.iter().flatten();
    let primary = primary.find(|one| one.status.as_deref() == Some("PRIMARY"));
    // The service's counts are the sum of its deployments'; the primary one has the desired count.
    let desired = item
        .desired_count
        .or(primary.and_then(|primary| primary.desired_count));
    let all = item
        .deployments
        .iter()
        .flatten()
        .filter_map(|one| one.running_count);
    let running = item
        .running_count
        .or((all.clone().count() > 0).then(|| all.sum()));
    let counted = desired.is_some() && running.is_some();
    let mut events: Vec<ServiceEvent> = item.events.iter().flatten().map(event).collect();
    if events.iter().all(|event| event.at.is_some()) {
        // Newest first, as AWS gives them; of the same moment the order stays.
        events.sort_by_key(|event| std::cmp::Reverse(event.at));
    }
    let arn = named(item.service_arn.as_deref());
    let service = Service {
        name: match item.service_name.as_deref() {
            Some(name) => Clean::new(name),
            None => Clean::new(arn.name()),
        },
        arn,
        cluster: named(item.cluster_arn.as_deref()),
        status: match item.status.as_deref() {
            Some("DRAINING") => ServiceStatus::Draining,
            Some("INACTIVE") => ServiceStatus::Inactive,
            // A deployment by itself has another word there.
            _ => ServiceStatus::Active,
        },
        desired: count(desired),
        running: count(running),
        pending: count(item.pending_count),
        launch: launch(item),
        controller: controller(item),
        scheduling: match item.scheduling_strategy.as_deref() {
            Some("DAEMON") => Scheduling::Daemon,
            _ => Scheduling::Replica,
        },
        task_definition: named(item.task_definition.as_deref()),
        deployments,
        task_sets: item.task_sets.iter().flatten().map(task_set).collect(),
        events,
        settings: settings(item),
        grace_seconds: item
            .health_check_grace_period_seconds
            .map(|seconds| count(Some(seconds))),
        load_balancers: load_balancers(item),
        network: None,
        exec: false,
        created: moment(item.created_at),
    };
    (service, counted)
}

fn by_itself(item: &Item) -> DeploymentItem {
    DeploymentItem {
        id: item.id.clone(),
        status: None,
        task_definition: item.task_definition.clone(),
        desired_count: item.desired_count,
        running_count: item.running_count,
        pending_count: item.pending_count,
        failed_tasks: item.failed_tasks,
        rollout_state: item.rollout_state.clone(),
        rollout_state_reason: item.rollout_state_reason.clone(),
        created_at: item.created_at,
        updated_at: item.updated_at,
    }
}

fn launch(item: &Item) -> Clean {
    let providers = item.capacity_provider_strategy.iter().flatten();
    let names: Vec<&str> = providers
        .filter_map(|one| one.capacity_provider.as_deref())
        .collect();
    if names.is_empty() {
        Clean::new(item.launch_type.as_deref().unwrap_or_default())
    } else {
        Clean::new(&names.join("+"))
    }
}

fn controller(item: &Item) -> Controller {
    let named = item.deployment_controller.as_ref();
    match named.and_then(|controller| controller.r#type.as_deref()) {
        None | Some("ECS") => Controller::Ecs,
        Some("CODE_DEPLOY") => Controller::CodeDeploy,
        Some(_) => Controller::External,
    }
}

pub(super) fn settings(item: &Item) -> DeploymentSettings {
    let Some(settings) = &item.deployment_configuration else {
        return DeploymentSettings::default();
    };
    let breaker = settings.deployment_circuit_breaker.as_ref();
    let number = |raw: Option<i64>| raw.map(|raw| count(Some(raw)));
    let (linear, canary) = (
        settings.linear_configuration.as_ref(),
        settings.canary_configuration.as_ref(),
    );
    DeploymentSettings {
        minimum_percent: number(settings.minimum_healthy_percent),
        maximum_percent: number(settings.maximum_percent),
        breaker: breaker.map_or_else(Breaker::default, |breaker| Breaker {
            enabled: breaker.enable.unwrap_or_default(),
            rollback: breaker.rollback.unwrap_or_default(),
        }),
        strategy: Strategy::read(
            settings.strategy.as_deref(),
            (
                linear.and_then(|one| one.step_percent),
                number(linear.and_then(|one| one.step_bake_time_in_minutes)),
            ),
            (
                canary.and_then(|one| one.canary_percent),
                number(canary.and_then(|one| one.canary_bake_time_in_minutes)),
            ),
        ),
        bake_minutes: number(settings.bake_time_in_minutes),
        early_success_percent: settings
            .early_success_criteria
            .as_ref()
            .filter(|criteria| criteria.enable == Some(true))
            .and_then(|criteria| number(criteria.healthy_percent)),
    }
}

fn load_balancers(item: &Item) -> Vec<LoadBalancer> {
    let balancers = item.load_balancers.iter().flatten();
    balancers
        .map(|one| LoadBalancer {
            target_group: one.target_group_arn.as_deref().map(Arn::new),
            container: Clean::new(one.container_name.as_deref().unwrap_or_default()),
            port: one.container_port.and_then(|port| u16::try_from(port).ok()),
        })
        .collect()
}

/// Where no deployment says its place, the one under way is the newest, else the first.
fn choose_primary(deployments: &mut [Deployment]) {
    if deployments
        .iter()
        .any(|one| one.status != DeploymentStatus::Other)
    {
        return;
    }
    let under_way = |one: &Deployment| one.rollout == Some(Rollout::InProgress);
    let at = deployments.iter().position(under_way).unwrap_or_default();
    if let Some(primary) = deployments.get_mut(at) {
        primary.status = DeploymentStatus::Primary;
    }
}

fn deployment(item: &DeploymentItem) -> Deployment {
    Deployment {
        id: Clean::new(item.id.as_deref().unwrap_or_default()),
        status: match item.status.as_deref() {
            Some("PRIMARY") => DeploymentStatus::Primary,
            Some("ACTIVE") => DeploymentStatus::Active,
            Some("INACTIVE") => DeploymentStatus::Inactive,
            _ => DeploymentStatus::Other,
        },
        task_definition: named(item.task_definition.as_deref()),
        desired: count(item.desired_count),
        pending: count(item.pending_count),
        running: count(item.running_count),
        failed: count(item.failed_tasks),
        rollout: match item.rollout_state.as_deref() {
            Some("IN_PROGRESS") => Some(Rollout::InProgress),
            Some("COMPLETED") => Some(Rollout::Completed),
            Some("FAILED") => Some(Rollout::Failed),
            _ => None,
        },
        reason: text(item.rollout_state_reason.as_deref()),
        created: moment(item.created_at),
        updated: moment(item.updated_at),
    }
}

fn task_set(item: &TaskSetItem) -> TaskSet {
    TaskSet {
        id: Clean::new(item.id.as_deref().unwrap_or_default()),
        status: Clean::new(item.status.as_deref().unwrap_or_default()),
        task_definition: named(item.task_definition.as_deref()),
        external_id: text(item.external_id.as_deref()),
        desired: count(item.computed_desired_count),
        pending: count(item.pending_count),
        running: count(item.running_count),
        stable: item.stability_status.as_deref() == Some("STEADY_STATE"),
        stable_since: moment(item.stability_status_at),
        created: moment(item.created_at),
        updated: moment(item.updated_at),
    }
}

fn event(item: &EventItem) -> ServiceEvent {
    ServiceEvent {
        id: Clean::new(item.id.as_deref().unwrap_or_default()),
        at: moment(item.created_at),
        message: Clean::new(item.message.as_deref().unwrap_or_default()),
    }
}

/// The task.
pub(super) fn task(item: &Item) -> Task {
    let definition = named(item.task_definition_arn.as_deref());
    let mut containers: Vec<Container> = item.containers.iter().flatten().map(container).collect();
    // Some events carry the task's own exit code.
    if containers.is_empty() && item.exit_code.is_some() {
        containers.push(container(&ContainerItem {
            exit_code: item.exit_code,
            reason: item.reason.clone(),
            ..ContainerItem::default()
        }));
    }
    let provider = item.capacity_provider_name.as_deref();
    let launch = provider.or(item.launch_type.as_deref());
    Task {
        arn: named(item.task_arn.as_deref()),
        cluster: named(item.cluster_arn.as_deref()),
        owner: owner(item.group.as_deref()),
        definition,
        started_by: text(item.started_by.as_deref()),
        status: status(item),
        desired: Clean::new(item.desired_status.as_deref().unwrap_or_default()),
        health: health(item.health_status.as_deref()),
        created: moment(item.created_at),
        pull_started: moment(item.pull_started_at),
        pull_stopped: moment(item.pull_stopped_at),
        started: moment(item.started_at),
        stopping: moment(item.stopping_at),
        stopped: moment(item.stopped_at),
        stop_code: item.stop_code.as_deref().and_then(stop_code),
        stopped_reason: text(item.stopped_reason.as_deref()),
        containers,
        launch: Clean::new(launch.unwrap_or_default()),
        cpu: None,
        memory: None,
        zone: None,
        private_ip: None,
        interface: None,
        subnet: None,
        instance: item.container_instance_arn.as_deref().map(Arn::new),
        connected: item.connectivity.as_deref().map(|word| word == "CONNECTED"),
        connected_since: moment(item.connectivity_at),
        attachments: attachments(item),
        overrides: Vec::new(),
        commands: Vec::new(),
    }
}

fn attachments(item: &Item) -> Vec<Attachment> {
    let all = item.attachments.iter().flatten();
    all.map(|one| {
        let mut details = one.details.iter().flatten();
        let reason = details.find(|detail| detail.name.as_deref() == Some("statusReason"));
        Attachment {
            kind: Clean::new(one.r#type.as_deref().unwrap_or_default()),
            status: Clean::new(one.status.as_deref().unwrap_or_default()),
            reason: text(reason.and_then(|detail| detail.value.as_deref())),
        }
    })
    .collect()
}

fn container(item: &ContainerItem) -> Container {
    Container {
        name: Clean::new(item.name.as_deref().unwrap_or_default()),
        status: Clean::new(
            item.last_status
                .as_deref()
                .or(item.known_status.as_deref())
                .unwrap_or_default(),
        ),
        // Windows' codes are unsigned in some places and signed in others: the bits are the same.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the low 32 bits are the code"
        )]
        exit_code: item.exit_code.map(|code| code as i32),
        reason: text(item.reason.as_deref()),
        health: health(item.health_status.as_deref()),
        image: text(item.image.as_deref()),
        digest: None,
        runtime_id: text(item.runtime_id.as_deref()),
        restarts: item.restart_count.map(|raw| count(Some(raw))),
    }
}

/// Where nothing tells what keeps a task, a service is taken for it: the end of its program is then no success.
fn owner(group: Option<&str>) -> Owner {
    match group.map(|group| group.split_once(':').unwrap_or(("", group))) {
        Some(("service", name)) => Owner::Service(Clean::new(name)),
        Some((_, name)) if !name.is_empty() => Owner::Family(Clean::new(name)),
        _ => Owner::Service(Clean::default()),
    }
}

/// Where a task is: where it does not say so, its end tells.
fn status(item: &Item) -> TaskStatus {
    match item.last_status.as_deref().or(item.known_status.as_deref()) {
        Some("PROVISIONING") => TaskStatus::Provisioning,
        Some("PENDING") => TaskStatus::Pending,
        Some("ACTIVATING") => TaskStatus::Activating,
        Some("RUNNING") => TaskStatus::Running,
        Some("DEACTIVATING") => TaskStatus::Deactivating,
        Some("STOPPING") => TaskStatus::Stopping,
        Some("DEPROVISIONING") => TaskStatus::Deprovisioning,
        Some("STOPPED") => TaskStatus::Stopped,
        Some("DELETED") => TaskStatus::Deleted,
        Some(_) => TaskStatus::Other,
        None => {
            let over = |one: &ContainerItem| one.exit_code.is_some() || one.reason.is_some();
            let ended = item.stopped_at.is_some()
                || item.stop_code.is_some()
                || item.stopped_reason.is_some()
                || item.exit_code.is_some()
                || item.containers.iter().flatten().any(over);
            match item.started_at {
                _ if ended => TaskStatus::Stopped,
                Some(_) => TaskStatus::Running,
                None => TaskStatus::Other,
            }
        }
    }
}

fn health(raw: Option<&str>) -> Health {
    match raw {
        Some("HEALTHY") => Health::Healthy,
        Some("UNHEALTHY") => Health::Unhealthy,
        _ => Health::Unknown,
    }
}

fn stop_code(raw: &str) -> Option<StopCode> {
    Some(match raw {
        "" => return None,
        "TaskFailedToStart" => StopCode::TaskFailedToStart,
        "EssentialContainerExited" => StopCode::EssentialContainerExited,
        "UserInitiated" => StopCode::UserInitiated,
        "ServiceSchedulerInitiated" => StopCode::ServiceSchedulerInitiated,
        "SpotInterruption" => StopCode::SpotInterruption,
        "TerminationNotice" => StopCode::TerminationNotice,
        "InfrastructureHealth" => StopCode::InfrastructureHealth,
        _ => StopCode::Other,
    })
}

/// The newest moment that an item tells: its snapshot is not older than that.
pub(super) fn newest(item: &Item) -> Option<Time> {
    let own = [
        item.created_at,
        item.updated_at,
        item.started_at,
        item.stopping_at,
        item.stopped_at,
        item.pull_started_at,
        item.pull_stopped_at,
        item.connectivity_at,
        item.finished_at,
    ];
    let events = item.events.iter().flatten().map(|event| event.created_at);
    let deployments = item.deployments.iter().flatten();
    let deployments = deployments.flat_map(|one| [one.created_at, one.updated_at]);
    let sets = item.task_sets.iter().flatten();
    let sets = sets.flat_map(|one| [one.created_at, one.updated_at, one.stability_status_at]);
    let all = own.into_iter().chain(events).chain(deployments).chain(sets);
    all.filter_map(moment).max()
}

pub(super) fn moment(moment: Option<Moment>) -> Option<Time> {
    moment.and_then(|moment| moment.0)
}

pub(super) fn count(raw: Option<i64>) -> u32 {
    u32::try_from(raw.unwrap_or_default().max(0)).unwrap_or(u32::MAX)
}

pub(super) fn named(raw: Option<&str>) -> Arn {
    Arn::new(raw.unwrap_or_default())
}

pub(super) fn text(raw: Option<&str>) -> Option<Clean> {
    raw.filter(|raw| !raw.is_empty()).map(Clean::new)
}
