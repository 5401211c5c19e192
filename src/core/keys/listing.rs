//! What is told about keys: the hint bar, the help, the README's table.

use super::{Action, ActionInfo, Group, Keymap, Scope};
use crate::text::Clean;

/// A place in the hint bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The shortest way to press it.
    pub keys: Clean,
    /// What it does.
    pub info: &'static ActionInfo,
}

/// A line of the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// Where these keys are bound; `global` is every pane.
    pub scope: Scope,
    /// Every way to press it, with blanks between them.
    pub keys: Clean,
    /// What it does.
    pub info: &'static ActionInfo,
}

impl Keymap {
    /// The hint bar of a scope: what is bound in the scope itself comes first,
    /// then in the order of the table.
    pub fn hints(&self, scope: Scope) -> Vec<Hint> {
        let own: Vec<_> = self
            .own(scope)
            .into_iter()
            .map(|(_, action)| action)
            .collect();
        let mut hints: Vec<_> = Action::ALL
            .iter()
            .filter(|action| action.info().hint)
            .filter_map(|action| {
                let keys = self.keys(*action, scope).into_iter().next()?;
                Some(Hint {
                    keys: Clean::own(keys),
                    info: action.info(),
                })
            })
            .collect();
        hints.sort_by_key(|hint| !own.contains(&hint.info.action));
        hints
    }

    /// The help for a scope: its own keys, then those of the scopes outside.
    pub fn help(&self, scope: Scope) -> Vec<Help> {
        let live = self.bindings(scope);
        let mut lines = Vec::new();
        for scope in scope.chain() {
            let own = self
                .own(*scope)
                .into_iter()
                .filter(|binding| live.contains(binding));
            lines.extend(lines_of(
                *scope,
                own.map(|(chord, action)| (chord.to_string(), action))
                    .collect(),
            ));
        }
        lines
    }

    /// Every binding, scope by scope: what `keys` prints.
    pub fn table(&self) -> Vec<Help> {
        let all = Scope::ALL.into_iter();
        all.flat_map(|scope| {
            let own = self.own(scope).into_iter();
            lines_of(
                scope,
                own.map(|(chord, action)| (chord.to_string(), action))
                    .collect(),
            )
        })
        .collect()
    }

    /// The README's table of keys, as Markdown.
    pub fn markdown(&self) -> String {
        let mut text = String::from("| where | keys | action | does |\n|---|---|---|---|\n");
        for line in self.table() {
            let keys = line
                .keys
                .split(", ")
                .map(|keys| format!("`{}`", keys.replace('|', "\\|")));
            let place = if line.scope == Scope::Global {
                "everywhere"
            } else {
                line.scope.name()
            };
            text.push_str(&format!(
                "| {place} | {} | {} | {} |\n",
                keys.collect::<Vec<_>>().join(" "),
                line.info.name,
                line.info.help.replace('|', "\\|"),
            ));
        }
        text
    }
}

/// The shortest comes first, and a letter before a number, which says nothing of what it does.
pub(super) fn shortness(keys: &str) -> (usize, bool) {
    let number = keys.starts_with(|key: char| key.is_ascii_digit());
    (keys.len(), number)
}

/// One line an action, in the order of the table.
fn lines_of(scope: Scope, bound: Vec<(String, Action)>) -> Vec<Help> {
    let line = |action: &Action| {
        let mut keys: Vec<_> = bound
            .iter()
            .filter(|(_, bound)| bound == action)
            .map(|(keys, _)| keys.as_str())
            .collect();
        keys.sort_by_key(|keys| shortness(keys));
        let line = Help {
            scope,
            keys: Clean::own(keys.join(", ")),
            info: action.info(),
        };
        (!keys.is_empty()).then_some(line)
    };
    Action::ALL.iter().filter_map(line).collect()
}

impl Group {
    /// The actions under this heading.
    pub fn actions(self) -> impl Iterator<Item = &'static ActionInfo> {
        Action::ALL
            .iter()
            .map(|action| action.info())
            .filter(move |info| info.group == self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Action, Keymap, Scope};

    fn default() -> Keymap {
        Keymap::load("default", &|_| None).unwrap()
    }

    #[test]
    fn the_hint_bar_begins_with_what_is_special_here() {
        let hints = default().hints(Scope::Logs);
        let first: Vec<_> = hints
            .iter()
            .take(2)
            .map(|hint| (hint.keys.as_str(), hint.info.title))
            .collect();
        assert_eq!(first, [("f", "follow"), ("/", "search")]);
        assert!(hints.iter().any(|hint| hint.info.action == Action::Help));
        assert!(
            !hints.iter().any(|hint| hint.info.action == Action::Filter),
            "search has its key in the log"
        );
    }

    #[test]
    fn the_help_shows_only_keys_that_work_here() {
        let help = default().help(Scope::Logs);
        let keys = |action| {
            help.iter()
                .filter(move |line| line.info.action == action)
                .map(|line| line.keys.to_string())
        };
        assert_eq!(keys(Action::FailedLog).collect::<Vec<_>>(), ["p", "P"]);
        assert_eq!(
            keys(Action::Deployments).count(),
            0,
            "p is the failed log here"
        );
        assert_eq!(keys(Action::Down).collect::<Vec<_>>(), ["j, down"]);
    }

    #[test]
    fn the_table_for_the_readme_is_whole() {
        let text = default().markdown();
        assert!(
            text.contains("| everywhere | `j` `down` | down | Move to the next row. |\n"),
            "{text}"
        );
        assert!(text.contains("| services | `U` | scale |"), "{text}");
        for action in Action::ALL
            .iter()
            .filter(|action| !default().keys(**action, action.info().scopes[0]).is_empty())
        {
            assert!(
                text.contains(&format!("| {} |", action.info().name)),
                "{action:?}"
            );
        }
    }
}
