//! Placement: where a task can run, or why it cannot run anywhere now.

use super::{Launch, words};
use crate::ecs::Ecs;
use crate::ecs::InstanceKey;
use crate::ecs::capacity::{ContainerInstance, InstanceStatus, Misfit};
use crate::ecs::task::Task;
use crate::ecs::troubles::Victim;
use crate::world::{LaunchType, TroubleStage};

/// Why a task can be placed nowhere.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// The service event, after the service's name.
    pub(crate) event: String,
    /// What it is about, whichever instance it names: it is not repeated while that lasts.
    pub(crate) about: String,
    /// RunTask's `failures`: ARN and reason.
    pub(crate) failures: Vec<(Option<String>, String)>,
    /// There is not even an instance: RunTask refuses that altogether.
    pub(crate) empty: bool,
}

impl Refusal {
    fn because(reason: &str) -> Self {
        Refusal {
            event: format!("{}.", words::unplaced(reason.trim_end_matches('.'))),
            about: format!("place: {reason}"),
            failures: vec![(None, reason.to_owned())],
            empty: false,
        }
    }
}

impl Ecs {
    /// A task as troubles see it.
    pub(crate) fn victim<'a>(&'a self, task: &'a Task) -> Victim<'a> {
        let service = task.owner.and_then(|(service, _)| self.service(service));
        Victim {
            cluster: &task.cluster,
            service: service.map(|service| service.name.as_str()),
            definition: &task.definition,
            launch: task.launch,
            provider: task.provider.as_deref(),
            number: task.key.0,
        }
    }

    /// Finds room for a task; the instance when it needs one.
    pub(crate) fn place(&mut self, launch: &Launch) -> Result<Option<InstanceKey>, Refusal> {
        self.place_troubled(launch)?;
        match launch.launch {
            LaunchType::Fargate => self.place_on_fargate(launch),
            LaunchType::Ec2 => self.place_on_instance(launch).map(Some),
        }
    }

    fn place_troubled(&mut self, launch: &Launch) -> Result<(), Refusal> {
        let service = launch.owner.and_then(|(service, _)| self.service(service));
        let victim = Victim {
            cluster: &launch.cluster,
            service: service.map(|service| service.name.as_str()),
            definition: &launch.definition,
            launch: launch.launch,
            provider: launch.provider.as_deref(),
            number: self.launched + 1,
        };
        let Some(number) = self.trouble_at(TroubleStage::Place, victim) else {
            return Ok(());
        };
        let Some(trouble) = self.trouble(number) else {
            return Ok(());
        };
        let mut refusal = Refusal::because(&trouble.spec.reason);
        if let Some(event) = &trouble.spec.event {
            refusal.event.clone_from(event);
            refusal.about = format!("place: {event}");
        }
        self.trouble_hit(number);
        Err(refusal)
    }

    fn place_on_fargate(&self, launch: &Launch) -> Result<Option<InstanceKey>, Refusal> {
        let quota = self.fargate_quota.map(|vcpus| vcpus.saturating_mul(1_024));
        let after = self.fargate_cpu.saturating_add(launch.definition.cpu);
        if quota.is_some_and(|quota| after > quota) {
            return Err(Refusal::because(words::VCPU_QUOTA));
        }
        Ok(None)
    }

    fn place_on_instance(&self, launch: &Launch) -> Result<InstanceKey, Refusal> {
        let candidates: Vec<&ContainerInstance> = self
            .clusters
            .get(&launch.cluster)
            .into_iter()
            .flat_map(|cluster| cluster.instances.values())
            .filter_map(|key| self.instance(*key))
            .filter(|instance| instance.status == InstanceStatus::Active)
            .filter(|instance| launch.provider.is_none() || instance.provider == launch.provider)
            .filter(|instance| !launch.one_each || !self.hosts(instance, launch))
            .collect();
        let judged: Vec<(Option<Misfit>, &ContainerInstance)> = candidates
            .into_iter()
            .map(|instance| (instance.misfit(&launch.definition), instance))
            .collect();
        let roomiest = judged
            .iter()
            .filter(|(misfit, _)| misfit.is_none())
            .min_by_key(|(_, instance)| (instance.tasks.len(), instance.used.cpu, instance.key));
        if let Some((_, instance)) = roomiest {
            return Ok(instance.key);
        }
        Err(no_instance(launch, &judged))
    }

    /// Whether an instance has a task of the launch's deployment already.
    fn hosts(&self, instance: &ContainerInstance, launch: &Launch) -> bool {
        let tasks = instance.tasks.iter().filter_map(|key| self.tasks.get(key));
        tasks
            .into_iter()
            .any(|task| task.wanted && task.owner == launch.owner)
    }
}

fn no_instance(launch: &Launch, judged: &[(Option<Misfit>, &ContainerInstance)]) -> Refusal {
    // The closest one is that which fails the last of the checks.
    let closest = judged
        .iter()
        .filter_map(|(misfit, instance)| Some(((*misfit)?, *instance)))
        .max_by_key(|(misfit, instance)| (*misfit, std::cmp::Reverse(instance.key)));
    let Some((misfit, instance)) = closest else {
        let place = if launch.provider.is_some() {
            "capacity provider"
        } else {
            "cluster"
        };
        let why = format!("Reason: No Container Instances were found in your {place}");
        return Refusal {
            event: words::no_instance_fits(&why),
            about: "place: no instance".to_owned(),
            failures: Vec::new(),
            empty: true,
        };
    };
    let why = format!(
        "The closest matching (container-instance {}) {}",
        instance.id,
        misfit.words()
    );
    let failure = |(misfit, instance): &(Option<Misfit>, &ContainerInstance)| {
        let reason = misfit.map(Misfit::reason)?;
        Some((Some(instance.arn.clone()), reason.to_owned()))
    };
    Refusal {
        event: words::no_instance_fits(&why),
        about: format!("place: {}", misfit.reason()),
        failures: judged.iter().filter_map(failure).collect(),
        empty: false,
    }
}
