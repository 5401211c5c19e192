//! The tasks of services and target groups, as other parts see them.

use super::target::{Target, TargetState};
use super::{Ecs, Service, ServiceKey, Task};

impl Ecs {
    /// The first service of that name, in whichever cluster.
    pub(crate) fn service_named(&self, name: &str) -> Option<ServiceKey> {
        self.services
            .iter()
            .find(|service| service.name == name)
            .map(|service| service.key)
    }

    /// How many tasks of a service run.
    pub(crate) fn running_tasks(&self, key: ServiceKey) -> usize {
        let service = self.service(key);
        let live = service.into_iter().flat_map(|service| &service.live);
        let tasks = live.filter_map(|key| self.tasks.get(key));
        tasks.filter(|task| task.wanted && task.running()).count()
    }

    /// The service whose tasks are the targets of a group.
    pub(crate) fn service_behind(&self, group: &str) -> Option<&Service> {
        let mut services = self.services.iter();
        services.find(|service| {
            service
                .balancers
                .iter()
                .any(|balancer| balancer.group == group)
        })
    }

    /// The targets of a group, each with its task.
    pub(crate) fn targets_of<'a>(
        &'a self,
        group: &'a str,
    ) -> impl Iterator<Item = (&'a Task, &'a Target)> {
        let service = self.service_behind(group);
        let live = service.into_iter().flat_map(|service| &service.live);
        live.filter_map(|key| self.tasks.get(key))
            .flat_map(move |task| {
                let targets = task
                    .targets
                    .iter()
                    .filter(move |target| target.group == group);
                targets.map(move |target| (task, target))
            })
    }

    /// How many targets of a group are in a state.
    pub(crate) fn targets_in(&self, group: &str, state: TargetState) -> usize {
        self.targets_of(group)
            .filter(|(_, target)| target.state == state)
            .count()
    }
}
