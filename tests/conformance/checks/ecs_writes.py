"""ECS: what changes something. Each check leaves the worlds able to run the next."""

from bench import AIPM, DEPOT, SHORT_DRAMA, check

CLUSTER = "short-drama-cluster"
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-021cb68f18ae60508"], "securityGroups": ["sg-0ad4bc9d85549a7c7"], "assignPublicIp": "ENABLED"}}


def worker(**more):
    environment = [{"name": "TASK_ID", "value": "conformance-1"}, {"name": "TASK_TITLE", "value": "A title"}]
    return {
        "cluster": "aipm-cluster",
        "taskDefinition": "aipm-amazon-q-worker:6",
        "launchType": "FARGATE",
        "networkConfiguration": NETWORK,
        "overrides": {"containerOverrides": [{"name": "amazon-q-worker", "environment": environment}]},
        "startedBy": "conformance",
        **more,
    }


def service(bench, name="short-drama-web"):
    return bench.client("ecs").describe_services(cluster=CLUSTER, services=[name])["services"][0]


@check("ecs:RunTask", "ecs:StopTask", "ecs:DescribeTasks")
def tasks_are_run_once_for_a_token_and_stopped(bench):
    ecs = bench.client("ecs", AIPM)
    first = ecs.run_task(**worker(count=2, clientToken="a-token", tags=[{"key": "run", "value": "conformance"}]))
    again = ecs.run_task(**worker(count=2, clientToken="a-token", tags=[{"key": "run", "value": "conformance"}]))
    arns = {task["taskArn"] for task in first["tasks"]}
    assert len(arns) == 2 and {task["taskArn"] for task in again["tasks"]} == arns
    with bench.refused("ConflictException"):
        ecs.run_task(**worker(count=3, clientToken="a-token"))
    for _ in range(12):
        bench.simulator.advance(5)
        ecs.describe_tasks(cluster="aipm-cluster", tasks=list(arns), include=["TAGS"])
    stopped = ecs.stop_task(cluster="aipm-cluster", task=min(arns), reason="seen enough")
    assert stopped["task"]["stopCode"] == "UserInitiated"
    for _ in range(12):
        bench.simulator.advance(5)
        ecs.describe_tasks(cluster="aipm-cluster", tasks=list(arns))


@check("ecs:RunTask")
def more_than_ten_tasks_and_an_unknown_definition_are_refused(bench):
    ecs = bench.careless("ecs", AIPM)
    with bench.refused("InvalidParameterException"):
        ecs.run_task(**worker(count=11))
    with bench.refused("ClientException", "InvalidParameterException"):
        ecs.run_task(**worker(taskDefinition="no-such-family"))
    with bench.refused("ClusterNotFoundException"):
        ecs.run_task(**worker(cluster="no-such-cluster"))


@check("ecs:UpdateService", "ecs:DescribeServices")
def a_service_is_scaled_and_settles(bench):
    ecs = bench.client("ecs")
    answer = ecs.update_service(cluster=CLUSTER, service="short-drama-web", desiredCount=3)
    assert answer["service"]["desiredCount"] == 3
    for _ in range(30):
        bench.simulator.advance(10)
        found = service(bench)
    assert found["runningCount"] == 3, f"{found['runningCount']} run"
    ecs.update_service(cluster=CLUSTER, service="short-drama-web", desiredCount=2)
    for _ in range(30):
        bench.simulator.advance(10)
        found = service(bench)
    assert found["runningCount"] == 2, f"{found['runningCount']} run"


@check("ecs:UpdateService", "ecs:ListServiceDeployments", "ecs:DescribeServiceDeployments")
def a_forced_deployment_goes_through_its_states(bench):
    ecs = bench.client("ecs")
    ecs.update_service(cluster=CLUSTER, service="short-drama-web", forceNewDeployment=True)
    states = []
    for _ in range(60):
        bench.simulator.advance(10)
        briefs = ecs.list_service_deployments(cluster=CLUSTER, service="short-drama-web")["serviceDeployments"]
        newest = max(briefs, key=lambda brief: brief["createdAt"])
        ecs.describe_service_deployments(serviceDeploymentArns=[newest["serviceDeploymentArn"]])
        service(bench)
        if newest["status"] not in states:
            states.append(newest["status"])
    assert states[-1] == "SUCCESSFUL", f"went through {states}"


@check("ecs:UpdateService", "ecs:StopServiceDeployment", "ecs:ListServiceDeployments")
def a_deployment_that_is_stuck_is_rolled_back(bench):
    ecs = bench.client("ecs")

    def newest():
        briefs = ecs.list_service_deployments(cluster=CLUSTER, service="short-drama-backend")["serviceDeployments"]
        arn = max(briefs, key=lambda brief: brief["createdAt"])["serviceDeploymentArn"]
        return ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]

    stuck = newest()
    assert stuck["status"] == "IN_PROGRESS", f"the world's deployment is {stuck['status']}"
    answer = ecs.stop_service_deployment(serviceDeploymentArn=stuck["serviceDeploymentArn"], stopType="ROLLBACK")
    assert answer["serviceDeploymentArn"] == stuck["serviceDeploymentArn"]
    states = []
    for _ in range(60):
        bench.simulator.advance(10)
        state = ecs.describe_service_deployments(serviceDeploymentArns=[stuck["serviceDeploymentArn"]])["serviceDeployments"][0]
        service(bench, "short-drama-backend")
        if state["status"] not in states:
            states.append(state["status"])
    assert states[-1] == "ROLLBACK_SUCCESSFUL", f"went through {states}"


