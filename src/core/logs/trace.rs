//! Stack traces: which lines belong to one, and which line names the error.
//!
//! A program writes its trace line by line, and the line that names the error stands last in Python, first in most
//! others. What lies between are frames: they are folded away, and shown when somebody opens the line.

/// What has been seen of a stream's trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Trace {
    /// None is under way.
    #[default]
    None,
    /// Python's: the first line that is not indented names the error.
    Python,
    /// Frames follow the line that named the error.
    Frames,
}

pub(crate) const PYTHON: &str = "Traceback (most recent call last)";
/// Between two traces of Python.
const CHAINED: [&str; 2] = [
    "During handling of the above exception",
    "The above exception was the direct cause",
];

impl Trace {
    /// Takes the next line of a stream; says whether it is a frame, which names no error.
    pub(super) fn take(&mut self, line: &str) -> bool {
        if line.contains('\n') {
            // A trace that came in one piece names its error itself.
            *self = Self::None;
            return false;
        }
        if line.contains(PYTHON) {
            *self = Self::Python;
            return true;
        }
        let blank = line.trim().is_empty();
        let indented = line.starts_with([' ', '\t']);
        match self {
            Self::Python if indented || blank || is_chained(line) => true,
            Self::Python => {
                // The error. Another trace may follow it.
                *self = Self::Frames;
                false
            }
            Self::Frames if is_chained(line) => true,
            Self::Frames if is_frame(line) || is_bare_frame(line) => true,
            _ if is_frame(line) => {
                *self = Self::Frames;
                true
            }
            Self::Frames if blank => true,
            _ => {
                *self = Self::None;
                false
            }
        }
    }
}

fn is_chained(line: &str) -> bool {
    CHAINED.iter().any(|words| line.starts_with(words))
}

/// Whether a line has the form that frames of Java, JavaScript, .NET, Go or Ruby alone have. It is indented, but for
/// Go's: text that is indented and begins with `at` or `from` is often SQL.
fn is_frame(line: &str) -> bool {
    let text = line.trim_start();
    if text.len() == line.len() {
        return text.starts_with("goroutine ") && text.ends_with(':') || text == "stack backtrace:";
    }
    let called = text.strip_prefix("at ").is_some_and(|place| {
        let name = place.strip_prefix("async ").unwrap_or(place);
        let name = name.split([' ', '(']).next().unwrap_or_default();
        let has_arguments = place.contains('(') && place.contains(')') && name.contains(['.', '<']);
        has_arguments || is_in_parentheses(place) || ends_with_place(place)
    });
    let ruby = text
        .strip_prefix("from ")
        .and_then(|place| place.split_once(":in "))
        .is_some_and(|(place, _)| ends_with_place(place));
    let more = text
        .strip_prefix("... ")
        .and_then(|text| text.strip_suffix(" more"))
        .is_some_and(is_number);
    called || ruby || more || is_go_place(text)
}

/// Whether a line may be a frame where a trace is under way: `0: a::b` of Rust, and a name alone.
fn is_bare_frame(line: &str) -> bool {
    let text = line.trim_start();
    if text.len() == line.len() {
        return false;
    }
    let numbered = text
        .split_once(": ")
        .is_some_and(|(number, _)| is_number(number));
    let named = text
        .strip_prefix("at ")
        .is_some_and(|name| !name.is_empty() && !name.contains(' '));
    numbered || named
}

/// `g (a.js:3:4)`.
fn is_in_parentheses(place: &str) -> bool {
    place
        .strip_suffix(')')
        .and_then(|place| place.rsplit_once('('))
        .is_some_and(|(_, place)| ends_with_place(place))
}

