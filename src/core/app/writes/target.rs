//! What a key is about: its target is captured by resource name when it is pressed.

use crate::act::Wish;
use crate::app::model::Model;
use crate::app::model::notice::Tone;
use crate::app::model::row_key::RowKey;
use crate::domain::Arn;
use crate::text::Clean;

/// The selected service. From here on the cursor stays on it, wherever its row goes.
pub(super) fn selected_service(model: &mut Model) -> Option<Arn> {
    let arn = model.selected_service().map(|service| service.arn.clone());
    match &arn {
        Some(arn) => model.services.cursor.put(RowKey::Service(arn.clone())),
        None => model.note(
            Tone::Bad,
            Clean::literal("select a service first: this is for services only"),
        ),
    }
    arn
}

/// What is wished of the selected service.
pub(in crate::app) fn on_service(
    model: &mut Model,
    wish: impl FnOnce(Arn) -> Wish,
) -> Option<Wish> {
    selected_service(model).map(wish)
}
