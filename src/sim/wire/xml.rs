//! XML out: what the query protocols answer.
//!
//! Invariant: a document's members are named as the wire names them; a list becomes
//! one element that holds an element for each item, called `member` or `item`.

use serde_json::Value;

use super::ApiError;
use super::query::escape;

/// The element that holds each item of a list: awsQuery's or EC2's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Items {
    Member,
    Item,
}

impl Items {
    fn name(self) -> &'static str {
        match self {
            Items::Member => "member",
            Items::Item => "item",
        }
    }
}

fn element(name: &str, value: &Value, items: Items, into: &mut String) {
    if value.is_null() {
        return;
    }
    into.push_str(&format!("<{name}>"));
    content(value, items, into);
    into.push_str(&format!("</{name}>"));
}

fn content(value: &Value, items: Items, into: &mut String) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => into.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => into.push_str(&number.to_string()),
        Value::String(text) => into.push_str(&escape(text)),
        Value::Array(list) => {
            for item in list {
                element(items.name(), item, items, into);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                element(name, member, items, into);
            }
        }
    }
}

/// The reply of an awsQuery action.
pub(crate) fn query_reply(action: &str, namespace: &str, document: &Value, id: &str) -> String {
    let mut result = String::new();
    content(document, Items::Member, &mut result);
    format!(
        "<{action}Response xmlns=\"{namespace}\"><{action}Result>{result}</{action}Result>\
         <ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata></{action}Response>\n"
    )
}

/// The reply of an EC2 action.
pub(crate) fn ec2_reply(action: &str, namespace: &str, document: &Value, id: &str) -> String {
    let mut result = String::new();
    content(document, Items::Item, &mut result);
    format!(
        "<{action}Response xmlns=\"{namespace}\"><requestId>{id}</requestId>{result}\
         </{action}Response>\n"
    )
}

/// An error in EC2's shape.
pub(crate) fn ec2_error(error: &ApiError, id: &str) -> String {
    format!(
        "<Response><Errors><Error><Code>{}</Code><Message>{}</Message></Error></Errors>\
         <RequestID>{id}</RequestID></Response>\n",
        escape(&error.code),
        escape(&error.message),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_hold_an_element_for_each_item_and_null_members_are_left_out() {
        let document = json!({ "Names": ["a<b", "c"], "None": null, "On": true });
        let reply = query_reply("List", "urn:x", &document, "id");
        assert!(reply.contains(
            "<ListResult><Names><member>a&lt;b</member><member>c</member></Names><On>true</On></ListResult>"
        ));
        let reply = ec2_reply("List", "urn:x", &json!({ "set": [{ "id": 1 }] }), "id");
        assert!(reply.contains("<set><item><id>1</id></item></set>"));
    }
}
