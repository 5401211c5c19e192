//! The catalogue of causes: one table, one line of facts for each.
//!
//! An id is stable: it is printed by `why --json` and `explain --json`, and
//! scripts compare it. A cause is added here and nowhere else.

use serde::{Serialize, Serializer};

use crate::keys::Command;

mod kind;

pub use kind::{Family, Standing, SubjectKind, Trait};

/// What is kept about a cause.
struct Entry {
    id: &'static str,
    family: Family,
    standing: Standing,
    traits: &'static [Trait],
    names: &'static [SubjectKind],
    summary: &'static str,
    fix: &'static str,
    actions: &'static [Command],
}

macro_rules! causes {
    ($($name:ident $id:literal $family:ident $standing:ident [$($trait:ident),*] [$($subject:ident),*]
        $summary:literal
        $fix:literal
        [$($action:ident),*];)*) => {
        /// What is wrong, or that nothing is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CauseId {
            $(#[doc = $summary] $name,)*
        }

        impl CauseId {
            /// Every cause, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            fn entry(self) -> &'static Entry {
                match self {
                    $(Self::$name => &Entry {
                        id: $id,
                        family: Family::$family,
                        standing: Standing::$standing,
                        traits: &[$(Trait::$trait),*],
                        names: &[$(SubjectKind::$subject),*],
                        summary: $summary,
                        fix: $fix,
                        actions: &[$(Command::$action),*],
                    },)*
                }
            }
        }
    };
}

