//! What the console is started with: flags, environment, deck and config file.
//!
//! Precedence: flag, environment (`ECSDECK_*`), deck, config file, default.
//! Every error here comes before the screen is taken and ends with exit code 2.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use clap::builder::FalseyValueParser;
use ecsdeck_aws::{Settings, check_settings, resolve_region};
use ecsdeck_core::app::Setup;
use ecsdeck_core::deck::Deck;
use ecsdeck_core::keys::{Keymap, Source};
use ecsdeck_core::text::{Clean, Values};
use etcetera::BaseStrategy;
use serde::Deserialize;

use crate::inside::Inside;

/// What is wrong with the way the program was called: printed as it is, exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// Flags that every command takes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Everywhere")]
pub struct Options {
    /// A deck: a name (built in, or in the config folder) or a file
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "NAME|FILE",
        env = "ECSDECK_DECK"
    )]
    pub deck: Option<String>,
    /// Only these clusters: names, resource names or patterns such as prod-*, with commas between them
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "NAME",
        value_delimiter = ',',
        env = "ECSDECK_CLUSTER"
    )]
    pub cluster: Vec<String>,
    /// Only this service, with or without its cluster; the console stands on it at the start
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "[CLUSTER/]SERVICE",
        env = "ECSDECK_SERVICE"
    )]
    pub service: Option<String>,
    /// AWS profile
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "NAME",
        env = "ECSDECK_PROFILE"
    )]
    pub profile: Option<String>,
    /// AWS region
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "NAME",
        env = "ECSDECK_REGION"
    )]
    pub region: Option<String>,
    /// Change nothing: no writing client is built
    #[arg(long, global = true, hide_short_help = true, env = "ECSDECK_READ_ONLY", value_parser = FalseyValueParser::new())]
    pub read_only: bool,
    /// Show values and commands that may be secret; the journal never holds them
    #[arg(long, global = true, hide_short_help = true, env = "ECSDECK_SHOW_VALUES", value_parser = FalseyValueParser::new())]
    pub show_values: bool,
    /// Refresh interval in seconds; 0 refreshes only on request
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        help_heading = "Console",
        value_name = "SECONDS",
        env = "ECSDECK_REFRESH"
    )]
    pub refresh: Option<u64>,
    /// A keymap: default, k9s, vim, emacs, one in the config folder, or a file
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        help_heading = "Console",
        value_name = "NAME|FILE",
        env = "ECSDECK_KEYMAP"
    )]
    pub keymap: Option<String>,
    /// Colours: default or mono
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        help_heading = "Console",
        value_name = "NAME",
        env = "ECSDECK_THEME"
    )]
    pub theme: Option<ThemeName>,
    /// Draw with ASCII alone
    #[arg(long, global = true, hide_short_help = true, help_heading = "Console", env = "ECSDECK_ASCII", value_parser = FalseyValueParser::new())]
    pub ascii: bool,
    /// Take the mouse: the wheel scrolls
    #[arg(long, global = true, hide_short_help = true, help_heading = "Console", env = "ECSDECK_MOUSE", value_parser = FalseyValueParser::new())]
    pub mouse: bool,
    /// Log file
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "FILE",
        env = "ECSDECK_LOG_FILE"
    )]
    pub log_file: Option<PathBuf>,
    /// What stands in for the environment, for a command inside another program.
    #[arg(skip)]
    pub inside: Option<Inside>,
}

/// Colours.
#[derive(clap::ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeName {
    /// The terminal's sixteen colours.
    #[default]
    Default,
    /// Bold and reverse alone.
    Mono,
}

/// The config file: `ecsdeck/config.toml` in the XDG config folder.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    deck: Option<String>,
    #[serde(default)]
    cluster: Names,
    profile: Option<String>,
    region: Option<String>,
    read_only: Option<bool>,
    refresh: Option<u64>,
    keymap: Option<String>,
    theme: Option<ThemeName>,
    ascii: Option<bool>,
    mouse: Option<bool>,
}

