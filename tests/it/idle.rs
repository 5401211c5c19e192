//! Nothing wakes while nothing is due.

use std::time::{Duration, Instant};

use crate::harness::{Home, Pty, Sim};

/// Waiting on wall time is what this test is about.
const WATCHED: Duration = Duration::from_secs(3);

/// How often the threads of a process gave up the processor of their own accord: once for every wake-up.
fn wake_ups(pid: i32) -> u64 {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    threads
        .map(|thread| {
            let status = std::fs::read_to_string(thread.unwrap().path().join("status")).unwrap();
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))
                .unwrap();
            line.trim().parse::<u64>().unwrap()
        })
        .sum()
}

#[test]
fn a_console_that_reads_nothing_by_itself_sleeps() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (120, 40), &["--refresh", "0"]);
    pty.until("everything", |s| {
        s.rows[0].contains("paused")
            && s.has("STUCK")
            && s.has("gpu_tasks_queue")
            && s.has("done")
            && s.has("canvas-service ")
    });
    // Until nothing of the start is under way any more: keep-alive connections close, threads of pools end.
    let state = || (pty.bytes(), wake_ups(pty.pid()), sim.calls().len());
    let end = Instant::now() + Duration::from_secs(40);
    let quiet = loop {
        let before = state();
        std::thread::park_timeout(WATCHED);
        let after = state();
        if before == after {
            break true;
        }
        if Instant::now() > end {
            println!("bytes, wake-ups, calls: {before:?}, {after:?}");
            break false;
        }
    };
    assert!(quiet, "it never sleeps for {WATCHED:?}");
    pty.send("r");
    let calls = state().2;
    pty.until("what a key asks for", |_| sim.calls().len() > calls);
    pty.send("\x03");
    pty.ends();
}
