//! Queues and tables: what works is known to the deck, bounds are in order, a
//! status means one thing.

use std::collections::HashMap;

use super::{Checked, Section};
use crate::deck::model::{Drain, Queue, Table};
use crate::deck::problem::DeckProblem;
use crate::deck::spot::Step;
use crate::text::Clean;

impl Section<'_> {
    pub(super) fn queue(&self, queue: &Queue) -> Checked {
        let runs = || self.check.deck.runs.iter().map(|run| run.name.as_str());
        match &queue.drains_to {
            Some(Drain::Service(name)) => self.service("drains_to", Some(name))?,
            Some(Drain::Run(name)) => self.refers("drains_to", "[[run]]", Some(name), runs())?,
            None => {}
        }
        if queue.per_task == Some(0) {
            return self.fail(
                "per_task",
                DeckProblem::Range {
                    key: "per_task",
                    range: "1 or more",
                },
            );
        }
        match (queue.min, queue.max) {
            (Some(min), Some(max)) if min > max => {
                self.fail("min", DeckProblem::Bounds { min, max })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn table(&self, table: &Table) -> Checked {
        if table.index.is_some() && table.status.is_none() {
            return self.fail(
                "index",
                DeckProblem::Either("`index` is an index on the status: say `status` too"),
            );
        }
        let Some(states) = &table.states else {
            return Ok(());
        };
        if table.status.is_none() {
            return self.fail(
                "states",
                DeckProblem::Either("`states` are values of the status: say `status` too"),
            );
        }
        let mut seen: HashMap<String, &'static str> = HashMap::new();
        for (list, statuses) in states.lists() {
            for (at, status) in statuses.iter().enumerate() {
                let path = [Step::Key("states"), Step::Key(list), Step::At(at)];
                if status.trim().is_empty() {
                    return self.fail_at(&path, DeckProblem::Empty("states"));
                }
                if let Some(first) = seen.insert(status.to_lowercase(), list) {
                    let problem = DeckProblem::State {
                        status: Clean::new(status),
                        first,
                        second: list,
                    };
                    return self.fail_at(&path, problem);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::refused;
    use crate::deck::problem::DeckProblem;

    #[test]
    fn a_queue_drains_to_something_that_is_there() {
        let (line, problem, _) = refused("[[queue]]\nname = \"q\"\ndrains_to = \"service:wbe\"\n");
        assert_eq!((line, problem.nearest()), (3, Some("web")));
        let (_, problem, shown) = refused("[[queue]]\nname = \"q\"\ndrains_to = \"run:worker\"\n");
        assert!(matches!(
            problem,
            DeckProblem::Dangling {
                kind: "[[run]]",
                ..
            }
        ));
        assert!(
            shown.ends_with("the deck has no [[run]] `worker`; add it, or correct the name"),
            "{shown}"
        );
    }

    #[test]
    fn a_queue_has_bounds_in_order() {
        let (line, problem, _) = refused("[[queue]]\nname = \"q\"\nmin = 3\nmax = 2\n");
        assert_eq!((line, problem), (3, DeckProblem::Bounds { min: 3, max: 2 }));
        let (line, problem, _) = refused("[[queue]]\nname = \"q\"\nper_task = 0\n");
        assert_eq!(line, 3);
        assert!(matches!(
            problem,
            DeckProblem::Range {
                key: "per_task",
                ..
            }
        ));
    }

    #[test]
    fn a_status_means_one_thing() {
        let table = "[[table]]\nname = \"t\"\nstatus = \"s\"\n[table.states]\ndone = [\"ok\"]\nfailed = [\"bad\", \"OK\"]\n";
        let (line, problem, shown) = refused(table);
        assert_eq!(line, 6);
        assert!(matches!(
            problem,
            DeckProblem::State {
                first: "done",
                second: "failed",
                ..
            }
        ));
        assert!(
            shown.ends_with("the status `OK` is both done and failed; keep it in one list"),
            "{shown}"
        );
        assert!(matches!(
            refused("[[table]]\nname = \"t\"\nstates = { done = [\"ok\"] }\n"),
            (3, DeckProblem::Either(_), _)
        ));
        assert!(matches!(
            refused("[[table]]\nname = \"t\"\nindex = \"i\"\n"),
            (3, DeckProblem::Either(_), _)
        ));
    }
}