/// One name or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl Default for Names {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl Names {
    fn all(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// Everything that was worked out.
#[derive(Clone, Debug)]
pub struct Configured {
    /// For the core.
    pub setup: Setup,
    /// For the adapter.
    pub aws: Settings,
    /// For the screen.
    pub theme: ThemeName,
    /// For the terminal.
    pub mouse: bool,
    /// Where files are kept instead of in the person's folders, for a command inside another program.
    pub inside: Option<PathBuf>,
}

/// Lines that the log pane holds.
const LOG_LINES: usize = 200_000;

/// Where files are looked for.
pub fn config_folder() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.config_dir().join("ecsdeck"))
}

fn config() -> Result<Config, UsageError> {
    let Some(path) = config_folder().map(|folder| folder.join("config.toml")) else {
        return Ok(Config::default());
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| {
                text.bytes()
                    .take(span.start)
                    .filter(|byte| *byte == b'\n')
                    .count()
                    + 1
            });
            UsageError(format!("{}:{line}: {}", path.display(), error.message()))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
        Err(error) => Err(UsageError(format!("{}: {error}", path.display()))),
    }
}

/// Whether a name is meant as a file.
fn is_file(name: &str) -> bool {
    name.contains(std::path::MAIN_SEPARATOR) || name.ends_with(".toml")
}

fn read(path: &Path) -> Result<String, UsageError> {
    std::fs::read_to_string(path)
        .map_err(|error| UsageError(format!("{}: {error}", path.display())))
}

/// Finds a deck: a file, one in the config folder, or a built-in one.
///
/// # Errors
/// Where there is none of that name, or it has a mistake.
pub fn find_deck(name: &str) -> Result<Deck, UsageError> {
    if is_file(name) {
        let text = read(Path::new(name))?;
        return Deck::parse(&text, name).map_err(|error| UsageError(error.to_string()));
    }
    let own = config_folder().map(|folder| folder.join("decks").join(format!("{name}.toml")));
    if let Some(path) = own.filter(|path| path.exists()) {
        let text = read(&path)?;
        return Deck::parse(&text, &path.display().to_string())
            .map_err(|error| UsageError(error.to_string()));
    }
    match Deck::builtin(name) {
        Some(deck) => deck.map_err(|error| UsageError(error.to_string())),
        None => {
            let known = ecsdeck_core::deck::BUILTIN.map(|(name, _)| name);
            Err(UsageError(unknown("deck", name, &known)))
        }
    }
}

/// Finds a keymap: a file, one in the config folder, or a built-in one.
///
/// # Errors
/// Where there is none of that name, or it has a mistake.
pub fn find_keymap(name: &str) -> Result<Keymap, UsageError> {
    let folder = config_folder().map(|folder| folder.join("keymaps"));
    let resolve = |name: &str| {
        let path = if is_file(name) {
            PathBuf::from(name)
        } else {
            folder.as_ref()?.join(format!("{name}.toml"))
        };
        let text = std::fs::read_to_string(&path).ok()?;
        Some(Source {
            file: path.display().to_string(),
            text,
        })
    };
    Keymap::load(name, &resolve).map_err(|error| UsageError(error.to_string()))
}

/// Says that a name is unknown, what there is, and which one may be meant.
pub fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    ecsdeck_core::names::unknown(what, name, known).to_string()
}

fn one_only(flag: &str, value: Option<String>) -> Result<Option<String>, UsageError> {
    match value {
        Some(value) if value.contains(',') => Err(UsageError(format!(
            "--{flag} takes one name. Hint: open one console for each"
        ))),
        other => Ok(other),
    }
}

