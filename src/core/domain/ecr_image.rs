//! An image reference that names a registry of ECR, in its parts.

use serde::Serialize;

use super::{Arn, Time};
use crate::text::Clean;

/// Where ECR keeps an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EcrImage {
    /// The account whose registry it is.
    pub account: Clean,
    /// The registry's region.
    pub region: Clean,
    /// The repository.
    pub repository: Clean,
    /// The tag, where no digest is named.
    pub tag: Option<Clean>,
    /// The digest.
    pub digest: Option<Clean>,
}

/// An image that has tags, as a repository lists it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaggedImage {
    /// Its tags.
    pub tags: Vec<Clean>,
    /// Its digest.
    pub digest: Option<Clean>,
    /// When it was pushed.
    pub pushed: Option<Time>,
}

/// The newest images of a repository that have tags.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RepositoryTags {
    /// The images, the newest first.
    pub images: Vec<TaggedImage>,
    /// Not all of the repository was looked at: there may be newer ones.
    pub partial: bool,
}

impl EcrImage {
    /// Reads a reference as a task definition writes it; none where it is not one to a private registry of ECR.
    ///
    /// Source: ECR user guide, "Private registries": `ACCOUNT.dkr.ecr.REGION.amazonaws.com`, of which there are
    /// FIPS and dual-stack forms.
    pub fn of(reference: &str) -> Option<Self> {
        let (host, path) = reference.split_once('/')?;
        let mut labels = host.split('.');
        let account = labels.next()?;
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let region = match (labels.next()?, is_account) {
            ("dkr", true) => labels
                .next()
                .filter(|label| label.starts_with("ecr"))
                .and_then(|_| labels.next())?,
            ("dkr-ecr" | "dkr-ecr-fips", true) => labels.next()?,
            _ => return None,
        };
        let (path, digest) = match path.split_once('@') {
            Some((path, digest)) => (path, Some(digest)),
            None => (path, None),
        };
        let (repository, tag) = match path.rsplit_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (path, None),
        };
        if repository.is_empty() {
            return None;
        }
        // A digest beside a tag is what counts.
        let tag = match digest {
            Some(_) => None,
            None => Some(tag.unwrap_or("latest")),
        };
        Some(Self {
            account: Clean::new(account),
            region: Clean::new(region),
            repository: Clean::new(repository),
            tag: tag.map(Clean::new),
            digest: digest.map(Clean::new),
        })
    }

    /// The repository's resource name, in the partition of its region.
    pub fn repository_arn(&self) -> Arn {
        let partition = match self.region.as_str() {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        Arn::new(&format!(
            "arn:{partition}:ecr:{}:{}:repository/{}",
            self.region, self.account, self.repository
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(reference: &str) -> Option<(String, String, String)> {
        EcrImage::of(reference).map(|image| {
            let named = image.digest.or(image.tag).unwrap_or_default();
            (
                image.region.to_string(),
                image.repository.to_string(),
                named.to_string(),
            )
        })
    }

    fn expected(region: &str, repository: &str, named: &str) -> Option<(String, String, String)> {
        Some((region.to_owned(), repository.to_owned(), named.to_owned()))
    }

    #[test]
    fn an_image_of_ecr_is_read_in_every_form_of_its_host() {
        for (host, region) in [
            ("123456789012.dkr.ecr.us-east-1.amazonaws.com", "us-east-1"),
            (
                "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
                "us-gov-west-1",
            ),
            (
                "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
                "cn-north-1",
            ),
            ("123456789012.dkr-ecr.eu-west-1.on.aws", "eu-west-1"),
        ] {
            assert_eq!(
                parts(&format!("{host}/team/app:7")),
                expected(region, "team/app", "7")
            );
        }
    }

    #[test]
    fn a_digest_counts_more_than_a_tag_and_no_tag_is_latest() {
        let app = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app";
        assert_eq!(
            parts(&format!("{app}:7@sha256:ab")),
            expected("us-east-1", "app", "sha256:ab")
        );
        assert_eq!(parts(app), expected("us-east-1", "app", "latest"));
    }

    #[test]
    fn images_of_other_registries_are_not_ecrs() {
        for other in [
            "nginx",
            "docker.io/library/nginx:1",
            "public.ecr.aws/nginx/nginx:1",
            "1234.dkr.ecr.us-east-1.amazonaws.com/app:1",
            "123456789012.dkr.gcr.io/app",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/:1",
        ] {
            assert_eq!(EcrImage::of(other), None, "{other}");
        }
    }
}
