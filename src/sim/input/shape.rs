//! The vocabulary of the tables: members and the shapes of their values.

use super::letters::{ALL, Letters};

/// The largest whole number, and with it the most of everything.
pub(crate) const MOST: i64 = i32::MAX as i64;

/// What a value must be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// What has no shape in the model, or is checked where it is read.
    Any,
    Text {
        least: usize,
        most: usize,
        letters: Letters,
    },
    /// A text that is one of these.
    OneOf(&'static [&'static str]),
    Whole {
        least: i64,
        most: i64,
    },
    Fraction,
    Flag,
    Members(&'static [Member]),
    List {
        of: &'static Shape,
        least: usize,
        most: usize,
    },
    Map {
        key: &'static Shape,
        of: &'static Shape,
        least: usize,
        most: usize,
    },
}

/// A member of a structure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) need: Need,
}

/// Whether a member must be there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Need {
    No,
    Yes,
    /// Where it is not, AWS has this code and these words of its own for it.
    Told(&'static str, &'static str),
}

pub(crate) const ANY: Shape = Shape::Any;
pub(crate) const TEXT: Shape = Shape::Text {
    least: 0,
    most: usize::MAX,
    letters: ALL,
};
pub(crate) const WHOLE: Shape = Shape::Whole {
    least: i64::MIN,
    most: i64::MAX,
};
pub(crate) const FRACTION: Shape = Shape::Fraction;
pub(crate) const FLAG: Shape = Shape::Flag;

/// A text of so many characters.
pub(crate) const fn text(least: usize, most: usize) -> Shape {
    Shape::Text {
        least,
        most,
        letters: ALL,
    }
}

/// A whole number between these, both included.
pub(crate) const fn whole(least: i64, most: i64) -> Shape {
    Shape::Whole { least, most }
}

/// One of these texts.
pub(crate) const fn one_of(values: &'static [&'static str]) -> Shape {
    Shape::OneOf(values)
}

/// A structure.
pub(crate) const fn members(members: &'static [Member]) -> Shape {
    Shape::Members(members)
}

/// A list of any length.
pub(crate) const fn list(of: &'static Shape) -> Shape {
    list_of(of, 0, usize::MAX)
}

/// A list of so many elements.
pub(crate) const fn list_of(of: &'static Shape, least: usize, most: usize) -> Shape {
    Shape::List { of, least, most }
}

/// A map of any size.
pub(crate) const fn map(key: &'static Shape, of: &'static Shape) -> Shape {
    map_of(key, of, 0, usize::MAX)
}

/// A map of so many entries.
pub(crate) const fn map_of(
    key: &'static Shape,
    of: &'static Shape,
    least: usize,
    most: usize,
) -> Shape {
    Shape::Map {
        key,
        of,
        least,
        most,
    }
}

impl Shape {
    /// A text of these characters alone.
    pub(crate) const fn of(self, letters: Letters) -> Self {
        match self {
            Shape::Text { least, most, .. } => Shape::Text {
                least,
                most,
                letters,
            },
            other => other,
        }
    }
}

/// A member that may be missing.
pub(crate) const fn may(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        shape,
        need: Need::No,
    }
}

/// A member that must be there.
pub(crate) const fn need(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        shape,
        need: Need::Yes,
    }
}

/// A member that must be there, or else it is refused with this code and in these words.
pub(crate) const fn told(
    name: &'static str,
    shape: Shape,
    code: &'static str,
    words: &'static str,
) -> Member {
    Member {
        name,
        shape,
        need: Need::Told(code, words),
    }
}
