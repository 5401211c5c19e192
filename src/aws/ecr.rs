//! ECR: whether an image is there.

use aws_sdk_ecr::types::{DescribeImagesFilter, ImageDetail, ImageIdentifier, TagStatus};
use ecsdeck_core::domain::{EcrImage, ImageState, TaggedImage};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{ImageReads, Page, PageToken, Reply, sizes};

use crate::aws::Aws;
use crate::failure::absent;
use crate::page::{next, only, raw};
use crate::plain::{text, time, whole};
use crate::session::Session;

impl ImageReads for Aws {
    async fn image(&self, image: &EcrImage) -> Reply<ImageState> {
        self::image(self.session(), image).await
    }

    async fn tagged_images(
        &self,
        image: &EcrImage,
        page: Option<PageToken>,
    ) -> Reply<Page<TaggedImage>> {
        tagged(self.session(), image, page).await
    }
}

pub(crate) async fn image(session: &Session, image: &EcrImage) -> Reply<ImageState> {
    const CALL: &str = "ecr:DescribeImages";
    let answer = session
        .ask(CALL, |on| {
            on.ecr(&image.region)
                .describe_images()
                .registry_id(image.account.as_str())
                .repository_name(image.repository.as_str())
                .image_ids(
                    ImageIdentifier::builder()
                        .set_image_tag(image.tag.as_ref().map(ToString::to_string))
                        .set_image_digest(image.digest.as_ref().map(ToString::to_string))
                        .build(),
                )
                .send()
        })
        .await;
    match answer {
        Ok(answer) => {
            let images = whole(CALL, answer.image_details.as_deref())?;
            only(CALL, images, answer.next_token())?;
            Ok(images.first().map_or(ImageState::NoSuchImage, there))
        }
        Err(error) if absent(&error, "ImageNotFoundException") => Ok(ImageState::NoSuchImage),
        Err(error) if absent(&error, "RepositoryNotFoundException") => {
            Ok(ImageState::NoSuchRepository)
        }
        Err(error) => Err(error),
    }
}

async fn tagged(
    session: &Session,
    image: &EcrImage,
    page: Option<PageToken>,
) -> Reply<Page<TaggedImage>> {
    const CALL: &str = "ecr:DescribeImages";
    let token = raw(page);
    let answer = session
        .ask(CALL, |on| {
            on.ecr(&image.region)
                .describe_images()
                .registry_id(image.account.as_str())
                .repository_name(image.repository.as_str())
                .filter(
                    DescribeImagesFilter::builder()
                        .tag_status(TagStatus::Tagged)
                        .build(),
                )
                .max_results(sizes::DESCRIBE_IMAGES_PAGE)
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    let images = whole(CALL, answer.image_details.as_deref())?;
    let items = images.iter().map(|image| TaggedImage {
        tags: image
            .image_tags()
            .iter()
            .map(|tag| Clean::new(tag))
            .collect(),
        digest: text(image.image_digest()),
        pushed: time(image.image_pushed_at()),
    });
    Ok(Page {
        items: items.collect(),
        next: next(answer.next_token()),
    })
}

fn there(raw: &ImageDetail) -> ImageState {
    ImageState::Exists {
        digest: text(raw.image_digest()),
        pushed: time(raw.image_pushed_at()),
        bytes: raw
            .image_size_in_bytes()
            .and_then(|bytes| u64::try_from(bytes).ok()),
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::ErrorKind;
    use serde_json::json;

    use super::*;
    use crate::loopback::{Canned, DATE, Server, ok};

    fn app() -> EcrImage {
        EcrImage::of("123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app:7").unwrap()
    }

    fn refused(body: &'static str) -> Canned {
        Canned::Answer(400, DATE, body)
    }

    #[tokio::test]
    async fn an_image_that_is_there_has_digest_time_and_size() {
        let server = Server::start(vec![ok(
            r#"{"imageDetails":[{"imageDigest":"sha256:ab","imageSizeInBytes":8000000000,"imagePushedAt":1700000000.0}]}"#,
        )])
        .await;
        let ImageState::Exists {
            digest,
            pushed,
            bytes,
        } = server.aws().image(&app()).await.unwrap()
        else {
            panic!("it is there")
        };
        assert_eq!(digest.as_deref(), Some("sha256:ab"));
        assert_eq!(pushed.unwrap().as_second(), 1_700_000_000);
        assert_eq!(bytes, Some(8_000_000_000));
        assert_eq!(
            server.body(0),
            json!({
                "registryId": "123456789012", "repositoryName": "team/app", "imageIds": [{ "imageTag": "7" }],
            })
        );
    }

    #[tokio::test]
    async fn what_is_not_there_is_an_answer_and_a_refusal_is_not() {
        let server = Server::start(vec![
            refused(r#"{"__type":"ImageNotFoundException","message":"no"}"#),
            refused(r#"{"__type":"RepositoryNotFoundException","message":"no"}"#),
            refused(r#"{"__type":"AccessDeniedException","message":"no"}"#),
        ])
        .await;
        let aws = server.aws();
        assert_eq!(aws.image(&app()).await, Ok(ImageState::NoSuchImage));
        assert_eq!(aws.image(&app()).await, Ok(ImageState::NoSuchRepository));
        assert_eq!(aws.image(&app()).await.unwrap_err().kind, ErrorKind::Denied);
    }

    #[tokio::test]
    async fn the_images_of_a_repository_that_have_tags_are_listed_page_by_page() {
        let server = Server::start(vec![ok(
            r#"{"imageDetails":[{"imageDigest":"sha256:ab","imageTags":["7","latest"],"imagePushedAt":1700000000.0}],"nextToken":"two"}"#,
        )])
        .await;
        let page = server.aws().tagged_images(&app(), None).await.unwrap();
        assert_eq!(page.next, Some(PageToken("two".to_owned())));
        assert_eq!(page.items[0].tags, ["7", "latest"]);
        assert_eq!(page.items[0].pushed.unwrap().as_second(), 1_700_000_000);
        assert_eq!(
            server.body(0),
            json!({
                "registryId": "123456789012", "repositoryName": "team/app",
                "filter": { "tagStatus": "TAGGED" }, "maxResults": 1000,
            })
        );
    }

    #[tokio::test]
    async fn a_registry_elsewhere_is_asked_there() {
        let server = Server::start(vec![ok(r#"{"imageDetails":[]}"#)]).await;
        let aws = server.aws();
        let elsewhere = EcrImage::of("123456789012.dkr.ecr.eu-west-1.amazonaws.com/app").unwrap();
        aws.image(&elsewhere).await.unwrap();
        aws.image(&app()).await.unwrap();
        let requests = server.requests();
        assert!(requests[0].contains("/eu-west-1/ecr/"), "{}", requests[0]);
        assert!(requests[1].contains("/us-east-1/ecr/"), "{}", requests[1]);
    }
}
