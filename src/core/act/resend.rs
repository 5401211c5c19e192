//! Sending a run again of which no answer came, so that nothing is started twice.

use jiff::SignedDuration;

use super::run::mark;
use super::{
    ActError, Decider, Expect, Intent, Record, Request, RunTask, Step, VariableValue, Verb,
};
use crate::domain::Time;
use crate::text::Clean;

/// What stands in the journal for a value that may be secret.
pub const WITHHELD: &str = "<withheld>";

/// A client token is remembered for at least an hour after its tasks have ended, and so are the
/// tasks (source: ECS developer guide, "Ensuring idempotency"; ECS API reference, DescribeTasks).
/// Later, what was started and has ended could be started again.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(55);

/// What the journal does not hold of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// The value of this variable of this container.
    Variable(Clean, String),
    /// The command of this container.
    Command(Clean),
}

/// What was given again of what the journal does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Supplied {
    /// Values of environment variables.
    pub variables: Vec<VariableValue>,
    /// Commands, each with its container. Without one: of every container that has a command.
    pub commands: Vec<(Option<Clean>, Vec<String>)>,
}

impl Supplied {
    fn variable(&self, container: &str, name: &str) -> Option<String> {
        let of = |given: &&VariableValue| is_for(given.container.as_ref(), container);
        let mut given = self.variables.iter().filter(of);
        let given = given.find(|given| given.name == name)?;
        Some(given.value.clone())
    }

    fn command(&self, container: &str) -> Option<Vec<String>> {
        let mut given = self.commands.iter();
        let given = given.find(|(own, _)| is_for(own.as_ref(), container))?;
        Some(given.1.clone())
    }
}

fn is_for(own: Option<&Clean>, container: &str) -> bool {
    own.is_none_or(|own| own == container)
}

fn is_withheld(command: &[String]) -> bool {
    matches!(command, [only] if only == WITHHELD)
}

/// Builds the intent to send a run again of which no answer came: with the same tokens, so that
/// AWS starts no second task for one that was started. `given` is what the journal does not hold;
/// it must be the same as before: with others AWS refuses the token where it has started something, and starts these
/// where it has not.
///
/// # Errors
/// When it is no run; when it is too old or was itself sent again, for then AWS may have forgotten
/// its tokens; and when a value is not given.
pub fn resend(by: Decider<'_>, record: &Record, given: &Supplied) -> Result<Intent, ActError> {
    remembered(by.at, record.at)?;
    if record.is_resend() {
        return Err(ActError::impossible(
            "this request was already sent again; ECS may have forgotten what the first one started; start over",
        ));
    }
    let mut steps = Vec::new();
    let mut missing = Vec::new();
    for step in &record.steps {
        let (Some(goal), Ok(mut request)) = (
            step.goal.clone(),
            serde_json::from_value::<RunTask>(step.request.clone()),
        ) else {
            return Err(ActError::impossible("only a run can be sent again"));
        };
        for container in &mut request.overrides.container_overrides {
            for variable in &mut container.environment {
                if variable.value != WITHHELD {
                    continue;
                }
                match given.variable(&container.name, &variable.name) {
                    Some(value) => variable.value = value,
                    None => missing.push(variable.name.clone()),
                }
            }
            if container.command.as_deref().is_some_and(is_withheld) {
                match given.command(&container.name) {
                    Some(words) => container.command = Some(words),
                    None => missing.push(format!("the command of {}", container.name)),
                }
            }
        }
        steps.push(Step {
            request: Request::RunTask(Box::new(request)),
            goal,
        });
    }
    if !missing.is_empty() {
        missing.sort();
        missing.dedup();
        return Err(ActError::bad(format!(
            "the journal does not keep values. Hint: give {} again",
            Clean::new(&missing.join(", "))
        )));
    }
    let Some(definition) = steps.iter().find_map(|step| match &step.request {
        Request::RunTask(run) => Some(run.task_definition.clone()),
        _ => None,
    }) else {
        return Err(ActError::impossible("only a run can be sent again"));
    };
    let cluster = record.target.cluster.clone();
    let subject = record.target.subject.clone();
    let changes = record.changes.clone();
    let again = Intent {
        changes,
        notes: vec![Clean::literal(
            "sent with the same client token: ECS does not start the same task twice",
        )],
        ..by.intent(
            Verb::Run,
            cluster,
            subject,
            steps,
            vec![Expect::Active(definition)],
        )
    };
    if again.target != record.target {
        return Err(ActError::impossible(
            "this was done with another account, region or role",
        ));
    }
    Ok(again)
}

