//! Run templates: a form that can be filled in and started.

use regex::Regex;

use super::{Checked, Section};
use crate::deck::forms::{braced, is_id, placeholder};
use crate::deck::problem::DeckProblem;
use crate::deck::run::{Run, Variable};
use crate::deck::spot::Step;
use crate::text::Clean;

impl Section<'_> {
    pub(super) fn run(&self, run: &Run) -> Checked {
        self.cluster(run.cluster.as_deref())?;
        if run.task_definition.trim().is_empty() {
            return self.fail("task_definition", DeckProblem::Empty("task_definition"));
        }
        if let Some(network) = &run.network {
            if network.subnets.is_empty() {
                return self.fail_at(&[Step::Key("network")], DeckProblem::Empty("subnets"));
            }
            let ids = [
                ("subnets", "subnet-", &network.subnets),
                ("security_groups", "sg-", &network.security_groups),
            ];
            for (key, prefix, ids) in ids {
                if let Some(at) = ids.iter().position(|id| !is_id(id, prefix)) {
                    let value = ids.get(at).map(|id| Clean::new(id)).unwrap_or_default();
                    let path = [Step::Key("network"), Step::Key(key), Step::At(at)];
                    let (what, example) = match key {
                        "subnets" => ("subnet", "\"subnet-021cb68f18ae60508\""),
                        _ => ("security group", "\"sg-0ad4bc9d85549a7c7\""),
                    };
                    return self.fail_at(
                        &path,
                        DeckProblem::Form {
                            value,
                            what,
                            example,
                        },
                    );
                }
            }
        }
        if run.container.is_none() && !run.env.is_empty() {
            return self.fail(
                "env",
                DeckProblem::Either("`env` goes to a container: say `container` too"),
            );
        }
        run.env
            .iter()
            .enumerate()
            .try_for_each(|(at, variable)| self.variable(run, at, variable))
    }

    fn variable(&self, run: &Run, at: usize, variable: &Variable) -> Checked {
        let path = |key| [Step::Key("env"), Step::At(at), Step::Key(key)];
        if variable.name.is_empty() || variable.name.contains('=') {
            let (value, what) = (Clean::new(&variable.name), "environment variable");
            return self.fail_at(
                &path("name"),
                DeckProblem::Form {
                    value,
                    what,
                    example: "\"TASK_ID\"",
                },
            );
        }
        if let Some(first) = run
            .env
            .iter()
            .position(|other| other.name == variable.name)
            .filter(|first| *first < at)
        {
            let first: Vec<_> = self
                .path
                .iter()
                .copied()
                .chain([Step::Key("env"), Step::At(first), Step::Key("name")])
                .collect();
            let (name, line) = (Clean::new(&variable.name), self.check.place(&first).line);
            return self.fail_at(
                &path("name"),
                DeckProblem::Duplicate {
                    kind: "run.env",
                    name,
                    line,
                },
            );
        }
        let default = variable.default.as_deref();
        if let Some(problem) = default.and_then(|text| placeholder(text, &Variable::PLACEHOLDERS)) {
            return self.fail_at(&path("default"), problem);
        }
        let Some(pattern) = variable.pattern.as_deref() else {
            return Ok(());
        };
        let regex = match Regex::new(&format!("^(?:{pattern})$")) {
            Ok(regex) => regex,
            Err(error) => {
                // Its last line says what; the ones before draw the place.
                let words = error.to_string();
                let why = words.lines().last().unwrap_or_default();
                return self.fail_at(&path("pattern"), DeckProblem::Pattern(Clean::new(why)));
            }
        };
        match default.filter(|text| braced(text).next().is_none() && !regex.is_match(text)) {
            Some(text) => {
                let problem = DeckProblem::Default {
                    default: Clean::new(text),
                    pattern: Clean::new(pattern),
                };
                self.fail_at(&path("default"), problem)
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::refused;
    use crate::deck::problem::DeckProblem;

    #[test]
    fn a_run_template_is_whole() {
        let run = |rest: &str| {
            refused(&format!(
                "[[run]]\nname = \"r\"\ntask_definition = \"t\"\n{rest}"
            ))
        };
        assert!(matches!(
            run("env = [{ name = \"A\" }]"),
            (4, DeckProblem::Either(_), _)
        ));
        assert!(matches!(
            run("network = { subnets = [] }"),
            (4, DeckProblem::Empty("subnets"), _)
        ));
        let (line, problem, _) =
            run("network = { subnets = [\n\"subnet-021cb68f18ae60508\",\n\"net\"] }");
        assert_eq!(line, 6);
        assert!(matches!(problem, DeckProblem::Form { what: "subnet", .. }));
    }

    #[test]
    fn a_variable_of_a_run_is_checked() {
        let run = |rest: &str| {
            refused(&format!(
                "[[run]]\nname = \"r\"\ntask_definition = \"t\"\ncontainer = \"c\"\nenv = [\n{rest}\n]"
            ))
        };
        let (line, problem, _) = run("{ name = \"A\" },\n{ name = \"B\", pattern = \"[a\" }");
        assert_eq!(line, 7);
        assert!(
            matches!(problem, DeckProblem::Pattern(why) if why.contains("unclosed character class"))
        );
        let (line, problem, _) = run("{ name = \"A\", default = \"{uid}\" }");
        assert_eq!((line, problem.nearest()), (6, Some("uuid")));
        let (_, problem, _) = run("{ name = \"A\", default = \"x1\", pattern = \"[a-z]+\" }");
        assert!(matches!(problem, DeckProblem::Default { .. }));
        let (line, problem, _) = run("{ name = \"A\" },\n{ name = \"A\" }");
        assert_eq!(line, 7);
        assert!(matches!(
            problem,
            DeckProblem::Duplicate {
                kind: "run.env",
                line: 11,
                ..
            }
        ));
        assert!(matches!(
            run("{ name = \"A=B\" }"),
            (6, DeckProblem::Form { .. }, _)
        ));
    }
}
