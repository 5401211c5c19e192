//! Every setting that AWS documents: honoured, refused in plain words, or ignored by a list that the README has.
//!
//! source: AWS SDKs and Tools Reference Guide, "Settings reference"; AWS CLI user guide, "Environment variables" and
//! "Configuration and credential file settings".

use std::collections::BTreeSet;

use crate::harness::{Home, Ran, Sim};

/// What becomes of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is honoured; what makes no sense is refused, or taken for absent as the SDK takes it.
    Honoured,
    /// It is honoured only while credentials are looked for elsewhere than in the environment.
    Credentials,
    /// Nothing looks at it.
    Ignored,
}
use Fate::{Credentials, Honoured, Ignored};

/// Variables, each with values that are valid.
const VARIABLES: &[(&str, &[&str], Fate)] = &[
    ("AWS_ACCESS_KEY_ID", &["AKIAIOSFODNN7EXAMPLE"], Honoured),
    (
        "AWS_SECRET_ACCESS_KEY",
        &["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
        Honoured,
    ),
    ("AWS_SESSION_TOKEN", &["token"], Honoured),
    ("AWS_ACCOUNT_ID", &["123456789012"], Honoured),
    (
        "AWS_ACCOUNT_ID_ENDPOINT_MODE",
        &["preferred", "disabled", "required"],
        Honoured,
    ),
    ("AWS_AUTH_SCHEME_PREFERENCE", &["sigv4", "sigv4a"], Honoured),
    ("AWS_CA_BUNDLE", &[], Honoured),
    ("AWS_CONFIG_FILE", &["/dev/null"], Honoured),
    ("AWS_SHARED_CREDENTIALS_FILE", &["/dev/null"], Honoured),
    ("AWS_PROFILE", &[], Honoured),
    ("AWS_DEFAULT_PROFILE", &[], Ignored),
    ("AWS_REGION", &["us-east-1", "eu-west-1"], Honoured),
    ("AWS_DEFAULT_REGION", &["us-east-1"], Honoured),
    ("AWS_ENDPOINT_URL", &[], Honoured),
    ("AWS_ENDPOINT_URL_ECS", &[], Honoured),
    ("AWS_ENDPOINT_URL_STS", &[], Honoured),
    ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", &["false"], Honoured),
    ("AWS_USE_DUALSTACK_ENDPOINT", &["true", "false"], Honoured),
    ("AWS_USE_FIPS_ENDPOINT", &["true", "false"], Honoured),
    ("AWS_SDK_UA_APP_ID", &["app"], Honoured),
    (
        "AWS_DISABLE_REQUEST_COMPRESSION",
        &["true", "false"],
        Honoured,
    ),
    (
        "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES",
        &["0", "10240"],
        Honoured,
    ),
    (
        "AWS_REQUEST_CHECKSUM_CALCULATION",
        &["when_supported", "when_required"],
        Honoured,
    ),
    (
        "AWS_RESPONSE_CHECKSUM_VALIDATION",
        &["when_supported", "when_required"],
        Honoured,
    ),
    ("AWS_SIGV4A_SIGNING_REGION_SET", &["*"], Honoured),
    ("HTTP_PROXY", &[], Honoured),
    ("HTTPS_PROXY", &["http://127.0.0.1:1"], Honoured),
    ("NO_PROXY", &["127.0.0.1", "*"], Honoured),
    (
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        &["/x"],
        Credentials,
    ),
    (
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        &["http://127.0.0.1:1/x"],
        Credentials,
    ),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN", &["token"], Credentials),
    (
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        &["/dev/null"],
        Credentials,
    ),
    ("AWS_EC2_METADATA_DISABLED", &["true"], Credentials),
    (
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        &["http://127.0.0.1:1"],
        Credentials,
    ),
    (
        "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
        &["IPv4", "IPv6"],
        Credentials,
    ),
    ("AWS_EC2_METADATA_V1_DISABLED", &["true"], Credentials),
    ("AWS_EC2_INSTANCE_PROFILE_NAME", &["role"], Credentials),
    ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", &["1"], Credentials),
    ("AWS_METADATA_SERVICE_TIMEOUT", &["1"], Credentials),
    (
        "AWS_ROLE_ARN",
        &["arn:aws:iam::123456789012:role/x"],
        Credentials,
    ),
    ("AWS_ROLE_SESSION_NAME", &["name"], Credentials),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", &["/dev/null"], Credentials),
    ("AWS_LOGIN_CACHE_DIRECTORY", &["/tmp"], Credentials),
    (
        "AWS_RETRY_MODE",
        &["standard", "adaptive", "legacy"],
        Ignored,
    ),
    ("AWS_MAX_ATTEMPTS", &["1", "5"], Ignored),
    ("AWS_NEW_RETRIES_2026", &["true"], Ignored),
    (
        "AWS_DEFAULTS_MODE",
        &["standard", "legacy", "auto", "mobile"],
        Ignored,
    ),
    ("AWS_DISABLE_HOST_PREFIX_INJECTION", &["true"], Ignored),
    ("AWS_ENABLE_ENDPOINT_DISCOVERY", &["true"], Ignored),
    (
        "AWS_STS_REGIONAL_ENDPOINTS",
        &["regional", "legacy"],
        Ignored,
    ),
    ("AWS_S3_USE_ARN_REGION", &["true"], Ignored),
    ("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", &["regional"], Ignored),
    (
        "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS",
        &["true"],
        Ignored,
    ),
    ("AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", &["true"], Ignored),
    ("AWS_SDK_LOAD_CONFIG", &["1"], Ignored),
    ("AWS_PAGER", &["less"], Ignored),
    ("AWS_DEFAULT_OUTPUT", &["json"], Ignored),
    ("AWS_CLI_AUTO_PROMPT", &["on"], Ignored),
    ("AWS_CLI_FILE_ENCODING", &["UTF-8"], Ignored),
    ("AWS_CLI_HISTORY_FILE", &["/tmp/x"], Ignored),
    ("AWS_DATA_PATH", &["/tmp"], Ignored),
    ("AWS_CLI_S3_MV_VALIDATE_SAME_S3_PATHS", &["true"], Ignored),
];

/// Keys of a profile, each with values that are valid.
const KEYS: &[(&str, &[&str], Fate)] = &[
    ("aws_access_key_id", &["AKIAIOSFODNN7EXAMPLE"], Honoured),
    (
        "aws_secret_access_key",
        &["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
        Honoured,
    ),
    ("aws_session_token", &["token"], Honoured),
    ("aws_account_id", &["123456789012"], Honoured),
    (
        "account_id_endpoint_mode",
        &["preferred", "disabled", "required"],
        Honoured,
    ),
    ("auth_scheme_preference", &["sigv4"], Honoured),
    ("ca_bundle", &[], Honoured),
    ("region", &["us-east-1"], Honoured),
    ("endpoint_url", &[], Honoured),
    ("ignore_configured_endpoint_urls", &["false"], Honoured),
    ("services", &["none"], Honoured),
    ("use_dualstack_endpoint", &["true"], Honoured),
    ("use_fips_endpoint", &["true"], Honoured),
    ("sdk_ua_app_id", &["app"], Honoured),
    ("disable_request_compression", &["true"], Honoured),
    ("request_min_compression_size_bytes", &["10240"], Honoured),
    ("request_checksum_calculation", &["when_required"], Honoured),
    ("response_checksum_validation", &["when_required"], Honoured),
    ("sigv4a_signing_region_set", &["*"], Honoured),
    (
        "credential_process",
        &["/bin/false", "/no/such/thing"],
        Credentials,
    ),
    (
        "credential_source",
        &["Environment", "EcsContainer", "Ec2InstanceMetadata"],
        Credentials,
    ),
    ("source_profile", &["base"], Credentials),
    (
        "role_arn",
        &["arn:aws:iam::123456789012:role/x"],
        Credentials,
    ),
    ("role_session_name", &["name"], Credentials),
    ("external_id", &["id"], Credentials),
    ("duration_seconds", &["900"], Credentials),
    (
        "mfa_serial",
        &["arn:aws:iam::123456789012:mfa/x"],
        Credentials,
    ),
    ("web_identity_token_file", &["/dev/null"], Credentials),
    ("sso_session", &["my"], Credentials),
    (
        "sso_start_url",
        &["https://x.awsapps.com/start"],
        Credentials,
    ),
    ("sso_region", &["us-east-1"], Credentials),
    ("sso_account_id", &["123456789012"], Credentials),
    ("sso_role_name", &["x"], Credentials),
    (
        "login_session",
        &["arn:aws:iam::123456789012:user/x"],
        Credentials,
    ),
    (
        "ec2_metadata_service_endpoint",
        &["http://127.0.0.1:1"],
        Credentials,
    ),
    ("ec2_metadata_service_endpoint_mode", &["IPv4"], Credentials),
    ("ec2_metadata_v1_disabled", &["true"], Credentials),
    ("metadata_service_num_attempts", &["1"], Credentials),
    ("metadata_service_timeout", &["1"], Credentials),
    ("retry_mode", &["standard", "legacy"], Ignored),
    ("max_attempts", &["1"], Ignored),
    ("defaults_mode", &["standard"], Ignored),
    ("disable_host_prefix_injection", &["true"], Ignored),
    ("endpoint_discovery_enabled", &["true"], Ignored),
    ("sts_regional_endpoints", &["regional"], Ignored),
    ("api_versions", &["x"], Ignored),
    ("parameter_validation", &["true"], Ignored),
    ("tcp_keepalive", &["true"], Ignored),
    ("output", &["json"], Ignored),
    ("cli_auto_prompt", &["on"], Ignored),
    ("cli_binary_format", &["base64"], Ignored),
    ("cli_follow_urlparam", &["false"], Ignored),
    ("cli_history", &["enabled"], Ignored),
    ("cli_pager", &["less"], Ignored),
    ("cli_timestamp_format", &["iso8601"], Ignored),
    ("s3", &["x"], Ignored),
    ("s3_use_arn_region", &["true"], Ignored),
    ("s3_us_east_1_regional_endpoint", &["regional"], Ignored),
    ("s3_disable_multiregion_access_points", &["true"], Ignored),
    ("s3_disable_express_session_auth", &["true"], Ignored),
];

const EMPTY: &str = "";
const NONSENSE: &str = "n\u{f6}n\u{2014} sense\t%zz";

/// Whether this row is one that this run looks at: each of them in the long form.
fn is_drawn(number: usize) -> bool {
    std::env::var_os("ECSDECK_LONG_TESTS").is_some() || number.is_multiple_of(5)
}

/// Holds a run against what must hold whatever the settings are.
fn is_orderly(told: &str, ran: &Ran) {
    let code = ran.code.unwrap_or(-1);
    assert!((0..=5).contains(&code), "{told} ends with {code}: {ran:?}");
    let said = &ran.stderr;
    assert!(!said.contains("panicked"), "{told}: {said}");
    for inner in ["Error {", "Some(", "DispatchFailure", "unhandled error"] {
        assert!(
            !said.contains(inner),
            "{told} is told in the library's words: {said}"
        );
    }
    // Bad news of the world itself is no error.
    assert!(code < 2 || said.contains("Error: "), "{told}: {ran:?}");
}

fn holds(name: &str, valid: bool, fate: Fate, whole: &Ran, told: &str, ran: &Ran) -> bool {
    is_orderly(told, ran);
    let as_before = ran.code == whole.code && ran.stdout == whole.stdout;
    match fate {
        // Where nothing looks at it nothing changes.
        Ignored => assert!(as_before, "{told} changes something: {ran:?}"),
        // With keys in the environment nothing else is looked for.
        Credentials => assert!(
            as_before || name.starts_with(char::is_lowercase),
            "{told}: {ran:?}"
        ),
        Honoured => assert!(
            !valid || as_before || ran.code == Some(3) || name.contains("REGION"),
            "{told}: {ran:?}"
        ),
    }
    as_before
}

#[test]
fn no_value_of_a_documented_variable_panics_or_hangs() {
    let sim = Sim::still("short-drama");
    let whole = Home::on(&sim).run(&["status"]).ends(1);
    let (mut cases, mut unchanged) = (0, 0);
    for (number, (name, values, fate)) in VARIABLES.iter().enumerate() {
        if !is_drawn(number) {
            continue;
        }
        let values = values.iter().map(|value| (*value, true));
        for (value, valid) in values.chain([(EMPTY, false), (NONSENSE, false)]) {
            let ran = Home::on(&sim).env(name, value).run(&["status"]);
            let told = format!("{name}={value:?}");
            unchanged += u32::from(holds(name, valid, *fate, &whole, &told, &ran));
            cases += 1;
        }
    }
    println!("{cases} values of variables, {unchanged} change nothing, 0 panics, 0 hangs");
}

#[test]
fn no_value_of_a_documented_key_panics_or_hangs() {
    let sim = Sim::still("short-drama");
    let keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n";
    let run = |line: &str| {
        let home = Home::on(&sim);
        let text = format!("[profile base]\n{keys}\n[profile p]\n{keys}{line}\n");
        let file = home.write("aws-config", &text);
        let home = home
            .env("AWS_CONFIG_FILE", file.to_str().unwrap())
            .without_keys();
        home.run(&["--profile", "p", "status"])
    };
    let whole = run("").ends(1);
    let (mut cases, mut unchanged) = (0, 0);
    for (number, (name, values, fate)) in KEYS.iter().enumerate() {
        if !is_drawn(number) {
            continue;
        }
        let values = values.iter().map(|value| (*value, true));
        for (value, valid) in values.chain([(EMPTY, false), (NONSENSE, false)]) {
            let told = format!("{name} = {value}");
            let ran = run(&told);
            unchanged += u32::from(holds(name, valid, *fate, &whole, &told, &ran));
            cases += 1;
        }
    }
    println!("{cases} values of keys, {unchanged} change nothing, 0 panics, 0 hangs");
}

#[test]
fn the_readme_lists_what_is_ignored() {
    let readme = include_str!("../../README.md");
    let listed = readme
        .split_once("Ignored are")
        .and_then(|(_, rest)| rest.split_once("\n\n"))
        .map(|(list, _)| list)
        .unwrap();
    let listed: BTreeSet<&str> = listed.split('`').skip(1).step_by(2).collect();
    let rows = VARIABLES.iter().chain(KEYS);
    let ignored = rows.filter(|(_, _, fate)| *fate == Ignored);
    let ignored: BTreeSet<&str> = ignored.map(|(name, _, _)| *name).collect();
    assert_eq!(listed, ignored);
}

#[test]
fn a_bundle_of_certificates_that_cannot_be_used_is_told_before_anything_is_sent() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let empty = home.write("empty.pem", "");
    let good = home.write(
        "root.pem",
        include_str!("../../src/aws/trust/test-root.pem"),
    );
    for (path, says) in [
        ("/no/such/file", "cannot be read"),
        (empty.to_str().unwrap(), "no certificate"),
    ] {
        let ran = Home::on(&sim)
            .env("AWS_CA_BUNDLE", path)
            .run(&["status"])
            .ends(2);
        assert!(
            ran.stderr.contains("AWS_CA_BUNDLE: ") && ran.stderr.contains(says),
            "{ran:?}"
        );
    }
    assert!(sim.calls().is_empty());
    let good = Home::on(&sim).env("AWS_CA_BUNDLE", good.to_str().unwrap());
    good.run(&["status"]).ends(1);
}

#[test]
fn a_proxy_is_asked_whosever_certificates_are_trusted() {
    let sim = Sim::of("short-drama");
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/src/aws/trust/test-root.pem");
    for bundle in [None, Some(root)] {
        let home = || {
            let home = Home::on(&sim).env("HTTP_PROXY", "http://127.0.0.1:1");
            match bundle {
                Some(bundle) => home.env("AWS_CA_BUNDLE", bundle),
                None => home,
            }
        };
        // Nobody listens where the proxy should be.
        home().run(&["status"]).ends(3);
        assert!(sim.calls().is_empty(), "{bundle:?}");
    }
    let home = Home::on(&sim).env("HTTP_PROXY", "http://127.0.0.1:1");
    let home = home.env("NO_PROXY", "127.0.0.1").env("AWS_CA_BUNDLE", root);
    home.run(&["status"]).ends(1);
}