causes! {
    ImageNotFound "image-not-found" Image Fault [Lasting] [Image]
        "image not found"
        "Push the image, or name one that exists in a new revision; rolling back brings the last good one. A digest that a running rollout pinned can also have been removed by a lifecycle policy."
        [Rollback, Deploy];
    ImagePullDenied "image-pull-denied" Image Fault [Lasting, Around] [Permission, Image, Host]
        "the registry denied the pull"
        "Allow ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer to the execution role (on EC2: the instance role) and in the repository's policy; for another registry check repositoryCredentials."
        [Why, Rollback];
    ImagePullNetwork "image-pull-network" Image Fault [Around] [Host, Image]
        "the registry cannot be reached from the task's subnet"
        "Give the subnet a way out: a NAT gateway, a public IP, or VPC endpoints for ecr.api, ecr.dkr and S3; allow outbound 443 in the security groups, and check DNS; then redeploy."
        [Redeploy, Rollback];
    ImagePullRateLimit "image-pull-rate-limit" Image Fault [Around, Passing] [Image]
        "the registry throttles the pulls"
        "Pull with credentials, or from ECR (a pull-through cache helps); then redeploy."
        [Redeploy];
    ImagePlatformMismatch "image-platform-mismatch" Image Fault [Lasting] [Image]
        "the image was built for another CPU or operating system"
        "Build the image for the task's runtimePlatform (docker buildx build --platform …), or set cpuArchitecture and operatingSystemFamily to the image's."
        [Rollback, Deploy];
    ImageInvalid "image-invalid" Image Fault [Lasting] [Image]
        "the image's name or the image itself is malformed"
        "Correct the reference in the task definition, or build and push the image again with an ordinary manifest."
        [Rollback, Deploy];
    ImageTooLarge "image-too-large" Image Fault [] [Image]
        "no disk space left for the image or its layers"
        "Raise the task's ephemeralStorage, or free and enlarge the instance's disk; make the image smaller."
        [Rollback];

    SecretNotFound "secret-not-found" StartUp Fault [Lasting] [Secret, Parameter]
        "secret or parameter not found"
        "Create it in this region and account, or correct its name in a new revision."
        [Why, Rollback];
    SecretAccessDenied "secret-access-denied" StartUp Fault [Lasting, Around] [Permission, Secret, Parameter]
        "the execution role may not read or decrypt a secret"
        "Allow secretsmanager:GetSecretValue or ssm:GetParameters, and kms:Decrypt for a key of your own, to the execution role (not the task role)."
        [Why, Rollback];
    SecretNetwork "secret-network" StartUp Fault [Around] [Host, Image]
        "Secrets Manager or Parameter Store cannot be reached from the task's subnet"
        "Give the subnet a NAT gateway, a public IP, or VPC endpoints for secretsmanager, ssm and kms; allow inbound 443 from the task in the endpoint's security group; then redeploy."
        [Redeploy, Rollback];
    SecretMalformed "secret-malformed" StartUp Fault [Lasting] [JsonKey, Secret]
        "the secret has no such key, version or form"
        "Correct valueFrom (arn:…:secret:name-suffix:json-key:stage:version), or the secret's JSON."
        [Why, Rollback];
    EnvFileUnavailable "env-file-unavailable" StartUp Fault [] []
        "an environment file cannot be fetched from S3 or parsed"
        "Check that the object exists, that the execution role has s3:GetObject and s3:GetBucketLocation, and that the subnet reaches S3."
        [Rollback];
    LogDriverFailed "log-driver-failed" StartUp Fault [Lasting] [LogGroup, Permission]
        "the log driver cannot start"
        "Create the log group, or set awslogs-create-group and allow logs:CreateLogGroup; allow logs:CreateLogStream and logs:PutLogEvents to the execution role."
        [Why, Rollback];
    LogNetwork "log-network" StartUp Fault [Around] [Host, Image]
        "CloudWatch Logs cannot be reached from the task's subnet"
        "Give the subnet a NAT gateway, a public IP, or a VPC endpoint for logs; then redeploy."
        [Redeploy, Rollback];
    RoleNotAssumable "role-not-assumable" StartUp Fault [PlacingOfRevision, Around] [Role]
        "ECS cannot assume a role: it is missing, or its trust policy is wrong"
        "Check that the role exists and trusts ecs-tasks.amazonaws.com (infrastructure and hook roles: ecs.amazonaws.com); a new role takes some seconds to be known."
        [Why, Redeploy];
    VolumeMountFailed "volume-mount-failed" StartUp Fault [] [FileSystem, Permission]
        "a volume did not attach or mount"
        "EFS: a mount target in the task's zone, port 2049 open, access point and IAM permissions correct. EBS: infrastructure role, key and size. FSx and Docker volumes: driver and credentials."
        [Rollback];

    NoContainerInstances "no-container-instances" Capacity Fault [Placing, Around] [CapacityProvider]
        "the cluster or capacity provider has no instance to run on"
        "Raise the Auto Scaling group, or see why its instances do not register: cluster name in the user data, instance role, way to the ECS endpoint."
        [Why];
    InsufficientResources "insufficient-resources" Capacity Fault [Placing, Around] [Instance]
        "no instance has enough CPU, memory or GPU free"
        "Add instances, make the task smaller, or stop something; during a rollout a lower minimumHealthyPercent frees room, and rolling back ends the wait for it."
        [Rollback, Scale, Stop, Why];
    HostPortConflict "host-port-conflict" Capacity Fault [Placing, Around] [Instance]
        "a fixed host port is already taken on every instance"
        "Use hostPort 0 or awsvpc, add an instance, or let the rollout stop old tasks first (a lower minimumHealthyPercent); rolling back ends the wait."
        [Rollback, Scale, Stop, Why];
    PlacementConstraint "placement-constraint" Capacity Fault [Lasting, Placing, Around] [Instance]
        "no instance satisfies the attributes or constraints"
        "Compare requiresAttributes and the placement constraints with the instances' attributes; an old agent, a missing log driver or another subnet's zone is often why."
        [Rollback];
    AgentDisconnected "agent-disconnected" Capacity Fault [Placing, Around] [Instance]
        "the ECS agent on the instance is not connected"
        "Restart the agent (systemctl restart ecs) or replace the instance; see /var/log/ecs/ecs-agent.log."
        [Why];
    CapacityUnavailable "capacity-unavailable" Capacity Fault [Placing, Passing, Around] [CapacityProvider]
        "AWS has no such capacity there at the moment"
        "Add subnets in other zones, another instance type or plain Fargate beside Spot; ECS tries again by itself."
        [Redeploy];
    PlatformError "platform-error" Capacity Fault [Placing, Passing, Around] []
        "AWS-side error, usually temporary"
        "Try again; if it persists, check the AWS Health Dashboard and that the subnet's zone supports Fargate."
        [Redeploy];
    QuotaReached "quota-reached" Capacity Fault [Placing, Around] []
        "an account limit is reached"
        "Ask for more in Service Quotas, or stop what is not needed."
        [Rollback, Scale, Stop];
    EniFailed "eni-failed" Capacity Fault [Placing, Around] [Subnet, SecurityGroup]
        "the task's network interface could not be created or attached"
        "Check that the subnets and security groups exist and have free addresses, and that the instance type has interfaces left (awsvpcTrunking); then redeploy."
        [Redeploy];
    SpotInterruption "spot-interruption" Capacity Fault [Passing, Around] []
        "Spot interrupted the task"
        "ECS starts another where it can; keep a base of on-demand capacity for what must not stop."
        [Redeploy];
    HostLost "host-lost" Capacity Fault [Around] [Instance]
        "the instance was terminated, drained or retired under the task"
        "ECS starts the task elsewhere; see why the instance went: scale-in, maintenance, retirement, status check."
        [Tasks];

    AppCrash "app-crash" Program Fault [] []
        "the program ended with an error"
        "Read the last lines of its log; roll back if a new revision brought it."
        [Tail, Rollback];
    AppExited "app-exited" Program Fault [] []
        "the program exited with code 0"
        "Let the program stay in the foreground, or run it as a task instead of a service; mark a sidecar that may end as not essential."
        [Tail, Rollback];
    OutOfMemory "out-of-memory" Program Fault [] []
        "out of memory: a container was killed"
        "Raise the container's or task's memory, or find the leak."
        [Tail, Rollback];
    Killed "killed" Program Fault [] []
        "a container was killed (SIGKILL)"
        "It did not end within stopTimeout, or was killed from inside or by the host: see its memory use and its log."
        [Tail, Rollback];
    Segfault "segfault" Program Fault [] []
        "a container crashed with a fatal signal"
        "Read the last lines of its log; a native library or a wrong CPU type is often why."
        [Tail, Rollback];
    CommandNotFound "command-not-found" Program Fault [Lasting] [Command]
        "the entry point or command is not in the image"
        "Correct entryPoint and command, or the image; a script with Windows line ends or without its interpreter looks the same."
        [Rollback, Deploy];
    CommandNotExecutable "command-not-executable" Program Fault [Lasting] [Command]
        "the command exists but is not executable"
        "Make it executable (chmod +x) when the image is built, or give it a user who may run it."
        [Rollback, Deploy];
    ContainerRuntimeError "container-runtime-error" Program Symptom [Around, Passing] []
        "the container runtime failed to create, start or look at the container"
        "Try again; on EC2 see Docker's and the agent's logs on the instance, and replace the instance if the error persists."
        [Redeploy, Rollback];

    TargetUnhealthy "target-unhealthy" Health Fault [] [TargetGroup]
        "the load balancer's health check fails"
        "Compare the check's path, port and expected codes with the program; allow the load balancer in its security group; give a slow start a longer grace period."
        [Tail, Rollback];
    ContainerUnhealthy "container-unhealthy" Health Fault [] []
        "the container's own health check fails"
        "Run the check's command inside the container; check that its tool is in the image and that startPeriod is long enough."
        [Tail, Rollback];
    TargetGroupMisconfigured "target-group-misconfigured" Health Fault [Lasting, Around] [TargetGroup, Field]
        "the target group or load balancer is misconfigured"
        "Attach the target group to a listener, with the target type and port that the service uses, in zones that the load balancer covers."
        [Why];
    HealthGraceTooShort "health-grace-too-short" Health Fault [] []
        "health check grace period too short for the tasks to become healthy"
        "Raise healthCheckGracePeriodSeconds above the slowest good start."
        [Rollback];

    CircuitBreakerTripped "circuit-breaker-tripped" Deployment Symptom [Lasting] []
        "the circuit breaker failed the deployment"
        "Look at the stopped tasks for the cause; ECS keeps or restores the previous revision where there is one."
        [Tasks, Rollback];
    DeploymentAlarm "deployment-alarm" Deployment Fault [Lasting] []
        "a CloudWatch alarm failed the deployment"
        "Look at the alarm and what it measures, before the next try."
        [Why, Rollback];
    DeploymentConfigDeadlock "deployment-config-deadlock" Deployment Fault [Lasting, Around] []
        "the minimum and maximum percent leave no room to stop or start a task"
        "Lower minimumHealthyPercent or raise maximumPercent so that at least one task can move; rolling back ends the wait."
        [Scale, Rollback];
    StartImpaired "start-impaired" Deployment Symptom [Lasting, Around] []
        "tasks keep failing to start; ECS is backing off"
        "Look at the stopped tasks for the cause; a new revision or a forced deployment ends the back-off."
        [Tasks, Rollback];
    TaskProtection "task-protection" Deployment Fault [] []
        "protected tasks block scale-in or replacement"
        "Wait for the protection to end, or take it off the tasks that may stop."
        [Tasks];
    HookFailed "hook-failed" Deployment Fault [Lasting] [Function]
        "a deployment lifecycle hook failed"
        "Read the hook function's log; it must answer hookStatus SUCCEEDED, FAILED or IN_PROGRESS in time."
        [Rollback];
    WaitingOnHook "waiting-on-hook" Deployment Fault [] [Function]
        "the deployment is paused by a lifecycle hook, a pause or bake time"
        "Wait, or continue or roll back the deployment by hand."
        [Hook, Rollback];
    TaskDefinitionInvalid "task-definition-invalid" Deployment Fault [Lasting, PlacingOfRevision] [Field]
        "the task definition is inactive, missing or invalid"
        "Register a revision with valid values and deploy that."
        [Rollback, Deploy];
    ServiceDiscoveryFailed "service-discovery-failed" Deployment Fault [Lasting, Around] []
        "registering with Cloud Map or Service Connect failed"
        "Check that the namespace and service exist in Cloud Map, that names and ports agree, and that the proxy has room to start."
        [Redeploy];
    ApiThrottled "api-throttled" Deployment Fault [Placing, Around, Passing] []
        "AWS throttles the calls that ECS makes for the service"
        "Wait: ECS tries again. Fewer services deploying at once help."
        [Redeploy];
    PermissionDenied "permission-denied" Deployment Fault [Lasting, PlacingOfRevision, Around] [Permission]
        "a permission is missing"
        "Add the named action to the role that lacks it."
        [Why];

    BacklogUnserved "backlog-unserved" Work Fault [] []
        "work waits and no task works on it"
        "Start tasks: run the missing ones of a family, or raise the service's desired count; then see why whoever starts them does not."
        [Run, Scale, Queues];
    FallingBehind "falling-behind" Work Fault [] []
        "more work arrives than is done"
        "Start more tasks, or raise the maximum; if the tasks have become slow, read their log."
        [Run, Scale, Queues];
    PoisonMessages "poison-messages" Work Fault [] []
        "the dead-letter queue grows"
        "Read the worker's log and the messages; mend the fault, then redrive (D on the queue): before that they fail again."
        [Tail, Queues];
    OrphanedItems "orphaned-items" Work Fault [] []
        "items say that they are worked on, and their tasks are gone"
        "Mend what ended the task, then retry the item (Y on its row)."
        [Retry, Work];
    OverdueItems "overdue-items" Work Fault [] []
        "items are worked on for longer than the deck's timeout"
        "Read the task's log; if it hangs, stop the task and retry the item (Y on its row)."
        [Tail, Tasks, Work];

    SchedulerActivity "scheduler-activity" Calm Calm [] []
        "the service scheduler's ordinary work"
        "Nothing to do."
        [];
    StoppedByUser "stopped-by-user" Calm Calm [] []
        "stopped by a user or an API call"
        "Nothing to do if this was intended."
        [Journal];
    AutoscalerOverride "autoscaler-override" Calm Fault [] []
        "Application Auto Scaling changes a count that was set by hand"
        "Suspend autoscaling or change its bounds before setting the count."
        [Autoscaling];
    ScaledToZero "scaled-to-zero" Calm Calm [] []
        "its desired count is 0"
        "Nothing to do, or scale it up."
        [Scale];
    Progressing "progressing" Calm Calm [] []
        "under way as expected"
        "Wait."
        [];
    Steady "steady" Calm Calm [] []
        "nothing to do"
        "Nothing to do."
        [];
    Unknown "unknown" Calm Unknown [Around] []
        "unrecognised AWS message"
        "Read AWS's message, the container's log and the service's events."
        [Tail, Tasks];
}

