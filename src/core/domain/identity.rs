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

    /// Who it is whatever the session: the user, or the role that was assumed. Whoever logs in again has another
    /// session of the same role, and is nobody else (source: IAM user guide, "IAM identifiers").
    pub fn principal(&self) -> Clean {
        let arn = self.arn.as_str();
        let session = arn.split_once(":assumed-role/").and_then(|(head, rest)| {
            let role = rest.split('/').next()?;
            Some(format!("{head}:assumed-role/{role}"))
        });
        session.map_or_else(|| self.arn.clean().clone(), |role| Clean::new(&role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_is_the_role_or_user_whatever_the_session() {
        let of = |arn: &str| {
            let account = Clean::new("1");
            let arn = Arn::new(arn);
            Identity { account, arn }.principal()
        };
        let role = of("arn:aws:sts::1:assumed-role/OnCall/ann");
        assert_eq!(role, "arn:aws:sts::1:assumed-role/OnCall");
        assert_eq!(of("arn:aws:sts::1:assumed-role/OnCall/ann-2"), role);
        assert_ne!(of("arn:aws:sts::1:assumed-role/Admin/ann"), role);
        for whole in [
            "arn:aws:iam::1:user/ann",
            "arn:aws:iam::1:root",
            "arn:aws:sts::1:federated-user/ann",
        ] {
            assert_eq!(of(whole), whole);
        }
    }

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
