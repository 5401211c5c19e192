//! What was being done when it failed, and where.

use crate::diagnose::messages::lexicon::Mark::*;
use crate::diagnose::messages::lexicon::Table;

/// Sources: ECS developer guide "Stopped tasks error messages"; agent/api/errors and
/// agent/engine/errors.go of the ECS agent; containerd's and Docker's own chains.
pub(crate) const STAGES: Table = &[
    (
        Pull,
        "cannotpullcontainer; cannotpullecrcontainer; cannotpullimage; cannot pull container; \
         pull image manifest; inspect image has been; ref pull has been; failed to resolve ref; \
         failed to resolve image; failed to pull image; failed to pull and unpack; \
         error pulling image; pull access denied; error: image; manifest for ; manifest unknown; \
         no such image; pulling image; can't pull the image; cannot pull the image; \
         can't pull image; cannot pull '; can't pull '; cannot pull image; image manifest; \
         pull command failed; failed to copy: httpreader; failed to download image; \
         invalid reference format; normalize image; imagenotfoundexception; \
         failed to register layer; failed to extract layer; no basic auth cred; pull rate limit; \
         failed to pull; pull the image; imagepull; repositorynotfoundexception; \
         ecr:batchgetimage; ecr:getdownloadurl; ecr:batchcheck; task can't pull; \
         task cannot pull '; image could not be pulled; hcsshim::importlayer",
    ),
    (
        RegistryAuth,
        "pull registry auth; retrieve ecr registry auth; ecr registry auth; \
         registry authentication; getauthorizationtoken; get registry auth; ecr auth; \
         registry auth from; registry auth data; ecr credentials; ecr auth data; authorizationdata; \
         private registry cred; registry authorization; registry credentials; \
         retrieve registry auth; login to ecr; log in to ecr",
    ),
    (
        SecretsOrAuth,
        "secrets or registry auth; secrets or registry; execution resource retrieval; \
         pull secrets or reg",
    ),
    (
        Secret,
        "secretsmanager; secrets manager; secret manager; from asm; from ssm; retrieve secret; \
         fetch secret; pull secrets from; pull the secret; fetching secret; secret data; \
         secret from; secrets from; ssm parameter; ssm:getparam; ssm: getparam; systems manager; \
         parameter store; getsecretvalue; <arn:ssm>; retrieve the secret; secretoptions; \
         retrieved secret; secret value; execution role secret; container secrets; asm secret; \
         ssm secret; |asm|; task secrets; specified secret; secret does not; secret was not; \
         secret not found; secret doesn't; <url:ssm.; kms:decrypt; repositorycredentials",
    ),
    (
        Parameter,
        "invalid ssm param; invalid parameters; parameternotfound; ssm parameters; \
         parameters that do not exist; invalid parameter name",
    ),
    (
        EnvFile,
        "env file; envfile; env_file; environment file; environmentfile; \
         environment variable file; environment variables file; download the environment; \
         environment variables from s3; envfiles",
    ),
    (
        Log,
        "logging driver; log driver; logger args; logger option; log stream; logstream; \
         log group; loggroup; awslogs; putlogevents; initialize logger; validate logger; \
         logging config; and amazon cloudwatch; and cloudwatch; log-opt; log opt; logs:create; logs:put; <url:logs.; cloudwatch logs; \
         logconfiguration; shim logger; log config; logging-driver",
    ),
    (
        LogCollector,
        "fluentd; firelens; splunk; |gelf|; logentries; fluent-bit; fluentbit; log router; \
         log_router",
    ),
    (
        Volume,
        "efs utils; efs volume; |efs mount; mount.nfs; nfs4; cannotcreatevolume; create volume; \
         volumedriver; mounting volume; volume driver; contents to volume; failed to mount; \
         mount failed; mount target; volume attach; attach volume; volume plugin; fsx; \
         access point; elasticfilesystem; rexray; volume-plugin; <path:volume>; volumeerror; no such volume; directory onto a file; \
         bind source path; volume mount; mount volume; file system id; volumes:; \
         failed to create docker volume; volume configuration; host volume; data volume; \
         mount the volume; create the volume; invalid mount config; invalid volume spec; \
         mounting fs-; mount source path; read-only file system; amazon efs; efs file; .efs.; s3 files; mount point; unable to mount; \
         could not mount",
    ),
    (
        Ebs,
        "ebs volume; |ebs attach; amazon ebs; ebs snapshot; ec2:createvolume; ec2:attachvolume; \
         ebs-backed; managed ebs; volumesize; amazonebs; elastic block",
    ),
    (
        Eni,
        "network interface; networkinterface; elastic network; |eni|; |enis|; free addresses; \
         freeaddresses; free ip; available ip; netplugin; |cni|; ip addresses in; \
         task network namespace; network namespace; configure eni; awsvpc network config; \
         trunk interface; ip address exhaust; private ip address",
    ),
    (
        SecurityGroup,
        "security group; securitygroup; invalidgroup; security-group",
    ),
    (
        Subnet,
        "|subnet|; |subnets|; invalidsubnet; subnetid; subnet id; subnet-id",
    ),
    (
        Role,
        "service-linked role; service linked role; trust relationship; trust policy; \
         role is not valid; sts:assumerole; role with name; role 'arn; awsserviceroleforecs; \
         sts assumerole; operation error sts; instance profile; instanceprofile",
    ),
    (
        AssumeFailed,
        "unable to assume; assumerole failed; assumerole: ; assume the role; assume role; failed to assume; could not assume; \
         cannot assume; can't assume; unable to be assumed; cannot be assumed; \
         not able to assume; assumerolewith; trust relationship has been; \
         role could not be assumed; assume the configured; assume the service; not be assumed",
    ),
    (
        Hook,
        "lifecycle hook; lifecycle-hook; hook target; hookstatus; hook status; deployment hook; \
         hook(s); lifecyclehook; invoke hook",
    ),
    (
        HookStage,
        "pre_scale_up; scale_up; post_scale_up; test_traffic_shift; production_traffic_shift; \
         reconcile_service; lifecycle stage; lifecyclestage; clean_up stage; bake_time",
    ),
    (
        Exec,
        "exec:; exec user process; exec \"; exec '; exec <path>; exec format; createprocess; \
         unable to start container process: exec; entrypoint; entry point; exec failed; exec /; \
         caused \"exec; process caused: exec; |command not found|; initial process; chdir to cwd",
    ),
    (
        Start,
        "cannotstartcontainer; cannot start container; oci runtime; |runc|; container_linux; \
         process_linux; standard_init_linux; starting container process; \
         start container process; container runtime task; create shim task; \
         failed to create shim; hcsshim; container init; failed to start container; \
         start container; shim task",
    ),
    (
        Create,
        "cannotcreatecontainer; cannot create container; failed to create container; \
         hostconfigerror; dockerstateerror; create container config",
    ),
    (
        Runtime,
        "dockertimeout; containerruntimetimeout; containerruntimeerror; cannotinspectcontainer; \
         cannotstopcontainer; cannotdescribecontainer; cannotremovecontainer; \
         cannotlistcontainer; cannotgetdocker; cannotkillcontainer; could not transition to; \
         could not tran; timed out after waiting; containerd:; error response from daemon; \
         docker daemon; dockerd; docker server; could not start docker; api error (500); \
         cannotstatscontainer; cannotxcontainer; inspect container; stop container; \
         runtime task; rpc error; devmapper; nvidia-container; device driver; containerd.sock; containerd-shim; start shim; \
         docker.sock; unable to find user; rootfs_linux; adding custom device; device nodes; \
         libcontainer; cgroup; container name; contextdeadlineexceeded; \
         containernetworkingerror; container runtime; task engine; pause container; cgrouperror; \
         taskdependencyerror; containervanishederror; impossiblestatetransition",
    ),
    (
        DaemonDown,
        "error during connect; connect to the docker daemon; is the docker daemon running; \
         docker.sock; containerd.sock; docker_engine",
    ),
    (
        Mounting,
        "rootfs_linux; to rootfs; error mounting; mounting \"; while mounting; mkdir <path>; \
         mount through; creating mount; device nodes",
    ),
    (
        Place,
        "unable to place; closest matching; no container instance met; could not launch; \
         failed to launch; unable to launch; placement fail; taskfailedtostart; \
         task_placement_failure; placementfailure; resource:",
    ),
    (TargetGroup, "target-group; target group; targetgroup"),
    (
        LoadBalancer,
        "load balancer; load-balancer; loadbalancer; |elb|; <arn:elasticloadbalancing>; \
         elasticloadbalancing; listener",
    ),
    (
        Discovery,
        "service discovery; service connect; cloud map; cloudmap; servicediscovery; \
         service registry; service registries; appnet; ecs-service-connect; service-connect; \
         serviceconnect; service_discovery; service-discovery; namespace not; namespacenotfound; \
         route 53 auto; discovery instance; private dns namespace",
    ),
    (Deployment, "deployment; rollout"),
    (
        Definition,
        "task definition; taskdefinition; taskrolearn; executionrolearn; |hostport|; containerport; \
         containerdefinitions; container definition; platform version; platformversion; \
         launch type; launchtype; requirescompatibilities; execution role arn; task role; \
         |portmappings|; port mapping; container name; 'memory'; 'cpu'; memory value; cpu value; host ports; container ports; networkmode",
    ),
    (
        Instance,
        "|instance|; |instances|; |host|; container-instance",
    ),
    (
        AgentItself,
        "ecs agent; ecs-agent; container agent; |agent|; agentconnected",
    ),
    (
        Between,
        "connection issue between; network connection between",
    ),
    (
        EcrHost,
        "dkr.ecr; api.ecr; amazon ecr; public.ecr.aws; ecr repository; ecr-public",
    ),
    (HubHost, "docker.io; docker.com; docker hub; dockerhub"),
    (
        OtherRegistry,
        "ghcr.io; quay.io; gcr.io; mcr.microsoft; pkg.dev; gitlab.com; azurecr; k8s.io; registry.",
    ),
    (S3Host, "|s3|; <url:s3; <arn:s3>; s3://; prod-"),
];
