//! The state of the console. Only [`update`](super::update) changes it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::detail::DetailMode;
use super::dialog::Confirm;
use super::discovery::{DefinitionsBasis, Found};
use super::fleet::{Fleet, RowKey};
use super::form::Form;
use super::input::{Prompt, Purpose};
use super::journal::Written;
use super::kept::PastAction;
use super::list::Cursor;
use super::log_pane::LogPane;
use super::msg::Stamp;
use super::preparing::Preparing;
use super::reading::Readings;
use super::rows::{ServiceRow, TaskRow};
use super::setup::Setup;
use super::viewer::Viewer;
use super::work_pane::{QueuePane, WorkPane};
use crate::act::{Change, Decider, IntentId, Outcome, Record, Stage, Target};
use crate::domain::{Arn, Identity, Time};
use crate::keys::Key;
use crate::text::Clean;

use super::filter::Filter;

/// The panes, in the order in which `tab` goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// Clusters and services.
    Services,
    /// Tasks of the selected row.
    Tasks,
    /// Cause and detail of what is selected.
    Detail,
    /// Queue depths.
    Queues,
    /// Work items.
    Work,
    /// The log.
    Logs,
}

impl Pane {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Services,
        Self::Tasks,
        Self::Detail,
        Self::Queues,
        Self::Work,
        Self::Logs,
    ];
}

/// What lies over the panes.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// A line of input at the bottom.
    Prompt(Purpose, Prompt),
    /// Fields to fill in before a question.
    Form(Box<Form>),
    /// A question whose answer changes something.
    Confirm(Box<Confirm>),
    /// Text to look at.
    Viewer(Viewer),
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It was done.
    Good,
    /// It should be known.
    Plain,
    /// It did not work.
    Bad,
}

/// A line about what has just happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What happened.
    pub text: Clean,
    /// Until when it is shown, since the console started; absent: until the next key.
    pub until: Option<Duration>,
}

/// A write that was confirmed and has not ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// What it does, for example `scale web 2 → 4`.
    pub title: Clean,
    /// Its target.
    pub target: Target,
    /// The change of the count, where it makes one.
    pub count: Option<Change>,
    /// How far it is.
    pub stage: Stage,
    /// The earlier run that it sends again.
    pub(super) resends: Option<IntentId>,
}

/// The list of a pane: its cursor, its filter.
#[derive(Clone, Debug, PartialEq)]
pub struct ListPane<K> {
    /// The cursor.
    pub cursor: Cursor<K>,
    /// What is shown.
    pub filter: Filter,
}

impl<K> Default for ListPane<K> {
    fn default() -> Self {
        Self {
            cursor: Cursor::default(),
            filter: Filter::default(),
        }
    }
}

/// The calls of the last minute.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calls {
    /// All calls so far.
    pub total: u64,
    /// Totals at earlier times, oldest first; at most a minute back and one sample a second.
    pub(super) samples: std::collections::VecDeque<(Duration, u64)>,
}

