//! From STS's shapes to the domain.

use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;
use ecsdeck_core::domain::{Arn, Identity};
use ecsdeck_core::text::Clean;

/// The caller; none when the answer does not say who it is.
pub(crate) fn identity(raw: &GetCallerIdentityOutput) -> Option<Identity> {
    Some(Identity {
        account: Clean::new(raw.account()?),
        arn: Arn::new(raw.arn()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_has_account_and_name() {
        let raw = GetCallerIdentityOutput::builder()
            .account("123456789012")
            .arn("arn:aws:sts::123456789012:assumed-role/OnCall/ann")
            .build();
        let identity = identity(&raw).unwrap();
        assert_eq!(
            (identity.account.as_str(), identity.role()),
            ("123456789012", "OnCall")
        );
    }

    #[test]
    fn half_an_identity_is_none() {
        assert_eq!(
            identity(&GetCallerIdentityOutput::builder().account("1").build()),
            None
        );
    }
}
