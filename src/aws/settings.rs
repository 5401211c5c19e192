//! How to find AWS: what the person asked for, before anything is loaded.
//!
//! Making one does nothing: no file, no environment variable, no network.

use std::fmt;

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;

/// What was asked for on the command line or by the deck. Absent means: as the AWS CLI would.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// A profile of the AWS configuration files. It beats keys in the environment.
    pub profile: Option<String>,
    /// A region, for example `us-east-1`. It beats environment and profile.
    pub region: Option<String>,
    /// A URL that takes every call, of all services. It beats all configured endpoints.
    pub endpoint: Option<String>,
    /// Keys to sign with, instead of looking for any.
    pub credentials: Option<StaticKeys>,
    /// Looks at no environment variable and no file of the person's: for the
    /// simulator. It then needs region, endpoint (plain `http`) and credentials.
    pub isolated: bool,
}

/// Keys that are given and not looked for. They never print.
#[derive(Clone, PartialEq, Eq)]
pub struct StaticKeys {
    /// The access key's id.
    pub access_key: String,
    /// The secret access key.
    pub secret_key: String,
}

impl fmt::Debug for StaticKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticKeys").finish_non_exhaustive()
    }
}

/// The region that calls would go to: as asked, else AWS_REGION, else
/// AWS_DEFAULT_REGION, else the profile's.
///
/// It reads the environment and the configuration files and nothing else: no
/// credentials, and never the instance metadata service, which a laptop would
/// wait for in vain.
pub async fn resolve_region(settings: &Settings) -> Option<String> {
    if let Some(region) = asked(settings) {
        return Some(region);
    }
    if settings.isolated {
        return None;
    }
    let mut profile = ProfileFileRegionProvider::builder();
    if let Some(name) = &settings.profile {
        profile = profile.profile_name(name);
    }
    RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(profile.build())
        .region()
        .await
        .map(|region| region.as_ref().to_owned())
        .filter(|region| !region.is_empty())
}

fn asked(settings: &Settings) -> Option<String> {
    settings.region.clone().filter(|region| !region.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_asked_for_beats_everything() {
        let settings = Settings {
            region: Some("eu-west-1".into()),
            ..Settings::default()
        };
        assert_eq!(
            resolve_region(&settings).await.as_deref(),
            Some("eu-west-1")
        );
    }

    #[tokio::test]
    async fn an_isolated_console_has_only_the_region_that_it_was_given() {
        let settings = Settings {
            isolated: true,
            ..Settings::default()
        };
        assert_eq!(resolve_region(&settings).await, None);
    }

    #[test]
    fn keys_do_not_print() {
        let keys = StaticKeys {
            access_key: "AKIAEXAMPLE".into(),
            secret_key: "hush".into(),
        };
        let printed = format!(
            "{:?}",
            Settings {
                credentials: Some(keys),
                ..Settings::default()
            }
        );
        assert!(
            !printed.contains("hush") && !printed.contains("AKIAEXAMPLE"),
            "{printed}"
        );
    }
}
