//! Frames of an event stream (application/vnd.amazon.eventstream).

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use serde_json::{Value, json};

fn frame(headers: [(&'static str, String); 3], payload: &Value) -> Vec<u8> {
    let headers = headers
        .into_iter()
        .map(|(name, value)| Header::new(name, HeaderValue::String(value.into())))
        .collect();
    let message = Message::new_from_parts(headers, payload.to_string().into_bytes());
    let mut bytes = Vec::new();
    // It can only fail for headers or payloads beyond 16 MB.
    if write_message_to(&message, &mut bytes).is_err() {
        bytes.clear();
    }
    bytes
}

/// An event of that type.
pub(super) fn event(kind: &str, payload: &Value) -> Vec<u8> {
    let headers = [
        (":message-type", "event".to_owned()),
        (":event-type", kind.to_owned()),
        (":content-type", "application/x-amz-json-1.1".to_owned()),
    ];
    frame(headers, payload)
}

/// An exception, with which a stream ends.
pub(super) fn exception(kind: &str, message: &str) -> Vec<u8> {
    let headers = [
        (":message-type", "exception".to_owned()),
        (":exception-type", kind.to_owned()),
        (":content-type", "application/x-amz-json-1.1".to_owned()),
    ];
    frame(headers, &json!({ "message": message }))
}

#[cfg(test)]
mod tests {
    use aws_smithy_eventstream::frame::read_message_from;

    use super::*;

    #[test]
    fn a_frame_can_be_read_back() {
        let bytes = event("sessionUpdate", &json!({ "sessionResults": [] }));
        let message = read_message_from(&mut bytes.as_slice()).unwrap();
        let header = |name: &str| {
            let found = message
                .headers()
                .iter()
                .find(|h| h.name().as_str() == name)
                .unwrap();
            found.value().as_string().unwrap().as_str().to_owned()
        };
        assert_eq!(header(":message-type"), "event");
        assert_eq!(header(":event-type"), "sessionUpdate");
        assert_eq!(message.payload().as_ref(), br#"{"sessionResults":[]}"#);
    }
}
