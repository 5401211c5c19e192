//! STS (awsQuery in, XML out): who the caller is.

use crate::engine::Engine;
use crate::wire::ApiError;
use crate::wire::query::escape;

/// The XML namespace of STS's replies.
pub(crate) const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Answers an STS action.
pub(crate) fn call(engine: &Engine, action: &str, request_id: &str) -> Result<String, ApiError> {
    if action != "GetCallerIdentity" {
        return Err(ApiError::client(
            "InvalidAction",
            format!("Could not find operation {action} for version 2011-06-15"),
        ));
    }
    let home = &engine.home;
    let session = home.caller.rsplit('/').next().unwrap_or_default();
    Ok(format!(
        "<GetCallerIdentityResponse xmlns=\"{NAMESPACE}\">\n  <GetCallerIdentityResult>\n    \
         <Arn>{}</Arn>\n    <UserId>AROASIMULATEDROLEID0:{}</UserId>\n    <Account>{}</Account>\n  \
         </GetCallerIdentityResult>\n  <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  \
         </ResponseMetadata>\n</GetCallerIdentityResponse>\n",
        escape(&home.caller),
        escape(session),
        home.account,
    ))
}
