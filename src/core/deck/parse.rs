//! From the text of a deck to a [`Deck`], or to the place where it is wrong.

use serde::Deserialize;
use toml::de::DeTable;

use super::model::{Deck, Log, Queue, Service, Table};
use super::problem::{DeckError, DeckProblem};
use super::run::Run;
use super::validate::validate;
use super::watch::{Alarm, Instance, Link, Metric, Probe};
use crate::text::{Clean, Place, nearest};

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    deck: Head,
    #[serde(default)]
    service: Vec<Service>,
    #[serde(default)]
    log: Vec<Log>,
    #[serde(default)]
    queue: Vec<Queue>,
    #[serde(default)]
    table: Vec<Table>,
    #[serde(default)]
    run: Vec<Run>,
    #[serde(default)]
    alarm: Vec<Alarm>,
    #[serde(default)]
    metric: Vec<Metric>,
    #[serde(default)]
    instance: Vec<Instance>,
    #[serde(default)]
    probe: Vec<Probe>,
    #[serde(default)]
    link: Vec<Link>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    name: String,
    account: Option<String>,
    region: Option<String>,
    #[serde(default)]
    read_only: bool,
    #[serde(default)]
    clusters: Vec<String>,
    #[serde(default)]
    protected: bool,
    runbook: Option<String>,
}

impl From<File> for Deck {
    fn from(file: File) -> Self {
        let Head {
            name,
            account,
            region,
            read_only,
            clusters,
            protected,
            runbook,
        } = file.deck;
        Self {
            name,
            account,
            region,
            read_only,
            clusters,
            protected,
            runbook,
            services: file.service,
            logs: file.log,
            queues: file.queue,
            tables: file.table,
            runs: file.run,
            alarms: file.alarm,
            metrics: file.metric,
            instances: file.instance,
            probes: file.probe,
            links: file.link,
        }
    }
}

impl Deck {
    /// The deck that `text` holds; `file` is its name in messages.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place and what to do.
    pub fn parse(text: &str, file: &str) -> Result<Self, DeckError> {
        let error = |offset: usize, problem: DeckProblem| DeckError {
            place: Place::at(file, text, offset),
            problem: Box::new(problem),
        };
        let start = |found: &toml::de::Error| found.span().map_or(0, |span| span.start);
        let root = DeTable::parse(text).map_err(|found| {
            error(
                start(&found),
                DeckProblem::Syntax(Clean::new(found.message())),
            )
        })?;
        let deck: Self = toml::from_str::<File>(text)
            .map_err(|found| error(start(&found), in_words(found.message())))?
            .into();
        validate(&deck, &root, &error)?;
        Ok(deck)
    }
}

/// What serde says, as a problem with a hint. Its words are its interface: a
/// name comes in backquotes, and what is known after it.
fn in_words(message: &str) -> DeckProblem {
    let mut quoted = message.split('`').skip(1).step_by(2).map(Clean::new);
    let mut name = || quoted.next().unwrap_or_default();
    if message.starts_with("missing field") {
        return DeckProblem::Missing(name());
    }
    if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        let name = name();
        let known: Vec<Clean> = quoted.collect();
        let nearest = nearest(&name, known.iter().map(Clean::as_str)).map(Clean::new);
        return DeckProblem::Unknown {
            name,
            nearest,
            known,
        };
    }
    DeckProblem::WrongType(Clean::new(message))
}

#[cfg(test)]
mod tests {
    use super::{Deck, DeckProblem};

    fn refused(text: &str) -> (String, DeckProblem, String) {
        let error = Deck::parse(text, "mine.toml").expect_err("it must be refused");
        (
            error.place.to_string(),
            *error.problem.clone(),
            error.to_string(),
        )
    }

    #[test]
    fn the_smallest_deck_is_a_name() {
        let deck = Deck::parse("[deck]\nname = \"mine\"\n", "mine.toml").unwrap();
        assert_eq!(
            deck,
            Deck {
                name: "mine".to_owned(),
                ..Deck::default()
            }
        );
    }

    #[test]
    fn what_is_no_toml_is_refused_in_its_line() {
        let (place, problem, _) = refused("[deck]\nname = \n");
        assert_eq!(place, "mine.toml:2:8");
        assert!(matches!(problem, DeckProblem::Syntax(_)));
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let (place, problem, shown) =
            refused("[deck]\nname = \"a\"\n\n[[service]]\nname = \"b\"\nclutser = \"c\"\n");
        assert_eq!(
            (place.as_str(), problem.nearest()),
            ("mine.toml:6:1", Some("cluster"))
        );
        assert!(
            shown.starts_with(
                "mine.toml:6:1: `clutser` is not known here; did you mean `cluster`?; known: name, "
            ),
            "{shown}"
        );
        let (place, problem, _) = refused("[deck]\nname = \"a\"\n[[sevice]]\nname = \"b\"\n");
        assert_eq!(
            (place.as_str(), problem.nearest()),
            ("mine.toml:3:3", Some("service"))
        );
    }

    #[test]
    fn an_unknown_value_names_the_nearest() {
        let (place, problem, _) = refused(
            "[deck]\nname = \"a\"\n[[run]]\nname = \"r\"\ntask_definition = \"t\"\nlaunch = \"fargte\"\n",
        );
        assert_eq!(
            (place.as_str(), problem.nearest()),
            ("mine.toml:6:10", Some("fargate"))
        );
    }

    #[test]
    fn a_missing_key_is_named() {
        let (place, problem, shown) = refused("[deck]\nname = \"a\"\n\n[[log]]\nname = \"b\"\n");
        assert_eq!(place, "mine.toml:4:1");
        assert!(matches!(problem, DeckProblem::Missing(key) if key == "group"));
        assert!(shown.contains("add group = "), "{shown}");
    }

    #[test]
    fn a_value_of_a_wrong_type_is_refused_in_its_line() {
        let (place, problem, shown) = refused("[deck]\nname = \"a\"\naccount = 123456789012\n");
        assert_eq!(place, "mine.toml:3:11");
        assert!(matches!(problem, DeckProblem::WrongType(_)));
        assert!(shown.contains("expected a string"), "{shown}");
    }

    #[test]
    fn lengths_of_time_and_drains_say_how_they_are_written() {
        let head = "[deck]\nname = \"a\"\n";
        let (place, _, shown) = refused(&format!(
            "{head}[[table]]\nname = \"t\"\ntimeout = \"30\"\n"
        ));
        assert_eq!(place, "mine.toml:5:11");
        assert!(shown.contains("\"30m\""), "{shown}");
        let (place, _, shown) = refused(&format!(
            "{head}[[queue]]\nname = \"q\"\ndrains_to = \"worker\"\n"
        ));
        assert_eq!(place, "mine.toml:5:13");
        assert!(shown.contains("service:NAME"), "{shown}");
    }
}
