//! What the service scheduler says of a deployment, and of its ordinary work.

use crate::diagnose::messages::lexicon::Mark::*;
use crate::diagnose::messages::lexicon::Table;

/// Sources: ECS developer guide "Service event messages", "Service action events", "Troubleshooting
/// blue/green deployments", "Deployment circuit breaker"; ECS API errors.
pub(crate) const SERVICE: Table = &[
    (
        BadTarget,
        "have an associated load balancer; not have an associated load; \
         target group is not found; targetgroupnotfound; target is not found; \
         target group was not found; invalidtarget; not in a valid availability; \
         is not in the vpc; target type; targettype; target-type; target.notinuse; \
         target.invalidstate; not registered with the load; \
         is not enabled for the load balancer; loadbalancernotfound; target groups do not exist; \
         target group does not exist; target group could not; not associated with a load; \
         not attached to a load; load balancer could not be found; invalidconfigurationrequest; \
         port is out of range; invalid target; zone that is not enabled; \
         is not associated with any load; did not have a container port; \
         not compatible with the awsvpc; incompatible target; no load balancer; target group's; \
         unknown target group; invalidinstance; loadbalancer is not; \
         availabilityzonenotsupported; elb-not-found; does not have a load balancer",
    ),
    (
        BadListener,
        "invalid networking configuration; listener rule; listenerrule; unexpected target group; \
         not associated with either; productionlistener; testlistener; advancedconfiguration; \
         listener arn; rules not found; duplicate targetgroup; ruleacrn; serving traffic; alternatetargetgroup; \
         strictly either elb; rule arn",
    ),
    (
        ElbUnable,
        "failed to register targets; unable to register targets; failed to deregister targets; \
         failed to describe target; describe target health; unable to describe target; \
         registertargets",
    ),
    (
        Breaker,
        "circuit breaker; circuit-breaker; circuitbreaker; circuit_breaker",
    ),
    (
        DeploymentFailed,
        "tasks failed to start; task failed to start.; deployment failed; deployment_failed; \
         deployment has failed; failed deployment",
    ),
    (
        RollingBack,
        "rolling back; rolled back; rollback; roll back",
    ),
    (
        AlarmFired,
        "alarm detected; alarm(s); alarms:; cloudwatch alarm; alarm state; alarm triggered; \
         alarms triggered; in alarm; alarm breached; alarm was detected; alarms detected; \
         deployment alarm; alarm fired",
    ),
    (
        Deadlock,
        "minimumhealthypercent; maximumpercent; deployment configuration; \
         minimum healthy percent; maximum percent; unable to stop or start",
    ),
    (
        Impaired,
        "unable to consistently start; start_impaired; startimpaired; consistently start tasks",
    ),
    (
        Protected,
        "protected task; task protection; under protection; protectionenabled; \
         scale-in protection; tasks are protected; task is protected; scale in protection; \
         protection enabled; deployment_blocked; taskprotection; tasks protected",
    ),
    (
        HookFailed,
        "hook(s) failed; hook failed; hooks failed; returned failed; parse the response; \
         invoke hook; hook timed out; hook target; hookstatus must; hook(s) timed out; \
         hook did not; invalid hook; hook has failed; hook execution failed; \
         hook function failed; hook timeout; hook error; hook returned; hook was unable; \
         hook not; hook expired; hook execution",
    ),
    (
        Waiting,
        "awaiting_action; awaiting action; waiting for; is paused; bake time; bake_time; baking; \
         pause hook; waiting on; in progress; in_progress; will continue after; paused; \
         pause lifecycle; being held; entered; is running",
    ),
    (
        Inactive,
        "taskdefinition is inactive; task definition is inactive; definition is inactive; \
         definition was deregistered; definition has been deregistered; \
         deregistered task definition; task definition not found; \
         unable to describe task definition; taskdefinition not found; \
         task definition does not exist; delete_in_progress; taskdefinition does not; \
         inactive task definition; revision is inactive",
    ),
    (
        BadDefinition,
        "no fargate configuration; invalid cpu; invalid memory value; invalid memory:; \
         cpu or memory value; minimum memory limit; requires task definition; \
         require task definition; invalid setting for container; invalid 'cpu'; \
         invalid 'memory'; is not valid for fargate; not supported for fargate; \
         task definition is not compatible; fargate only supports; does not support fargate; \
         does not exist in the task definition; requires that 'cpu'; network mode; networkmode; \
         container definition; invalid parameter value; task definition must; fargate requires; \
         not supported on fargate; invalid task definition; for taskdefinition; runtimeplatform; \
         task-level cpu; invalid task size; definition's; should not have host; total cpu; \
         total memory; task cpu; memory reservation; is not a valid cpu; \
         resource requirements; requires a task role; requires task role; requires an execution role",
    ),
    (
        Refused,
        "invalidparameterexception; clientexception; invalidparametervalue; invalidrequestexception; \
         validationerror; platformunknownexception; unsupportedfeatureexception; \
         platformtaskdefinitionincompatib",
    ),
    (
        Incompatible,
        "compute strategy; not compatible with the selected; launch type compat; \
         incompatible launch; requirescompatibilities; requires compatibilities",
    ),
    (ConfigurationFailure, "task_configuration_failure"),
    (HealthUnknown, "service_health_unknown"),
    (
        DiscoveryUnhealthy,
        "discovery_instance_unhealthy; unhealthy in (service discovery; \
         unhealthy in service discovery",
    ),
    (
        OwnThrottled,
        "operations are being throttled; being throttled; operation_throttled; throttling your; \
         rate exceeded; throttlingexception; api throttl; throttled by; is throttled; \
         was throttled; requestlimitexceeded; throttled; request limit exceeded",
    ),
    (
        Unmanaged,
        "can no longer maintain; have been misconfigured; has been misconfigured",
    ),
    (
        Steady,
        "steady state; steady_state; is az balanced; deployment completed; deployment_completed; \
         service is stable; is now stable",
    ),
    (
        Activity,
        "draining connections; scaling activity initiated; set desired count; az rebalanc; \
         not az balanced; has begun draining; desired_count_updated; \
         change successfully fulfilled; stopped by scheduler; serviceschedulerinitiated; \
         computeddesiredcount; desired count updated; scaled in; scaled out; scale-in; \
         service scheduler; tasks_stopped; deployment is being replaced; stopped pending; \
         service was deleted; task stopped by ecs; scaling activity; setting desired count; \
         desired count of service; running tasks: (task; updated state to; stabilizing",
    ),
    (
        Progressing,
        "deployment in progress; in progress.; deployment_in_progress; deployment started; \
         deployment is in progress; has started a deployment; created deployment; \
         deployment created; begun deployment; deployment begun; service_deployment_in_progress; \
         deployment has started; update in progress; rollout in progress",
    ),
    (
        ByUser,
        "stopped by user; userinitiated; user initiated; stopped by the user; user requested; \
         manually stopped; stopped manually; stop requested by; task stop requested; \
         requested by user; stopped via; stopped by an operator; stoptask; stopped by operator",
    ),
    (
        AlarmPolicy,
        "triggered policy; in state alarm triggered; targettracking; scaling policy; \
         minimum capacity was set; maximum capacity was set; scheduled action",
    ),
    (
        ZeroDesired,
        "desired count is 0; desiredcount is 0; desired count: 0; desiredcount: 0; \
         desiredcount 0; desired count to 0; desiredcount\": 0; desired count 0; desiredcount=0; \
         scaled to zero; desired count of 0; desired count to zero; desired count is zero",
    ),
];
