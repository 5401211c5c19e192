//! How a service deploys; StopServiceDeployment and ContinueServiceDeployment.
//!
//! source: botocore 1.44.5, `ecs/2014-11-13/service-2`; bounds that the model has in words alone
//! (its `documentation`) are here as numbers.

use crate::input::{
    ANY, FLAG, FRACTION, Member, Shape, TEXT, WHOLE, list, may, members, need, one_of, whole,
};

const DEPLOYMENT_LIFECYCLE_HOOK_TARGET_TYPE: &[&str] = &["AWS_LAMBDA", "PAUSE"];
const DEPLOYMENT_LIFECYCLE_HOOK_ACTION: &[&str] = &["ROLLBACK", "CONTINUE"];
const STOP_SERVICE_DEPLOYMENT_STOP_TYPE: &[&str] = &["ABORT", "ROLLBACK"];
const DEPLOYMENT_LIFECYCLE_HOOK_STAGE: &[&str] = &[
    "RECONCILE_SERVICE",
    "PRE_SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
];
const DEPLOYMENT_STRATEGY: &[&str] = &["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"];
const SERVICE_REVISION_CLEANUP: &[&str] = &["BLOCKING", "DEFERRED"];
const THRESHOLD_TYPE: &[&str] = &["COUNT", "BOUNDED_PERCENT", "UNBOUNDED_PERCENT"];

const THRESHOLD_CONFIGURATION: Shape =
    members(&[need("type", one_of(THRESHOLD_TYPE)), need("value", WHOLE)]);

const DEPLOYMENT_CIRCUIT_BREAKER: Shape = members(&[
    need("enable", FLAG),
    need("rollback", FLAG),
    may("resetOnHealthyTask", FLAG),
    may("thresholdConfiguration", THRESHOLD_CONFIGURATION),
]);

const DEPLOYMENT_ALARMS: Shape = members(&[
    need("alarmNames", list(&TEXT)),
    need("rollback", FLAG),
    need("enable", FLAG),
]);

const DEPLOYMENT_LIFECYCLE_HOOK_TIMEOUT_CONFIGURATION: Shape = members(&[
    may("timeoutInMinutes", whole(1, 20_160)),
    may("action", one_of(DEPLOYMENT_LIFECYCLE_HOOK_ACTION)),
]);

const DEPLOYMENT_LIFECYCLE_HOOK: Shape = members(&[
    may("targetType", one_of(DEPLOYMENT_LIFECYCLE_HOOK_TARGET_TYPE)),
    may("hookTargetArn", TEXT),
    may("roleArn", TEXT),
    may(
        "lifecycleStages",
        list(&one_of(DEPLOYMENT_LIFECYCLE_HOOK_STAGE)),
    ),
    may("hookDetails", ANY),
    may(
        "timeoutConfiguration",
        DEPLOYMENT_LIFECYCLE_HOOK_TIMEOUT_CONFIGURATION,
    ),
]);

const LINEAR_CONFIGURATION: Shape = members(&[
    may("stepPercent", FRACTION),
    may("stepBakeTimeInMinutes", WHOLE),
]);

const CANARY_CONFIGURATION: Shape = members(&[
    may("canaryPercent", FRACTION),
    may("canaryBakeTimeInMinutes", WHOLE),
]);

const DEPLOYMENT_EARLY_SUCCESS_CRITERIA: Shape = members(&[
    need("enable", FLAG),
    may("healthyPercent", whole(0, 100)),
    may(
        "sourceServiceRevisionCleanup",
        one_of(SERVICE_REVISION_CLEANUP),
    ),
]);

pub(super) const DEPLOYMENT_CONFIGURATION: Shape = members(&[
    may("deploymentCircuitBreaker", DEPLOYMENT_CIRCUIT_BREAKER),
    may("maximumPercent", WHOLE),
    may("minimumHealthyPercent", WHOLE),
    may("alarms", DEPLOYMENT_ALARMS),
    may("strategy", one_of(DEPLOYMENT_STRATEGY)),
    may("bakeTimeInMinutes", WHOLE),
    may("lifecycleHooks", list(&DEPLOYMENT_LIFECYCLE_HOOK)),
    may("linearConfiguration", LINEAR_CONFIGURATION),
    may("canaryConfiguration", CANARY_CONFIGURATION),
    may("earlySuccessCriteria", DEPLOYMENT_EARLY_SUCCESS_CRITERIA),
]);

pub(super) const STOP_SERVICE_DEPLOYMENT: &[Member] = &[
    need("serviceDeploymentArn", TEXT),
    may("stopType", one_of(STOP_SERVICE_DEPLOYMENT_STOP_TYPE)),
];

pub(super) const CONTINUE_SERVICE_DEPLOYMENT: &[Member] = &[
    need("serviceDeploymentArn", TEXT),
    need("hookId", TEXT),
    may("action", one_of(DEPLOYMENT_LIFECYCLE_HOOK_ACTION)),
];
