//! The signs that are drawn, and what stands for them where only ASCII can be.
//!
//! The invariant: every sign takes one column on every terminal. None is from
//! the emoji or dingbat blocks, about whose width terminals disagree.

use ecsdeck_core::diagnose::Verdict;

/// One set of signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyphs {
    /// Before the selected row of the pane that keys go to.
    pub(super) here: &'static str,
    /// Before the selected row of another pane.
    pub(super) cursor: &'static str,
    /// Before the title of the pane that keys go to.
    pub(super) focus: &'static str,
    /// A rule from left to right.
    pub(super) rule: &'static str,
    /// A rule from top to bottom.
    pub(super) side: &'static str,
    /// Top left, top right, bottom left, bottom right.
    pub(super) corners: [&'static str; 4],
    /// Between words that do not belong together.
    pub(super) dot: &'static str,
    /// From a value to the next.
    pub(super) arrow: &'static str,
    /// It grows.
    pub(super) up: &'static str,
    /// It shrinks.
    pub(super) down: &'static str,
    /// It is well.
    pub(super) good: &'static str,
    /// It is at rest.
    pub(super) rest: &'static str,
    /// It is on its way.
    pub(super) way: &'static str,
    /// Somebody should look.
    pub(super) warn: &'static str,
    /// It is broken.
    pub(super) bad: &'static str,
    /// Nobody knows.
    pub(super) unknown: &'static str,
}

impl Glyphs {
    const LINES: Self = Self {
        here: "▶",
        cursor: "›",
        corners: ["┌", "┐", "└", "┘"],
        focus: "▶",
        rule: "─",
        side: "│",
        dot: "·",
        arrow: "→",
        up: "↑",
        down: "↓",
        good: "●",
        rest: "○",
        way: "◐",
        warn: "▲",
        bad: "■",
        unknown: "?",
    };

    const ASCII: Self = Self {
        here: ">",
        cursor: ":",
        corners: ["+", "+", "+", "+"],
        focus: ">",
        rule: "-",
        side: "|",
        dot: "-",
        arrow: "->",
        up: "^",
        down: "v",
        good: "+",
        rest: "o",
        way: "~",
        warn: "!",
        bad: "X",
        unknown: "?",
    };

    /// The set to draw with.
    pub(super) fn new(ascii: bool) -> &'static Self {
        if ascii { &Self::ASCII } else { &Self::LINES }
    }

    /// The sign of a verdict.
    pub(super) fn verdict(&self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Steady => self.good,
            Verdict::ScaledToZero => self.rest,
            Verdict::Progressing => self.way,
            Verdict::Unknown => self.unknown,
            Verdict::RolledBack | Verdict::RollingBack | Verdict::Degraded => self.warn,
            Verdict::Failed | Verdict::Stuck => self.bad,
        }
    }
}
