//! The first look at an input: where the tasks of each service lie in it, and the newest moment that it tells.
//!
//! Only places are kept: a few bytes a task, however long its JSON is.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::item::{Read, read_item};
use super::json::{Found, Visit};
use super::shape::{Item, Kind};
use super::source::Source;
use super::{read, rollout};
use crate::domain::{Arn, ServiceDeployment, Task, Time};
use crate::text::Clean;

/// More tasks of one service are not weighed.
const MOST: usize = 2_000;

/// More rollouts of one service are not weighed.
const MOST_ROLLOUTS: usize = 20;

/// Where things lie.
#[derive(Default)]
pub(super) struct Index {
    /// The newest moment: the present, unless somebody says another.
    pub(super) newest: Option<Time>,
    /// Whether anything was recognised.
    pub(super) recognised: bool,
    /// The places of the tasks of each service, by cluster and service.
    tasks: HashMap<(String, String), Vec<(usize, usize)>>,
    /// The places of the rollouts of each service, by the service's resource name.
    rollouts: HashMap<String, Vec<(usize, usize)>>,
}

impl Index {
    /// The rollouts of a service that lie in the input, newest first.
    pub(super) fn rollouts(&self, input: &Source<'_>, service: &Item) -> Vec<ServiceDeployment> {
        let places = service
            .service_arn
            .as_ref()
            .and_then(|arn| self.rollouts.get(arn));
        let mut found: Vec<ServiceDeployment> = places
            .into_iter()
            .flatten()
            .filter_map(|(start, end)| {
                match read_item(&input.slice(*start, *end), *start, Some(Kind::Rollout)) {
                    Ok(Read::Item(item, _)) => Some(rollout::rollout(&item)),
                    _ => None,
                }
            })
            .collect();
        found.sort_by_key(|one| std::cmp::Reverse(one.created));
        found.truncate(MOST_ROLLOUTS);
        found
    }

    /// The tasks of a service that lie in the input.
    pub(super) fn tasks(&self, input: &Source<'_>, service: &Item) -> Vec<Task> {
        let arn = Arn::new(service.service_arn.as_deref().unwrap_or_default());
        let name = service.service_name.as_deref().unwrap_or(arn.name());
        let own = cluster(service.cluster_arn.as_deref(), &arn);
        let mut places: Vec<(usize, usize)> = Vec::new();
        for ((cluster, _), found) in self
            .tasks
            .iter()
            .filter(|((_, service), _)| service == name)
        {
            // Where one side does not say its cluster the name is all there is.
            if cluster.is_empty() || own.is_empty() || *cluster == own {
                places.extend(found);
            }
        }
        places.sort_unstable();
        let items = places.into_iter().rev().take(MOST).rev();
        items
            .filter_map(|(start, end)| {
                match read_item(&input.slice(start, end), start, Some(Kind::Task)) {
                    Ok(Read::Item(item, _)) => Some(read::task(&item)),
                    _ => None,
                }
            })
            .collect()
    }
}

/// The cluster's name: by itself, or in the middle of a long resource name.
fn cluster(own: Option<&str>, of: &Arn) -> String {
    let parts: Vec<&str> = of.resource().split('/').collect();
    match (own, parts.as_slice()) {
        (Some(own), _) => Arn::new(own).name().to_owned(),
        (None, [_, cluster, _]) => (*cluster).to_owned(),
        _ => String::new(),
    }
}

impl Visit for Index {
    fn item(&mut self, found: Found<'_>) -> ControlFlow<()> {
        let Ok(Read::Item(item, kind)) = read_item(&found.bytes, found.start, found.kind) else {
            return ControlFlow::Continue(());
        };
        self.recognised = true;
        // An event tells its own moment, and those that follow it are later.
        if found.time.is_none() {
            self.newest = self.newest.max(read::newest(&item));
        }
        if kind == Kind::Rollout && found.is_inside {
            let place = (found.start, found.start + found.bytes.len());
            let service = item.service_arn.clone().unwrap_or_default();
            self.rollouts.entry(service).or_default().push(place);
        }
        let service = item
            .group
            .as_deref()
            .and_then(|group| group.strip_prefix("service:"));
        if let Some(service) = service.filter(|_| kind == Kind::Task && found.is_inside) {
            let arn = Arn::new(item.task_arn.as_deref().unwrap_or_default());
            let key = (
                cluster(item.cluster_arn.as_deref(), &arn),
                service.to_owned(),
            );
            let place = (found.start, found.start + found.bytes.len());
            self.tasks.entry(key).or_default().push(place);
        }
        ControlFlow::Continue(())
    }

    fn broken(&mut self, _: Clean) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
