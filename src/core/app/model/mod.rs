//! The state of the console. Only [`update`](super::update) changes it.

pub(in crate::app) mod calls;
pub(in crate::app) mod candidate;
pub(in crate::app) mod check;
pub(in crate::app) mod confirm;
pub(in crate::app) mod declined;
pub(in crate::app) mod discovered;
pub(in crate::app) mod expired_tasks;
pub(in crate::app) mod field_name;
pub(in crate::app) mod filter;
pub(in crate::app) mod fleet;
pub(in crate::app) mod form;
pub(in crate::app) mod form_purpose;
pub(in crate::app) mod inputs;
pub(in crate::app) mod insights;
pub(in crate::app) mod journal_pane;
pub(in crate::app) mod list;
pub(in crate::app) mod log_pace;
pub(in crate::app) mod log_pane;
pub(in crate::app) mod log_streams;
pub(in crate::app) mod log_target;
pub(in crate::app) mod notice;
pub(in crate::app) mod overlay;
pub(in crate::app) mod palette;
pub(in crate::app) mod pane;
pub(in crate::app) mod past_action;
pub(in crate::app) mod pending_wish;
pub(in crate::app) mod prompt;
pub(in crate::app) mod proposal;
pub(in crate::app) mod queries;
pub(in crate::app) mod reading;
pub(in crate::app) mod revised;
pub(in crate::app) mod row_key;
pub(in crate::app) mod rows;
pub(in crate::app) mod running;
pub(in crate::app) mod searched_from;
pub(in crate::app) mod serving;
pub(in crate::app) mod setup;
pub(in crate::app) mod slot;
pub(in crate::app) mod sources;
pub(in crate::app) mod stamp;
pub(in crate::app) mod stamps;
pub(in crate::app) mod story;
pub(in crate::app) mod viewer;
pub(in crate::app) mod work_pane;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::act::{Decider, History, IntentId, Made, Outcome, Record};
use crate::domain::{Arn, Identity, Time};
use crate::keys::Key;
use crate::text::{Clean, Search};
use calls::Calls;
use check::Check;
use declined::Declined;
use discovered::Discovered;
use filter::Filter;
use fleet::Fleet;
use form::Form;
use inputs::{DefinitionsInputs, ServicesInputs, TasksInputs};
use insights::Insights;
use journal_pane::JournalPane;
use list::ListPane;
use log_pane::LogPane;
use notice::{Notice, Tone};
use overlay::Overlay;
use palette::Palette;
use pane::{DetailMode, Pane};
use past_action::PastAction;
use pending_wish::PendingWish;
use proposal::Proposal;
use queries::Queries;
use reading::Readings;
use revised::{Derived, Revised};
use row_key::RowKey;
use rows::{ServiceRow, TaskRow};
use running::Running;
use searched_from::SearchedFrom;
use setup::Setup;
use sources::Sources;
use stamp::Stamp;
use story::Course;
use work_pane::{QueuePane, WorkPane};

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
    pub fleet: Revised<Fleet>,
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
    /// What is searched for in the detail pane.
    pub detail_search: Search,
    /// The line of it that was found last.
    pub(in crate::app) detail_hit: Option<usize>,
    /// Where it stood when the search began that is typed.
    pub(in crate::app) searched_from: SearchedFrom,
    /// The deployments, by their ids.
    pub deployments: ListPane<Clean>,
    /// The journal as it is shown.
    pub journal_pane: JournalPane,
    /// The queues pane.
    pub queues: QueuePane,
    /// The work pane.
    pub work: WorkPane,
    /// The log pane.
    pub logs: LogPane,
    /// A query of Logs Insights that somebody waits for or looks at.
    pub insights: Option<Insights>,
    /// What is known for writing another.
    pub queries: Queries,
    /// Rows of troubled services only.
    pub problems_only: bool,
    /// Stopped tasks are shown too.
    pub show_stopped: bool,
    /// Stopped tasks have a row each, instead of one for each reason and revision.
    pub stopped_one_by_one: bool,
    /// What lies over the panes.
    pub overlay: Option<Overlay>,
    /// What the palette remembers.
    pub palette: Palette,
    /// What is known for choosing a log.
    pub sources: Sources,
    /// A form that was left, or whose write was refused, with what was filled in.
    pub draft: Option<Form>,
    /// The forms of writes under way.
    pub(in crate::app) sent: BTreeMap<IntentId, Form>,
    /// Runs of which no answer came and that started nothing: they may be sent again.
    pub(in crate::app) resendable: Vec<Record>,
    /// What a wish from the command line has led to.
    pub proposal: Option<Result<Box<Proposal>, Declined>>,
    /// A wish that waits for facts.
    pub(in crate::app) wish: Option<PendingWish>,
    /// The journal as it was read last.
    pub(in crate::app) journal: Option<Result<History, Clean>>,
    /// It was asked what became of writes whose end nobody saw.
    pub(in crate::app) asked_to_settle: bool,
    /// A task that was started from here and is not known yet.
    pub(in crate::app) arriving: Option<Arn>,
    /// Tasks that were started from here and have not ended, and their clusters.
    pub(in crate::app) awaited: BTreeMap<Arn, Arn>,
    /// Tasks that are marked.
    pub(in crate::app) marks: BTreeSet<Arn>,
    /// The keys of a chord that is not complete.
    pub pending: Vec<Key>,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// Writes under way.
    pub running: BTreeMap<IntentId, Running>,
    /// How writes of this run ended, and what they made.
    pub outcomes: BTreeMap<IntentId, (Outcome, Made)>,
    /// The same in words, and those of the journal, in no particular order: for the timeline.
    pub(in crate::app) done: Revised<Vec<PastAction>>,
    /// Whether the disk warning was already shown.
    pub(in crate::app) told_not_kept: bool,
    /// Calls made.
    pub calls: Calls,
    pub(in crate::app) service_rows: Derived<ServicesInputs, Vec<ServiceRow>>,
    pub(in crate::app) task_rows: Derived<TasksInputs, Vec<TaskRow>>,
    /// How rows were since the console started.
    pub(in crate::app) courses: BTreeMap<RowKey, Course>,
    /// The row that the cursor has rested on long enough to ask AWS about it.
    pub(in crate::app) looked_at: Option<RowKey>,
    /// The same of the tasks.
    pub(in crate::app) looked_at_task: Option<Arn>,
    /// The row that a command asks about.
    pub(in crate::app) why: Option<RowKey>,
    /// A revision that is checked before it runs, on the command line.
    pub(in crate::app) check: Option<Check>,
    /// When the cursor came to where it is.
    pub(in crate::app) moved_at: Duration,
    /// What definitions name in their environment.
    pub(in crate::app) found: Discovered,
    /// Definitions that are to be read.
    pub(in crate::app) definitions_wanted: Derived<DefinitionsInputs, Vec<Arn>>,
    /// Definitions that the reading under way asks for.
    pub(in crate::app) asked: BTreeSet<Arn>,
    pub(in crate::app) questions: u64,
}

