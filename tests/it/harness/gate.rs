//! A gate in front of the simulator that lets calls through in rounds.
//!
//! It holds every request until none has come for a while and none is being answered; all that
//! wait then are one round: nothing in it can have depended on an answer to another. A test
//! lets one round after the other through, so the number of rounds is exact.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::{PATIENCE, Sim};

/// Nothing has come for so long: nothing comes any more that does not depend on an answer.
const QUIET: Duration = Duration::from_millis(400);

struct State {
    /// What the requests that wait ask for.
    waiting: Vec<String>,
    /// Requests that were let through and are not answered.
    under_way: usize,
    /// When something last came or was answered.
    stirred: Instant,
    /// Rounds that were let through.
    round: u64,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

pub(crate) struct Gate {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Gate {
    pub(crate) fn before(sim: &Sim) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = State {
            waiting: Vec::new(),
            under_way: 0,
            stirred: Instant::now(),
            round: 0,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
        });
        let upstream = sim.running().addr();
        let each = Arc::clone(&shared);
        // The threads end with their connections, at the latest with the test's process.
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, shared) = (client.unwrap(), Arc::clone(&each));
                std::thread::spawn(move || pass_on(&client, upstream, &shared));
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until a round is complete and lets it through; what it asked for, sorted.
    #[track_caller]
    pub(crate) fn round(&self) -> Vec<String> {
        let end = Instant::now() + PATIENCE;
        let mut state = self.shared.lock();
        loop {
            let quiet = state.stirred.elapsed();
            if !state.waiting.is_empty() && state.under_way == 0 && quiet >= QUIET {
                break;
            }
            assert!(
                Instant::now() < end,
                "no further round comes: {:?}",
                state.waiting
            );
            state = self
                .shared
                .changed
                .wait_timeout(state, QUIET.saturating_sub(quiet).max(QUIET / 8))
                .unwrap()
                .0;
        }
        let mut round = std::mem::take(&mut state.waiting);
        state.under_way = round.len();
        state.round += 1;
        self.shared.changed.notify_all();
        round.sort();
        round
    }

    /// Whether anything waits that was not let through.
    pub(crate) fn is_waited_at(&self) -> bool {
        !self.shared.lock().waiting.is_empty()
    }
}

fn pass_on(client: &TcpStream, upstream: SocketAddr, shared: &Shared) {
    let mut from_client = BufReader::new(client);
    let server = TcpStream::connect(upstream).unwrap();
    let mut from_server = BufReader::new(&server);
    while let Some((head, body)) = message(&mut from_client) {
        let mut state = shared.lock();
        let round = state.round;
        state.waiting.push(asked_for(&head, &body));
        state.stirred = Instant::now();
        shared.changed.notify_all();
        while state.round == round {
            state = shared.changed.wait(state).unwrap();
        }
        drop(state);
        let mut to_server = &server;
        to_server.write_all(head.as_bytes()).unwrap();
        to_server.write_all(&body).unwrap();
        let reply = message(&mut from_server);
        let mut state = shared.lock();
        state.under_way -= 1;
        state.stirred = Instant::now();
        shared.changed.notify_all();
        drop(state);
        let Some((head, body)) = reply else { return };
        let mut to_client = client;
        // A client that has gone wants no answer.
        if to_client
            .write_all(head.as_bytes())
            .and_then(|()| to_client.write_all(&body))
            .is_err()
        {
            return;
        }
    }
}

/// One HTTP/1.1 message with a length: its head and its body.
fn message(from: &mut impl BufRead) -> Option<(String, Vec<u8>)> {
    let mut head = String::new();
    loop {
        let before = head.len();
        if from.read_line(&mut head).unwrap_or(0) == 0 {
            return None;
        }
        if head.get(before..).unwrap_or_default().trim().is_empty() {
            break;
        }
    }
    let length = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines
        .filter(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
        .next()
}

/// The operation that a request names.
fn asked_for(head: &str, body: &[u8]) -> String {
    if let Some((_, action)) =
        header(head, "x-amz-target").and_then(|target| target.split_once('.'))
    {
        return action.to_owned();
    }
    let body = String::from_utf8_lossy(body);
    body.split('&')
        .find_map(|pair| pair.strip_prefix("Action="))
        .unwrap_or("?")
        .to_owned()
}
