//! YAML as `aws … --output yaml` writes it, as the same JSON.
//!
//! What AWS's command line and people's notes use of YAML is read: block mappings and sequences, plain and quoted
//! scalars over several lines, literal blocks, empty flow collections. Anything else makes the input no YAML, and it
//! is read as lines.

use serde_json::{Map, Value};

/// A longer input is read as lines, in bytes: a document is held as a whole.
const LONGEST: usize = 16 << 20;
/// So deep a document may be.
const DEEPEST: usize = 32;

/// The members with which AWS's answers begin.
const BEGINNINGS: [&str; 8] = [
    "tasks",
    "services",
    "failures",
    "serviceDeployments",
    "task",
    "service",
    "detail",
    "deployments",
];

/// Whether an input begins as AWS's YAML does.
pub(super) fn begins(input: &[u8]) -> bool {
    let first = input.get(..256).unwrap_or(input);
    // A character may be cut where the piece ends.
    let text = first.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let mut lines = text.lines().filter(|line| {
        let line = line.trim();
        !line.is_empty() && line != "---" && !line.starts_with('#')
    });
    let first = lines.next().unwrap_or_default().trim_end();
    let bare = first.strip_prefix("- ").unwrap_or(first);
    let Some((name, rest)) = bare.split_once(':') else {
        return false;
    };
    let known = BEGINNINGS
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known));
    let own = name.ends_with("Arn") || name.ends_with("Name") || name.ends_with("At");
    if known {
        rest.trim().is_empty() || rest.trim() == "[]"
    } else {
        own && rest.starts_with(' ')
    }
}

/// The input as JSON; none where it is no YAML that is understood.
pub(super) fn to_json(input: &[u8]) -> Option<String> {
    if input.len() > LONGEST {
        return None;
    }
    let text = std::str::from_utf8(input).ok()?;
    let mut documents = String::new();
    for document in text.split("\n---") {
        let lines: Vec<Line<'_>> = document.lines().map(Line::of).collect();
        let mut reader = Reader {
            lines: &lines,
            at: 0,
        };
        reader.skip_blank();
        if reader.peek().is_none() {
            continue;
        }
        let value = reader.block(0, 0)?;
        reader.skip_blank();
        if reader.peek().is_some() {
            return None;
        }
        documents += &serde_json::to_string(&value).ok()?;
        documents.push('\n');
    }
    (!documents.is_empty()).then_some(documents)
}

#[derive(Clone, Copy)]
struct Line<'a> {
    indent: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn of(raw: &'a str) -> Self {
        let text = raw.trim_start_matches(' ');
        let indent = raw.len() - text.len();
        let text = text.trim_end();
        let blank = text.starts_with('#') || (indent == 0 && text == "---");
        Self {
            indent,
            text: if blank { "" } else { text },
        }
    }
}

struct Reader<'a> {
    lines: &'a [Line<'a>],
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<Line<'a>> {
        self.lines.get(self.at).copied()
    }

    fn skip_blank(&mut self) {
        while self.peek().is_some_and(|line| line.text.is_empty()) {
            self.at += 1;
        }
    }

    /// The mapping or sequence whose lines are indented by at least `least`.
    fn block(&mut self, least: usize, depth: usize) -> Option<Value> {
        self.skip_blank();
        let first = self.peek()?;
        if first.indent < least || depth > DEEPEST {
            return None;
        }
        if first.text == "-" || first.text.starts_with("- ") {
            return self.sequence(first.indent, depth);
        }
        self.mapping(first.indent, None, depth)
    }

    fn sequence(&mut self, indent: usize, depth: usize) -> Option<Value> {
        // Sequences and mappings that stand behind each other's dashes go deeper without a block between them.
        if depth > DEEPEST {
            return None;
        }
        let mut items = Vec::new();
        loop {
            self.skip_blank();
            let Some(line) = self.peek().filter(|line| line.indent == indent) else {
                break;
            };
            let Some(rest) = line.text.strip_prefix('-') else {
                break;
            };
            let inner = rest.trim_start();
            let column = indent + line.text.len() - inner.len();
            if inner.is_empty() {
                self.at += 1;
                items.push(self.block(indent + 1, depth + 1)?);
            } else if key(inner).is_some() {
                // A mapping whose first line stands behind the dash.
                items.push(self.mapping(column, Some(inner), depth + 1)?);
            } else {
                self.at += 1;
                items.push(self.scalar(inner, indent)?);
            }
        }
        Some(Value::Array(items))
    }

    fn mapping(
        &mut self,
        indent: usize,
        mut behind: Option<&'a str>,
        depth: usize,
    ) -> Option<Value> {
        let mut members = Map::new();
        loop {
            let text = match behind.take() {
                Some(text) => text,
                None => {
                    self.skip_blank();
                    match self.peek().filter(|line| line.indent == indent) {
                        Some(line) if !line.text.starts_with("- ") => line.text,
                        _ => break,
                    }
                }
            };
            let (name, value) = key(text)?;
            self.at += 1;
            let value = if value.is_empty() {
                self.nested(indent, depth)?
            } else {
                self.scalar(value, indent)?
            };
            members.insert(name.to_owned(), value);
        }
        Some(Value::Object(members))
    }

    /// What stands below a name: deeper lines, or a sequence at the same depth, or nothing.
    fn nested(&mut self, indent: usize, depth: usize) -> Option<Value> {
        self.skip_blank();
        match self.peek() {
            Some(line) if line.indent > indent => self.block(indent + 1, depth + 1),
            Some(line) if line.indent == indent && line.text.starts_with('-') => {
                self.sequence(indent, depth + 1)
            }
            _ => Some(Value::Null),
        }
    }

    /// A scalar that begins here and may go on in deeper lines.
    fn scalar(&mut self, first: &str, indent: usize) -> Option<Value> {
        match first {
            "[]" => return Some(Value::Array(Vec::new())),
            "{}" => return Some(Value::Object(Map::new())),
            _ => {}
        }
        if first.starts_with(['[', '{', '&', '*', '!', '%', '@']) {
            return serde_json::from_str(first).ok();
        }
        if first.starts_with(['|', '>']) {
            let mut whole: Vec<&str> = Vec::new();
            while let Some(line) = self
                .peek()
                .filter(|line| line.indent > indent || line.text.is_empty())
            {
                whole.push(line.text);
                self.at += 1;
            }
            let between = if first.starts_with('|') { "\n" } else { " " };
            return Some(Value::String(whole.join(between).trim_end().to_owned()));
        }
        let mut whole = first.to_owned();
        while !is_closed(&whole)
            && let Some(line) = self
                .peek()
                .filter(|line| line.indent > indent || line.text.is_empty())
        {
            // A line that ends with a backslash inside double quotes goes on without a space.
            let glued = whole.starts_with('"') && whole.ends_with('\\');
            if glued {
                whole.pop();
            } else {
                whole.push(' ');
            }
            whole.push_str(line.text);
            self.at += 1;
        }
        plain(whole.trim())
    }
}

