//! STS: who we are.

use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;
use ecsdeck_core::domain::{Arn, CloudError, Identity};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::Reply;

use crate::session::Session;

pub(crate) async fn caller(session: &Session) -> Reply<Identity> {
    const CALL: &str = "sts:GetCallerIdentity";
    let answer = session
        .ask(CALL, |on| on.sts.get_caller_identity().send())
        .await?;
    identity(&answer)
        .ok_or_else(|| CloudError::malformed(CALL, "the response has no caller identity"))
}

/// The caller; none when the answer does not say who it is.
fn identity(raw: &GetCallerIdentityOutput) -> Option<Identity> {
    Some(Identity {
        account: Clean::new(raw.account()?),
        arn: Arn::new(raw.arn()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loopback::{Server, ok};
    use ecsdeck_worker::ports::Reads;

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

    #[tokio::test]
    async fn the_caller_is_who_sts_says() {
        let server = Server::start(vec![ok(
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ann</Arn>\
             <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
        )])
        .await;
        let identity = server.aws().identity().await.unwrap();
        assert_eq!(
            (identity.account.as_str(), identity.role()),
            ("123456789012", "ann")
        );
    }
}
