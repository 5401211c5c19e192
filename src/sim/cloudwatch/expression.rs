//! Metric math: arithmetic on series and numbers, and a few functions.
//!
//! Invariant: two series are combined where both have a datapoint; elsewhere there is none.

use std::collections::BTreeMap;

use crate::clock::Time;

/// A series by time, or one number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Series(BTreeMap<Time, f64>),
    Number(f64),
}

/// Why an expression cannot be evaluated.
#[derive(Debug, PartialEq)]
pub(super) struct Wrong(pub(super) String);

/// The deepest nesting that is read.
const DEEPEST: u32 = 64;

type Operands = BTreeMap<String, Operand>;

fn combine(a: Operand, b: Operand, f: impl Fn(f64, f64) -> f64) -> Operand {
    let finite = |value: f64| value.is_finite().then_some(value);
    match (a, b) {
        (Operand::Number(a), Operand::Number(b)) => Operand::Number(f(a, b)),
        (Operand::Series(a), Operand::Number(b)) => Operand::Series(
            a.into_iter()
                .filter_map(|(at, a)| Some((at, finite(f(a, b))?)))
                .collect(),
        ),
        (Operand::Number(a), Operand::Series(b)) => Operand::Series(
            b.into_iter()
                .filter_map(|(at, b)| Some((at, finite(f(a, b))?)))
                .collect(),
        ),
        (Operand::Series(a), Operand::Series(b)) => Operand::Series(
            a.into_iter()
                .filter_map(|(at, a)| Some((at, finite(f(a, *b.get(&at)?))?)))
                .collect(),
        ),
    }
}

/// Evaluates `text`; `times` are those that FILL fills.
pub(super) fn evaluate(text: &str, known: &Operands, times: &[Time]) -> Result<Operand, Wrong> {
    let mut reader = Reader {
        rest: text,
        known,
        times,
        depth: 0,
    };
    let result = reader.sum()?;
    reader.skip();
    if reader.rest.is_empty() {
        Ok(result)
    } else {
        Err(Wrong(format!(
            "Error in expression: Syntax error near '{}'",
            reader.rest
        )))
    }
}

struct Reader<'a> {
    rest: &'a str,
    known: &'a Operands,
    times: &'a [Time],
    depth: u32,
}

impl Reader<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, sign: char) -> bool {
        self.skip();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn sum(&mut self) -> Result<Operand, Wrong> {
        let mut left = self.product()?;
        loop {
            if self.take('+') {
                left = combine(left, self.product()?, |a, b| a + b);
            } else if self.take('-') {
                left = combine(left, self.product()?, |a, b| a - b);
            } else {
                return Ok(left);
            }
        }
    }

    fn product(&mut self) -> Result<Operand, Wrong> {
        let mut left = self.power()?;
        loop {
            if self.take('*') {
                left = combine(left, self.power()?, |a, b| a * b);
            } else if self.take('/') {
                left = combine(left, self.power()?, |a, b| a / b);
            } else {
                return Ok(left);
            }
        }
    }

    fn power(&mut self) -> Result<Operand, Wrong> {
        let base = self.atom()?;
        if self.take('^') {
            return Ok(combine(base, self.atom()?, f64::powf));
        }
        Ok(base)
    }

    fn atom(&mut self) -> Result<Operand, Wrong> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Wrong("Error in expression: nested too deeply".to_owned()));
        }
        let atom = self.atom_at_depth();
        self.depth -= 1;
        atom
    }

    fn atom_at_depth(&mut self) -> Result<Operand, Wrong> {
        if self.take('-') {
            return Ok(combine(Operand::Number(0.0), self.atom()?, |a, b| a - b));
        }
        if self.take('(') {
            let inner = self.sum()?;
            return if self.take(')') {
                Ok(inner)
            } else {
                Err(self.missing(')'))
            };
        }
        self.skip();
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        if word.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return word
                .parse()
                .map(Operand::Number)
                .map_err(|_| self.unknown(word));
        }
        if self.take('(') {
            return self.function(word);
        }
        self.known
            .get(word)
            .cloned()
            .ok_or_else(|| self.unknown(word))
    }

    fn missing(&self, sign: char) -> Wrong {
        Wrong(format!(
            "Error in expression: '{sign}' expected near '{}'",
            self.rest
        ))
    }

    fn unknown(&self, word: &str) -> Wrong {
        Wrong(format!(
            "Error in expression: Undefined identifier '{word}'"
        ))
    }

    fn function(&mut self, name: &str) -> Result<Operand, Wrong> {
        let mut arguments = vec![self.argument()?];
        while self.take(',') {
            arguments.push(self.argument()?);
        }
        if !self.take(')') {
            return Err(self.missing(')'));
        }
        let mut flat = arguments.iter().flatten();
        match (name, flat.next().cloned(), flat.next().cloned()) {
            ("FILL", Some(Operand::Series(series)), Some(Operand::Number(fill))) => {
                let value = |at: &Time| (*at, series.get(at).copied().unwrap_or(fill));
                Ok(Operand::Series(self.times.iter().map(value).collect()))
            }
            ("ABS", Some(one), None) => Ok(each(one, f64::abs)),
            ("CEIL", Some(one), None) => Ok(each(one, f64::ceil)),
            ("FLOOR", Some(one), None) => Ok(each(one, f64::floor)),
            ("SUM" | "AVG" | "MIN" | "MAX", Some(_), _) => {
                let all: Vec<Operand> = arguments.into_iter().flatten().collect();
                Ok(fold(name, all))
            }
            _ => Err(Wrong(format!(
                "Error in expression: Unsupported function '{name}'"
            ))),
        }
    }

    /// An argument: an expression, or a list of them in brackets.
    fn argument(&mut self) -> Result<Vec<Operand>, Wrong> {
        if !self.take('[') {
            return Ok(vec![self.sum()?]);
        }
        let mut list = vec![self.sum()?];
        while self.take(',') {
            list.push(self.sum()?);
        }
        if self.take(']') {
            Ok(list)
        } else {
            Err(self.missing(']'))
        }
    }
}

