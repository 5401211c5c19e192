//! Expands `[[generate]]`: many services of the same kind, each with a task
//! definition, a log group and one to a dozen tasks, the same every time.

use std::collections::BTreeSet;

use toml::Spanned;

use super::defaults::Name;
use super::model::{ContainerSpec, DefinitionSpec, GenerateSpec, LogSpec, WorldSpec};
use super::service::{BreakerSpec, Controller, LaunchType, ServiceSpec, Strategy};
use super::spans::Span;
use crate::clock::HOUR;
use crate::random::Random;

pub(super) fn expand(spec: &mut WorldSpec) {
    for generate in std::mem::take(&mut spec.generate) {
        let mut names = Names::new(&generate, spec);
        let counts = counts(generate.services, generate.tasks);
        for (number, desired) in counts.into_iter().enumerate() {
            let Some(cluster) = generate
                .clusters
                .get(number % generate.clusters.len().max(1))
            else {
                break;
            };
            let name = names.next(number);
            spec.task_definition
                .push(definition(&generate, &name, spec));
            spec.service.push(service(&name, cluster, desired, number));
        }
    }
}

/// How many tasks each service has: uneven, at least one, `tasks` in all.
fn counts(services: u32, tasks: u32) -> Vec<u32> {
    let mut counts = vec![1; usize::try_from(services).unwrap_or_default()];
    let mut random = Random::of(0, "generate", u64::from(services));
    for _ in services..tasks {
        // The smaller of two draws favours the services at the front: a few are large.
        let last = i64::from(services.saturating_sub(1));
        let at = random.between(0, last).min(random.between(0, last));
        let at = usize::try_from(at).unwrap_or_default();
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    counts
}

/// Makes names of two words, never the same twice.
struct Names<'a> {
    words: &'a [String],
    taken: BTreeSet<String>,
}

impl<'a> Names<'a> {
    fn new(generate: &'a GenerateSpec, spec: &WorldSpec) -> Self {
        Names {
            words: &generate.words,
            taken: spec.service.iter().map(|s| s.name.clone()).collect(),
        }
    }

    fn next(&mut self, number: usize) -> String {
        let count = self.words.len().max(1);
        let word = |at: usize| self.words.get(at % count).map_or("service", String::as_str);
        let kind = ["api", "worker", "web", "consumer", "gateway"];
        let suffix = kind.get(number / count % kind.len()).unwrap_or(&"svc");
        let mut name = format!("{}-{suffix}", word(number));
        if !self.taken.insert(name.clone()) {
            name = format!("{name}-{number}");
            self.taken.insert(name.clone());
        }
        name
    }
}

fn definition(generate: &GenerateSpec, name: &str, spec: &WorldSpec) -> DefinitionSpec {
    let account = &spec.world.account;
    let region = &spec.world.region;
    DefinitionSpec {
        family: name.to_owned(),
        revision: 1,
        cpu: Some(256),
        memory: Some(512),
        execution_role: Some("ecsTaskExecutionRole".to_owned()),
        container: vec![ContainerSpec {
            name: "app".to_owned(),
            image: Some(format!(
                "{account}.dkr.ecr.{region}.amazonaws.com/{name}:1.0.0"
            )),
            port: Some(8080),
            log: Some(LogSpec {
                group: format!("/ecs/{name}"),
                prefix: "ecs".to_owned(),
                rate: generate.rate,
                lines: generate.lines.clone(),
                ..LogSpec::default()
            }),
            ..ContainerSpec::default()
        }],
        ..DefinitionSpec::default()
    }
}

fn service(name: &str, cluster: &Name, desired: u32, number: usize) -> ServiceSpec {
    let age = i64::try_from(number % 97).unwrap_or_default();
    ServiceSpec {
        name: name.to_owned(),
        cluster: Spanned::new(cluster.span(), cluster.get_ref().clone()),
        task_definition: Spanned::new(0..0, format!("{name}:1")),
        desired,
        min_percent: 100,
        max_percent: 200,
        breaker: BreakerSpec {
            enable: true,
            rollback: true,
            ..BreakerSpec::default()
        },
        daemon: false,
        subnets: vec![
            "subnet-0f1ee7000000000a1".to_owned(),
            "subnet-0f1ee7000000000b2".to_owned(),
        ],
        security_groups: vec!["sg-0f1ee700000000001".to_owned()],
        public_ip: false,
        execute_command: false,
        created: Some(Span(-(age * 7 + 30) * HOUR)),
        tags: [("team".to_owned(), format!("team-{}", number % 9))].into(),
        history: Vec::new(),
        fresh: false,
        controller: Controller::Ecs,
        launch: LaunchType::Fargate,
        capacity_provider: None,
        load_balancers: Vec::new(),
        grace: Span(0),
        alarms: None,
        strategy: Strategy::Rolling,
        bake_minutes: 0,
        hooks: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_and_nobody_goes_without() {
        let counts = counts(250, 1_200);
        assert_eq!(counts.len(), 250);
        assert_eq!(counts.iter().sum::<u32>(), 1_200);
        assert!(counts.iter().all(|count| *count >= 1));
    }
}
