//! Whether the images can be pulled: their names are well-formed, and ECR has them.

use super::{Finding, Planned};
use crate::diagnose::Question;
use crate::diagnose::cause::CauseId;
use crate::domain::{EcrImage, ImageState};
use crate::text::Clean;

/// Images of other registries cannot be asked about.
pub(super) fn questions(planned: Planned<'_>) -> Vec<Question> {
    let containers = planned.definition.containers.iter();
    let images = containers.map(|container| &container.image);
    images
        .filter(|image| EcrImage::of(image).is_some() && is_well_formed(image))
        .map(|image| Question::Image(image.clone()))
        .collect()
}

pub(super) fn finding(image: &Clean, state: &ImageState) -> Option<Finding> {
    let what = match state {
        ImageState::Exists { .. } => return None,
        ImageState::NoSuchImage => "ECR has the repository and not this image",
        ImageState::NoSuchRepository => "ECR has no such repository",
    };
    let text = format!("{what}: {image}");
    Some(Finding::will(CauseId::ImageNotFound, text))
}

pub(super) fn malformed(planned: Planned<'_>) -> Vec<Finding> {
    let containers = planned.definition.containers.iter();
    let bad = containers.filter(|container| !is_well_formed(&container.image));
    bad.map(|container| {
        let text = format!(
            "{} is no image reference (a repository's name is in lower case)",
            container.image
        );
        Finding::will(CauseId::ImageInvalid, text)
    })
    .collect()
}

/// Whether a container runtime takes it (source: distribution/reference, "Grammar").
fn is_well_formed(image: &str) -> bool {
    let (name, digest) = match image.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (image, None),
    };
    let is_host = |part: &str| part.contains(['.', ':']) || part == "localhost";
    let path = match name.split_once('/') {
        Some((host, path)) if is_host(host) => path,
        _ => name,
    };
    let (path, tag) = match path.split_once(':') {
        Some((path, tag)) => (path, Some(tag)),
        None => (path, None),
    };
    let lower = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let is_part = |part: &str| {
        let ends = |b: Option<u8>| b.is_some_and(lower);
        ends(part.bytes().next())
            && ends(part.bytes().last())
            && part.bytes().all(|b| lower(b) || b"._-".contains(&b))
    };
    let is_tag = |tag: &str| {
        let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        tag.len() <= 128
            && tag.bytes().next().is_some_and(word)
            && tag.bytes().all(|b| word(b) || b".-".contains(&b))
    };
    path.split('/').all(is_part)
        && tag.is_none_or(is_tag)
        && digest.is_none_or(|digest| digest.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_a_runtime_reads_them() {
        for good in [
            "nginx",
            "redis:7-alpine",
            "docker.io/library/nginx:1.27",
            "localhost:5000/team/app_x:V1.2",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app@sha256:abcd",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:7@sha256:abcd",
            "public.ecr.aws/a-b/c__d",
        ] {
            assert!(is_well_formed(good), "{good}");
        }
        for bad in [
            "",
            "App:1",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/Short-Drama-Web:3.3.0",
            "app:",
            "app:-1",
            "app/",
            "app@abcd",
            "a b",
        ] {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }
}
