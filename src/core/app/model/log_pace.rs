//! How often a log is polled.
//!
//! The invariant: a quiet source costs at most twelve calls a minute, and however many sources there are, they ask for
//! no more than the console's share of the account's quota. That a throttle halves the pace is the worker's: a poll that
//! waits for its turns takes longer, and no other begins meanwhile.

use std::time::Duration;

/// While lines arrive and somebody looks.
const QUICK: Duration = Duration::from_secs(1);
/// Else.
const SLOW: Duration = Duration::from_secs(5);
/// Lines count as arriving so long after the last one.
const LIVELY: Duration = Duration::from_secs(5);
/// A call of each source so often, on the average: the share of one console (the worker keeps to it, see its pace).
const A_CALL: Duration = Duration::from_secs(1);

/// The pace of the polls, and what it follows from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::app) struct LogPace {
    /// When lines came last, since the console started.
    stirred_at: Option<Duration>,
    /// Lines came in a while ago at most, when the last poll ended.
    lively: bool,
    /// The last poll left pages.
    behind: bool,
}

/// How a poll went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::app) struct Polled {
    /// Lines came in that are news.
    pub(in crate::app) stirred: bool,
    /// Pages were left.
    pub(in crate::app) capped: bool,
    /// A source could not be read.
    pub(in crate::app) failing: bool,
}

impl LogPace {
    /// A poll ended.
    pub(in crate::app) fn polled(&mut self, polled: Polled, elapsed: Duration) {
        if polled.stirred {
            self.stirred_at = Some(elapsed);
        }
        let since = self.stirred_at.map(|at| elapsed.saturating_sub(at));
        self.lively = since.is_some_and(|since| since < LIVELY);
        self.behind = polled.capped;
    }

    /// The time from one poll to the next.
    pub(in crate::app) fn every(&self, sources: usize, looked_at: bool) -> Duration {
        let base = if self.behind || (self.lively && looked_at) {
            QUICK
        } else {
            SLOW
        };
        let share = A_CALL.saturating_mul(u32::try_from(sources).unwrap_or(u32::MAX));
        base.max(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STIRRED: Polled = Polled {
        stirred: true,
        capped: false,
        failing: false,
    };
    const NOTHING: Polled = Polled {
        stirred: false,
        ..STIRRED
    };
    fn seconds(pace: &LogPace, sources: usize, looked_at: bool) -> u64 {
        pace.every(sources, looked_at).as_secs()
    }

    #[test]
    fn it_is_quick_while_lines_arrive_and_somebody_looks() {
        let mut pace = LogPace::default();
        assert_eq!(seconds(&pace, 1, true), 5);
        pace.polled(STIRRED, Duration::from_secs(10));
        assert_eq!((seconds(&pace, 1, true), seconds(&pace, 1, false)), (1, 5));
        pace.polled(NOTHING, Duration::from_secs(14));
        assert_eq!(seconds(&pace, 1, true), 1);
        pace.polled(NOTHING, Duration::from_secs(15));
        assert_eq!(seconds(&pace, 1, true), 5);
    }

    #[test]
    fn many_sources_ask_for_no_more_than_the_share() {
        let mut pace = LogPace::default();
        pace.polled(STIRRED, Duration::ZERO);
        assert_eq!((seconds(&pace, 3, true), seconds(&pace, 12, true)), (3, 12));
    }
}
