//! How to find AWS: what the person asked for, before anything is loaded.
//!
//! Making one does nothing: no file, no environment variable, no network.

use std::fmt;

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileRegionProvider, ProfileSet};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};
use ecsdeck_core::text::Clean;

use crate::trust;

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

/// What is wrong with the settings of the environment and of the profile that decide where calls go and whom they
/// trust, in words for the person; none where they can be used.
///
/// It reads the environment and the configuration files and sends nothing. The SDK meets such values only when it
/// makes a call, with words of its own or a panic.
pub async fn check_settings(settings: &Settings) -> Option<String> {
    if settings.isolated {
        return None;
    }
    let profiles = profiles(settings).await;
    trust::bundle(profiles.as_ref())
        .err()
        .or_else(|| wrong_endpoint(settings, profiles.as_ref()))
}

/// The configuration files, with the profile that is asked for. A file that cannot be read is told by the first call,
/// with what the SDK says of it.
pub(crate) async fn profiles(settings: &Settings) -> Option<ProfileSet> {
    let profile = settings.profile.clone().map(Into::into);
    let (fs, env, files) = (Fs::real(), Env::real(), EnvConfigFiles::default());
    aws_config::profile::load(&fs, &env, &files, profile)
        .await
        .ok()
}

fn wrong_endpoint(settings: &Settings, profiles: Option<&ProfileSet>) -> Option<String> {
    let ignored = std::env::var("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    if settings.endpoint.is_some() || ignored.is_ok_and(|value| value.eq_ignore_ascii_case("true"))
    {
        return None;
    }
    for (name, value) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name == "AWS_ENDPOINT_URL" || name.starts_with("AWS_ENDPOINT_URL_") {
            let value = value.to_string_lossy();
            if let Some(wrong) = wrong_url(&value) {
                return Some(format!("{name} {wrong}"));
            }
        }
    }
    let profiles = profiles?;
    let wrong = wrong_url(profiles.get("endpoint_url")?)?;
    let profile = profiles.selected_profile();
    Some(format!("endpoint_url of the profile {profile} {wrong}"))
}

/// Why this cannot be the URL of an endpoint.
fn wrong_url(url: &str) -> Option<String> {
    if url.is_empty() {
        return Some(
            "is empty: unset it, or give it a URL such as https://localhost:4566".to_owned(),
        );
    }
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?']).next().unwrap_or_default());
    match host {
        Some(host) if !host.is_empty() && !host.contains(char::is_whitespace) => None,
        _ => Some(format!(
            "is {}, which is no URL: it begins with https:// or http:// and names a host",
            Clean::new(url)
        )),
    }
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

    #[test]
    fn an_endpoint_is_a_url_with_a_host() {
        for good in [
            "https://vpce-1.ecs.amazonaws.com",
            "http://127.0.0.1:4566/",
            "http://[::1]:80",
        ] {
            assert_eq!(wrong_url(good), None, "{good}");
        }
        for bad in [
            "",
            " ",
            "localhost:4566",
            "ftp://x",
            "https://",
            "http:///x",
            "http://a b",
        ] {
            assert!(wrong_url(bad).is_some(), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_setting_that_leads_nowhere_is_told_by_its_name() {
        const TEST: &str = "settings::tests::a_setting_that_leads_nowhere_is_told_by_its_name";
        if crate::loopback::alone(TEST, &[("AWS_ENDPOINT_URL", "")]) {
            let told = check_settings(&Settings::default()).await.unwrap();
            assert!(told.starts_with("AWS_ENDPOINT_URL is empty"), "{told}");
            let endpoint = Some("http://127.0.0.1:1".to_owned());
            let given = Settings {
                endpoint,
                ..Settings::default()
            };
            assert_eq!(check_settings(&given).await, None, "it is not looked at");
        }
    }

    #[tokio::test]
    async fn a_profiles_endpoint_is_looked_at_too() {
        const TEST: &str = "settings::tests::a_profiles_endpoint_is_looked_at_too";
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        std::fs::write(&file, "[profile odd]\nendpoint_url = nowhere\n").unwrap();
        if crate::loopback::alone(TEST, &[("AWS_CONFIG_FILE", file.to_str().unwrap())]) {
            let odd = Settings {
                profile: Some("odd".into()),
                ..Settings::default()
            };
            let told = check_settings(&odd).await.unwrap();
            assert!(told.contains("profile odd is nowhere"), "{told}");
            assert_eq!(check_settings(&Settings::default()).await, None);
        }
    }

    #[tokio::test]
    async fn no_documented_value_of_the_retry_settings_panics() {
        const TEST: &str = "settings::tests::no_documented_value_of_the_retry_settings_panics";
        for (name, value) in [
            ("AWS_RETRY_MODE", "legacy"),
            ("AWS_RETRY_MODE", ""),
            ("AWS_RETRY_MODE", "nonsense"),
            ("AWS_MAX_ATTEMPTS", "0"),
            ("AWS_MAX_ATTEMPTS", "many"),
        ] {
            let keys = [
                (name, value),
                ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
                ("AWS_SECRET_ACCESS_KEY", "hush"),
                ("AWS_REGION", "us-east-1"),
            ];
            if crate::loopback::alone(TEST, &keys) {
                use ecsdeck_worker::ports::ClusterReads;
                let server = crate::loopback::Server::start(vec![crate::loopback::ok(
                    r#"{"clusterArns":[]}"#,
                )])
                .await;
                let aws = crate::Aws::new(Settings {
                    endpoint: Some(server.endpoint.clone()),
                    ..Settings::default()
                });
                aws.list_clusters(None).await.unwrap();
                return;
            }
        }
    }
}
