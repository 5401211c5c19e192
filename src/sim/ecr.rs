//! ECR: repositories and images, as far as worlds and task definitions tell of them.
//!
//! Invariant: the digest of a tag is the one that a task gets that pulls it now; a push
//! over a tag that is there gives it another, and leaves the image before untagged.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::clock::{HOUR, Time};
use crate::ecs::scheduler::words;
use crate::engine::Engine;
use crate::engine::random::{Random, name_key};
use crate::wire::{Action, Answer, ApiError, Args, page};

pub(crate) const ACTIONS: &[Action] = &[
    Action {
        name: "DescribeRepositories",
        members: &["registryId", "repositoryNames", "nextToken", "maxResults"],
        run: describe_repositories,
    },
    Action {
        name: "DescribeImages",
        members: &[
            "registryId",
            "repositoryName",
            "imageIds",
            "nextToken",
            "maxResults",
            "filter",
        ],
        run: describe_images,
    },
];

/// What was pushed over a tag that was there, by image: how often, and when.
#[derive(Debug, Default)]
pub(crate) struct Pushes(BTreeMap<String, Vec<Time>>);

impl Engine {
    /// The digest that a tag or digest of an image stands for now.
    pub(crate) fn image_digest(&self, image: &str) -> String {
        let pushes = self.neighbours.pushes.0.get(image).map_or(0, Vec::len);
        digest(image, pushes)
    }

    /// Somebody pushes an image to a tag.
    pub(crate) fn image_pushed(&mut self, repository: &str, tag: &str) {
        if self.supply.has_image(&format!("{repository}:{tag}")) {
            let image = format!("{repository}:{tag}");
            self.neighbours
                .pushes
                .0
                .entry(image)
                .or_default()
                .push(self.now);
        }
        self.supply.set_tag(repository, tag, true);
    }
}

fn digest(image: &str, pushes: usize) -> String {
    match pushes {
        0 => words::digest(image),
        count => words::digest(&format!("{image} pushed {count}")),
    }
}

/// The host of this account's registry.
fn host(engine: &Engine) -> String {
    format!(
        "{}.dkr.ecr.{}.amazonaws.com",
        engine.home.account, engine.home.region
    )
}

/// Repositories of this registry with their tags: declared, or used by a task definition.
fn repositories(engine: &Engine) -> BTreeMap<String, BTreeSet<String>> {
    let host = format!("{}/", host(engine));
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, tags) in engine.supply.repositories() {
        if let Some(name) = name.strip_prefix(&host) {
            found
                .entry(name.to_owned())
                .or_default()
                .extend(tags.iter().cloned());
        }
    }
    let definitions = engine
        .ecs
        .definitions
        .values()
        .flat_map(|family| family.values());
    for container in definitions.flat_map(|definition| &definition.containers) {
        let (repository, tag) = crate::engine::split_image(&container.image);
        if let Some(name) = repository.strip_prefix(&host) {
            let tags = found.entry(name.to_owned()).or_default();
            if engine.supply.has_image(&container.image) {
                tags.insert(tag.to_owned());
            }
        }
    }
    found
}

fn no_repository(engine: &Engine, name: &str) -> ApiError {
    ApiError::client(
        "RepositoryNotFoundException",
        format!(
            "The repository with name '{name}' does not exist in the registry with id '{}'",
            engine.home.account
        ),
    )
}

fn size(args: &Args) -> Result<usize, ApiError> {
    let size = args.number("maxResults")?.unwrap_or(100);
    if !(1..=1_000).contains(&size) {
        return Err(ApiError::client(
            "InvalidParameterException",
            format!(
                "Invalid parameter at 'maxResults' failed to satisfy constraint: '{size}' is not within 1 and 1000"
            ),
        ));
    }
    Ok(usize::try_from(size).unwrap_or_default())
}

fn token(args: &Args) -> Result<String, ApiError> {
    page::begin(args.text("nextToken")?).map_err(|_| {
        ApiError::client(
            "InvalidParameterException",
            "The specified parameter is invalid. Invalid nextToken.",
        )
    })
}