/// The whole state.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// How it was started.
    pub setup: Setup,
    /// The terminal's size in cells.
    pub size: (u16, u16),
    /// The stamp of the last update.
    pub stamp: Stamp,
    /// Who we are, once it is known.
    pub identity: Option<Identity>,
    /// Clusters, services, tasks, definitions.
    pub fleet: Fleet,
    /// Which readings are under way, and how old their data are.
    pub readings: Readings,
    /// The pane that keys go to.
    pub focus: Pane,
    /// The pane that has the whole screen.
    pub zoom: Option<Pane>,
    /// The services pane.
    pub services: ListPane<RowKey>,
    /// The tasks pane.
    pub tasks: ListPane<Arn>,
    /// What the detail pane shows.
    pub detail: DetailMode,
    /// What the timeline shows.
    pub timeline_filter: Filter,
    /// Lines that the detail pane is scrolled by.
    pub detail_top: usize,
    /// The queues pane.
    pub queues: QueuePane,
    /// The work pane.
    pub work: WorkPane,
    /// The log pane.
    pub logs: LogPane,
    /// Rows of troubled services only.
    pub problems_only: bool,
    /// Stopped tasks are shown too.
    pub show_stopped: bool,
    /// Stopped tasks have a row each, instead of one for each reason and revision.
    pub stopped_one_by_one: bool,
    /// What lies over the panes.
    pub overlay: Option<Overlay>,
    /// A form that was left, or whose write was refused, with what was filled in.
    pub draft: Option<Form>,
    /// The forms of writes under way.
    pub(super) sent: BTreeMap<IntentId, Form>,
    /// Runs of which no answer came and that started nothing: they may be sent again.
    pub(super) resendable: Vec<Record>,
    /// An action that was begun and waits for what it needs.
    pub(super) preparing: Option<Preparing>,
    /// The journal as it was read last.
    pub(super) journal: Option<Result<Vec<Written>, Clean>>,
    /// It was asked what became of writes whose end nobody saw.
    pub(super) asked_to_settle: bool,
    /// The journal is to be shown once it is read.
    pub(super) opens_journal: bool,
    /// A task that was started from here and is not known yet.
    pub(super) arriving: Option<Arn>,
    /// Tasks that were started from here and have not ended.
    pub(super) awaited: Vec<Arn>,
    /// Tasks that are marked.
    pub(super) marks: BTreeSet<Arn>,
    /// The keys of a chord that is not complete.
    pub pending: Vec<Key>,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// Writes under way.
    pub running: BTreeMap<IntentId, Running>,
    /// How writes of this run ended.
    pub outcomes: BTreeMap<IntentId, Outcome>,
    /// The same in words, and those of the journal, in no particular order: for the timeline.
    pub(super) done: Vec<PastAction>,
    /// That stopped tasks cannot be kept on disk has been said.
    pub(super) told_not_kept: bool,
    /// Calls made.
    pub calls: Calls,
    pub(super) service_rows: Vec<ServiceRow>,
    pub(super) hidden_rows: usize,
    pub(super) task_rows: Vec<TaskRow>,
    /// The row that the cursor has rested on long enough to ask AWS about it.
    pub(super) looked_at: Option<RowKey>,
    /// The same of the tasks.
    pub(super) looked_at_task: Option<Arn>,
    /// The row that a command asks about.
    pub(super) why: Option<RowKey>,
    /// When the cursor came to where it is.
    pub(super) moved_at: Duration,
    /// What definitions name in their environment.
    pub(super) found: Found,
    /// Definitions that are to be read, and what that was worked out from.
    pub(super) definitions_wanted: Vec<Arn>,
    pub(super) definitions_basis: Option<DefinitionsBasis>,
    /// Definitions that the reading under way asks for.
    pub(super) asked: BTreeSet<Arn>,
    /// How often the service rows were made anew.
    pub(super) rebuilt: u64,
    pub(super) questions: u64,
    pub(super) rows_changed: bool,
}

/// How long the cursor must rest before AWS is asked about what it stands on.
pub(super) const REST: Duration = Duration::from_millis(200);

impl Model {
    /// The state at the start: nothing is known and nothing was asked.
    pub fn new(setup: Setup, size: (u16, u16), stamp: Stamp) -> Self {
        let logs = LogPane::new(setup.log_lines);
        Self {
            setup,
            size,
            stamp,
            identity: None,
            fleet: Fleet::default(),
            readings: Readings::default(),
            focus: Pane::Services,
            zoom: None,
            services: ListPane::default(),
            tasks: ListPane::default(),
            detail: DetailMode::Why,
            timeline_filter: Filter::default(),
            detail_top: 0,
            queues: QueuePane::default(),
            work: WorkPane::default(),
            logs,
            problems_only: false,
            show_stopped: true,
            stopped_one_by_one: false,
            overlay: None,
            draft: None,
            sent: BTreeMap::new(),
            resendable: Vec::new(),
            preparing: None,
            journal: None,
            asked_to_settle: false,
            opens_journal: false,
            arriving: None,
            awaited: Vec::new(),
            marks: BTreeSet::new(),
            pending: Vec::new(),
            notice: None,
            running: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            done: Vec::new(),
            told_not_kept: false,
            calls: Calls::default(),
            service_rows: Vec::new(),
            hidden_rows: 0,
            task_rows: Vec::new(),
            looked_at: None,
            why: None,
            looked_at_task: None,
            moved_at: Duration::ZERO,
            found: Found::default(),
            definitions_wanted: Vec::new(),
            definitions_basis: None,
            asked: BTreeSet::new(),
            rebuilt: 0,
            questions: 0,
            rows_changed: true,
        }
    }

