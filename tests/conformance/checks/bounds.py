"""What AWS refuses: sizes, ranges, enums and members that are missing, for each call that changes something."""

import datetime
import urllib.error
import urllib.request
from contextlib import contextmanager

from botocore.exceptions import ClientError

from bench import AIPM, DEPOT, EUGLENA, SHORT_DRAMA, check
from .ecs_writes import CLUSTER, NETWORK, worker

NO_TASK = "0" * 32
CONTAINER = {"name": "app", "image": "registry/app:1", "memory": 128}


@contextmanager
def saying(words):
    """What is done here must fail with these words."""
    try:
        yield
    except ClientError as error:
        assert words in str(error), f"{error} does not say {words!r}"
        raise


def definition(**more):
    return {"family": "conformance-bounds", "containerDefinitions": [CONTAINER], **more}


@check("ecs:UpdateService")
def updates_out_of_bounds_are_refused(bench):
    ecs = bench.careless("ecs")
    where = {"cluster": CLUSTER, "service": "short-drama-web"}
    before = ecs.describe_services(cluster=CLUSTER, services=["short-drama-web"])["services"][0]
    for count in (-1, 5001, 100_000, 2**31 - 1):
        with bench.refused("InvalidParameterException", status=400):
            ecs.update_service(**where, desiredCount=count)
    for bounds in ((300, 50), (101, 100)):
        configuration = {"minimumHealthyPercent": bounds[0], "maximumPercent": bounds[1]}
        with bench.refused("InvalidParameterException", status=400):
            ecs.update_service(**where, deploymentConfiguration=configuration)
    with bench.refused("InvalidParameterException", status=400):
        ecs.update_service(**where, deploymentConfiguration={"strategy": "SIDEWAYS"})
    for wrong in ({"propagateTags": "EVERYTHING"}, {"availabilityZoneRebalancing": "PERHAPS"}, {"healthCheckGracePeriodSeconds": -1}):
        with bench.refused("InvalidParameterException", status=400):
            ecs.update_service(**where, **wrong)
    with bench.refused("InvalidParameterException", status=400):
        ecs.update_service(cluster=CLUSTER, desiredCount=1)
    after = ecs.describe_services(cluster=CLUSTER, services=["short-drama-web"])["services"][0]
    assert after["desiredCount"] == before["desiredCount"]
    assert after["deploymentConfiguration"] == before["deploymentConfiguration"]