/// Whether a quoted scalar has its end; a plain one goes on as long as deeper lines follow.
fn is_closed(text: &str) -> bool {
    let Some(quote) = text
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''))
    else {
        return false;
    };
    let rest = text.get(1..).unwrap_or_default();
    if quote == '\'' {
        return rest.ends_with('\'') && rest.matches('\'').count() % 2 == 1;
    }
    let slashes = rest
        .strip_suffix('"')
        .map(|body| body.len() - body.trim_end_matches('\\').len());
    slashes.is_some_and(|slashes| slashes % 2 == 0)
}

/// A name and what stands behind its colon.
fn key(text: &str) -> Option<(&str, &str)> {
    let (name, value) = match text.split_once(": ") {
        Some(parts) => parts,
        None => (text.strip_suffix(':')?, ""),
    };
    let name = name.trim_matches(['"', '\'']);
    let lawful = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    (!name.is_empty() && name.chars().all(lawful)).then_some((name, value.trim()))
}

fn plain(text: &str) -> Option<Value> {
    if text.starts_with('"') {
        return serde_json::from_str(text).ok();
    }
    if let Some(body) = text.strip_prefix('\'') {
        let body = body.strip_suffix('\'')?;
        return Some(Value::String(body.replace("''", "'")));
    }
    Some(match text {
        "null" | "~" | "" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => serde_json::from_str::<serde_json::Number>(text)
            .map_or_else(|_| Value::String(text.to_owned()), Value::Number),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_writes_as_yaml_is_the_same_as_its_json() {
        let yaml = "failures: []\ntasks:\n- attachments:\n  - id: a\n    details: []\n  containers:\n  - exitCode: 1\n    name: app\n    reason: 'CannotPullContainerError: it''s not\n      there'\n  group: service:web\n  overrides: {}\n  startedAt: '2026-11-30T09:00:00+00:00'\n  stoppedReason: Essential container in\n    task exited\n  memory: '512'\n  connectivity: null\n- taskArn: arn:aws:ecs:eu-west-1:1:task/main/b\n  note: |\n    one\n    two\n";
        assert!(begins(yaml.as_bytes()));
        let json: Value = serde_json::from_str(&to_json(yaml.as_bytes()).unwrap()).unwrap();
        let same = serde_json::json!({"failures": [], "tasks": [
            {"attachments": [{"id": "a", "details": []}],
             "containers": [{"exitCode": 1, "name": "app", "reason": "CannotPullContainerError: it's not there"}],
             "group": "service:web", "overrides": {}, "startedAt": "2026-11-30T09:00:00+00:00",
             "stoppedReason": "Essential container in task exited", "memory": "512", "connectivity": null},
            {"taskArn": "arn:aws:ecs:eu-west-1:1:task/main/b", "note": "one\ntwo"}]});
        assert_eq!(json, same);
    }

    #[test]
    fn a_character_that_is_cut_where_the_beginning_ends_does_no_harm() {
        for at in 0..4 {
            let name = "\u{4e16}".repeat(200);
            let yaml = format!("services:\n- serviceName: {}{name}\n", "x".repeat(at));
            assert!(begins(yaml.as_bytes()), "{at}");
        }
    }

    #[test]
    fn several_documents_follow_each_other() {
        let yaml = "---\nservices:\n- serviceName: web\n---\ntasks:\n- lastStatus: RUNNING\n";
        assert!(begins(yaml.as_bytes()));
        assert_eq!(to_json(yaml.as_bytes()).unwrap().lines().count(), 2);
    }

    #[test]
    fn lines_of_aws_and_of_people_are_no_yaml() {
        for text in [
            "CannotPullContainerError: manifest for app:9 not found",
            "(service web) has reached a steady state.",
            "Notes: it broke",
            "service: web was unable to place a task",
            "",
            "{\"tasks\": []}",
        ] {
            assert!(!begins(text.as_bytes()), "{text}");
        }
        assert_eq!(to_json(b"tasks:\n- a: *anchor\n"), None);
        let deep: String = (0..100_000)
            .map(|at| format!("{}- a:\n", "  ".repeat(at % 200)))
            .collect();
        assert_eq!(to_json(format!("tasks:\n{deep}").as_bytes()), None);
        assert_eq!(to_json(b"tasks:\n   - a: 1\n  b: 2\n"), None);
    }
}