/// `a.js:3`, `a.js:3:4`.
fn ends_with_place(place: &str) -> bool {
    place
        .rsplit_once(':')
        .is_some_and(|(file, line)| is_number(line) && !file.is_empty() && !file.contains(' '))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `/app/main.go:12 +0x1d`.
fn is_go_place(text: &str) -> bool {
    let place = text.split(' ').next().unwrap_or_default();
    place
        .rsplit_once(".go:")
        .is_some_and(|(_, line)| is_number(line))
}

/// The line of a trace that names the error; none where a text of several lines holds no trace.
pub(crate) fn error_of(text: &str) -> Option<&str> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    if text.contains(PYTHON) {
        return lines()
            .rfind(|line| !line.starts_with([' ', '\t']))
            .map(str::trim);
    }
    lines()
        .any(|line| is_frame(line) || is_bare_frame(line) && line.contains("at "))
        .then_some(())?;
    let cause = lines().rfind(|line| line.starts_with("Caused by:"));
    cause.or_else(|| lines().next()).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(lines: &str) -> Vec<&str> {
        let mut trace = Trace::default();
        lines.lines().filter(|line| !trace.take(line)).collect()
    }

    #[test]
    fn of_a_trace_the_lines_that_name_an_error_are_kept() {
        let python = "start\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\n    x()\n\
            KeyError: 'A'\n\nDuring handling of the above exception, another exception occurred:\n\n\
            Traceback (most recent call last):\n  File \"b.py\", line 2\nValueError: b\nnext";
        assert_eq!(
            kept(python),
            ["start", "KeyError: 'A'", "ValueError: b", "next"]
        );
        let java = "java.lang.X: a\n\tat b.C.d(C.java:1)\n\tat e.F(F.java:2)\nCaused by: java.Y: g\n\t... 12 more\nok";
        assert_eq!(kept(java), ["java.lang.X: a", "Caused by: java.Y: g", "ok"]);
        let node = "TypeError: x\n    at f (/app/a.js:1:2)\n    at async g (a.js:3:4)\nlistening";
        assert_eq!(kept(node), ["TypeError: x", "listening"]);
        let rust = "thread 'main' panicked at src/main.rs:2:5:\nboom\nstack backtrace:\n   0: a::b\n   1: c::d\nok";
        assert_eq!(
            kept(rust),
            ["thread 'main' panicked at src/main.rs:2:5:", "boom", "ok"]
        );
        let go = "panic: nil map\n\ngoroutine 1 [running]:\n\t/app/main.go:12 +0x1d\nok";
        assert_eq!(kept(go), ["panic: nil map", "", "ok"]);
    }

    #[test]
    fn indented_lines_without_a_trace_are_kept() {
        let yaml = "config:\n  name: a\n  port: 80\ndone";
        assert_eq!(kept(yaml).len(), 4);
        let sql = "select a\n  from users\n  at time zone 'UTC'\n  where b\n  12: not a frame\n  at (select 1)";
        assert_eq!(kept(sql).len(), 6);
        assert_eq!(error_of(sql), None);
    }

    #[test]
    fn frames_of_ruby_and_dotnet_have_their_own_form() {
        let ruby =
            "a.rb:1:in `f': x (RuntimeError)\n\tfrom a.rb:5:in `g'\n\tfrom a.rb:9:in `<main>'\nok";
        assert_eq!(kept(ruby), ["a.rb:1:in `f': x (RuntimeError)", "ok"]);
        let dotnet = "System.Exception: x\n   at A.B.C(String d, Int32 e) in /a/B.cs:line 12\n   at A.D()\nok";
        assert_eq!(kept(dotnet), ["System.Exception: x", "ok"]);
        let node = "Error: x\n    at /app/a.js:1:2\n    at new Foo (/app/a.js:3:4)\nok";
        assert_eq!(kept(node), ["Error: x", "ok"]);
    }

    #[test]
    fn the_error_of_a_text_is_its_last_line_in_python_and_the_cause_else() {
        let python = "Traceback (most recent call last):\n  File \"a\", line 1\nKeyError: 'A'\n";
        assert_eq!(error_of(python), Some("KeyError: 'A'"));
        assert_eq!(
            error_of("E: a\n\tat b\nCaused by: F: c\n\tat d"),
            Some("Caused by: F: c")
        );
        assert_eq!(error_of("two\nlines"), None);
        assert_eq!(error_of("one"), None);
    }
}
