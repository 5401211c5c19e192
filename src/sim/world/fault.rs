//! The shape of faults: rules that make calls fail, hang, or come back broken. They stand
//! in worlds and scenarios (`[[fault]]`) as they are sent to `/_sim/faults`.
//!
//! ```toml
//! [[fault]]
//! kind = "throttle"
//! service = "ecs"
//! action = "DescribeTasks"
//! share = 0.3              # of the calls that fit, drawn from the seed
//! at = "2m"                # relative to the start; `lasts` from then on
//! lasts = "5m"
//! ```

use serde::{Deserialize, Serialize};

use super::spans::Span;

/// What a rule does to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FaultKind {
    /// It is accepted, and neither carried out nor answered until the rule is gone.
    Stall,
    /// It is carried out; headers and half of the body come, the rest when the rule is gone.
    StallBody,
    /// The body takes `seconds` of wall time.
    SlowBody,
    /// Half of the body comes, then the connection is closed.
    Truncate,
    /// The body is not what the protocol can read.
    Malformed,
    /// The call is carried out, and its answer has no body.
    Empty,
    /// The call is carried out, and its answer has nothing in it: `{}`, or what the protocol has for that.
    EmptyDocument,
    /// The call is carried out, and the body of its answer goes on and on: 100 MB.
    Flood,
    /// A page for people comes, as of a captive portal or a proxy, with `status` (200 where none is said) and the words
    /// `message`. The call is not carried out.
    Html,
    /// A listing never ends: every page is the first one again, with a new token.
    EndlessPages,
    /// The same, and no page has an item.
    EmptyPages,
    /// The same as endless pages, and the token is always the same.
    SameToken,
    /// The connection is reset; the call is not carried out.
    Reset,
    /// The call is carried out, then the connection is reset.
    ResetAfter,
    /// It fails with `code`, `status` and `message`; without a code as the service fails itself.
    Error,
    /// The call is carried out, then it fails so.
    ErrorAfter,
    /// It takes `seconds` of wall time longer.
    Latency,
    /// The credentials have expired.
    Expired,
    /// Nobody knows these credentials.
    WrongCredentials,
    /// The caller may not do that.
    AccessDenied,
    /// There have been too many calls.
    Throttle,
    /// AWS's documented token buckets hold: a call that finds its bucket empty is throttled.
    Buckets,
    /// The `Date` of the answer is `seconds` off; other rules apply as well.
    ClockSkew,
}

/// A rule: which calls, when, from which of them on, and how many.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultSpec {
    pub(crate) kind: FaultKind,
    /// A service as IAM calls it: `ecs`, `logs`, `sqs`, …; none means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) service: Option<String>,
    /// The name of an action; none means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) action: Option<String>,
    /// An access key id; none means everybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) who: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<String>,
    /// Calls that are let pass first.
    #[serde(default)]
    pub(crate) skip: u64,
    /// Calls that it then applies to; none means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u64>,
    /// The share of the calls that it applies to, from 0 to 1; none means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) share: Option<f64>,
    /// From when on, relative to the start of the simulator, or to when it is sent.
    #[serde(default, skip_serializing)]
    pub(crate) at: Option<Span>,
    /// For how long.
    #[serde(default, skip_serializing)]
    pub(crate) lasts: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seconds: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
}

impl FaultKind {
    /// Whether it is about the pages of a listing.
    pub(crate) fn is_about_pages(self) -> bool {
        matches!(
            self,
            FaultKind::EndlessPages | FaultKind::EmptyPages | FaultKind::SameToken
        )
    }
}

impl FaultSpec {
    pub(crate) fn of(kind: FaultKind) -> Self {
        FaultSpec {
            kind,
            service: None,
            action: None,
            who: None,
            region: None,
            skip: 0,
            times: None,
            share: None,
            at: None,
            lasts: None,
            seconds: None,
            code: None,
            status: None,
            message: None,
        }
    }

    /// What is wrong with it beyond its shape.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(wrong) = self
            .service
            .as_deref()
            .filter(|name| !crate::service::Service::known(name))
        {
            let names = crate::service::Service::ALL
                .iter()
                .map(|service| service.name());
            return Err(format!(
                "unknown service `{wrong}`{}",
                super::nearest::hint(wrong, names)
            ));
        }
        if self
            .share
            .is_some_and(|share| !(0.0..=1.0).contains(&share))
        {
            return Err("a share is between 0 and 1".to_owned());
        }
        let least = if self.kind == FaultKind::Html {
            200
        } else {
            400
        };
        if self
            .status
            .is_some_and(|status| !(least..=599).contains(&status))
        {
            return Err(format!("a status is between {least} and 599"));
        }
        let timed = matches!(
            self.kind,
            FaultKind::SlowBody | FaultKind::Latency | FaultKind::ClockSkew
        );
        match self.seconds {
            None if timed => Err(format!("a fault `{:?}` needs `seconds`", self.kind)),
            Some(seconds) if !seconds.is_finite() || seconds.abs() > 1e6 => {
                Err("seconds are between -1e6 and 1e6".to_owned())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::FaultKind;

    #[test]
    fn the_readme_lists_every_kind_of_fault_and_no_other() {
        let (_, variants) = include_str!("fault.rs")
            .split_once("enum FaultKind {")
            .unwrap();
        let variants = variants.split("\n}").next().unwrap().lines();
        let variants = variants
            .map(str::trim)
            .filter(|line| !line.starts_with("//"));
        let there = variants.filter(|line| !line.is_empty()).count();
        let (_, readme) = include_str!("../README.md").split_once("| kind |").unwrap();
        let rows = readme.split("\n\n").next().unwrap().lines();
        let first = |row: &'static str| row.split('|').nth(1).unwrap_or_default();
        let listed: BTreeSet<&str> = rows
            .flat_map(|row| first(row).split('`').skip(1).step_by(2))
            .collect();
        assert_eq!(listed.len(), there, "{listed:?}");
        for kind in listed {
            let read: Result<FaultKind, _> = serde_json::from_value(kind.into());
            assert!(read.is_ok(), "{kind}");
        }
    }
}
