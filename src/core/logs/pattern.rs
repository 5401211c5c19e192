//! Where CloudWatch's filter pattern breaks, by its syntax alone.
//!
//! CloudWatch refuses a pattern with a sentence that names no place. What it refuses is for CloudWatch to say; this says
//! where to look. Source: CloudWatch Logs user guide, "Filter pattern syntax for metric filters, subscription filters,
//! filter log events, and Live Tail".

use crate::text::Clean;

/// What is wrong with a pattern, and at which character, from 0. None where nothing is seen.
pub fn pattern_fault(pattern: &str) -> Option<(usize, Clean)> {
    let chars: Vec<char> = pattern.chars().collect();
    let first = chars.iter().position(|c| !c.is_whitespace())?;
    let shape = match chars.get(first)? {
        '{' => Some(('{', '}')),
        '[' => Some(('[', ']')),
        _ => None,
    };
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut quote: Option<usize> = None;
    let mut expression: Option<usize> = None;
    let mut escaped = false;
    for (at, c) in chars.iter().copied().enumerate() {
        let was_escaped = escaped;
        escaped = c == '\\' && !was_escaped;
        if was_escaped {
            continue;
        }
        if quote.is_some() {
            quote = quote.filter(|_| c != '"');
            continue;
        }
        if expression.is_some() {
            expression = expression.filter(|_| c != '%');
            continue;
        }
        match c {
            '"' => quote = Some(at),
            '%' => expression = Some(at),
            '{' | '[' | '(' if shape.is_some() => open.push((at, c)),
            '}' | ']' | ')' if shape.is_some() => match open.pop() {
                Some((_, opened)) if closes(opened, c) => {}
                _ => return fault(at, format!("{c} closes nothing")),
            },
            c if shape.is_none() && !is_bare(c) && !c.is_whitespace() => {
                // Source: the same, "Match terms": anything but letters, digits and underscores is put in quotes.
                return fault(at, format!("{c} must stand in double quotes"));
            }
            _ => {}
        }
    }
    if let Some(at) = quote {
        return fault(at, "the quote is not closed".to_owned());
    }
    if let Some(at) = expression {
        return fault(at, "the expression is not closed with %".to_owned());
    }
    if let Some((at, c)) = open.pop() {
        return fault(at, format!("{c} is not closed"));
    }
    None
}

fn fault(at: usize, why: String) -> Option<(usize, Clean)> {
    Some((at, Clean::own(why)))
}

fn closes(opened: char, c: char) -> bool {
    matches!((opened, c), ('{', '}') | ('[', ']') | ('(', ')'))
}

/// What a term may hold without quotes; `-` and `?` begin one.
fn is_bare(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_guide_shows_is_well_formed() {
        for pattern in [
            "",
            "ERROR",
            "ERROR ARGUMENTS",
            "?ERROR ?WARN",
            "ERROR -EXITING",
            "\"INTERNAL SERVER ERROR\"",
            "\" \"",
            "%AUTHORIZED%",
            "{ $.eventType = \"UpdateTrail\" }",
            "{ $.arrayKey[0] = \"value\" }",
            "{ ($.user.id = 1) && ($.users[0].email = \"John.Doe@example.com\") }",
            "[ip, user, username, timestamp, request, status_code=4*, bytes]",
            "[..., size, status_code]",
            "[ip=%127\\.0\\.0\\.[1-9]%, user]",
            "{ $.a = %5[0-9]{2}% }",
        ] {
            assert_eq!(pattern_fault(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn the_place_of_the_fault_is_told() {
        for (pattern, at, why) in [
            ("ERROR \"open", 6, "the quote is not closed"),
            ("status=500", 6, "= must stand in double quotes"),
            ("{ $.a = 1", 0, "{ is not closed"),
            ("{ ($.a = 1 }", 11, "} closes nothing"),
            ("[ip, user", 0, "[ is not closed"),
            ("%oops", 0, "the expression is not closed with %"),
        ] {
            let (place, text) = pattern_fault(pattern).unwrap();
            assert_eq!((place, text.as_str()), (at, why), "{pattern}");
        }
    }
}
