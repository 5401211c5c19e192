//! How fresh the data of a pane are.

use super::plan;
use crate::app::model::Model;
use crate::app::model::pane::Pane;
use crate::app::model::slot::Slot;
use crate::app::panes;
use crate::app::panes::spec::Part;
use crate::domain::{CloudError, Time};

/// The state of a pane's data.
#[derive(Clone, Debug, PartialEq)]
pub enum PaneState<'a> {
    /// Nothing has been read yet.
    Loading,
    /// As fresh as it is meant to be.
    Live,
    /// Older than it is meant to be: a reading hangs.
    Old(Time),
    /// The last reading failed; the data, where there are any, are from then.
    Failed(Option<Time>, &'a CloudError),
    /// Nothing is read by itself; the data are from then.
    Paused(Time),
}

impl PaneState<'_> {
    /// Whether it is shown as an age that grows.
    pub fn shows_age(&self) -> bool {
        matches!(self, Self::Old(_) | Self::Failed(Some(_), _))
    }
}

/// Seconds by which data may be older than the pace before that is said.
const GRACE: i64 = 5;

impl Model {
    /// How fresh a pane's data are.
    pub fn pane_state(&self, pane: Pane) -> PaneState<'_> {
        let part = panes::of(pane).part;
        let belongs = |slot: &Slot| part(slot) == Part::Whole;
        let told = |slot: &Slot| part(slot) != Part::No;
        // Any one of its slots may be newer than the listing: that counts as fresh.
        let newest = self
            .readings
            .iter()
            .filter(|(slot, _)| told(slot))
            .filter_map(|(_, reading)| reading.read_at)
            .max();
        if let Some(error) = self.readings.error_of(belongs) {
            return PaneState::Failed(newest, error);
        }
        let Some(newest) = newest else {
            return PaneState::Loading;
        };
        if self.setup.is_paused() {
            return PaneState::Paused(newest);
        }
        let under_way = |slot: &Slot, in_flight: bool| in_flight && told(slot);
        let hangs = self
            .readings
            .iter()
            .filter(|(slot, reading)| under_way(slot, reading.in_flight.is_some()))
            .any(|(slot, reading)| {
                let Some(read_at) = reading.read_at else {
                    return false;
                };
                let pace = plan::pace_of(self, slot).map_or(i64::MAX, |pace| {
                    i64::try_from(pace.as_secs()).unwrap_or(i64::MAX)
                });
                let age = self.stamp.now.duration_since(read_at).as_secs();
                age > pace.saturating_add(GRACE)
            });
        if hangs {
            PaneState::Old(newest)
        } else {
            PaneState::Live
        }
    }
}
