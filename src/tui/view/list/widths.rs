//! How wide the columns of a list are.
//!
//! Invariant: widths follow from the room and from the list as a whole, never
//! from the rows that happen to be on the screen, so that headings stand still
//! while data change; a column never has to go before one that matters less.

/// Where a column of a list stands, in the order of the screen.
#[derive(Clone, Copy, Debug)]
pub(in crate::view) struct Place {
    /// The column's name.
    pub(in crate::view) name: &'static str,
    /// How wide it is.
    pub(in crate::view) width: Width,
    /// Shown wherever the list is; the others give way where there is little room.
    must: bool,
    /// Of those that may give way, the highest goes first.
    rank: u8,
}

/// How wide a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::view) enum Width {
    /// So wide.
    Fixed(usize),
    /// So wide in a narrow list, and so wide in one that has room.
    Either(usize, usize),
    /// As wide as the longest text of all rows, where there is room. One in a list.
    Longest {
        /// At least so wide.
        least: usize,
        /// So many hundredths of the room, before what may give way is shown.
        share: usize,
    },
    /// What is left. One in a list.
    Rest {
        /// At least so wide.
        least: usize,
        /// It gets so much before anything that matters less is shown.
        wish: usize,
    },
}

impl Place {
    /// A column that is always shown.
    pub(in crate::view) const fn must(name: &'static str, width: Width) -> Self {
        Self {
            name,
            width,
            must: true,
            rank: 0,
        }
    }

    /// A column that may give way; the higher its rank, the earlier.
    pub(in crate::view) const fn may(name: &'static str, width: Width, rank: u8) -> Self {
        Self {
            name,
            width,
            must: false,
            rank,
        }
    }
}

/// From this room on, a list has its wide columns.
const ROOMY: usize = 62;
/// The column of names is as wide as its heading at least.
const NAME: usize = 7;

/// A column that is shown, and how wide.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) place: &'static Place,
    pub(super) columns: usize,
}

/// The columns that are shown in so much room, with one blank between two; `longest` is the longest text of the
/// column that is as wide as that.
pub(super) fn place(columns: &[&'static Place], room: usize, longest: usize) -> Vec<Placed> {
    let roomy = room >= ROOMY;
    let least = |column: &Place| match column.width {
        Width::Fixed(columns) => columns,
        Width::Either(narrow, wide) => {
            if roomy {
                wide
            } else {
                narrow
            }
        }
        Width::Longest { least, .. } => least.min(longest.max(NAME)),
        Width::Rest { least, .. } => least,
    };
    // What a column would like before others that matter less are shown.
    let wish = |column: &Place| match column.width {
        Width::Longest { least, share } => longest
            .max(NAME)
            .min((room.saturating_mul(share) / 100).max(least)),
        Width::Rest { least, wish } => least.max(wish),
        _ => least(column),
    };
    let mut shown: Vec<(&'static Place, usize)> = columns
        .iter()
        .filter(|column| column.must)
        .map(|column| (*column, least(column)))
        .collect();
    let used = |shown: &[(&Place, usize)]| -> usize {
        shown
            .iter()
            .map(|(_, columns)| columns.saturating_add(1))
            .sum::<usize>()
            .saturating_sub(1)
    };
    let grow = |shown: &mut Vec<(&'static Place, usize)>, to: &dyn Fn(&Place) -> usize| {
        for at in 0..shown.len() {
            let left = room.saturating_sub(used(shown));
            if let Some((column, columns)) = shown.get_mut(at) {
                let more = to(column).saturating_sub(*columns);
                *columns = columns.saturating_add(more.min(left));
            }
        }
    };
    grow(&mut shown, &wish);
    let mut others: Vec<&'static Place> = columns
        .iter()
        .copied()
        .filter(|column| !column.must)
        .collect();
    others.sort_by_key(|column| column.rank);
    for column in others {
        let left = room.saturating_sub(used(&shown).saturating_add(1));
        if least(column) > left {
            break;
        }
        shown.push((column, wish(column).min(left)));
    }
    // What is left goes to the name, and then to the sentence.
    grow(&mut shown, &|column| match column.width {
        Width::Longest { .. } => longest.max(NAME),
        _ => 0,
    });
    grow(&mut shown, &|column| match column.width {
        Width::Rest { .. } => usize::MAX,
        _ => 0,
    });
    columns
        .iter()
        .filter_map(|column| {
            let (_, columns) = shown.iter().find(|(shown, _)| shown.name == column.name)?;
            Some(Placed {
                place: column,
                columns: *columns,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::view::panes::services::PLACES;

    fn placed(room: usize, longest: usize) -> Vec<(&'static str, usize)> {
        let columns: Vec<&Place> = PLACES.iter().collect();
        place(&columns, room, longest)
            .iter()
            .map(|placed| (placed.place.name, placed.columns))
            .collect()
    }

    proptest! {
        #[test]
        fn columns_fit_into_the_room_and_more_room_takes_none_away(room in 40_usize..220, longest in 1_usize..80) {
            let columns = placed(room, longest);
            let used: usize = columns.iter().map(|(_, columns)| columns + 1).sum();
            prop_assert!(used <= room + 1, "{columns:?} in {room}");
            let more = placed(room + 1, longest);
            for (name, _) in &columns {
                // Columns get their wide form at one width, and may cost another its place there.
                prop_assert!(room + 1 == ROOMY || more.iter().any(|(other, _)| other == name), "{name} is gone at {}", room + 1);
            }
        }
    }

    #[test]
    fn the_reason_outlives_what_matters_less() {
        for room in 20..220 {
            let columns = placed(room, 19);
            let has = |name| columns.iter().any(|(column, _)| *column == name);
            for less in ["pending", "age", "revision"] {
                assert!(!has(less) || has("why"), "{columns:?} in {room}");
            }
        }
    }

    #[test]
    fn a_name_is_whole_before_anything_that_may_go_is_shown() {
        let columns = placed(56, 19);
        assert!(columns.contains(&("name", 19)), "{columns:?}");
    }
}
