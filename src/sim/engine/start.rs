//! The start: from worlds to a running engine, whose recent past has really been run.

use std::sync::Arc;

use super::parts::{Due, Engine};
use crate::agenda::Numbers;
use crate::autoscaling::AutoScaling;
use crate::bus::Bus;
use crate::clock::{Millis, Time};
use crate::cloud_map::CloudMap;
use crate::cloudwatch::CloudWatch;
use crate::desk::{Desk, Setting};
use crate::ec2::Ec2;
use crate::ecr::Ecr;
use crate::ecs::Ecs;
use crate::elb::Elb;
use crate::functions::Functions;
use crate::home::Home;
use crate::iam::Iam;
use crate::logs::Logs;
use crate::parameters::Parameters;
use crate::rows::Rows;
use crate::secrets::Secrets;
use crate::sqs::Sqs;
use crate::sts::Sts;
use crate::world::{World, WorldSpec};

impl Engine {
    /// Sets the worlds up so that `epoch` is now. All worlds must be of one account and region.
    #[cfg(test)]
    pub(crate) fn start(worlds: &[World], epoch: Time, seed: u64) -> Engine {
        Self::before(worlds, epoch, 0, seed)
    }

    /// Sets the worlds up so that it is `lead` before `epoch`: some of the past is then still to come.
    pub(crate) fn before(worlds: &[World], epoch: Time, lead: Millis, seed: u64) -> Engine {
        let first = worlds.first().map(|world| &world.spec.world);
        let account = first.map(|w| w.account.clone()).unwrap_or_default();
        let warm_up = worlds
            .iter()
            .map(|world| world.spec.world.warm_up.0)
            .max()
            .unwrap_or_default();
        let home = Home {
            region: first.map(|w| w.region.clone()).unwrap_or_default(),
            caller: first
                .and_then(|w| w.caller.clone())
                .unwrap_or_else(|| Home::default_caller(&account)),
            account,
        };
        let setting = Setting {
            epoch,
            seed,
            home: Arc::new(home),
            numbers: Numbers::default(),
        };
        let mut engine = Engine::empty(&setting, epoch - warm_up.max(lead));
        for world in worlds {
            engine.furnish(&world.spec);
        }
        engine.plan_minute();
        engine.advance(epoch - lead);
        engine
    }

    fn empty(setting: &Setting, now: Time) -> Engine {
        Engine {
            desk: Desk::new(setting, now),
            bus: Bus::default(),
            happenings: Vec::new(),
            ecs: Ecs::new(Desk::new(setting, now)),
            logs: Logs::new(Desk::new(setting, now)),
            functions: Functions::new(Desk::new(setting, now)),
            sqs: Sqs::new(Desk::new(setting, now)),
            rows: Rows::new(Desk::new(setting, now)),
            cloudwatch: CloudWatch::new(Desk::new(setting, now)),
            elb: Elb::new(Desk::new(setting, now)),
            autoscaling: AutoScaling::new(Desk::new(setting, now)),
            secrets: Secrets::new(Desk::new(setting, now)),
            parameters: Parameters::new(Desk::new(setting, now)),
            ecr: Ecr::new(Desk::new(setting, now)),
            cloud_map: CloudMap::new(Desk::new(setting, now)),
            ec2: Ec2::new(Desk::new(setting, now)),
            iam: Iam::new(Desk::new(setting, now)),
            sts: Sts::new(Desk::new(setting, now)),
        }
    }

    /// Sets up what a world has, part by part: each after those that it looks at.
    fn furnish(&mut self, spec: &WorldSpec) {
        self.ecs.furnish(spec);
        self.hear();
        self.logs.furnish(spec);
        self.functions.furnish(spec);
        self.ecs.furnish_services(spec);
        self.hear();
        self.rows.furnish(spec);
        let ecs = &self.ecs;
        self.sqs.furnish(spec, |name| ecs.service_named(name));
        self.iam.roles.add(&spec.role);
        self.secrets.furnish(spec);
        self.parameters.furnish(spec);
        self.ecr.furnish(spec);
        self.cloud_map.furnish(spec);
        self.ec2.furnish(spec);
        self.elb.furnish(spec, &self.ecs, &mut self.cloudwatch);
        let (elb, ecs) = (&self.elb, &self.ecs);
        let expand = |dimensions: &mut _| elb.expand_dimensions(ecs, dimensions);
        self.cloudwatch
            .furnish_metrics(spec, (ecs, &self.sqs), &expand);
        self.cloudwatch.furnish_alarms(spec, ecs, &expand);
        self.autoscaling
            .furnish(spec, (ecs, elb), &mut self.cloudwatch);
        self.hear();
        for event in &spec.event {
            let number = self.happenings.len();
            self.happenings.push(event.clone());
            let at = self.desk.epoch + event.at.0;
            self.desk.plan_at(at, Due::Happening(number));
        }
    }
}
