//! The service scheduler's look at a service: it launches what is missing, stops
//! what is too much, and says when it is done.
//!
//! Invariant: within a deployment the healthy running tasks never fall below the
//! floor by its doing, and running and pending ones never exceed the ceiling.

use super::view::View;
use crate::clock::{Millis, SECOND};
use crate::ecs::capacity::InstanceStatus;
use crate::ecs::deployment::DeploymentStatus;
use crate::ecs::{DeploymentKey, ServiceKey};
use crate::ecs::{Due, Ecs};

/// How long a deployment that was replaced is still shown, INACTIVE.
const LINGERS: Millis = 15 * SECOND;

impl Ecs {
    /// Has the scheduler look at a service, `after` from now or sooner.
    pub(crate) fn plan_reconcile(&mut self, key: ServiceKey, after: Millis) {
        let at = self.desk.now + after;
        let Some(service) = self.service_mut(key) else {
            return;
        };
        if service
            .notices
            .reconcile_at
            .is_some_and(|planned| planned <= at)
        {
            return;
        }
        service.notices.reconcile_at = Some(at);
        self.desk.plan(after, Due::Reconcile(key));
    }

    pub(crate) fn reconcile_if_due(&mut self, key: ServiceKey) {
        let now = self.desk.now;
        let Some(service) = self.service_mut(key) else {
            return;
        };
        if service.notices.reconcile_at.is_some_and(|at| at <= now) {
            service.notices.reconcile_at = None;
            self.reconcile(key);
        }
    }

    fn reconcile(&mut self, key: ServiceKey) {
        self.carry_out_requests(key);
        self.heed_alarms(key);
        self.count_daemons(key);
        let Some(view) = self.service(key).and_then(|s| View::of(self, s)) else {
            return;
        };
        let through = self.pass_stages(key, &view);
        // The stage may have opened a gate.
        let Some(view) = self.service(key).and_then(|s| View::of(self, s)) else {
            return;
        };
        let started = self.start_missing(key, &view);
        let stopped = self.stop_surplus(key, &view);
        self.drop_empty(key);
        if started + stopped == 0 {
            self.settle(key, &view, through);
        }
    }

    /// What was asked for since the last look becomes so: a stop, a rollback, a beginning.
    fn carry_out_requests(&mut self, key: ServiceKey) {
        let now = self.desk.now;
        let Some(service) = self.service_mut(key) else {
            return;
        };
        let mut go_back = false;
        for record in service.history.iter_mut().rev().take(4) {
            match record.status {
                DeploymentStatus::StopRequested => {
                    record.status = DeploymentStatus::Stopped;
                    record.finished = Some(now);
                }
                DeploymentStatus::Pending => {
                    record.status = DeploymentStatus::InProgress;
                    record.started = Some(now);
                    record.staged = now;
                }
                DeploymentStatus::RollbackRequested => go_back = true,
                _ => {}
            }
        }
        if go_back {
            self.go_back_for_user(key);
        }
    }

    /// A daemon service wants one task on each instance that takes tasks.
    pub(crate) fn count_daemons(&mut self, key: ServiceKey) {
        let Some(service) = self.service(key).filter(|service| service.daemon) else {
            return;
        };
        let Some(cluster) = self.clusters.get(&service.cluster) else {
            return;
        };
        if cluster.instances.is_empty() {
            return;
        }
        let active = cluster
            .instances
            .values()
            .filter_map(|key| self.instance(*key))
            .filter(|instance| instance.status == InstanceStatus::Active)
            .count();
        if let Some(service) = self.service_mut(key) {
            service.desired = u32::try_from(active).unwrap_or(u32::MAX);
        }
    }

    /// Deployments that have no task left are INACTIVE, and forgotten a little later.
    fn drop_empty(&mut self, key: ServiceKey) {
        let now = self.desk.now;
        let Some(service) = self.service(key) else {
            return;
        };
        let empty: Vec<DeploymentKey> = service
            .deployments
            .iter()
            .filter(|d| !d.primary && self.tasks_of(service, d.key).next().is_none())
            .map(|d| d.key)
            .collect();
        let Some(service) = self.service_mut(key) else {
            return;
        };
        for deployment in &mut service.deployments {
            if !empty.contains(&deployment.key) {
                deployment.inactive = None;
            } else if deployment.inactive.is_none() {
                deployment.inactive = Some(now);
                deployment.updated = now;
            }
        }
        service
            .deployments
            .retain(|d| d.inactive.is_none_or(|since| now - since < LINGERS));
        let oldest = service.deployments.iter().filter_map(|d| d.inactive).min();
        if let Some(since) = oldest {
            self.plan_reconcile(key, since + LINGERS - now);
        }
    }
}
