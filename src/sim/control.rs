//! `/_sim/`: the clock, the state, the calls and the faults of a simulator.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Millis;
use crate::server::Shared;

/// The longest time that one call moves the clock by, in seconds: a day.
const LONGEST: f64 = 86_400.0;

/// The fastest that the clock runs, in virtual seconds a wall second.
const FASTEST: f64 = 3_600.0;

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

/// The host in `host:port`, `[::1]:port` or an origin such as `http://host:port`.
fn host_of(text: &str) -> &str {
    let authority = text.split_once("://").map_or(text, |(_, rest)| rest);
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => authority.split(':').next().unwrap_or(authority),
    }
}

/// Whether a host is this machine, as it calls itself.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Refuses what a page of somebody's browser sends: a page at a name that resolves to this
/// machine has another host, a page from anywhere else tells its origin.
pub(crate) fn from_here(headers: &HeaderMap) -> Result<(), (StatusCode, String)> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text("host").unwrap_or_default();
    if !is_loopback(host_of(host)) {
        let why = format!("`{host}` is not a loopback host");
        return Err((StatusCode::FORBIDDEN, why));
    }
    match text("origin") {
        Some(origin) if !is_loopback(host_of(origin)) => {
            let why = format!("`{origin}` is a foreign origin");
            Err((StatusCode::FORBIDDEN, why))
        }
        _ => Ok(()),
    }
}

/// Answers a request below `/_sim/`.
pub(crate) async fn control(
    shared: &Arc<Shared>,
    method: &Method,
    path: &str,
    query: &str,
    body: &[u8],
) -> Controlled {
    match (method.as_str(), path) {
        ("GET", "clock") => Ok(clock(shared)),
        ("POST", "clock") => {
            let pace: Pace = read(body)?;
            if pace
                .speed
                .is_some_and(|speed| !(0.0..=FASTEST).contains(&speed))
            {
                let message = format!("speed must be between 0 and {FASTEST}");
                return Err((StatusCode::BAD_REQUEST, message));
            }
            shared.clock.set(pace.paused, pace.speed);
            Ok(clock(shared))
        }
        ("POST", "advance") => {
            let Advance { seconds } = read(body)?;
            if !(0.0..=LONGEST).contains(&seconds) {
                let message = format!("seconds must be between 0 and {LONGEST}");
                return Err((StatusCode::BAD_REQUEST, message));
            }
            #[expect(clippy::cast_possible_truncation, reason = "at most 1e8")]
            let span = (seconds * 1_000.0) as Millis;
            shared.walk(span).await;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(headers: &[(&'static str, &'static str)]) -> Result<(), StatusCode> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        from_here(&map).map_err(|(status, _)| status)
    }

    #[test]
    fn only_this_machine_under_its_own_names_controls() {
        for host in ["localhost:4566", "127.0.0.1", "[::1]:4566", "LOCALHOST"] {
            assert_eq!(asked(&[("host", host)]), Ok(()), "{host}");
        }
        for host in [
            "sim.example.com:4566",
            "10.0.0.1",
            "localhost.example.com",
            "",
        ] {
            assert_eq!(
                asked(&[("host", host)]),
                Err(StatusCode::FORBIDDEN),
                "{host}"
            );
        }
        assert_eq!(asked(&[]), Err(StatusCode::FORBIDDEN));
    }

    #[test]
    fn a_page_from_elsewhere_controls_nothing() {
        let from = |origin| asked(&[("host", "localhost:4566"), ("origin", origin)]);
        assert_eq!(from("http://localhost:3000"), Ok(()));
        assert_eq!(from("https://example.com"), Err(StatusCode::FORBIDDEN));
        assert_eq!(from("null"), Err(StatusCode::FORBIDDEN));
    }
}
