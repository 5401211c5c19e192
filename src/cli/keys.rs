//! `keys`: what keys do, from the keymap that would be loaded.

use super::{Failed, print};
use crate::exit::Exit;
use crate::settings::{Options, find_keymap};

pub(super) fn run(options: &Options) -> Result<Exit, Failed> {
    let keymap = find_keymap(options.keymap.as_deref().unwrap_or("default"))?;
    print::out(&keymap.markdown());
    Ok(Exit::Done)
}
