//! The fingerprint of a text: what is the same whenever the same thing happens again.

/// A text without what differs each time: words that have a digit in them, which ids, counts, times and addresses do.
///
/// What an exit code or a revision says makes a difference, so these stay.
pub(in crate::app) fn fingerprint(text: &str) -> String {
    let mut words = Vec::new();
    let mut before = "";
    for word in text.split_whitespace() {
        let telling = before.ends_with("code") || word.starts_with("(:") || word.starts_with(':');
        let varies = word == "(task" || word.bytes().any(|byte| byte.is_ascii_digit());
        if telling || !varies {
            words.push(word);
        }
        before = word;
    }
    words.join(" ")
}
