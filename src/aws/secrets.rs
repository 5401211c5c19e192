//! Secrets Manager: whether a secret is there. Its value is never read.

use ecsdeck_core::domain::{Arn, CloudError, Existence};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{Reply, SecretReads};

use crate::aws::Aws;
use crate::failure::absent;
use crate::plain::time;
use crate::session::Session;

impl SecretReads for Aws {
    async fn secret(&self, secret: &Clean) -> Reply<Existence> {
        self::secret(self.session(), secret).await
    }
}

pub(crate) async fn secret(session: &Session, secret: &Clean) -> Reply<Existence> {
    let id = id(secret);
    let region = Clean::new(Arn::new(&id).region());
    let answer = session
        .ask("secretsmanager:DescribeSecret", |on| {
            on.secrets(&region)
                .describe_secret()
                .secret_id(id.as_str())
                .send()
        })
        .await;
    match answer {
        Ok(answer) if answer.deleted_date().is_some() => Ok(Existence::BeingDeleted {
            at: time(answer.deleted_date()),
        }),
        Ok(answer) if answer.arn().is_none() => Err(CloudError::malformed(
            "secretsmanager:DescribeSecret",
            "the answer does not hold what was asked for",
        )),
        Ok(_) => Ok(Existence::Exists),
        Err(error) if absent(&error, "ResourceNotFoundException") => Ok(Existence::Missing),
        Err(error) => Err(error),
    }
}

/// A secret's name or resource name, without the JSON key, stage and version that a task definition may put behind
/// it (source: ECS developer guide, "Pass Secrets Manager secrets": `ARN:json-key:version-stage:version-id`).
fn id(secret: &str) -> String {
    if secret.starts_with("arn:") {
        secret.split(':').take(7).collect::<Vec<_>>().join(":")
    } else {
        secret.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::ErrorKind;
    use serde_json::json;

    use super::*;
    use crate::loopback::{Canned, DATE, Server, ok};

    #[tokio::test]
    async fn a_secret_is_there_goes_or_is_missing() {
        let refused = |body| Canned::Answer(400, DATE, body);
        let server = Server::start(vec![
            ok(r#"{"ARN":"a","Name":"app/key"}"#),
            ok(r#"{"ARN":"a","Name":"app/key","DeletedDate":1700000000.0}"#),
            refused(r#"{"__type":"ResourceNotFoundException","Message":"no"}"#),
            refused(r#"{"__type":"AccessDeniedException","Message":"no"}"#),
        ])
        .await;
        let aws = server.aws();
        let key = Clean::new("app/key");
        assert_eq!(aws.secret(&key).await, Ok(Existence::Exists));
        let Ok(Existence::BeingDeleted { at }) = aws.secret(&key).await else {
            panic!("it is being deleted")
        };
        assert_eq!(at.unwrap().as_second(), 1_700_000_000);
        assert_eq!(aws.secret(&key).await, Ok(Existence::Missing));
        assert_eq!(aws.secret(&key).await.unwrap_err().kind, ErrorKind::Denied);
    }

    #[tokio::test]
    async fn a_key_inside_of_a_secret_is_not_asked_for() {
        let server = Server::start(vec![ok(r#"{"ARN":"a"}"#)]).await;
        let named =
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/key-AbCdEf:password::";
        server.aws().secret(&Clean::new(named)).await.unwrap();
        assert_eq!(
            server.body(0),
            json!({ "SecretId": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/key-AbCdEf" })
        );
        assert!(server.requests()[0].contains("/eu-west-1/secretsmanager/"));
    }
}
