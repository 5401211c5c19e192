//! What tasks need from outside to start: images, secrets, log groups.
//!
//! A failure to start is never told to the ecs; it follows from what is missing here.

use std::collections::{BTreeMap, BTreeSet};

use crate::random::{mix, name_key};
use crate::world::WorldSpec;

/// What there is. What was never declared is taken to be there.
#[derive(Debug, Default)]
pub(crate) struct Supply {
    tags: BTreeMap<String, BTreeSet<String>>,
    /// What a tag stands for that was pushed over, by image.
    digests: BTreeMap<String, String>,
    missing_secrets: BTreeSet<String>,
    missing_groups: BTreeSet<String>,
    /// Log groups that are known to be there.
    groups: BTreeSet<String>,
}

/// Splits an image reference at its tag; the tag is `latest` when none is given.
pub(crate) fn split_image(image: &str) -> (&str, &str) {
    match image.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (image, "latest"),
    }
}

/// The digest that an image has, the same wherever it runs.
pub(crate) fn image_digest(image: &str) -> String {
    let key = name_key(image);
    let parts: Vec<String> = (0..4).map(|n| format!("{:016x}", mix(key ^ n))).collect();
    format!("sha256:{}", parts.concat())
}

impl Supply {
    pub(crate) fn add(&mut self, spec: &WorldSpec) {
        for repository in &spec.repository {
            self.tags
                .entry(repository.name.clone())
                .or_default()
                .extend(repository.tags.iter().cloned());
        }
        for secret in &spec.secret {
            self.set_secret(&secret.arn, secret.exists);
        }
        for group in &spec.log_group {
            let of = if group.exists {
                &mut self.groups
            } else {
                &mut self.missing_groups
            };
            of.insert(group.name.clone());
        }
    }

    pub(crate) fn has_image(&self, image: &str) -> bool {
        let (repository, tag) = split_image(image);
        self.tags
            .get(repository)
            .is_none_or(|tags| tags.contains(tag))
    }

    /// The digest that an image has for who pulls it now.
    pub(crate) fn digest(&self, image: &str) -> String {
        let pushed = self.digests.get(image).cloned();
        pushed.unwrap_or_else(|| image_digest(image))
    }

    pub(crate) fn has_secret(&self, arn: &str) -> bool {
        // `valueFrom` may go on with `:json-key:stage:version`; the ARN itself has 7 parts.
        let bare: Vec<&str> = arn.splitn(8, ':').take(7).collect();
        !self.missing_secrets.contains(arn) && !self.missing_secrets.contains(&bare.join(":"))
    }

    pub(crate) fn has_group(&self, group: &str) -> bool {
        !self.missing_groups.contains(group)
    }

    /// A log group is there.
    pub(crate) fn know_group(&mut self, group: &str) {
        self.groups.insert(group.to_owned());
    }

    /// A task definition names a log group. It is not made by that; but one that is not
    /// known to be missing exists, where anybody made it.
    pub(crate) fn look_for_group(&mut self, group: &str) {
        if !self.groups.contains(group) {
            self.missing_groups.insert(group.to_owned());
        }
    }

    /// An image is there, with its digest where it was pushed over another, or is gone.
    pub(crate) fn set_image(&mut self, repository: &str, tag: &str, digest: Option<String>) {
        self.set_tag(repository, tag, digest.is_some());
        if let Some(digest) = digest {
            self.digests.insert(format!("{repository}:{tag}"), digest);
        }
    }

    pub(crate) fn set_tag(&mut self, repository: &str, tag: &str, exists: bool) {
        let tags = self.tags.entry(repository.to_owned()).or_default();
        if exists {
            tags.insert(tag.to_owned());
        } else {
            tags.remove(tag);
        }
    }

    pub(crate) fn set_secret(&mut self, arn: &str, exists: bool) {
        if exists {
            self.missing_secrets.remove(arn);
        } else {
            self.missing_secrets.insert(arn.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_without_a_tag_means_latest_even_with_a_port_in_its_registry() {
        assert_eq!(split_image("reg:5000/app"), ("reg:5000/app", "latest"));
        assert_eq!(split_image("reg:5000/app:1.2"), ("reg:5000/app", "1.2"));
    }

    #[test]
    fn a_json_key_after_a_secrets_arn_does_not_hide_that_it_is_missing() {
        let mut supply = Supply::default();
        let arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:a/b";
        supply.set_secret(arn, false);
        assert!(!supply.has_secret(arn));
        assert!(!supply.has_secret(&format!("{arn}:password::")));
        supply.set_secret(arn, true);
        assert!(supply.has_secret(arn));
    }

    #[test]
    fn a_digest_is_64_hexadecimal_digits_and_the_images_own() {
        assert_eq!(image_digest("app:1").len(), "sha256:".len() + 64);
        assert_ne!(image_digest("app:1"), image_digest("app:2"));
    }
}
