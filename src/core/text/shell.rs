//! A command line broken into words, as a POSIX shell does it, without expanding anything.

/// The words of a line; an error where a quote is not closed.
pub fn shell_words(line: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('\'') => break,
                        Some(c) => word.push(c),
                        None => return Err("a single quote is not closed"),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('"') => break,
                        Some('\\') => match chars.next() {
                            Some(c @ ('"' | '\\' | '$' | '`')) => word.push(c),
                            Some('\n') => {}
                            Some(c) => word.extend(['\\', c]),
                            None => return Err("a double quote is not closed"),
                        },
                        Some(c) => word.push(c),
                        None => return Err("a double quote is not closed"),
                    }
                }
            }
            '\\' => match chars.next() {
                Some('\n') => {}
                Some(c) => word.get_or_insert_default().push(c),
                None => return Err("nothing follows the backslash"),
            },
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// A word as it is written on such a line.
pub fn shell_quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_broken_as_a_shell_does_it() {
        for (line, words) in [
            ("python  -m job", &["python", "-m", "job"][..]),
            (r#"sh -c 'echo "$HOME"'"#, &["sh", "-c", "echo \"$HOME\""]),
            (r#"a\ b "c \"d\"" ''"#, &["a b", "c \"d\"", ""]),
            ("a'b'\"c\"", &["abc"]),
            ("  ", &[]),
        ] {
            assert_eq!(shell_words(line).unwrap(), words, "{line}");
        }
        for line in ["'a", "\"a", "a\\"] {
            assert!(shell_words(line).is_err(), "{line}");
        }
    }

    proptest! {
        #[test]
        fn what_is_quoted_is_one_word_and_the_same(words in proptest::collection::vec(".{0,12}", 0..5)) {
            let line: Vec<String> = words.iter().map(|word| shell_quoted(word)).collect();
            prop_assert_eq!(shell_words(&line.join(" ")).unwrap(), words);
        }
    }
}