@check("ecs:StopServiceDeployment")
def what_is_no_deployment_is_not_stopped(bench):
    arn = f"arn:aws:ecs:us-east-1:{SHORT_DRAMA[0]}:service-deployment/{CLUSTER}/short-drama-web/NOSUCHDEPLOYMENT00000"
    with bench.refused("ServiceDeploymentNotFoundException"):
        bench.client("ecs").stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")


@check("ecs:UpdateService", "ecs:ContinueServiceDeployment", "ecs:DescribeServiceDeployments")
def a_deployment_that_pauses_goes_on_when_it_is_told_to(bench):
    ecs, where = bench.client("ecs", DEPOT), {"cluster": "stage-cluster", "service": "stage-web"}
    ecs.update_service(**where, forceNewDeployment=True)
    told, stages = False, []
    for _ in range(60):
        bench.simulator.advance(10)
        briefs = ecs.list_service_deployments(**where)["serviceDeployments"]
        arn = max(briefs, key=lambda brief: brief["createdAt"])["serviceDeploymentArn"]
        found = ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]
        stages += [found.get("lifecycleStage")] if found.get("lifecycleStage") not in stages else []
        waiting = [hook for hook in found.get("lifecycleHookDetails", []) if hook["status"] == "AWAITING_ACTION"]
        if waiting and not told:
            answer = ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=waiting[0]["hookId"], action="CONTINUE")
            assert answer["serviceDeploymentArn"] == arn
            told = True
        ecs.describe_services(cluster="stage-cluster", services=["stage-web"])
    assert told and found["status"] == "SUCCESSFUL", f"{found['status']} after {stages}"


@check("ecs:ContinueServiceDeployment")
def only_a_hook_that_waits_can_be_continued(bench):
    arn = f"arn:aws:ecs:us-east-1:{SHORT_DRAMA[0]}:service-deployment/{CLUSTER}/short-drama-web/NOSUCHDEPLOYMENT00000"
    with bench.refused("ServiceDeploymentNotFoundException"):
        bench.client("ecs").continue_service_deployment(serviceDeploymentArn=arn, hookId="no-such-hook", action="CONTINUE")


@check("ecs:UpdateService")
def updates_that_ecs_refuses_are_refused_in_its_words(bench):
    ecs = bench.careless("ecs")
    with bench.refused("ServiceNotFoundException"):
        ecs.update_service(cluster=CLUSTER, service="no-such-service", desiredCount=1)
    with bench.refused("ClusterNotFoundException"):
        ecs.update_service(cluster="no-such-cluster", service="short-drama-web", desiredCount=1)
    with bench.refused("ClientException", "InvalidParameterException"):
        ecs.update_service(cluster=CLUSTER, service="short-drama-backend", taskDefinition="short-drama-backend:39")
    with bench.refused("InvalidParameterException"):
        ecs.update_service(cluster=CLUSTER, service="short-drama-web", desiredCount=-1)


@check("ecs:RegisterTaskDefinition", "ecs:DeregisterTaskDefinition", "ecs:DescribeTaskDefinition")
def what_a_definition_is_registered_with_it_is_described_with(bench):
    ecs = bench.client("ecs")
    old = ecs.describe_task_definition(taskDefinition="short-drama-backend:41", include=["TAGS"])["taskDefinition"]
    carried = (
        "family taskRoleArn executionRoleArn networkMode containerDefinitions volumes placementConstraints "
        "requiresCompatibilities cpu memory runtimePlatform"
    ).split()
    fresh = ecs.register_task_definition(
        **{name: old[name] for name in carried if name in old}, tags=[{"key": "by", "value": "conformance"}]
    )["taskDefinition"]
    assert fresh["revision"] > old["revision"]
    assert fresh["containerDefinitions"] == old["containerDefinitions"]
    again = ecs.describe_task_definition(taskDefinition=fresh["taskDefinitionArn"], include=["TAGS"])
    assert again["tags"] == [{"key": "by", "value": "conformance"}]
    gone = ecs.deregister_task_definition(taskDefinition=fresh["taskDefinitionArn"])["taskDefinition"]
    assert gone["status"] == "INACTIVE"


@check("ecs:UpdateTaskProtection", "ecs:GetTaskProtection", "ecs:ListTasks")
def tasks_are_protected_and_released(bench):
    ecs = bench.client("ecs")
    arns = ecs.list_tasks(cluster=CLUSTER, serviceName="short-drama-web")["taskArns"]
    for protected in (True, False):
        expiry = {"expiresInMinutes": 60} if protected else {}
        answer = ecs.update_task_protection(cluster=CLUSTER, tasks=arns, protectionEnabled=protected, **expiry)
        assert [t["protectionEnabled"] for t in answer["protectedTasks"]] == [protected] * len(arns)
        ecs.get_task_protection(cluster=CLUSTER, tasks=arns)


@check("ecs:DeleteService", "ecs:ListServices", "ecs:DescribeServices")
def a_deleted_service_is_described_and_no_longer_listed(bench):
    ecs, cluster, name = bench.client("ecs", DEPOT), "stage-cluster", "stage-short-lived"
    with bench.refused("InvalidParameterException"):
        ecs.delete_service(cluster=cluster, service=name)
    assert ecs.delete_service(cluster=cluster, service=name, force=True)["service"]["status"] == "DRAINING"
    assert not [arn for arn in ecs.list_services(cluster=cluster)["serviceArns"] if arn.endswith(name)]
    for _ in range(12):
        bench.simulator.advance(5)
        found = ecs.describe_services(cluster=cluster, services=[name])["services"][0]
    assert found["status"] == "INACTIVE" and found["runningCount"] == 0
