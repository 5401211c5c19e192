//! Templates of log lines: `{n:1..500}`, `{hex:8}`, `{uuid}`, `{pick:a|b|c}`.
//!
//! Invariant: a template and a number always give the same line. What is not a
//! placeholder stays as it is, so that JSON lines need no escapes.

use crate::random::Random;

/// The value of one placeholder; `None` when it is not one.
fn value(placeholder: &str, random: &mut Random) -> Option<String> {
    match placeholder.split_once(':') {
        None if placeholder == "uuid" => Some(random.uuid()),
        Some(("n", range)) => {
            let (low, high) = range.split_once("..")?;
            Some(
                random
                    .between(low.parse().ok()?, high.parse().ok()?)
                    .to_string(),
            )
        }
        Some(("hex", length)) => Some(random.hex(length.parse().ok().filter(|l| *l <= 64)?)),
        Some(("pick", choices)) => {
            let choices: Vec<&str> = choices.split('|').collect();
            random.pick(&choices).map(|choice| (*choice).to_owned())
        }
        _ => None,
    }
}

/// Fills in a template; `number` decides everything that is left to chance.
pub(crate) fn fill(template: &str, number: u64) -> String {
    let mut random = Random::of(number, "line", 0);
    let mut line = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        line.push_str(before);
        let filled = after
            .split_once('}')
            .and_then(|(inside, behind)| Some((value(inside, &mut random)?, behind)));
        match filled {
            Some((value, behind)) => {
                line.push_str(&value);
                rest = behind;
            }
            None => {
                line.push('{');
                rest = after;
            }
        }
    }
    line.push_str(rest);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_and_a_number_always_give_the_same_line() {
        let template = "job {uuid} took {n:1..500} ms on {pick:a|b}";
        assert_eq!(fill(template, 7), fill(template, 7));
        assert_ne!(fill(template, 7), fill(template, 8));
        assert!(!fill(template, 7).contains('{'));
    }

    #[test]
    fn json_stays_as_it_is() {
        let line = r#"{"level": "error", "ms": {n:3..3}, "open": "{"#;
        assert_eq!(fill(line, 1), r#"{"level": "error", "ms": 3, "open": "{"#);
    }
}
