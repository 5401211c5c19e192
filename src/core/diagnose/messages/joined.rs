//! Several errors that somebody joined in one line: a task's reason and its containers'.
//!
//! A message is split only where a separator stands before a word that begins
//! an error or an event of ECS, so that no error's own chain is ever torn.

use super::flat::head;

/// What an error or event of ECS begins with, in lower case.
const BEGINNINGS: [&str; 13] = [
    "cannotpull",
    "cannotstart",
    "cannotcreate",
    "cannotinspect",
    "cannotstop",
    "resourceinitialization",
    "outofmemoryerror",
    "dockertimeout",
    "containerruntime",
    "taskfailedtostart",
    "essential container in",
    "task failed ",
    "(service ",
];

/// More are not read: it is a log then, and not AWS's words about one thing.
const MOST: usize = 16;

/// The errors of a message, in order; the message itself where it is one.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(head(text));
    let mut count = 0;
    std::iter::from_fn(move || {
        let text = rest?;
        count += 1;
        let at = if count < MOST { next(text) } else { None };
        let (part, after) = match at {
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        rest = at.map(|_| after.trim_start_matches(SEPARATORS));
        Some(part)
    })
}

const SEPARATORS: [char; 5] = [';', '|', '\n', '\r', ' '];

/// Where the first error ends and another begins.
fn next(text: &str) -> Option<usize> {
    memchr::memchr3_iter(b';', b'|', b'\n', text.as_bytes()).find(|at| {
        let after = text.get(*at..).unwrap_or_default();
        let after = after.trim_start_matches(SEPARATORS).as_bytes();
        let begins = |word: &str| {
            after
                .get(..word.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
        };
        *at > 0 && BEGINNINGS.into_iter().any(begins)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        parts(text).collect()
    }

    #[test]
    fn errors_that_were_joined_come_apart() {
        assert_eq!(
            split("Task failed to start; CannotPullContainerError: x | outOfMemoryError: y"),
            [
                "Task failed to start",
                "CannotPullContainerError: x ",
                "outOfMemoryError: y"
            ]
        );
        assert_eq!(
            split("(service a) has started 1 tasks.\n(service a) has reached a steady state."),
            [
                "(service a) has started 1 tasks.",
                "(service a) has reached a steady state."
            ]
        );
    }

    #[test]
    fn an_errors_own_chain_is_never_torn() {
        for text in [
            "CannotStartContainerError: ResourceInitializationError: failed to create",
            "ResourceInitializationError:\n\nfailed to validate logger args:\n\nfailed to create",
            "unsuccessful EFS utils command execution; code: 32",
            "",
            ";|\n",
        ] {
            assert_eq!(split(text), [text]);
        }
    }

    #[test]
    fn a_log_is_not_read_to_its_end() {
        let log = "(service a) x\n".repeat(100);
        assert_eq!(parts(&log).count(), MOST);
    }
}
