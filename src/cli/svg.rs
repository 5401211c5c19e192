//! A frame as a picture: SVG, in colour, the same bytes for the same frame.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// A cell's size in the picture.
const WIDTH: f32 = 8.4;
const HEIGHT: u16 = 18;
const MARGIN: u16 = 10;
const PAPER: &str = "#16181d";
const INK: &str = "#d7dae0";

/// Draws a frame.
pub(super) fn svg(frame: &Buffer) -> String {
    let area = frame.area;
    let width = f32::from(area.width) * WIDTH + f32::from(MARGIN) * 2.0;
    let height = area.height * HEIGHT + MARGIN * 2;
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height}\" \
         viewBox=\"0 0 {width:.0} {height}\" font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" \
         font-size=\"14\" xml:space=\"preserve\">\n<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{PAPER}\"/>\n"
    );
    for y in 0..area.height {
        row(&mut picture, frame, y);
    }
    picture.push_str("</svg>\n");
    picture
}

/// Cells of one look next to each other, as one run.
fn row(picture: &mut String, frame: &Buffer, y: u16) {
    let mut x = 0;
    while x < frame.area.width {
        let Some(first) = frame.cell((x, y)) else {
            break;
        };
        let look = Look::of(first);
        let start = x;
        let mut text = String::new();
        while let Some(cell) = frame
            .cell((x, y))
            .filter(|cell| x < frame.area.width && Look::of(cell) == look)
        {
            text.push_str(cell.symbol());
            x += u16::try_from(ecsdeck_core::text::width(cell.symbol()).max(1)).unwrap_or(1);
        }
        run(picture, start, y, x - start, &text, &look);
    }
}

#[derive(PartialEq)]
struct Look {
    ink: String,
    paper: Option<String>,
    bold: bool,
    dim: bool,
    underlined: bool,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let bold = cell.modifier.contains(Modifier::BOLD);
        let (mut ink, mut paper) = (colour(cell.fg), colour(cell.bg));
        if cell.modifier.contains(Modifier::REVERSED) {
            (ink, paper) = (
                Some(paper.unwrap_or(PAPER.to_owned())),
                Some(ink.unwrap_or(INK.to_owned())),
            );
        }
        Self {
            ink: ink.unwrap_or(INK.to_owned()),
            paper,
            bold,
            dim: cell.modifier.contains(Modifier::DIM),
            underlined: cell.modifier.contains(Modifier::UNDERLINED),
        }
    }
}

fn run(picture: &mut String, x: u16, y: u16, cells: u16, text: &str, look: &Look) {
    let left = f32::from(MARGIN) + f32::from(x) * WIDTH;
    let wide = f32::from(cells) * WIDTH;
    let top = MARGIN + y * HEIGHT;
    if let Some(paper) = &look.paper {
        // Writing into a string does not fail.
        let _ = writeln!(
            picture,
            "<rect x=\"{left:.1}\" y=\"{top}\" width=\"{wide:.1}\" height=\"{HEIGHT}\" fill=\"{paper}\"/>"
        );
    }
    if text.trim().is_empty() {
        return;
    }
    let base = top + 14;
    let bold = if look.bold {
        " font-weight=\"bold\""
    } else {
        ""
    };
    let dim = if look.dim { " opacity=\"0.6\"" } else { "" };
    let under = if look.underlined {
        " text-decoration=\"underline\""
    } else {
        ""
    };
    let ink = &look.ink;
    let _ = writeln!(
        picture,
        "<text x=\"{left:.1}\" y=\"{base}\" textLength=\"{wide:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{ink}\"{bold}{dim}{under}>{}</text>",
        escaped(text)
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A terminal's colours in a calm palette; absent for the default one.
fn colour(colour: Color) -> Option<String> {
    let hex = match colour {
        Color::Reset => return None,
        Color::Black => "#1e1e2e",
        Color::Red => "#e05561",
        Color::Green => "#8cc265",
        Color::Yellow => "#d18f52",
        Color::Blue => "#4aa5f0",
        Color::Magenta => "#c162de",
        Color::Cyan => "#42b3c2",
        Color::Gray => "#b6bdca",
        Color::DarkGray => "#7d8590",
        Color::LightRed => "#ff616e",
        Color::LightGreen => "#a5e075",
        Color::LightYellow => "#f0a45d",
        Color::LightBlue => "#4dc4ff",
        Color::LightMagenta => "#de73ff",
        Color::LightCyan => "#4cd1e0",
        Color::White => "#ffffff",
        Color::Rgb(r, g, b) => return Some(format!("#{r:02x}{g:02x}{b:02x}")),
        Color::Indexed(n) => return Some(format!("#{n:02x}{n:02x}{n:02x}")),
    };
    Some(hex.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn a_run_of_one_look_is_one_text_and_markup_is_escaped() {
        let mut frame = Buffer::empty(Rect::new(0, 0, 6, 1));
        frame.set_string(0, 0, "a<b", Style::default().fg(Color::Red));
        let picture = svg(&frame);
        assert_eq!(picture.matches("<text").count(), 1);
        assert!(picture.contains("a&lt;b</text>") && picture.contains("#e05561"));
    }
}
