//! Whatever a cell holds, the terminal gets only the sequences that the
//! painter is allowed to use.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::{Painter, PainterOptions};

/// Reads a frame strictly. Everything that is not text, BS, CR, LF or one of
/// the sequences in the module's documentation is an error.
fn check(frame: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(frame).map_err(|e| e.to_string())?;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\x1b' => sequence(&mut chars)?,
            '\x08' | '\r' | '\n' => {}
            c if c.is_control() => return Err(format!("control {c:?}")),
            '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => {
                return Err(format!("invisible {c:?}"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn sequence(chars: &mut std::str::Chars<'_>) -> Result<(), String> {
    if chars.next() != Some('[') {
        return Err("an escape that is not CSI".to_owned());
    }
    let mut parameters = String::new();
    loop {
        match chars.next() {
            Some(c @ ('0'..='9' | ';' | '?')) => parameters.push(c),
            Some(end) => {
                let allowed = match (end, parameters.as_str()) {
                    ('h' | 'l', "?25" | "?2026") | ('J', "2") | ('K', "") => true,
                    (
                        'H' | 'G' | 'd' | 'A' | 'B' | 'C' | 'D' | 'm' | 'X' | 'b' | 'r' | 'L' | 'M',
                        p,
                    ) => !p.contains('?'),
                    _ => false,
                };
                return if allowed {
                    Ok(())
                } else {
                    Err(format!("CSI {parameters}{end}"))
                };
            }
            None => return Err("an unfinished sequence".to_owned()),
        }
    }
}

/// xorshift: the same strings on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }
}

const PIECES: [&str; 34] = [
    "\x1b",
    "\x1b[",
    "\x1b]0;owned\x07",
    "\x1b[2J",
    "\x1bc",
    "\x1b[31m",
    "\x1bP+q\x1b\\",
    "\x1b]52;c;eHg=\x07",
    "\u{9b}5n",
    "\u{90}",
    "\u{9d}",
    "\u{85}",
    "\0",
    "\x07",
    "\x08",
    "\t",
    "\n",
    "\r",
    "\x0e",
    "\x7f",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{2028}",
    "\u{ad}",
    "[6n",
    "a",
    "漢",
    "\u{301}",
    "\u{200d}",
    "👨",
    "\u{fe0f}",
    "\u{e0041}",
];

fn hostile(dice: &mut Dice) -> String {
    (0..1 + dice.below(6))
        .map(|_| PIECES[dice.below(PIECES.len())])
        .collect()
}

#[test]
fn ten_thousand_hostile_symbols_never_reach_the_terminal() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for repeat in [false, true] {
        let mut painter = Painter::new(PainterOptions {
            repeat,
            ..PainterOptions::default()
        });
        for _ in 0..250 {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 6));
            for _ in 0..20 {
                let x = u16::try_from(dice.below(10)).unwrap();
                let y = u16::try_from(dice.below(6)).unwrap();
                buffer[(x, y)].set_symbol(&hostile(&mut dice));
            }
            let cursor = (dice.below(2) == 0).then(|| Position::new(3, 3));
            let frame = painter.paint(&buffer, cursor);
            if let Err(error) = check(frame) {
                panic!("{error} in {:?}", String::from_utf8_lossy(frame));
            }
        }
    }
}

#[test]
fn the_grammar_refuses_what_the_painter_must_not_send() {
    for bad in [
        "\x1b]0;x\x07",
        "\x1b[6n",
        "\x1bc",
        "\x1b[?1049h",
        "\u{9b}31m",
        "\u{202e}",
        "\t",
        "\x1b[3J",
    ] {
        assert!(check(bad.as_bytes()).is_err(), "{bad:?}");
    }
}
