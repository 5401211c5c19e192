//! Printing data, to stdout. What is no data goes through [`say`](crate::say), to stderr.

use crate::streams;

/// Prints data as it is. A reader that has gone is no error: there is nobody to tell.
pub(super) fn out(text: &str) {
    let _ = streams::data(text.as_bytes());
}

/// Prints a line of data. Returns false once stdout is closed.
pub(super) fn line(text: &str) -> bool {
    streams::data(format!("{text}\n").as_bytes()).is_ok()
}

/// Prints one JSON document.
pub(super) fn json(value: &serde_json::Value) {
    line(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// Aligns columns, two spaces apart; the last one is not padded.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    table_within(head, rows, usize::MAX)
}

/// The same, with columns that are padded to this width at most; longer cells stand over it.
pub(super) fn table_within(head: &[&str], rows: &[Vec<String>], widest: usize) -> String {
    use ecsdeck_core::text::{Align, pad, width};
    let mut widths: Vec<usize> = head.iter().map(|title| width(title)).collect();
    for row in rows {
        for (column, cell) in widths.iter_mut().zip(row) {
            *column = (*column).max(width(cell).min(widest));
        }
    }
    let render = |cells: &[String]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| pad(cell, *width, Align::Left).into_owned())
            .collect();
        padded.join("  ").trim_end().to_owned() + "\n"
    };
    let head: Vec<String> = head.iter().map(|title| (*title).to_owned()).collect();
    let mut text = render(&head);
    rows.iter().for_each(|row| text.push_str(&render(row)));
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_stand_below_each_other() {
        let rows = vec![
            vec!["a".to_owned(), "long".to_owned()],
            vec!["bbb".to_owned(), "x".to_owned()],
        ];
        assert_eq!(
            super::table(&["n", "v"], &rows),
            "n    v\na    long\nbbb  x\n"
        );
    }
}
