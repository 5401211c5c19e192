//! What is wrong with a query, below the place where it is wrong.

use crate::domain::QueryProblem;
use crate::text::{Clean, width};

/// AWS's words, and where it says the place the line of the query with a mark below it.
pub fn marked(query: &str, problem: &QueryProblem) -> Vec<Clean> {
    let mut lines = vec![problem.message.clone()];
    let Some((from, to)) = problem.place else {
        return lines;
    };
    // A place behind the end is the end.
    let mut start = 0;
    let mut at = None;
    for line in query.split('\n') {
        let length = line.chars().count();
        at = Some((line, from.saturating_sub(start)));
        if from <= start + length {
            break;
        }
        start += length + 1;
    }
    let Some((line, from_here)) = at else {
        return lines;
    };
    let part = |skip: usize, take: usize| -> Clean {
        Clean::new(&line.chars().skip(skip).take(take).collect::<String>())
    };
    let before = width(&part(0, from_here));
    let marked = width(&part(from_here, to.saturating_sub(from))).max(1);
    lines.push(Clean::own(format!("  {}", Clean::new(line))));
    lines.push(Clean::own(format!(
        "  {}{}",
        " ".repeat(before),
        "^".repeat(marked)
    )));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(query: &str, place: Option<(usize, usize)>) -> Vec<String> {
        let problem = QueryProblem {
            message: Clean::new("unexpected symbol found sotr"),
            place,
        };
        let lines = marked(query, &problem).into_iter();
        lines.skip(1).map(|line| line.to_string()).collect()
    }

    #[test]
    fn the_line_of_the_fault_is_shown_with_a_mark_below_it() {
        assert_eq!(
            shown("fields é\n| sotr ms\n| limit 1", Some((11, 15))),
            ["  | sotr ms", "    ^^^^"]
        );
        assert_eq!(shown("a 漢 b", Some((4, 5))), ["  a 漢 b", "       ^"]);
    }

    #[test]
    fn a_place_that_is_none_or_lies_behind_the_end_does_no_harm() {
        assert!(shown("a", None).is_empty());
        assert_eq!(shown("ab", Some((90, 95))), ["  ab", "    ^"]);
        assert_eq!(shown("ab", Some((1, 0))), ["  ab", "   ^"]);
        assert_eq!(shown("", Some((0, 0))), ["  ", "  ^"]);
    }
}
