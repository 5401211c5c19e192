//! The awsQuery protocol: a form in, XML out.

use serde_json::{Map, Value};

use super::ApiError;

/// The most steps that the name of a form's value is taken to have.
const DEEPEST: usize = 16;

/// Decodes one `application/x-www-form-urlencoded` name or value.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                let digits = std::str::from_utf8(&digits).unwrap_or("3f");
                bytes.push(u8::from_str_radix(digits, 16).unwrap_or(b'?'));
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The names and values of a form, in order.
pub(crate) fn form(body: &str) -> Vec<(String, String)> {
    body.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Names and values as a form.
pub(crate) fn written<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> String {
    let encoded = |text: &str| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        text.bytes()
            .map(|byte| match byte {
                byte if plain(byte) => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect()
    };
    pairs
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// A form as a structure: `A.member.1.B=c` and EC2's `A.1.B=c` are both
/// `{"A": [{"B": "c"}]}`. Every scalar is a string.
pub(crate) fn tree(pairs: &[(String, String)]) -> Map<String, Value> {
    let mut root = Value::Object(Map::new());
    for (name, value) in pairs {
        let steps: Vec<&str> = name
            .split('.')
            .filter(|s| *s != "member" && !s.is_empty())
            .take(DEEPEST)
            .collect();
        put(&mut root, &steps, value);
    }
    lists(&mut root);
    match root {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn put(into: &mut Value, steps: &[&str], value: &str) {
    let Some((step, rest)) = steps.split_first() else {
        *into = Value::String(value.to_owned());
        return;
    };
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    if let Some(members) = into.as_object_mut() {
        put(members.entry(*step).or_insert(Value::Null), rest, value);
    }
}

/// Turns objects whose members are all numbered into lists, in the order of the numbers.
fn lists(value: &mut Value) {
    let Value::Object(members) = value else {
        return;
    };
    members.values_mut().for_each(lists);
    let numbered: Option<Vec<(u32, &String)>> = members
        .keys()
        .map(|name| Some((name.parse().ok()?, name)))
        .collect();
    let Some(mut numbered) = numbered.filter(|numbered| !numbered.is_empty()) else {
        return;
    };
    numbered.sort();
    let items = numbered
        .into_iter()
        .filter_map(|(_, name)| members.get(name).cloned())
        .collect();
    *value = Value::Array(items);
}

/// Text as it stands in XML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// An error in the shape that awsQuery services give it.
pub(crate) fn error_xml(error: &ApiError, namespace: &str, request_id: &str) -> String {
    let kind = if error.status < 500 {
        "Sender"
    } else {
        "Receiver"
    };
    format!(
        "<ErrorResponse xmlns=\"{namespace}\">\n  <Error>\n    <Type>{kind}</Type>\n    \
         <Code>{}</Code>\n    <Message>{}</Message>\n  </Error>\n  \
         <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n",
        escape(&error.code),
        escape(&error.message),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_decoded() {
        let pairs = form("Action=Get+It&Name=a%2Fb%26c&Empty");
        let pairs: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [("Action", "Get It"), ("Name", "a/b&c"), ("Empty", "")]
        );
    }

    #[test]
    fn numbered_names_become_lists_in_both_dialects() {
        let tree = |body: &str| Value::Object(tree(&form(body)));
        assert_eq!(
            tree("Names.member.2=b&Names.member.1=a&Size=3"),
            serde_json::json!({ "Names": ["a", "b"], "Size": "3" })
        );
        assert_eq!(
            tree("Filter.1.Name=x&Filter.1.Value.1=y"),
            serde_json::json!({ "Filter": [{ "Name": "x", "Value": ["y"] }] })
        );
    }

    #[test]
    fn a_broken_escape_does_not_break_the_form() {
        assert_eq!(form("a=%zz%4").len(), 1);
    }
}
