//! `/_sim/`: the clock, the state, the calls and the faults of a simulator.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Millis;
use crate::server::Shared;

/// What a control request answers with.
pub(crate) type Controlled = Result<Value, (StatusCode, String)>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pace {
    paused: Option<bool>,
    speed: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, (StatusCode, String)> {
    serde_json::from_slice(body).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

/// The value of a parameter of a query string.
fn parameter(query: &str, name: &str) -> Option<u64> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| value.parse().ok())
}

fn clock(shared: &Shared) -> Value {
    let (speed, paused) = shared.clock.pace();
    json!({ "now": shared.clock.now().rfc3339(), "speed": speed, "paused": paused })
}

/// Everything that the simulator holds.
pub(crate) fn state(shared: &Shared) -> Value {
    let mut state = shared.with_clouds(|clouds, now| {
        clouds.advance(now);
        clouds.dump()
    });
    if let Some(state) = state.as_object_mut() {
        state.insert("clock".to_owned(), clock(shared));
    }
    state
}

/// Answers a request below `/_sim/`.
pub(crate) fn control(
    shared: &Shared,
    method: &Method,
    path: &str,
    query: &str,
    body: &[u8],
) -> Controlled {
    match (method.as_str(), path) {
        ("GET", "clock") => Ok(clock(shared)),
        ("POST", "clock") => {
            let pace: Pace = read(body)?;
            shared.clock.set(pace.paused, pace.speed);
            Ok(clock(shared))
        }
        ("POST", "advance") => {
            let Advance { seconds } = read(body)?;
            if !(0.0..=1e9).contains(&seconds) {
                let message = "seconds must be between 0 and 1e9".to_owned();
                return Err((StatusCode::BAD_REQUEST, message));
            }
            #[expect(clippy::cast_possible_truncation, reason = "at most 1e12")]
            let span = (seconds * 1_000.0) as Millis;
            shared.advance(span);
            Ok(clock(shared))
        }
        ("GET", "state") => Ok(state(shared)),
        ("GET", "calls") => Ok(shared
            .calls
            .since(parameter(query, "since").unwrap_or_default())),
        ("GET", "faults") => Ok(shared.faults.list()),
        ("POST", "faults") => {
            let rule = read(body)?;
            let id = shared
                .faults
                .add(rule, shared.clock.now())
                .map_err(|error| (StatusCode::BAD_REQUEST, error))?;
            Ok(json!({ "id": id }))
        }
        ("DELETE", "faults") => {
            shared.faults.delete(parameter(query, "id"));
            Ok(shared.faults.list())
        }
        ("DELETE", path) if path.starts_with("faults/") => {
            let id = path.trim_start_matches("faults/").parse();
            let id = id.map_err(|_| (StatusCode::NOT_FOUND, "no such rule".to_owned()))?;
            shared.faults.delete(Some(id));
            Ok(shared.faults.list())
        }
        _ => Err((StatusCode::NOT_FOUND, format!("nothing at /_sim/{path}"))),
    }
}
