//! The last lines of one stream, up to the end of its task.

use std::collections::VecDeque;
use std::time::Duration;

use ecsdeck_core::domain::{LogSource, Time};
use ecsdeck_core::text::Clean;

use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Reads, Reply};
use crate::read::pages::each_page;

/// Lines of so long before a task's end are read: ECS tells the end some time after the program's last words. Where that
/// is more than can be read, the last lines are in a shorter piece.
const BEFORE: [Duration; 3] = [
    Duration::from_secs(180),
    Duration::from_secs(30),
    Duration::from_secs(5),
];
/// CloudWatch may know a line so long after it was written.
const AFTER: Duration = Duration::from_secs(60);
/// Lines that are kept.
const MOST: usize = 60;
/// Pages that are read of each.
const PAGES: usize = 4;

pub(super) async fn read<R: Reads>(
    caller: &Caller<R>,
    source: &LogSource,
    until: Time,
) -> Reply<Vec<Clean>> {
    let mut lines = VecDeque::new();
    for before in BEFORE {
        let start = until.checked_sub(before).unwrap_or(until);
        let whole;
        (lines, whole) = since(caller, source, start, until).await?;
        if whole {
            break;
        }
    }
    // More than can be read of the last seconds: of a program that writes so much any line says what it does.
    Ok(lines.into())
}

/// The last of the lines from a time on, and whether all were read.
async fn since<R: Reads>(
    caller: &Caller<R>,
    source: &LogSource,
    start: Time,
    until: Time,
) -> Reply<(VecDeque<Clean>, bool)> {
    let reads = &caller.reads;
    let end = until.checked_add(AFTER).ok();
    let mut lines = VecDeque::new();
    let mut pages = 0;
    let whole = each_page(
        "logs:FilterLogEvents",
        |page| {
            caller.call(Api::LogEvents, move || {
                reads.filter_log_events(source, start, end, None, page.clone())
            })
        },
        |events| {
            // A message may be a whole stack trace.
            let each = events.iter().flat_map(|event| event.message.lines());
            for line in each {
                if lines.len() == MOST {
                    lines.pop_front();
                }
                lines.push_back(Clean::new(line));
            }
            pages += 1;
            pages < PAGES
        },
    )
    .await?;
    Ok((lines, whole))
}
