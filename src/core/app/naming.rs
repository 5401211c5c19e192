//! What a name means among what is known here: the one reader of names, for commands and prompts alike.
//!
//! Nothing else in the program compares what was typed with the name of a service, task, log group or template.

use super::model::Model;
use super::model::log_target::LogTarget;
use super::model::notice::Tone;
use super::model::row_key::RowKey;
use super::panes::services::missing::missing;
use crate::deck::Run;
use crate::domain::{Arn, LogDestination, Queue, Service, Task};
use crate::names::{
    Kind, Lookup, Name, NameError, RevisionName, Takes, Thing, find, fitting, revision,
};
use crate::text::Clean;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Is {
    Row(RowKey),
    Task(Arn),
    Log(Clean),
    Template(Clean),
    Cluster(Arn),
}

/// From what a task is run, named as `like:NAME`.
#[derive(Clone, Debug, PartialEq)]
pub enum Like<'a> {
    /// As a service runs its tasks.
    Service(&'a Service),
    /// As an earlier task was run.
    Task(&'a Task),
}

const SERVICE: Takes = Takes {
    tiers: &[&[Kind::Service]],
    by_definition: false,
};
const TASK: Takes = Takes {
    tiers: &[&[Kind::Task]],
    by_definition: false,
};
const TEMPLATE: Takes = Takes {
    tiers: &[&[Kind::Template]],
    by_definition: false,
};
const QUEUE: Takes = Takes {
    tiers: &[&[Kind::Queue]],
    by_definition: false,
};
/// What has a verdict. A task stands for what it belongs to.
const ROW: Takes = Takes {
    tiers: &[&[Kind::Service], &[Kind::Family], &[Kind::Task]],
    by_definition: true,
};
const LIST: Takes = Takes {
    tiers: &[&[Kind::Service, Kind::Family]],
    by_definition: true,
};
/// What has a log: all of these are as likely as each other.
const LOG: Takes = Takes {
    tiers: &[&[
        Kind::Service,
        Kind::Family,
        Kind::Template,
        Kind::Log,
        Kind::Task,
    ]],
    by_definition: true,
};
const LIKE: Takes = Takes {
    tiers: &[&[Kind::Service], &[Kind::Task], &[Kind::Family]],
    by_definition: true,
};

impl Model {
    /// The one service of a name.
    ///
    /// # Errors
    /// Where nothing has the name, or several have it, or it names something else.
    pub fn service_named(&self, typed: &str) -> Result<&Service, NameError> {
        match self.named(typed, SERVICE)? {
            Is::Row(RowKey::Service(arn)) => self.fleet.services.get(&arn),
            Is::Row(_) | Is::Task(_) | Is::Log(_) | Is::Template(_) | Is::Cluster(_) => None,
        }
        .ok_or_else(|| gone(typed))
    }

    /// The one task of an id, of its beginning, or of a resource name, among those that AWS shows.
    ///
    /// # Errors
    /// Where nothing has the name, or several have it, or it names something else.
    pub fn task_named(&self, typed: &str) -> Result<&Task, NameError> {
        match self.named(typed, TASK)? {
            Is::Task(arn) => self.fleet.tasks.get(&arn),
            Is::Row(_) | Is::Log(_) | Is::Template(_) | Is::Cluster(_) => None,
        }
        .ok_or_else(|| gone(typed))
    }

    /// The one service or family of a name: of its own, of one of its tasks or of its task definition.
    ///
    /// # Errors
    /// Where nothing has the name, or several have it, or it names something else.
    pub fn row_named(&self, typed: &str) -> Result<RowKey, NameError> {
        let found = self.named(typed, ROW)?;
        let row = match found {
            Is::Row(key @ (RowKey::Service(_) | RowKey::Family(..))) => Some(key),
            Is::Task(arn) => self.fleet.task(&arn).and_then(|task| self.row_of(task)),
            Is::Row(_) | Is::Log(_) | Is::Template(_) | Is::Cluster(_) => None,
        };
        row.ok_or_else(|| gone(typed))
    }

    /// All services and families that a name fits: for lists, which show all of them.
    ///
    /// # Errors
    /// Where nothing has the name.
    pub fn rows_named(&self, typed: &str) -> Result<Vec<RowKey>, NameError> {
        let name = Name::new(typed);
        let things = self.things();
        let lookup = self.lookup(&name, LIST);
        let rows: Vec<RowKey> = fitting(lookup, &things)
            .filter_map(|thing| match &thing.is {
                Is::Row(key) => Some(key.clone()),
                Is::Task(_) | Is::Log(_) | Is::Template(_) | Is::Cluster(_) => None,
            })
            .collect();
        if rows.is_empty() {
            // Its error, or the one row of a task.
            return self.row_named(typed).map(|key| vec![key]);
        }
        Ok(rows)
    }

    /// The one log of a name: of a service, family, template or task, of a log group, or one that the deck names.
    ///
    /// # Errors
    /// Where nothing has the name, or several have it, or it names something else.
    pub fn log_named(&self, typed: &str) -> Result<LogTarget, NameError> {
        Ok(match self.named(typed, LOG)? {
            Is::Row(key) => LogTarget::Row(key),
            Is::Task(arn) => LogTarget::Task(arn),
            Is::Log(name) => LogTarget::Group(name),
            Is::Cluster(_) => return Err(gone(typed)),
            Is::Template(name) => {
                return Err(NameError::Absent {
                    typed: name,
                    why: Clean::literal("no task of this run template has run in the last hour"),
                });
            }
        })
    }

    /// What a name says that may be a log nobody knows of: any group of the account, with or without its slash.
    ///
    /// # Errors
    /// Where several logs have the name, or it can be no group's.
    pub(super) fn log_typed(&self, typed: &str) -> Result<LogTarget, NameError> {
        let error = match self.log_named(typed) {
            Err(error @ NameError::Unknown { .. }) => error,
            known => return known,
        };
        let possible = Name::new(typed).possible_groups();
        let known = |group: &&Clean| self.sources.groups.contains(group);
        let named = possible.iter().find(known);
        // Only a group's name begins with a slash.
        let slashed = || possible.iter().find(|_| Name::new(typed).is_log());
        let group = named.or_else(slashed).cloned();
        group.map(LogTarget::Group).ok_or(error)
    }

    /// The logs of several names, shown together; what fits one name as a whole is that.
    ///
    /// # Errors
    /// Of the first name that is none.
    pub(super) fn logs_typed(&self, typed: &str) -> Result<LogTarget, NameError> {
        let words: Vec<&str> = typed.split_whitespace().collect();
        match self.log_typed(typed) {
            Err(_) if words.len() > 1 => {
                let all: Result<Vec<_>, _> =
                    words.into_iter().map(|word| self.log_typed(word)).collect();
                LogTarget::of(all?).ok_or_else(|| gone(typed))
            }
            one => one,
        }
    }

    /// The one run template of a name.
    ///
    /// # Errors
    /// Where the deck has none of that name, or it names something else.
    pub fn template_named(&self, typed: &str) -> Result<&Run, NameError> {
        let runs = || self.setup.deck.iter().flat_map(|deck| &deck.runs);
        let things: Vec<Thing<Clean>> = runs()
            .map(|run| plain(Kind::Template, &run.name, None, Clean::new(&run.name)))
            .collect();
        let found = find(self.lookup(&Name::new(typed), TEMPLATE), &things)?;
        runs()
            .find(|run| run.name == found.as_str())
            .ok_or_else(|| gone(typed))
    }

    /// What `like:NAME` names: a service, a task, or the newest task of a family.
    ///
    /// # Errors
    /// Where nothing has the name, or several have it, or it names something else.
    pub fn like_named(&self, typed: &str) -> Result<Like<'_>, NameError> {
        let like = match self.named(typed, LIKE)? {
            Is::Row(RowKey::Service(arn)) => self.fleet.services.get(&arn).map(Like::Service),
            Is::Row(key) => {
                let tasks = self.fleet.tasks_of(&key);
                tasks
                    .into_iter()
                    .max_by_key(|task| task.created)
                    .map(Like::Task)
            }
            Is::Task(arn) => self.fleet.tasks.get(&arn).map(Like::Task),
            Is::Log(_) | Is::Template(_) | Is::Cluster(_) => None,
        };
        like.ok_or_else(|| gone(typed))
    }

    /// The resource name of the one queue of a name, resource name or URL: one that is shown, or the dead-letter queue
    /// of one.
    ///
    /// # Errors
    /// Where nothing has the name.
    pub fn queue_named(&self, typed: &str) -> Result<Arn, NameError> {
        let thing = |arn: &Arn| plain(Kind::Queue, arn.name(), Some(arn.clone()), arn.clone());
        let queues = &self.queues.queues;
        let dead = |queue: &Queue| queue.dead_letter.as_ref().map(|dead| thing(&dead.arn));
        let things: Vec<Thing<Arn>> = queues
            .iter()
            .map(|queue| thing(&queue.arn))
            .chain(queues.iter().filter_map(dead))
            .collect();
        find(self.lookup(&Name::new(typed), QUEUE), &things)
    }

    /// The revision of a task definition that somebody names.
    ///
    /// # Errors
    /// When it is none, names something else, or is the resource name of another account or region.
    pub fn revision_named(&self, typed: &str) -> Result<RevisionName, NameError> {
        let account = self.identity.as_ref().map(|who| who.account.as_str());
        revision(typed, &self.setup.region, account)
    }

    /// The number of the revision that somebody names of this family. None: its newest.
    ///
    /// # Errors
    /// The same, and when it is of another family.
    pub fn revision_of(&self, family: &Clean, typed: &str) -> Result<Option<u32>, NameError> {
        let name = self.revision_named(typed)?;
        match name.family {
            Some(other) if other != *family => Err(NameError::Absent {
                typed: Clean::new(typed),
                why: Clean::own(format!("it is of family {other}, not of {family}")),
            }),
            _ => Ok(name.number),
        }
    }

    fn named(&self, typed: &str, takes: Takes) -> Result<Is, NameError> {
        let name = Name::new(typed);
        let found = find(self.lookup(&name, takes), &self.things())?;
        if let Is::Row(key @ (RowKey::MissingService(_) | RowKey::MissingCluster(_))) = &found {
            let absent = missing(&self.fleet, &self.setup);
            let row = absent.into_iter().find(|row| row.key == *key);
            return Err(NameError::Absent {
                typed: name.typed().clone(),
                why: row.map(|row| row.summary).unwrap_or_default(),
            });
        }
        Ok(found)
    }

    fn lookup<'a>(&'a self, name: &'a Name, takes: Takes) -> Lookup<'a> {
        Lookup {
            name,
            takes,
            region: &self.setup.region,
            account: self.identity.as_ref().map(|who| who.account.as_str()),
        }
    }

    /// The row of a task: that of its service as it is listed, else that of its family.
    fn row_of(&self, task: &Task) -> Option<RowKey> {
        let services = self.fleet.services.keys().cloned().map(RowKey::Service);
        let mut rows = services.chain(self.fleet.families().cloned());
        rows.find(|key| self.fleet.is_of(key, task))
    }

    /// The row of the tasks that a template starts.
    fn family_of_template(&self, name: &Clean) -> Option<RowKey> {
        let mut runs = self.setup.deck.iter().flat_map(|deck| &deck.runs);
        let run = runs.find(|run| run.name == name.as_str())?;
        let family = Arn::new(&run.task_definition);
        let mut rows = self.fleet.families();
        rows.find(|key| match key {
            RowKey::Family(cluster, own) => {
                own.as_str() == family.family()
                    && run
                        .cluster
                        .as_ref()
                        .is_none_or(|name| cluster.name() == name)
            }
            RowKey::Service(_) | RowKey::MissingService(_) | RowKey::MissingCluster(_) => false,
        })
        .cloned()
    }

    /// Everything that has a name.
    fn things(&self) -> Vec<Thing<Is>> {
        let mut things = Vec::new();
        self.add_rows(&mut things);
        self.add_tasks(&mut things);
        self.add_logs(&mut things);
        let runs = self.setup.deck.iter().flat_map(|deck| &deck.runs);
        things.extend(runs.map(|run| {
            let name = Clean::new(&run.name);
            // Its tasks are those of its family, however many ways there are to name them.
            let is = self
                .family_of_template(&name)
                .map_or_else(|| Is::Template(name.clone()), Is::Row);
            plain(Kind::Template, &run.name, None, is)
        }));
        things.extend(self.fleet.clusters.values().map(|cluster| {
            let arn = cluster.arn.clone();
            let is = Is::Cluster(arn.clone());
            plain(Kind::Cluster, &cluster.name, Some(arn), is)
        }));
        things
    }

    fn add_rows(&self, things: &mut Vec<Thing<Is>>) {
        things.extend(self.fleet.services.values().map(|service| Thing {
            kind: Kind::Service,
            cluster: Clean::new(service.cluster.name()),
            name: service.name.clone(),
            arn: Some(service.arn.clone()),
            runs: Some(service.task_definition.clone()),
            is: Is::Row(RowKey::Service(service.arn.clone())),
        }));
        things.extend(self.fleet.families().filter_map(|key| match key {
            RowKey::Family(cluster, family) => Some(Thing {
                kind: Kind::Family,
                cluster: Clean::new(cluster.name()),
                name: family.clone(),
                arn: None,
                runs: Some(Arn::new(family)),
                is: Is::Row(key.clone()),
            }),
            RowKey::Service(_) | RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
        }));
        let absent = missing(&self.fleet, &self.setup).into_iter();
        things.extend(absent.map(|row| Thing {
            kind: match row.key {
                RowKey::MissingCluster(_) => Kind::Cluster,
                RowKey::MissingService(_) | RowKey::Service(_) | RowKey::Family(..) => {
                    Kind::Service
                }
            },
            cluster: row.cluster,
            name: row.name,
            arn: None,
            runs: None,
            is: Is::Row(row.key),
        }));
    }

    fn add_tasks(&self, things: &mut Vec<Thing<Is>>) {
        let thing = |task: &Task| Thing {
            cluster: Clean::new(task.cluster.name()),
            ..plain(
                Kind::Task,
                task.id(),
                Some(task.arn.clone()),
                Is::Task(task.arn.clone()),
            )
        };
        things.extend(self.fleet.tasks.values().map(thing));
        // Those that AWS has forgotten and that are kept here have a log all the same.
        let services = self.fleet.services.keys().cloned().map(RowKey::Service);
        for key in services.chain(self.fleet.families().cloned()) {
            let tasks = self.fleet.all_tasks_of(&key).into_iter();
            let kept = tasks.filter(|task| !self.fleet.tasks.contains_key(&task.arn));
            things.extend(kept.map(thing));
        }
    }

    fn add_logs(&self, things: &mut Vec<Thing<Is>>) {
        let log = |name: &str, is: Clean| plain(Kind::Log, name, None, Is::Log(is));
        for own in self.setup.deck.iter().flat_map(|deck| &deck.logs) {
            let name = Clean::new(&own.name);
            things.push(log(&own.name, name.clone()));
            things.push(log(&own.group, name));
        }
        let definitions = self.fleet.definitions.values();
        let containers = definitions.flat_map(|definition| &definition.containers);
        for destination in containers.filter_map(|container| container.log.as_ref()) {
            let LogDestination::CloudWatch { group, .. } = destination else {
                continue;
            };
            if !things
                .iter()
                .any(|thing| thing.kind == Kind::Log && thing.name == *group)
            {
                things.push(log(group, group.clone()));
            }
        }
    }
}

/// Stands on the service that a flag names, once it is listed; from then on the cursor goes where the person goes.
pub(super) fn stand(model: &mut Model) {
    let Some(name) = model.setup.service.clone() else {
        return;
    };
    // What is still being listed may have the name too.
    let is_final = model.is_listed();
    match model.row_named(&name) {
        Ok(key) => {
            if !model.services.cursor.is_moved() {
                model.services.cursor.put(key);
            }
        }
        Err(NameError::Unknown { .. } | NameError::Absent { .. }) if !is_final => return,
        Err(error) => {
            model.note(Tone::Bad, Clean::own(error.to_string()));
            model.setup.service = None;
            return;
        }
    }
    if is_final {
        model.setup.service = None;
    }
}

/// Something that is in no cluster, or whose cluster is not part of its name.
fn plain<T>(kind: Kind, name: &str, arn: Option<Arn>, is: T) -> Thing<T> {
    Thing {
        kind,
        cluster: Clean::default(),
        name: Clean::new(name),
        arn,
        runs: None,
        is,
    }
}

/// What is said where something went between being found and being looked up.
fn gone(typed: &str) -> NameError {
    NameError::Absent {
        typed: Clean::new(typed),
        why: Clean::literal("AWS shows it no more"),
    }
}
