//! A server on a loopback port that answers with canned replies, one a
//! connection in turn, and keeps what it was sent. For tests only.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::load::Limits;
use crate::{Aws, Settings, StaticKeys};

/// What the server does with one request.
#[derive(Clone, Debug)]
pub(crate) enum Canned {
    /// Answers with status, `Date` and body.
    Answer(u16, &'static str, &'static str),
    /// Never answers.
    Silence,
    /// Answers with headers and a half of the body, and then nothing more.
    Stall,
    /// Answers with a body that never ends, as fast as it is read.
    Flood,
    /// Closes the connection once it has the request.
    Hangup,
}

/// The server; it ends with the test's runtime.
pub(crate) struct Server {
    pub(crate) endpoint: String,
    requests: Arc<Mutex<Vec<String>>>,
}

/// The server's clock: far from that of whoever runs the tests.
pub(crate) const DATE: &str = "Thu, 01 Jan 2037 00:00:00 GMT";

/// A plain good answer.
pub(crate) fn ok(body: &'static str) -> Canned {
    Canned::Answer(200, DATE, body)
}

impl Server {
    /// Gives these replies in turn, and the last one again and again.
    pub(crate) async fn start(replies: Vec<Canned>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            let mut replies = replies.into_iter().peekable();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let reply = replies.next().unwrap();
                if replies.peek().is_none() {
                    replies = vec![reply.clone()].into_iter().peekable();
                }
                tokio::spawn(serve(stream, reply, Arc::clone(&seen)));
            }
        });
        Self { endpoint, requests }
    }

    /// The requests so far, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The body of a request, as JSON.
    pub(crate) fn body(&self, at: usize) -> serde_json::Value {
        let requests = self.requests();
        serde_json::from_str(requests[at].split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    /// Settings that lead here.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            region: Some("us-east-1".into()),
            endpoint: Some(self.endpoint.clone()),
            credentials: Some(StaticKeys {
                access_key: "AKIAEXAMPLE".into(),
                secret_key: "hush".into(),
            }),
            isolated: true,
            profile: None,
        }
    }

    /// A console that asks here, and does not wait long.
    pub(crate) fn aws(&self) -> Aws {
        Aws::with_limits(self.settings(), short())
    }
}

/// Runs a test once more in a process of its own that has this environment and
/// no other AWS setting: a process cannot change its own environment safely.
/// True in that process; false, once it has passed, in the first one.
pub(crate) fn alone(test: &str, environment: &[(&str, &str)]) -> bool {
    const MARK: &str = "ECSDECK_TEST_ALONE";
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("AWS_") || name.to_ascii_lowercase().ends_with("_proxy") {
            command.env_remove(name);
        }
    }
    let nowhere = [
        ("AWS_CONFIG_FILE", "/nowhere/config"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    command
        .args([test, "--exact"])
        .envs(nowhere)
        .envs(environment.iter().copied())
        .env(MARK, "1");
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && told.contains("1 passed"),
        "{test}: {told}"
    );
    false
}

/// Limits that a test can wait for.
pub(crate) fn short() -> Limits {
    let (brief, longer) = (Duration::from_millis(300), Duration::from_millis(600));
    Limits {
        connect: brief,
        read: brief,
        credentials: brief,
        call: longer,
    }
}

async fn serve(mut stream: TcpStream, reply: Canned, seen: Arc<Mutex<Vec<String>>>) {
    let request = read(&mut stream).await;
    seen.lock().unwrap().push(request);
    let (status, date, body, length) = match reply {
        Canned::Answer(status, date, body) => (status, date, body, body.len()),
        Canned::Stall => (200, DATE, "{", 100),
        Canned::Flood => return flood(stream).await,
        Canned::Hangup => return,
        Canned::Silence => return std::future::pending().await,
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\nDate: {date}\r\nContent-Type: application/x-amz-json-1.1\r\n\
         x-amzn-RequestId: req-1\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    if length > body.len() {
        std::future::pending().await
    }
}

/// Sends chunks until nobody takes them any more.
async fn flood(mut stream: TcpStream) {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x1_0000));
    let mut more = stream.write_all(head.as_bytes()).await;
    while more.is_ok() {
        more = stream.write_all(chunk.as_bytes()).await;
    }
}

/// Reads head and body of one request.
async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.trim().parse().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        let read = stream.read(&mut buffer).await.unwrap();
        assert!(read > 0, "the request broke off: {text}");
        bytes.extend_from_slice(&buffer[..read]);
    }
}
