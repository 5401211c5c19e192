//! Page tokens, from AWS and back to it.

use ecsdeck_core::domain::CloudError;
use ecsdeck_worker::ports::{PageToken, Reply};

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

/// Holds the only page that is asked for against its token: an empty page that others follow does not say that there
/// is none.
///
/// # Errors
/// Malformed, where it is such a page.
pub(crate) fn only<T>(call: &'static str, items: &[T], token: Option<&str>) -> Reply<()> {
    if items.is_empty() && next(token).is_some() {
        let words = "AWS gave empty pages only, the last of them with a token to another one";
        return Err(CloudError::malformed(call, words));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::only;

    #[test]
    fn an_empty_page_that_others_follow_does_not_say_that_there_is_none() {
        assert!(only("ecs:ListTasks", &[0; 0], Some("more")).is_err());
        for (items, token) in [
            (&[0; 0][..], None),
            (&[], Some("")),
            (&[7], Some("more")),
            (&[7], None),
        ] {
            assert!(only("ecs:ListTasks", items, token).is_ok(), "{token:?}");
        }
    }
}
