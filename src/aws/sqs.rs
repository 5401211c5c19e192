//! SQS: queues and what is in them.

use std::collections::HashMap;

use aws_sdk_sqs::types::{self, QueueAttributeName};
use ecsdeck_core::domain::{Arn, CloudError, DeadLetter, MessageMove, Queue, QueueDepth, Time};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{Page, PageToken, QueueReads, Reply, sizes};
use serde_json::Value;

use crate::aws::Aws;
use crate::page::{next, raw};
use crate::plain::{arn, arn_or_empty, text, text_or_empty, texts};
use crate::session::Session;

/// What is asked of a queue. Without names SQS answers with nothing.
const ATTRIBUTES: [QueueAttributeName; 5] = [
    QueueAttributeName::ApproximateNumberOfMessages,
    QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
    QueueAttributeName::ApproximateNumberOfMessagesDelayed,
    QueueAttributeName::QueueArn,
    QueueAttributeName::RedrivePolicy,
];

impl QueueReads for Aws {
    async fn message_moves(&self, queue: &Arn) -> Reply<Vec<MessageMove>> {
        moves(self.session(), queue).await
    }

    async fn list_queues(&self, page: Option<PageToken>) -> Reply<Page<Clean>> {
        list(self.session(), page).await
    }

    async fn queue_url(&self, name: &Clean) -> Reply<Clean> {
        url(self.session(), name).await
    }

    async fn queue(&self, url: &Clean) -> Reply<Queue> {
        describe(self.session(), url).await
    }
}

