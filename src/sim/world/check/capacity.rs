//! Checks of what tasks run on.

use crate::world::declared::{Declared, Wrong, known, known_if_given};
use crate::world::nearest::hint;
use crate::world::{LaunchType, ServiceSpec, WorldSpec};

pub(super) fn check(spec: &WorldSpec, declared: &Declared) -> Result<(), Wrong> {
    for provider in &spec.capacity_provider {
        known("cluster", &provider.cluster, &declared.clusters)?;
    }
    for instance in &spec.container_instance {
        known("cluster", &instance.cluster, &declared.clusters)?;
        let provider = instance.capacity_provider.as_ref();
        known_if_given("capacity provider", provider, &declared.providers)?;
    }
    for service in spec.service.iter().filter(|service| service.daemon) {
        let fargate = service.launch == LaunchType::Fargate && service.capacity_provider.is_none();
        let instances = spec.container_instance.iter();
        let hosted = instances.filter(|i| i.cluster.get_ref() == service.cluster.get_ref());
        // A daemon without instances is a plain service of a fixed size.
        if fargate && hosted.count() > 0 {
            let what = format!("service `{}` is a daemon: Fargate has none", service.name);
            return Err((service.cluster.span().start, what));
        }
    }
    Ok(())
}

pub(super) fn known_provider(service: &ServiceSpec, declared: &Declared) -> Result<(), Wrong> {
    let Some(name) = &service.capacity_provider else {
        return Ok(());
    };
    if declared.providers.contains(name) {
        return Ok(());
    }
    let nearest = hint(name, declared.providers.iter().map(String::as_str));
    Err((
        service.cluster.span().start,
        format!("unknown capacity provider `{name}`{nearest}"),
    ))
}
