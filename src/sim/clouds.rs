//! The simulated clouds: one engine for each account and region.
//!
//! Invariant: before anything is answered, the engine has been advanced to now.
//! A caller is in the account that its access key id names, when that is twelve
//! digits, and else in the first world's; in the region of its signature.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::clock::{Millis, Time};
use crate::dynamo::Dynamo;
use crate::engine::Engine;
use crate::engine::lag::Past;
use crate::options::SimError;
use crate::service::Service;
use crate::wire::{Answer, Args};
use crate::world::{Scenario, World};

/// The most empty regions and accounts that callers can make.
const MOST: usize = 256;

/// One account in one region.
#[derive(Debug)]
pub(crate) struct Cloud {
    pub(crate) engine: Engine,
    pub(crate) dynamo: Dynamo,
    /// What ECS reads see, where the world has them lag.
    pub(crate) past: Option<Past>,
}

/// Where a call goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) account: String,
    pub(crate) region: String,
}

/// All accounts and regions of a simulator.
#[derive(Debug)]
pub(crate) struct Clouds {
    seed: u64,
    home: Place,
    clouds: BTreeMap<Place, Cloud>,
}

impl Clouds {
    /// Sets up the worlds so that it is `lead` before `epoch`.
    pub(crate) fn start(worlds: &[World], epoch: Time, lead: Millis, seed: u64) -> Self {
        let mut by_place: BTreeMap<Place, Vec<World>> = BTreeMap::new();
        let place = |world: &World| Place {
            account: world.account().to_owned(),
            region: world.region().to_owned(),
        };
        for world in worlds {
            by_place
                .entry(place(world))
                .or_default()
                .push(world.clone());
        }
        let home = worlds.first().map_or_else(
            || Place {
                account: "123456789012".to_owned(),
                region: "us-east-1".to_owned(),
            },
            place,
        );
        let clouds = by_place
            .into_iter()
            .map(|(place, worlds)| (place, Cloud::start(&worlds, epoch, lead, seed)))
            .collect();
        Clouds { seed, home, clouds }
    }

    /// The cloud that a caller is in, advanced to `now`; empty where no world is.
    pub(crate) fn visit(&mut self, access_key: &str, region: &str, now: Time) -> &mut Cloud {
        let cloud = self.enter(access_key, region, now);
        cloud.engine.advance(now);
        cloud
    }

    /// Brings the cloud that a caller is in nearer to `until`, by so many things that happen
    /// at most; whether it is there.
    pub(crate) fn approach(
        &mut self,
        access_key: &str,
        region: &str,
        until: Time,
        most: usize,
    ) -> bool {
        let cloud = self.enter(access_key, region, until);
        for _ in 0..most {
            if cloud.engine.step(until).is_none() {
                cloud.advance(until);
                return true;
            }
        }
        false
    }

    fn enter(&mut self, access_key: &str, region: &str, now: Time) -> &mut Cloud {
        let account = match access_key {
            digits if digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_digit()) => digits,
            _ => &self.home.account,
        };
        let mut place = Place {
            account: account.to_owned(),
            region: if region.is_empty() {
                self.home.region.clone()
            } else {
                region.to_owned()
            },
        };
        if self.clouds.len() >= MOST && !self.clouds.contains_key(&place) {
            place = self.home.clone();
        }
        let seed = self.seed;
        let caller = self.caller_of(&place.account);
        self.clouds.entry(place).or_insert_with_key(|place| {
            let empty = World::empty(&place.account, &place.region, caller);
            Cloud::start(&[empty], now, 0, seed)
        })
    }

    /// Who calls, in an account: the same in every region.
    fn caller_of(&self, account: &str) -> Option<String> {
        self.clouds
            .iter()
            .find(|(place, _)| place.account == account)
            .map(|(_, cloud)| cloud.engine.home().caller.clone())
    }

    /// Lets happen what is due next until `to`, in whichever cloud it is, so many things at
    /// most; until when everything has happened.
    pub(crate) fn advance_some(&mut self, to: Time, most: usize) -> Time {
        let mut reached = to;
        for _ in 0..most {
            let due = self
                .clouds
                .values_mut()
                .filter_map(|cloud| Some((cloud.engine.next()?, cloud)));
            let next = due.min_by_key(|(at, _)| *at).filter(|(at, _)| *at <= to);
            let Some((at, cloud)) = next else {
                reached = to;
                break;
            };
            cloud.engine.step(at);
            reached = at;
        }
        for cloud in self.clouds.values_mut().filter(|c| c.past.is_some()) {
            cloud.advance(reached);
        }
        reached
    }

    pub(crate) fn advance(&mut self, now: Time) {
        for cloud in self.clouds.values_mut() {
            cloud.advance(now);
        }
    }

    pub(crate) fn dump(&self) -> Value {
        json!({ "clouds": self.clouds.values().map(|cloud| cloud.engine.dump()).collect::<Vec<_>>() })
    }
}

impl Cloud {
    fn start(worlds: &[World], epoch: Time, lead: Millis, seed: u64) -> Self {
        let lag = worlds.iter().map(|world| world.spec.world.read_lag.0).max();
        let lag = lag.filter(|lag| *lag > 0);
        Cloud {
            engine: Engine::before(worlds, epoch, lead, seed),
            dynamo: Dynamo::default(),
            past: lag.map(|lag| Past::new(Engine::before(worlds, epoch, lead, seed), lag)),
        }
    }

    /// Lets everything happen that is due until `now`, in the past that reads see too.
    fn advance(&mut self, now: Time) {
        self.engine.advance(now);
        if let Some(past) = &mut self.past {
            past.at(now);
        }
    }

    /// Carries out an action: reads of ECS see the past, where the world has them lag.
    pub(crate) fn act(&mut self, service: Service, action: &str, args: &Args) -> Answer {
        let now = self.engine.now();
        let reads = ["List", "Describe", "Get"]
            .iter()
            .any(|verb| action.starts_with(verb));
        match &mut self.past {
            Some(past) if reads && service == Service::Ecs => {
                past.at(now).call(service, action, args)
            }
            Some(past) if !reads => {
                past.remember(now, service, action, args);
                self.engine.call(service, action, args)
            }
            _ => self.engine.call(service, action, args),
        }
    }
}

/// Lays each scenario over the world that it names.
pub(crate) fn staged(worlds: Vec<World>, scenarios: &[Scenario]) -> Result<Vec<World>, SimError> {
    let mut worlds = worlds;
    for scenario in scenarios {
        let world = worlds
            .iter_mut()
            .find(|world| world.name() == scenario.world())
            .ok_or_else(|| SimError::ScenarioWithoutWorld {
                scenario: scenario.name().to_owned(),
                world: scenario.world().to_owned(),
            })?;
        *world = scenario.laid_over(world)?;
    }
    Ok(worlds)
}

#[cfg(test)]
mod tests;
