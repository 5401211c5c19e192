//! The one table of the panes, and of what keys and commands can do.
//!
//! A new action is one entry here: its name, its help and the scopes in which
//! a keymap may bind it follow from that entry everywhere; so do, from the entry of a
//! command, its word, its verb and the key that does the same. An action is in the
//! table only when it works.

use super::command::{About, commands};
use super::scope::panes;
use crate::act::Verb;

/// Under which heading an action stands in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Moving about.
    Move,
    /// Going to a pane.
    Go,
    /// Looking closer.
    Look,
    /// The log.
    Log,
    /// Changing something in AWS.
    Act,
    /// Answering a question or ending a line.
    Answer,
    /// The console itself.
    Session,
}

impl Group {
    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Go => "Go to",
            Self::Look => "Look",
            Self::Log => "Logs",
            Self::Act => "Act",
            Self::Answer => "Answer",
            Self::Session => "Console",
        }
    }
}

/// What is known of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionInfo {
    /// Which.
    pub action: Action,
    /// In keymap files and the palette: `go-top`.
    pub name: &'static str,
    /// Other names in the palette: `svc`.
    pub aliases: &'static [&'static str],
    /// One or two words for the hint bar.
    pub title: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// Its heading in the help.
    pub group: Group,
    /// Where a keymap may bind it.
    pub scopes: &'static [Scope],
    /// It begins or confirms a change in AWS: some keys are refused to it.
    pub write: bool,
    /// It is worth a place in the hint bar.
    pub hint: bool,
    /// The pane that it goes to.
    pub pane: Option<Pane>,
    /// The operations that it sends about a service, as IAM names them.
    pub calls: &'static [&'static str],
}

macro_rules! actions {
    (
        $($first:ident $firsts:tt)* ; panes: $panes:ident $gone:tt ; more: $($group:ident $rows:tt)*
        ; writes: $writes:ident $written:tt ; others: $($other:ident $others:tt)*
    ) => {
        actions! {
            @table $($first $firsts)* $panes $gone $($group $rows)* $writes $written $($other $others)*
        }
        actions! { @pattern pane_actions, $gone }
        actions! { @pattern write_actions, $written }
        actions! { @pattern other_actions, $($firsts)* $gone $($rows)* $($others)* }
    };
    (@pattern $pattern:ident, $({ $(
        $action:ident $name:literal $title:literal $help:literal in $scopes:ident
        $(, $field:ident = $value:expr)*;
    )* })*) => {
        macro_rules! $pattern {
            () => {
                $($($crate::keys::Action::$action)|*)|*
            };
        }
        pub(crate) use $pattern;
    };
    (@table $($group:ident { $(
        $action:ident $name:literal $title:literal $help:literal in $scopes:ident
        $(, $field:ident = $value:expr)*;
    )* })*) => {
        /// What a key can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[doc = $help] $action,)*)*
        }

        impl Action {
            /// Every action, in the order of the help.
            pub const ALL: &[Self] = &[$($(Self::$action,)*)*];

            /// What is known of it.
            pub const fn info(self) -> &'static ActionInfo {
                match self {
                    $($(Self::$action => {
                        const INFO: &ActionInfo = &ActionInfo {
                            action: Action::$action,
                            name: $name,
                            title: $title,
                            help: $help,
                            group: Group::$group,
                            scopes: $scopes,
                            $($field: $value,)*
                            ..BLANK
                        };
                        INFO
                    })*)*
                }
            }
        }
    };
}

impl Action {
    /// The action with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.info().name == name)
    }
}

const BLANK: ActionInfo = ActionInfo {
    action: Action::Quit,
    name: "",
    aliases: &[],
    title: "",
    help: "",
    group: Group::Session,
    scopes: &[],
    write: false,
    hint: false,
    pane: None,
    calls: &[],
};

panes! {
    /// Clusters and services.
    Services "services";
    /// The tasks of the selected row.
    Tasks "tasks";
    /// Why, and the details of what is selected.
    Detail "detail";
    /// Queue depths.
    Queues "queues";
    /// The rows of work tables.
    Work "work";
    /// The log.
    Logs "logs";
}

