//! The nearest valid name to a mistyped one.

/// The edit distance between two names, in characters.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(b.chars()) {
            let replaced = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = replaced.min(left + 1).min(diagonal + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// `; did you mean …?` with the nearest of the names, or which there are, or nothing.
pub(super) fn hint<'a>(wrong: &str, valid: impl IntoIterator<Item = &'a str>) -> String {
    let nearest = valid
        .into_iter()
        .min_by_key(|name| (distance(wrong, name), *name));
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_single_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn the_nearest_name_is_offered_and_nothing_when_there_are_none() {
        assert_eq!(hint("mian", ["other", "main"]), "; did you mean `main`?");
        assert_eq!(hint("mian", []), "");
    }
}