fn with_token(mut answer: Value, token: Option<String>) -> Value {
    if let (Some(token), Some(answer)) = (token, answer.as_object_mut()) {
        answer.insert("nextToken".to_owned(), Value::String(token));
    }
    answer
}

fn describe_repositories(engine: &mut Engine, args: &Args) -> Answer {
    let wanted = args.texts("repositoryNames")?;
    let known = repositories(engine);
    if let Some(missing) = wanted.iter().find(|name| !known.contains_key(**name)) {
        return Err(no_repository(engine, missing));
    }
    let after = token(args)?;
    let names = known
        .into_keys()
        .filter(|name| *name > after && (wanted.is_empty() || wanted.contains(&name.as_str())));
    let cut = page::cut(names.map(|name| (name.clone(), name)), size(args)?);
    let shown: Vec<Value> = cut
        .items
        .iter()
        .map(|name| {
            json!({
                "repositoryArn": engine.home.arn("ecr", &format!("repository/{name}")),
                "registryId": engine.home.account,
                "repositoryName": name,
                "repositoryUri": format!("{}/{name}", host(engine)),
                "createdAt": (engine.neighbours.epoch.day() - 200 * 24 * HOUR).json_seconds(),
                "imageTagMutability": "MUTABLE",
                "imageScanningConfiguration": { "scanOnPush": true },
                "encryptionConfiguration": { "encryptionType": "AES256" },
            })
        })
        .collect();
    Ok(with_token(json!({ "repositories": shown }), cut.next))
}

/// An image: its digest, its tags, and when it was pushed.
struct Image {
    digest: String,
    tags: Vec<String>,
    pushed: Time,
}

fn images(engine: &Engine, repository: &str, tags: &BTreeSet<String>) -> Vec<Image> {
    let mut images = Vec::new();
    for tag in tags {
        let name = format!("{}/{repository}:{tag}", host(engine));
        let mut random = Random::of(engine.seed, "image", name_key(&name));
        let first = engine.neighbours.epoch.day() - random.between(1, 60 * 24) * HOUR;
        let later = engine
            .neighbours
            .pushes
            .0
            .get(&name)
            .cloned()
            .unwrap_or_default();
        let last = later.len();
        for (number, pushed) in std::iter::once(first).chain(later).enumerate() {
            images.push(Image {
                digest: digest(&name, number),
                tags: if number == last {
                    vec![tag.clone()]
                } else {
                    Vec::new()
                },
                pushed,
            });
        }
    }
    images.sort_by(|a, b| a.digest.cmp(&b.digest));
    images
}

fn show(engine: &Engine, repository: &str, image: &Image) -> Value {
    let mut random = Random::of(engine.seed, "size", name_key(&image.digest));
    let mut shown = Map::new();
    for (name, value) in [
        ("registryId", json!(engine.home.account)),
        ("repositoryName", json!(repository)),
        ("imageDigest", json!(image.digest)),
        (
            "imageSizeInBytes",
            json!(random.between(40_000_000, 900_000_000)),
        ),
        ("imagePushedAt", image.pushed.json_seconds()),
        (
            "imageManifestMediaType",
            json!("application/vnd.docker.distribution.manifest.v2+json"),
        ),
        (
            "artifactMediaType",
            json!("application/vnd.docker.container.image.v1+json"),
        ),
    ] {
        shown.insert(name.to_owned(), value);
    }
    if !image.tags.is_empty() {
        shown.insert("imageTags".to_owned(), json!(image.tags));
    }
    Value::Object(shown)
}

