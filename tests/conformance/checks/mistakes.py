"""Bad input: what AWS answers to calls that are wrong, and the calls are in the log all the same."""

import json

from bench import SHORT_DRAMA, check
from offered import ACCOUNT

TARGETS = {
    "ecs": ("AmazonEC2ContainerServiceV20141113", "1.1", "DescribeServices"),
    "logs": ("Logs_20140328", "1.1", "FilterLogEvents"),
    "sqs": ("AmazonSQS", "1.0", "GetQueueAttributes"),
    "dynamodb": ("DynamoDB_20120810", "1.0", "DescribeTable"),
}


def send(bench, service, body, region="us-east-1"):
    target, version, action = TARGETS[service]
    scope = f"{ACCOUNT}/20260310/{region}/{service}/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        "Content-Type": f"application/x-amz-json-{version}",
        "X-Amz-Target": f"{target}.{action}",
    }
    status, _, answer = bench.simulator.raw(headers, body)
    return status, json.loads(answer)


@check()
def a_body_that_is_no_json_is_a_serialization_error(bench):
    for service in TARGETS:
        for body in (b"{", b"[1]", b'"text"', b'{"cluster": }', b"\xff\xfe"):
            status, answer = send(bench, service, body)
            code = answer["__type"].rpartition("#")[2]
            assert (status, code) == (400, "SerializationException"), f"{service} answers {body!r} with {status} {code}"


@check()
def members_of_a_wrong_type_are_refused(bench):
    for service, body in (
        ("ecs", {"cluster": "short-drama-cluster", "services": "web"}),
        ("ecs", {"cluster": "short-drama-cluster", "services": [1]}),
        ("logs", {"logGroupName": ["a"]}),
        ("sqs", {"QueueUrl": 1}),
        ("dynamodb", {"TableName": 1}),
    ):
        status, answer = send(bench, service, json.dumps(body).encode())
        code = answer["__type"].rpartition("#")[2]
        known = ("SerializationException", "InvalidParameterException", "ValidationException", "ClientException")
        assert status == 400 and code in known, f"{service} answers {body} with {status} {code}"


@check()
def unknown_members_are_refused(bench):
    # AWS lets them pass; a client that sends one is wrong all the same, and the simulator says so.
    for service in ("ecs", "logs", "sqs"):
        status, answer = send(bench, service, b'{"colour": "green"}')
        assert status == 400, f"{service} takes an unknown member: {answer}"


@check("ecs:DescribeServices", "ecs:ListServiceDeployments", "logs:FilterLogEvents", "sqs:GetQueueUrl", "dynamodb:DescribeTable")
def missing_parameters_are_refused(bench):
    with bench.refused("InvalidParameterException", "ClientException", status=400):
        bench.careless("ecs").describe_services(cluster="short-drama-cluster")
    with bench.refused("InvalidParameterException", "ClientException", status=400):
        bench.careless("ecs").list_service_deployments()
    with bench.refused("InvalidParameterException", status=400):
        bench.careless("logs").filter_log_events()
    with bench.refused("MissingParameter", "MissingRequiredParameterException", status=400):
        bench.careless("sqs").get_queue_url()
    with bench.refused("ValidationException", status=400):
        bench.careless("dynamodb").describe_table()


@check("ecs:ListServices", "ecs:ListTaskDefinitions", "logs:DescribeLogGroups", "sqs:ListQueues")
def tokens_of_another_query_are_refused(bench):
    ecs = bench.client("ecs")
    token = ecs.list_services(cluster="short-drama-cluster", maxResults=1)["nextToken"]
    with bench.refused("InvalidParameterException"):
        ecs.list_task_definitions(nextToken=token)
    for nonsense in ("nonsense", "bm9uc2Vuc2U=", ""):
        with bench.refused("InvalidParameterException"):
            bench.careless("ecs").list_services(cluster="short-drama-cluster", nextToken=nonsense)
    with bench.refused("InvalidParameterException"):
        bench.client("logs").describe_log_groups(nextToken=token)
    with bench.refused("InvalidParameterValue", "AWS.SimpleQueueService.InvalidNextToken", "InvalidAddress"):
        bench.client("sqs").list_queues(MaxResults=1, NextToken=token)


@check("ecs:ListTasks", "ecs:DescribeServices")
def another_region_is_another_place(bench):
    elsewhere = (SHORT_DRAMA[0], "eu-west-1")
    assert bench.client("ecs", elsewhere).list_clusters()["clusterArns"] == []
    with bench.refused("ClusterNotFoundException"):
        bench.client("ecs", elsewhere).list_tasks(cluster="short-drama-cluster")
    with bench.refused("AWS.SimpleQueueService.NonExistentQueue"):
        bench.client("sqs", elsewhere).get_queue_url(QueueName="gpu_tasks_queue")


@check()
def calls_to_nobody_are_refused(bench):
    for headers in ({}, {"X-Amz-Target": "NoSuchService_20200101.DoIt"}, {"X-Amz-Target": "nonsense"}):
        status, _, _ = bench.simulator.raw({"Content-Type": "application/x-amz-json-1.1", **headers}, b"{}")
        assert 400 <= status < 500, f"{headers} is answered with {status}"


@check()
def every_call_is_in_the_log(bench):
    before = bench.simulator.control("calls?since=0")[-1]["seq"]
    bench.client("sts").get_caller_identity()
    send(bench, "ecs", b"{")
    calls = bench.simulator.control(f"calls?since={before}")
    assert [(call["service"], call["action"], call["status"]) for call in calls] == [
        ("sts", "GetCallerIdentity", 200),
        ("ecs", "DescribeServices", 400),
    ], f"{calls}"
    assert calls[0]["who"] == SHORT_DRAMA[0] and calls[0]["response_bytes"] > 0


@check()
def calls_to_unknown_operations_are_in_the_log_with_their_error(bench):
    calls = bench.simulator.control("calls?since=0")
    unknown = {(call["service"], call["action"]) for call in calls if call["error"] in ("UnknownOperationException", "InvalidAction")}
    assert ("ecs", "CreateCluster") in unknown and ("sqs", "PurgeQueue") in unknown, f"{len(unknown)} unknown ones are logged"
