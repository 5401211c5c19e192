//! Values that look like secrets, which are not shown.

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
        format!("<masked, {} characters>", value.chars().count())
    } else {
        value.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

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
