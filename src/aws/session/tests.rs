//! Sessions against a server of our own: time limits, credentials, clocks, and what the environment may not do.

use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use ecsdeck_core::act::{Request, UpdateService};
use ecsdeck_core::domain::{Arn, ErrorKind};
use ecsdeck_worker::ports::{ClusterReads, Reads, Writes};

use crate::load::Limits;
use crate::loopback::{Canned, Server, alone, ok, short};
use crate::{Aws, Settings};

const CLUSTERS: &str = r#"{"clusterArns":[]}"#;
const UNSIGNED: &str =
    r#"{"__type":"InvalidSignatureException","message":"Signature not yet current"}"#;

#[test]
fn making_a_console_does_nothing() {
    // There is no runtime here on which anything could be done.
    let aws = Aws::new(Settings {
        endpoint: Some("http://127.0.0.1:1".into()),
        ..Settings::default()
    });
    assert_eq!((aws.calls(), aws.date()), (0, None));
}

#[tokio::test]
async fn an_answer_that_never_comes_is_timed_out() {
    for silent in [Canned::Silence, Canned::Stall] {
        let server = Server::start(vec![silent.clone()]).await;
        let error = server.aws().list_clusters(None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::TimedOut, "{silent:?}: {error}");
    }
}

#[tokio::test]
async fn a_connection_that_cannot_be_made_is_unreachable() {
    let server = Server::start(vec![ok(CLUSTERS)]).await;
    let mut settings = server.settings();
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    for nowhere in [
        format!("http://127.0.0.1:{port}"),
        "http://nowhere.invalid".to_owned(),
    ] {
        settings.endpoint = Some(nowhere);
        let error = Aws::with_limits(settings.clone(), short())
            .list_clusters(None)
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
    }
}

#[tokio::test]
async fn a_connection_that_takes_too_long_is_unreachable() {
    // A listener whose backlog is full lets nobody in and refuses nobody.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::start(vec![ok(CLUSTERS)]).await;
    let settings = Settings {
        endpoint: Some(format!("http://{address}")),
        ..server.settings()
    };
    let mut waiting = Vec::new();
    // A kernel may let one more in after it has kept one waiting: then there is no answer, and the
    // backlog is filled up again.
    let error = loop {
        while let Ok(Ok(stream)) = tokio::time::timeout(
            Duration::from_millis(200),
            tokio::net::TcpStream::connect(address),
        )
        .await
        {
            waiting.push(stream);
        }
        let error = Aws::with_limits(settings.clone(), short())
            .list_clusters(None)
            .await
            .unwrap_err();
        if error.kind != ErrorKind::TimedOut || waiting.len() > 1_000 {
            break error;
        }
    };
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
}

#[tokio::test]
async fn a_connection_that_breaks_after_sending_may_have_been_applied() {
    let server = Server::start(vec![Canned::Hangup]).await;
    let error = server.aws().list_clusters(None).await.unwrap_err();
    assert!(error.may_have_been_applied(), "{error:?}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_failure_is_not_tried_again_here() {
    let throttled = Canned::Answer(
        400,
        "-",
        r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#,
    );
    let server = Server::start(vec![throttled]).await;
    let aws = server.aws();
    let error = aws.list_clusters(None).await.unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (ErrorKind::Throttled, "Rate exceeded")
    );
    assert_eq!(error.request_id.as_deref(), Some("req-1"));
    assert_eq!((aws.calls(), server.requests().len()), (1, 1));
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_malformed() {
    let server = Server::start(vec![ok("<html>welcome to the hotel</html>")]).await;
    assert_eq!(
        server.aws().list_clusters(None).await.unwrap_err().kind,
        ErrorKind::Malformed
    );
}

/// The `Date` of a server whose clock is ten minutes ahead of ours.
fn ten_minutes_ahead() -> &'static str {
    let then = DateTime::from(SystemTime::now() + Duration::from_secs(600));
    then.fmt(Format::HttpDate).unwrap().leak()
}

/// By how many minutes the time that a request was signed with is ahead of ours, roughly.
fn minutes_ahead(request: &str) -> i64 {
    let (_, signed) = request.split_once("x-amz-date: ").unwrap();
    // 20261121T120000Z
    let signed: jiff::Timestamp = jiff::fmt::strtime::parse(
        "%Y%m%dT%H%M%S%z",
        signed.get(..15).unwrap().to_owned() + "+0000",
    )
    .and_then(|signed| signed.to_timestamp())
    .unwrap();
    (signed.as_second() - jiff::Timestamp::now().as_second() + 30).div_euclid(60)
}

