//! Who we are to AWS.

use serde::Serialize;

use super::Arn;
use crate::text::Clean;

/// The caller, as sts:GetCallerIdentity tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// The account, twelve digits.
    pub account: Clean,
    /// The user or the assumed role's session.
    pub arn: Arn,
}

impl Identity {
    /// The role's or user's name: for `…:assumed-role/NAME/session` it is NAME.
    pub fn role(&self) -> &str {
        let mut parts = self.arn.resource().split('/');
        match (parts.next(), parts.next()) {
            (Some("assumed-role"), Some(role)) => role,
            _ => self.arn.name(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assumed_role_is_named_without_its_session() {
        let of = |arn: &str| {
            Identity {
                account: Clean::new("1"),
                arn: Arn::new(arn),
            }
            .role()
            .to_owned()
        };
        assert_eq!(of("arn:aws:sts::1:assumed-role/OnCall/ann"), "OnCall");
        assert_eq!(of("arn:aws:iam::1:user/ann"), "ann");
        assert_eq!(of("arn:aws:iam::1:root"), "root");
    }
}