/// Weighs flags, environment, deck and config file against each other.
///
/// # Errors
/// What is wrong, with file and line where it is a file's fault.
pub async fn configure(options: &Options) -> Result<Configured, UsageError> {
    let config = match options.inside {
        None => config()?,
        Some(_) => Config::default(),
    };
    let deck = match options.deck.as_ref().or(config.deck.as_ref()) {
        Some(name) => Some(find_deck(name)?),
        None => None,
    };
    let profile = one_only("profile", options.profile.clone().or(config.profile))?;
    let region = one_only("region", options.region.clone())?
        .or_else(|| deck.as_ref().and_then(|deck| deck.region.clone()));
    let there = options.inside.as_ref().map(|inside| inside.aws.clone());
    let there = there.unwrap_or_default();
    let aws = Settings {
        profile: profile.clone(),
        region: region.or_else(|| there.region.clone()),
        ..there
    };
    if let Some(wrong) = check_settings(&aws).await {
        return Err(UsageError(wrong));
    }
    let region = match resolve_region(&aws).await.or(config.region) {
        Some(region) => region,
        None => {
            return Err(UsageError(
                "no AWS region. Hint: give --region, set AWS_REGION, or set a region in the profile or the deck".to_owned(),
            ));
        }
    };
    let aws = Settings {
        region: Some(region.clone()),
        ..aws
    };
    let keymap = find_keymap(
        options
            .keymap
            .as_deref()
            .or(config.keymap.as_deref())
            .unwrap_or("default"),
    )?;
    let read_only = options.read_only
        || config.read_only.unwrap_or(false)
        || deck.as_ref().is_some_and(|deck| deck.read_only);
    let mut setup = setup(deck, &region, keymap);
    setup.profile = profile.as_deref().map(Clean::new);
    setup.clusters = clusters(&options.cluster, config.cluster.all());
    setup.service = options.service.as_deref().map(Clean::new);
    setup.read_only = read_only;
    setup.values = values(options);
    setup.refresh = Duration::from_secs(
        options
            .refresh
            .or(config.refresh)
            .unwrap_or(Setup::REFRESH.as_secs()),
    );
    setup.ascii = options.ascii || config.ascii.unwrap_or(false);
    let theme = options.theme.or(config.theme).unwrap_or_else(default_theme);
    Ok(Configured {
        setup,
        aws,
        theme,
        mouse: options.mouse || config.mouse.unwrap_or(false),
        inside: options.inside.as_ref().map(|inside| inside.folder.clone()),
    })
}

/// The clusters that were named: on the command line, else in the config file.
fn clusters(given: &[String], config: &[String]) -> Vec<Clean> {
    let names = if given.is_empty() { config } else { given };
    let names = names.iter().map(|name| name.trim());
    names
        .filter(|name| !name.is_empty())
        .map(Clean::new)
        .collect()
}

/// Without colour where the environment asks for none (source: no-color.org).
fn default_theme() -> ThemeName {
    let none = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if none {
        ThemeName::Mono
    } else {
        ThemeName::Default
    }
}

fn values(options: &Options) -> Values {
    if options.show_values {
        Values::Shown
    } else {
        Values::Masked
    }
}

fn setup(deck: Option<Deck>, region: &str, keymap: Keymap) -> Setup {
    Setup {
        deck,
        log_lines: LOG_LINES,
        zone: jiff::tz::TimeZone::system(),
        ..Setup::new(region, keymap)
    }
}

/// What a demo is started with: nothing of the user's AWS environment, profile or config counts.
///
/// # Errors
/// Where the deck or the keymap is not there or has a mistake.
pub fn configure_demo(
    options: &Options,
    world: &str,
    region: &str,
) -> Result<Configured, UsageError> {
    // A world that no deck is for is found as any account is.
    let deck = match &options.deck {
        Some(named) => Some(find_deck(named)?),
        None if Deck::builtin(world).is_some() => Some(find_deck(world)?),
        None => None,
    };
    let own = deck.as_ref().and_then(|deck| deck.region.clone());
    let region = own.unwrap_or_else(|| region.to_owned());
    let keymap = find_keymap(options.keymap.as_deref().unwrap_or("default"))?;
    let mut setup = setup(deck, &region, keymap);
    setup.demo = true;
    setup.service = options.service.as_deref().map(Clean::new);
    setup.clusters = clusters(&options.cluster, &[]);
    setup.read_only = options.read_only;
    setup.values = values(options);
    setup.refresh = Duration::from_secs(options.refresh.unwrap_or(Setup::REFRESH.as_secs()));
    setup.ascii = options.ascii;
    let aws = Settings {
        region: Some(region),
        credentials: Some(ecsdeck_aws::StaticKeys {
            // The simulator takes any keys; these are AWS's documented examples.
            access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
        }),
        isolated: true,
        ..Settings::default()
    };
    Ok(Configured {
        setup,
        aws,
        theme: options.theme.unwrap_or_else(default_theme),
        mouse: options.mouse,
        inside: None,
    })
}

/// The world and deck of a demo when nobody names one.
pub const DEMO: &str = "short-drama";
