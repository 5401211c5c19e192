//! What a message is about: the image, secret, role, port or path that it names.
//!
//! Read from the words as AWS wrote them, and made safe to draw. A summary can
//! then say which secret is missing, and not only that one is.

use crate::diagnose::cause::{CauseId, SubjectKind};
use crate::text::Clean;

use super::field::field;
use super::flat::head;

/// A thing that a message names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its name; of an ARN the last part.
    pub name: Clean,
}

/// Phrases that stand before a name.
const LEADS: &[(&str, SubjectKind)] = &[
    ("failed to resolve ref ", SubjectKind::Image),
    ("failed to resolve reference ", SubjectKind::Image),
    ("failed to pull image ", SubjectKind::Image),
    ("pull access denied for ", SubjectKind::Image),
    ("manifest for ", SubjectKind::Image),
    ("no such image: ", SubjectKind::Image),
    ("the repository with name ", SubjectKind::Image),
    ("invalid ssm parameters: ", SubjectKind::Parameter),
    ("invalid parameters: ", SubjectKind::Parameter),
    ("json key ", SubjectKind::JsonKey),
    ("not authorized to perform: ", SubjectKind::Permission),
    ("container-instance ", SubjectKind::Instance),
    ("(instance ", SubjectKind::Instance),
    ("capacity provider ", SubjectKind::CapacityProvider),
    ("exec: ", SubjectKind::Command),
    ("target-group ", SubjectKind::TargetGroup),
    ("lookup ", SubjectKind::Host),
    ("dial tcp ", SubjectKind::Host),
];

/// The things that a message names, each once, in the order in which they are looked for.
pub fn subjects(text: &str) -> Vec<Subject> {
    let text = head(text);
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for (lead, kind) in LEADS {
        let Some(at) = lower.find(lead) else { continue };
        let rest = text.get(at + lead.len()..).unwrap_or_default();
        let name = if rest.starts_with(['"', '\'', '\\']) {
            let bare = rest.trim_start_matches(['"', '\'', '\\']);
            bare.split(['"', '\'', '\\']).next().unwrap_or_default()
        } else {
            rest.split([' ', '\n', ',', ')']).next().unwrap_or_default()
        };
        keep(&mut found, *kind, name);
    }
    for word in text.split([' ', '\n', '\t', '"', '\'', '(', ')', '[', ']', ',']) {
        if let Some((kind, name)) = arn(word) {
            keep(&mut found, kind, name);
        } else if let Some(address) = word
            .strip_prefix("https://")
            .or_else(|| word.strip_prefix("http://"))
        {
            let host = address.split(['/', ':']).next().unwrap_or_default();
            keep(&mut found, SubjectKind::Host, host);
        } else if let Some(kind) = by_prefix(word) {
            keep(&mut found, kind, word);
        }
    }
    found.extend(field(text).map(|name| Subject {
        kind: SubjectKind::Field,
        name: Clean::own(name),
    }));
    found
}

/// One clause in plain words: what is wrong, and with what, where the message names it.
pub fn summary(cause: CauseId, text: &str) -> Clean {
    let found = subjects(text);
    let named = cause
        .names()
        .iter()
        .find_map(|kind| found.iter().find(|subject| subject.kind == *kind));
    match named {
        Some(subject) => Clean::own(format!("{}: {}", cause.summary(), short(subject))),
        None => Clean::literal(cause.summary()),
    }
}

/// A thing's name without what every other of its kind has too: an image without its registry.
fn short(subject: &Subject) -> &str {
    let name = subject.name.as_str();
    match (subject.kind, name.split_once('/')) {
        (SubjectKind::Image, Some((host, rest))) if host.contains(['.', ':']) => rest,
        _ => name,
    }
}

fn keep(found: &mut Vec<Subject>, kind: SubjectKind, name: &str) {
    let name = name.trim_matches(['"', '\'', '\\', '(', ')', '[', ']', ':', '.', ',', ';']);
    // A blacked-out or cut name names nothing.
    if name.is_empty() || !name.contains(|c: char| c.is_ascii_alphanumeric()) {
        return;
    }
    let name = Clean::new(
        name.strip_prefix("arn:")
            .and_then(|_| arn(name))
            .map_or(name, |(_, name)| name),
    );
    let subject = Subject { kind, name };
    if !found.contains(&subject) {
        found.push(subject);
    }
}

