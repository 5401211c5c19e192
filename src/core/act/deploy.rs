//! Deploying an image: a new revision like the running one but for the image, and the service set to it.

use serde_json::Value;

use super::redeploy::rolls_out;
use super::{
    ActError, Change, Changed, Decider, Expect, Goal, Intent, NewImage, RegisterTaskDefinition,
    Request, Revision, ServiceGoal, ServiceSeen, Step, Subject, UpdateService, Verb,
};
use crate::domain::Service;
use crate::text::{Clean, nearest};

/// Builds the intent to deploy images.
///
/// `answer` is the body of DescribeTaskDefinition's answer for the service's revision, tags
/// included. Each image is `[CONTAINER=]IMAGE`, where the container may be left out if there is
/// only one; an image that is only `:TAG` or `@DIGEST` keeps the repository.
///
/// # Errors
/// When an image or container makes no sense, nothing would change, or ECS does not roll the
/// service out itself.
pub fn deploy(
    by: Decider<'_>,
    service: &Service,
    answer: &Value,
    images: &[&str],
) -> Result<Intent, ActError> {
    rolls_out(service)?;
    let containers = containers(answer);
    if containers.is_empty() {
        return Err(ActError::impossible(format!(
            "{} could not be read",
            service.task_definition.name()
        )));
    }
    if images.is_empty() {
        return Err(ActError::bad("which image? [CONTAINER=]IMAGE"));
    }
    let mut changed: Vec<NewImage> = Vec::new();
    for image in images {
        let image = new_image(&containers, image)?;
        if changed.iter().any(|one| one.container == image.container) {
            return Err(ActError::bad(format!(
                "two images for the container {}",
                image.container
            )));
        }
        if image.before != image.after {
            changed.push(image);
        }
    }
    if changed.is_empty() {
        return Err(ActError::Already(Clean::own(format!(
            "{} already has this image. Hint: redeploy restarts its tasks",
            service.task_definition.name()
        ))));
    }
    let changes = changed.iter().map(|image| Change {
        what: Changed::Image(image.container.clone()),
        before: image.before.clone(),
        after: image.after.clone(),
    });
    let changes: Vec<Change> = changes.collect();
    let registered = Goal::Registered {
        family: Clean::new(service.task_definition.family()),
        since: by.at,
        images: containers
            .iter()
            .map(|(name, image)| {
                let new = changed.iter().find(|one| one.container == *name);
                let image = new.map_or_else(|| Clean::new(image), |new| new.after.clone());
                (Clean::new(name), image)
            })
            .collect(),
    };
    let request = RegisterTaskDefinition::with_images(&service.task_definition, answer, changed)
        .ok_or_else(|| ActError::impossible("the task definition is not a JSON object"))?;
    let steps = vec![
        Step {
            request: Request::RegisterTaskDefinition(Box::new(request)),
            goal: registered,
        },
        Step {
            request: Request::UpdateService(UpdateService {
                task_definition: Some(Revision::Registered),
                ..UpdateService::of(service)
            }),
            goal: Goal::Service(ServiceGoal {
                task_definition: Some((service.task_definition.clone(), Revision::Registered)),
                ..ServiceGoal::of(service)
            }),
        },
    ];
    let seen = ServiceSeen {
        task_definition: Some(service.task_definition.clone()),
        ..ServiceSeen::lives(service)
    };
    Ok(Intent {
        changes,
        notes: vec![Clean::own(format!(
            "registers a new revision of {} from {} and deploys it",
            service.task_definition.family(),
            service.task_definition.name()
        ))],
        ..by.intent(
            Verb::Deploy,
            Some(service.cluster.clone()),
            Subject::Service(service.arn.clone()),
            steps,
            vec![Expect::Service(seen)],
        )
    })
}

/// The containers of a definition with their images.
fn containers(answer: &Value) -> Vec<(&str, &str)> {
    let list = answer.pointer("/taskDefinition/containerDefinitions");
    let list = list
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    list.iter()
        .filter_map(|container| {
            let name = container.get("name")?.as_str()?;
            let image = container
                .get("image")
                .and_then(Value::as_str)
                .unwrap_or_default();
            Some((name, image))
        })
        .collect()
}

