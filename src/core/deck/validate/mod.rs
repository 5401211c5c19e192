//! What types cannot say: names refer to each other, patterns compile, bounds
//! are in order.

mod run;
mod watch;
mod work;

use std::collections::HashMap;

use toml::Spanned;
use toml::de::DeTable;

use crate::deck::forms::{is_account, is_region, is_url, not_a_url};
use crate::deck::model::Deck;
use crate::deck::problem::{DeckError, DeckProblem};
use crate::deck::spot::{Step, offset};
use crate::text::{Clean, Place, nearest};

type MakeError<'a> = dyn Fn(usize, DeckProblem) -> DeckError + 'a;
type Checked = Result<(), DeckError>;

pub(super) fn validate(deck: &Deck, root: &Spanned<DeTable<'_>>, error: &MakeError<'_>) -> Checked {
    let check = Check { deck, root, error };
    check.head()?;
    check.names()?;
    for (at, service) in deck.services.iter().enumerate() {
        check
            .at("service", at)
            .cluster(service.cluster.as_deref())?;
        check
            .at("service", at)
            .url("runbook", service.runbook.as_deref())?;
    }
    for (at, queue) in deck.queues.iter().enumerate() {
        check.at("queue", at).queue(queue)?;
    }
    for (at, table) in deck.tables.iter().enumerate() {
        check.at("table", at).table(table)?;
    }
    for (at, run) in deck.runs.iter().enumerate() {
        check.at("run", at).run(run)?;
    }
    for (at, alarm) in deck.alarms.iter().enumerate() {
        check.at("alarm", at).alarm(alarm)?;
    }
    for (at, metric) in deck.metrics.iter().enumerate() {
        check.at("metric", at).metric(metric)?;
    }
    for (at, instance) in deck.instances.iter().enumerate() {
        check.at("instance", at).instance(instance)?;
    }
    for (at, probe) in deck.probes.iter().enumerate() {
        check.at("probe", at).probe(probe)?;
    }
    for (at, link) in deck.links.iter().enumerate() {
        check.at("link", at).link(link)?;
    }
    Ok(())
}

struct Check<'a> {
    deck: &'a Deck,
    root: &'a Spanned<DeTable<'a>>,
    error: &'a MakeError<'a>,
}

/// One `[[section]]` of the file.
struct Section<'a> {
    check: &'a Check<'a>,
    path: [Step<'a>; 2],
}

