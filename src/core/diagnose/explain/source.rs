//! The bytes of an input: all of them at hand, or read from where they lie as they are wanted.
//!
//! A file of many megabytes is never held as a whole: a window of it is, and the one item that is looked at.

use std::borrow::Cow;
use std::cell::RefCell;

/// So many bytes are read at a time.
const WINDOW: usize = 256 << 10;

/// Something that can be read at any place.
pub trait ReadAt {
    /// How many bytes there are.
    fn length(&self) -> usize;
    /// Reads what stands at a place, and gives how much was read; 0 at the end, and where nothing can be read.
    fn read_at(&self, at: usize, into: &mut [u8]) -> usize;
}

/// The bytes of an input.
pub(super) struct Source<'a> {
    /// Where the bytes are.
    from: From<'a>,
    /// Bytes before this one are not looked at: a mark at the start of the file.
    length: usize,
}

enum From<'a> {
    Bytes(&'a [u8]),
    Elsewhere(&'a dyn ReadAt, RefCell<Window>),
}

#[derive(Default)]
struct Window {
    start: usize,
    bytes: Vec<u8>,
    /// So many of them stand in the input.
    filled: usize,
}

impl<'a> Source<'a> {
    pub(super) fn bytes(bytes: &'a [u8]) -> Self {
        Self {
            from: From::Bytes(bytes),
            length: bytes.len(),
        }
    }

    pub(super) fn elsewhere(from: &'a dyn ReadAt) -> Self {
        Self {
            length: from.length(),
            from: From::Elsewhere(from, RefCell::default()),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// One byte; none behind the end.
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        match &self.from {
            From::Bytes(bytes) => bytes.get(at).copied(),
            From::Elsewhere(..) => self.window(at, |bytes| bytes.first().copied()),
        }
    }

    /// What stands from one place to another, as far as there is something.
    pub(super) fn slice(&self, start: usize, end: usize) -> Cow<'a, [u8]> {
        let end = end.min(self.length);
        match &self.from {
            From::Bytes(bytes) => Cow::Borrowed(bytes.get(start..end).unwrap_or_default()),
            From::Elsewhere(from, _) => {
                let mut all = vec![0; end.saturating_sub(start)];
                let mut read = 0;
                while let Some(rest) = all.get_mut(read..).filter(|rest| !rest.is_empty()) {
                    match from.read_at(start + read, rest) {
                        0 => break,
                        more => read += more,
                    }
                }
                all.truncate(read);
                Cow::Owned(all)
            }
        }
    }

    /// The first place from here on whose byte is wanted, by a search over whole pieces.
    pub(super) fn find(&self, at: usize, search: impl Fn(&[u8]) -> Option<usize>) -> Option<usize> {
        match &self.from {
            From::Bytes(bytes) => Some(at + search(bytes.get(at..)?)?),
            From::Elsewhere(..) => {
                let mut at = at;
                loop {
                    let (found, seen) = self.window(at, |bytes| {
                        (!bytes.is_empty()).then(|| (search(bytes), bytes.len()))
                    })?;
                    match found {
                        Some(found) => return Some(at + found),
                        None => at += seen,
                    }
                }
            }
        }
    }

    /// Looks at what is at hand from a place on; more is read where nothing is.
    fn window<T>(&self, at: usize, look: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let From::Elsewhere(from, window) = &self.from else {
            return None;
        };
        if at >= self.length {
            return None;
        }
        let mut window = window.borrow_mut();
        let inside = at
            .checked_sub(window.start)
            .is_some_and(|into| into < window.filled);
        if !inside {
            window.start = at;
            // Made once: it is filled anew for each piece.
            window.bytes.resize(WINDOW, 0);
            window.filled = from.read_at(at, &mut window.bytes);
        }
        let (into, filled) = (at - window.start, window.filled);
        look(window.bytes.get(into..filled).unwrap_or_default())
    }
}

impl ReadAt for [u8] {
    fn length(&self) -> usize {
        self.len()
    }

    fn read_at(&self, at: usize, into: &mut [u8]) -> usize {
        let rest = self.get(at..).unwrap_or_default();
        let length = rest.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..length), rest.get(..length)) {
            to.copy_from_slice(from);
        }
        length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that come a few at a time.
    struct Slow(Vec<u8>);

    impl ReadAt for Slow {
        fn length(&self) -> usize {
            self.0.len()
        }

        fn read_at(&self, at: usize, into: &mut [u8]) -> usize {
            let few = into.len().min(3);
            self.0.read_at(at, into.get_mut(..few).unwrap())
        }
    }

    #[test]
    fn bytes_are_the_same_wherever_they_lie() {
        let text: Vec<u8> = (0..=255).cycle().take(1_000).collect();
        let slow = Slow(text.clone());
        let (here, there) = (Source::bytes(&text), Source::elsewhere(&slow));
        assert_eq!(here.len(), there.len());
        for at in (0..1_010).step_by(7) {
            assert_eq!(here.byte(at), there.byte(at));
            assert_eq!(here.slice(at, at + 20), there.slice(at, at + 20));
            let zero = |bytes: &[u8]| memchr::memchr(0, bytes);
            assert_eq!(here.find(at, zero), there.find(at, zero));
        }
    }
}