fn new_image(containers: &[(&str, &str)], given: &str) -> Result<NewImage, ActError> {
    let given = given.trim();
    // An image holds no `=`, and a container's name neither `/` nor `:`.
    let (container, image) = match given.split_once('=') {
        Some((container, image)) => (Some(container.trim()), image.trim()),
        None => (None, given),
    };
    let names = || containers.iter().map(|(name, _)| *name);
    let list = || Clean::new(&names().collect::<Vec<_>>().join(", "));
    let (container, before) = match (container, containers) {
        (Some(container), _) => *containers
            .iter()
            .find(|(name, _)| *name == container)
            .ok_or_else(|| {
                let hint = nearest(container, names())
                    .map(|name| format!("; did you mean {}?", Clean::new(name)))
                    .unwrap_or_default();
                ActError::bad(format!(
                    "no container {}: there are {}{hint}",
                    Clean::new(container),
                    list()
                ))
            })?,
        (None, [only]) => *only,
        (None, _) => {
            return Err(ActError::bad(format!(
                "which container? There are {}: CONTAINER=IMAGE",
                list()
            )));
        }
    };
    let after = if image.starts_with(':') || image.starts_with('@') {
        format!("{}{image}", repository(before))
    } else {
        image.to_owned()
    };
    // Source: ECS API reference, ContainerDefinition: up to 255 letters, digits and these signs.
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_:./#@".contains(c);
    if image.trim_start_matches([':', '@']).is_empty()
        || after.chars().count() > 255
        || !after.chars().all(fits)
    {
        return Err(ActError::bad(format!(
            "{:?} is not a valid image reference",
            Clean::new(image)
        )));
    }
    Ok(NewImage {
        container: Clean::new(container),
        before: Clean::new(before),
        after: Clean::new(&after),
    })
}

/// An image without its tag or digest.
pub(crate) fn repository(image: &str) -> &str {
    let image = image.split_once('@').map_or(image, |(image, _)| image);
    match image.rsplit_once(':') {
        // A colon before the last slash is a registry's port.
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => image,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::act::sample::decider;
    use crate::act::{Made, Settlement};
    use crate::diagnose::sample;

    fn answer(images: &[(&str, &str)]) -> Value {
        let containers: Vec<Value> = images
            .iter()
            .map(|(name, image)| json!({ "name": name, "image": image, "memory": 512 }))
            .collect();
        json!({ "taskDefinition": { "family": "web", "revision": 1, "containerDefinitions": containers } })
    }

    fn one() -> Value {
        answer(&[("app", "host:5000/web:1")])
    }

    fn two() -> Value {
        answer(&[("app", "web:1"), ("proxy", "envoy:1")])
    }

    fn intent(answer: &Value, images: &[&str]) -> Result<Intent, ActError> {
        deploy(decider(), &sample::service("web"), answer, images)
    }

    #[test]
    fn a_revision_is_registered_and_the_service_goes_to_it_and_no_other() {
        let intent = intent(&one(), &[":2"]).unwrap();
        let [register, update] = intent.steps.as_slice() else {
            panic!("{:?}", intent.steps)
        };
        let body = register.request.body();
        assert_eq!(body["containerDefinitions"][0]["image"], "host:5000/web:2");
        assert_eq!(body["containerDefinitions"][0]["memory"], 512);
        let made = Made {
            revision: Some(sample::revision("web:2")),
            ..Made::default()
        };
        let sent = update.request.resolved(&made).unwrap().body();
        assert_eq!(sent["taskDefinition"], sample::revision("web:2").as_str());
        assert_eq!(sent.as_object().unwrap().len(), 3, "{sent}");
        assert_eq!(
            Intent::settle(&[register], &crate::act::Seen::default()),
            Settlement::NotApplied
        );
    }

    #[test]
    fn an_image_can_be_given_whole_or_by_tag_or_digest() {
        for (given, after) in [
            ("other/web:9", "other/web:9"),
            (":9", "host:5000/web:9"),
            ("@sha256:ab", "host:5000/web@sha256:ab"),
            ("app=:9", "host:5000/web:9"),
        ] {
            assert_eq!(intent(&one(), &[given]).unwrap().changes[0].after, after);
        }
        let pinned = answer(&[("app", "web:1@sha256:ab")]);
        assert_eq!(intent(&pinned, &[":9"]).unwrap().changes[0].after, "web:9");
    }

    #[test]
    fn several_containers_need_a_name_and_a_wrong_one_is_told_with_the_nearest() {
        let why = |images: &[&str]| intent(&two(), images).unwrap_err().to_string();
        assert!(why(&[":2"]).contains("app, proxy"));
        assert!(why(&["poxy=:2"]).contains("did you mean proxy?"));
        assert!(why(&["app=:2", "app=:3"]).contains("two images"));
        let both = intent(&two(), &["app=:2", "proxy=:2"]).unwrap();
        assert_eq!(both.changes.len(), 2);
    }

    #[test]
    fn what_is_no_image_or_no_change_is_refused() {
        for bad in ["", ":", "@", "a b", "x\u{1b}[m"] {
            assert!(
                matches!(intent(&one(), &[bad]), Err(ActError::Bad(_))),
                "{bad:?}"
            );
        }
        assert!(matches!(intent(&one(), &[":1"]), Err(ActError::Already(_))));
        assert!(matches!(
            intent(&json!({}), &[":1"]),
            Err(ActError::Refused(_))
        ));
    }
}
