//! State with the number of its changes, and what is worked out from such state.
//!
//! The invariant: a [`Revised`] value is changed through [`Revised::change`]
//! alone, which counts; what is [`Derived`] remembers what it was worked out
//! from. So nobody has to remember to say that something has changed.

use std::ops::Deref;

/// A value that others are worked out from.
#[derive(Clone, Debug, PartialEq)]
pub struct Revised<T> {
    value: T,
    revision: u64,
}

impl<T> Revised<T> {
    /// A value that was never changed.
    pub(in crate::app) const fn new(value: T) -> Self {
        Self { value, revision: 0 }
    }

    /// The value, to be changed: whatever was worked out from it is out of date.
    pub(in crate::app) fn change(&mut self) -> &mut T {
        self.revision = self.revision.saturating_add(1);
        &mut self.value
    }

    /// The value, to work out within it what follows from the rest of it. Nothing that others read may change by it.
    pub(in crate::app) fn settle(&mut self) -> &mut T {
        &mut self.value
    }

    /// Grows with every change.
    pub(in crate::app) const fn revision(&self) -> u64 {
        self.revision
    }
}

impl<T> Deref for Revised<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// What is worked out from other state: the value, and what it was worked out from.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) struct Derived<B, T> {
    value: Revised<T>,
    basis: Option<B>,
}

impl<B: PartialEq, T> Derived<B, T> {
    /// A value that is worked out from nothing.
    pub(in crate::app) const fn new(value: T) -> Self {
        Self {
            value: Revised::new(value),
            basis: None,
        }
    }

    /// Whether it was worked out from just this.
    pub(in crate::app) fn is_of(&self, basis: &B) -> bool {
        self.basis.as_ref() == Some(basis)
    }

    /// What it was worked out from last.
    pub(in crate::app) const fn basis(&self) -> Option<&B> {
        self.basis.as_ref()
    }

    /// Takes what was worked out anew.
    pub(in crate::app) fn put(&mut self, basis: B, value: T) {
        *self.value.change() = value;
        self.basis = Some(basis);
    }

    /// Grows each time that it is worked out anew.
    pub(in crate::app) const fn revision(&self) -> u64 {
        self.value.revision()
    }
}

impl<B, T> Deref for Derived<B, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_change_a_value_has_changed_it() {
        let mut value = Revised::new(vec![1]);
        let before = value.revision();
        assert_eq!(value.len(), 1);
        assert_eq!(value.revision(), before, "reading changes nothing");
        value.change().push(2);
        assert_ne!(value.revision(), before);
    }

    #[test]
    fn what_was_worked_out_is_out_of_date_once_what_it_is_from_has_changed() {
        let mut value = Revised::new(vec![1]);
        let mut sum = Derived::new(0);
        assert!(!sum.is_of(&value.revision()));
        sum.put(value.revision(), 1);
        assert!(sum.is_of(&value.revision()));
        value.change().push(2);
        assert!(!sum.is_of(&value.revision()));
    }
}
