//! Writing a query of Logs Insights: the deck's and earlier ones are offered, and a range may stand before it.
//!
//! The invariant: what stands marked among the offers is what enter asks.

use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::model::insights::QueryWish;
use crate::app::model::log_target::LogTarget;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::prompt::{Prompt, Purpose};
use crate::app::overlays::offers::step;
use crate::app::panes::columns::Column;
use crate::app::reads::querying;
use crate::domain::Time;
use crate::keys::Action;
use crate::text::{Clean, MOMENTS, parse_moment, parse_moment_after};

/// Characters that a query has at most (source: CloudWatch Logs API reference, StartQuery, queryString).
const LONGEST: usize = 10_000;
/// Where the log follows from now on, a query begins so many seconds back.
const NOW: i64 = 15 * 60;

/// A query that can be asked again.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryOffer {
    /// The deck's name of it; empty where it was written before.
    pub name: Clean,
    /// The log that the deck has it for; empty: the one that the pane shows.
    pub log: Clean,
    /// The query, in one line.
    pub text: Clean,
    line: String,
}

/// What is told of a query that can be asked.
pub fn query_columns() -> [Column<QueryOffer>; 3] {
    [
        Column::new("name", "name", |row: &QueryOffer, _| row.name.clone()),
        Column::new("log", "log", |row: &QueryOffer, _| row.log.clone()),
        Column::new("query", "query", |row: &QueryOffer, _| row.text.clone()),
    ]
}

/// The queries that fit what was typed: the deck's first, then what was asked before.
pub fn query_offers(model: &Model, typed: &str) -> Vec<QueryOffer> {
    let typed = split_range(typed).1.to_lowercase();
    let fits = |text: &str| typed.split_whitespace().all(|word| text.contains(word));
    let saved: Vec<_> = model.saved_queries().collect();
    let is_alone = |name: &str| saved.iter().filter(|(_, own)| own.name == name).count() == 1;
    let decks = saved.iter().map(|(log, query)| QueryOffer {
        name: Clean::new(&query.name),
        log: Clean::new(&log.name),
        text: Clean::new(&query.query),
        line: if is_alone(&query.name) {
            query.name.clone()
        } else {
            format!("{}/{}", log.name, query.name)
        },
    });
    let asked = model.queries.asked.iter().map(|line| QueryOffer {
        name: Clean::default(),
        log: Clean::default(),
        text: Clean::new(line),
        line: line.clone(),
    });
    let all = decks.chain(asked);
    all.filter(|offer| fits(&format!("{} {} {}", offer.name, offer.log, offer.text).to_lowercase()))
        .collect()
}

/// The place of the offer that enter asks; none: what was typed is asked.
pub fn query_chosen(model: &Model, typed: &str, offers: &[QueryOffer]) -> Option<usize> {
    let last = offers.len().checked_sub(1)?;
    let (_, query) = split_range(typed);
    match model.queries.chosen {
        Some(at) => Some(at.min(last)),
        None => {
            // A word alone is a name, and no query; names may have several.
            let is_name = |offer: &QueryOffer| {
                let begins = offer.name.to_lowercase().starts_with(&query.to_lowercase());
                begins && !offer.name.is_empty()
            };
            let is_word = !query.contains(char::is_whitespace);
            (is_word || offers.first().is_some_and(is_name)).then_some(0)
        }
    }
}

/// Begins to write one.
pub(in crate::app) fn begin(model: &mut Model, text: &str) {
    model.queries.chosen = None;
    let prompt = Prompt::long(text, LONGEST, false);
    model.overlay = Some(Overlay::Prompt(Purpose::Query, prompt));
}

/// Takes a key that moves among the offers, or completes the line to one.
pub(in crate::app) fn choose(model: &mut Model, prompt: &mut Prompt, action: Action) {
    let offers = query_offers(model, prompt.text());
    let at = query_chosen(model, prompt.text(), &offers);
    let Some(last) = offers.len().checked_sub(1) else {
        let text = "no earlier query fits: what is typed is asked";
        return model.note(Tone::Plain, Clean::literal(text));
    };
    if action == Action::Complete {
        let offer = at.or(Some(0)).and_then(|at| offers.get(at));
        if let Some(offer) = offer {
            // The text of the deck's, to be changed.
            *prompt = Prompt::long(&offer.text, LONGEST, false);
            model.queries.chosen = None;
        }
        return;
    }
    model.queries.chosen = Some(match at {
        Some(at) => step(model, action, at, last),
        None => 0,
    });
}

