//! "Did you mean …?"

/// The candidate that `word` was most likely meant to be, if any is near.
///
/// Near is at most a third of the letters wrong, or one in a short word;
/// swapped neighbours count as one. Case does not count. Of equals the first wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let (distance, best) = candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::osa_distance(&word, &candidate.to_lowercase()),
                candidate,
            )
        })
        .min_by_key(|(distance, _)| *distance)?;
    let longer = word.chars().count().max(best.chars().count());
    (distance <= (longer / 3).max(1) && distance < longer).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const NAMES: [&str; 4] = ["cluster", "clusters", "columns", "key"];

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert_eq!(nearest("cluter", NAMES), Some("cluster"));
        assert_eq!(nearest("Cloumns", NAMES), Some("columns"));
        assert_eq!(nearest("kye", NAMES), Some("key"));
    }

    #[test]
    fn a_different_word_is_not_guessed_at() {
        assert_eq!(nearest("timeout", NAMES), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("x", []), None);
    }
}
