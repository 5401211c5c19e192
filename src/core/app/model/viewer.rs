//! Text that somebody looks at over the panes: raw JSON, help, events.

use crate::diagnose::Verdict;
use crate::text::{Clean, Search};

/// How a line is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Ordinary text.
    #[default]
    Plain,
    /// Less important.
    Dim,
    /// Begins a section.
    Heading,
    /// Names keys to press.
    Key,
    /// Says that something is well.
    Good,
    /// Says that something should be looked at.
    Warn,
    /// Says that something is broken.
    Bad,
    /// Says how a service is.
    Verdict(Verdict),
}

/// A line with a label before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The label; empty where there is none.
    pub label: Clean,
    /// The text.
    pub text: Clean,
    /// How it is meant.
    pub style: Style,
}

impl Line {
    /// A line without a label.
    pub fn new(style: Style, text: Clean) -> Self {
        Self {
            label: Clean::default(),
            text,
            style,
        }
    }

    /// A line with a label.
    pub fn of(label: &'static str, style: Style, text: Clean) -> Self {
        Self {
            label: Clean::literal(label),
            text,
            style,
        }
    }

    /// An empty line.
    pub fn gap() -> Self {
        Self::default()
    }
}

/// Text over the panes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// What it is.
    pub title: Clean,
    /// The lines.
    pub lines: Vec<Line>,
    /// Lines that it is scrolled by.
    pub top: usize,
    /// What is searched for in it.
    pub search: Search,
    /// The line that was found last.
    pub hit: Option<usize>,
}

impl Viewer {
    /// A viewer at its top.
    pub fn new(title: Clean, lines: Vec<Line>) -> Self {
        Self {
            title,
            lines,
            top: 0,
            search: Search::default(),
            hit: None,
        }
    }

    /// Text of several lines.
    pub fn text(title: Clean, text: &str) -> Self {
        let lines = text
            .lines()
            .map(|line| Line::new(Style::Plain, Clean::new(line)))
            .collect();
        Self::new(title, lines)
    }
}
