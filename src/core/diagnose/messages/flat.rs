//! A message made comparable: lower case, one space between words, plain
//! quotes, and names that people chose masked by what they are.
//!
//! After this no rule can be fooled by a service that is called `timeout-api`:
//! an ARN is `<arn:service>`, an address `<url:host>`, an image of a registry
//! `<ref:host>`, a path `<path>` or, where volumes are kept, `<path:volume>`. At most [`LIMIT`] bytes are looked at.

/// Bytes of a message that are looked at. AWS's own fields are far shorter: stoppedReason ends at 1024.
pub(super) const LIMIT: usize = 8 * 1024;

/// The first [`LIMIT`] bytes, cut at a character.
pub(super) fn head(text: &str) -> &str {
    let mut end = text.len().min(LIMIT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// The comparable form of a message.
pub(super) fn flatten(text: &str) -> String {
    let text = head(text);
    let mut flat = String::with_capacity(text.len() + 16);
    let mut word = String::with_capacity(128);
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            // Quotes inside quotes, and line ends that JSON wrote out.
            '\\' => {
                if let Some('n' | 't' | 'r') = chars.peek() {
                    chars.next();
                    flush(&mut flat, &mut word);
                }
            }
            '\u{2018}' | '\u{2019}' | '`' => word.push('\''),
            '\u{201c}' | '\u{201d}' => word.push('"'),
            '\u{2026}' => word.push_str("..."),
            '\u{2013}' | '\u{2014}' => word.push('-'),
            '\u{200b}' | '\u{feff}' => {}
            char if char.is_whitespace() || char.is_control() => flush(&mut flat, &mut word),
            char => word.push(char.to_ascii_lowercase()),
        }
    }
    flush(&mut flat, &mut word);
    flat
}

/// Puts a word behind what is there, masked where it is somebody's name.
fn flush(flat: &mut String, word: &mut String) {
    if word.is_empty() {
        return;
    }
    if !flat.is_empty() {
        flat.push(' ');
    }
    if names_a_service(flat, word) {
        flat.push_str("<name>");
        if word.ends_with([')', ':', ',']) {
            flat.extend(word.chars().last());
        }
    } else {
        mask(flat, word);
    }
    word.clear();
}

/// Whether this word is the name in `service NAME …` or `(service NAME) …`.
fn names_a_service(flat: &str, word: &str) -> bool {
    const OWN_WORDS: [&str; 12] = [
        "deployment",
        "connect",
        "discovery",
        "linked",
        "role",
        "was",
        "is",
        "has",
        "call",
        "quota",
        "revision",
        "scheduler",
    ];
    let leads = flat == "service " || flat.ends_with("(service ");
    leads && !OWN_WORDS.contains(&word.trim_end_matches([':', ',', '.', ')']))
}

fn mask(flat: &mut String, word: &str) {
    let bare = word.trim_start_matches(['\'', '"', '(', '[', '{', '<', '=']);
    let (before, _) = word.split_at(word.len() - bare.len());
    let core = bare.trim_end_matches(['\'', '"', ')', ']', '}', '>', ',', '.', ':', ';']);
    let (core, after) = bare.split_at(core.len());
    flat.push_str(before);
    if let Some(arn) = core.strip_prefix("arn:") {
        let service = arn.split(':').nth(1).unwrap_or_default();
        flat.push_str("<arn:");
        flat.push_str(service);
        flat.push('>');
    } else if let Some(address) = core
        .strip_prefix("https://")
        .or_else(|| core.strip_prefix("http://"))
    {
        flat.push_str("<url:");
        flat.push_str(address.split(['/', '"']).next().unwrap_or_default());
        flat.push('>');
    } else if core.len() > 1 && core.starts_with('/') {
        flat.push_str(if holds_volumes(core) {
            "<path:volume>"
        } else {
            "<path>"
        });
        // A path that was cut can have the next words stuck to it.
        flat.push_str(
            core.find("...")
                .and_then(|at| core.get(at..))
                .unwrap_or_default(),
        );
    } else if let Some(host) = registry(core) {
        flat.push_str("<ref:");
        flat.push_str(host);
        flat.push('>');
    } else {
        flat.push_str(core);
    }
    flat.push_str(after);
}

/// Whether Docker or the ECS agent keeps volumes there: `/var/lib/docker/volumes/…`,
/// `/var/lib/ecs/volumes/…`, `/var/lib/docker/plugins/…`.
fn holds_volumes(path: &str) -> bool {
    let below = path
        .strip_prefix("/var/lib/docker/")
        .or_else(|| path.strip_prefix("/var/lib/ecs/"));
    below.is_some_and(|below| below.starts_with("volumes/") || below.starts_with("plugins/"))
}

/// The host of `host.domain/path…`, as images of a registry and file systems are written.
fn registry(core: &str) -> Option<&str> {
    let (host, rest) = core.split_once('/')?;
    // `net/http: …` and `failed:net/http` are Go's package names, not hosts.
    let is_host = host.contains('.') && !rest.is_empty() && !host.contains(['(', '=', '"']);
    is_host.then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_quotes_and_case_do_not_matter() {
        assert_eq!(
            flatten("ResourceInitializationError:\n\n  can\u{2019}t pull \\\"x\\\"\u{2026}"),
            "resourceinitializationerror: can't pull \"x\"..."
        );
    }

    #[test]
    fn names_that_people_chose_are_masked() {
        assert_eq!(
            flatten(
                "(service timeout-api) failed (arn:aws:secretsmanager:eu-west-1:1:secret:not-found): Get \"https://api.ecr.eu-west-1.amazonaws.com/denied\": EOF"
            ),
            "(service <name>) failed (<arn:secretsmanager>): get \"<url:api.ecr.eu-west-1.amazonaws.com>\": eof"
        );
        assert_eq!(
            flatten(
                "service oom-killed was unable: 1.dkr.ecr.eu-west-1.amazonaws.com/forbidden:401 /etc/denied"
            ),
            "service <name> was unable: <ref:1.dkr.ecr.eu-west-1.amazonaws.com> <path>"
        );
        assert_eq!(
            flatten("stat /opt/denied/run...no such file"),
            "stat <path>...no such file"
        );
    }

    #[test]
    fn words_of_aws_stay() {
        for words in [
            "dial tcp 10.0.0.1:443: i/o timeout",
            "net/http: request canceled",
            "service deployment rolled back because of x",
        ] {
            assert_eq!(flatten(words), words);
        }
    }

    #[test]
    fn a_very_long_line_is_cut_at_a_character() {
        let long = "\u{e9}".repeat(LIMIT);
        assert_eq!(head(&long).len(), LIMIT);
        assert!(flatten(&format!("a{long}")).len() <= LIMIT);
    }
}
