//! The parts, and how time moves them.

use crate::autoscaling::AutoScaling;
use crate::bus::Bus;
use crate::clock::{MINUTE, Time};
use crate::cloud_map::CloudMap;
use crate::cloudwatch::CloudWatch;
use crate::desk::Desk;
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
use crate::world::EventSpec;

/// What is due to no part alone.
#[derive(Clone, Copy, Debug)]
pub(super) enum Due {
    /// An event of the world or of a scenario.
    Happening(usize),
    /// A minute is over: it is measured, alarms are evaluated, and what scales by them scales.
    Minute,
}

/// One account in one region.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(super) desk: Desk<Due>,
    pub(super) bus: Bus,
    pub(super) happenings: Vec<EventSpec>,
    pub(crate) ecs: Ecs,
    pub(crate) logs: Logs,
    pub(crate) functions: Functions,
    pub(crate) sqs: Sqs,
    pub(crate) rows: Rows,
    pub(crate) cloudwatch: CloudWatch,
    pub(crate) elb: Elb,
    pub(crate) autoscaling: AutoScaling,
    pub(crate) secrets: Secrets,
    pub(crate) parameters: Parameters,
    pub(crate) ecr: Ecr,
    pub(crate) cloud_map: CloudMap,
    pub(crate) ec2: Ec2,
    pub(crate) iam: Iam,
    pub(crate) sts: Sts,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Engine,
    Ecs,
    Sqs,
    Ec2,
    Functions,
}

impl Engine {
    /// Until when everything has happened.
    pub(crate) fn now(&self) -> Time {
        self.desk.now
    }

    /// Where it is, and who calls.
    pub(crate) fn home(&self) -> &Home {
        &self.desk.home
    }

    /// Lets everything happen that is due until `to`. Time never goes back.
    pub(crate) fn advance(&mut self, to: Time) {
        while let Some(at) = self.step(to) {
            debug_assert!(at <= to);
        }
        self.set_now(self.now().max(to));
    }

    /// When the next thing is due.
    pub(crate) fn next(&self) -> Option<Time> {
        self.turn().map(|((at, _), _)| at)
    }

    fn turn(&self) -> Option<((Time, u64), Turn)> {
        let turns = [
            (self.desk.next(), Turn::Engine),
            (self.ecs.desk.next(), Turn::Ecs),
            (self.sqs.desk.next(), Turn::Sqs),
            (self.ec2.desk.next(), Turn::Ec2),
            (self.functions.desk.next(), Turn::Functions),
        ];
        let due = turns
            .into_iter()
            .filter_map(|(next, turn)| Some((next?, turn)));
        due.min_by_key(|(next, _)| *next)
    }

    /// Lets the next thing happen that is due until `to`; when it was due, if there was any.
    pub(crate) fn step(&mut self, to: Time) -> Option<Time> {
        let ((at, _), turn) = self.turn()?;
        if at > to {
            return None;
        }
        let now = self.now().max(at);
        self.desk.now = now;
        match turn {
            Turn::Engine => {
                self.set_now(now);
                match self.desk.due() {
                    Some(Due::Happening(number)) => self.happening(number),
                    Some(Due::Minute) => self.minute_over(),
                    None => {}
                }
                self.hear();
            }
            Turn::Ecs => self.ecs.step(now, &mut self.bus),
            Turn::Sqs => self.sqs.step(now, &mut self.bus),
            Turn::Ec2 => self.ec2.step(now, &mut self.bus),
            Turn::Functions => self.functions.step(now, &mut self.bus),
        }
        // Most steps tell nobody anything: then no other part needs to know the time.
        if !self.bus.is_empty() {
            self.set_now(now);
            self.hear();
        }
        Some(at)
    }

    /// Tells all parts what time it is.
    fn set_now(&mut self, now: Time) {
        self.desk.now = now;
        self.ecs.desk.now = now;
        self.logs.desk.now = now;
        self.functions.desk.now = now;
        self.sqs.desk.now = now;
        self.rows.desk.now = now;
        self.cloudwatch.desk.now = now;
        self.elb.desk.now = now;
        self.autoscaling.desk.now = now;
        self.secrets.desk.now = now;
        self.parameters.desk.now = now;
        self.ecr.desk.now = now;
        self.cloud_map.desk.now = now;
        self.ec2.desk.now = now;
        self.iam.desk.now = now;
        self.sts.desk.now = now;
    }

    fn minute_over(&mut self) {
        self.sqs.minute_over();
        self.cloudwatch.minute_over(&self.ecs, &self.sqs);
        self.autoscaling.minute_over(&self.ecs, &self.cloudwatch);
        self.plan_minute();
    }

    /// Plans the end of the present minute.
    pub(super) fn plan_minute(&mut self) {
        let left = MINUTE - self.now().0.rem_euclid(MINUTE);
        self.desk.plan(left, Due::Minute);
    }
}
