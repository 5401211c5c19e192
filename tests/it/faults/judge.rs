//! What must hold of an answer while one operation fails, held against the answer without a fault.

use super::kinds::Kind;

/// Words that say that something is not there.
const NOTHING: [&str; 25] = [
    "there is no",
    "there are no",
    "no longer there",
    "AWS has forgotten",
    "no ECS cluster",
    "no service and no task",
    "no service named",
    "no cluster named",
    "no queue named",
    "no queue found",
    "no task named",
    "no task of",
    "no tasks ran",
    "no task runs",
    "no work item",
    "no table of work items",
    "no run template",
    "no log named",
    "no log lines",
    "no container has written",
    "no deployment",
    "no policy allows",
    "is gone",
    "has no task definition",
    "nothing has been changed yet",
];

/// What every answer rests on.
const LISTS: [&str; 7] = [
    "GetCallerIdentity",
    "ListClusters",
    "DescribeClusters",
    "ListServices",
    "DescribeServices",
    "ListTasks",
    "DescribeTasks",
];

/// How something ended, and all that it said.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// None of a pane.
    pub(super) code: Option<i32>,
    pub(super) data: String,
    pub(super) words: String,
}

impl Said {
    pub(super) fn all(&self) -> String {
        format!("{}\n{}", self.data, self.words)
    }
}

/// Where "nothing" is said, and was not without the fault.
pub(super) fn nothing(whole: &str, said: &str) -> Option<&'static str> {
    let mut words = NOTHING.into_iter();
    words.find(|words| said.contains(words) && !whole.contains(words))
}

/// Whether both say the same, but for the time that has passed.
fn is_same(whole: &Said, said: &Said) -> bool {
    let timeless = |said: &Said| (said.code, timeless(&said.data), timeless(&said.words));
    timeless(whole) == timeless(said)
}

/// A text in which moments, ages and what is drawn anew each time are all alike.
pub(super) fn timeless(text: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-:.".contains(letter);
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_part) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|letter| !is_part(letter)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        out.push_str(before);
        out.push_str(if is_time(word) || is_drawn(word) {
            "#"
        } else {
            word
        });
        rest = after;
    }
    out.push_str(rest);
    // `2m 5s` and `2m` are both ages, and columns follow them.
    let words: Vec<&str> = out.split_whitespace().collect();
    words.join(" ").replace("# #", "#")
}

fn is_time(word: &str) -> bool {
    let age = word.trim_end_matches(['s', 'm', 'h', 'd']);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (age.len() + 1 == word.len() && is_number(age))
        || (word.len() > 7 && word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()))
}

/// A UUID, or its beginning.
fn is_drawn(word: &str) -> bool {
    word.len() >= 8
        && word
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// What is wrong with what was said while `operation` failed in that way; none where it is right.
pub(super) fn wrong(whole: &Said, said: &Said, kind: &Kind, operation: &str) -> Option<String> {
    let all = said.all();
    if let Some(words) = nothing(&whole.all(), &all) {
        return Some(format!("it says \u{201c}{words}\u{201d}"));
    }
    // What it says does not rest on this operation.
    if is_same(whole, said) {
        return None;
    }
    // The bound that a deck sets on what a table may cost.
    if all.contains("the page cap") || all.contains("\"capped\": true") {
        return None;
    }
    if !all.contains(operation) {
        return Some("it does not name the operation".to_owned());
    }
    if !kind.words.iter().any(|words| all.contains(words)) {
        return Some(format!("it names none of {:?}", kind.words));
    }
    for inner in [
        "Error {",
        "Some(",
        "DispatchFailure",
        "unhandled error",
        "panicked",
    ] {
        if all.contains(inner) {
            return Some(format!("it is told in a library's words: {inner}"));
        }
    }
    // A document is marked where a part of it is missing; a diagnosis says of each of its questions what came of it.
    let document: Option<serde_json::Value> = serde_json::from_str(&said.data).ok();
    if let Some(document) = document {
        // A request that is shown says in a note what it does not rest on.
        let is_marked =
            document["partial"] == true || document["notes"].to_string().contains(operation);
        let is_whole = said.data == whole.data;
        if !is_marked && !is_whole {
            return Some("its document is not marked as partial".to_owned());
        }
    }
    let (_, action) = operation.split_once(':').unwrap();
    match said.code {
        Some(3) | None => None,
        // What is followed is waited for.
        Some(4) if all.contains("--timeout ended the wait") => None,
        // A verdict, and a request, stand without what a question would have told.
        code if code == whole.code && !LISTS.contains(&action) => None,
        code => Some(format!("it ends with {code:?}")),
    }
}

#[test]
fn moments_ages_and_ids_are_all_alike_and_counts_are_not() {
    assert_eq!(
        timeless("a 2m 5s b 2026-11-01T08:00:00Z 12:34:56.789"),
        timeless("a  3m b 2026-11-02T09:10:00Z 23:34:56.789")
    );
    assert_ne!(timeless("2 tasks"), timeless("0 tasks"));
    assert_eq!(timeless("id deadbeef-1"), timeless("id 0123456789ab"));
}
