//! `query`: a query of CloudWatch Logs Insights, from its price to its rows.
//!
//! The invariant: when the command ends, however it ends, no query of its goes on in CloudWatch; where that could not be
//! made sure of, it says so.

use ecsdeck_core::app::{
    Insights, LogTarget, Model, Msg, Pane, QueryStage, QueryWish, Slot, TypedQuery,
};
use ecsdeck_core::domain::{InsightsQuery, QueryResults};
use ecsdeck_core::logs::insights::{documents, marked, shown_columns};
use ecsdeck_core::text::{Clean, parse_moment, parse_moment_after};

use super::ask::{Asked, is_needed};
use super::log_names::Choice;
use super::outage::Outage;
use super::yes::{answer_to, is_yes};
use super::{Failed, print, say};
use crate::exit::Exit;
use crate::settings::{Options, UsageError};

/// What to ask.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Ask {
    /// A query in the language of Logs Insights, or the name of one of the deck's
    #[arg(value_name = "QUERY")]
    query: String,
    /// Whose logs are searched: a service or task family, with or without its cluster; a task; a log of the deck; a log
    /// group. The whole log groups are searched that it writes to
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Search this log group, or log of the deck; may be given several times
    #[arg(long = "log", value_name = "GROUP")]
    logs: Vec<String>,
    /// Lines from when on: 30s, 10m, 2h, 1d (ago), 14:05, yesterday, 2026-11-30T14:05, RFC 3339
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = super::moment)]
    since: String,
    /// Up to when, in the same forms
    #[arg(long, value_name = "TIME", value_parser = super::moment)]
    until: Option<String>,
    /// Rows at most, where the query has no limit of its own; CloudWatch gives 10,000
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(InsightsQuery::ROWS)))]
    limit: Option<u32>,
    /// Do not ask before a query that costs more than 0.05 USD
    #[arg(long)]
    yes: bool,
    /// One JSON object a row
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(options: &Options, ask: Ask) -> Result<Exit, Failed> {
    let mut asked = Asked::begin(options, &[Pane::Services, Pane::Tasks]).await?;
    let ended = answer(&mut asked, &ask).await;
    if ended.is_ok() {
        asked.finish()?;
        return ended;
    }
    let is_running = stage(asked.model()).is_some_and(|stage| *stage == QueryStage::Running);
    asked.session.take(Msg::QueryLeft);
    if !asked.finish_soon() && is_running {
        say(MAY_GO_ON);
    }
    ended
}

async fn answer(asked: &mut Asked, ask: &Ask) -> Result<Exit, Failed> {
    let query = asked.model().query_typed(&ask.query)?;
    if query.text.is_empty() {
        return Err(UsageError("the query is empty".to_owned()).into());
    }
    // AWS's clock is known once somebody has answered, and the range is counted back from it.
    asked.until(|model| model.identity.is_some()).await?;
    let mut choices = choices(asked, ask, &query).await?;
    loop {
        let all: Vec<LogTarget> = choices.iter().map(Choice::target).collect();
        let target = LogTarget::of(all).or_else(|| query.log.clone());
        let Some(target) = target else {
            return Err(UsageError(
                "nobody says which logs are searched. Hint: name a service, or a log group with --log"
                    .to_owned(),
            )
            .into());
        };
        let wish = wish(asked.model(), ask, &query, target)?;
        asked.session.take(Msg::QueryAsked(wish));
        match carried_out(asked, ask).await? {
            Ended::Told(exit) => return Ok(exit),
            // A group may be there with its slash, or without.
            Ended::NoGroup(group) => {
                let choice = choices.iter_mut().find(|choice| choice.is(Some(&group)));
                let Some(choice) = choice else {
                    return Err(Failed::NoSuch(format!("no log group named {group}")));
                };
                if !choice.try_next() {
                    let typed = Clean::new(choice.typed());
                    return Err(Failed::NoSuch(format!("no log group named {typed}")));
                }
            }
        }
    }
}

/// What the names mean whose logs are searched.
async fn choices(asked: &mut Asked, ask: &Ask, query: &TypedQuery) -> Result<Vec<Choice>, Failed> {
    let mut choices = Vec::new();
    let mut targets = ask.targets.clone();
    if targets.is_empty() && ask.logs.is_empty() && query.log.is_none() {
        targets.extend(
            asked
                .model()
                .setup
                .service
                .as_ref()
                .map(ToString::to_string),
        );
    }
    for typed in &targets {
        let mut outage = Outage::default();
        choices.push(Choice::find(asked, false, &mut outage, typed).await?);
    }
    for typed in &ask.logs {
        choices.push(Choice::of_group(asked.model(), typed)?);
    }
    Ok(choices)
}

fn wish(
    model: &Model,
    ask: &Ask,
    query: &TypedQuery,
    target: LogTarget,
) -> Result<QueryWish, Failed> {
    let (now, zone) = (model.now(), &model.setup.zone);
    // What was written is known to be a moment since the arguments were read.
    let since = parse_moment(&ask.since, now, zone).unwrap_or(now);
    let until = ask.until.as_ref();
    let until = until.and_then(|text| parse_moment_after(text, since, now, zone));
    let until = until.unwrap_or(now);
    if since >= until {
        let since = Clean::new(&ask.since);
        let end = if ask.until.is_some() {
            "--until"
        } else {
            "now"
        };
        return Err(Failed::NoSuch(format!(
            "--since {since} is not before {end}"
        )));
    }
    Ok(QueryWish {
        name: query.name.clone(),
        text: query.text.clone(),
        target,
        since,
        until,
        limit: ask.limit,
    })
}

