//! A new deployment of a service, and the records that the deployment API keeps.

use std::sync::Arc;

use super::words;
use crate::clock::{SECOND, Time};
use crate::ecs::Ecs;
use crate::ecs::deployment::{DeploymentStatus, Revision, Rollout, ServiceDeployment};
use crate::ecs::{Definition, Deployment, DeploymentKey, ServiceKey};
use crate::world::LifecycleStage;

impl Ecs {
    /// Starts a deployment of `definition`; it becomes the primary one.
    pub(crate) fn deploy(&mut self, key: ServiceKey, definition: Arc<Definition>) {
        self.supersede(key);
        let Some(revision) = self.add_revision(key, definition.clone(), self.desk.now) else {
            return;
        };
        self.add_service_deployment(key, revision, self.desk.now);
        self.add_deployment(key, definition, revision);
        self.enter_stage(key, LifecycleStage::ReconcileService);
        self.plan_reconcile(key, 2 * SECOND);
    }

    /// A service that a world declares as fresh comes to be, with its first deployment.
    pub(crate) fn service_founded(&mut self, key: ServiceKey) {
        let Some(service) = self.service_mut(key) else {
            return;
        };
        let Some(definition) = service.first.take() else {
            return;
        };
        service.active = true;
        let (name, cluster) = (service.name.clone(), service.cluster.clone());
        if let Some(cluster) = self.clusters.get_mut(&cluster) {
            cluster.services.insert(name, key);
        }
        self.deploy(key, definition);
    }

    /// Makes a deployment the primary one, in progress.
    pub(crate) fn add_deployment(
        &mut self,
        key: ServiceKey,
        definition: Arc<Definition>,
        revision: usize,
    ) -> Option<DeploymentKey> {
        self.deployed += 1;
        let number = DeploymentKey(self.deployed);
        let id = format!(
            "ecs-svc/{}",
            self.desk.random("deployment", number.0).digits(19)
        );
        let now = self.desk.now;
        let service = self.service_mut(key)?;
        for older in &mut service.deployments {
            older.primary = false;
        }
        service.notices.steady_said = None;
        service.notices.said.clear();
        let deployment = Deployment {
            key: number,
            reason: words::in_progress(&id),
            id,
            primary: true,
            inactive: None,
            definition,
            created: now,
            updated: now,
            rollout: Rollout::InProgress,
            failed: 0,
            proven: false,
            not_before: now,
            revision,
        };
        service.deployments.insert(0, deployment);
        Some(number)
    }

    pub(crate) fn add_revision(
        &mut self,
        key: ServiceKey,
        definition: Arc<Definition>,
        created: Time,
    ) -> Option<usize> {
        let number = self.service(key)?.revisions.len();
        let seed = u64::try_from((key.0 << 20) + number).unwrap_or_default();
        let id = self.desk.random("revision", seed).digits(19);
        let service = self.service_mut(key)?;
        let arn = service.arn.replacen(":service/", ":service-revision/", 1);
        service.revisions.push(Revision {
            arn: format!("{arn}/{id}"),
            definition,
            network: service.network.clone(),
            created,
        });
        Some(number)
    }

    pub(crate) fn add_service_deployment(&mut self, key: ServiceKey, target: usize, created: Time) {
        let seed = u64::try_from(key.0).unwrap_or_default() << 32;
        let Some(service) = self.service(key) else {
            return;
        };
        let number = u64::try_from(service.history.len()).unwrap_or_default();
        let id = self
            .desk
            .random("service deployment", seed + number)
            .hex(21);
        let watched = service.settings.alarms.iter().flat_map(|a| &a.names);
        let deaf = watched.clone().any(|name| self.signals.in_alarm(name));
        let Some(service) = self.service_mut(key) else {
            return;
        };
        let mut sources: Vec<usize> = service
            .deployments
            .iter()
            .filter(|deployment| deployment.inactive.is_none())
            .map(|deployment| deployment.revision)
            .collect();
        sources.dedup();
        let arn = service.arn.replacen(":service/", ":service-deployment/", 1);
        service.history.push(ServiceDeployment {
            arn: format!("{arn}/{id}"),
            target,
            sources,
            created,
            started: None,
            finished: None,
            status: DeploymentStatus::Pending,
            reason: None,
            rollback: None,
            stage: LifecycleStage::ReconcileService,
            staged: created,
            hooks: Vec::new(),
            deaf,
            alarmed: Vec::new(),
            tripped: false,
            failed: 0,
        });
    }

    /// A newer deployment replaces the one under way: that one is stopped.
    fn supersede(&mut self, key: ServiceKey) {
        let now = self.desk.now;
        let Some(service) = self.service_mut(key) else {
            return;
        };
        let failed = service.primary().map_or(0, |primary| primary.failed);
        if let Some(ongoing) = service.ongoing_mut() {
            ongoing.status = DeploymentStatus::StopRequested;
            ongoing.failed = ongoing.failed.max(failed);
            ongoing.staged = now;
            ongoing.reason =
                Some("Service deployment was replaced by a newer deployment.".to_owned());
        }
    }
}
