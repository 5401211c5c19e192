//! DescribeServiceRevisions.

use serde_json::{Value, json};

use super::answer::{network_json, set};
use super::find::missing;
use super::show_service::{balancers, show_capacity};
use crate::ecs::Service;
use crate::ecs::deployment::Revision;
use crate::ecs::{Ecs, image_digest};
use crate::wire::{Action, Answer, ApiError, Args, Run};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[Action {
    name: "DescribeServiceRevisions",
    members: &["serviceRevisionArns"],
    run: describe,
}];

fn find<'a>(ecs: &'a Ecs, arn: &str) -> Option<(&'a Service, &'a Revision)> {
    let mut path = arn.split(":service-revision/").nth(1)?.split('/');
    let key = ecs.find_service(path.next()?, path.next()?)?;
    let service = ecs.service(key)?;
    let revision = service
        .revisions
        .iter()
        .find(|revision| revision.arn == arn)?;
    Some((service, revision))
}

fn show(ecs: &Ecs, service: &Service, revision: &Revision) -> Value {
    let images: Vec<Value> = revision
        .definition
        .containers
        .iter()
        .map(|container| {
            json!({
                "containerName": container.name,
                "imageDigest": image_digest(&container.image),
                "image": container.image,
            })
        })
        .collect();
    let mut shown = json!({
        "serviceRevisionArn": revision.arn,
        "serviceArn": service.arn,
        "clusterArn": ecs.desk.home.arn("ecs", &format!("cluster/{}", service.cluster)),
        "taskDefinition": revision.definition.arn,
        "containerImages": images,
        "guardDutyEnabled": false,
        "createdAt": revision.created.json_seconds(),
    });
    show_capacity(&mut shown, service, "1.4.0");
    if revision.definition.network_mode == "awsvpc" {
        set(
            &mut shown,
            "networkConfiguration",
            network_json(&revision.network),
        );
    }
    if !service.balancers.is_empty() {
        set(&mut shown, "loadBalancers", json!(balancers(service)));
    }
    shown
}

pub(super) fn describe(ecs: &mut Ecs, args: &Args) -> Answer {
    let arns = args.texts("serviceRevisionArns")?;
    if arns.is_empty() || arns.len() > 20 {
        return Err(ApiError::invalid_parameter(
            "serviceRevisionArns must have between 1 and 20 elements.",
        ));
    }
    let (mut shown, mut failures) = (Vec::new(), Vec::new());
    for arn in arns {
        match find(ecs, arn) {
            Some((service, revision)) => shown.push(show(ecs, service, revision)),
            None => failures.push(missing(arn)),
        }
    }
    Ok(json!({ "serviceRevisions": shown, "failures": failures }))
}
