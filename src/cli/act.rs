//! What every command that changes something has in common: the wish handed over, the proposal shown, the outcome told.

use std::time::Duration;

use ecsdeck_core::act::{ActError, Intent, Made, Outcome};
use ecsdeck_core::app::{CANDIDATE_COLUMNS, Candidate, Declined, Model, Msg, Proposal, Wish};
use ecsdeck_core::domain::Arn;
use ecsdeck_core::text::{Clean, Values};
use serde_json::{Value, json};

use super::ask::Asked;
use super::yes::{answer_to, is_yes};
use super::{Failed, print, say};
use crate::exit::Exit;
use crate::settings::UsageError;

/// How a command that changes something is carried out.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Act {
    /// Print what would be done and send nothing; the requests with --json
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Confirm with the target's name: a big change in a protected deck, or an undo of what somebody else may have done
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Wait until it is known whether it helped, or until the tasks that it started have stopped; exit code 1 if not
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) wait: bool,
    /// End the wait after so long, with exit code 4: 30s, 10m, 2h
    #[arg(long, value_name = "TIME", requires = "wait", value_parser = super::length)]
    pub(super) timeout: Option<Duration>,
}

/// How a command that changes something ended.
pub(super) struct Ended {
    pub(super) exit: Exit,
    /// What it made, where it was done.
    pub(super) made: Option<Made>,
    /// A signal told the command to end meanwhile.
    pub(super) signal: Option<Exit>,
    /// The service that it was about, where it was about one.
    pub(super) service: Option<Arn>,
}

impl Ended {
    fn with(exit: Exit) -> Self {
        Self {
            exit,
            made: None,
            signal: None,
            service: None,
        }
    }
}

/// Hands the wish over, shows the proposal, asks, and says how it ended.
pub(super) async fn carry_out(asked: &mut Asked, wish: Wish, act: &Act) -> Result<Ended, Failed> {
    let (wish, dry_run) = (Box::new(wish), act.dry_run);
    asked.session.take(Msg::Wished { wish, dry_run });
    while asked.model().proposal.is_none() {
        // Without credentials nothing is read for it.
        if let Some(error) = asked.model().readings.credentials_error() {
            return Err(Failed::Cloud(Box::new(error.clone())));
        }
        asked.step().await?;
    }
    offer_revisions(asked.model(), act);
    let proposal = match proposed(asked.model())? {
        Ok(proposal) => proposal,
        Err(already) => {
            say(&already);
            say("nothing to do");
            return Ok(Ended::with(Exit::Done));
        }
    };
    let (mut checks, unchecked) = checks(asked, &proposal, dry_run).await?;
    let partial = !unchecked.is_empty();
    checks.extend(unchecked);
    if dry_run {
        if act.json {
            let values = asked.model().setup.values;
            print::json(&document(&proposal, &checks, partial, values));
        } else {
            told(&proposal, &checks).iter().for_each(|line| {
                print::line(line);
            });
            say("nothing was sent: this is a dry run");
        }
        return Ok(Ended::with(Exit::Done));
    }
    if act.yes {
        // Nobody reads a question: what will fail is said all the same.
        checks.iter().for_each(|line| say(line));
    }
    if !is_wanted(&proposal, &checks, act).await? {
        say("nothing was changed");
        return Ok(Ended::with(Exit::Refused));
    }
    asked.session.take(Msg::Decided);
    // Something may stand against it by now.
    if asked.model().proposal.is_some() {
        proposed(asked.model())?.ok();
    }
    let id = &proposal.intent.id;
    // The outcome is taken off the model, where the console shows it too.
    let (outcome, made, signal) = asked.until_ended(id).await?;
    report(&proposal.intent, &outcome, &made, act.json);
    let exit = Exit::of_outcome_and(&outcome, signal);
    if exit == Exit::OutcomeUnknown {
        say(&format!("it is in the journal as write {}", id.short()));
    }
    Ok(Ended {
        exit,
        made: (outcome == Outcome::Done).then_some(made),
        signal,
        service: proposal.intent.target.subject.service().cloned(),
    })
}

/// How long the checks of a revision may hold a write up.
const CHECKING: Duration = Duration::from_secs(2);

/// What will fail of the revision that is about to run, and what could not be checked in time.
async fn checks(
    asked: &mut Asked,
    proposal: &Proposal,
    dry_run: bool,
) -> Result<(Vec<Clean>, Vec<Clean>), Failed> {
    let Some(check) = &proposal.check else {
        return Ok(Default::default());
    };
    asked.session.take(Msg::CheckAsked(check.clone()));
    let over = |model: &Model| model.is_checked();
    // A dry run holds nothing up: it waits for what there is to say.
    let patience = if dry_run { Duration::MAX } else { CHECKING };
    match tokio::time::timeout(patience, asked.until(over)).await {
        // What has not answered is said to be so.
        Err(_) | Ok(Ok(()) | Err(Failed::Cloud(_))) => {}
        Ok(Err(failed)) => return Err(failed),
    }
    let lines = asked.model().check_words();
    asked.session.take(Msg::CheckLeft);
    Ok(lines)
}

