//! The rows of the queues pane: the deck's queues in its order, then the deepest.

use crate::app::model::work_pane::{QueuePane, QueueRow};
use crate::deck::Deck;
use crate::domain::Queue;
use crate::text::Clean;

impl QueuePane {
    /// Brings the cursor into line with the rows.
    pub(in crate::app) fn settle(&mut self, deck: Option<&Deck>) {
        let names: Vec<Clean> = self.rows(deck).iter().map(|row| row.name.clone()).collect();
        self.list.cursor.settle(&names);
    }

    /// The rows: the deck's queues in its order, then the deepest first. A queue that is only another's
    /// dead-letter queue is shown in that one's row.
    pub fn rows(&self, deck: Option<&Deck>) -> Vec<QueueRow<'_>> {
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
        if !self.list.filter.is_empty() {
            let mut matching = self.list.filter.matching(&["name"]);
            rows.retain(|row| matching.shows(&[("name", row.name)]));
        }
        rows
    }
}