/// How a query ended that was asked.
enum Ended {
    /// With rows, or with nobody who wanted to pay for it.
    Told(Exit),
    /// There is no such log group.
    NoGroup(Clean),
}

/// Waits for the end of the query, and asks in between where it is dear.
async fn carried_out(asked: &mut Asked, ask: &Ask) -> Result<Ended, Failed> {
    let mut told = false;
    loop {
        let Some(insights) = &asked.model().insights else {
            return Err(Failed::Worker("the query is gone".to_owned()));
        };
        match &insights.stage {
            QueryStage::Locating(why) => unlocated(asked.model(), why)?,
            QueryStage::Sizing => unsized_yet(asked.model())?,
            QueryStage::Asking => {
                let words = insights.expected.map(|expected| expected.words());
                let words = format!("{}: {}", searched(insights), words.unwrap_or_default());
                say(&words);
                told = true;
                if !ask.yes && !is_yes(&answer_to("search them? [y/N]", HINT).await?) {
                    say("nothing was searched");
                    return Ok(Ended::Told(Exit::Refused));
                }
                asked.session.take(Msg::QueryAgreed);
                continue;
            }
            QueryStage::Running if !told => {
                say(&searched(insights));
                told = true;
            }
            QueryStage::Running => {}
            QueryStage::Over => return Ok(Ended::Told(show(insights, ask.json))),
            QueryStage::NoGroup(group) => return Ok(Ended::NoGroup(group.clone())),
            QueryStage::Wrong(problem) => {
                let lines = marked(&insights.wish.text, problem);
                let lines: Vec<&str> = lines.iter().map(Clean::as_str).collect();
                return Err(UsageError(format!(
                    "CloudWatch does not understand the query: {}",
                    lines.join("\n")
                ))
                .into());
            }
            QueryStage::Failed(error) => {
                if error.operation == "logs:StartQuery" && error.may_have_been_applied() {
                    say(MAY_GO_ON);
                }
                return Err(Failed::Cloud(Box::new(error.clone())));
            }
            QueryStage::Impossible(why) => return Err(Failed::NoSuch(why.to_string())),
        }
        asked.step().await?;
    }
}

/// What is said where nobody knows whether a query runs.
const MAY_GO_ON: &str = "CloudWatch could not be told to stop the query: it may go on to its end";
const HINT: &str = "pass --yes to search them, or give a shorter range with --since";

/// Ends the command where it will not become known which groups are meant.
fn unlocated(model: &Model, why: &Clean) -> Result<(), Failed> {
    if let Some(error) = model.readings.error_of(is_needed) {
        return Err(Failed::Cloud(Box::new(error.clone())));
    }
    if !model.is_settled() {
        return Ok(());
    }
    let unread = model.fleet.unreadable.values().next();
    let unread = unread.or_else(|| {
        model
            .readings
            .error_of(|slot| matches!(slot, Slot::Definitions))
    });
    Err(match unread {
        Some(error) => Failed::Cloud(Box::new(error.clone())),
        None => Failed::NoSuch(why.to_string()),
    })
}

/// Ends the command where the credentials stopped working: then nothing is read any more.
fn unsized_yet(model: &Model) -> Result<(), Failed> {
    match model.readings.credentials_error() {
        Some(error) => Err(Failed::Cloud(Box::new(error.clone()))),
        None => Ok(()),
    }
}

fn stage(model: &Model) -> Option<&QueryStage> {
    model.insights.as_ref().map(|insights| &insights.stage)
}

/// What is searched: `searching /ecs/web from 2026-11-30T11:00:00Z to 2026-11-30T12:00:00Z`.
fn searched(insights: &Insights) -> String {
    let groups = insights.searched();
    let at = |time: ecsdeck_core::domain::Time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let (since, until) = (at(insights.wish.since), at(insights.wish.until));
    format!("searching {groups} from {since} to {until}")
}

/// Prints the rows, and says what they cost.
fn show(insights: &Insights, as_json: bool) -> Exit {
    let results = &insights.results;
    if as_json {
        for row in documents(results) {
            if !print::line(&row.to_string()) {
                break;
            }
        }
    } else if !results.rows.is_empty() {
        print::out(&table(results));
    }
    say(&insights.told());
    match insights.broken_off() {
        None => Exit::Done,
        Some(why) => {
            say(&format!("this is not all: {why}"));
            Exit::NoCloud
        }
    }
}

fn table(results: &QueryResults) -> String {
    let columns = shown_columns(results);
    let head: Vec<&str> = columns.iter().map(|(_, name)| name.as_str()).collect();
    let cell = |row: &Vec<Option<Clean>>, at: usize| -> String {
        let cell = row.get(at).and_then(Option::as_ref);
        // A message of several lines stands in one.
        cell.map(|cell| Clean::new(cell).to_string())
            .unwrap_or_default()
    };
    let rows: Vec<Vec<String>> = results
        .rows
        .iter()
        .map(|row| columns.iter().map(|(at, _)| cell(row, *at)).collect())
        .collect();
    print::table_within(&head, &rows, WIDEST)
}

/// Columns are aligned up to this width: one long message must not push all others aside.
const WIDEST: usize = 60;