/// Prints the revisions that a rollback could go to, where only a person can say which is meant.
fn offer_revisions(model: &Model, act: &Act) {
    let Some(Err(Declined::WhichRevision { known, .. })) = &model.proposal else {
        return;
    };
    if act.json {
        print::json(&json!({ "revisions": known }));
        return;
    }
    let row = |one: &Candidate| one.cells(model.now()).map(|cell| cell.to_string()).to_vec();
    let rows: Vec<Vec<String>> = known.iter().map(row).collect();
    if !rows.is_empty() {
        print::out(&print::table(&CANDIDATE_COLUMNS, &rows));
    }
}

/// What the wish has led to; or that it is so already.
fn proposed(model: &Model) -> Result<Result<Box<Proposal>, Clean>, Failed> {
    match model.proposal.clone() {
        Some(Ok(proposal)) => Ok(Ok(proposal)),
        Some(Err(Declined::Act(ActError::Already(why)))) => Ok(Err(why)),
        Some(Err(why)) => Err(why.into()),
        None => Err(Failed::Worker("nothing was proposed".to_owned())),
    }
}

impl From<Declined> for Failed {
    fn from(why: Declined) -> Self {
        match why {
            Declined::Act(ActError::Bad(why)) => UsageError(why.to_string()).into(),
            Declined::WhichRevision { why, .. } => {
                UsageError(format!("{why}. Hint: name a revision with --to")).into()
            }
            Declined::Unread { error, .. } => Self::Cloud(Box::new(error)),
            Declined::TooLate(_) => Self::Worker(why.to_string()),
            Declined::Named(error) => error.into(),
            Declined::Unknown { .. } | Declined::NotThere(_) => Self::NoSuch(why.to_string()),
            Declined::Act(_) => Self::Refused(why.to_string()),
        }
    }
}

/// The proposal for a script.
fn document(proposal: &Proposal, checks: &[Clean], partial: bool, values: Values) -> Value {
    let intent = proposal.intent.shown(values);
    let mut document = json!({
        "target": intent.target,
        "changes": intent.changes,
        "notes": proposal.notes,
        "checks": checks,
        "partial": partial,
    });
    let mut steps = intent.steps.iter().map(|step| {
        json!({
            "operation": step.request.operation(),
            "request": step.request.body(),
            "aws": step.request.aws_command(&intent.target.region),
        })
    });
    if let (Some(members), Some(Value::Object(first))) = (document.as_object_mut(), steps.next()) {
        members.extend(first);
        // Most send one request; what the others send comes after it.
        let then: Vec<_> = steps.collect();
        if !then.is_empty() {
            members.insert("then".to_owned(), Value::Array(then));
        }
    }
    document
}

/// Whether the person wants it: said with flags, or asked for on a terminal.
async fn is_wanted(proposal: &Proposal, checks: &[Clean], act: &Act) -> Result<bool, Failed> {
    let name = &proposal.name;
    if act.yes {
        return match name {
            Some(name) if act.confirm.as_deref() != Some(name.as_str()) => {
                let why = if proposal.intent.doubtful {
                    "nobody knows who set what is taken back"
                } else {
                    "this is a big change in a protected deck"
                };
                Err(Failed::Refused(format!(
                    "{why}. Hint: add --confirm {name}"
                )))
            }
            _ => Ok(true),
        };
    }
    told(proposal, checks).iter().for_each(|line| say(line));
    let question = match name {
        Some(name) => format!("type {name} to do it:"),
        None => "do it? [y/N]".to_owned(),
    };
    let answer = answer_to(&question, "pass --yes to do it, or --dry-run to see it").await?;
    Ok(match name {
        Some(name) => answer == name.as_str(),
        None => is_yes(&answer),
    })
}

/// The proposal for people: who changes what where, what should be known of it, and the same as commands.
fn told(proposal: &Proposal, checks: &[Clean]) -> Vec<String> {
    let intent = &proposal.intent;
    let target = &intent.target;
    let mut told = vec![
        format!(
            "account {}  region {}  role {}",
            target.account, target.region, target.role
        ),
        change(intent, "->"),
    ];
    let lines = proposal
        .notes
        .iter()
        .chain(checks)
        .chain(&proposal.commands);
    told.extend(lines.map(Clean::to_string));
    told
}

/// What changes, in a line: `scale web: desired count 2 -> 4`.
fn change(intent: &Intent, arrow: &str) -> String {
    let name = intent.target.subject.name();
    let head = format!("{} {}", intent.verb, name.ascii());
    match intent.change_words(arrow) {
        words if words.is_empty() => head,
        words => format!("{head}: {words}"),
    }
}

fn report(intent: &Intent, outcome: &Outcome, made: &Made, as_json: bool) {
    if as_json {
        let document = json!({
            "id": intent.id,
            "verb": intent.verb,
            "target": intent.target,
            "changes": intent.changes,
            "made": made,
            "outcome": outcome.word(),
            "detail": outcome.detail(),
            "request_id": outcome.request_id(),
        });
        print::json(&document);
        return;
    }
    let id = outcome
        .request_id()
        .map(|id| format!(" (request {id})"))
        .unwrap_or_default();
    let detail = outcome
        .detail()
        .map(|detail| format!(" \u{2014} {detail}{id}"))
        .unwrap_or_default();
    print::line(&format!(
        "{}: {}{detail}",
        change(intent, "->"),
        outcome.words()
    ));
    if let Some(revision) = &made.revision {
        print::line(&format!("revision {}", revision.name()));
    }
    for task in &made.tasks {
        print::line(&format!("task {}", task.name()));
    }
}
