//! ECR: repositories and images, as far as worlds and task definitions tell of them.
//!
//! Invariant: the digest of a tag is the one that a task gets that pulls it now; a push
//! over a tag that is there gives it another, and leaves the image before untagged.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::bus::Told;
use crate::clock::{HOUR, Time};
use crate::desk::Desk;
use crate::ecs::{Ecs, image_digest, split_image};
use crate::random::{Random, name_key};
use crate::wire::{Action, Answer, ApiError, Args, RunBeside, page};
use crate::world::WorldSpec;

pub(crate) const ACTIONS: &[Action<RunBeside<Ecr, Ecs>>] = &[
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

/// The declared repositories of an account in a region, and what was pushed to them.
#[derive(Debug)]
pub(crate) struct Ecr {
    pub(crate) desk: Desk<()>,
    /// By repository.
    tags: BTreeMap<String, BTreeSet<String>>,
    /// What was pushed over a tag that was there, by image: how often, and when.
    pushes: BTreeMap<String, Vec<Time>>,
}

impl Ecr {
    /// Without any repository.
    pub(crate) fn new(desk: Desk<()>) -> Self {
        Ecr {
            desk,
            tags: BTreeMap::new(),
            pushes: BTreeMap::new(),
        }
    }

    /// Takes in the repositories of a world.
    pub(crate) fn furnish(&mut self, spec: &WorldSpec) {
        for repository in &spec.repository {
            let tags = self.tags.entry(repository.name.clone()).or_default();
            tags.extend(repository.tags.iter().cloned());
        }
    }

    /// Whether an image is there; one of a repository that nobody declared is.
    fn has(&self, image: &str) -> bool {
        let (repository, tag) = split_image(image);
        self.tags
            .get(repository)
            .is_none_or(|tags| tags.contains(tag))
    }

    /// Somebody pushes an image to a tag, or deletes the tag.
    pub(crate) fn set_tag(&mut self, repository: &str, tag: &str, exists: bool) {
        let image = format!("{repository}:{tag}");
        if exists && self.has(&image) {
            let now = self.desk.now;
            self.pushes.entry(image.clone()).or_default().push(now);
        }
        let tags = self.tags.entry(repository.to_owned()).or_default();
        if exists {
            tags.insert(tag.to_owned());
        } else {
            tags.remove(tag);
        }
        let pushes = self.pushes.get(&image).map_or(0, Vec::len);
        self.desk.tell(Told::Image {
            repository: repository.to_owned(),
            tag: tag.to_owned(),
            digest: exists.then(|| digest(&image, pushes)),
        });
    }
}

fn digest(image: &str, pushes: usize) -> String {
    match pushes {
        0 => image_digest(image),
        count => image_digest(&format!("{image} pushed {count}")),
    }
}

/// The host of this account's registry.
fn host(ecr: &Ecr) -> String {
    format!(
        "{}.dkr.ecr.{}.amazonaws.com",
        ecr.desk.home.account, ecr.desk.home.region
    )
}

/// Repositories of this registry with their tags: declared, or used by a task definition.
fn repositories(ecr: &Ecr, ecs: &Ecs) -> BTreeMap<String, BTreeSet<String>> {
    let host = format!("{}/", host(ecr));
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, tags) in &ecr.tags {
        if let Some(name) = name.strip_prefix(&host) {
            found
                .entry(name.to_owned())
                .or_default()
                .extend(tags.iter().cloned());
        }
    }
    let definitions = ecs.definitions.values().flat_map(|family| family.values());
    for container in definitions.flat_map(|definition| &definition.containers) {
        let (repository, tag) = split_image(&container.image);
        if let Some(name) = repository.strip_prefix(&host) {
            let tags = found.entry(name.to_owned()).or_default();
            if ecr.has(&container.image) {
                tags.insert(tag.to_owned());
            }
        }
    }
    found
}

fn no_repository(ecr: &Ecr, name: &str) -> ApiError {
    ApiError::client(
        "RepositoryNotFoundException",
        format!(
            "The repository with name '{name}' does not exist in the registry with id '{}'",
            ecr.desk.home.account
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

fn describe_repositories(ecr: &mut Ecr, ecs: &Ecs, args: &Args) -> Answer {
    let wanted = args.texts("repositoryNames")?;
    let known = repositories(ecr, ecs);
    if let Some(missing) = wanted.iter().find(|name| !known.contains_key(**name)) {
        return Err(no_repository(ecr, missing));
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
                "repositoryArn": ecr.desk.home.arn("ecr", &format!("repository/{name}")),
                "registryId": ecr.desk.home.account,
                "repositoryName": name,
                "repositoryUri": format!("{}/{name}", host(ecr)),
                "createdAt": (ecr.desk.epoch.day() - 200 * 24 * HOUR).json_seconds(),
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

fn images(ecr: &Ecr, repository: &str, tags: &BTreeSet<String>) -> Vec<Image> {
    let mut images = Vec::new();
    for tag in tags {
        let name = format!("{}/{repository}:{tag}", host(ecr));
        let mut random = Random::of(ecr.desk.seed, "image", name_key(&name));
        let first = ecr.desk.epoch.day() - random.between(1, 60 * 24) * HOUR;
        let later = ecr.pushes.get(&name).cloned().unwrap_or_default();
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

fn show(ecr: &Ecr, repository: &str, image: &Image) -> Value {
    let mut random = Random::of(ecr.desk.seed, "size", name_key(&image.digest));
    let mut shown = Map::new();
    for (name, value) in [
        ("registryId", json!(ecr.desk.home.account)),
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

fn describe_images(ecr: &mut Ecr, ecs: &Ecs, args: &Args) -> Answer {
    let repository = args.text("repositoryName")?.unwrap_or_default();
    let known = repositories(ecr, ecs);
    let tags = known
        .get(repository)
        .ok_or_else(|| no_repository(ecr, repository))?;
    let all = images(ecr, repository, tags);
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
                        quoted(digest), quoted(tag), ecr.desk.home.account
                    ),
                )
            })?;
            shown.push(show(ecr, repository, image));
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
    let shown: Vec<Value> = cut.items.iter().map(|i| show(ecr, repository, i)).collect();
    Ok(with_token(json!({ "imageDetails": shown }), cut.next))
}

#[cfg(test)]
mod tests;
