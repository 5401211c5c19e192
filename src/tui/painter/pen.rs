//! The graphic rendition of a cell, and the shortest SGR sequence from one to
//! the next: crossterm's `38;5;1` is `31` here.
//!
//! A `Pen` is normalised, so that two pens that look alike on every terminal
//! are equal: named and indexed colours are one thing, bold beats dim (the
//! terminals disagree about both at once), there is one kind of blink.

use ratatui::style::{Color, Modifier};

/// A colour as SGR knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Ink {
    /// The terminal's own colour (SGR 39, 49).
    #[default]
    Default,
    /// A palette entry; 0 to 15 are the named colours.
    Index(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

impl From<Color> for Ink {
    fn from(color: Color) -> Self {
        match color {
            Color::Reset => Self::Default,
            Color::Black => Self::Index(0),
            Color::Red => Self::Index(1),
            Color::Green => Self::Index(2),
            Color::Yellow => Self::Index(3),
            Color::Blue => Self::Index(4),
            Color::Magenta => Self::Index(5),
            Color::Cyan => Self::Index(6),
            Color::Gray => Self::Index(7),
            Color::DarkGray => Self::Index(8),
            Color::LightRed => Self::Index(9),
            Color::LightGreen => Self::Index(10),
            Color::LightYellow => Self::Index(11),
            Color::LightBlue => Self::Index(12),
            Color::LightMagenta => Self::Index(13),
            Color::LightCyan => Self::Index(14),
            Color::White => Self::Index(15),
            Color::Indexed(n) => Self::Index(n),
            Color::Rgb(r, g, b) => Self::Rgb(r, g, b),
        }
    }
}

/// What a blank cell can show: everything else on it is invisible.
const VISIBLE_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::CROSSED_OUT);

/// (attribute, SGR on, SGR off). Bold and dim share their "off".
const ATTRIBUTES: [(Modifier, u8, u8); 8] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// Colours and attributes of one cell, normalised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Pen {
    pub(super) fg: Ink,
    pub(super) bg: Ink,
    pub(super) modes: Modifier,
}

impl Pen {
    /// The pen for a cell with text.
    pub(super) fn new(fg: Color, bg: Color, mut modes: Modifier) -> Self {
        if modes.contains(Modifier::BOLD) {
            modes.remove(Modifier::DIM);
        }
        if modes.contains(Modifier::RAPID_BLINK) {
            modes.remove(Modifier::RAPID_BLINK);
            modes.insert(Modifier::SLOW_BLINK);
        }
        Self {
            fg: fg.into(),
            bg: bg.into(),
            modes,
        }
    }

    /// The same pen for a cell without text: what cannot be seen is dropped.
    pub(super) fn on_blank(self) -> Self {
        let seen = self.modes.intersects(VISIBLE_ON_BLANK);
        Self {
            fg: if seen { self.fg } else { Ink::Default },
            bg: self.bg,
            modes: if seen {
                self.modes - Modifier::ITALIC
            } else {
                Modifier::empty()
            },
        }
    }

    pub(super) fn is_default(self) -> bool {
        self == Self::default()
    }

    /// Appends the shortest SGR sequence that makes `self` out of `from`;
    /// nothing where they are equal. `None` is a pen that is not known.
    pub(super) fn write_from(self, from: Option<Self>, out: &mut Vec<u8>) {
        if from == Some(self) {
            return;
        }
        let mut fresh = Parameters::default();
        fresh.reset();
        self.write_all(&mut fresh);
        let chosen = match from {
            None => fresh,
            Some(from) => {
                let mut change = Parameters::default();
                self.write_change(from, &mut change);
                if change.bytes.len() < fresh.bytes.len() {
                    change
                } else {
                    fresh
                }
            }
        };
        out.extend_from_slice(b"\x1b[");
        out.extend_from_slice(&chosen.bytes);
        out.push(b'm');
    }

    fn write_all(self, to: &mut Parameters) {
        self.write_change(Self::default(), to);
    }

