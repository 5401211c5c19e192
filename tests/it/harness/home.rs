//! A home folder and an environment in which nothing of the developer's is left.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use super::Sim;

pub(crate) struct Home {
    dir: TempDir,
    env: BTreeMap<String, String>,
}

impl Home {
    /// A home that knows no AWS at all.
    pub(crate) fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let path = |name: &str| dir.path().join(name).display().to_string();
        let mut env = BTreeMap::new();
        for (name, value) in [
            ("HOME", dir.path().display().to_string()),
            ("XDG_CONFIG_HOME", path(".config")),
            ("XDG_DATA_HOME", path(".local/share")),
            ("XDG_STATE_HOME", path(".local/state")),
            ("XDG_CACHE_HOME", path(".cache")),
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("TMPDIR", std::env::temp_dir().display().to_string()),
            ("TERM", "xterm-256color".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("USER", "alice".to_owned()),
            // Never ask the machine that the tests run on for a role.
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ] {
            env.insert(name.to_owned(), value);
        }
        Self { dir, env }
    }

    /// A home that reaches a simulator, with keys that it takes.
    pub(crate) fn on(sim: &Sim) -> Self {
        Self::at(&sim.url())
    }

    /// A home that reaches an endpoint, with keys.
    pub(crate) fn at(endpoint: &str) -> Self {
        Self::new()
            .env("AWS_ENDPOINT_URL", endpoint)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env(
                "AWS_SECRET_ACCESS_KEY",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            )
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.env.remove(name);
        self
    }

    /// Takes the keys away.
    pub(crate) fn without_keys(self) -> Self {
        self.without("AWS_ACCESS_KEY_ID")
            .without("AWS_SECRET_ACCESS_KEY")
    }

    pub(crate) fn environment(&self) -> &BTreeMap<String, String> {
        &self.env
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file below the home; its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Logs in as a person would: keys in the shared credentials file.
    pub(crate) fn log_in(&self) {
        let keys =
            "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n";
        self.write(".aws/credentials", keys);
    }

    /// The entries of the journal, oldest first.
    pub(crate) fn journal(&self) -> Vec<Value> {
        let Some(path) = find(self.dir.path(), "journal.jsonl") else {
            return Vec::new();
        };
        let text = std::fs::read_to_string(path).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if let Some(found) = find(&path, name) {
                return Some(found);
            }
        } else if path.file_name().is_some_and(|own| own == name) {
            return Some(path);
        }
    }
    None
}