const PANES: &[Scope] = &Scope::PANES;
const EVERYWHERE: &[Scope] = &Scope::ALL;
const TASKS: &[Scope] = &[Scope::Global, Scope::Services, Scope::Tasks, Scope::Detail];
// In the log too: the banner above it names the service, and what helps it.
const SERVICE: &[Scope] = &[Scope::Services, Scope::Tasks, Scope::Detail, Scope::Logs];
const STOPPED: &[Scope] = &[Scope::Tasks];
const QUEUES: &[Scope] = &[Scope::Queues];
const WORK: &[Scope] = &[Scope::Work];
const MARKED: &[Scope] = &[Scope::Tasks];
const RUN: &[Scope] = &[
    Scope::Services,
    Scope::Tasks,
    Scope::Detail,
    Scope::Queues,
    Scope::Work,
    Scope::Logs,
];
const LOGS: &[Scope] = &[Scope::Logs];
const DIALOG: &[Scope] = &[Scope::Dialog];
const INPUT: &[Scope] = &[Scope::Input];
const ASKED: &[Scope] = &[Scope::Dialog, Scope::Input];

actions! {
    Move {
        Down "down" "down" "Move to the next row." in EVERYWHERE;
        Up "up" "up" "Move to the row before." in EVERYWHERE;
        PageDown "page-down" "page down" "Move down by a page." in EVERYWHERE;
        PageUp "page-up" "page up" "Move up by a page." in EVERYWHERE;
        HalfDown "half-down" "half down" "Move down by half a page." in PANES;
        HalfUp "half-up" "half up" "Move up by half a page." in PANES;
        GoTop "go-top" "top" "Go to the first row." in PANES;
        GoBottom "go-bottom" "bottom" "Go to the last row; in the log, follow again." in PANES;
        NextPane "next-pane" "next pane" "Go to the next pane." in PANES, hint = true;
        PreviousPane "previous-pane" "previous pane" "Go to the pane before." in PANES;
        Open "open" "open" "Open what is selected." in PANES, hint = true;
        Back "back" "back" "Go back one step: close, clear the filter, leave the pane." in PANES, hint = true;
        Leave "leave" "leave" "Go back one step; from the services, leave the console." in PANES, hint = true;
    }
    ; panes: Go {
        Services "services" "services" "Go to the services." in PANES, pane = Some(Pane::Services), aliases = &["svc", "service"];
        Tasks "tasks" "tasks" "Go to the tasks." in PANES, pane = Some(Pane::Tasks), aliases = &["task"];
        Why "why" "why" "Show why the service is in the state that it is in." in PANES, pane = Some(Pane::Detail), hint = true;
        Queues "queues" "queues" "Go to the queues." in PANES, pane = Some(Pane::Queues), aliases = &["queue", "sqs"];
        Work "work" "work" "Go to the work items." in PANES, pane = Some(Pane::Work), aliases = &["table"];
        Logs "logs" "logs" "Go to the log of what is selected." in PANES, pane = Some(Pane::Logs), aliases = &["log"], hint = true;
    }
    ; more: Go {
        ZoomLogs "zoom-logs" "full log" "Give the whole screen to the log, or take it back." in PANES;
    }
    Look {
        Filter "filter" "filter" "Filter the rows: fuzzy, `!` for what does not match, `column:value` for any column." in PANES, hint = true;
        SortNext "sort-next" "sort by" "Sort the list by its next column; behind the last one, trouble first again." in PANES;
        SortPrevious "sort-previous" "sort by" "Sort the list by the column before." in PANES;
        SortReverse "sort-reverse" "reverse" "Turn the order of the list round." in PANES;
        ProblemsOnly "problems-only" "problems" "Show only what needs attention, or everything again." in PANES;
        Describe "describe" "describe" "Describe what is selected." in PANES;
        Raw "raw" "raw" "Show what AWS answered, as JSON." in PANES;
        Events "events" "timeline" "Show what happened, newest first: events, tasks, rollouts, own actions, errors of the log." in PANES, aliases = &["timeline"], hint = true;
        Difference "difference" "difference" "Show what the new revision changes against the one that ran before." in PANES, aliases = &["diff"], hint = true;
        Deployments "deployments" "deployments" "Show the service's deployments." in PANES;
        ToggleGroups "toggle-groups" "one by one" "Show stopped tasks one by one, or together by reason and revision." in TASKS;
        ToggleStopped "toggle-stopped" "stopped" "Show stopped tasks too, or only those that have not ended." in TASKS;
        Mark "mark" "mark" "Mark the task, or take its mark away; what follows is for all that are marked." in MARKED;
        Copy "copy" "copy" "Copy what is selected to the clipboard." in PANES;
        Journal "journal" "journal" "Show what was changed, by whom, with what result." in PANES;
        Export "export" "export" "In the journal: save it as a table for the incident." in PANES;
        Refresh "refresh" "refresh" "Refresh now." in PANES;
    }
    Log {
        Follow "follow" "follow" "Follow the log, or hold it." in LOGS, hint = true;
        Search "search" "search" "Search the log, back from its end: words, or a regular expression. In texts `/` searches too." in LOGS, hint = true;
        SearchNext "search-next" "next" "Go to the next match, nearer to the end." in PANES;
        SearchPrevious "search-previous" "previous" "Go to the match before, further back." in PANES;
        RangeTail "range-tail" "tail" "Show the log from now on." in LOGS;
        RangeHead "range-head" "head" "Show the log from its beginning." in LOGS;
        Range1m "range-1m" "1 min" "Show the last minute." in LOGS;
        Range5m "range-5m" "5 min" "Show the last 5 minutes." in LOGS;
        Range15m "range-15m" "15 min" "Show the last 15 minutes." in LOGS;
        Range30m "range-30m" "30 min" "Show the last 30 minutes." in LOGS;
        Range1h "range-1h" "1 hour" "Show the last hour." in LOGS;
        ToggleStamps "toggle-stamps" "stamps" "Stamp lines with UTC, local time, the time since the line above, or not." in LOGS, hint = true;
        ToggleFold "toggle-fold" "fold" "Fold JSON, logfmt and stack traces, or show lines as they were written." in LOGS, hint = true;
        LineFilter "line-filter" "lines" "Show only some lines: words, !words, level:warn, container:NAME, /expression/." in LOGS, hint = true;
        ServerFilter "server-filter" "pattern" "Let CloudWatch filter: its own filter pattern; `&` twice does the same." in LOGS, aliases = &["pattern"];
        ToggleWrap "toggle-wrap" "wrap" "Wrap long lines, or cut them." in LOGS, hint = true;
        AllContainers "all-containers" "container" "Show the next container alone; after the last one all of them again." in LOGS, hint = true;
        FailedLog "failed-log" "failed log" "Show the last lines of the task that failed last, of all its containers." in PANES, hint = true;
        ChooseLogs "choose-logs" "sources" "Choose logs: services, containers, tasks, Lambda functions, any log group; tab marks several." in LOGS, hint = true, aliases = &["sources"];
        Query "query" "query" "Ask Logs Insights about the log that is shown: the deck's queries, earlier ones, or your own; `:query TEXT` does the same." in LOGS, aliases = &["insights"];
        SaveLog "save-log" "save" "Save the lines that are held to a file; `:save shown json` those on the screen as JSON, `:copy` alike." in LOGS;
    }
    ; writes: Act {
        Run "run" "run task" "Run tasks: from a template, or like a service or an earlier task." in RUN, write = true, hint = true, calls = &["ecs:RunTask"];
        Rollback "rollback" "roll back" "Roll back to the previous revision." in SERVICE, write = true, hint = true, calls = &["ecs:UpdateService", "ecs:StopServiceDeployment"];
        Redeploy "redeploy" "redeploy" "Force a new deployment: replace every task, same revision." in SERVICE, write = true, calls = &["ecs:UpdateService"];
        Deploy "deploy" "deploy image" "Deploy an image: a new revision in which only the image changes." in SERVICE, write = true, aliases = &["image"], calls = &["ecs:RegisterTaskDefinition", "ecs:UpdateService"];
        Stop "stop" "stop task" "Stop the marked tasks, or the one that is selected." in STOPPED, write = true, hint = true, calls = &["ecs:StopTask"];
        Drain "drain" "drain" "Scale the service to zero, or restore it from there." in SERVICE, write = true, aliases = &["restore"], calls = &["ecs:UpdateService"];
        Autoscaling "autoscaling" "autoscaling" "Suspend, resume or set limits of autoscaling." in SERVICE, write = true, calls = &["application-autoscaling:RegisterScalableTarget"];
        Hook "hook" "hook" "Answer the lifecycle hook: continue or roll back." in SERVICE, write = true, aliases = &["continue"], calls = &["ecs:ContinueServiceDeployment"];
        Redrive "redrive" "redrive" "Move the messages of the dead-letter queue back." in QUEUES, write = true, hint = true;
        Retry "retry" "retry" "Run the task of a failed row again." in WORK, write = true, hint = true;
        Undo "undo" "undo" "Take back what was done last." in PANES, write = true;
        Scale "scale" "scale" "Set the desired count." in SERVICE, write = true, hint = true, calls = &["ecs:UpdateService"];
    }
    ; others: Answer {
        Confirm "confirm" "yes" "Do it." in DIALOG, write = true, hint = true;
        Accept "accept" "ok" "Take what was typed." in ASKED, hint = true;
        Cancel "cancel" "cancel" "Leave without doing anything." in ASKED, hint = true;
        Preview "preview" "preview" "Show what the form would do, before anything is done." in INPUT;
        PreviousField "previous-field" "previous field" "Go to the field before." in INPUT;
        Complete "complete" "complete" "Complete the word, or go to the next field." in INPUT;
    }
    Session {
        Palette "palette" "command" "Run a command or jump somewhere by its name." in PANES, hint = true;
        Help "help" "help" "Show what the keys do here." in PANES, hint = true;
        Suspend "suspend" "suspend" "Go to the shell; `fg` comes back." in EVERYWHERE;
        Quit "quit" "quit" "Leave the console." in EVERYWHERE, aliases = &["q", "exit"];
    }
}

