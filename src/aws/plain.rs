//! From the SDK's plain values to ours: text, names, counts, moments.
//!
//! Every text that comes from outside passes through here and is [`Clean`] afterwards.

use aws_smithy_types::DateTime;
use ecsdeck_core::domain::{Arn, CloudError, Failure, Time};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::Reply;

/// Text that may be absent. An empty one is.
pub(crate) fn text(raw: Option<&str>) -> Option<Clean> {
    raw.filter(|raw| !raw.is_empty()).map(Clean::new)
}

/// Text where we need some: empty when AWS gives none.
pub(crate) fn text_or_empty(raw: Option<&str>) -> Clean {
    raw.map(Clean::new).unwrap_or_default()
}

/// Several texts.
pub(crate) fn texts(raw: &[String]) -> Vec<Clean> {
    raw.iter().map(|each| Clean::new(each)).collect()
}

/// A resource name that may be absent.
pub(crate) fn arn(raw: Option<&str>) -> Option<Arn> {
    raw.map(Arn::new)
}

/// A resource name where we need one: empty when AWS gives none.
pub(crate) fn arn_or_empty(raw: Option<&str>) -> Arn {
    Arn::new(raw.unwrap_or_default())
}

/// Several resource names.
pub(crate) fn arns(raw: &[String]) -> Vec<Arn> {
    raw.iter().map(|each| Arn::new(each)).collect()
}

/// Resource names as the SDK takes them.
pub(crate) fn names(arns: &[Arn]) -> Vec<String> {
    arns.iter().map(|arn| arn.as_str().to_owned()).collect()
}

/// A count: AWS's integers are signed, a count is not. What is below 0 is 0.
pub(crate) fn count(raw: i32) -> u32 {
    raw.max(0).unsigned_abs()
}

/// A count that comes as text, for example `"1024"`.
pub(crate) fn number(raw: Option<&str>) -> Option<u32> {
    raw.and_then(|raw| raw.trim().parse().ok())
}

/// A port, 1 to 65535.
pub(crate) fn port(raw: Option<i32>) -> Option<u16> {
    raw.and_then(|raw| u16::try_from(raw).ok())
        .filter(|port| *port != 0)
}

/// A moment, to the millisecond: AWS's JSON carries it as a floating-point number of seconds, whose last digits
/// are noise. What no calendar holds is none.
pub(crate) fn time(raw: Option<&DateTime>) -> Option<Time> {
    raw.and_then(|raw| raw.to_millis().ok())
        .and_then(|millis| Time::from_millisecond(millis).ok())
}

/// A moment that comes as milliseconds since 1970.
pub(crate) fn millis(raw: Option<i64>) -> Option<Time> {
    raw.and_then(|raw| Time::from_millisecond(raw).ok())
}

/// A list that AWS's answer always has, be it empty. An answer without it says nothing, which is not the same as
/// "there is none".
pub(crate) fn whole<'a, T>(call: &'static str, list: Option<&'a [T]>) -> Reply<&'a [T]> {
    list.ok_or_else(|| CloudError::malformed(call, "the answer does not hold what was asked for"))
}

/// The items that a describe call could not give.
pub(crate) fn failures(raw: &[aws_sdk_ecs::types::Failure]) -> Vec<Failure> {
    let one = |raw: &aws_sdk_ecs::types::Failure| Failure {
        arn: arn_or_empty(raw.arn()),
        reason: text_or_empty(raw.reason()),
        detail: text(raw.detail()),
    };
    raw.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_below_zero_is_zero() {
        assert_eq!(
            (count(-3), count(0), count(i32::MAX)),
            (0, 0, 2_147_483_647)
        );
    }

    #[test]
    fn a_moment_keeps_its_milliseconds() {
        let at = DateTime::from_millis(1_700_000_000_123);
        assert_eq!(
            time(Some(&at)),
            Time::from_millisecond(1_700_000_000_123).ok()
        );
        assert_eq!(millis(Some(1_700_000_000_123)), time(Some(&at)));
    }

    #[test]
    fn a_moment_that_no_calendar_holds_is_none() {
        assert_eq!(time(Some(&DateTime::from_secs(i64::MAX))), None);
        assert_eq!(millis(Some(i64::MAX)), None);
    }

    #[test]
    fn foreign_text_cannot_steer_a_terminal() {
        assert_eq!(text(Some("a\u{1b}[2Jb")).as_deref(), Some("ab"));
        assert!(
            !arn_or_empty(Some("arn:\u{1b}]0;x\u{7}y"))
                .as_str()
                .contains('\u{1b}')
        );
    }

    #[test]
    fn a_port_is_one_that_can_be_connected_to() {
        assert_eq!(
            (port(Some(0)), port(Some(70_000)), port(Some(8080))),
            (None, None, Some(8080))
        );
    }
}