/// What the journal does not hold of a run, in its order, each once.
pub fn withheld(record: &Record) -> Vec<Withheld> {
    let mut all = Vec::new();
    let runs = record
        .steps
        .iter()
        .filter_map(|step| serde_json::from_value::<RunTask>(step.request.clone()).ok());
    for container in runs.flat_map(|run| run.overrides.container_overrides) {
        let name = container.name;
        let variables = container.environment.into_iter();
        let variables = variables.filter(|variable| variable.value == WITHHELD);
        let variables = variables.map(|variable| Withheld::Variable(name.clone(), variable.name));
        let command = container.command.filter(|command| is_withheld(command));
        let command = command.map(|_| Withheld::Command(name.clone()));
        for one in variables.chain(command) {
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}

impl Record {
    /// Whether it is a run that was sent again: its tasks bear the mark of the first one, and may be older than it.
    pub fn is_resend(&self) -> bool {
        let marks = self
            .steps
            .iter()
            .filter_map(|step| step.request.get("startedBy"));
        let own = mark(self.id.as_str());
        marks
            .filter_map(serde_json::Value::as_str)
            .any(|known| own != *known)
    }
}

impl Intent {
    /// Whether it sends an earlier run again: it has the same tokens.
    pub fn sends_again(&self, earlier: &Record) -> bool {
        let token = |step: &Step| match &step.request {
            Request::RunTask(run) => Some(run.client_token.clone()),
            _ => None,
        };
        let first = earlier.steps.first();
        let first = first.and_then(|step| step.request.get("clientToken")?.as_str());
        first.is_some() && self.steps.first().and_then(token).as_deref() == first
    }
}

fn remembered(now: Time, then: Time) -> Result<(), ActError> {
    if now.duration_since(then) < REMEMBERED {
        return Ok(());
    }
    Err(ActError::impossible(
        "this was more than 55 minutes ago: ECS may have forgotten the client token and start the tasks twice; start over",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::run::tests::wanted;
    use crate::act::sample::{decider, done};
    use crate::act::{IntentId, run};
    use crate::diagnose::sample::ago;

    fn later() -> Decider<'static> {
        Decider {
            id: IntentId::new(8),
            ..decider()
        }
    }

    #[test]
    fn what_is_sent_again_is_the_very_same_but_for_its_place_in_the_journal() {
        let first = run(decider(), &wanted(12)).unwrap();
        let second = resend(later(), &done(&first), &Supplied::default()).unwrap();
        assert_eq!(second.steps, first.steps);
        assert_ne!(second.id, first.id);
        let mut old = done(&first);
        old.at = ago(3_600);
        assert!(resend(later(), &old, &Supplied::default()).is_err());
    }

    #[test]
    fn from_the_journal_the_withheld_values_have_to_be_given_again() {
        let first = run(decider(), &wanted(1)).unwrap();
        let mut record = done(&first);
        record.steps[0].request["overrides"]["containerOverrides"][0]["environment"][0]["value"] =
            WITHHELD.into();
        let why = resend(later(), &record, &Supplied::default()).unwrap_err();
        assert!(why.to_string().contains("TASK_ID"), "{why}");
        let container = Some(Clean::literal("app"));
        let mut given = Supplied {
            variables: vec![VariableValue {
                container: container.clone(),
                name: "TASK_ID".to_owned(),
                value: "7".to_owned(),
            }],
            commands: Vec::new(),
        };
        let second = resend(later(), &record, &given).unwrap();
        assert_eq!(second.steps, first.steps);
        // A command is asked for like a value.
        let words = vec!["python".to_owned(), "x.py".to_owned()];
        let own = |words: &[String]| serde_json::json!(words);
        record.steps[0].request["overrides"]["containerOverrides"][0]["command"] =
            own(&[WITHHELD.to_owned()]);
        let command = Withheld::Command(Clean::literal("app"));
        assert!(withheld(&record).contains(&command));
        let why = resend(later(), &record, &given).unwrap_err();
        assert!(why.to_string().contains("the command of app"), "{why}");
        given.commands.push((container, words.clone()));
        let third = resend(later(), &record, &given).unwrap();
        let sent = third.steps[0].request.body();
        assert_eq!(
            sent["overrides"]["containerOverrides"][0]["command"],
            own(&words)
        );
    }

    #[test]
    fn what_was_sent_again_is_not_sent_a_third_time() {
        let first = run(decider(), &wanted(1)).unwrap();
        assert!(!done(&first).is_resend());
        let second = resend(later(), &done(&first), &Supplied::default()).unwrap();
        let record = done(&second);
        assert!(record.is_resend());
        let why = resend(later(), &record, &Supplied::default()).unwrap_err();
        assert!(why.to_string().contains("start over"), "{why}");
    }
}
