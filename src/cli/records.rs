//! What the journal says of earlier writes, for commands that build on them.

use ecsdeck_core::act::{ActError, History};
use ecsdeck_core::app::Model;

use super::{Failed, ask};

/// Reads the user's journal.
pub(super) fn read(model: &Model) -> Result<History, Failed> {
    let Some(journal) = ask::journal(model.setup.deck_name()) else {
        return Err(Failed::Refused(
            "there is no place for a journal".to_owned(),
        ));
    };
    let contents = journal
        .read()
        .map_err(|error| Failed::Refused(error.to_string()))?;
    Ok(contents.history())
}

/// Why the journal does not have what was asked for.
pub(super) fn refused(why: ActError) -> Failed {
    match why {
        // What was named is not there, or is not one write.
        ActError::Bad(why) => Failed::NoSuch(why.to_string()),
        other => Failed::Refused(other.to_string()),
    }
}
