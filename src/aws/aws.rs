//! [`Aws`]: the handle through which all AWS calls go.

use std::sync::Arc;

use ecsdeck_core::text::Clean;

use crate::load::Limits;
use crate::punctual::Uptime;
use crate::session::Session;
use crate::settings::{Settings, resolve_region};
use crate::writes::AwsWriter;

/// AWS, for reading. Cheap to clone: all clones share clients, credentials and counts.
#[derive(Clone, Debug)]
pub struct Aws {
    session: Arc<Session>,
}

impl Aws {
    /// Keeps the settings. Nothing is read, loaded or sent before the first call.
    pub fn new(settings: Settings) -> Self {
        Self::with_limits(settings, Limits::default())
    }

    pub(crate) fn with_limits(settings: Settings, limits: Limits) -> Self {
        Self {
            session: Arc::new(Session::new(settings, limits)),
        }
    }

    /// The region that calls go to, as [`resolve_region`] finds it now.
    pub async fn region(&self) -> Option<Clean> {
        resolve_region(self.session.settings())
            .await
            .as_deref()
            .map(Clean::new)
    }

    /// AWS, for writing: with the same credentials and counts, and a client of
    /// its own. A console that may not write never calls this. By `uptime` it is told when a look at a target has
    /// become too old to write on it.
    pub fn writer(&self, uptime: Uptime) -> AwsWriter {
        AwsWriter::new(Arc::clone(&self.session), uptime)
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }
}
