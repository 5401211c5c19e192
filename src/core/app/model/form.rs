//! A form: fields that are filled in before a write is previewed.
//!
//! The invariant: nothing that is typed, pasted or pressed here changes
//! anything in AWS. A form that is in order leads to a question, and only the
//! question to a write. What was typed stays until it was carried out.

use regex::Regex;

use super::field_name::FieldName;
use super::form_purpose::FormPurpose;
use super::prompt::Prompt;
use crate::keys::{Code, Key};
use crate::text::Clean;

/// A form that is being filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// What it is for.
    pub purpose: FormPurpose,
    /// What it is called.
    pub title: Clean,
    /// The fields, in order.
    pub fields: Vec<Field>,
    /// The field that keys go to.
    pub at: usize,
    /// What is wrong with it as a whole.
    pub error: Option<Clean>,
    /// The place of what is chosen among what is offered for the field; none: what is typed counts.
    pub offered: Option<usize>,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What names it within its form.
    pub name: FieldName,
    /// What stands before it.
    pub label: Clean,
    /// What it is for.
    pub help: Clean,
    /// What was filled in.
    pub value: Value,
    /// It may not be empty.
    pub required: bool,
    /// What it must match.
    pub pattern: Option<Pattern>,
    /// Its value is not shown.
    pub secret: bool,
    /// What is wrong with it.
    pub error: Option<Clean>,
}

/// What is filled into a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A line, or several where the prompt allows it.
    Text(Prompt),
    /// A whole number within bounds, or nothing.
    Number {
        /// What was typed.
        prompt: Prompt,
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// One of several.
    Choice {
        /// What there is to choose from.
        options: Vec<Clean>,
        /// Which one is chosen.
        at: usize,
    },
}

/// A regular expression that a value must match as a whole.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: Clean,
    regex: Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Pattern {
    /// The pattern, where it is one.
    pub fn new(text: &str) -> Option<Self> {
        Some(Self {
            text: Clean::new(text),
            regex: Regex::new(&format!("^(?:{text})$")).ok()?,
        })
    }
}

/// Characters that a value holds at most: ECS takes 8,192 bytes of overrides (source: ECS API reference, RunTask).
const MOST: usize = 8_192;

impl Field {
    fn new(name: FieldName, label: &str, value: Value) -> Self {
        Self {
            name,
            label: Clean::new(label),
            help: Clean::default(),
            value,
            required: false,
            pattern: None,
            secret: false,
            error: None,
        }
    }

    /// A line of text.
    pub fn text(name: FieldName, label: &str, text: &str) -> Self {
        Self::new(name, label, Value::Text(Prompt::long(text, MOST, false)))
    }

    /// Several lines of text.
    pub fn lines(name: FieldName, label: &str, text: &str) -> Self {
        Self::new(name, label, Value::Text(Prompt::long(text, MOST, true)))
    }

    /// A number; empty where none is given.
    pub fn number(
        name: FieldName,
        label: &str,
        number: Option<u32>,
        least: u32,
        most: u32,
    ) -> Self {
        let text = number.map(|number| number.to_string()).unwrap_or_default();
        let prompt = Prompt::new(&text);
        Self::new(
            name,
            label,
            Value::Number {
                prompt,
                least,
                most,
            },
        )
    }

    /// One of several.
    pub fn choice(name: FieldName, label: &str, options: Vec<Clean>, at: usize) -> Self {
        Self::new(name, label, Value::Choice { options, at })
    }

    /// With words on what it is for.
    pub fn help(mut self, help: &str) -> Self {
        self.help = Clean::new(help);
        self
    }

    /// It may not be empty.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// What is filled in, as text.
    pub fn text_value(&self) -> &str {
        match &self.value {
            Value::Text(prompt) | Value::Number { prompt, .. } => prompt.text(),
            Value::Choice { options, at } => options.get(*at).map_or("", Clean::as_str),
        }
    }

    fn prompt_mut(&mut self) -> Option<&mut Prompt> {
        match &mut self.value {
            Value::Text(prompt) | Value::Number { prompt, .. } => Some(prompt),
            Value::Choice { .. } => None,
        }
    }