impl CauseId {
    /// The stable id, in kebab case.
    pub fn as_str(self) -> &'static str {
        self.entry().id
    }

    /// The cause of an id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cause| cause.as_str() == id)
    }

    /// The heading that it stands under.
    pub fn family(self) -> Family {
        self.entry().family
    }

    /// How much it explains.
    pub fn standing(self) -> Standing {
        self.entry().standing
    }

    /// Whether it has this trait.
    pub fn has(self, wanted: Trait) -> bool {
        self.entry().traits.contains(&wanted)
    }

    /// Which of the things that a message names stand in its summary, the most telling first.
    pub fn names(self) -> &'static [SubjectKind] {
        self.entry().names
    }

    /// Whether it only points at another cause, which ranks above it where it is known.
    pub fn is_symptom(self) -> bool {
        self.standing() == Standing::Symptom
    }

    /// One clause in plain words: what is wrong.
    pub fn summary(self) -> &'static str {
        self.entry().summary
    }

    /// What a person does about it, in plain words.
    pub fn fix(self) -> &'static str {
        self.entry().fix
    }

    /// The commands that help, the most helpful first.
    pub fn actions(self) -> &'static [Command] {
        self.entry().actions
    }
}

impl std::fmt::Display for CauseId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for CauseId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_cause_is_found_by_its_own_id_and_no_two_share_one() {
        let ids: BTreeSet<&str> = CauseId::ALL.iter().map(|cause| cause.as_str()).collect();
        assert_eq!(ids.len(), CauseId::ALL.len());
        for cause in CauseId::ALL {
            assert_eq!(CauseId::from_id(cause.as_str()), Some(*cause));
        }
        assert_eq!(CauseId::from_id("image-not"), None);
    }

    #[test]
    fn three_causes_are_symptoms() {
        let symptoms: Vec<&str> = CauseId::ALL
            .iter()
            .filter(|cause| cause.is_symptom())
            .map(|cause| cause.as_str())
            .collect();
        assert_eq!(
            symptoms,
            [
                "container-runtime-error",
                "circuit-breaker-tripped",
                "start-impaired"
            ]
        );
    }
}