impl Check<'_> {
    fn at<'a>(&'a self, section: &'a str, at: usize) -> Section<'a> {
        Section {
            check: self,
            path: [Step::Key(section), Step::At(at)],
        }
    }

    fn fail(&self, path: &[Step<'_>], problem: DeckProblem) -> DeckError {
        (self.error)(offset(self.root, path), problem)
    }

    fn place(&self, path: &[Step<'_>]) -> Place {
        // The problem is of no account here: only its place is asked for.
        self.fail(path, DeckProblem::Empty("")).place
    }

    fn head(&self) -> Checked {
        let deck = self.deck;
        let fail = |key, problem| Err(self.fail(&[Step::Key("deck"), Step::Key(key)], problem));
        if deck.name.trim().is_empty() {
            return fail("name", DeckProblem::Empty("name"));
        }
        if let Some(account) = deck
            .account
            .as_deref()
            .filter(|account| !is_account(account))
        {
            return fail("account", DeckProblem::Account(Clean::new(account)));
        }
        if let Some(region) = deck.region.as_deref().filter(|region| !is_region(region)) {
            return fail("region", DeckProblem::Region(Clean::new(region)));
        }
        for (at, cluster) in deck.clusters.iter().enumerate() {
            if cluster.trim().is_empty() {
                let path = [Step::Key("deck"), Step::Key("clusters"), Step::At(at)];
                return Err(self.fail(&path, DeckProblem::Empty("clusters")));
            }
        }
        match deck.runbook.as_deref().filter(|url| !is_url(url)) {
            Some(url) => fail("runbook", not_a_url(url)),
            None => Ok(()),
        }
    }

    /// No name is empty or given twice. Services are told apart by their cluster too.
    fn names(&self) -> Checked {
        let deck = self.deck;
        let cluster = |name: &Option<String>| name.clone().unwrap_or_default();
        let plain = |name: &String| (name.clone(), String::new());
        let lists: [(&'static str, Vec<(String, String)>); 9] = [
            (
                "service",
                deck.services
                    .iter()
                    .map(|it| (it.name.clone(), cluster(&it.cluster)))
                    .collect(),
            ),
            ("log", deck.logs.iter().map(|it| plain(&it.name)).collect()),
            (
                "queue",
                deck.queues.iter().map(|it| plain(&it.name)).collect(),
            ),
            (
                "table",
                deck.tables.iter().map(|it| plain(&it.name)).collect(),
            ),
            ("run", deck.runs.iter().map(|it| plain(&it.name)).collect()),
            (
                "metric",
                deck.metrics.iter().map(|it| plain(&it.name)).collect(),
            ),
            (
                "instance",
                deck.instances.iter().map(|it| plain(&it.name)).collect(),
            ),
            (
                "probe",
                deck.probes.iter().map(|it| plain(&it.name)).collect(),
            ),
            (
                "link",
                deck.links.iter().map(|it| plain(&it.name)).collect(),
            ),
        ];
        for (kind, names) in &lists {
            let mut seen = HashMap::new();
            for (at, name) in names.iter().enumerate() {
                let path = |at| [Step::Key(kind), Step::At(at), Step::Key("name")];
                if name.0.trim().is_empty() {
                    return Err(self.fail(&path(at), DeckProblem::Empty("name")));
                }
                if let Some(first) = seen.insert(name, at) {
                    let line = self.place(&path(first)).line;
                    let problem = DeckProblem::Duplicate {
                        kind,
                        name: Clean::new(&name.0),
                        line,
                    };
                    return Err(self.fail(&path(at), problem));
                }
            }
        }
        Ok(())
    }
}

impl Section<'_> {
    fn fail<T>(&self, key: &str, problem: DeckProblem) -> Result<T, DeckError> {
        self.fail_at(&[Step::Key(key)], problem)
    }

    fn fail_at<T>(&self, rest: &[Step<'_>], problem: DeckProblem) -> Result<T, DeckError> {
        let path: Vec<_> = self.path.iter().chain(rest).copied().collect();
        Err(self.check.fail(&path, problem))
    }

    /// A name that must be one of those that the deck has.
    fn refers<'n>(
        &self,
        key: &str,
        kind: &'static str,
        name: Option<&str>,
        known: impl Iterator<Item = &'n str> + Clone,
    ) -> Checked {
        match name {
            Some(name) if !known.clone().any(|known| known == name) => {
                let nearest = nearest(name, known).map(Clean::new);
                self.fail(
                    key,
                    DeckProblem::Dangling {
                        kind,
                        name: Clean::new(name),
                        nearest,
                    },
                )
            }
            _ => Ok(()),
        }
    }

    fn cluster(&self, name: Option<&str>) -> Checked {
        let clusters = &self.check.deck.clusters;
        let name = name.filter(|_| !clusters.is_empty());
        self.refers(
            "cluster",
            "cluster",
            name,
            clusters.iter().map(String::as_str),
        )
    }

    fn service(&self, key: &str, name: Option<&str>) -> Checked {
        self.refers(
            key,
            "[[service]]",
            name,
            self.check
                .deck
                .services
                .iter()
                .map(|service| service.name.as_str()),
        )
    }

    fn url(&self, key: &str, url: Option<&str>) -> Checked {
        match url.filter(|url| !is_url(url)) {
            Some(url) => self.fail(key, not_a_url(url)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Deck;
    use crate::deck::problem::DeckProblem;

    const HEAD: &str =
        "[deck]\nname = \"a\"\nclusters = [\"one\", \"two\"]\n[[service]]\nname = \"web\"\n";
    const HEAD_LINES: usize = 5;

    /// The error of a deck whose head is followed by `text`: its line counted
    /// from the head's end, what it is, and how it prints.
    pub(super) fn refused(text: &str) -> (usize, DeckProblem, String) {
        let error =
            Deck::parse(&format!("{HEAD}{text}"), "mine.toml").expect_err("it must be refused");
        let shown = error.to_string();
        (error.place.line - HEAD_LINES, *error.problem, shown)
    }

    fn refused_head(text: &str) -> (usize, DeckProblem) {
        let error =
            Deck::parse(&format!("[deck]\n{text}"), "mine.toml").expect_err("it must be refused");
        (error.place.line, *error.problem)
    }

    #[test]
    fn the_head_is_checked() {
        assert!(matches!(
            refused_head("name = \" \""),
            (2, DeckProblem::Empty("name"))
        ));
        assert!(matches!(
            refused_head("name = \"a\"\naccount = \"12345\""),
            (3, DeckProblem::Account(_))
        ));
        assert!(matches!(
            refused_head("name = \"a\"\nregion = \"useast1\""),
            (3, DeckProblem::Region(_))
        ));
        assert!(matches!(
            refused_head("name = \"a\"\nclusters = [\n\"x\",\n\"\"]"),
            (5, DeckProblem::Empty("clusters"))
        ));
        assert!(matches!(
            refused_head("name = \"a\"\nrunbook = \"wiki\""),
            (3, DeckProblem::Form { what: "URL", .. })
        ));
    }

    #[test]
    fn a_name_is_given_once() {
        let (line, problem, shown) =
            refused("[[log]]\nname = \"l\"\ngroup = \"g\"\n[[log]]\nname = \"l\"\ngroup = \"h\"\n");
        assert_eq!(line, 5);
        assert!(matches!(
            problem,
            DeckProblem::Duplicate {
                kind: "log",
                line: 7,
                ..
            }
        ));
        assert!(shown.contains("another [[log]] `l` in line 7"), "{shown}");
        let both = "[[service]]\nname = \"api\"\ncluster = \"one\"\n[[service]]\nname = \"api\"\ncluster = \"two\"\n";
        assert!(
            Deck::parse(&format!("{HEAD}{both}"), "f").is_ok(),
            "the same name in two clusters is two services"
        );
    }

    #[test]
    fn a_cluster_must_be_one_of_the_deck() {
        let (line, problem, _) = refused("[[service]]\nname = \"b\"\ncluster = \"tow\"\n");
        assert_eq!((line, problem.nearest()), (3, Some("two")));
    }
}
