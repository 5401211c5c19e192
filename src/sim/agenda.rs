//! The agenda: what will happen, ordered by time and then by when it was planned.
//!
//! Invariant: the order is total and does not depend on anything but what was
//! planned, so a run is repeatable.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// A counter that several agendas share, so that there is one order over all of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers(Arc<AtomicU64>);

impl Numbers {
    fn draw(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// A queue of future events.
#[derive(Debug)]
pub(crate) struct Agenda<T> {
    heap: BinaryHeap<Reverse<Entry<T>>>,
    numbers: Numbers,
}

impl<T> Agenda<T> {
    pub(crate) fn new(numbers: Numbers) -> Self {
        Agenda {
            heap: BinaryHeap::new(),
            numbers,
        }
    }

    pub(crate) fn plan(&mut self, at: Time, what: T) {
        let number = self.numbers.draw();
        self.heap.push(Reverse(Entry { at, number, what }));
    }

    /// The next event that is due at `now` or before.
    pub(crate) fn due(&mut self, now: Time) -> Option<(Time, T)> {
        if self.heap.peek()?.0.at > now {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| (entry.at, entry.what))
    }

    /// When the next event is due, and its number.
    pub(crate) fn next(&self) -> Option<(Time, u64)> {
        self.heap
            .peek()
            .map(|Reverse(entry)| (entry.at, entry.number))
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
        let mut agenda = Agenda::new(Numbers::default());
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

    #[test]
    fn agendas_that_share_a_counter_have_one_order() {
        let numbers = Numbers::default();
        let (mut here, mut there) = (Agenda::new(numbers.clone()), Agenda::new(numbers));
        there.plan(Time(10), "first");
        here.plan(Time(10), "second");
        assert!(there.next() < here.next());
    }
}