@check("ecs:RunTask", "ecs:ListTasks")
def runs_out_of_bounds_are_refused(bench):
    ecs = bench.careless("ecs", AIPM)
    before = len(ecs.list_tasks(cluster="aipm-cluster", startedBy="bounds")["taskArns"])
    for wrong in (
        {"startedBy": "b" * 129},
        {"count": 0},
        {"count": 11},
        {"clientToken": "t" * 65},
        {"launchType": "LAMBDA"},
        {"overrides": {"containerOverrides": [{"name": "amazon-q-worker", "command": ["c" * 8200]}]}},
        {"networkConfiguration": {"awsvpcConfiguration": {"subnets": []}}},
        {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": "PERHAPS"}}},
        {"propagateTags": "EVERYTHING"},
        {"tags": [{"key": "k" * 129, "value": "v"}]},
    ):
        with bench.refused("InvalidParameterException", status=400):
            ecs.run_task(**worker(**{"startedBy": "bounds", **wrong}))
    with bench.refused("ClientException", "InvalidParameterException", status=400):
        ecs.run_task(cluster="aipm-cluster")
    assert len(ecs.list_tasks(cluster="aipm-cluster", startedBy="bounds")["taskArns"]) == before
    # So long it may be.
    ecs.run_task(**worker(startedBy="b" * 128))


@check("ecs:DescribeTasks", "ecs:StopTask", "ecs:UpdateTaskProtection", "ecs:GetTaskProtection")
def ids_of_tasks_that_are_none_are_refused_in_ecss_words(bench):
    ecs = bench.careless("ecs")
    arn = f"arn:aws:ecs:us-east-1:{SHORT_DRAMA[0]}:task"
    calls = (
        lambda task: ecs.describe_tasks(cluster=CLUSTER, tasks=[task]),
        lambda task: ecs.stop_task(cluster=CLUSTER, task=task),
        lambda task: ecs.get_task_protection(cluster=CLUSTER, tasks=[task]),
        lambda task: ecs.update_task_protection(cluster=CLUSTER, tasks=[task], protectionEnabled=True),
    )
    for task, words in (
        ("too-short", "taskId length should be one of [32,36]"),
        ("x" * 40, "taskId length should be one of [32,36]"),
        (f"{arn}/{CLUSTER}/abc", "taskId length should be one of [32,36]"),
        (f"{arn}/elsewhere/{NO_TASK}", "Identifier is for cluster elsewhere"),
        (f"{CLUSTER}/{NO_TASK}", "Unexpected number of separators"),
    ):
        for call in calls:
            with bench.refused("InvalidParameterException", status=400), saying(words):
                call(task)
    with bench.refused("InvalidParameterException", status=400):
        ecs.describe_tasks(cluster=CLUSTER, tasks=[NO_TASK] * 101)
    assert len(ecs.describe_tasks(cluster=CLUSTER, tasks=[NO_TASK] * 100)["failures"]) == 100


@check("ecs:ListTasks", "ecs:ListServices", "ecs:ListTaskDefinitions", "ecs:ListContainerInstances", "ecs:ListServiceDeployments")
def values_that_no_enum_has_are_refused_in_lists(bench):
    ecs = bench.careless("ecs")
    for call, wrong in (
        (ecs.list_tasks, {"desiredStatus": "SLEEPING"}),
        (ecs.list_tasks, {"launchType": "LAMBDA"}),
        (ecs.list_services, {"launchType": "LAMBDA"}),
        (ecs.list_services, {"schedulingStrategy": "SOMETIMES"}),
        (ecs.list_container_instances, {"status": "TIRED"}),
        (ecs.list_service_deployments, {"service": "short-drama-web", "status": ["SO_SO"]}),
    ):
        with bench.refused("InvalidParameterException", status=400):
            call(cluster=CLUSTER, **wrong)
    for wrong in ({"status": "GONE"}, {"sort": "UP"}):
        with bench.refused("InvalidParameterException", status=400):
            ecs.list_task_definitions(**wrong)


@check("ecs:RegisterTaskDefinition")
def definitions_that_cannot_run_are_refused_in_ecss_words(bench):
    ecs = bench.careless("ecs")
    bare = {name: value for name, value in CONTAINER.items() if name != "memory"}
    for wrong, words in (
        ({"containerDefinitions": [bare]}, "At least one of 'memory' or 'memoryReservation' must be specified."),
        ({"containerDefinitions": [CONTAINER, CONTAINER]}, "Container names must be unique within a Task Definition."),
        ({"containerDefinitions": []}, "Container list cannot be empty."),
        ({"containerDefinitions": [{**CONTAINER, "essential": False}]}, "at least one essential container"),
        ({"family": "f" * 256}, "Family"),
        ({"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "3072"}, "Fargate"),
    ):
        with bench.refused("ClientException", status=400), saying(words):
            ecs.register_task_definition(**definition(**wrong))
    for wrong in ({"networkMode": "carrier-pigeon"}, {"pidMode": "guest"}, {"ipcMode": "loud"}, {"tags": [{"key": "aws:k"}]}):
        with bench.refused("InvalidParameterException", status=400):
            ecs.register_task_definition(**definition(**wrong))
    with bench.refused("InvalidParameterException", "ClientException", status=400):
        ecs.deregister_task_definition(taskDefinition="conformance-bounds")
    told = bench.client("ecs").register_task_definition(**definition())["taskDefinition"]
    assert told["registeredBy"] == bench.client("sts").get_caller_identity()["Arn"]
    assert "EC2" in told["compatibilities"] and "FARGATE" not in told["compatibilities"], f"{told['compatibilities']}"
    logged = {
        **CONTAINER,
        "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/bounds", "awslogs-region": "us-east-1"}},
    }
    network = {"networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512"}
    told = bench.client("ecs").register_task_definition(**definition(containerDefinitions=[logged], **network))["taskDefinition"]
    names = {attribute["name"] for attribute in told["requiresAttributes"]}
    assert "ecs.capability.task-eni" in names and "com.amazonaws.ecs.capability.logging-driver.awslogs" in names, f"{names}"
    assert "FARGATE" in told["compatibilities"]


@check("ecs:CreateService", "ecs:DescribeServices", "ecs:DeleteService", "ecs:RegisterTaskDefinition")
def a_service_is_created_runs_and_is_deleted(bench):
    ecs, careless = bench.client("ecs"), bench.careless("ecs")
    given = {
        "cluster": CLUSTER,
        "serviceName": "conformance-created",
        "taskDefinition": "short-drama-web",
        "desiredCount": 1,
        "launchType": "FARGATE",
        "networkConfiguration": NETWORK,
        "tags": [{"key": "made", "value": "here"}],
    }
    for wrong, code in (
        ({"serviceName": ""}, "InvalidParameterException"),
        ({"serviceName": "s" * 256}, "InvalidParameterException"),
        ({"desiredCount": 5001}, "InvalidParameterException"),
        ({"launchType": "LAMBDA"}, "InvalidParameterException"),
        ({"schedulingStrategy": "SOMETIMES"}, "InvalidParameterException"),
        ({"networkConfiguration": {}}, "InvalidParameterException"),
        ({"taskDefinition": "no-such-family"}, "ClientException"),
        ({"cluster": "no-such-cluster"}, "ClusterNotFoundException"),
        ({"deploymentConfiguration": {"minimumHealthyPercent": 300, "maximumPercent": 50}}, "InvalidParameterException"),
        ({"loadBalancers": [{"targetGroupArn": "arn:aws:none", "containerName": "web", "containerPort": 80}]}, "InvalidParameterException"),
    ):
        with bench.refused(code, status=400):
            careless.create_service(**{**given, **wrong})
    fresh = ecs.create_service(**given)["service"]
    assert fresh["status"] == "ACTIVE" and fresh["desiredCount"] == 1 and len(fresh["deployments"]) == 1
    with bench.refused("InvalidParameterException", status=400):
        ecs.create_service(**given)
    for _ in range(30):
        bench.simulator.advance(10)
        found = ecs.describe_services(cluster=CLUSTER, services=["conformance-created"], include=["TAGS"])["services"][0]
    assert found["runningCount"] == 1 and found["tags"] == [{"key": "made", "value": "here"}], f"{found}"
    assert [arn for arn in ecs.list_services(cluster=CLUSTER, maxResults=100)["serviceArns"] if arn == found["serviceArn"]]
    ecs.delete_service(cluster=CLUSTER, service="conformance-created", force=True)


@check("ecs:StopServiceDeployment", "ecs:ContinueServiceDeployment", "ecs:DeleteService", "ecs:UpdateTaskProtection", "ecs:StopTask")
def other_writes_out_of_bounds_are_refused(bench):
    ecs = bench.careless("ecs")
    briefs = ecs.list_service_deployments(cluster=CLUSTER, service="short-drama-web")["serviceDeployments"]
    arn, tasks = briefs[0]["serviceDeploymentArn"], ecs.list_tasks(cluster=CLUSTER, serviceName="short-drama-web")["taskArns"]
    for call, wrong in (
        (ecs.stop_service_deployment, {"serviceDeploymentArn": arn, "stopType": "HALT"}),
        (ecs.continue_service_deployment, {"serviceDeploymentArn": arn, "hookId": "h", "action": "DANCE"}),
        (ecs.delete_service, {"cluster": CLUSTER}),
        (ecs.stop_task, {"cluster": CLUSTER}),
        (ecs.update_task_protection, {"cluster": CLUSTER, "tasks": tasks, "protectionEnabled": True, "expiresInMinutes": 2881}),
        (ecs.update_task_protection, {"cluster": CLUSTER, "tasks": tasks}),
        (ecs.update_task_protection, {"cluster": CLUSTER, "tasks": [], "protectionEnabled": True}),
        (ecs.update_task_protection, {"cluster": CLUSTER, "tasks": tasks[:1] * 11, "protectionEnabled": True}),
    ):
        with bench.refused("InvalidParameterException", status=400):
            call(**wrong)


@check("ecs:TagResource", "ecs:ListTagsForResource", "ecs:ListClusters")
def what_is_tagged_is_listed_with_its_tags(bench):
    ecs = bench.client("ecs")
    service = ecs.describe_services(cluster=CLUSTER, services=["short-drama-web"])["services"][0]
    task = ecs.list_tasks(cluster=CLUSTER, serviceName="short-drama-web")["taskArns"][0]
    cluster = next(arn for arn in ecs.list_clusters()["clusterArns"] if arn.endswith(CLUSTER))
    for arn in (service["serviceArn"], service["taskDefinition"], task, cluster):
        ecs.tag_resource(resourceArn=arn, tags=[{"key": "by", "value": "one"}, {"key": "on", "value": ""}])
        ecs.tag_resource(resourceArn=arn, tags=[{"key": "by", "value": "two"}])
        tags = {tag["key"]: tag["value"] for tag in ecs.list_tags_for_resource(resourceArn=arn)["tags"]}
        assert tags["by"] == "two" and tags["on"] == "", f"{arn}: {tags}"
    for wrong in ([{"key": "", "value": "v"}], [{"key": "k" * 129}], [{"key": "k", "value": "v" * 257}], [{"key": "aws:k", "value": "v"}]):
        with bench.refused("InvalidParameterException", status=400):
            bench.careless("ecs").tag_resource(resourceArn=cluster, tags=wrong)
    with bench.refused("InvalidParameterException", status=400):
        ecs.tag_resource(resourceArn=cluster, tags=[{"key": f"k{number}", "value": ""} for number in range(51)])
    with bench.refused("InvalidParameterException", status=400):
        ecs.list_tags_for_resource(resourceArn=cluster + "-of-nobody")


@check("ecs:DescribeTaskSets")
def task_sets_are_those_of_services_that_others_deploy(bench):
    ecs = bench.client("ecs")
    assert ecs.describe_task_sets(cluster=CLUSTER, service="short-drama-web")["taskSets"] == []
    missing = ecs.describe_task_sets(cluster=CLUSTER, service="short-drama-web", taskSets=["ecs-svc/1"])
    assert [failure["reason"] for failure in missing["failures"]] == ["MISSING"]
    with bench.refused("ServiceNotFoundException", status=400):
        ecs.describe_task_sets(cluster=CLUSTER, service="no-such-service")


@check("application-autoscaling:RegisterScalableTarget")
def bounds_that_cannot_be_are_refused(bench):
    scaling = bench.careless("application-autoscaling", DEPOT)
    target = {"ServiceNamespace": "ecs", "ResourceId": "service/depot-cluster/depot-api", "ScalableDimension": "ecs:service:DesiredCount"}
    for wrong in (
        {"MinCapacity": 5, "MaxCapacity": 2},
        {"MinCapacity": -1},
        {"ServiceNamespace": "nowhere"},
        {"ResourceId": "service/depot-cluster/no-such-service", "MinCapacity": 1, "MaxCapacity": 2},
        {"ResourceId": "nonsense"},
        {"ScalableDimension": "ecs:service:Colour"},
    ):
        with bench.refused("ValidationException", status=400):
            scaling.register_scalable_target(**{**target, **wrong})


@check("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:StartMessageMoveTask", "sqs:DeleteMessage")
def messages_out_of_bounds_are_refused(bench):
    sqs = bench.careless("sqs")
    url = sqs.get_queue_url(QueueName="gpu_tasks_queue")["QueueUrl"]
    for call, wrong in (
        (sqs.send_message, {"MessageBody": ""}),
        (sqs.send_message, {"MessageBody": "m", "DelaySeconds": 901}),
        (sqs.send_message, {}),
        (sqs.receive_message, {"MaxNumberOfMessages": 11}),
        (sqs.receive_message, {"VisibilityTimeout": 43_201}),
        (sqs.receive_message, {"WaitTimeSeconds": 21}),
        (sqs.delete_message, {"ReceiptHandle": "nonsense"}),
        (sqs.change_message_visibility, {"ReceiptHandle": "nonsense", "VisibilityTimeout": 0}),
    ):
        with bench.refused("InvalidParameterValue", "MissingParameter", "ReceiptHandleIsInvalid"):
            call(QueueUrl=url, **wrong)
    with bench.refused("ResourceNotFoundException"):
        sqs.start_message_move_task(SourceArn="arn:aws:sqs:us-east-1:123456789012:no-such-queue")


@check("cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics")
def ranges_that_nobody_keeps_are_bounded(bench):
    cloudwatch = bench.client("cloudwatch", EUGLENA)
    end = datetime.datetime(2026, 3, 10, 12, tzinfo=datetime.timezone.utc)
    ages = datetime.datetime(1896, 1, 1, tzinfo=datetime.timezone.utc)
    metric = cloudwatch.list_metrics()["Metrics"][0]
    queries = [{"Id": f"m{number}", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}} for number in range(500)]
    with bench.refused("ThrottlingException"):
        cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=ages, EndTime=end)
    query = [{"Id": "m", "MetricStat": {"Metric": metric, "Period": 86_400, "Stat": "Sum"}}]
    days = cloudwatch.get_metric_data(MetricDataQueries=query, StartTime=ages, EndTime=end)["MetricDataResults"][0]
    assert len(days["Values"]) <= 457, f"{len(days['Values'])} days of 455 that are kept"
    with bench.refused("ValidationError", "InvalidParameterValueException", "ValidationException"):
        cloudwatch.get_metric_data(MetricDataQueries=query, StartTime=end, EndTime=ages)
    named = {"Namespace": metric["Namespace"], "MetricName": metric["MetricName"], "Dimensions": metric["Dimensions"]}
    hour = {"StartTime": end - datetime.timedelta(hours=3), "EndTime": end, "Period": 300}
    points = cloudwatch.get_metric_statistics(**named, **hour, Statistics=["Average", "Maximum", "SampleCount"])["Datapoints"]
    for point in points:
        assert point["Average"] <= point["Maximum"] and point["SampleCount"] > 0, f"{point}"
    cloudwatch.get_metric_statistics(**named, **hour, ExtendedStatistics=["p90"])
    for wrong in ({"StartTime": ages, "Statistics": ["Sum"]}, {}, {"Statistics": ["Sum"], "ExtendedStatistics": ["p90"]}):
        with bench.refused("InvalidParameterCombination", "InvalidParameterCombinationException"):
            cloudwatch.get_metric_statistics(**{**named, **hour, **wrong})


