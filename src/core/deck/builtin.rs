//! The decks that come with the program.

use super::model::Deck;
use super::problem::DeckError;

/// Their names and texts.
pub const BUILTIN: [(&str, &str); 5] = [
    ("aipm", include_str!("../../../decks/aipm.toml")),
    (
        "short-drama",
        include_str!("../../../decks/short-drama.toml"),
    ),
    ("cloudide", include_str!("../../../decks/cloudide.toml")),
    ("euglena", include_str!("../../../decks/euglena.toml")),
    ("aistudio", include_str!("../../../decks/aistudio.toml")),
];

impl Deck {
    /// The built-in deck with that name; none if there is no such deck.
    pub fn builtin(name: &str) -> Option<Result<Self, DeckError>> {
        let (name, text) = BUILTIN.into_iter().find(|(known, _)| *known == name)?;
        Some(Self::parse(text, &format!("decks/{name}.toml")))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::model::{CountOwner, Drain};
    use super::{BUILTIN, Deck};

    fn deck(name: &str) -> Deck {
        Deck::builtin(name)
            .unwrap()
            .unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn every_built_in_deck_is_whole_and_named_as_its_file() {
        for (name, _) in BUILTIN {
            let deck = deck(name);
            assert_eq!(deck.name, name);
            assert!(
                deck.account.is_some() && deck.region.is_some() && !deck.clusters.is_empty(),
                "{name}"
            );
        }
        assert!(Deck::builtin("nothing").is_none());
    }

    #[test]
    fn the_worker_of_aipm_has_the_six_fields_that_people_type() {
        let deck = deck("aipm");
        let run = &deck.runs[0];
        let names: Vec<_> = run
            .env
            .iter()
            .map(|variable| variable.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "TASK_ID",
                "TASK_TITLE",
                "TASK_DETAILS",
                "BRANCH_NAME",
                "GITHUB_OWNER",
                "GITHUB_REPO"
            ]
        );
        assert!(run.network.as_ref().unwrap().public_ip);
        assert_eq!(deck.tables[0].task_env.as_deref(), Some("TASK_ID"));
    }

    #[test]
    fn the_queue_of_cloudide_has_its_formula() {
        let deck = deck("cloudide");
        let queue = &deck.queues[0];
        assert_eq!(
            (queue.per_task, queue.min, queue.max),
            (Some(5), Some(1), Some(10))
        );
        assert_eq!(queue.drains_to, Some(Drain::Run("worker".to_owned())));
    }

    #[test]
    fn the_agents_of_euglena_belong_to_a_function_that_runs_every_two_minutes() {
        let deck = deck("euglena");
        let agent = deck
            .services
            .iter()
            .find(|service| service.name == "euglena-agent")
            .unwrap();
        assert_eq!(agent.count_owner, Some(CountOwner::Lambda));
        assert_eq!(agent.count_every, Some(Duration::from_secs(120)));
        assert!(deck.queues[0].metric.is_some());
    }

    #[test]
    fn the_rows_of_short_drama_have_their_states() {
        let deck = deck("short-drama");
        let states = deck.tables[0].states.as_ref().unwrap();
        assert_eq!(
            (states.waiting[0].as_str(), states.running[0].as_str()),
            ("pending", "processing")
        );
        assert_eq!(
            (states.done[0].as_str(), states.failed[0].as_str()),
            ("complete", "failed")
        );
    }
}
