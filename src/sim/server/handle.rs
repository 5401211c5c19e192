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
use super::delivery::{Delivery, FLOOD, deliver, live};
use crate::calls::Outcome;
use crate::clock::Time;
use crate::control::{control, from_here};
use crate::dispatch::{Answered, GoingOn, Request};
use crate::faults::Fault;
use crate::paging;
use crate::random::Random;
use crate::wire::reply::Reply;
use crate::world::FaultKind;

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
        let controlled = match from_here(&head.headers) {
            Ok(()) => control(&shared, &head.method, path, query, &body).await,
            Err(refused) => Err(refused),
        };
        return match controlled {
            Ok(answer) => document(&shared, StatusCode::OK, &answer.to_string()),
            Err((status, error)) => {
                document(&shared, status, &json!({ "error": error }).to_string())
            }
        };
    }
    match Request::read(head.uri.path(), &head.headers, body.to_vec()) {
        Some(request) => serve(&shared, &connection, &request).await,
        None => plain(
            &shared,
            StatusCode::NOT_FOUND,
            "no service here takes this request",
        ),
    }
}

/// What a fault does beside an error.
#[derive(Clone, Copy, Debug, Default)]
struct Effects {
    /// The connection is reset once the call is carried out.
    reset_after: bool,
    /// The call is carried out before it fails.
    fails_after: bool,
    /// The answer has nothing in it.
    says_nothing: bool,
    /// A listing goes on and on in this way.
    goes_on: Option<FaultKind>,
    delivery: Option<Delivery>,
}

impl Effects {
    fn of(fault: &Fault) -> Self {
        let time = || {
            let seconds = fault.spec.seconds.unwrap_or_default();
            Duration::try_from_secs_f64(seconds).unwrap_or_default()
        };
        Effects {
            reset_after: fault.spec.kind == FaultKind::ResetAfter,
            fails_after: fault.spec.kind == FaultKind::ErrorAfter,
            says_nothing: fault.spec.kind == FaultKind::EmptyDocument,
            goes_on: Some(fault.spec.kind).filter(|kind| kind.is_about_pages()),
            delivery: match fault.spec.kind {
                FaultKind::SlowBody => Some(Delivery::Slow(time())),
                FaultKind::StallBody => Some(Delivery::Midway(fault.rule)),
                FaultKind::Truncate => Some(Delivery::Truncated),
                FaultKind::Malformed => Some(Delivery::Malformed),
                FaultKind::Empty => Some(Delivery::Empty),
                FaultKind::Flood => Some(Delivery::Flood(FLOOD)),
                _ => None,
            },
        }
    }
}

/// Waits as a fault wants it; false when the connection is to be reset.
async fn wait(shared: &Shared, fault: &Fault) -> bool {
    match fault.spec.kind {
        FaultKind::Stall => tokio::select! {
            () = shared.faults.until_deleted(fault.rule) => true,
            () = shared.stopped() => false,
        },
        FaultKind::Latency => {
            let seconds = fault.spec.seconds.unwrap_or_default();
            let wait = Duration::try_from_secs_f64(seconds).unwrap_or_default();
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = shared.stopped() => {}
            }
            true
        }
        FaultKind::Reset => false,
        _ => true,
    }
}