@check("ssm:GetParameter", "ssm:DescribeParameters")
def a_parameter_has_a_value_that_is_made_up(bench):
    for place in (SHORT_DRAMA, AIPM, EUGLENA):
        ssm = bench.client("ssm", place)
        for parameter in bench.pages(ssm.describe_parameters, "Parameters", "NextToken", MaxResults=50):
            told = ssm.get_parameter(Name=parameter["Name"])["Parameter"]
            assert told["ARN"].endswith(parameter["Name"]) and told["Value"], f"{told}"
        with bench.refused("ParameterNotFound", status=400):
            ssm.get_parameter(Name="/no/such/parameter")


@check("iam:GetRole")
def a_role_is_told_unless_it_is_gone(bench):
    iam = bench.client("iam", DEPOT)
    role = iam.get_role(RoleName="stage-role")["Role"]
    assert role["Arn"] == f"arn:aws:iam::{DEPOT[0]}:role/stage-role"
    assert role["AssumeRolePolicyDocument"]["Version"] == "2012-10-17", f"{role['AssumeRolePolicyDocument']}"
    with bench.refused("NoSuchEntity", status=404):
        iam.get_role(RoleName="stage-no-role")


@check("servicediscovery:DiscoverInstances")
def instances_are_discovered_at_their_own_host_alone(bench):
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={EUGLENA[0]}/20260310/{EUGLENA[1]}/servicediscovery/aws4_request",
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "Route53AutoNaming_v20170314.DiscoverInstances",
    }
    status, _, answer = bench.simulator.raw(headers, b'{"NamespaceName":"euglena.local","ServiceName":"euglena-gateway"}')
    assert status in (400, 404) and b"UnknownOperationException" in answer, f"{status} {answer}"


