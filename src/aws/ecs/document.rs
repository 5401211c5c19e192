//! A task definition's whole document, as AWS's answer has it: with the members that the SDK does not know.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_ecs::types::TaskDefinitionField;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use ecsdeck_core::domain::{Arn, CloudError};
use ecsdeck_worker::ports::{DocumentReads, Reply};
use serde_json::Value;

use crate::aws::Aws;
use crate::session::Session;

/// Keeps the body of an answer.
#[derive(Clone, Debug, Default)]
struct Keep(Arc<Mutex<Vec<u8>>>);

#[dyn_dispatch_hint]
impl Intercept for Keep {
    fn name(&self) -> &'static str {
        "Keep"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Once it is deserialised, a body that does not stream is whole in memory.
        if let Some(bytes) = context.response().body().bytes() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = bytes.to_vec();
        }
        Ok(())
    }
}

impl DocumentReads for Aws {
    async fn definition_document(&self, revision: &Arn) -> Reply<serde_json::Value> {
        document(self.session(), revision).await
    }
}

/// ecs:DescribeTaskDefinition with its tags.
pub(crate) async fn document(session: &Session, revision: &Arn) -> Reply<Value> {
    const CALL: &str = "ecs:DescribeTaskDefinition";
    let keep = Keep::default();
    session
        .ask(CALL, |on| {
            on.ecs
                .describe_task_definition()
                .task_definition(revision.as_str())
                .include(TaskDefinitionField::Tags)
                .customize()
                .interceptor(keep.clone())
                .send()
        })
        .await?;
    let bytes = keep.0.lock().unwrap_or_else(PoisonError::into_inner);
    let document: Value = serde_json::from_slice(&bytes)
        .map_err(|_| CloudError::malformed(CALL, "the response is not valid JSON"))?;
    if document.get("taskDefinition").is_none_or(Value::is_null) {
        let words = "the answer does not hold what was asked for";
        return Err(CloudError::malformed(CALL, words));
    }
    Ok(document)
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::loopback::{Server, ok};

    #[tokio::test]
    async fn members_that_the_sdk_does_not_know_are_kept() {
        let body = r#"{"taskDefinition":{"family":"web","memberOfTomorrow":{"a":[1,null]},"containerDefinitions":[]},"tags":[{"key":"k","value":"v"}]}"#;
        let server = Server::start(vec![ok(body)]).await;
        let document = server
            .aws()
            .definition_document(&Arn::new("web:7"))
            .await
            .unwrap();
        assert_eq!(document.to_string(), body);
        assert_eq!(server.body(0)["include"][0], "TAGS");
    }
}
