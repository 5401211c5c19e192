//! The rows of the queues pane: the deck's queues in its order, then the deepest.

use super::columns::columns;
use crate::app::model::work_pane::{QueuePane, QueueRow};
use crate::app::panes::columns::arrange;
use crate::deck::Deck;
use crate::domain::{Queue, Time};
use crate::text::Clean;

impl QueuePane {
    /// Brings the cursor into line with the rows.
    pub(in crate::app) fn settle(&mut self, deck: Option<&Deck>) {
        let (rows, hidden) = self.arranged(deck);
        let names: Vec<Clean> = rows.iter().map(|row| row.name.clone()).collect();
        self.list.cursor.settle(&names);
        self.list.hidden = hidden;
    }

    /// The rows: the deck's queues in its order, then the deepest first. A queue that is only another's
    /// dead-letter queue is shown in that one's row.
    pub fn rows(&self, deck: Option<&Deck>) -> Vec<QueueRow<'_>> {
        self.arranged(deck).0
    }

    /// The rows, and how many the filter hides.
    fn arranged(&self, deck: Option<&Deck>) -> (Vec<QueueRow<'_>>, usize) {
        let named: Vec<&str> = deck
            .iter()
            .flat_map(|deck| &deck.queues)
            .map(|queue| queue.name.as_str())
            .collect();
        let place = |name: &str| {
            named
                .iter()
                .position(|named| *named == name)
                .unwrap_or(usize::MAX)
        };
        let is_dead_letter = |queue: &Queue| {
            self.queues.iter().any(|other| {
                other
                    .dead_letter
                    .as_ref()
                    .is_some_and(|dead| dead.arn == queue.arn)
            })
        };
        let mut rows: Vec<QueueRow<'_>> = self
            .queues
            .iter()
            .filter(|queue| place(&queue.name) != usize::MAX || !is_dead_letter(queue))
            .map(|queue| QueueRow {
                name: &queue.name,
                queue: Some(queue),
                error: None,
                trend: self
                    .before
                    .get(&queue.name)
                    .map_or(std::cmp::Ordering::Equal, |before| {
                        queue.depth.visible.cmp(before)
                    }),
            })
            .collect();
        let without = |name, error| QueueRow {
            name,
            queue: None,
            error,
            trend: std::cmp::Ordering::Equal,
        };
        // A name that only looked like a queue's, in some variable, is not missed when it is none.
        rows.extend(
            self.missing
                .iter()
                .filter(|name| place(name) != usize::MAX)
                .map(|name| without(name, None)),
        );
        rows.extend(
            self.failed
                .iter()
                .map(|(name, error)| without(name, Some(error))),
        );
        rows.sort_by_key(|row| {
            let depth = row.queue.map_or(0, |queue| queue.depth.visible);
            (place(row.name), std::cmp::Reverse(depth), row.name.clone())
        });
        let list = &self.list;
        // No column of it tells a time.
        let now = Time::UNIX_EPOCH;
        let hidden = arrange(&mut rows, &columns(), &list.filter, list.sort, now);
        (rows, hidden)
    }
}
