//! How fast log lines are taken in and searched, and what they weigh: `cargo bench -p ecsdeck-core --bench logs`. Prints
//! figures and judges none. What is aimed at, on one core: 1,000,000 lines a second, cleaned and indexed; a search of
//! 1,000,000 lines in at most three times the time of `grep -cF` on the same text; 200,000 lines in at most 1.35 times
//! their bytes; and as much memory after 10,000,000 lines as after 1,000,000.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::cast_precision_loss,
    reason = "a benchmark: it has a clock and looks at its own memory, and a failure may end it"
)]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ecsdeck_core::domain::{LogEvent, LogEventId, Time};
use ecsdeck_core::logs::LogBuffer;
use ecsdeck_core::text::{Clean, Search};

/// Lines of the search.
const MILLION: u64 = 1_000_000;
/// Lines that the console holds.
const HELD: usize = 200_000;
const RUNS: usize = 5;
/// What is searched for: about one line in a thousand has it.
const WORD: &str = "requestId=00abc";

/// The line of a number: plain words, logfmt and JSON in turn, of some 130 bytes.
fn line(number: u64) -> String {
    let mut text = String::with_capacity(160);
    let id = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    let id = if number.is_multiple_of(1_000) {
        format!("00abc{id:06x}")
    } else {
        format!("{id:011x}")
    };
    let ms = number % 977;
    let written = match number % 3 {
        0 => write!(
            text,
            "INFO GET /api/conversations/{ms}/messages 200 requestId={id} ms={ms} bytes=18231 user=u-48151623 region=us-east-1"
        ),
        1 => write!(
            text,
            "level=warn msg=\"slow query\" requestId={id} ms={ms} table=public.messages rows={number} plan=index pool=primary"
        ),
        _ => write!(
            text,
            r#"{{"level":"error","msg":"upstream failed","requestId={id}":"{ms}","attempt":3,"error":{{"code":"ECONNRESET","host":"db-1"}}}}"#
        ),
    };
    written.unwrap();
    text
}

fn event(number: u64, raw: &str, group: &Clean, streams: &[Clean]) -> LogEvent {
    let milliseconds = 1_770_000_000_000 + i64::try_from(number / 4).unwrap();
    let stream = usize::try_from(number).unwrap() % streams.len();
    let stream = streams.get(stream).unwrap();
    LogEvent {
        id: LogEventId::new(&format!("{number:056}")),
        group: group.clone(),
        stream: stream.clone(),
        at: Time::from_millisecond(milliseconds).unwrap(),
        ingested: None,
        message: Clean::record(raw),
    }
}

fn best(mut run: impl FnMut() -> Duration) -> Duration {
    (0..RUNS).map(|_| run()).min().unwrap()
}

/// Bytes of this process that are in memory and no file's.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    let words = line.and_then(|line| line.split_whitespace().nth(1));
    words.and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) * 1_024
}

fn ingest(group: &Clean, streams: &[Clean]) {
    let lines: Vec<String> = (0..HELD as u64).map(line).collect();
    let took = best(|| {
        let mut buffer = LogBuffer::new(HELD);
        let began = Instant::now();
        for (number, raw) in (0..).zip(&lines) {
            buffer.insert(event(number, raw, group, streams));
        }
        let took = began.elapsed();
        black_box(buffer);
        took
    });
    let bytes: usize = lines.iter().map(String::len).sum();
    println!(
        "taken in: {:.2} million lines a second ({} bytes a line; cleaned, with level, stack trace and stream)",
        HELD as f64 / took.as_secs_f64() / 1e6,
        bytes / HELD
    );
}

fn weigh(group: &Clean, streams: &[Clean]) {
    let mut buffer = LogBuffer::new(HELD);
    let before = memory();
    let mut payload = 0;
    for number in 0..HELD as u64 {
        let raw = line(number);
        payload += raw.len() as u64;
        buffer.insert(event(number, &raw, group, streams));
    }
    let held = memory().saturating_sub(before);
    println!(
        "200,000 lines: {:.1} MB held for {:.1} MB of text: {:.2} times",
        held as f64 / 1e6,
        payload as f64 / 1e6,
        held as f64 / payload as f64
    );
    let mut early = 0;
    for number in HELD as u64..10 * MILLION {
        if number == MILLION {
            early = memory();
        }
        buffer.insert(event(number, &line(number), group, streams));
    }
    let late = memory();
    println!(
        "memory after 1 million lines {:.1} MB, after 10 million {:.1} MB: {:+.1} %",
        early as f64 / 1e6,
        late as f64 / 1e6,
        (late as f64 / early as f64 - 1.0) * 100.0
    );
    black_box(buffer);
}

fn search(group: &Clean, streams: &[Clean]) {
    let path = std::env::temp_dir().join(format!("ecsdeck-bench-{}.log", std::process::id()));
    let mut text = String::new();
    let mut buffer = LogBuffer::new(usize::MAX);
    for number in 0..MILLION {
        let raw = line(number);
        text.push_str(&raw);
        text.push('\n');
        buffer.insert(event(number, &raw, group, streams));
    }
    fs::write(&path, &text).unwrap();
    let mut counts = (0, String::new());
    let search = Search::new(WORD);
    let ours = best(|| {
        let began = Instant::now();
        counts.0 = buffer
            .lines()
            .iter()
            .filter(|line| search.matches(&line.text))
            .count();
        began.elapsed()
    });
    let grep = best(|| {
        let began = Instant::now();
        let said = Command::new("grep")
            .args(["-cF", WORD])
            .arg(&path)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        counts.1 = String::from_utf8(said.stdout).unwrap().trim().to_owned();
        began.elapsed()
    });
    fs::remove_file(&path).unwrap();
    println!(
        "search of 1 million lines: {ours:.1?} ({} lines); grep -cF of the same text {grep:.1?} ({}): {:.2} times",
        counts.0,
        counts.1,
        ours.as_secs_f64() / grep.as_secs_f64()
    );
}

fn main() {
    let group = Clean::new("/ecs/web");
    let streams: Vec<Clean> = (0..4)
        .map(|n| Clean::new(&format!("web/app/{n:032x}")))
        .collect();
    weigh(&group, &streams);
    ingest(&group, &streams);
    search(&group, &streams);
}
