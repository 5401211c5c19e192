//! What the writes have in common: what AWS answered, and what cannot be sent.

use aws_smithy_types::error::operation::BuildError;
use ecsdeck_core::act::Made;
use ecsdeck_core::domain::{CloudError, ErrorKind};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::Accepted;

/// What AWS answered, where it made nothing that the answer tells.
pub(super) fn accepted(request_id: Option<&str>) -> Accepted {
    Accepted {
        request_id: request_id.map(Clean::new),
        made: Made::default(),
    }
}

/// A request that the API has no way to say; nothing is sent.
pub(super) fn unsayable(operation: &'static str, message: &'static str) -> CloudError {
    CloudError::new(operation, ErrorKind::Invalid, Clean::literal(message))
}

/// A structure that lacks what the SDK wants in it; nothing is sent.
pub(super) fn incomplete(operation: &'static str) -> impl Fn(BuildError) -> CloudError {
    move |error| CloudError {
        message: Clean::new(&error.to_string()),
        ..unsayable(operation, "incomplete")
    }
}