/// The kind and the telling part of a resource name.
fn arn(word: &str) -> Option<(SubjectKind, &str)> {
    let mut parts = word.trim_end_matches([':', '.', ';']).splitn(6, ':');
    let (Some("arn"), Some(_), Some(service)) = (parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let resource = parts.nth(2)?;
    let (kind, name) = match service {
        "secretsmanager" => (SubjectKind::Secret, resource.strip_prefix("secret:")?),
        "ssm" => (SubjectKind::Parameter, resource.strip_prefix("parameter")?),
        "iam" => (SubjectKind::Role, resource.strip_prefix("role/")?),
        "logs" => {
            let group = resource.strip_prefix("log-group:")?;
            (
                SubjectKind::LogGroup,
                group.split(':').next().unwrap_or(group),
            )
        }
        "elasticloadbalancing" => {
            let group = resource.strip_prefix("targetgroup/")?;
            (
                SubjectKind::TargetGroup,
                group.split('/').next().unwrap_or(group),
            )
        }
        "lambda" => (SubjectKind::Function, resource.strip_prefix("function:")?),
        _ => return None,
    };
    Some((kind, name))
}

/// EC2's and EFS's ids tell their kind themselves.
fn by_prefix(word: &str) -> Option<SubjectKind> {
    let (prefix, rest) = word.split_once('-')?;
    let digits = rest.split(['.', ':']).next().unwrap_or_default();
    if digits.len() < 8 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match prefix {
        "subnet" => Some(SubjectKind::Subnet),
        "sg" => Some(SubjectKind::SecurityGroup),
        "i" => Some(SubjectKind::Instance),
        "fs" => Some(SubjectKind::FileSystem),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(cause: CauseId, text: &str) -> String {
        let summary = summary(cause, text);
        let name = summary.strip_prefix(cause.summary()).unwrap();
        name.trim_start_matches(": ").to_owned()
    }

    #[test]
    fn a_summary_names_what_the_message_names() {
        for (cause, text, name) in [
            (
                CauseId::ImageNotFound,
                "failed to resolve ref 1.dkr.ecr.eu-west-1.amazonaws.com/shop:v9: not found",
                "shop:v9",
            ),
            (
                CauseId::SecretNotFound,
                "failed to fetch secret arn:aws:secretsmanager:eu-west-1:1:secret:shop/db-AbCdEf from secrets manager",
                "shop/db-AbCdEf",
            ),
            (
                CauseId::SecretNotFound,
                "invalid ssm parameters: /shop/db",
                "/shop/db",
            ),
            (
                CauseId::SecretMalformed,
                "secret arn:aws:secretsmanager:eu-west-1:1:secret:db did not contain json key PASSWORD",
                "PASSWORD",
            ),
            (
                CauseId::RoleNotAssumable,
                "unable to assume the role 'arn:aws:iam::1:role/shop-exec' that was provided",
                "shop-exec",
            ),
            (
                CauseId::CommandNotFound,
                r#"starting container process caused: exec: \"npm start\": executable file not found"#,
                "npm start",
            ),
            (
                CauseId::PermissionDenied,
                "User: x is not authorized to perform: iam:PassRole on resource: y",
                "iam:PassRole",
            ),
            (
                CauseId::TargetUnhealthy,
                "failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/shop/0a)",
                "shop",
            ),
            (
                CauseId::EniFailed,
                "in subnet 'subnet-0123456789abcdef0' failed",
                "subnet-0123456789abcdef0",
            ),
            (
                CauseId::ImagePullNetwork,
                "Get \"https://api.ecr.eu-west-1.amazonaws.com/\": dial tcp: i/o timeout",
                "api.ecr.eu-west-1.amazonaws.com",
            ),
        ] {
            assert_eq!(said(cause, text), name, "{text}");
        }
    }

    #[test]
    fn a_blacked_out_name_is_not_repeated() {
        assert_eq!(
            said(CauseId::ImageNotFound, "manifest for *** not found"),
            ""
        );
    }

    #[test]
    fn a_hostile_name_is_made_harmless() {
        let text = "manifest for evil\u{1b}[2J\u{202e}:1 not found";
        assert_eq!(said(CauseId::ImageNotFound, text), "evil<202E>:1");
    }
}
