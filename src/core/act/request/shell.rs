//! An `aws` command as one line for a POSIX shell.

/// A command line.
pub(super) struct Command(String);

impl Command {
    /// `aws OPERATION --region REGION`.
    pub(super) fn new(operation: &str, region: &str) -> Self {
        Self(format!("aws {operation}")).with("region", region)
    }

    /// A line that is more than one command.
    pub(super) fn of(line: String) -> Self {
        Self(line)
    }

    /// An option and its value.
    pub(super) fn with(mut self, option: &str, value: &str) -> Self {
        self.0.push_str(&format!(" --{option} {}", quoted(value)));
        self
    }

    /// Words that need no quotes.
    pub(super) fn raw(mut self, words: &str) -> Self {
        self.0.push(' ');
        self.0.push_str(words);
        self
    }

    /// The line.
    pub(super) fn line(self) -> String {
        self.0
    }
}

/// Quotes a word for a POSIX shell where it needs it.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