    /// Whether enter begins a new line in it.
    pub fn has_lines(&self) -> bool {
        matches!(&self.value, Value::Text(prompt) if prompt.has_lines())
    }

    /// Says what is wrong with what is filled in.
    fn check(&mut self) {
        self.error = self.problem();
    }

    fn problem(&self) -> Option<Clean> {
        let text = self.text_value();
        if text.trim().is_empty() {
            return self.required.then(|| Clean::literal("this is required"));
        }
        if let Value::Number { least, most, .. } = &self.value {
            let number = text.trim().parse::<u32>().ok();
            return match number.filter(|number| (least..=most).contains(&number)) {
                Some(_) => None,
                None => Some(Clean::own(format!(
                    "this must be a whole number from {least} to {most}"
                ))),
            };
        }
        let pattern = self.pattern.as_ref()?;
        (!pattern.regex.is_match(text))
            .then(|| Clean::own(format!("this must match {}", pattern.text)))
    }

    /// Chooses the next option, or the one before.
    fn choose(&mut self, next: bool) {
        if let Value::Choice { options, at } = &mut self.value
            && !options.is_empty()
        {
            let last = options.len().saturating_sub(1);
            *at = match (next, *at) {
                (true, at) if at >= last => 0,
                (true, at) => at.saturating_add(1),
                (false, 0) => last,
                (false, at) => at.saturating_sub(1),
            };
        }
    }
}

impl Form {
    /// A form that stands in its first field.
    pub fn new(purpose: FormPurpose, title: Clean, fields: Vec<Field>) -> Self {
        Self {
            purpose,
            title,
            fields,
            at: 0,
            error: None,
            offered: None,
        }
    }

    /// Whether it is nothing but one choice: then the arrows choose.
    pub fn is_menu(&self) -> bool {
        matches!(
            self.fields.as_slice(),
            [Field {
                value: Value::Choice { .. },
                ..
            }]
        )
    }

    /// The field that keys go to.
    pub fn field(&self) -> Option<&Field> {
        self.fields.get(self.at)
    }