    /// The rows of the services pane, as they are shown.
    pub fn service_rows(&self) -> &[ServiceRow] {
        &self.service_rows
    }

    /// How many rows of the services pane a filter hides.
    pub fn hidden_services(&self) -> usize {
        self.hidden_rows
    }

    /// The rows of the tasks pane, as they are shown.
    pub fn task_rows(&self) -> &[TaskRow] {
        &self.task_rows
    }

    /// The selected row of the services pane.
    pub fn selected(&self) -> Option<&ServiceRow> {
        let cursor = &self.services.cursor;
        let row = self.service_rows.get(cursor.place())?;
        (Some(&row.key) == cursor.on()).then_some(row)
    }

    /// The selected task.
    pub fn selected_task(&self) -> Option<&crate::domain::Task> {
        self.fleet.task(self.tasks.cursor.on()?)
    }

    /// Whether a task is marked.
    pub fn is_marked(&self, task: &Arn) -> bool {
        self.marks.contains(task)
    }

    /// How many tasks are marked.
    pub fn marked(&self) -> usize {
        self.marks.len()
    }

    /// The selected row's service.
    pub fn selected_service(&self) -> Option<&crate::domain::Service> {
        match self.services.cursor.on()? {
            RowKey::Service(arn) => self.fleet.services.get(arn),
            RowKey::Family(..) | RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
        }
    }

    /// AWS's time.
    pub fn now(&self) -> Time {
        self.stamp.now
    }

    /// Calls in the last minute.
    pub fn calls_a_minute(&self) -> u64 {
        let before = self
            .calls
            .samples
            .front()
            .map_or(self.calls.total, |(_, total)| *total);
        self.calls.total.saturating_sub(before)
    }

    /// Whether a pane is on the screen.
    pub fn shows(&self, pane: Pane) -> bool {
        self.setup.panes.contains(&pane) && self.zoom.is_none_or(|zoomed| zoomed == pane)
    }

    /// Why nothing may be written, where that is so.
    pub fn writes_off(&self) -> Option<Clean> {
        if self.setup.read_only {
            return Some(Clean::literal("the console is read-only"));
        }
        let Some(identity) = &self.identity else {
            return Some(Clean::literal(
                "it is not known yet whose credentials these are",
            ));
        };
        if let Some(error) = self.readings.credentials_error() {
            return Some(Clean::own(format!(
                "the credentials do not work: {}",
                error.hint()
            )));
        }
        match self.setup.deck_account() {
            Some(account) if account != identity.account.as_str() => Some(Clean::own(format!(
                "these credentials are for account {}, the deck is for {}",
                identity.account,
                Clean::new(account),
            ))),
            _ => None,
        }
    }

    /// Who decides, where and when: for making an intent now. None before it is known who we are.
    pub fn decider(&self) -> Option<Decider<'_>> {
        Some(Decider {
            id: IntentId::new(self.stamp.entropy),
            at: self.stamp.now,
            identity: self.identity.as_ref()?,
            region: &self.setup.region,
        })
    }

    pub(super) fn note(&mut self, tone: Tone, text: Clean) {
        let shown = match tone {
            Tone::Good | Tone::Plain => Some(Duration::from_secs(6)),
            Tone::Bad => None,
        };
        let until = shown.map(|shown| self.stamp.elapsed.saturating_add(shown));
        self.notice = Some(Notice { tone, text, until });
    }
}
