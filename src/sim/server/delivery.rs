//! How a body gets out: at once, slowly, in part, broken, or without an end in sight.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::Shared;
use crate::dispatch::Request;
use crate::logs::TailSaid;

/// How the body of an answer gets out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Delivery {
    Whole,
    /// Evenly over so much wall time.
    Slow(Duration),
    /// Half of it, and the rest when the rule of that number is gone.
    Midway(u64),
    /// Half of it, then the connection is closed.
    Truncated,
    /// All of it, but not as the protocol has it.
    Malformed,
    /// Nothing of it.
    Empty,
    /// All of it, after so many bytes of white space.
    Flood(usize),
}

/// What a flood has before the answer proper.
pub(super) const FLOOD: usize = 100 * 1024 * 1024;

/// The pieces in which a flood comes.
const PIECE: usize = 64 * 1024;

/// How long half a body has to get out before its connection is closed.
const FLUSH: Duration = Duration::from_millis(20);

/// In how many pieces a slow body comes.
const PIECES: usize = 20;

fn half(body: &[u8]) -> (Bytes, Bytes) {
    let (first, second) = body.split_at(body.len() / 2);
    (
        Bytes::copy_from_slice(first),
        Bytes::copy_from_slice(second),
    )
}

/// The body as it gets out. What is promised by `Content-Length` is set by the caller.
pub(super) fn deliver(shared: &Arc<Shared>, body: Vec<u8>, how: Delivery) -> Body {
    match how {
        Delivery::Whole => Body::from(body),
        Delivery::Empty => Body::empty(),
        Delivery::Flood(size) => {
            let space = Bytes::from(vec![b' '; PIECE]);
            let pieces = std::iter::repeat_n(space, size.div_ceil(PIECE));
            let pieces = pieces.chain([Bytes::from(body)]).map(Ok::<_, Infallible>);
            Body::from_stream(stream::iter(pieces))
        }
        Delivery::Malformed => {
            // A byte that no protocol here can begin with, and no end.
            let mut broken = vec![0xff];
            broken.extend_from_slice(half(&body).0.as_ref());
            Body::from(broken)
        }
        Delivery::Truncated => {
            let (first, _) = half(&body);
            Body::from_stream(stream::unfold(Some(first), |first| async move {
                if let Some(first) = first {
                    return Some((Ok(first), None));
                }
                // What is waiting to be written gets out only while nothing else happens.
                tokio::time::sleep(FLUSH).await;
                let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
                Some((Err(broken), None))
            }))
        }
        Delivery::Slow(time) => {
            let size = body.len().div_ceil(PIECES).max(1);
            let pieces: Vec<Bytes> = body.chunks(size).map(Bytes::copy_from_slice).collect();
            let pause = time / u32::try_from(pieces.len().max(1)).unwrap_or(1);
            let shared = Arc::clone(shared);
            Body::from_stream(stream::unfold(pieces.into_iter(), move |mut pieces| {
                let shared = Arc::clone(&shared);
                async move {
                    let piece = pieces.next()?;
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = shared.stopped() => {}
                    }
                    Some((Ok::<Bytes, Infallible>(piece), pieces))
                }
            }))
        }
        Delivery::Midway(rule) => {
            let (first, second) = half(&body);
            let shared = Arc::clone(shared);
            let parts = [first, second].into_iter().enumerate();
            Body::from_stream(stream::unfold(parts, move |mut parts| {
                let shared = Arc::clone(&shared);
                async move {
                    let (number, part) = parts.next()?;
                    if number > 0 {
                        tokio::select! {
                            () = shared.faults.until_deleted(rule) => {}
                            () = shared.stopped() => return None,
                        }
                    }
                    Some((Ok::<Bytes, Infallible>(part), parts))
                }
            }))
        }
    }
}

/// A live tail that is being listened to; it is ended when nobody listens any more.
struct Listening {
    shared: Arc<Shared>,
    request: Request,
    session: u64,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let Listening {
            shared,
            request,
            session,
        } = self;
        shared.with_clouds(|clouds, now| {
            let cloud = clouds.visit(&request.who, &request.region, now);
            cloud.engine.logs.tail_ends(*session);
        });
    }
}

/// The body of a live tail: its first frames at once, then an update each wall second.
pub(super) fn live(shared: &Arc<Shared>, request: &Request, session: u64) -> Body {
    let listening = Listening {
        shared: Arc::clone(shared),
        request: request.clone(),
        session,
    };
    let first = shared.with_clouds(|clouds, now| {
        clouds
            .visit(&request.who, &request.region, now)
            .engine
            .logs
            .tail_begins(session)
    });
    let second = Duration::from_secs(1);
    let mut ticks = interval_at(Instant::now() + second, second);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let state = (listening, ticks, Some(first), false);
    Body::from_stream(stream::unfold(
        state,
        |(listening, mut ticks, first, over)| async move {
            if over {
                return None;
            }
            if let Some(first) = first {
                let frames = Ok::<Bytes, Infallible>(Bytes::from(first));
                return Some((frames, (listening, ticks, None, false)));
            }
            tokio::select! {
                _ = ticks.tick() => {}
                () = listening.shared.stopped() => return None,
            }
            let said = listening.shared.with_clouds(|clouds, now| {
                let Listening {
                    request, session, ..
                } = &listening;
                clouds
                    .visit(&request.who, &request.region, now)
                    .engine
                    .logs
                    .tail_says(*session)
            });
            let (frames, over) = match said {
                TailSaid::More(frames) => (frames, false),
                TailSaid::Last(frames) => (frames, true),
            };
            Some((Ok(Bytes::from(frames)), (listening, ticks, None, over)))
        },
    ))
}
