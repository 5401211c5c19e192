//! One request: read it, apply the fault that fits, answer it, note it.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderName, HeaderValue, Request as HttpRequest, StatusCode, header};
use axum::response::Response;
use serde_json::json;

use super::Shared;
use super::connection::Connection;
use crate::calls::Outcome;
use crate::control::control;
use crate::dispatch::Request;
use crate::engine::random::Random;
use crate::faults::Fault;
use crate::wire::reply::Reply;

/// The largest request that is read, in bytes.
const LARGEST: usize = 16 * 1024 * 1024;

pub(super) async fn handle(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: HttpRequest<Body>,
) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return plain(
            &shared,
            StatusCode::PAYLOAD_TOO_LARGE,
            "the request is too large",
        );
    };
    if let Some(path) = head.uri.path().strip_prefix("/_sim/") {
        let query = head.uri.query().unwrap_or_default();
        return match control(&shared, &head.method, path, query, &body) {
            Ok(answer) => document(&shared, StatusCode::OK, &answer.to_string()),
            Err((status, error)) => {
                document(&shared, status, &json!({ "error": error }).to_string())
            }
        };
    }
    match Request::read(&head.headers, body.to_vec()) {
        Some(request) => serve(&shared, &connection, &request).await,
        None => plain(
            &shared,
            StatusCode::NOT_FOUND,
            "no service here takes this request",
        ),
    }
}

async fn serve(shared: &Shared, connection: &Connection, request: &Request) -> Response {
    let number = shared.calls.arrived(request, shared.clock.now());
    let request_id = Random::of(shared.seed, "request", number).uuid();
    let mut reset_after = false;
    let mut error = None;
    match shared.faults.take(request) {
        Some((rule, Fault::Stall)) => {
            tokio::select! {
                () = shared.faults.until_deleted(rule) => {}
                () = shared.stopped() => {
                    connection.reset();
                    return broken(shared, number);
                }
            }
        }
        Some((_, Fault::Latency { seconds })) => {
            let wait = Duration::try_from_secs_f64(seconds).unwrap_or_default();
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = shared.stopped() => {}
            }
        }
        Some((_, Fault::Reset)) => {
            connection.reset();
            return broken(shared, number);
        }
        Some((_, Fault::ResetAfter)) => reset_after = true,
        Some((_, fault)) => {
            let caller = shared.with_clouds(|clouds, now| {
                let cloud = clouds.visit(&request.who, &request.region, now);
                cloud.engine.home.caller.clone()
            });
            error = fault.error(request, &caller);
        }
        None => {}
    }
    let reply = match error {
        Some(error) => request.service.protocol().error(&error, &request_id),
        None => shared.with_clouds(|clouds, now| {
            let cloud = clouds.visit(&request.who, &request.region, now);
            request.answer(cloud, &request_id)
        }),
    };
    if reset_after {
        connection.reset();
    }
    let outcome = Outcome {
        status: reply.status,
        error: reply.code.clone(),
        bytes: reply.body.len(),
    };
    shared.calls.answered(number, outcome);
    respond(shared, reply, &request_id)
}

/// A reply that never gets out, because the connection is reset.
fn broken(shared: &Shared, number: u64) -> Response {
    let outcome = Outcome {
        status: 0,
        error: Some("reset".to_owned()),
        bytes: 0,
    };
    shared.calls.answered(number, outcome);
    plain(shared, StatusCode::SERVICE_UNAVAILABLE, "")
}

fn respond(shared: &Shared, reply: Reply, request_id: &str) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_REQUEST);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(reply.content_type),
    );
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-amzn-requestid"), id);
    }
    if let Some(Ok(code)) = reply.query_error.as_deref().map(HeaderValue::from_str) {
        headers.insert(HeaderName::from_static("x-amzn-query-error"), code);
    }
    dated(shared, response)
}

fn dated(shared: &Shared, mut response: Response) -> Response {
    if let Ok(date) = HeaderValue::from_str(&shared.clock.now().http_date()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

fn plain(shared: &Shared, status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    dated(shared, response)
}

fn document(shared: &Shared, status: StatusCode, text: &str) -> Response {
    let mut response = Response::new(Body::from(text.to_owned()));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    dated(shared, response)
}
