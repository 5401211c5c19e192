//! Pages of a list: `nextToken` says after which entry the next page begins,
//! so that entries that come and go meanwhile are neither skipped nor doubled.

use super::ApiError;

/// One page of a sorted list, and the token of the next one.
#[derive(Debug, PartialEq)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<String>,
}

/// How a token is written: opaque to callers, and not mistaken for a name.
pub(crate) fn seal(key: &str) -> String {
    key.bytes().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unseal(token: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = token
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    String::from_utf8(bytes?).ok()
}

/// The key after which the page begins; empty for the first page.
pub(crate) fn begin(token: Option<&str>) -> Result<String, ApiError> {
    match token {
        None => Ok(String::new()),
        Some(token) => unseal(token)
            .filter(|key| !key.is_empty())
            .ok_or_else(|| ApiError::invalid_parameter("Invalid token.")),
    }
}

/// Cuts a page of `size` out of `sorted`, whose keys ascend and lie after the token.
pub(crate) fn cut<T>(mut sorted: impl Iterator<Item = (String, T)>, size: usize) -> Page<T> {
    let mut items = Vec::new();
    let mut last = String::new();
    for (key, item) in sorted.by_ref().take(size) {
        items.push(item);
        last = key;
    }
    let more = sorted.next().is_some();
    Page {
        items,
        next: more.then(|| seal(&last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(names: &[&str], token: Option<&str>, size: usize) -> Page<String> {
        let after = begin(token).unwrap();
        let rest = names.iter().filter(|name| **name > after.as_str());
        cut(
            rest.map(|name| ((*name).to_owned(), (*name).to_owned())),
            size,
        )
    }

    #[test]
    fn pages_follow_each_other_and_the_last_has_no_token() {
        let first = page(&["a", "b", "c"], None, 2);
        assert_eq!(first.items, ["a", "b"]);
        let second = page(&["a", "b", "c"], first.next.as_deref(), 2);
        assert_eq!((second.items, second.next), (vec!["c".to_owned()], None));
    }

    #[test]
    fn an_entry_that_vanishes_between_pages_hides_no_other() {
        let first = page(&["a", "b", "c"], None, 2);
        let second = page(&["a", "c"], first.next.as_deref(), 2);
        assert_eq!(second.items, ["c"]);
    }

    #[test]
    fn a_full_last_page_has_no_token() {
        assert_eq!(page(&["a", "b"], None, 2).next, None);
    }

    #[test]
    fn a_foreign_token_is_refused() {
        assert!(begin(Some("not a token")).is_err());
        assert!(begin(Some("")).is_err());
    }
}
