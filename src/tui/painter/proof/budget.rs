//! Frames cost no more bytes than they are meant to.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::super::{Painter, PainterOptions};

const SIZES: [(u16, u16); 2] = [(80, 24), (200, 50)];

/// A console: header, a bordered list with one selected row, a bordered log
/// pane over the full width, a hint bar.
fn console(size: (u16, u16), selected: u16, logged: u16) -> Buffer {
    let (width, height) = size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let middle = height / 2;
    let border = Style::new().fg(Color::DarkGray);
    buffer.set_string(
        0,
        0,
        "123456789012 us-east-1 Operator  fresh 3s",
        Style::new().bold(),
    );
    for (top, bottom) in [(1, middle - 1), (middle, height - 2)] {
        let bar = "─".repeat(usize::from(width) - 2);
        buffer.set_string(0, top, format!("┌{bar}┐"), border);
        buffer.set_string(0, bottom, format!("└{bar}┘"), border);
        for row in top + 1..bottom {
            buffer.set_string(0, row, "│", border);
            buffer.set_string(width - 1, row, "│", border);
        }
    }
    for row in 0..middle - 3 {
        let y = row + 2;
        let chosen = row == selected;
        buffer.set_string(
            1,
            y,
            if chosen { "▌" } else { " " },
            Style::new().fg(Color::Cyan),
        );
        let name = if chosen {
            Style::new().add_modifier(Modifier::BOLD)
        } else {
            Style::new()
        };
        buffer.set_string(3, y, format!("backend-{row:04}"), name);
        buffer.set_string(40, y, format!("2/2  steady  1{row}m"), Style::new());
    }
    for row in 0..height - 3 - middle {
        buffer.set_stringn(
            1,
            middle + 1 + row,
            log_line(logged + row, width - 2),
            usize::from(width - 2),
            Style::new(),
        );
    }
    buffer.set_string(0, height - 1, "? help  q back", Style::new());
    buffer
}

fn log_line(number: u16, width: u16) -> String {
    let text = format!(
        "12:00:{number:05} GET /api/v1/items/{} 200 in 12 ms ",
        number * 7
    );
    text.repeat(1 + usize::from(width) / text.len())
}

#[test]
fn an_unchanged_frame_is_no_bytes() {
    for size in SIZES {
        let mut painter = Painter::default();
        assert!(!painter.paint(&console(size, 0, 0), None).is_empty());
        assert_eq!(painter.paint(&console(size, 0, 0), None), b"");
    }
}

#[test]
fn a_row_move_in_a_list_is_at_most_60_bytes() {
    for size in SIZES {
        let mut painter = Painter::default();
        painter.paint(&console(size, 0, 0), None);
        for selected in [1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1, 0] {
            let bytes = painter.paint(&console(size, selected, 0), None).len();
            assert!(bytes <= 60, "{bytes} bytes at {size:?}");
        }
    }
}

#[test]
fn a_log_line_is_its_payload_and_at_most_64_bytes() {
    for size in SIZES {
        let mut painter = Painter::default();
        painter.paint(&console(size, 0, 0), None);
        let payload = usize::from(size.0) - 2;
        for logged in 1..30 {
            let bytes = painter.paint(&console(size, 0, logged), None).len();
            assert!(bytes <= payload + 64, "{bytes} bytes at {size:?}");
        }
    }
}

#[test]
fn a_log_line_that_scrolls_back_costs_the_same() {
    for size in SIZES {
        let mut painter = Painter::default();
        painter.paint(&console(size, 0, 20), None);
        let payload = usize::from(size.0) - 2;
        for logged in (0..20).rev() {
            let bytes = painter.paint(&console(size, 0, logged), None).len();
            assert!(bytes <= payload + 64, "{bytes} bytes at {size:?}");
        }
    }
}

#[test]
fn the_plain_diff_never_scrolls() {
    let mut painter = Painter::new(PainterOptions::plain());
    painter.paint(&console((80, 24), 0, 0), None);
    let frame = painter.paint(&console((80, 24), 0, 1), None).to_vec();
    let text = String::from_utf8(frame).unwrap();
    assert!(!text.contains('r') || !text.contains(";23r"), "{text:?}");
    assert!(!text.contains("\x1b[?2026"), "{text:?}");
    assert!(!text.contains("\x1b[r"), "{text:?}");
}