async fn serve(shared: &Arc<Shared>, connection: &Connection, request: &Request) -> Response {
    let arrived = shared.clock.now();
    let number = shared.calls.arrived(request, arrived);
    let request_id = Random::of(shared.seed, "request", number).uuid();
    let skew = shared.faults.skew(request, arrived);
    let fault = shared.faults.take(request, number, arrived);
    let mut effects = Effects::default();
    let mut error = None;
    shared.catch_up(request).await;
    if let Some(fault) = &fault {
        if !wait(shared, fault).await {
            connection.reset();
            return broken(shared, number);
        }
        if fault.spec.kind == FaultKind::Html {
            return portal(shared, number, fault);
        }
        effects = Effects::of(fault);
        let caller = shared.with_clouds(|clouds, now| {
            let cloud = clouds.visit(&request.who, &request.region, now);
            cloud.engine.home().caller.clone()
        });
        error = fault.error(request, &caller);
    }
    shared.catch_up(request).await;
    let protocol = request.protocol;
    let mut reply = None;
    if error.is_none() || effects.fails_after {
        let going_on = effects.goes_on.and_then(|kind| {
            let paging = paging::of(request.service, &request.action)?;
            let first = Request {
                body: paging.first(request.protocol, &request.body),
                ..request.clone()
            };
            let how = GoingOn {
                paging,
                kind,
                number,
            };
            Some((first, how))
        });
        let answered = shared.with_clouds(|clouds, now| {
            let cloud = clouds.visit(&request.who, &request.region, now);
            match &going_on {
                None => request.answer(cloud, &request_id, None),
                Some((first, how)) => first.answer(cloud, &request_id, Some(*how)),
            }
        });
        reply = match answered {
            Answered::Now(reply) => Some(reply),
            Answered::Later(work) => tokio::task::spawn_blocking(work).await.ok(),
        };
    }
    let reply = match (error, reply) {
        (Some(error), _) => protocol.error(&error, &request_id),
        (None, Some(_)) if effects.says_nothing => {
            protocol.document(&request.action, &json!({}), &request_id)
        }
        (None, Some(reply)) => reply,
        (None, None) => return broken(shared, number),
    };
    if effects.reset_after {
        connection.reset();
    }
    let outcome = Outcome {
        status: reply.status,
        error: reply.code.clone(),
        bytes: reply.body.len(),
    };
    shared.calls.answered(number, outcome);
    let delivery = effects.delivery.unwrap_or(Delivery::Whole);
    let mut response = respond(shared, request, reply, &request_id, delivery);
    if skew != 0 {
        date(&mut response, shared.clock.now() + skew);
    }
    response
}

/// What stands between a caller and AWS answers in its place.
fn portal(shared: &Shared, number: u64, fault: &Fault) -> Response {
    let status = StatusCode::from_u16(fault.spec.status.unwrap_or(200)).unwrap_or(StatusCode::OK);
    let words = fault.spec.message.as_deref();
    let page = format!(
        "<!DOCTYPE html><html><head><title>Welcome</title></head><body>{}</body></html>",
        words.unwrap_or("Log in to use this network.")
    );
    let outcome = Outcome {
        status: status.as_u16(),
        error: Some("html".to_owned()),
        bytes: page.len(),
    };
    shared.calls.answered(number, outcome);
    let mut response = Response::new(Body::from(page));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, html);
    if status.is_redirection() {
        let place = HeaderValue::from_static("http://login.example/");
        headers.insert(header::LOCATION, place);
    }
    dated(shared, response)
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

fn respond(
    shared: &Arc<Shared>,
    request: &Request,
    reply: Reply,
    request_id: &str,
    delivery: Delivery,
) -> Response {
    let length = match delivery {
        Delivery::Flood(size) => size.saturating_add(reply.body.len()),
        _ => reply.body.len(),
    };
    let body = match reply.tail {
        Some(session) => live(shared, request, session),
        None => deliver(shared, reply.body, delivery),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_REQUEST);
    let headers = response.headers_mut();
    // What gets out in pieces, or in part, is announced as a whole all the same.
    if reply.tail.is_none()
        && !matches!(
            delivery,
            Delivery::Whole | Delivery::Malformed | Delivery::Empty
        )
    {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(reply.content_type),
    );
    if reply.content_type == "application/cbor" {
        let name = HeaderName::from_static("smithy-protocol");
        headers.insert(name, HeaderValue::from_static("rpc-v2-cbor"));
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-amzn-requestid"), id);
    }
    if let Some(Ok(code)) = reply.query_error.as_deref().map(HeaderValue::from_str) {
        headers.insert(HeaderName::from_static("x-amzn-query-error"), code);
    }
    dated(shared, response)
}

fn dated(shared: &Shared, mut response: Response) -> Response {
    date(&mut response, shared.clock.now());
    response
}

fn date(response: &mut Response, at: Time) {
    if let Ok(date) = HeaderValue::from_str(&at.http_date()) {
        response.headers_mut().insert(header::DATE, date);
    }
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