fn describe_images(engine: &mut Engine, args: &Args) -> Answer {
    let repository = args.text("repositoryName")?.unwrap_or_default();
    let known = repositories(engine);
    let tags = known
        .get(repository)
        .ok_or_else(|| no_repository(engine, repository))?;
    let all = images(engine, repository, tags);
    let ids = args.structures("imageIds")?;
    if !ids.is_empty() {
        let mut shown = Vec::new();
        for id in &ids {
            let (tag, digest) = (id.text("imageTag")?, id.text("imageDigest")?);
            let image = all.iter().find(|image| {
                tag.is_none_or(|tag| image.tags.iter().any(|t| t == tag))
                    && digest.is_none_or(|digest| image.digest == digest)
            });
            let image = image.ok_or_else(|| {
                let quoted = |text: Option<&str>| {
                    text.map_or_else(|| "'null'".to_owned(), |text| format!("'{text}'"))
                };
                ApiError::client(
                    "ImageNotFoundException",
                    format!(
                        "The image with imageId {{imageDigest:{}, imageTag:{}}} does not exist within \
                         the repository with name '{repository}' in the registry with id '{}'",
                        quoted(digest), quoted(tag), engine.home.account
                    ),
                )
            })?;
            shown.push(show(engine, repository, image));
        }
        return Ok(json!({ "imageDetails": shown }));
    }
    let filter = args.structure("filter")?;
    let tagged = match filter.text("tagStatus")? {
        Some("TAGGED") => Some(true),
        Some("UNTAGGED") => Some(false),
        _ => None,
    };
    let after = token(args)?;
    let matching = all.iter().filter(|image| {
        image.digest > after && tagged.is_none_or(|tagged| tagged != image.tags.is_empty())
    });
    let cut = page::cut(
        matching.map(|image| (image.digest.clone(), image)),
        size(args)?,
    );
    let shown: Vec<Value> = cut
        .items
        .iter()
        .map(|i| show(engine, repository, i))
        .collect();
    Ok(with_token(json!({ "imageDetails": shown }), cut.next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Service;
    use crate::trial::Trial;

    const IMAGES: &str = "
        [[repository]]
        name = '123456789012.dkr.ecr.us-east-1.amazonaws.com/web'
        tags = ['1.0', 'latest']
        [[event]]
        at = '5m'
        do = 'image'
        repository = '123456789012.dkr.ecr.us-east-1.amazonaws.com/web'
        tag = 'latest'
    ";

    fn details(trial: &mut Trial, input: Value) -> Result<Vec<Value>, ApiError> {
        let answer = trial.ask(Service::Ecr, "DescribeImages", input)?;
        Ok(answer["imageDetails"].as_array().unwrap().clone())
    }

    #[test]
    fn a_push_over_a_tag_moves_the_tag_to_another_digest() {
        let mut trial = Trial::new(IMAGES);
        let latest = json!({ "repositoryName": "web", "imageIds": [{ "imageTag": "latest" }] });
        let before = details(&mut trial, latest.clone()).unwrap();
        trial.minutes(6);
        let after = details(&mut trial, latest).unwrap();
        assert_ne!(before[0]["imageDigest"], after[0]["imageDigest"]);
        let image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:latest";
        assert_eq!(
            after[0]["imageDigest"],
            trial.engine.image_digest(image).as_str()
        );
        let all = details(&mut trial, json!({ "repositoryName": "web" })).unwrap();
        assert_eq!(all.len(), 3);
        let untagged = all
            .iter()
            .find(|image| image.get("imageTags").is_none())
            .unwrap();
        assert_eq!(untagged["imageDigest"], before[0]["imageDigest"]);
    }

    #[test]
    fn what_does_not_exist_is_named_in_ecrs_words() {
        let mut trial = Trial::new(IMAGES);
        let missing = json!({ "repositoryName": "web", "imageIds": [{ "imageTag": "2.0" }] });
        let error = details(&mut trial, missing).unwrap_err();
        assert_eq!(error.code, "ImageNotFoundException");
        assert!(
            error
                .message
                .contains("{imageDigest:'null', imageTag:'2.0'}")
        );
        let error = details(&mut trial, json!({ "repositoryName": "wob" })).unwrap_err();
        assert_eq!(error.code, "RepositoryNotFoundException");
    }
}
