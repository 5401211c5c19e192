//! Text between the marks of a bracketed paste.
//!
//! Invariant: nothing that is in here ever becomes a key, but for a ctrl-c
//! that is followed by silence.

/// Opens a paste, between `CSI` and `~`.
pub(super) const START: &[u8] = b"200";
const START_MARK: &[u8] = b"\x1b[200~";
const END_MARK: &[u8] = b"\x1b[201~";

/// A paste that is coming in.
#[derive(Debug, Default)]
pub(super) struct Paste {
    text: Vec<u8>,
    /// The last bytes, as long as they may be the beginning of a mark.
    mark: Vec<u8>,
    /// An end mark has come: silence ends the paste.
    ended: bool,
    /// The last byte was ctrl-c.
    interrupted: bool,
}

/// What silence makes of a paste.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// It goes on.
    Open,
    /// It goes on, but somebody wants out.
    Interrupted,
    /// It is complete.
    Done(String),
}

impl Paste {
    /// At most `max` bytes of text are kept.
    pub(super) fn push(&mut self, byte: u8, max: usize) {
        self.interrupted = byte == 3;
        self.mark.push(byte);
        if self.mark == END_MARK {
            self.ended = true;
            self.mark.clear();
        } else if self.mark == START_MARK {
            // A second paste, glued to the first, or a fake: more text follows.
            self.ended = false;
            self.mark.clear();
        }
        while !self.mark.is_empty()
            && !END_MARK.starts_with(&self.mark)
            && !START_MARK.starts_with(&self.mark)
        {
            let byte = self.mark.remove(0);
            if self.text.len() < max {
                self.text.push(byte);
            }
        }
    }

    /// Whether silence would change anything.
    pub(super) fn waits(&self) -> bool {
        self.ended || self.interrupted
    }

    pub(super) fn silence(&mut self, max: usize) -> Silence {
        if self.ended {
            let half = std::mem::take(&mut self.mark);
            let room = max.saturating_sub(self.text.len());
            self.text.extend(half.into_iter().take(room));
            let text = std::mem::take(&mut self.text);
            return Silence::Done(String::from_utf8_lossy(&text).into_owned());
        }
        if std::mem::take(&mut self.interrupted) {
            return Silence::Interrupted;
        }
        Silence::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pasted(bytes: &[u8]) -> Silence {
        let mut paste = Paste::default();
        for byte in bytes {
            paste.push(*byte, 100);
        }
        paste.silence(100)
    }

    #[test]
    fn marks_are_not_text() {
        assert_eq!(pasted(b"one\x1b[201~"), Silence::Done("one".to_owned()));
        assert_eq!(
            pasted(b"a\x1b[201~\rq\x1b[201~"),
            Silence::Done("a\rq".to_owned())
        );
        assert_eq!(pasted(b"a\x1b[201~\x1b[200~b"), Silence::Open);
    }

    #[test]
    fn what_only_looks_like_a_mark_is_text() {
        assert_eq!(
            pasted(b"\x1b[20\x1b[A\x1b[201~"),
            Silence::Done("\x1b[20\x1b[A".to_owned())
        );
        assert_eq!(pasted(b"\x1b\x1b[201~"), Silence::Done("\x1b".to_owned()));
    }

    #[test]
    fn text_is_bounded() {
        let Silence::Done(text) = pasted(&[&[b'x'; 500][..], END_MARK].concat()) else {
            panic!("not done");
        };
        assert_eq!(text.len(), 100);
    }

    #[test]
    fn ctrl_c_and_silence_get_through() {
        assert_eq!(pasted(b"abc\x03"), Silence::Interrupted);
        assert_eq!(pasted(b"abc\x03d"), Silence::Open);
    }
}
