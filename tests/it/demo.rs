//! The first command that anybody tries: live data in every pane, and the cause before a key.

use crate::harness::{Home, Pty, Shown, names_the_cause};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

fn shows_the_cause(shown: &Shown) -> bool {
    shown.has("STUCK") && shown.has("short-drama-backend") && names_the_cause(&shown.words())
}

#[test]
fn the_stuck_service_and_its_cause_are_there_before_any_key() {
    for size in SIZES {
        let home = Home::new();
        let mut pty = Pty::start(&home, size, &["demo"]);
        let shown = pty.until("the cause", shows_the_cause);
        let header = &shown.rows[0];
        assert!(
            header.contains("123456789012") && header.contains("us-east-1"),
            "{header}"
        );
        let title = shown
            .rows
            .iter()
            .position(|row| row.contains("Services"))
            .unwrap();
        assert!(
            // Below the headings.
            shown.rows[title + 2].contains("stuck"),
            "the stuck one is on top:\n{}",
            shown.text()
        );
        pty.send("\x03");
        assert_eq!(pty.ends().status.exit_code(), 0);
    }
}

#[test]
fn every_pane_has_live_data() {
    let home = Home::new();
    for size in SIZES {
        let mut pty = Pty::start(&home, size, &["demo"]);
        pty.until("services", |s| {
            s.has("Services 3") && s.has("short-drama-notifier") && s.has("short-drama-web")
        });
        pty.until("tasks", |s| s.has(" running ") && s.has(" stopped "));
        pty.until("the reason", |s| {
            s.has("Why short-drama-backend") && (s.has("why: ") || s.has("cause: "))
        });
        pty.until("queues", |s| {
            ["gpu_tasks_queue", "cpu_tasks_queue"]
                .iter()
                .all(|name| s.rows.iter().any(|row| has_number_after(row, name)))
        });
        pty.until("work", |s| {
            s.rows.iter().any(|row| has_number_after(row, " Work ")) && s.has(" failed ")
        });
        let before = pty.until("the log", |s| s.has("FOLLOW") && !log_lines(s).is_empty());
        // It is followed: a line that was not there comes by itself.
        pty.until("a new line", |s| {
            log_lines(s)
                .iter()
                .any(|line| !log_lines(&before).contains(line))
        });
        pty.until("the pace", |s| {
            s.rows[0].contains("calls/min") && s.rows[0].contains("live")
        });
        pty.send("\x03");
        assert_eq!(pty.ends().status.exit_code(), 0);
    }
}

fn has_number_after(row: &str, name: &str) -> bool {
    row.split_once(name).is_some_and(|(_, rest)| {
        rest.split_whitespace()
            .any(|word| word.parse::<u64>().is_ok())
    })
}

fn log_lines(shown: &Shown) -> Vec<String> {
    let is_line = |row: &&String| {
        row.as_bytes().get(2) == Some(&b':') && row.as_bytes().get(5) == Some(&b':')
    };
    let top = shown
        .rows
        .iter()
        .position(|row| row.contains("Logs "))
        .unwrap_or(0);
    shown
        .rows
        .iter()
        .skip(top + 1)
        .filter(is_line)
        .cloned()
        .collect()
}

#[test]
fn at_40_columns_account_region_and_verdict_are_left() {
    let home = Home::new();
    let mut pty = Pty::start(&home, (40, 24), &["demo"]);
    let shown = pty.until("the cause", shows_the_cause);
    assert!(
        shown.rows[0].contains("123456789012") && shown.rows[0].contains("us-east-1"),
        "{}",
        shown.text()
    );
    pty.send("\x03");
    pty.ends();
}

#[test]
fn a_resized_terminal_is_drawn_anew_at_every_size() {
    let home = Home::new();
    let mut pty = Pty::start(&home, (120, 40), &["demo"]);
    pty.until("the cause", shows_the_cause);
    for (columns, rows) in [(80, 24), (40, 20), (200, 50), (80, 24), (120, 40)] {
        pty.resize(columns, rows);
        let shown = pty.until("a whole screen", |s| {
            let widest = s
                .rows
                .iter()
                .map(|row| row.chars().count())
                .max()
                .unwrap_or(0);
            shows_the_cause(s)
                && s.rows[0].starts_with("123456789012")
                && s.rows.last().is_some_and(|row| row.contains("help"))
                && widest > usize::from(columns) - 4
        });
        assert_eq!(shown.rows.len(), usize::from(rows));
    }
    pty.send("\x03");
    pty.ends();
}