#[tokio::test]
async fn a_wrong_clock_is_set_right_by_the_refusal() {
    let ahead = ten_minutes_ahead();
    let server = Server::start(vec![
        Canned::Answer(400, ahead, UNSIGNED),
        Canned::Answer(200, ahead, CLUSTERS),
    ])
    .await;
    let aws = server.aws();
    aws.list_clusters(None).await.unwrap();
    aws.list_clusters(None).await.unwrap();
    let signed: Vec<_> = server
        .requests()
        .iter()
        .map(|request| minutes_ahead(request))
        .collect();
    assert_eq!(signed, [0, 10, 10]);
    assert_eq!(aws.calls(), 3, "the refused one is counted");
}

#[tokio::test]
async fn a_writer_signs_with_the_time_that_readers_were_told() {
    let server = Server::start(vec![Canned::Answer(200, ten_minutes_ahead(), CLUSTERS)]).await;
    let aws = server.aws();
    aws.list_clusters(None).await.unwrap();
    let request = Request::UpdateService(UpdateService {
        cluster: Arn::new("prod"),
        service: Arn::new("web"),
        desired_count: Some(1),
        task_definition: None,
        force_new_deployment: false,
    });
    aws.writer(crate::punctual::awake())
        .send(&request, Duration::MAX)
        .await
        .unwrap();
    assert_eq!(minutes_ahead(&server.requests()[1]), 10);
}

#[tokio::test]
async fn a_wrong_signature_with_a_right_clock_is_told_at_once() {
    let server = Server::start(vec![Canned::Answer(400, "-", UNSIGNED)]).await;
    let error = server.aws().list_clusters(None).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::WrongCredentials);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn isolated_means_that_the_environment_is_not_looked_at() {
    let hostile = [
        ("AWS_PROFILE", "nobody"),
        ("AWS_REGION", "mars-1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL_ECS", "http://127.0.0.1:1"),
        ("AWS_ACCESS_KEY_ID", "AKIAREAL"),
        ("AWS_SECRET_ACCESS_KEY", "real"),
        ("AWS_USE_FIPS_ENDPOINT", "true"),
        ("HTTP_PROXY", "http://127.0.0.1:1"),
        ("http_proxy", "http://127.0.0.1:1"),
    ];
    if alone(
        "session::tests::isolated_means_that_the_environment_is_not_looked_at",
        &hostile,
    ) {
        let server = Server::start(vec![ok(CLUSTERS)]).await;
        server.aws().list_clusters(None).await.unwrap();
        let request = &server.requests()[0];
        assert!(
            request.contains("Credential=AKIAEXAMPLE/") && request.contains("/us-east-1/ecs/"),
            "{request}"
        );
        assert!(request.contains("app/ecsdeck"), "{request}");
    }
}

#[tokio::test]
async fn an_isolated_console_does_not_go_to_the_real_aws() {
    let server = Server::start(vec![ok(CLUSTERS)]).await;
    for settings in [
        Settings {
            endpoint: None,
            ..server.settings()
        },
        Settings {
            credentials: None,
            ..server.settings()
        },
        Settings {
            region: None,
            ..server.settings()
        },
    ] {
        let aws = Aws::new(settings);
        assert_eq!(
            aws.list_clusters(None).await.unwrap_err().kind,
            ErrorKind::Invalid
        );
        assert_eq!(aws.calls(), 0);
    }
}

fn keys(id: &str) -> String {
    format!(
        "[staging]\naws_access_key_id = {id}\naws_secret_access_key = hush\nregion = eu-west-1\n"
    )
}

/// A console of the profile `staging`, whose only file is this one.
fn staging(server: &Server) -> Aws {
    let settings = Settings {
        profile: Some("staging".into()),
        endpoint: Some(server.endpoint.clone()),
        ..Settings::default()
    };
    Aws::new(settings)
}