impl Model {
    /// The state at the start: nothing is known and nothing was asked.
    pub fn new(setup: Setup, size: (u16, u16), stamp: Stamp) -> Self {
        let logs = LogPane::new(setup.log_lines);
        Self {
            setup,
            size,
            stamp,
            identity: None,
            fleet: Revised::new(Fleet::default()),
            readings: Readings::default(),
            focus: Pane::Services,
            zoom: None,
            services: ListPane::default(),
            tasks: ListPane::default(),
            detail: DetailMode::Why,
            timeline_filter: Filter::default(),
            detail_top: 0,
            detail_search: Search::default(),
            detail_hit: None,
            searched_from: SearchedFrom::default(),
            deployments: ListPane::default(),
            journal_pane: JournalPane::default(),
            queues: QueuePane::default(),
            work: WorkPane::default(),
            logs,
            insights: None,
            queries: Queries::default(),
            problems_only: false,
            show_stopped: true,
            stopped_one_by_one: false,
            overlay: None,
            palette: Palette::default(),
            sources: Sources::default(),
            draft: None,
            sent: BTreeMap::new(),
            resendable: Vec::new(),
            proposal: None,
            wish: None,
            journal: None,
            asked_to_settle: false,
            arriving: None,
            awaited: BTreeMap::new(),
            marks: BTreeSet::new(),
            pending: Vec::new(),
            notice: None,
            running: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            done: Revised::new(Vec::new()),
            told_not_kept: false,
            calls: Calls::default(),
            service_rows: Derived::new(Vec::new()),
            task_rows: Derived::new(Vec::new()),
            courses: BTreeMap::new(),
            looked_at: None,
            why: None,
            check: None,
            looked_at_task: None,
            moved_at: Duration::ZERO,
            found: Discovered::default(),
            definitions_wanted: Derived::new(Vec::new()),
            asked: BTreeSet::new(),
            questions: 0,
        }
    }

    /// The rows of the services pane, as they are shown.
    pub fn service_rows(&self) -> &[ServiceRow] {
        &self.service_rows
    }

    /// How many rows of the services pane a filter hides.
    pub fn hidden_services(&self) -> usize {
        self.services.hidden
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
            return Some(Clean::literal("caller identity is not known yet"));
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

    pub(in crate::app) fn note(&mut self, tone: Tone, text: Clean) {
        let shown = match tone {
            Tone::Good | Tone::Plain => Some(Duration::from_secs(6)),
            Tone::Bad => None,
        };
        let until = shown.map(|shown| self.stamp.elapsed.saturating_add(shown));
        self.notice = Some(Notice { tone, text, until });
    }
}
