//! What an answer may be: not nothing, and not without end.
//!
//! Whatever we ask AWS, a success has a body. One that has none, or that goes on and on, is not AWS's: it must
//! become an error of that call and never "there is nothing". The host is noted too, for words about answers
//! that are not AWS's.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use http_body::{Body, Frame};

/// Bytes of a body at most: the largest answers that AWS gives, a page of rows or of log lines, have one million before
/// they are written as JSON (source: DynamoDB developer guide, "Quotas"; CloudWatch Logs API reference,
/// FilterLogEvents), and up to sixteen answers come at the same time.
const MOST: u64 = 16 << 20;

/// Who answered.
#[derive(Clone, Debug)]
pub(crate) struct Host(pub(crate) String);

impl Storable for Host {
    type Storer = StoreReplace<Self>;
}

/// Why a body cannot be an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// A success without a body.
    #[error("the answer is empty, which AWS's never is")]
    Empty,
    /// More than any answer has.
    #[error("the answer has more than 16 MiB and was not read to its end")]
    TooLong,
}

/// Holds every answer to its bounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds;

#[dyn_dispatch_hint]
impl Intercept for Bounds {
    fn name(&self) -> &'static str {
        "Bounds"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let host = host_of(context.request().uri()).to_owned();
        config.interceptor_state().store_put(Host(host));
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        if let Some(host) = config.load::<Host>() {
            response.add_extension(host.clone());
        }
        let may_be_empty = !response.status().is_success();
        let body = response.take_body();
        *response.body_mut() = SdkBody::from_body_1_x(Bounded {
            body: Box::pin(body),
            read: 0,
            most: MOST,
            may_be_empty,
        });
        Ok(())
    }
}

/// The host of a URL, with its port.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest)
}

/// A body that is counted.
struct Bounded {
    body: Pin<Box<SdkBody>>,
    read: u64,
    most: u64,
    may_be_empty: bool,
}

impl Body for Bounded {
    type Data = <SdkBody as Body>::Data;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, BoxError>>> {
        let this = self.get_mut();
        let frame = match ready!(this.body.as_mut().poll_frame(context)) {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            None if this.read == 0 && !this.may_be_empty => {
                // Said once: the end comes after it.
                this.may_be_empty = true;
                return Poll::Ready(Some(Err(NoAnswer::Empty.into())));
            }
            None => return Poll::Ready(None),
        };
        let length = frame.data_ref().map_or(0, |data| data.as_ref().len());
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        this.read = this.read.saturating_add(length);
        if this.read > this.most {
            return Poll::Ready(Some(Err(NoAnswer::TooLong.into())));
        }
        Poll::Ready(Some(Ok(frame)))
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::ErrorKind;
    use ecsdeck_worker::ports::{ClusterReads, Writes};

    use super::*;
    use crate::Aws;
    use crate::load::Limits;
    use crate::loopback::{Canned, Server, ok};

    #[test]
    fn the_host_of_a_request_is_known() {
        assert_eq!(
            host_of("https://ecs.us-east-1.amazonaws.com/"),
            "ecs.us-east-1.amazonaws.com"
        );
        assert_eq!(host_of("http://127.0.0.1:80?x"), "127.0.0.1:80");
    }

    #[tokio::test]
    async fn an_empty_answer_is_an_error_and_not_nothing() {
        let server = Server::start(vec![ok("")]).await;
        let aws = server.aws();
        let listed = aws.list_clusters(None).await.unwrap_err();
        assert_eq!(listed.kind, ErrorKind::Malformed);
        assert!(listed.message.contains("empty"), "{listed}");
        let sent = aws
            .writer(crate::punctual::awake())
            .send(&crate::writes::sample(), std::time::Duration::MAX)
            .await
            .unwrap_err();
        assert!(sent.may_have_been_applied(), "{sent:?}");
    }

    #[tokio::test]
    async fn an_answer_without_end_is_given_up() {
        let server = Server::start(vec![Canned::Flood]).await;
        let aws = Aws::with_limits(server.settings(), Limits::default());
        let error = aws.list_clusters(None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed);
        assert!(error.message.contains("16 MiB"), "{error}");
    }
}
