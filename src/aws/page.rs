//! Page tokens, from AWS and back to it.

use ecsdeck_worker::ports::PageToken;

/// AWS's token where there is one. SQS and others give an empty one for "no more".
pub(crate) fn next(token: Option<&str>) -> Option<PageToken> {
    token
        .filter(|token| !token.is_empty())
        .map(|token| PageToken(token.to_owned()))
}

/// A token as the SDK takes it.
pub(crate) fn raw(token: Option<PageToken>) -> Option<String> {
    token.map(|token| token.0)
}
