//! ecs:RegisterTaskDefinition: a new revision out of the document of another one.
//!
//! The document is carried as AWS gave it, so that nothing is lost that this
//! program does not know. It is foreign text that was not cleaned, since it
//! goes back as it came: it is never drawn, and never written to the journal.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::shell::{Command, quoted};
use crate::domain::Arn;
use crate::text::{Clean, Values};

/// What DescribeTaskDefinition tells and RegisterTaskDefinition does not take (source: ECS API
/// reference, both operations).
const READ_ONLY: [&str; 9] = [
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
    "deletedAt",
];

/// The image of one container that becomes another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewImage {
    /// The container.
    pub container: Clean,
    /// Its image so far.
    pub before: Clean,
    /// Its image from now on.
    pub after: Clean,
}

/// ecs:RegisterTaskDefinition.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterTaskDefinition {
    /// The revision that it is made from.
    pub from: Arn,
    /// The images that are changed in it.
    pub images: Vec<NewImage>,
    document: Value,
}

impl RegisterTaskDefinition {
    /// A revision like the one that `answer` describes (the body of DescribeTaskDefinition's
    /// answer, tags included) but for these images.
    ///
    /// None when the answer is not what it should be, or has not one of the containers.
    pub fn with_images(from: &Arn, answer: &Value, images: Vec<NewImage>) -> Option<Self> {
        let mut document: Map<String, Value> = answer.get("taskDefinition")?.as_object()?.clone();
        // The order stays as it is in the document.
        READ_ONLY.iter().for_each(|member| {
            document.shift_remove(*member);
        });
        if let Some(tags) = answer.get("tags").filter(|tags| is_filled(tags)) {
            document.insert("tags".to_owned(), tags.clone());
        }
        let containers = document.get_mut("containerDefinitions")?.as_array_mut()?;
        for image in &images {
            let container = containers.iter_mut().find(|container| {
                container.get("name").and_then(Value::as_str) == Some(image.container.as_str())
            })?;
            container
                .as_object_mut()?
                .insert("image".to_owned(), json!(image.after));
        }
        Some(Self {
            from: from.clone(),
            images,
            document: Value::Object(document),
        })
    }

    /// The body, as it is sent.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Leaves out of it what may not be shown: from here on it is for reading, and not to be sent.
    pub(super) fn show(&mut self, values: Values) {
        values.document(&mut self.document);
    }

    /// What is written down of it.
    pub(super) fn record(&self) -> Value {
        json!({ "from": self.from, "images": self.images })
    }

    /// The same thing as a person would do it: the document may be long, and may hold secrets that
    /// somebody put into the environment.
    pub(super) fn command(&self, region: &str) -> Command {
        let drop: Vec<String> = READ_ONLY
            .iter()
            .map(|member| format!(".{member}"))
            .collect();
        let mut filter = format!(".taskDefinition + {{tags}} | del({})", drop.join(", "));
        for image in &self.images {
            filter.push_str(&format!(
                " | (.containerDefinitions[] | select(.name == {})).image = {}",
                json!(image.container),
                json!(image.after)
            ));
        }
        filter.push_str(" | if .tags == [] or .tags == null then del(.tags) else . end");
        let region = quoted(region);
        let describe = format!(
            "aws ecs describe-task-definition --region {region} --include TAGS --task-definition {}",
            quoted(self.from.name())
        );
        Command::of(format!(
            "REVISION=$(aws ecs register-task-definition --region {region} \
             --query taskDefinition.taskDefinitionArn --output text \
             --cli-input-json \"$({describe} | jq {})\")",
            quoted(&filter)
        ))
    }
}

fn is_filled(list: &Value) -> bool {
    list.as_array().is_some_and(|list| !list.is_empty())
}

impl Serialize for RegisterTaskDefinition {
    /// As it is written down: the document stays out.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.record().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> Value {
        json!({
            "taskDefinition": {
                "taskDefinitionArn": "arn:aws:ecs:us-east-1:1:task-definition/web:7",
                "family": "web",
                "revision": 7,
                "status": "ACTIVE",
                "requiresAttributes": [{ "name": "x" }],
                "compatibilities": ["EC2"],
                "registeredAt": 1.5,
                "registeredBy": "arn:aws:iam::1:user/ann",
                "containerDefinitions": [
                    { "name": "app", "image": "repo/app:1", "cpu": 0, "fromTheFuture": { "a": [1.50, "\u{1b}[31m"] } },
                    { "name": "proxy", "image": "repo/proxy:1" }
                ],
                "memberOfTomorrow": true
            },
            "tags": [{ "key": "team", "value": "web" }]
        })
    }

    fn image(container: &'static str) -> NewImage {
        NewImage {
            container: Clean::literal(container),
            before: Clean::literal("repo/app:1"),
            after: Clean::literal("repo/app:2"),
        }
    }

    #[test]
    fn only_the_image_changes_and_nothing_is_lost() {
        let from = Arn::new("arn:aws:ecs:us-east-1:1:task-definition/web:7");
        let request =
            RegisterTaskDefinition::with_images(&from, &answer(), vec![image("app")]).unwrap();
        assert_eq!(
            *request.document(),
            json!({
                "family": "web",
                "containerDefinitions": [
                    { "name": "app", "image": "repo/app:2", "cpu": 0, "fromTheFuture": { "a": [1.50, "\u{1b}[31m"] } },
                    { "name": "proxy", "image": "repo/proxy:1" }
                ],
                "memberOfTomorrow": true,
                "tags": [{ "key": "team", "value": "web" }]
            })
        );
        let written = request.record().to_string();
        assert!(!written.contains("Tomorrow"), "{written}");
    }

    #[test]
    fn a_container_that_is_not_there_makes_no_request() {
        let from = Arn::new("web:7");
        assert_eq!(
            RegisterTaskDefinition::with_images(&from, &answer(), vec![image("wbe")]),
            None
        );
        assert_eq!(
            RegisterTaskDefinition::with_images(&from, &json!({}), vec![]),
            None
        );
    }

    #[test]
    fn the_command_shows_no_value_of_the_document() {
        let from = Arn::new("arn:aws:ecs:us-east-1:1:task-definition/web:7");
        let request =
            RegisterTaskDefinition::with_images(&from, &answer(), vec![image("app")]).unwrap();
        let line = request.command("us-east-1").line();
        assert!(line.contains("--task-definition web:7"), "{line}");
        assert!(
            line.contains(r#"select(.name == "app")).image = "repo/app:2""#),
            "{line}"
        );
        assert!(!line.contains("Tomorrow"), "{line}");
    }
}
