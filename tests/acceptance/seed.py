"""What exists in the emulated account: made with boto3, as anybody's scripts would make it.

Nothing is named for the console's sake: queues and tables are found by the
environment of task definitions, logs by their log configuration.
"""

import datetime
import json

import boto3
from botocore.config import Config

from emulator import ACCOUNT, REGION, ROOT

ORDERS, REPORTS = "orders", "reports"
WEB, IDLE, REPORT = "orders-web", "orders-mailer", "nightly-report"
GROUP = "/ecs/orders-web"
QUEUE, DEAD = "orders-jobs", "orders-jobs-dead"
TABLE, INDEX = "orders_jobs", "status-index"
COUNTS = {"PENDING": 3, "PROCESSING": 2, "DONE": 5, "FAILED": 1}
# More than the ten that DescribeServices takes in one call.
MANY = [f"report-{number:02}" for number in range(1, 13)]
STOP_REASON = "Cancelled by the night shift: \x1b[31mthe red one\x1b[0m"
LINES = 40
# What must not be seen anywhere.
SECRET = "canary-of-a-secret"

READS = [
    "ecs:List*", "ecs:Describe*", "logs:Describe*", "logs:Get*", "logs:Filter*", "logs:StartLiveTail",
    "sqs:List*", "sqs:Get*", "dynamodb:List*", "dynamodb:Describe*", "dynamodb:Query", "dynamodb:Scan",
    "dynamodb:GetItem", "sts:GetCallerIdentity", "cloudwatch:Get*", "cloudwatch:Describe*",
    "application-autoscaling:Describe*",
]


class Account:
    """Clients with the emulator's root credentials, and the users that the console runs as."""

    def __init__(self, url):
        self.url = url
        for service in ("ecs", "logs", "sqs", "dynamodb", "iam", "cloudtrail", "sts"):
            setattr(self, service, self._client(service))
        self.on_call = self.viewer = None

    def _client(self, service):
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=ROOT[0],
            aws_secret_access_key=ROOT[1],
            config=Config(retries={"max_attempts": 2}, connect_timeout=5, read_timeout=20),
        )

    def services(self, cluster):
        """Every service of a cluster as DescribeServices has it, by name."""
        arns = self.ecs.list_services(cluster=cluster, maxResults=100)["serviceArns"]
        found = {}
        for start in range(0, len(arns), 10):
            page = self.ecs.describe_services(cluster=cluster, services=arns[start : start + 10])
            found.update((service["serviceName"], service) for service in page["services"])
        return found

    def tasks(self, cluster):
        """Every task of a cluster, running or stopped, as DescribeTasks has it, by id."""
        arns = []
        for status in ("RUNNING", "STOPPED"):
            for page in self.ecs.get_paginator("list_tasks").paginate(cluster=cluster, desiredStatus=status):
                arns += page["taskArns"]
        found = self.ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []
        return {task["taskArn"].rsplit("/", 1)[-1]: task for task in found}

    def desired(self, service, cluster=ORDERS):
        """The desired count that AWS has."""
        return self.services(cluster)[service]["desiredCount"]

    def depths(self, name):
        """Visible, in flight, delayed."""
        url = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        wanted = ("", "NotVisible", "Delayed")
        return tuple(int(attributes[f"ApproximateNumberOfMessages{which}"]) for which in wanted)

    def rows(self):
        """The table's items, as DynamoDB has them."""
        return self.dynamodb.scan(TableName=TABLE)["Items"]

    def log(self, **more):
        """The log group's events."""
        return self.logs.filter_log_events(logGroupName=GROUP, **more)["events"]

    def say(self, stream, *lines):
        """Writes lines into a stream of the log group, now."""
        at = int(datetime.datetime.now(datetime.timezone.utc).timestamp() * 1000)
        events = [{"timestamp": at + number, "message": line} for number, line in enumerate(lines)]
        self.logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)

    def calls(self, user, source, name=None):
        """The names of a user's calls of a service, the newest fifty: all of a name, or all that count as writing."""
        lookup = {"AccessKeyId": user[0], "EventSource": f"{source}.amazonaws.com"}
        lookup.update({"EventName": name} if name else {"ReadOnly": "false"})
        attributes = [{"AttributeKey": key, "AttributeValue": value} for key, value in lookup.items()]
        events = self.cloudtrail.lookup_events(LookupAttributes=attributes, MaxResults=50)["Events"]
        return [event["EventName"] for event in events]


def seed(url):
    """Makes everything, and gives what the checks ask through."""
    account = Account(url)
    users(account)
    queues(account)
    table(account)
    account.logs.create_log_group(logGroupName=GROUP)
    definitions(account)
    services(account)
    tasks(account)
    lines(account)
    return account


