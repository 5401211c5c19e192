//! From what was asked for to the SDK's configuration.
//!
//! Invariants: every client has a limit on every call; none retries by itself
//! (the worker does, so that calls are counted and a write is sent once); and
//! an isolated configuration has looked at nothing of the person's.

use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use ecsdeck_worker::ports::CALL_LIMIT;

use crate::meter::Meter;
use crate::settings::{Settings, StaticKeys, profiles, resolve_region};
use crate::trust;

/// How long the parts of a call may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Name resolution, TCP and TLS.
    pub(crate) connect: Duration,
    /// From the request's last byte to the reply's first.
    pub(crate) read: Duration,
    /// Finding credentials: SSO, a credential process, instance metadata.
    pub(crate) credentials: Duration,
    /// The whole call, credentials and all.
    pub(crate) call: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            read: Duration::from_secs(10),
            credentials: Duration::from_secs(12),
            call: CALL_LIMIT,
        }
    }
}

/// Why there is no configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LoadError {
    /// No region was given or found.
    #[error("no AWS region: set AWS_REGION, --region, or region in the profile")]
    NoRegion,
    /// An isolated configuration would have to look outside.
    #[error("an isolated console needs its own endpoint and access keys")]
    NotIsolated,
    /// The certificates that somebody wants to be trusted cannot be used.
    #[error("{0}")]
    Untrusted(String),
}

/// Loads the configuration. It reads files and environment, and sends nothing.
///
/// # Errors
/// When there is no region, or an isolated configuration is incomplete.
pub(crate) async fn load(
    settings: &Settings,
    limits: &Limits,
    meter: &Meter,
) -> Result<SdkConfig, LoadError> {
    let region = resolve_region(settings)
        .await
        .map(Region::new)
        .ok_or(LoadError::NoRegion)?;
    if settings.isolated {
        return isolated(settings, region, limits, meter);
    }
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(region.clone())
        // For whoever fetches the credentials. Given here, AWS_RETRY_MODE and AWS_MAX_ATTEMPTS and their keys in a
        // profile are not looked at: the SDK would panic at a value that it does not know.
        .retry_config(RetryConfig::standard())
        .timeout_config(timeouts(limits))
        .identity_cache(identities(limits))
        .time_source(meter.clone())
        .disable_clock_skew_correction(true)
        // A stalled reply runs into the call's own limit: one limit, one kind of error.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Some(name) = app_name() {
        loader = loader.app_name(name);
    }
    let bundle = trust::bundle(profiles(settings).await.as_ref());
    let client = match bundle.map_err(LoadError::Untrusted)? {
        Some(bundle) => Some(trust::client(bundle).map_err(LoadError::Untrusted)?),
        None => None,
    };
    if let Some(client) = &client {
        loader = loader.http_client(client.clone());
    }
    if let Some(endpoint) = &settings.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    if let Some(profile) = &settings.profile {
        loader = loader.profile_name(profile);
    }
    loader = match (&settings.credentials, &settings.profile) {
        (Some(keys), _) => loader.credentials_provider(credentials(keys)),
        // The SDK would let keys in the environment beat a profile asked for
        // by name: then `--profile staging` could act on production.
        (None, Some(profile)) => {
            let mut provider = ProviderConfig::without_region()
                .with_region(Some(region))
                .with_time_source(meter.clone());
            if let Some(client) = client {
                provider = provider.with_http_client(client);
            }
            loader.credentials_provider(
                ProfileFileCredentialsProvider::builder()
                    .configure(&provider)
                    .profile_name(profile)
                    .build(),
            )
        }
        (None, None) => loader,
    };
    // Afterwards: no call of ours is tried again beneath the worker.
    Ok(loader
        .load()
        .await
        .into_builder()
        .retry_config(RetryConfig::disabled())
        .build())
}

/// The configuration for the simulator: built by hand, so that nothing is loaded.
fn isolated(
    settings: &Settings,
    region: Region,
    limits: &Limits,
    meter: &Meter,
) -> Result<SdkConfig, LoadError> {
    let (Some(endpoint), Some(keys)) = (&settings.endpoint, &settings.credentials) else {
        return Err(LoadError::NotIsolated);
    };
    let mut builder = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region)
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(credentials(keys)))
        .timeout_config(timeouts(limits))
        .identity_cache(identities(limits))
        .time_source(meter.clone())
        .disable_clock_skew_correction(true)
        .retry_config(RetryConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        // The default client would obey HTTP_PROXY; this one speaks plain HTTP to where it is told.
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    builder.set_app_name(app_name());
    Ok(builder.build())
}

fn credentials(keys: &StaticKeys) -> Credentials {
    Credentials::new(&keys.access_key, &keys.secret_key, None, None, "ecsdeck")
}

fn timeouts(limits: &Limits) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(limits.connect)
        .read_timeout(limits.read)
        .operation_attempt_timeout(limits.call)
        .operation_timeout(limits.call)
        .build()
}

fn identities(limits: &Limits) -> aws_sdk_ecs::config::SharedIdentityCache {
    IdentityCache::lazy()
        .load_timeout(limits.credentials)
        .build()
}

fn app_name() -> Option<AppName> {
    AppName::new("ecsdeck").ok()
}
