//! Tags, pushes and digests.

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
        trial.engine.ecs.supply.digest(image).as_str()
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
