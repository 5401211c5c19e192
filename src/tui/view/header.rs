//! The first line: whose account, where, how fresh; and the banner when that is in doubt.
//!
//! The invariant: account and region are there at any width that is drawn at all.

use ecsdeck_core::app::{Model, Pane, PaneState, Slot, age, clock};
use ecsdeck_core::domain::ErrorKind;
use ecsdeck_core::text::{Clean, width};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, Spot};
use super::wrap::wrap;

/// A part of the header.
struct Part {
    text: String,
    style: Style,
    /// What goes first where there is no room; 0 stays always.
    rank: u8,
}

pub(super) fn draw_header(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let mut left = parts(canvas, model);
    let mut right = fresh(canvas, model);
    let room = usize::from(area.width);
    let needs = |parts: &[Part]| {
        parts
            .iter()
            .map(|part| width(&part.text).saturating_add(2))
            .sum::<usize>()
    };
    while needs(&left).saturating_add(needs(&right)) > room.saturating_add(1) {
        let Some(rank) = left
            .iter()
            .chain(&right)
            .map(|part| part.rank)
            .max()
            .filter(|rank| *rank > 0)
        else {
            break;
        };
        left.retain(|part| part.rank != rank);
        right.retain(|part| part.rank != rank);
    }
    let mut spot = Spot::row(area, 0);
    for part in right.iter().rev() {
        spot = canvas.put_right(spot, &part.text, part.style);
        spot = spot.less(2);
    }
    for part in &left {
        canvas.put(&mut spot, &part.text, part.style);
        spot.skip(2);
    }
}

fn parts(canvas: &Canvas<'_>, model: &Model) -> Vec<Part> {
    let theme = canvas.theme;
    let part = |rank: u8, text: String, style: Style| Part { text, style, rank };
    let mut parts = Vec::new();
    match &model.identity {
        Some(identity) => {
            let style = if other_account(model).is_some() {
                theme.alert
            } else {
                theme.heading
            };
            parts.push(part(0, identity.account.to_string(), style));
        }
        None => parts.push(part(0, "account ?".to_owned(), theme.warn)),
    }
    parts.push(part(0, model.setup.region.to_string(), theme.heading));
    if model.setup.demo {
        parts.push(part(0, "DEMO".to_owned(), theme.caution));
    }
    if model.setup.read_only {
        parts.push(part(1, "READ-ONLY".to_owned(), theme.caution));
    }
    if let Some(identity) = &model.identity {
        parts.push(part(4, identity.role().to_owned(), theme.text));
    }
    if let Some(deck) = model.setup.deck_name() {
        parts.push(part(3, format!("deck {}", Clean::new(deck)), theme.text));
    }
    if let Some(profile) = &model.setup.profile {
        parts.push(part(6, format!("profile {profile}"), theme.dim));
    }
    parts
}

fn fresh(canvas: &Canvas<'_>, model: &Model) -> Vec<Part> {
    let theme = canvas.theme;
    let now = model.now();
    let (text, style) = match model.pane_state(Pane::Services) {
        PaneState::Live => ("live".to_owned(), theme.good),
        PaneState::Loading => ("loading\u{2026}".to_owned(), theme.dim),
        PaneState::Old(from) => (format!("stale {}", age(from, now)), theme.caution),
        PaneState::Failed(Some(from), _) => (format!("stale {}", age(from, now)), theme.alert),
        PaneState::Failed(None, _) => ("no data".to_owned(), theme.alert),
        PaneState::Paused(from) => (format!("paused {}", clock(from)), theme.warn),
    };
    vec![
        Part {
            text: calls(model.calls_a_minute()),
            style: theme.dim,
            rank: 5,
        },
        Part {
            text,
            style,
            rank: 2,
        },
    ]
}

/// Calls a minute, in steps of five from ten on: a number that flickers is drawn, and sent, every second.
fn calls(calls: u64) -> String {
    match calls {
        0..10 => format!("{calls} calls/min"),
        _ => format!("~{} calls/min", calls.saturating_add(2) / 5 * 5),
    }
}

/// The account that the deck is for, where the credentials are another's.
fn other_account(model: &Model) -> Option<&str> {
    let identity = model.identity.as_ref()?;
    model
        .setup
        .deck_account()
        .filter(|account| *account != identity.account.as_str())
}

/// A banner: a word or two, and what they mean.
pub(super) struct Banner {
    word: &'static str,
    text: String,
}

/// What must be known before anything else is believed: nothing can be read, or it is the wrong account.
pub(super) fn banner(model: &Model) -> Option<Banner> {
    let about_all = |slot: &Slot| matches!(slot, Slot::Identity | Slot::Clusters);
    if let Some(account) = other_account(model) {
        let own = model
            .identity
            .as_ref()
            .map(|identity| identity.account.clone())
            .unwrap_or_default();
        let text = format!(
            "the credentials are for {own}, the deck is for {}; writes are off",
            Clean::new(account)
        );
        return Some(Banner {
            word: "WRONG ACCOUNT",
            text,
        });
    }
    let error = model
        .readings
        .credentials_error()
        .or_else(|| model.readings.error_of(about_all))?;
    let word = match error.kind {
        ErrorKind::NoCredentials => "NO CREDENTIALS",
        ErrorKind::Expired => "CREDENTIALS EXPIRED",
        ErrorKind::WrongCredentials => "CREDENTIALS REFUSED",
        ErrorKind::Denied => "ACCESS DENIED",
        ErrorKind::Throttled => "THROTTLED",
        ErrorKind::Unreachable => "AWS UNREACHABLE",
        ErrorKind::TimedOut => "NO ANSWER FROM AWS",
        ErrorKind::NotFound
        | ErrorKind::Invalid
        | ErrorKind::Conflict
        | ErrorKind::Server
        | ErrorKind::Malformed
        | ErrorKind::Other => "AWS ERROR",
    };
    let code = error
        .code
        .as_ref()
        .map(|code| format!(" {code}"))
        .unwrap_or_default();
    let hint = error.hint_while_asking();
    let said = if hint.is_empty() {
        error.message.to_string()
    } else {
        hint
    };
    Some(Banner {
        word,
        text: format!("{}{code}: {said}", error.operation),
    })
}

impl Banner {
    fn rows(&self, columns: u16) -> Vec<std::ops::Range<usize>> {
        let columns = usize::from(columns);
        let first = columns.saturating_sub(self.word.len().saturating_add(3));
        wrap(&self.text, first, columns.saturating_sub(1))
    }

    /// How many rows it wants.
    pub(super) fn height(&self, columns: u16) -> u16 {
        u16::try_from(self.rows(columns).len()).unwrap_or(u16::MAX)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        for (at, row) in (0..area.height).zip(self.rows(area.width)) {
            let mut spot = Spot::row(area, at);
            if at == 0 {
                canvas.put(&mut spot, &format!(" {} ", self.word), theme.alert);
            }
            spot.skip(1);
            // What does not fit any more is cut in the last row, and seen to be.
            let last = at.saturating_add(1) == area.height;
            let text = if last {
                self.text.get(row.start..)
            } else {
                self.text.get(row)
            };
            canvas.put(&mut spot, text.unwrap_or_default(), theme.bad);
        }
    }
}
