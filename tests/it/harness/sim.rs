//! A simulated AWS on a loopback port, on threads of its own.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use ecsdeck_sim::{Running, SimOptions, World, start};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::PATIENCE;

/// One call that the simulator received.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) action: String,
    /// The HTTP status; none while it is not answered.
    pub(crate) status: Option<u64>,
    pub(crate) request: Value,
}

pub(crate) struct Sim {
    running: Option<Running>,
    runtime: Runtime,
}

impl Sim {
    /// A world in real time.
    pub(crate) fn of(world: &str) -> Self {
        Self::with(world, |_| {})
    }

    /// A world whose clock stands still.
    pub(crate) fn still(world: &str) -> Self {
        Self::with(world, |options| options.paused = true)
    }

    pub(crate) fn with(world: &str, change: impl FnOnce(&mut SimOptions)) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let mut options = SimOptions {
            worlds: vec![World::builtin(world).unwrap()],
            ..SimOptions::default()
        };
        change(&mut options);
        let running = runtime.block_on(start(options)).unwrap();
        Self {
            running: Some(running),
            runtime,
        }
    }

    pub(crate) fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    pub(crate) fn url(&self) -> String {
        self.running().url()
    }

    /// Adds a fault rule; its number.
    pub(crate) fn fault(&self, rule: Value) -> u64 {
        self.running().add_fault(rule).unwrap()
    }

    /// Deletes all fault rules.
    pub(crate) fn heal(&self) {
        self.running().delete_faults(None);
    }

    /// All calls so far, oldest first.
    pub(crate) fn calls(&self) -> Vec<Call> {
        let calls = self.running().calls(0);
        let text = |call: &Value, name: &str| call[name].as_str().unwrap().to_owned();
        calls
            .as_array()
            .unwrap()
            .iter()
            .map(|call| Call {
                action: text(call, "action"),
                status: call["status"].as_u64(),
                request: call["request"].clone(),
            })
            .collect()
    }

    /// The calls of an action.
    pub(crate) fn calls_of(&self, action: &str) -> Vec<Call> {
        self.calls()
            .into_iter()
            .filter(|call| call.action == action)
            .collect()
    }

    /// How many calls of each action there were.
    pub(crate) fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for call in self.calls() {
            *counts.entry(call.action).or_default() += 1;
        }
        counts
    }

    /// Waits until the simulator has received what is wanted.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, ready: impl Fn(&[Call]) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !ready(&self.calls()) {
            assert!(
                Instant::now() < end,
                "waited in vain for {what}: {:?}",
                self.counts()
            );
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// Asks an operation of the JSON protocols directly, as no client of ours would.
    pub(crate) fn ask(&self, target: &str, body: &Value) -> Value {
        ask_at(self.running().addr(), target, body)
    }

    /// Everything that the simulator holds, in its own words.
    pub(crate) fn state(&self) -> Value {
        let request = "GET /_sim/state HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        exchange(self.running().addr(), request)
    }
}

/// Asks a simulator an operation of the JSON protocols.
pub(crate) fn ask_at(address: SocketAddr, target: &str, body: &Value) -> Value {
    let body = body.to_string();
    let version = if target.starts_with("DynamoDB") {
        "1.0"
    } else {
        "1.1"
    };
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Amz-Target: {target}\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=AKIDSOMEBODY/20260101//x/aws4_request\r\n\
         Content-Type: application/x-amz-json-{version}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    exchange(address, &(head + &body))
}

fn exchange(address: SocketAddr, request: &str) -> Value {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (_, body) = reply.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

impl Drop for Sim {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
    }
}
