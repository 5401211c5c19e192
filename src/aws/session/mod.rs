//! What reader and writer share: the settings, the meter, and the clients of
//! the present configuration.
//!
//! Clients are made when the first call is, and forgotten by [`Session::renew`]:
//! the next call then finds the credentials of a login made elsewhere.

#[cfg(test)]
mod tests;

use std::error::Error;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_async::time::TimeSource;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use ecsdeck_core::domain::{CloudError, ErrorKind};
use ecsdeck_worker::ports::{Reply, present};
use tokio::sync::OnceCell;

use crate::clients::Clients;
use crate::failure;
use crate::load::{Limits, load};
use crate::meter::Meter;
use crate::settings::Settings;

/// One configuration's clients, once they are made.
type Present = Arc<OnceCell<Arc<Clients>>>;

#[derive(Debug)]
pub(crate) struct Session {
    settings: Settings,
    limits: Limits,
    meter: Meter,
    present: Mutex<Present>,
}

impl Session {
    pub(crate) fn new(settings: Settings, limits: Limits) -> Self {
        Self {
            settings,
            limits,
            meter: Meter::default(),
            present: Mutex::default(),
        }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Forgets configuration, credentials and connections. Calls under way end with the old ones.
    pub(crate) fn renew(&self) {
        *self.present.lock().unwrap_or_else(PoisonError::into_inner) = Present::default();
    }

    /// The clients, made now if there are none. A failure is not kept: the next call looks again.
    pub(crate) async fn clients(&self, operation: &'static str) -> Reply<Arc<Clients>> {
        let present = self
            .present
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let made = present
            .get_or_try_init(|| async {
                let config = load(&self.settings, &self.limits, &self.meter).await?;
                Ok(Arc::new(Clients::new(config, self.meter.clone())))
            })
            .await;
        made.cloned()
            .map_err(|error| failure::not_loaded(operation, error))
    }

    /// Makes one reading call.
    ///
    /// Where AWS refuses the signature and its reply shows that our clock was
    /// wrong, the call is made once more, with the right time: a refused call
    /// was not carried out.
    pub(crate) async fn ask<T, E, F>(
        &self,
        operation: &'static str,
        send: impl Fn(&Clients) -> F,
    ) -> Reply<T>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: Error + ProvideErrorMetadata + 'static,
    {
        let clients = self.clients(operation).await?;
        let signed = (self.meter.now(), present());
        let once = |answer: Result<T, SdkError<E, HttpResponse>>| {
            answer.map_err(|error| failure::cloud_error(operation, &error))
        };
        match once(send(&clients).await) {
            Err(error) if is_about_the_signature(&error) && self.meter.was_skewed(signed) => {
                once(send(&clients).await)
            }
            answer => answer,
        }
    }
}

fn is_about_the_signature(error: &CloudError) -> bool {
    matches!(error.kind, ErrorKind::WrongCredentials | ErrorKind::Expired)
}
