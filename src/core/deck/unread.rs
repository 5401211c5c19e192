//! What a deck says that nothing reads yet: who writes it must not believe that it works.
//!
//! An entry goes from here in the commit that makes it work.

use super::model::Deck;

impl Deck {
    /// The sections and settings that are given and that nothing reads yet, as they are written.
    pub fn unread(&self) -> Vec<&'static str> {
        let queue = |given: fn(&super::Queue) -> bool| self.queues.iter().any(given);
        let service = |given: fn(&super::Service) -> bool| self.services.iter().any(given);
        [
            ("[[alarm]]", !self.alarms.is_empty()),
            ("[[metric]]", !self.metrics.is_empty()),
            ("[[instance]]", !self.instances.is_empty()),
            ("[[probe]]", !self.probes.is_empty()),
            ("[[link]]", !self.links.is_empty()),
            ("deck.runbook", self.runbook.is_some()),
            ("service.runbook", service(|one| one.runbook.is_some())),
            (
                "service.count_every",
                service(|one| one.count_every.is_some()),
            ),
            ("queue.metric", queue(|one| one.metric.is_some())),
            (
                "run.timeout",
                self.runs.iter().any(|run| run.timeout.is_some()),
            ),
        ]
        .into_iter()
        .filter_map(|(name, is_given)| is_given.then_some(name))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Deck;

    #[test]
    fn what_is_given_and_not_read_is_named_and_nothing_else() {
        let text = "[deck]\nname = \"mine\"\n[[queue]]\nname = \"q\"\nmetric = { namespace = \"n\", name = \"m\" }\n[[link]]\nname = \"l\"\nurl = \"https://example.com\"\n";
        let deck = Deck::parse(text, "mine.toml").unwrap();
        assert_eq!(deck.unread(), ["[[link]]", "queue.metric"]);
        let plain = Deck::parse("[deck]\nname = \"mine\"\nclusters = [\"c\"]\n", "mine.toml");
        assert!(plain.unwrap().unread().is_empty());
    }
}