@check()
def requests_that_say_not_who_calls_are_refused(bench):
    for headers, body, status, code in (
        ({"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.ListClusters"}, b"{}", 400, b"MissingAuthenticationTokenException"),
        ({"X-Amz-Target": "AmazonSQS.ListQueues"}, b"{}", 400, b"MissingAuthenticationToken"),
        ({}, b"Action=GetCallerIdentity&Version=2011-06-15", 403, b"MissingAuthenticationToken"),
        ({}, b"Action=DescribeInstances&Version=2016-11-15", 401, b"AuthFailure"),
    ):
        kind = "application/x-amz-json-1.1" if headers else "application/x-www-form-urlencoded"
        found, _, answer = bench.simulator.raw({"Content-Type": kind, **headers}, body)
        assert found == status and code in answer, f"{headers or body}: {found} {answer}"


@check()
def a_page_of_somebodys_browser_controls_nothing(bench):
    before = bench.simulator.control("clock")
    for headers in ({"Origin": "https://example.com"}, {"Origin": "null"}, {"Host": "sim.example.com"}):
        request = urllib.request.Request(f"{bench.simulator.url}/_sim/advance", data=b'{"seconds": 60}', headers=headers)
        try:
            urllib.request.urlopen(request, timeout=5)
        except urllib.error.HTTPError as error:
            with error:
                assert error.code == 403, f"{headers}: {error.code}"
        else:
            raise AssertionError(f"{headers} moved the clock")
    assert bench.simulator.control("clock") == before
    for seconds in (-1, 86_401, 30 * 86_400):
        request = urllib.request.Request(f"{bench.simulator.url}/_sim/advance", data=b'{"seconds": %d}' % seconds)
        try:
            urllib.request.urlopen(request, timeout=5)
        except urllib.error.HTTPError as error:
            with error:
                assert error.code == 400, f"{seconds}: {error.code}"
        else:
            raise AssertionError(f"the clock was moved by {seconds} seconds")