#[tokio::test]
async fn a_profile_asked_for_by_name_beats_keys_in_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials");
    std::fs::write(&file, keys("AKIASTAGING")).unwrap();
    let environment = [
        ("AWS_SHARED_CREDENTIALS_FILE", file.to_str().unwrap()),
        ("AWS_ACCESS_KEY_ID", "AKIAPRODUCTION"),
        ("AWS_SECRET_ACCESS_KEY", "hush"),
    ];
    if alone(
        "session::tests::a_profile_asked_for_by_name_beats_keys_in_the_environment",
        &environment,
    ) {
        let server = Server::start(vec![ok(CLUSTERS)]).await;
        let aws = staging(&server);
        aws.list_clusters(None).await.unwrap();
        let request = &server.requests()[0];
        assert!(
            request.contains("Credential=AKIASTAGING/") && request.contains("/eu-west-1/ecs/"),
            "{request}"
        );
        assert_eq!(aws.region().await.as_deref(), Some("eu-west-1"));
    }
}

#[tokio::test]
async fn a_login_made_elsewhere_is_found_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials");
    let environment = [
        ("AWS_SHARED_CREDENTIALS_FILE", file.to_str().unwrap()),
        ("AWS_REGION", "us-east-1"),
    ];
    if alone(
        "session::tests::a_login_made_elsewhere_is_found_without_a_restart",
        &environment,
    ) {
        let file = std::env::var("AWS_SHARED_CREDENTIALS_FILE").unwrap();
        std::fs::write(&file, keys("AKIAOTHER").replace("staging", "other")).unwrap();
        let server = Server::start(vec![ok(CLUSTERS)]).await;
        let aws = staging(&server);
        let error = aws.list_clusters(None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NoCredentials, "{error}");
        assert!(error.message.contains("staging"), "{error}");
        for id in ["AKIAFIRST", "AKIASECOND"] {
            std::fs::write(&file, keys(id)).unwrap();
            aws.renew().await.unwrap();
            aws.list_clusters(None).await.unwrap();
            assert!(server.requests().last().unwrap().contains(id));
        }
        assert_eq!(aws.calls(), 2, "the count goes on");
    }
}

#[tokio::test]
async fn without_any_credentials_nothing_is_sent() {
    if alone(
        "session::tests::without_any_credentials_nothing_is_sent",
        &[],
    ) {
        let server = Server::start(vec![ok(CLUSTERS)]).await;
        let settings = Settings {
            region: Some("us-east-1".into()),
            endpoint: Some(server.endpoint.clone()),
            ..Settings::default()
        };
        let aws = Aws::new(settings);
        let error = aws.list_clusters(None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NoCredentials, "{error}");
        assert_eq!((aws.calls(), server.requests().len()), (0, 0));
    }
}

#[tokio::test]
async fn without_a_region_it_is_said_how_to_give_one() {
    if alone(
        "session::tests::without_a_region_it_is_said_how_to_give_one",
        &[],
    ) {
        let aws = Aws::new(Settings::default());
        assert_eq!(aws.region().await, None);
        assert!(
            aws.list_clusters(None)
                .await
                .unwrap_err()
                .message
                .contains("AWS_REGION")
        );
    }
}

#[tokio::test]
async fn credentials_that_take_too_long_are_known_not_to_have_been_used() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    std::fs::write(
        &file,
        "[profile staging]\nregion = eu-west-1\ncredential_process = sleep 5\n",
    )
    .unwrap();
    let environment = [("AWS_CONFIG_FILE", file.to_str().unwrap())];
    if alone(
        "session::tests::credentials_that_take_too_long_are_known_not_to_have_been_used",
        &environment,
    ) {
        let server = Server::start(vec![ok(CLUSTERS)]).await;
        let settings = Settings {
            profile: Some("staging".into()),
            endpoint: Some(server.endpoint.clone()),
            ..Settings::default()
        };
        let aws = Aws::with_limits(settings, short());
        let error = aws.list_clusters(None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
        assert_eq!(aws.calls(), 0);
    }
}

#[tokio::test]
async fn a_server_that_cannot_speak_tls_is_unreachable() {
    use tokio::io::AsyncWriteExt;
    if alone(
        "session::tests::a_server_that_cannot_speak_tls_is_unreachable",
        &[],
    ) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .await
                .unwrap();
            std::future::pending::<()>().await;
        });
        let server = Server::start(vec![ok(CLUSTERS)]).await;
        let settings = Settings {
            isolated: false,
            endpoint: Some(format!("https://{address}")),
            ..server.settings()
        };
        let aws = Aws::with_limits(
            settings,
            Limits {
                connect: Duration::from_secs(5),
                ..Limits::default()
            },
        );
        let error = aws.list_clusters(None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
        assert!(!error.message.contains("timeout"), "{error}");
    }
}
