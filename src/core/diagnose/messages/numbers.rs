//! The numbers that decide: an HTTP status, an exit code, a desired count.

use memchr::memmem;

/// An HTTP error status (400 to 599) that a server answered, where the words
/// around a number say that it is one. 400 is AWS's wrapper for every client
/// error and decides nothing, so a later, more telling one is preferred.
pub(super) fn http_status(flat: &str) -> Option<u16> {
    let bytes = flat.as_bytes();
    let mut vague = None;
    for at in memchr::memchr2_iter(b'4', b'5', bytes) {
        let Some(digits) = bytes.get(at..at + 3) else {
            continue;
        };
        let is_digit = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .is_some_and(u8::is_ascii_alphanumeric)
        };
        if !digits.iter().all(u8::is_ascii_digit)
            || is_digit(at.checked_sub(1))
            || is_digit(Some(at + 3))
        {
            continue;
        }
        let Some(status) = std::str::from_utf8(digits)
            .ok()
            .and_then(|digits| digits.parse().ok())
        else {
            continue;
        };
        let before = bytes.get(at.saturating_sub(72)..at).unwrap_or_default();
        let after = bytes.get(at + 3..).unwrap_or_default();
        let told = ["status", "api error (", "http ", "http code", "returned "]
            .iter()
            .any(|word| memmem::find(before, word.as_bytes()).is_some());
        let named = [
            " forbidden",
            " unauthorized",
            " not found",
            " too many",
            " bad gateway",
            " service unav",
            " internal server",
            " gateway",
        ]
        .iter()
        .any(|phrase| after.starts_with(phrase.as_bytes()));
        // `…/manifests/1: 401` at the end of a chain.
        let ends =
            before.ends_with(b": ") && after.first().is_none_or(|next| b" .,;)".contains(next));
        let ends = ends && matches!(status, 401 | 403 | 404 | 429);
        if told || named || ends {
            if status != 400 {
                return Some(status);
            }
            vague = Some(status);
        }
    }
    vague
}

/// The exit code in `exit code 137`, `exitCode: 137`, `exited with code 1`, `exited (137)`, `exit status 2`.
///
/// Windows writes its codes as large, negative or hexadecimal numbers.
pub(super) fn exit_code(flat: &str) -> Option<i64> {
    memmem::find_iter(flat.as_bytes(), "exit").find_map(|at| {
        let rest = flat.get(at + 4..)?;
        let mut rest = rest
            .strip_prefix("ed")
            .unwrap_or(rest)
            .trim_start_matches(BETWEEN);
        let before = rest.len();
        for word in ["with", "exit", "code", "status", "of", "is", "was"] {
            rest = rest
                .strip_prefix(word)
                .unwrap_or(rest)
                .trim_start_matches(BETWEEN);
        }
        let sure = rest.len() < before
            || flat
                .get(at..)
                .is_some_and(|text| text.starts_with("exited ("));
        if !sure {
            return None;
        }
        if let Some(hex) = rest.strip_prefix("0x") {
            return i64::from_str_radix(leading(hex, |c| c.is_ascii_hexdigit()), 16).ok();
        }
        leading(rest, |c| c.is_ascii_digit() || c == '-')
            .parse()
            .ok()
    })
}

/// The count in `desired count to 0`, `desiredCount: 2`, `desired count set to 3`.
pub(super) fn desired_count(flat: &str) -> Option<u32> {
    let at = memmem::find(flat.as_bytes(), b"desired")?;
    let rest = flat.get(at + "desired".len()..)?.trim_start_matches(' ');
    let mut rest = rest.strip_prefix("count")?.trim_start_matches(BETWEEN);
    for word in ["was", "is", "set", "changed", "updated", "to", "of"] {
        rest = rest
            .strip_prefix(word)
            .unwrap_or(rest)
            .trim_start_matches(BETWEEN);
    }
    leading(rest, |c| c.is_ascii_digit()).parse().ok()
}

const BETWEEN: [char; 8] = [' ', ':', '=', '(', '"', '_', '\'', '['];

fn leading(text: &str, wanted: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !wanted(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_needs_words_that_say_so() {
        assert_eq!(
            http_status("unexpected status code [manifests 6981141]: 403 forbidden"),
            Some(403)
        );
        assert_eq!(http_status("api error (404): manifest"), Some(404));
        assert_eq!(
            http_status("status code: 400, request id: 5034-403a"),
            Some(400)
        );
        assert_eq!(http_status("failed: 401 unauthorized"), Some(401));
        assert_eq!(http_status("head <url:ghcr.io>: 403"), Some(403));
        assert_eq!(http_status("port 443 on 10.0.4.404"), None);
        assert_eq!(http_status("has 4350 free data blocks"), None);
    }

    #[test]
    fn a_desired_count_is_read_in_every_common_spelling() {
        for (text, count) in [
            ("set desired count to 0. change", Some(0)),
            ("desired count set to 3", Some(3)),
            ("\"desiredcount\": 2,", Some(2)),
            ("the desired count is 10", Some(10)),
            ("more than the desired count of tasks", None),
        ] {
            assert_eq!(desired_count(text), count, "{text}");
        }
    }

    #[test]
    fn an_exit_code_is_read_in_every_common_spelling() {
        for (text, code) in [
            ("essential container exited with exit code 137", 137),
            ("exit code: 1", 1),
            ("exitcode=139", 139),
            ("\"exitcode\": 2", 2),
            ("exited (143)", 143),
            ("exited with code 0", 0),
            ("exit status 127", 127),
            ("exit code -1073741819", -1_073_741_819),
            ("exit code 3221225477", 3_221_225_477),
            ("exit_code 126", 126),
            ("exit code 0xc0000005", 3_221_225_477),
        ] {
            assert_eq!(exit_code(text), Some(code), "{text}");
        }
        assert_eq!(exit_code("essential container in task exited"), None);
        assert_eq!(exit_code("the exit was quick"), None);
        assert_eq!(exit_code("leave at exit 12"), None);
    }
}
