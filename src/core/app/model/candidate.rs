//! A revision that a service may be rolled back to, as somebody chooses between several.

use serde::Serialize;

use crate::domain::Time;
use crate::text::{Align, Clean, coarse, pad, width};

/// A revision to choose.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Candidate {
    /// `family:number`.
    pub revision: Clean,
    /// Tasks of it can be started; else it was deregistered.
    pub active: bool,
    /// When it was registered.
    pub registered: Option<Time>,
    /// When its last rollout of this service began, where ECS still knows one.
    pub ran: Option<Time>,
    /// How that rollout ended.
    pub rollout: Option<&'static str>,
    /// What changes with it against the revision that runs now; none where that could not be compared.
    pub changes: Option<Vec<Clean>>,
    /// Why it could not be read.
    pub error: Option<Clean>,
}

/// What the columns of [`Candidate::cells`] are called.
pub const CANDIDATE_COLUMNS: [&str; 5] = [
    "revision",
    "status",
    "registered",
    "last rollout here",
    "changes",
];

impl Candidate {
    /// The revision in columns, for people.
    pub fn cells(&self, now: Time) -> [Clean; 5] {
        let ago = |at: Time| format!("{} ago", coarse(at, now));
        let rollout = match (self.rollout, self.ran) {
            (Some(how), Some(at)) => Clean::own(format!("{how}, {}", ago(at))),
            (Some(how), None) => Clean::literal(how),
            (None, _) => Clean::literal("none known"),
        };
        let changes = match (&self.error, &self.changes) {
            (Some(error), _) => Clean::own(format!("could not be read: {error}")),
            (None, None) => Clean::literal("not compared"),
            (None, Some(changes)) if changes.is_empty() => Clean::literal("no difference found"),
            (None, Some(changes)) => {
                let changes: Vec<&str> = changes.iter().map(Clean::as_str).collect();
                Clean::own(changes.join(", "))
            }
        };
        [
            self.revision.clone(),
            Clean::literal(if self.active { "ACTIVE" } else { "INACTIVE" }),
            Clean::own(self.registered.map(ago).unwrap_or_default()),
            rollout,
            changes,
        ]
    }
}

/// Revisions below each other, in columns: what is cut off first says the least.
pub(in crate::app) fn lines(candidates: &[Candidate], now: Time) -> Vec<Clean> {
    let rows: Vec<[Clean; 5]> = candidates.iter().map(|one| one.cells(now)).collect();
    let mut widths = [0; 5];
    for row in &rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = width(cell).max(*widest);
        }
    }
    let line = |row: &[Clean; 5]| {
        let cells = row.iter().zip(widths);
        let cells = cells.map(|(cell, width)| pad(cell, width, Align::Left).into_owned());
        Clean::own(cells.collect::<Vec<_>>().join("  ").trim_end().to_owned())
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_stand_below_each_other_and_what_is_not_known_says_so() {
        let now = Time::from_second(100_000).unwrap();
        let at = |seconds: i64| Time::from_second(100_000 - seconds).ok();
        let known = Candidate {
            revision: Clean::literal("web:10"),
            active: true,
            registered: at(7_200),
            ran: at(7_300),
            rollout: Some("rolled back"),
            changes: Some(vec![
                Clean::literal("image of app 2 \u{2192} 1"),
                Clean::literal("cpu 256 \u{2192} 512"),
            ]),
            error: None,
        };
        let unread = Candidate {
            revision: Clean::literal("web:9"),
            error: Some(Clean::literal("ecs:DescribeTaskDefinition: no")),
            ..Candidate::default()
        };
        let same = Candidate {
            changes: Some(Vec::new()),
            ..known.clone()
        };
        let lines = lines(&[known, unread, same], now);
        assert_eq!(
            lines[0],
            "web:10  ACTIVE    2h ago  rolled back, 2h ago  image of app 2 \u{2192} 1, cpu 256 \u{2192} 512"
        );
        assert_eq!(
            lines[1],
            "web:9   INACTIVE          none known           could not be read: ecs:DescribeTaskDefinition: no"
        );
        assert!(lines[2].ends_with("no difference found"), "{}", lines[2]);
    }
}
