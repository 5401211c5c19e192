//! Where JSON values begin and end, without building them.
//!
//! A parser stops for good at the first mistake. This one only looks for quotes
//! and brackets, so that an item that is not what it claims spoils nothing but
//! itself. Every place is a byte of the input, from 0; nothing here recurses.

use memchr::memchr2;

use super::source::Source;

/// Why no value could be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// The input ends inside the value that begins at this byte.
    CutOff(usize),
    /// Something else was to stand at this byte.
    Expected(usize, &'static str),
}

/// The input, and how far it has been read.
pub(super) struct Scan<'a> {
    pub(super) input: &'a Source<'a>,
    pub(super) at: usize,
}

impl Scan<'_> {
    /// The next byte that is not white space.
    pub(super) fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.input.byte(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    /// Takes this byte; the value that it belongs to began at `start`.
    pub(super) fn take(
        &mut self,
        wanted: u8,
        start: usize,
        what: &'static str,
    ) -> Result<(), Broken> {
        match self.peek() {
            Some(byte) if byte == wanted => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(Broken::Expected(self.at, what)),
            None => Err(Broken::CutOff(start)),
        }
    }

    /// Goes behind the string whose quote stands here.
    pub(super) fn string(&mut self) -> Result<(), Broken> {
        let start = self.at;
        self.at += 1;
        loop {
            let search = |bytes: &[u8]| memchr2(b'"', b'\\', bytes);
            let Some(found) = self.input.find(self.at, search) else {
                return Err(Broken::CutOff(start));
            };
            let quote = self.input.byte(found) == Some(b'"');
            self.at = found + if quote { 1 } else { 2 };
            if quote {
                return Ok(());
            }
        }
    }

    /// Goes behind the value that begins here, whatever is in it.
    pub(super) fn value(&mut self) -> Result<(), Broken> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{' | b'[') => self.brackets(),
            Some(_) => {
                let ends = |byte: &u8| {
                    matches!(
                        byte,
                        b',' | b']' | b'}' | b':' | b'"' | b' ' | b'\t' | b'\n' | b'\r'
                    )
                };
                let search = |bytes: &[u8]| bytes.iter().position(ends);
                let end = self.input.find(self.at, search);
                let end = end.unwrap_or(self.input.len());
                if end == self.at {
                    return Err(Broken::Expected(self.at, "a value"));
                }
                self.at = end;
                Ok(())
            }
            None => Err(Broken::CutOff(start)),
        }
    }

    fn brackets(&mut self) -> Result<(), Broken> {
        let start = self.at;
        let mut open = 0_usize;
        while let Some(byte) = self.input.byte(self.at) {
            match byte {
                b'"' => {
                    self.string().map_err(|_| Broken::CutOff(start))?;
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Ok(());
            }
        }
        Err(Broken::CutOff(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(input: &str) -> Result<usize, Broken> {
        let input = Source::bytes(input.as_bytes());
        let mut scan = Scan {
            input: &input,
            at: 0,
        };
        scan.value().map(|()| scan.at)
    }

    #[test]
    fn a_value_ends_with_its_own_bracket_and_not_with_one_in_a_string() {
        assert_eq!(end(r#"{"a":"}\"}","b":[1,{}]} {"#), Ok(23));
        assert_eq!(end(r#""a\\" "#), Ok(5));
        assert_eq!(end("null,"), Ok(4));
    }

    #[test]
    fn what_ends_too_early_names_where_it_began() {
        assert_eq!(end(r#"{"a":["#), Err(Broken::CutOff(0)));
        assert_eq!(end(r#"["abc"#), Err(Broken::CutOff(0)));
        assert_eq!(end(r#""abc\"#), Err(Broken::CutOff(0)));
        assert_eq!(end(","), Err(Broken::Expected(0, "a value")));
    }
}
