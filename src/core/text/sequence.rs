//! Terminal escape sequences, found by their grammar (ECMA-48) in UTF-8 text.
//!
//! Both spellings are known: `ESC [` and the C1 character U+009B. A sequence
//! that never ends is not one: its text would otherwise vanish from the screen
//! of the person who needs it.

const ESCAPE: char = '\u{1b}';
const STRING_END: char = '\u{9c}';
const BELL: char = '\u{7}';

/// Length in bytes of the complete escape sequence with which `text` begins.
pub(super) fn length(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    match chars.next()? {
        ESCAPE => match chars.next()? {
            '[' => control(text, 2),
            ']' | 'P' | 'X' | '^' | '_' => string(text, 2),
            ' '..='/' => designation(text),
            '0'..='~' => Some(2),
            _ => None,
        },
        '\u{9b}' => control(text, 2),
        '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => string(text, 2),
        _ => None,
    }
}

/// CSI: parameters, intermediates, one final byte.
fn control(text: &str, start: usize) -> Option<usize> {
    let mut intermediates = false;
    for (at, char) in text.char_indices() {
        match char {
            _ if at < start => {}
            '0'..='?' if !intermediates => {}
            ' '..='/' => intermediates = true,
            '@'..='~' => return Some(at + 1),
            _ => return None,
        }
    }
    None
}

/// `ESC ( B` and its like: intermediates, one final byte.
fn designation(text: &str) -> Option<usize> {
    for (at, char) in text.char_indices().skip(1) {
        match char {
            ' '..='/' => {}
            '0'..='~' => return Some(at + 1),
            _ => return None,
        }
    }
    None
}

/// OSC, DCS, SOS, PM, APC: anything up to BEL or ST. Every other control
/// character ends the attempt, so that a scan never passes the next introducer
/// and the whole text costs linear time.
fn string(text: &str, start: usize) -> Option<usize> {
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            _ if at < start => {}
            BELL | STRING_END => return Some(at + char.len_utf8()),
            ESCAPE => {
                return chars
                    .next()
                    .filter(|(_, next)| *next == '\\')
                    .map(|(at, _)| at + 1);
            }
            '\t' => {}
            _ if char.is_control() => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn a_complete_sequence_is_measured_to_its_last_byte() {
        for sequence in [
            "\x1b[0m",
            "\x1b[38;2;1;2;3m",
            "\x1b[?2026$p",
            "\x1b]0;title\x07",
            "\x1b]8;;https://example.com\x1b\\",
            "\x1bPq#0\x1b\\",
            "\x1b(B",
            "\x1b7",
            "\x1bc",
            "\u{9b}31m",
            "\u{9d}52;c;aGk=\u{9c}",
        ] {
            assert_eq!(
                length(&format!("{sequence}text")),
                Some(sequence.len()),
                "{sequence:?}"
            );
        }
    }

    #[test]
    fn what_does_not_end_is_not_a_sequence() {
        for text in [
            "\x1b",
            "\x1b[31",
            "\x1b]0;title",
            "\x1bP1$r\nnext",
            "\x1b[\u{e9}m",
            "\u{9d}0;\x1b[m",
            "x",
        ] {
            assert_eq!(length(text), None, "{text:?}");
        }
    }
}
