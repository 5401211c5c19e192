//! Values that may be secret, and the one rule for what is shown of them.
//!
//! | where | values of variables | words of a command |
//! |---|---|---|
//! | the journal | never | never |
//! | a request that copies a whole task definition | not shown | the program |
//! | everything else: screen, text, JSON, `aws` lines | not what looks like a secret, by its name or by itself | the program |
//!
//! `--show-values` lifts it, but for the journal.

use serde_json::Value;

/// What names of secrets contain.
const NAMES: [&str; 12] = [
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "PASSWD",
    "_PASS",
    "PASSPHRASE",
    "_PWD",
    "CREDENTIAL",
    "PRIVATE",
    "APIKEY",
    "_KEY",
    "CONNECTION_STRING",
];
/// What secrets begin with, whatever they are called: keys of AWS, tokens of GitHub, Slack and OpenAI, JSON web
/// tokens, PEM files.
const BEGINNINGS: [&str; 10] = [
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "xox",
    "sk-",
    "eyJ",
    "-----BEGIN",
];

/// Whether values that may be secret are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Values {
    /// As the rule says.
    #[default]
    Masked,
    /// All of them: somebody asked for it.
    Shown,
}

impl Values {
    /// The value of a variable.
    pub fn value(self, name: &str, value: &str) -> String {
        match self {
            Self::Masked => masked(name, value),
            Self::Shown => value.to_owned(),
        }
    }

    /// A command: its program alone. Whatever stands behind it may be a password.
    pub fn command<W: AsRef<str>>(self, words: &[W]) -> Vec<String> {
        let words = words.iter().map(AsRef::as_ref);
        if self == Self::Shown {
            return words.map(str::to_owned).collect();
        }
        // One word may be a whole line for a shell.
        let mut words = words.flat_map(str::split_whitespace).peekable();
        // Source: ECS API reference, HealthCheck, `command`.
        let kind = words.next_if(|word| matches!(*word, "CMD" | "CMD-SHELL"));
        let program = words.next_if(|word| !word.contains('=') && masked("", word) == *word);
        let hidden = words.count();
        let hidden = (hidden > 0).then(|| format!("<masked, {hidden} words>"));
        let shown = kind.into_iter().chain(program).map(str::to_owned);
        shown.chain(hidden).collect()
    }

    /// A command that is one line.
    pub fn command_line(self, line: &str) -> String {
        self.command(&[line]).join(" ")
    }

    /// The document of a task definition: what is in it is not what is changed.
    pub fn document(self, document: &mut Value) {
        if self == Self::Masked {
            hide(document);
        }
    }
}

/// Hides the values of variables and the words of commands, and what looks like a secret elsewhere.
fn hide(document: &mut Value) {
    match document {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("environment", Value::Array(variables)) => {
                        for value in variables.iter_mut().filter_map(|one| one.get_mut("value")) {
                            let length = value.as_str().map_or(0, |value| value.chars().count());
                            *value = hidden(length).into();
                        }
                    }
                    ("command" | "entryPoint", Value::Array(words)) => {
                        let plain: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
                        let shown = Values::Masked.command(&plain);
                        *words = shown.into_iter().map(Value::from).collect();
                    }
                    (name, Value::String(value)) => *value = masked(name, value),
                    (_, member) => hide(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn hidden(length: usize) -> String {
    format!("<masked, {length} characters>")
}

/// A value as it may be shown: what looks like a secret is not.
pub fn masked(name: &str, value: &str) -> String {
    let name = name.to_ascii_uppercase();
    let named = NAMES.iter().any(|word| name.contains(word));
    let begins = BEGINNINGS.iter().any(|word| value.starts_with(word));
    let has_user = value.split_once("://").is_some_and(|(_, rest)| {
        rest.split('/')
            .next()
            .is_some_and(|host| host.contains('@'))
    });
    let lower = value.to_ascii_lowercase();
    let inside = ["password=", "accountkey=", "secret="]
        .iter()
        .any(|word| lower.contains(word));
    if named || begins || has_user || inside {
        hidden(value.chars().count())
    } else {
        value.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Values, masked};

    #[test]
    fn of_a_command_only_the_program_is_shown() {
        for (words, shown) in [
            (&["python"][..], "python"),
            (&["mysql", "-phunter2", "db"], "mysql <masked, 2 words>"),
            (
                &["sh", "-c", "curl -u ann:hunter2 x"],
                "sh <masked, 5 words>",
            ),
            (&["python x.py --token hunter2"], "python <masked, 3 words>"),
            (
                &["CMD-SHELL", "curl -H hunter2 http://x || exit 1"],
                "CMD-SHELL curl <masked, 6 words>",
            ),
            (&["PASS=hunter2 python"], "<masked, 2 words>"),
            (&[], ""),
        ] {
            let masked = Values::Masked.command(words).join(" ");
            assert_eq!(masked, shown);
            assert_eq!(Values::Shown.command(words), words);
        }
    }

    #[test]
    fn a_document_is_shown_without_any_value_that_is_in_it() {
        let document = json!({
            "family": "web",
            "containerDefinitions": [{
                "name": "app",
                "image": "repo/app:2",
                "entryPoint": ["sh", "-c", "canary"],
                "command": ["run", "canary"],
                "environment": [{ "name": "PLAIN", "value": "canary" }],
                "healthCheck": { "command": ["CMD-SHELL", "curl canary"], "retries": 3 },
                "logConfiguration": { "options": { "splunk-token": "canary", "awslogs-group": "/ecs/web" } },
            }],
        });
        let mut shown = document.clone();
        Values::Masked.document(&mut shown);
        let text = shown.to_string();
        assert!(!text.contains("canary"), "{text}");
        for kept in ["PLAIN", "repo/app:2", "/ecs/web", "curl", r#""retries":3"#] {
            assert!(text.contains(kept), "{kept}: {text}");
        }
        let mut whole = document.clone();
        Values::Shown.document(&mut whole);
        assert_eq!(whole, document);
    }

    #[test]
    fn what_looks_like_a_secret_by_its_name_or_by_itself_is_not_shown() {
        for (name, value) in [
            ("DB_PASSWORD", "hunter2"),
            ("db_pass", "hunter2"),
            ("API_KEY", "abc"),
            ("X", "AKIAIOSFODNN7EXAMPLE"),
            ("URL", "postgres://ann:hunter2@db/prod"),
            ("DSN", "Server=db;Password=hunter2"),
            ("AUTH", "eyJhbGciOiJIUzI1NiJ9.e30.x"),
        ] {
            let shown = masked(name, value);
            assert!(
                shown.starts_with("<masked") && !shown.contains(value),
                "{name}"
            );
        }
    }

    #[test]
    fn everything_else_is_shown() {
        for (name, value) in [
            ("PATH", "/bin"),
            ("URL", "https://example.com/a@b"),
            ("KEYBOARD", "de"),
            ("QUEUE", "jobs"),
        ] {
            assert_eq!(masked(name, value), value);
        }
    }
}
