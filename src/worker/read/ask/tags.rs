//! The newest tags of a repository.
//!
//! ECR lists images in no order, so that all have to be looked at; of a repository with very many, no more than is worth the
//! wait, and that is said.

use std::cmp::Reverse;

use ecsdeck_core::domain::{EcrImage, RepositoryTags, TaggedImage};

use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Reads, Reply};
use crate::read::pages::each_page;

/// Images that are told.
const NEWEST: usize = 50;
/// Images that are looked at.
const MOST: usize = 5_000;

pub(super) async fn read<R: Reads>(caller: &Caller<R>, image: &EcrImage) -> Reply<RepositoryTags> {
    let reads = &caller.reads;
    let mut images: Vec<TaggedImage> = Vec::new();
    each_page(
        "ecr:DescribeImages",
        |page| caller.call(Api::Ecr, move || reads.tagged_images(image, page.clone())),
        |page| {
            images.extend(page);
            images.len() < MOST
        },
    )
    .await?;
    let partial = images.len() >= MOST;
    images.sort_by_key(|image| Reverse(image.pushed));
    images.truncate(NEWEST);
    Ok(RepositoryTags { images, partial })
}
