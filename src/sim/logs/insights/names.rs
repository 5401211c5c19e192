//! Names of fields, as queries write them.

/// A field's bare name.
pub(super) fn bare(field: &str) -> String {
    field.trim().trim_matches('`').to_owned()
}

/// A field's bare name, where it is one. AWS has functions and operators there too, which are not simulated. Source:
/// CloudWatch Logs user guide, "Supported logs and discovered fields": what has other characters stands in backticks.
pub(super) fn field(text: &str) -> Result<String, String> {
    let text = text.trim();
    let quoted = text.len() > 2 && text.starts_with('`') && text.ends_with('`');
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '@');
    if quoted || (!text.is_empty() && text.chars().all(plain)) {
        Ok(bare(text))
    } else {
        Err(format!("unexpected symbol found {text}"))
    }
}

/// A list of such names.
pub(super) fn fields<'a>(
    parts: impl IntoIterator<Item = (usize, &'a str)>,
) -> Result<Vec<String>, String> {
    parts.into_iter().map(|(_, part)| field(part)).collect()
}