    fn field_mut(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.at)
    }

    fn named(&self, name: &FieldName) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == *name)
    }

    /// What is filled into the field of that name; empty where the form has none.
    pub fn get(&self, name: &FieldName) -> &str {
        self.named(name).map_or("", Field::text_value)
    }

    /// The same as a number, where one is filled in.
    pub fn number(&self, name: &FieldName) -> Option<u32> {
        self.get(name).trim().parse().ok()
    }

    /// The place of the option that is chosen in the field of that name.
    pub fn chosen(&self, name: &FieldName) -> Option<usize> {
        match &self.named(name)?.value {
            Value::Choice { at, .. } => Some(*at),
            Value::Text(_) | Value::Number { .. } => None,
        }
    }

    /// Whether the field is the last.
    pub fn is_at_end(&self) -> bool {
        self.at.saturating_add(1) >= self.fields.len()
    }

    /// Goes so many fields on, or back; stops at both ends. The field that is left is checked.
    pub fn step(&mut self, by: isize) {
        let last = self.fields.len().saturating_sub(1);
        self.go(self.at.saturating_add_signed(by).min(last));
    }

    /// Goes to the next field; after the last comes the first.
    pub fn next(&mut self) {
        self.go(if self.is_at_end() {
            0
        } else {
            self.at.saturating_add(1)
        });
    }

    fn go(&mut self, at: usize) {
        self.offered = None;
        if at != self.at {
            self.field_mut().into_iter().for_each(Field::check);
            self.at = at;
        }
    }

    /// One line down or up in the field; at its edge to the next field.
    pub fn line(&mut self, down: bool) {
        let menu = self.is_menu();
        let Some(field) = self.field_mut() else {
            return;
        };
        let within = if menu {
            field.choose(down);
            true
        } else {
            field
                .prompt_mut()
                .is_some_and(|prompt| prompt.go_line(down))
        };
        if !within {
            self.step(if down { 1 } else { -1 });
        }
    }

    /// Goes to the next or the previous of so many things that are offered for the field. Returns false at their end, and
    /// before the first.
    pub fn step_offer(&mut self, down: bool, of: usize) -> bool {
        let next = match (down, self.offered) {
            (true, None) => (of > 0).then_some(0),
            (true, Some(at)) => Some(at.saturating_add(1)).filter(|at| *at < of),
            (false, None) => return false,
            // From the first back to what is typed.
            (false, Some(at)) => {
                self.offered = at.checked_sub(1);
                return true;
            }
        };
        self.offered = next;
        next.is_some()
    }

    /// Fills the field with what was chosen.
    pub fn fill(&mut self, text: &str) {
        if let Some(field) = self.field_mut()
            && matches!(field.value, Value::Text(_))
        {
            field.value = Value::Text(Prompt::long(text, MOST, false));
            self.changed();
        }
    }

    /// Begins a new line in a field that may have several.
    pub fn break_line(&mut self) -> bool {
        let prompt = self.field_mut().and_then(Field::prompt_mut);
        let broken = prompt.is_some_and(Prompt::break_line);
        if broken {
            self.changed();
        }
        broken
    }

    /// Takes a key that has no other meaning.
    pub fn press(&mut self, key: Key) {
        let Some(field) = self.field_mut() else {
            return;
        };
        let changed = match (&mut field.value, key.code) {
            (Value::Choice { .. }, Code::Right | Code::Char(' ')) => {
                field.choose(true);
                true
            }
            (Value::Choice { .. }, Code::Left) => {
                field.choose(false);
                true
            }
            (Value::Choice { options, at }, Code::Char(c)) if !key.ctrl && !key.alt => {
                // The next one that begins with the letter.
                let begins = |at: &usize| {
                    let first = options.get(*at).and_then(|option| option.chars().next());
                    first.is_some_and(|first| first.eq_ignore_ascii_case(&c))
                };
                let places = (*at + 1..options.len()).chain(0..=*at);
                let found = places.into_iter().find(begins);
                *at = found.unwrap_or(*at);
                found.is_some()
            }
            (Value::Choice { .. }, _) => false,
            (Value::Text(prompt) | Value::Number { prompt, .. }, _) => prompt.press(key),
        };
        if changed {
            self.changed();
        }
    }

    /// Takes pasted text into the field that keys go to.
    pub fn paste(&mut self, text: &str) {
        let Some(prompt) = self.field_mut().and_then(Field::prompt_mut) else {
            return;
        };
        let whole = prompt.paste(text);
        let lines = prompt.has_lines();
        self.changed();
        if let Some(field) = self.field_mut().filter(|_| !whole) {
            field.error = Some(if lines {
                Clean::literal("not all of it fitted")
            } else {
                Clean::literal("only the first line was taken, as far as it fits")
            });
        }
    }

    fn changed(&mut self) {
        self.error = None;
        self.offered = None;
        if let Some(field) = self.field_mut() {
            field.error = None;
        }
    }

    /// Checks every field. Where one is wrong, goes there and gives false.
    pub fn check(&mut self) -> bool {
        self.error = None;
        self.fields.iter_mut().for_each(Field::check);
        match self.fields.iter().position(|field| field.error.is_some()) {
            Some(at) => {
                self.at = at;
                false
            }
            None => true,
        }
    }

    /// Says what is wrong with a field, or with the form where there is no such field.
    pub fn refuse(&mut self, name: Option<&FieldName>, why: Clean) {
        let at = name.and_then(|name| self.fields.iter().position(|field| field.name == *name));
        match at {
            Some(at) => {
                self.at = at;
                if let Some(field) = self.field_mut() {
                    field.error = Some(why);
                }
            }
            None => self.error = Some(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: Vec<Field>) -> Form {
        Form::new(FormPurpose::RunFrom(Vec::new()), Clean::default(), fields)
    }

    fn named(name: &str) -> FieldName {
        FieldName::Variable(name.to_owned())
    }

    fn key(name: &str) -> Key {
        Key::parse(name).unwrap()
    }

    fn errors(form: &Form) -> Vec<&str> {
        let error = |field: &'_ Field| field.error.is_some();
        let wrong = form.fields.iter().filter(|field| error(field));
        wrong.map(|field| field.label.as_str()).collect()
    }

    #[test]
    fn what_is_required_and_what_must_match_is_told_in_its_place_and_the_input_stays() {
        let mut branch = Field::text(named("branch"), "branch", "a b");
        branch.pattern = Pattern::new("[a-z]+");
        let mut form = form(vec![
            Field::text(named("title"), "title", " ").required(),
            branch,
            Field::number(named("count"), "count", Some(0), 1, 10_000),
            Field::text(named("note"), "note", ""),
        ]);
        form.at = 3;
        assert!(!form.check());
        assert_eq!(errors(&form), ["title", "branch", "count"]);
        assert_eq!(form.at, 0);
        assert_eq!(
            form.fields[1].error.as_deref(),
            Some("this must match [a-z]+")
        );
        assert_eq!(
            form.fields[2].error.as_deref(),
            Some("this must be a whole number from 1 to 10000")
        );
        assert_eq!(form.get(&named("branch")), "a b");
    }

    #[test]
    fn a_pattern_matches_the_whole_value() {
        let pattern = Pattern::new("a|b").unwrap();
        assert!(pattern.regex.is_match("b"));
        assert!(!pattern.regex.is_match("ab") && !pattern.regex.is_match("b\n"));
        assert_eq!(Pattern::new("("), None);
    }

    #[test]
    fn a_field_that_is_left_is_checked_and_one_that_is_typed_in_is_not_scolded() {
        let mut form = form(vec![
            Field::text(named("a"), "a", "").required(),
            Field::text(named("b"), "b", ""),
        ]);
        form.next();
        assert_eq!(errors(&form), ["a"]);
        form.next();
        form.press(key("x"));
        assert_eq!(errors(&form), Vec::<&str>::new());
    }

    #[test]
    fn arrows_go_through_lines_and_then_to_the_next_field() {
        let mut form = form(vec![
            Field::lines(named("a"), "a", "1\n2"),
            Field::text(named("b"), "b", ""),
        ]);
        form.line(false);
        assert_eq!((form.at, form.get(&named("a"))), (0, "1\n2"));
        form.line(false);
        form.line(true);
        form.line(true);
        assert_eq!(form.at, 1);
        form.line(true);
        assert_eq!(form.at, 1);
        form.line(false);
        assert_eq!(form.at, 0);
    }

    #[test]
    fn a_choice_goes_round_and_a_letter_finds_its_word() {
        let words = ["Fargate", "Fargate Spot", "EC2"].map(Clean::literal);
        let mut form = form(vec![
            Field::choice(named("launch"), "launch", words.to_vec(), 0),
            Field::text(named("b"), "b", ""),
        ]);
        for (pressed, chosen) in [("left", "EC2"), ("space", "Fargate"), ("f", "Fargate Spot")] {
            form.press(key(pressed));
            assert_eq!(form.get(&named("launch")), chosen, "{pressed}");
        }
        form.press(key("q"));
        assert_eq!(form.chosen(&named("launch")), Some(1));
    }

    #[test]
    fn pasted_lines_go_into_a_field_of_several_lines_only() {
        let mut form = form(vec![
            Field::text(named("a"), "a", ""),
            Field::lines(named("b"), "b", ""),
            Field::choice(named("c"), "c", vec![Clean::literal("y")], 0),
        ]);
        form.paste("one\ntwo");
        assert_eq!((form.get(&named("a")), errors(&form)), ("one", vec!["a"]));
        form.step(1);
        form.paste("one\ntwo");
        assert_eq!(form.get(&named("b")), "one\ntwo");
        form.step(1);
        form.paste("one\ntwo");
        assert_eq!(form.get(&named("c")), "y");
    }
}