fn each(operand: Operand, f: impl Fn(f64) -> f64) -> Operand {
    match operand {
        Operand::Number(value) => Operand::Number(f(value)),
        Operand::Series(values) => Operand::Series(
            values
                .into_iter()
                .map(|(at, value)| (at, f(value)))
                .collect(),
        ),
    }
}

/// One series over time to a number, or several series to one.
#[expect(clippy::cast_precision_loss, reason = "a count of datapoints")]
fn fold(name: &str, operands: Vec<Operand>) -> Operand {
    let join = |values: Vec<f64>| {
        let count = values.len().max(1) as f64;
        match name {
            "SUM" => values.iter().sum(),
            "AVG" => values.iter().sum::<f64>() / count,
            "MIN" => values.iter().copied().fold(f64::INFINITY, f64::min),
            _ => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    };
    if let [Operand::Series(one)] = operands.as_slice() {
        return Operand::Number(join(one.values().copied().collect()));
    }
    let mut by_time: BTreeMap<Time, Vec<f64>> = BTreeMap::new();
    for operand in operands {
        if let Operand::Series(values) = operand {
            for (at, value) in values {
                by_time.entry(at).or_default().push(value);
            }
        }
    }
    Operand::Series(
        by_time
            .into_iter()
            .map(|(at, values)| (at, join(values)))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Operands {
        let series = |values: &[(i64, f64)]| {
            Operand::Series(
                values
                    .iter()
                    .map(|(at, value)| (Time(*at), *value))
                    .collect(),
            )
        };
        Operands::from([
            ("m1".to_owned(), series(&[(1, 10.0), (2, 20.0), (3, 30.0)])),
            ("m2".to_owned(), series(&[(1, 2.0), (3, 0.0)])),
        ])
    }

    fn values(text: &str) -> Vec<(i64, f64)> {
        let times = [Time(1), Time(2), Time(3)];
        match evaluate(text, &known(), &times).unwrap() {
            Operand::Series(values) => values.into_iter().map(|(at, v)| (at.0, v)).collect(),
            Operand::Number(value) => vec![(0, value)],
        }
    }

    #[test]
    fn series_combine_where_both_have_data_and_division_by_zero_has_none() {
        assert_eq!(values("m1 / m2"), [(1, 5.0)]);
        assert_eq!(values("m1 * 2 + 1"), [(1, 21.0), (2, 41.0), (3, 61.0)]);
        assert_eq!(
            values("-(m1 - 10) ^ 2"),
            [(1, 0.0), (2, 100.0), (3, 400.0)].map(|(t, v)| (t, f64::powi(v, 1)))
        );
    }

    #[test]
    fn fill_fills_and_folding_one_series_gives_a_number() {
        assert_eq!(values("FILL(m2, 7)"), [(1, 2.0), (2, 7.0), (3, 0.0)]);
        assert_eq!(values("MAX(m1)"), [(0, 30.0)]);
        assert_eq!(values("SUM([m1, m2])"), [(1, 12.0), (2, 20.0), (3, 30.0)]);
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for text in [
            "m3",
            "m1 +",
            "(m1",
            "SEARCH('x')",
            "m1 m2",
            &"(".repeat(100),
        ] {
            assert!(evaluate(text, &known(), &[]).is_err(), "{text}");
        }
    }
}