commands! {
    Status "status" verb None, key None, about Anything;
    Why "why" verb None, key None, about Anything;
    Tasks "tasks" verb None, key Some(Action::Tasks), about Anything;
    Queues "queues" verb None, key Some(Action::Queues), about Anything;
    Work "work" verb None, key Some(Action::Work), about Anything;
    Tail "tail" verb None, key Some(Action::FailedLog), about Anything;
    Query "query" verb None, key Some(Action::Query), about Anything;
    Check "check" verb None, key None, about Anything;
    Journal "journal" verb None, key Some(Action::Journal), about Anything;
    Run "run" verb Some(Verb::Run), key Some(Action::Run), about Anything;
    Scale "scale" verb Some(Verb::Scale), key Some(Action::Scale), about Count;
    Rollback "rollback" verb Some(Verb::Rollback), key Some(Action::Rollback), about Rollout;
    Redeploy "redeploy" verb Some(Verb::Redeploy), key Some(Action::Redeploy), about Rollout;
    Deploy "deploy" verb Some(Verb::Deploy), key Some(Action::Deploy), about Rollout;
    Stop "stop" verb Some(Verb::Stop), key Some(Action::Stop), about Anything;
    Drain "drain" verb Some(Verb::Drain), key Some(Action::Drain), about Count;
    Restore "restore" verb Some(Verb::Restore), key Some(Action::Drain), about Count;
    Autoscaling "autoscaling" verb Some(Verb::Autoscaling), key Some(Action::Autoscaling), about Count;
    Hook "hook" verb Some(Verb::Continue), key Some(Action::Hook), about Rollout;
    Redrive "redrive" verb Some(Verb::Redrive), key Some(Action::Redrive), about Anything;
    Retry "retry" verb Some(Verb::Run), key Some(Action::Retry), about Anything;
    Undo "undo" verb Some(Verb::Undo), key Some(Action::Undo), about Anything;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Action;

    #[test]
    fn every_name_and_alias_means_one_action() {
        let mut seen = BTreeSet::new();
        for info in Action::ALL.iter().map(|action| action.info()) {
            for name in [info.name].iter().chain(info.aliases) {
                assert!(seen.insert(*name), "{name} twice");
            }
        }
    }

    #[test]
    fn every_action_can_be_found_explained_and_bound() {
        for action in Action::ALL {
            let info = action.info();
            assert_eq!(info.action, *action);
            assert_eq!(Action::named(info.name), Some(*action));
            assert!(
                info.help.ends_with('.') && info.title.len() <= 14,
                "{}",
                info.name
            );
            assert!(!info.scopes.is_empty(), "{}", info.name);
        }
    }
}
