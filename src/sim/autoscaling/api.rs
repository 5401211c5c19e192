//! The actions of Application Auto Scaling (awsJson 1.1, `AnyScaleFrontendService`).

use serde_json::{Map, Value, json};

use super::AutoScaling;
use super::input::NAMESPACES;
use super::target::{DIMENSION, Policy, Suspended, Target};
use crate::ecs::Ecs;
use crate::input::TABLED;
use crate::wire::{Action, Answer, ApiError, Args, RunBeside, page};

pub(crate) const ACTIONS: &[Action<RunBeside<AutoScaling, Ecs>>] = &[
    Action {
        name: "DescribeScalableTargets",
        members: &[
            "ServiceNamespace",
            "ResourceIds",
            "ScalableDimension",
            "MaxResults",
            "NextToken",
        ],
        run: describe_scalable_targets,
    },
    Action {
        name: "DescribeScalingPolicies",
        members: &[
            "PolicyNames",
            "ServiceNamespace",
            "ResourceId",
            "ScalableDimension",
            "MaxResults",
            "NextToken",
        ],
        run: describe_scaling_policies,
    },
    Action {
        name: "DescribeScalingActivities",
        members: &[
            "ServiceNamespace",
            "ResourceId",
            "ScalableDimension",
            "MaxResults",
            "NextToken",
            "IncludeNotScaledActivities",
        ],
        run: describe_scaling_activities,
    },
    Action {
        name: "RegisterScalableTarget",
        members: TABLED,
        run: register_scalable_target,
    },
];

/// Checks the namespace and dimension of a call; whether it is about services of ECS.
fn scope(args: &Args) -> Result<bool, ApiError> {
    let namespace = args.text("ServiceNamespace")?.unwrap_or_default();
    if !NAMESPACES.contains(&namespace) {
        return Err(ApiError::validation(format!(
            "1 validation error detected: Value '{namespace}' at 'serviceNamespace' failed to satisfy \
             constraint: Member must satisfy enum value set: [{}]",
            NAMESPACES.join(", ")
        )));
    }
    let dimension = args.text("ScalableDimension")?;
    Ok(namespace == "ecs" && dimension.is_none_or(|dimension| dimension == DIMENSION))
}

/// Cuts a page of at most 50.
fn pages(args: &Args, member: &str, items: impl Iterator<Item = (String, Value)>) -> Answer {
    let size = args.number("MaxResults")?.unwrap_or(50);
    if !(1..=50).contains(&size) {
        return Err(ApiError::validation(
            "Maximum number of results must be between 1 and 50.",
        ));
    }
    let after = page::begin(args.text("NextToken")?)
        .map_err(|_| ApiError::client("InvalidNextTokenException", "Invalid next token."))?;
    let mut items = items.peekable();
    if !after.is_empty() {
        for (key, _) in items.by_ref() {
            if key == after {
                break;
            }
        }
    }
    let cut = page::cut(items, usize::try_from(size).unwrap_or_default());
    let mut answer = Map::new();
    answer.insert(member.to_owned(), Value::Array(cut.items));
    if let Some(token) = cut.next {
        answer.insert("NextToken".to_owned(), Value::String(token));
    }
    Ok(Value::Object(answer))
}

fn role(scaling: &AutoScaling) -> String {
    format!(
        "arn:aws:iam::{}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/\
         AWSServiceRoleForApplicationAutoScaling_ECSService",
        scaling.desk.home.account
    )
}

fn show_target(scaling: &AutoScaling, target: &Target) -> Value {
    json!({
        "ServiceNamespace": "ecs",
        "ResourceId": target.resource,
        "ScalableDimension": DIMENSION,
        "MinCapacity": target.min,
        "MaxCapacity": target.max,
        "RoleARN": role(scaling),
        "CreationTime": target.created.json_seconds(),
        "SuspendedState": {
            "DynamicScalingInSuspended": target.suspended.scale_in,
            "DynamicScalingOutSuspended": target.suspended.scale_out,
            "ScheduledScalingSuspended": target.suspended.scheduled,
        },
        "ScalableTargetARN": target.arn,
    })
}

fn describe_scalable_targets(scaling: &mut AutoScaling, _: &Ecs, args: &Args) -> Answer {
    let here = scope(args)?;
    let wanted = args.texts("ResourceIds")?;
    let mut targets: Vec<&Target> = scaling.targets.iter().collect();
    targets.sort_by(|a, b| a.resource.cmp(&b.resource));
    let shown = targets
        .into_iter()
        .filter(|target| here && (wanted.is_empty() || wanted.contains(&target.resource.as_str())))
        .map(|target| (target.resource.clone(), show_target(scaling, target)));
    pages(args, "ScalableTargets", shown)
}