/// Asks what is chosen, else what was typed.
pub(in crate::app) fn accept(model: &mut Model, prompt: Prompt) -> Vec<Effect> {
    let offers = query_offers(model, prompt.text());
    let chosen = query_chosen(model, prompt.text(), &offers).and_then(|at| offers.get(at));
    let typed = prompt.text().trim();
    let line = match chosen {
        // The line of an earlier one may have a range of its own: what is typed now counts.
        Some(offer) => match split_range(typed).0 {
            "" => offer.line.clone(),
            range => format!("{} {}", range.trim_end(), split_range(&offer.line).1),
        },
        None => typed.to_owned(),
    };
    if let Err(why) = ask(model, &line) {
        model.note(Tone::Bad, why);
        model.overlay = Some(Overlay::Prompt(Purpose::Query, prompt));
    }
    Vec::new()
}

/// Asks a query of the log that the pane shows, or of that which the deck has it for.
pub(in crate::app) fn ask(model: &mut Model, line: &str) -> Result<(), Clean> {
    let wish = wish(model, line)?;
    if wish.name.is_none() {
        model.queries.remember(line.trim());
    }
    querying::begin(model, wish);
    model.overlay = Some(Overlay::Results);
    Ok(())
}

fn wish(model: &Model, line: &str) -> Result<QueryWish, Clean> {
    let (range_typed, query) = split_range(line);
    if query.is_empty() {
        let example =
            "a query is words such as: filter level = \"error\" | stats count(*) by bin(5m)";
        return Err(Clean::literal(example));
    }
    let (since, until) = range(model, range_typed)?;
    let query = model
        .query_typed(query)
        .map_err(|error| Clean::own(error.to_string()))?;
    let target: Option<LogTarget> = query.log.or_else(|| model.logs.target.clone());
    let target = target.ok_or(Clean::literal(
        "nobody says which logs are searched: choose one with o in the log pane",
    ))?;
    Ok(QueryWish {
        name: query.name,
        text: query.text,
        target,
        since,
        until,
        limit: None,
    })
}

/// The words that a range is made of, before a query.
const SINCE: &str = "since=";
const UNTIL: &str = "until=";

/// The range that may stand before a query, and the query.
fn split_range(line: &str) -> (&str, &str) {
    let line = line.trim();
    let mut query = line;
    while query.starts_with(SINCE) || query.starts_with(UNTIL) {
        let behind = query.split_once(char::is_whitespace);
        query = behind.map_or("", |(_, rest)| rest.trim_start());
    }
    let range = line.len().saturating_sub(query.len());
    line.split_at_checked(range).unwrap_or(("", line))
}

/// From when to when: what stands before the query, else what the pane shows.
fn range(model: &Model, typed: &str) -> Result<(Time, Time), Clean> {
    let (now, zone) = (model.now(), &model.setup.zone);
    let said = |word: &str| {
        let words = typed.split_whitespace();
        words.filter_map(|own| own.strip_prefix(word)).next_back()
    };
    let unread = |word: &str, text: &str| {
        let text = Clean::new(text);
        Clean::own(format!("{word}{text} is no time: {MOMENTS}"))
    };
    let seconds = match model.logs.range.seconds {
        0 => NOW,
        seconds => seconds,
    };
    let shown = model.logs.since.unwrap_or_else(|| {
        now.checked_sub(jiff::SignedDuration::from_secs(seconds))
            .unwrap_or(now)
    });
    let since = match said(SINCE) {
        Some(text) => parse_moment(text, now, zone).ok_or_else(|| unread(SINCE, text))?,
        None => shown,
    };
    let until = match said(UNTIL) {
        Some(text) => {
            parse_moment_after(text, since, now, zone).ok_or_else(|| unread(UNTIL, text))?
        }
        None => model.logs.until.unwrap_or(now),
    };
    if since >= until {
        return Err(Clean::literal("the range ends before it begins"));
    }
    Ok((since, until))
}