/// URLs.
pub(crate) async fn list(session: &Session, page: Option<PageToken>) -> Reply<Page<Clean>> {
    let token = raw(page);
    let answer = session
        .ask("sqs:ListQueues", |on| {
            on.sqs
                .list_queues()
                .max_results(sizes::LIST_QUEUES_PAGE)
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    Ok(Page {
        items: texts(answer.queue_urls()),
        next: next(answer.next_token()),
    })
}

pub(crate) async fn url(session: &Session, name: &Clean) -> Reply<Clean> {
    const CALL: &str = "sqs:GetQueueUrl";
    let answer = session
        .ask(CALL, |on| {
            on.sqs.get_queue_url().queue_name(name.as_str()).send()
        })
        .await?;
    text(answer.queue_url()).ok_or_else(|| CloudError::malformed(CALL, "the answer holds no URL"))
}

pub(crate) async fn describe(session: &Session, url: &Clean) -> Reply<Queue> {
    let answer = session
        .ask("sqs:GetQueueAttributes", |on| {
            on.sqs
                .get_queue_attributes()
                .queue_url(url.as_str())
                .set_attribute_names(Some(ATTRIBUTES.to_vec()))
                .send()
        })
        .await?;
    // SQS leaves out an empty list of queues, but a queue always has these.
    match answer.attributes() {
        Some(attributes) if !attributes.is_empty() => Ok(queue(url, Some(attributes))),
        _ => Err(CloudError::malformed(
            "sqs:GetQueueAttributes",
            "the answer does not hold what was asked for",
        )),
    }
}

/// The newest moves of a queue's messages.
pub(crate) async fn moves(session: &Session, queue: &Arn) -> Reply<Vec<MessageMove>> {
    let answer = session
        .ask("sqs:ListMessageMoveTasks", |on| {
            on.sqs
                .list_message_move_tasks()
                .source_arn(queue.as_str())
                .max_results(sizes::LIST_MESSAGE_MOVES_PAGE)
                .send()
        })
        .await?;
    let count = |raw: i64| u64::try_from(raw).unwrap_or_default();
    let one = |raw: &types::ListMessageMoveTasksResultEntry| MessageMove {
        status: text_or_empty(raw.status()),
        // Milliseconds; 0 where it is not said (source: SQS API reference, ListMessageMoveTasks).
        started: Some(raw.started_timestamp())
            .filter(|millis| *millis > 0)
            .and_then(|millis| Time::from_millisecond(millis).ok()),
        destination: arn(raw.destination_arn()),
        moved: count(raw.approximate_number_of_messages_moved()),
        to_move: raw.approximate_number_of_messages_to_move().map(count),
        failure: text(raw.failure_reason()),
    };
    Ok(answer.results().iter().map(one).collect())
}

/// A queue; what SQS leaves out is 0 or absent.
fn queue(url: &Clean, raw: Option<&HashMap<QueueAttributeName, String>>) -> Queue {
    let attribute = |name| raw.and_then(|raw| raw.get(&name)).map(String::as_str);
    let number = |name| {
        attribute(name)
            .and_then(|raw| raw.trim().parse().ok())
            .unwrap_or(0)
    };
    Queue {
        url: url.clone(),
        arn: arn_or_empty(attribute(QueueAttributeName::QueueArn)),
        name: Clean::new(url.trim_end_matches('/').rsplit('/').next().unwrap_or(url)),
        depth: QueueDepth {
            visible: number(QueueAttributeName::ApproximateNumberOfMessages),
            in_flight: number(QueueAttributeName::ApproximateNumberOfMessagesNotVisible),
            delayed: number(QueueAttributeName::ApproximateNumberOfMessagesDelayed),
        },
        dead_letter: attribute(QueueAttributeName::RedrivePolicy).and_then(dead_letter),
    }
}

/// A redrive policy is a JSON text. Some tools wrote the count as a string; SQS takes both.
fn dead_letter(policy: &str) -> Option<DeadLetter> {
    let policy: Value = serde_json::from_str(policy).ok()?;
    let receives = policy.get("maxReceiveCount")?;
    let max_receives = receives
        .as_u64()
        .or_else(|| receives.as_str()?.trim().parse().ok())?;
    Some(DeadLetter {
        arn: Arn::new(policy.get("deadLetterTargetArn")?.as_str()?),
        max_receives: u32::try_from(max_receives).unwrap_or(u32::MAX),
        depth: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loopback::{Canned, DATE, Server, ok};
    use ecsdeck_core::domain::ErrorKind;
    use serde_json::json;

    const URL: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs.fifo";

    fn of(attributes: &[(QueueAttributeName, &str)]) -> Queue {
        let raw = attributes
            .iter()
            .map(|(name, value)| (name.clone(), (*value).to_owned()))
            .collect();
        queue(&Clean::new(URL), Some(&raw))
    }

    #[test]
    fn the_three_counts_keep_their_places() {
        let queue = of(&[
            (QueueAttributeName::ApproximateNumberOfMessages, "7"),
            (
                QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
                "2",
            ),
            (QueueAttributeName::ApproximateNumberOfMessagesDelayed, "1"),
            (
                QueueAttributeName::QueueArn,
                "arn:aws:sqs:us-east-1:123456789012:jobs.fifo",
            ),
        ]);
        assert_eq!(
            queue.depth,
            QueueDepth {
                visible: 7,
                in_flight: 2,
                delayed: 1
            }
        );
        assert_eq!(
            (queue.name.as_str(), queue.arn.name()),
            ("jobs.fifo", "jobs.fifo")
        );
        assert_eq!(queue.dead_letter, None);
    }

    #[test]
    fn the_redrive_policy_names_the_dead_letter_queue() {
        for policy in [
            r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:1:dead","maxReceiveCount":3}"#,
            r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:1:dead","maxReceiveCount":"3"}"#,
        ] {
            let found = of(&[(QueueAttributeName::RedrivePolicy, policy)])
                .dead_letter
                .unwrap();
            assert_eq!(
                (found.arn.name(), found.max_receives, found.depth),
                ("dead", 3, None)
            );
        }
    }

    #[test]
    fn a_policy_that_makes_no_sense_is_none() {
        for policy in ["", "{}", "[1]", "{\"maxReceiveCount\":3}"] {
            assert_eq!(
                of(&[(QueueAttributeName::RedrivePolicy, policy)]).dead_letter,
                None,
                "{policy}"
            );
        }
    }

    #[test]
    fn a_queue_of_which_sqs_says_nothing_is_empty() {
        assert_eq!(queue(&Clean::new(URL), None).depth, QueueDepth::default());
    }

    #[tokio::test]
    async fn a_queue_is_asked_for_its_counts_and_its_dead_letter_queue() {
        let server = Server::start(vec![ok(
            r#"{"Attributes":{"ApproximateNumberOfMessages":"4","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:1:dead\",\"maxReceiveCount\":5}"}}"#,
        )])
        .await;
        let url = Clean::new(&format!("{}/1/jobs", server.endpoint));
        let queue = server.aws().queue(&url).await.unwrap();
        assert_eq!((queue.depth.visible, queue.name.as_str()), (4, "jobs"));
        assert_eq!(queue.dead_letter.map(|dead| dead.max_receives), Some(5));
        assert_eq!(
            server.body(0)["AttributeNames"].as_array().map(Vec::len),
            Some(5)
        );
    }

    #[tokio::test]
    async fn a_queue_that_is_not_there_is_not_found() {
        let body = r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}"#;
        let server = Server::start(vec![Canned::Answer(400, DATE, body)]).await;
        let error = server
            .aws()
            .queue_url(&Clean::new("gone"))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind, error.operation),
            (ErrorKind::NotFound, "sqs:GetQueueUrl")
        );
    }

    #[tokio::test]
    async fn queues_come_in_pages_and_an_empty_token_is_none() {
        let server =
            Server::start(vec![ok(r#"{"QueueUrls":["http://q/1/a"],"NextToken":""}"#)]).await;
        let page = server.aws().list_queues(None).await.unwrap();
        assert_eq!((page.items.len(), page.next), (1, None));
        assert_eq!(server.body(0), json!({ "MaxResults": 1000 }));
    }
}
