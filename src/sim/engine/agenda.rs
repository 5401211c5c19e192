//! The agenda: what will happen, ordered by time and then by when it was planned.
//!
//! Invariant: the order is total and does not depend on anything but what was
//! planned, so a run is repeatable.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::clock::Time;

/// What is planned, and when.
#[derive(Debug)]
struct Entry<T> {
    at: Time,
    number: u64,
    what: T,
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

/// A queue of future events.
#[derive(Debug)]
pub(crate) struct Agenda<T> {
    heap: BinaryHeap<Reverse<Entry<T>>>,
    planned: u64,
}

impl<T> Agenda<T> {
    pub(crate) fn new() -> Self {
        Agenda {
            heap: BinaryHeap::new(),
            planned: 0,
        }
    }

    pub(crate) fn plan(&mut self, at: Time, what: T) {
        self.planned += 1;
        let number = self.planned;
        self.heap.push(Reverse(Entry { at, number, what }));
    }

    /// The next event that is due at `now` or before.
    pub(crate) fn due(&mut self, now: Time) -> Option<(Time, T)> {
        if self.heap.peek()?.0.at > now {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| (entry.at, entry.what))
    }

    /// How many events are still to come.
    pub(crate) fn len(&self) -> usize {
        self.heap.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_and_then_in_the_order_they_were_planned() {
        let mut agenda = Agenda::new();
        agenda.plan(Time(20), "late");
        agenda.plan(Time(10), "first");
        agenda.plan(Time(10), "second");
        let mut seen = Vec::new();
        while let Some((_, what)) = agenda.due(Time(15)) {
            seen.push(what);
        }
        assert_eq!(seen, ["first", "second"]);
        assert_eq!(agenda.due(Time(20)), Some((Time(20), "late")));
    }
}