    fn write_change(self, from: Self, to: &mut Parameters) {
        let mut have = from.modes;
        let gone = from.modes - self.modes;
        for (mode, _, off) in ATTRIBUTES {
            if gone.contains(mode) {
                to.push(off);
                have.remove(mode);
            }
        }
        // Bold and dim exclude each other, so switching from one to the other
        // goes through 22, which the loop above has sent.
        for (mode, on, _) in ATTRIBUTES {
            if (self.modes - have).contains(mode) {
                to.push(on);
            }
        }
        if self.fg != from.fg {
            to.colour(self.fg, 30, 90);
        }
        if self.bg != from.bg {
            to.colour(self.bg, 40, 100);
        }
    }
}

/// SGR parameters separated by `;`. An empty list means reset.
#[derive(Default)]
struct Parameters {
    bytes: Vec<u8>,
    any: bool,
}

impl Parameters {
    fn reset(&mut self) {
        // An omitted first parameter is 0: `CSI m`, `CSI ;1m`.
        self.any = true;
    }

    fn push(&mut self, value: u8) {
        if self.any {
            self.bytes.push(b';');
        }
        self.any = true;
        self.bytes.extend_from_slice(value.to_string().as_bytes());
    }

    fn colour(&mut self, ink: Ink, normal: u8, bright: u8) {
        match ink {
            Ink::Default => self.push(normal + 9),
            Ink::Index(n @ 0..=7) => self.push(normal + n),
            Ink::Index(n @ 8..=15) => self.push(bright + n - 8),
            Ink::Index(n) => {
                self.push(normal + 8);
                self.push(5);
                self.push(n);
            }
            Ink::Rgb(r, g, b) => {
                self.push(normal + 8);
                self.push(2);
                self.push(r);
                self.push(g);
                self.push(b);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(from: Option<Pen>, to: Pen) -> String {
        let mut out = Vec::new();
        to.write_from(from, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn pen(fg: Color, modes: Modifier) -> Pen {
        Pen::new(fg, Color::Reset, modes)
    }

    #[test]
    fn equal_pens_cost_nothing() {
        let red = pen(Color::Red, Modifier::BOLD);
        assert_eq!(change(Some(red), red), "");
    }

    #[test]
    fn only_what_changed_is_sent() {
        let bold = pen(Color::Rgb(1, 2, 3), Modifier::BOLD);
        let bold_underlined = pen(Color::Rgb(1, 2, 3), Modifier::BOLD | Modifier::UNDERLINED);
        assert_eq!(change(Some(bold), bold_underlined), "\x1b[4m");
        assert_eq!(change(Some(bold_underlined), bold), "\x1b[24m");
    }

    #[test]
    fn a_reset_is_used_where_it_is_shorter() {
        let loud = pen(Color::Rgb(1, 2, 3), Modifier::BOLD | Modifier::UNDERLINED);
        assert_eq!(change(Some(loud), Pen::default()), "\x1b[m");
        assert_eq!(
            change(Some(loud), pen(Color::Reset, Modifier::ITALIC)),
            "\x1b[;3m"
        );
    }

    #[test]
    fn an_unknown_pen_is_reset_first() {
        assert_eq!(change(None, pen(Color::Red, Modifier::BOLD)), "\x1b[;1;31m");
        assert_eq!(change(None, Pen::default()), "\x1b[m");
    }

    #[test]
    fn bold_and_dim_are_never_on_together() {
        assert_eq!(
            pen(Color::Reset, Modifier::BOLD | Modifier::DIM),
            pen(Color::Reset, Modifier::BOLD)
        );
        let red_dim = pen(Color::Rgb(9, 9, 9), Modifier::DIM);
        let red_bold = pen(Color::Rgb(9, 9, 9), Modifier::BOLD);
        assert_eq!(change(Some(red_dim), red_bold), "\x1b[22;1m");
    }

    #[test]
    fn named_and_indexed_colours_are_one_thing() {
        assert_eq!(
            pen(Color::Indexed(9), Modifier::empty()),
            pen(Color::LightRed, Modifier::empty())
        );
        assert_eq!(
            change(
                Some(Pen::default()),
                pen(Color::LightRed, Modifier::empty())
            ),
            "\x1b[91m"
        );
        assert_eq!(
            change(
                Some(Pen::default()),
                pen(Color::Indexed(200), Modifier::empty())
            ),
            "\x1b[38;5;200m"
        );
    }
}
