//! Ends of the program, its health, and where a task can run.

use crate::diagnose::messages::lexicon::Mark::*;
use crate::diagnose::messages::lexicon::Table;

/// Sources: ECS developer guide "API failure reasons", "Service event messages", "TaskFailedToStart
/// errors", "Task retirement"; EC2's error codes; runc and the kernel for signals.
pub(crate) const PROGRAM: Table = &[
    (
        NoInstances,
        "no container instances were found; no container instances; empty capacity provider; \
         no active instances; empty_capacity_provider; no instances were found; \
         no_container_instances; no registered container instance; 0 registered container instance; \
         0 container instances; no active container instance; \
         no instances found; no instances in cluster; no instances are; no instances registered; no_active_instances; \
         has no container instances; no container instance was found; \
         no container instance is registered",
    ),
    (
        Insufficient,
        "insufficient cpu; insufficient memory; insufficient gpu; has insufficient; \
         resource:cpu; resource:mem; resource:gpu; resource:*; resource:disk; resource: cpu; \
         resource: mem; not enough cpu; not enough memory; not enough gpu; insufficient units; \
         does not have enough cpu; does not have enough memory; sufficient cpu; \
         sufficient memory; insufficient resources; resource:inference; insufficient (cpu; \
         insufficient (mem; cpu units available; memory available; enough resources; \
         resource:udp_none",
    ),
    (Starved, "has no "),
    (
        Ports,
        "using a port required; resource:ports; resource: ports; port is already allocated; \
         too many ports; ports are not available; insufficient ports; \
         already using a port; resource:udp_ports; resource:tcp_ports; \
         already in use by the host; port required by your task; failed: port is; \
         programming external connectivity; reserved port limit",
    ),
    (
        InUse,
        "address already in use; already in use; already allocated; \
         only one usage of each socket",
    ),
    (
        Attribute,
        "missing an attribute; attribute required; missing required attribute; \
         missing attribute; memberof; distinctinstance; placement constraint; \
         placement_constraint; error \"attribute\"; constraint unsatisfied; \
         constraints unsatisfied; attributes required; placementconstraint; error \"location\"; \
         constraint not satisfied; requires attribute; required attributes; violates placement; \
         constraint violation; instance requirements; no instance types satisfy; instance types satisfy",
    ),
    (
        Agent,
        "error \"agent\"; have the agent connected; agentconnected false; ecs agent to start; \
         taskfailedtostart: agent; agent is disconnected; agent disconnected; \
         agent is not connected; agentdisconnected; agent isn't connected; \
         agent is currently disconnected; agent not connected; agent connectivity; \
         lost connection to the agent; disconnected agent; agent has disconnected; \
         container agent is not; agent has been disconnected; \
         agent that's currently disconnected; waiting for amazon ecs agent; \
         waiting for the amazon ecs agent; agent failed to start; agent did not",
    ),
    (
        NoCapacity,
        "capacity is unavailable; available capacity; no instance types; insufficientinstancecapacity; insufficient capacity; \
         insufficient spot capacity; no spot capacity; no fargate capacity; \
         capacity unavailable; sufficient capacity; capacity not available; \
         capacity is not available; insufficient instance capacity; insufficientcapacity; \
         spot capacity; not have capacity; no capacity; fargate capacity; \
         currently no available capacity; enough capacity; insufficienthostcapacity; \
         unfulfillablecapacity; capacity-not-available; insufficientfreecapacity; \
         different availability zone; capacity at this time; resource:fargate",
    ),
    (
        InternalFault,
        "reason: internal error; internal error.; internal service error; serverexception; \
         internalfailure; internalservererror; internal failure; serviceunavailable; \
         an internal error; service is unavailable; unexpected internal; internal aws error; \
         platform fault; internal error occurred; internal error while; internal error has",
    ),
    (InternalClass, "internalerror; internal error"),
    (EphemeralTimeout, "ephemeralstorage; ephemeral storage"),
    (
        EniAttach,
        "unused device index; attach network interface; eni attachment; \
         attachment to the container instance; resource:eni; eni capacity; \
         insufficient network interface; attachment limit",
    ),
    (
        Quota,
        "account is currently blocked; account is blocked; account has been blocked; account is suspended; \
         account has been suspended; account is restricted; account has been restricted; account is not verified; \
         reached the limit; limit exceeded; limitexceeded; above your limit; your quota; \
         service quota; servicequota; vcpu limit; maximum number of rules; \
         maximum number of network; maximum number of tasks; maximum number of vcpu; \
         maximum number of security; maximum number of instances; exceeded the maximum; \
         exceeds the maximum; reached the maximum; maximum limit; capacity limit was exceeded; \
         instancecountexceeded; limit was exceeded; limit has been reached; limit reached; \
         limit on the number; exceeds the limit; exceeded the limit; more vcpu capacity; \
         quota exceeded; quotaexceeded; current limit; account limit; exceeded quota; \
         exceeds your; exceed your; limit of tasks; exceeded your; account's limit; \
         quota has been; quota for; concurrent tasks; run concurrently; limits exceeded; \
         exceeds quota; countexceeded; count exceeded; has exceeded the",
    ),
    (QuotaWord, "|quota|; maximum number of"),
    (
        SpotInterrupted,
        "spot task was interrupted; spotinterruption; spot interruption; spot task interrupt; \
         spot instance interrupt; spot instance was interrupted; spot_interruption; \
         fargate spot interrupt; interrupted by spot; spot reclaim; spot instance terminat; \
         ec2 spot",
    ),
    (Spot, "|spot|"),
    (
        Gone,
        "|terminated|; was stopped; been stopped; |retired|; |draining|; |deregistered|; \
         was drained; been drained; shut down; reclaimed; |terminating|; termination of; out of service; been replaced",
    ),
    (
        HostGone,
        "host ec2; terminationnotice; deregistration forced; instance was deregistered; \
         instance has been deregistered; instance is draining; instance was terminated; \
         instance terminated; instance has been terminated; instance was stopped; \
         instance is being terminated; instance is terminating; host was terminated; \
         infrastructurehealth; scheduled for retirement; instance stopped; instance retire; \
         container instance is deregistered; instance status check; instance health; \
         host terminated; host instance; instance draining; has been retired; instance deregist; \
         instance is shutting; deregistered container instance; underlying host; host failure; \
         hardware failure; instance termination; set to draining; draining state; \
         instance drain; host has been; instance refresh; instance is impaired; impaired host; \
         instance is unhealthy; lost instance; instance lost",
    ),
    (
        Maintenance,
        "maintenance on the underlying; underlying infrastructure; task retirement; \
         performing maintenance; platform version retir; retiring task; task_patching; task patching; |retirement|; \
         platform maintenance; infrastructure maintenance; for retirement; retirement of; being retired; fargate retirement; \
         security patch; host retirement",
    ),
    (
        Essential,
        "essential container; essentialcontainerexited; essential task container",
    ),
    (
        OutOfMemory,
        "outofmemory; out of memory; |oom|; out-of-memory; oom-kill; oomkill; oom kill; oom killed; \
         due to memory usage; memory cgroup; oom_kill; memory limit too low; oom event; \
         killed due to memory; exceeded memory limit; exceeded its memory; exceeds the memory; \
         exceeded the memory; exceeded hard memory; heap limit allocation",
    ),
    (
        MemoryShort,
        "cannot allocate memory; can't allocate memory; unable to allocate memory; enomem; \
         bad_alloc; not enough memory resources",
    ),
    (
        Fatal,
        "segmentation fault; sigsegv; signal 11; core dumped; sigabrt; sigbus; sigfpe; sigill; \
         access violation; 0xc0000005; bus error; illegal instruction; floating point exception; \
         signal: aborted; stack smashing; segfault",
    ),
    (
        Killed,
        "sigkill; signal 9; signal: killed; was killed; container killed; |kill -9|; \
         received signal kill; forcibly killed; killed by",
    ),
    (
        NoCommand,
        "no command specified; executable file not found; command not found; no command or entry; \
         <path>: <path>: not found",
    ),
    (
        ElbCheck,
        "elb health check; load balancer health check; health checks in (target; \
         health checks in (elb; health checks in target; lattice health check; elb healthcheck; \
         lattice target; targets health; target health check; alb health check; \
         nlb health check; loadbalancer health; vpc_lattice; vpc lattice",
    ),
    (
        ContainerCheck,
        "container health check; container healthcheck; failed container health; \
         docker health check; healthcheck command; container is unhealthy; \
         health check for container; container health status; containers health check; \
         container became unhealthy; containers are unhealthy",
    ),
    (HealthCheck, "health check; healthcheck; unhealthy"),
    (
        CheckCodes,
        "these codes:; target.timeout; target.failedhealthchecks; target.responsecodemismatch; \
         elb.internalerror",
    ),
    (
        UnhealthyTarget,
        "unhealthy in; health checks failed; failedhealthchecks; target.timeout; \
         responsecodemismatch; unhealthythreshold; not healthy in target; \
         is unhealthy in target; request timed out; target is unhealthy; targets are unhealthy; \
         unhealthy target; target failed health; unhealthy in (elb; health check failed; \
         connection to target; failed health checks; is not healthy in",
    ),
    (
        ReplacedUnhealthy,
        "due to an unhealthy status; replaced due to unhealthy; an unhealthy status; \
         unhealthy task",
    ),
];
