"""The AWS CLI (version 1) against the simulator, in this process, so that its answers are seen too."""

import contextlib
import io
import json
import os
import pathlib
import tempfile

import awscli.clidriver

from bench import AIPM, SHORT_DRAMA, check
from witness import Witness


def aws(bench, *arguments, place=SHORT_DRAMA, exit=0):
    """Runs `aws ARGUMENTS`; gives what it printed, as JSON where it is that."""
    with tempfile.TemporaryDirectory(prefix="ecsdeck-conformance-") as home:
        ours = {
            "AWS_ACCESS_KEY_ID": place[0],
            "AWS_SECRET_ACCESS_KEY": "of-no-account",
            "AWS_DEFAULT_REGION": place[1],
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_CONFIG_FILE": str(pathlib.Path(home) / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(pathlib.Path(home) / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        before = dict(os.environ)
        # The CLI itself puts AWS_DATA_PATH there.
        for name in [name for name in os.environ if name.startswith("AWS_") and name != "AWS_DATA_PATH"]:
            del os.environ[name]
        os.environ.update(ours)
        out, error = io.StringIO(), io.StringIO()
        try:
            driver = awscli.clidriver.create_clidriver()
            Witness(bench.ledger).attend(driver.session)
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
                code = driver.main([*arguments, "--output", "json", "--endpoint-url", bench.simulator.url])
        finally:
            os.environ.clear()
            os.environ.update(before)
    assert code == exit, f"`aws {' '.join(arguments)}` ended with {code}: {error.getvalue()[-500:]}"
    try:
        return json.loads(out.getvalue())
    except ValueError:
        return out.getvalue() + error.getvalue()


CLUSTER = ("--cluster", "short-drama-cluster")


@check("ecs:ListClusters", "ecs:ListServices", "ecs:DescribeServices", "ecs:ListTasks", "ecs:DescribeTasks")
def the_cli_reads_services_and_tasks(bench):
    assert aws(bench, "ecs", "list-clusters")["clusterArns"]
    arns = aws(bench, "ecs", "list-services", *CLUSTER, "--page-size", "1")["serviceArns"]
    assert len(arns) >= 3, f"{arns}"
    services = aws(bench, "ecs", "describe-services", *CLUSTER, "--services", *arns)["services"]
    assert {service["serviceArn"] for service in services} == set(arns)
    query = "services[0].{Status:status,Running:runningCount,Desired:desiredCount,Pending:pendingCount}"
    row = aws(bench, "ecs", "describe-services", *CLUSTER, "--services", "short-drama-backend", "--query", query)
    assert row["Status"] == "ACTIVE", f"{row}"
    stopped = aws(bench, "ecs", "list-tasks", *CLUSTER, "--desired-status", "STOPPED")["taskArns"]
    tasks = aws(bench, "ecs", "describe-tasks", *CLUSTER, "--tasks", *stopped)["tasks"]
    assert all(task["stoppedReason"] for task in tasks)
    aws(bench, "ecs", "wait", "services-stable", *CLUSTER, "--services", "short-drama-web")


@check("ecs:RunTask")
def the_cli_runs_the_task_of_the_runbook(bench):
    environment = [{"name": "TASK_ID", "value": "test-123"}, {"name": "TASK_TITLE", "value": "Test Task"}]
    overrides = {"containerOverrides": [{"name": "amazon-q-worker", "environment": environment}]}
    network = "awsvpcConfiguration={subnets=[subnet-021cb68f18ae60508,subnet-03525df27c75e12b5],securityGroups=[sg-0ad4bc9d85549a7c7],assignPublicIp=ENABLED}"
    answer = aws(
        bench,
        *("ecs", "run-task", "--cluster", "aipm-cluster", "--task-definition", "aipm-amazon-q-worker:6"),
        *("--launch-type", "FARGATE", "--network-configuration", network, "--overrides", json.dumps(overrides)),
        place=AIPM,
    )
    assert len(answer["tasks"]) == 1 and not answer["failures"], f"{answer}"


@check("ecs:UpdateService")
def the_cli_scales_and_is_told_what_it_did_wrong(bench):
    for count in ("2", "1"):
        answer = aws(bench, "ecs", "update-service", *CLUSTER, "--service", "short-drama-notifier", "--desired-count", count)
        assert answer["service"]["desiredCount"] == int(count)
    said = aws(bench, "ecs", "update-service", *CLUSTER, "--service", "no-such", "--desired-count", "1", exit=255)
    assert "ServiceNotFoundException" in said, said


@check("logs:FilterLogEvents", "logs:DescribeLogStreams")
def the_cli_reads_logs(bench):
    group = ("--log-group-name", "/ecs/short-drama-backend")
    events = aws(bench, "logs", "filter-log-events", *group, "--filter-pattern", "WARNING", "--max-items", "20")["events"]
    assert events and all("WARNING" in event["message"] for event in events), f"{len(events)} events"
    assert aws(bench, "logs", "describe-log-streams", *group, "--order-by", "LastEventTime", "--descending")["logStreams"]


@check("sqs:GetQueueAttributes", "dynamodb:Scan", "sts:GetCallerIdentity")
def the_cli_reads_queues_tables_and_identity(bench):
    queue = aws(bench, "sqs", "get-queue-url", "--queue-name", "gpu_tasks_queue")["QueueUrl"]
    aws(bench, "sqs", "get-queue-attributes", "--queue-url", queue, "--attribute-names", "All")
    rows = aws(
        bench,
        *("dynamodb", "scan", "--table-name", "aipm-amazon-q-queue", "--query", "Items[*].[id.S,title.S,status.S]"),
        place=AIPM,
    )
    assert rows, "no rows"
    assert aws(bench, "sts", "get-caller-identity")["Account"] == SHORT_DRAMA[0]


@check("elbv2:DescribeTargetGroups", "elbv2:DescribeTargetHealth")
def the_cli_reads_target_health(bench):
    query = "TargetGroups[?contains(TargetGroupName, 'aistudio-dev')].TargetGroupArn"
    arns = aws(bench, "elbv2", "describe-target-groups", "--query", query)
    assert arns, "no target group of aistudio-dev"
    aws(bench, "elbv2", "describe-target-health", "--target-group-arn", arns[0])


@check("application-autoscaling:RegisterScalableTarget", "application-autoscaling:DescribeScalingPolicies")
def the_cli_reads_and_sets_autoscaling(bench):
    where = ("--service-namespace", "ecs", "--scalable-dimension", "ecs:service:DesiredCount")
    resource = ("--resource-id", "service/short-drama-cluster/short-drama-backend")
    aws(bench, "application-autoscaling", "register-scalable-target", *where, *resource, "--min-capacity", "1", "--max-capacity", "10")
    aws(bench, "application-autoscaling", "describe-scaling-policies", "--service-namespace", "ecs")


@check("cloudwatch:DescribeAlarms:json", "ec2:DescribeNetworkInterfaces", "ecr:DescribeRepositories", "secretsmanager:DescribeSecret")
def the_cli_reads_alarms_interfaces_repositories_and_secrets(bench):
    aws(bench, "cloudwatch", "describe-alarms")
    aws(bench, "ec2", "describe-network-interfaces")
    aws(bench, "ecr", "describe-repositories")
    aws(bench, "secretsmanager", "describe-secret", "--secret-id", "aipm/github-token", place=AIPM)
