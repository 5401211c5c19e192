//! What is said to the person beside the data: always on stderr, and nothing of it is for scripts.

use crate::streams;

/// Says something to the person.
pub fn say(text: &str) {
    streams::words(format!("ecsdeck: {text}\n").as_bytes());
}

/// Says why a command did not do its work: `Error: …`, and what to do about it on a line of its own, `Hint: …`.
pub fn error(text: &str) {
    streams::words(laid_out(text).as_bytes());
}

/// What comes before a hint in a message of one line.
const HINT: &str = "Hint: ";

fn laid_out(text: &str) -> String {
    let mut parts = text.splitn(2, HINT);
    let what = parts.next().unwrap_or_default().trim_end();
    match parts.next() {
        Some(hint) => format!("Error: {what}\n{HINT}{}\n", hint.trim_end()),
        None => format!("Error: {what}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::laid_out;

    #[test]
    fn a_hint_has_a_line_of_its_own_however_it_was_joined() {
        let expected = "Error: no service named wbe.\nHint: did you mean web?\n";
        assert_eq!(
            laid_out("no service named wbe. Hint: did you mean web?"),
            expected
        );
        assert_eq!(
            laid_out("no service named wbe.\nHint: did you mean web?\n"),
            expected
        );
        assert_eq!(laid_out("no region"), "Error: no region\n");
    }
}
