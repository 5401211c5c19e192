//! What the console was started with. It does not change while it runs.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::pane::Pane;
use crate::deck::Deck;
use crate::keys::Keymap;
use crate::names::ClusterNames;
use crate::text::{Clean, Values};

/// How the console was started: flags, environment, deck and config file, already weighed against each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The deck, where there is one.
    pub deck: Option<Deck>,
    /// The region that is asked.
    pub region: Clean,
    /// The profile that was asked for.
    pub profile: Option<Clean>,
    /// Only these clusters: names, resource names or patterns; every cluster where there are none.
    pub clusters: Vec<Clean>,
    /// The service to stand on at the start.
    pub service: Option<Clean>,
    /// It is a simulated AWS: said on every screen.
    pub demo: bool,
    /// Nothing may be changed.
    pub read_only: bool,
    /// Whether values that may be secret are shown.
    pub values: Values,
    /// The panes that somebody looks at: nothing is read for others. A command without a screen has few.
    pub panes: BTreeSet<Pane>,
    /// The verdicts of all services are told: those in trouble or on their way are asked about, beyond the listings.
    pub asks: bool,
    /// How often what is looked at is read again; zero: only on request.
    pub refresh: Duration,
    /// What keys do.
    pub keymap: Keymap,
    /// Draw with ASCII alone.
    pub ascii: bool,
    /// Lines that the log pane holds.
    pub log_lines: usize,
    /// The time zone of whoever looks.
    pub zone: TimeZone,
}

impl Setup {
    /// A region with nothing else said: every pane, no deck, read every [`REFRESH`](Self::REFRESH).
    pub fn new(region: &str, keymap: Keymap) -> Self {
        Self {
            deck: None,
            region: Clean::new(region),
            profile: None,
            clusters: Vec::new(),
            service: None,
            demo: false,
            read_only: false,
            values: Values::Masked,
            panes: BTreeSet::from(Pane::ALL),
            asks: true,
            refresh: Self::REFRESH,
            keymap,
            ascii: false,
            log_lines: 1_000,
            zone: TimeZone::UTC,
        }
    }

    /// How often what is looked at is read, where nobody says otherwise.
    pub const REFRESH: Duration = Duration::from_secs(5);

    /// The deck's name.
    pub fn deck_name(&self) -> Option<&str> {
        self.deck.as_ref().map(|deck| deck.name.as_str())
    }

    /// The clusters that a flag names, else those that the deck names.
    pub fn named_clusters(&self) -> ClusterNames<'_> {
        if !self.clusters.is_empty() {
            return ClusterNames::new(self.clusters.iter().map(Clean::as_str));
        }
        let clusters = self.deck.iter().flat_map(|deck| &deck.clusters);
        ClusterNames::new(clusters.map(String::as_str))
    }

    /// The account that the deck is for, where it says so.
    pub fn deck_account(&self) -> Option<&str> {
        self.deck.as_ref().and_then(|deck| deck.account.as_deref())
    }

    /// Big changes need the name typed.
    pub fn is_protected(&self) -> bool {
        self.deck.as_ref().is_some_and(|deck| deck.protected)
    }

    /// Whether reading goes on by itself.
    pub fn is_paused(&self) -> bool {
        self.refresh.is_zero()
    }
}
