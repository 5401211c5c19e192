//! Finds the place in the file that a part of the parsed deck came from.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A step into a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// Into a table.
    Key(&'a str),
    /// Into an array.
    At(usize),
}

/// Byte offset of the value at `path`, or of the deepest part of the way that is there.
pub(super) fn offset(root: &Spanned<DeTable<'_>>, path: &[Step<'_>]) -> usize {
    let mut found = root.span().start;
    let mut next = |value: &Spanned<DeValue<'_>>| found = value.span().start;
    let mut steps = path.iter();
    let Some(Step::Key(first)) = steps.next() else {
        return found;
    };
    let Some(mut value) = root.get_ref().get(*first) else {
        return found;
    };
    next(value);
    for step in steps {
        let inner = match (step, value.get_ref()) {
            (Step::Key(key), DeValue::Table(table)) => table.get(*key),
            (Step::At(at), DeValue::Array(array)) => array.get(*at),
            _ => None,
        };
        let Some(inner) = inner else { break };
        next(inner);
        value = inner;
    }
    found
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::{Step, offset};

    #[test]
    fn a_path_leads_to_its_value_or_as_near_as_it_gets() {
        let text = "[a]\nb = 1\n[[c]]\nd = 2\n[[c]]\nd = [3, 4]\n";
        let root = DeTable::parse(text).unwrap();
        let from = |path: &[Step]| text.split_at(offset(&root, path));
        let line = |path: &[Step]| from(path).0.matches('\n').count() + 1;
        let (b, inner) = (
            [Step::Key("a"), Step::Key("b")],
            [Step::Key("c"), Step::At(1), Step::Key("d"), Step::At(1)],
        );
        assert!(from(&b).1.starts_with('1'));
        assert!(from(&inner).1.starts_with('4'));
        assert_eq!(line(&[Step::Key("c"), Step::At(1), Step::Key("no")]), 5);
        assert_eq!(line(&[Step::Key("no")]), 1);
    }
}
