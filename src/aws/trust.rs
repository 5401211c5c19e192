//! Whom TLS trusts where somebody says so: the certificates of AWS_CA_BUNDLE, or of the profile's `ca_bundle`, in
//! place of the system's.
//!
//! The SDK knows neither of them. A bundle that cannot be used is refused in words before anything is sent: the SDK
//! would panic at it.

use std::path::PathBuf;

use aws_config::profile::ProfileSet;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use ecsdeck_core::text::Clean;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

const VARIABLE: &str = "AWS_CA_BUNDLE";

/// Certificates, as PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bundle(Vec<u8>);

/// The bundle that environment or profile name; none where the system's roots are to be trusted. An empty name is none,
/// as for the AWS CLI.
///
/// # Errors
/// Why it cannot be used, in words for the person.
pub(crate) fn bundle(profiles: Option<&ProfileSet>) -> Result<Option<Bundle>, String> {
    let named = |name: String, path: PathBuf| {
        let is_empty = path.as_os_str().is_empty();
        (!is_empty).then_some((name, path))
    };
    let variable = std::env::var_os(VARIABLE);
    let variable = variable.and_then(|path| named(VARIABLE.to_owned(), path.into()));
    let key = || {
        let profiles = profiles?;
        let name = format!("ca_bundle of the profile {}", profiles.selected_profile());
        named(name, profiles.get("ca_bundle")?.into())
    };
    let Some((name, path)) = variable.or_else(key) else {
        return Ok(None);
    };
    let shown = Clean::new(&path.to_string_lossy());
    let wrong = |why: String| format!("{name}: {shown} {}", Clean::new(&why));
    let pem = std::fs::read(&path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
    check(&pem).map_err(wrong)?;
    Ok(Some(Bundle(pem)))
}

fn check(pem: &[u8]) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| format!("is no PEM file: {error:?}"))?;
        let added = roots.add(certificate);
        added.map_err(|error| format!("holds a certificate that cannot be used: {error}"))?;
    }
    if roots.is_empty() {
        return Err("holds no certificate".to_owned());
    }
    Ok(())
}

/// A client that trusts these certificates alone. It obeys the proxies of the environment, as the SDK's own does.
///
/// # Errors
/// What the library says.
pub(crate) fn client(bundle: Bundle) -> Result<SharedHttpClient, String> {
    let roots = TrustStore::empty().with_pem_certificate(bundle.0);
    let context = TlsContext::builder().with_trust_store(roots).build();
    let context: tls::TlsContext = context.map_err(|error| error.to_string())?;
    // A client that is built by hand asks nobody for a proxy by itself.
    Ok(
        Builder::new().build_with_connector_fn(move |settings, components| {
            let mut connector = Connector::builder().proxy_config(ProxyConfig::from_env());
            connector.set_connector_settings(settings.cloned());
            if let Some(components) = components {
                connector.set_sleep_impl(components.sleep_impl());
            }
            connector
                .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
                .tls_context(context.clone())
                .build()
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A root that was made for this test: `openssl req -x509 -newkey ec …
    /// -subj /CN=test -days 36500`.
    const ROOT: &str = include_str!("trust/test-root.pem");

    #[test]
    fn certificates_are_taken_and_anything_else_is_refused_in_words() {
        assert_eq!(check(ROOT.as_bytes()), Ok(()));
        assert_eq!(check(format!("{ROOT}\n{ROOT}").as_bytes()), Ok(()));
        client(Bundle(ROOT.into())).unwrap();
        let cut: String = ROOT.lines().take(3).collect::<Vec<_>>().join("\n");
        let odd = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (pem, says) in [
            ("", "no certificate"),
            ("nonsense", "no certificate"),
            (odd, "cannot be used"),
            (cut.as_str(), "no PEM file"),
        ] {
            let why = check(pem.as_bytes()).unwrap_err();
            assert!(why.contains(says), "{pem}: {why}");
        }
    }
}