def users(account):
    """One who may do what is on the console's keys, and one who may only look."""
    account.on_call = user(account, "on-call", [*READS, "ecs:UpdateService", "ecs:RunTask", "ecs:StopTask", "iam:PassRole"])
    account.viewer = user(account, "viewer", READS)


def user(account, name, actions):
    account.iam.create_user(UserName=name)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    account.iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=json.dumps(policy))
    key = account.iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def queues(account):
    """Seven messages, two of them in flight, and three in the dead-letter queue."""
    dead = account.sqs.create_queue(QueueName=DEAD)["QueueUrl"]
    redrive = {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{DEAD}", "maxReceiveCount": "4"}
    url = account.sqs.create_queue(
        QueueName=QUEUE, Attributes={"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "3600"}
    )["QueueUrl"]
    for number in range(7):
        account.sqs.send_message(QueueUrl=url, MessageBody=f"job {number}")
    for number in range(3):
        account.sqs.send_message(QueueUrl=dead, MessageBody=f"dead job {number}")
    account.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2)


def table(account):
    """Jobs with a status, and an index on it."""
    text = {"job_id": "S", "status": "S"}
    account.dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in text.items()],
        KeySchema=[{"AttributeName": "job_id", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[{
            "IndexName": INDEX,
            "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }],
    )
    number = 0
    for status, count in COUNTS.items():
        for _ in range(count):
            number += 1
            item = {"job_id": {"S": f"job-{number:03}"}, "status": {"S": status}, "attempts": {"N": "1"}}
            account.dynamodb.put_item(TableName=TABLE, Item=item)


def definitions(account):
    """Two revisions of the web service; the environment names the queue and the table."""
    url = account.sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    for family, container in ((WEB, "web"), (WEB, "web"), (IDLE, "mailer"), (REPORT, "report")):
        account.ecs.register_task_definition(
            family=family,
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[{
                "name": container,
                "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{family}:1",
                "essential": True,
                "environment": [
                    {"name": "JOBS_QUEUE_URL", "value": url},
                    {"name": "JOBS_TABLE", "value": TABLE},
                    {"name": "API_TOKEN", "value": SECRET},
                ],
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {"awslogs-group": GROUP, "awslogs-region": REGION, "awslogs-stream-prefix": "ecs"},
                },
            }],
        )


def services(account):
    """A service of two tasks, one that is scaled to zero, and a cluster with more than fit into one call."""
    network = {"awsvpcConfiguration": {"subnets": ["subnet-0123456789abcdef0"], "assignPublicIp": "ENABLED"}}
    common = {"launchType": "FARGATE", "networkConfiguration": network}
    for cluster in (ORDERS, REPORTS):
        account.ecs.create_cluster(clusterName=cluster)
    account.ecs.create_service(cluster=ORDERS, serviceName=WEB, taskDefinition=f"{WEB}:2", desiredCount=2, **common)
    account.ecs.create_service(cluster=ORDERS, serviceName=IDLE, taskDefinition=IDLE, desiredCount=0, **common)
    for name in MANY:
        account.ecs.create_service(cluster=REPORTS, serviceName=name, taskDefinition=IDLE, desiredCount=1, **common)
    # A name that two clusters have.
    account.ecs.create_service(cluster=REPORTS, serviceName=IDLE, taskDefinition=IDLE, desiredCount=0, **common)


def tasks(account):
    """Two tasks that no service started: one runs, one was stopped, with a reason that would like to be red."""
    for stopped in (False, True):
        task = account.ecs.run_task(
            cluster=ORDERS,
            taskDefinition=REPORT,
            launchType="FARGATE",
            # AWS fills this in by itself; the emulator leaves it empty.
            group=f"family:{REPORT}",
            overrides={"containerOverrides": [{
                "name": "report",
                "environment": [{"name": "JOB_ID", "value": "job-001"}, {"name": "DB_PASSWORD", "value": SECRET}],
            }]},
        )["tasks"][0]
        if stopped:
            account.ecs.stop_task(cluster=ORDERS, task=task["taskArn"], reason=STOP_REASON)


def lines(account):
    """A stream for each task of the web service, and some minutes of log in the first."""
    ids = sorted(id for id, task in account.tasks(ORDERS).items() if task["group"] == f"service:{WEB}")
    account.streams = [f"ecs/web/{id}" for id in ids]
    for stream in account.streams:
        account.logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
    now = int(datetime.datetime.now(datetime.timezone.utc).timestamp() * 1000)
    for which, stream in enumerate(account.streams):
        events = []
        for number in range(LINES):
            level = "ERROR" if number % 10 == 3 else "INFO"
            at = now - (LINES - number) * 5_000 + which
            events.append({"timestamp": at, "message": f"{level} order {number} of task {which} was handled"})
        account.logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)
    account.say(account.streams[0], "WARN a line \x1b[2J\x1b]0;owned\x07 with control sequences")
