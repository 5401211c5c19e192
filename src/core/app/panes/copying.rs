//! Text on its way to the clipboard, and what is said of it.
//!
//! The invariant: what is said to be copied is copied. A terminal takes only so much.

use crate::app::effect::{Effect, LoopEffect};
use crate::app::model::Model;
use crate::app::model::notice::Tone;
use crate::text::Clean;

/// Bytes that a terminal's clipboard is sure to take (source: xterm and tmux limits differ; this is below both).
pub const CLIPBOARD: usize = 74_994;

/// Copies a text, as far as a terminal takes it, and says what was copied.
pub(in crate::app) fn copy(model: &mut Model, text: Clean, what: &str) -> Vec<Effect> {
    let whole = text.len();
    if whole <= CLIPBOARD {
        model.note(Tone::Good, Clean::new(&format!("copied {what}")));
        return vec![Effect::Loop(LoopEffect::Copy(text))];
    }
    let end = text.floor_char_boundary(CLIPBOARD);
    let text = Clean::own(text.get(..end).unwrap_or_default().to_owned());
    let said = format!("copied the first {end} of {whole} bytes: a terminal takes no more");
    model.note(Tone::Bad, Clean::own(said));
    vec![Effect::Loop(LoopEffect::Copy(text))]
}