fn show_policy(scaling: &AutoScaling, target: &Target, policy: &Policy) -> Value {
    let spec = &policy.spec;
    let mut tracking = Map::new();
    tracking.insert("TargetValue".to_owned(), json!(spec.target));
    match &spec.predefined {
        Some(kind) => {
            let mut metric = json!({ "PredefinedMetricType": kind });
            if kind == "ALBRequestCountPerTarget"
                && let Some(metric) = metric.as_object_mut()
            {
                metric.insert("ResourceLabel".to_owned(), json!(policy.label));
            }
            tracking.insert("PredefinedMetricSpecification".to_owned(), metric);
        }
        None => {
            let dimensions: Vec<Value> = policy
                .key
                .dimensions
                .iter()
                .map(|(name, value)| json!({ "Name": name, "Value": value }))
                .collect();
            let metric = json!({
                "MetricName": policy.key.name,
                "Namespace": policy.key.namespace,
                "Dimensions": dimensions,
                "Statistic": spec.statistic,
            });
            tracking.insert("CustomizedMetricSpecification".to_owned(), metric);
        }
    }
    tracking.insert("ScaleOutCooldown".to_owned(), json!(spec.out_cooldown));
    tracking.insert("ScaleInCooldown".to_owned(), json!(spec.in_cooldown));
    tracking.insert("DisableScaleIn".to_owned(), json!(spec.disable_scale_in));
    let alarm = |name: &str| json!({ "AlarmName": name, "AlarmARN": scaling.desk.home.arn("cloudwatch", &format!("alarm:{name}")) });
    let mut alarms = vec![alarm(&policy.high)];
    if !spec.disable_scale_in {
        alarms.push(alarm(&policy.low));
    }
    json!({
        "PolicyARN": policy.arn,
        "PolicyName": spec.name,
        "ServiceNamespace": "ecs",
        "ResourceId": target.resource,
        "ScalableDimension": DIMENSION,
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": tracking,
        "Alarms": alarms,
        "CreationTime": target.created.json_seconds(),
    })
}

fn describe_scaling_policies(scaling: &mut AutoScaling, _: &Ecs, args: &Args) -> Answer {
    let here = scope(args)?;
    let resource = args.text("ResourceId")?;
    let names = args.texts("PolicyNames")?;
    let mut shown = Vec::new();
    for target in &scaling.targets {
        if !here || resource.is_some_and(|resource| resource != target.resource) {
            continue;
        }
        for policy in &target.policies {
            if names.is_empty() || names.contains(&policy.spec.name.as_str()) {
                let key = format!("{}/{}", target.resource, policy.spec.name);
                shown.push((key, show_policy(scaling, target, policy)));
            }
        }
    }
    shown.sort_by(|a, b| a.0.cmp(&b.0));
    pages(args, "ScalingPolicies", shown.into_iter())
}

fn describe_scaling_activities(scaling: &mut AutoScaling, _: &Ecs, args: &Args) -> Answer {
    let here = scope(args)?;
    let resource = args.text("ResourceId")?;
    let refused = args.flag("IncludeNotScaledActivities")?.unwrap_or_default();
    let mut shown: Vec<_> = scaling
        .targets
        .iter()
        .filter(|target| here && resource.is_none_or(|resource| resource == target.resource))
        .flat_map(|target| {
            target
                .activities
                .iter()
                .map(move |activity| (target, activity))
        })
        .filter(|(_, activity)| refused || activity.scaled())
        .collect();
    shown.sort_by_key(|(_, activity)| std::cmp::Reverse(activity.at));
    let shown = shown.into_iter().map(|(target, activity)| {
        (
            activity.id.clone(),
            activity.show(&target.resource, DIMENSION),
        )
    });
    pages(args, "ScalingActivities", shown)
}

fn capacity(args: &Args, member: &str) -> Result<Option<u32>, ApiError> {
    args.number(member)?
        .map(|count| {
            u32::try_from(count).map_err(|_| {
                ApiError::validation(format!("{member} must be greater than or equal to 0"))
            })
        })
        .transpose()
}

fn register_scalable_target(scaling: &mut AutoScaling, ecs: &Ecs, args: &Args) -> Answer {
    let here = scope(args)?;
    let resource = args.text("ResourceId")?.unwrap_or_default();
    let unsupported = || {
        ApiError::validation("Unsupported service namespace, resource type or scalable dimension")
    };
    if !here || args.text("ScalableDimension")?.is_none() {
        return Err(unsupported());
    }
    let mut parts = resource.split('/');
    let (kind, cluster, name) = (parts.next(), parts.next(), parts.next());
    let (Some("service"), Some(cluster), Some(name), None) = (kind, cluster, name, parts.next())
    else {
        return Err(unsupported());
    };
    let service = ecs
        .find_service(cluster, name)
        .ok_or_else(|| ApiError::validation(format!("ECS service doesn't exist: {resource}")))?;
    let (min, max) = (
        capacity(args, "MinCapacity")?,
        capacity(args, "MaxCapacity")?,
    );
    let position = scaling
        .targets
        .iter()
        .position(|target| target.resource == resource);
    let known = position.and_then(|at| scaling.targets.get(at));
    let (min, max) = (
        min.or(known.map(|target| target.min)),
        max.or(known.map(|target| target.max)),
    );
    let (Some(min), Some(max)) = (min, max) else {
        return Err(ApiError::validation(
            "MinCapacity and MaxCapacity must be specified when registering a new scalable target.",
        ));
    };
    if min > max {
        return Err(ApiError::validation(
            "Maximum capacity cannot be less than minimum capacity",
        ));
    }
    let state = args.structure("SuspendedState")?;
    let flags = (
        state.flag("DynamicScalingInSuspended")?,
        state.flag("DynamicScalingOutSuspended")?,
        state.flag("ScheduledScalingSuspended")?,
    );
    if position.is_none() {
        scaling.add_target(ecs, service, (min, max), scaling.desk.now);
    }
    let target = match position {
        Some(at) => scaling.targets.get_mut(at),
        None => scaling.targets.last_mut(),
    };
    let Some(target) = target else {
        return Err(unsupported());
    };
    (target.min, target.max) = (min, max);
    let before = target.suspended;
    target.suspended = Suspended {
        scale_in: flags.0.unwrap_or(before.scale_in),
        scale_out: flags.1.unwrap_or(before.scale_out),
        scheduled: flags.2.unwrap_or(before.scheduled),
    };
    Ok(json!({ "ScalableTargetARN": target.arn }))
}
