"""What the emulator cannot show, and why.

Each limit is tried out through boto3, so that the list stays true: where a
newer emulator can do it, the run fails until there is a check for it.
"""

from botocore.exceptions import ClientError

from seed import GROUP, MANY, ORDERS, REPORT, REPORTS, WEB


def rollouts_end_at_once(account):
    """a stuck or failed rollout, the circuit breaker, a rollback: without a container engine tasks run at once,
    though no image of the seed exists"""
    return all(service["deployments"][0]["rolloutState"] == "COMPLETED" for service in account.services(ORDERS).values())


def stop_codes(account):
    """the scheduler's stop codes and reasons: only StopTask stops a task here"""
    stopped = [task for task in account.tasks(ORDERS).values() if task["lastStatus"] == "STOPPED"]
    return all(task["stopCode"] == "UserInitiated" for task in stopped)


def groups(account):
    """the group that AWS gives a task that no service started: it is left empty, so the seed names it"""
    task = account.ecs.run_task(cluster=REPORTS, taskDefinition=REPORT)["tasks"][0]
    account.ecs.stop_task(cluster=REPORTS, task=task["taskArn"])
    return not task["group"]


def starters(account):
    """the deployment that started a task: startedBy is the service's name instead of the deployment's id"""
    tasks = [task for task in account.tasks(ORDERS).values() if task["group"] == f"service:{WEB}"]
    return all(task["startedBy"] == WEB for task in tasks)


def tokens(account):
    """that a RunTask sent twice with one client token runs once: it runs twice"""
    send = {"cluster": REPORTS, "taskDefinition": REPORT, "clientToken": "acceptance"}
    arns = {account.ecs.run_task(**send)["tasks"][0]["taskArn"] for _ in range(2)}
    for arn in arns:
        account.ecs.stop_task(cluster=REPORTS, task=arn)
    return len(arns) == 2


def pages_of_services(account):
    """paging of ListServices: maxResults is ignored"""
    return len(account.ecs.list_services(cluster=REPORTS, maxResults=5)["serviceArns"]) > 5


def pages_of_logs(account):
    """paging of FilterLogEvents: what does not fit is left out, without a token to ask for it"""
    page = account.logs.filter_log_events(logGroupName=GROUP, limit=5)
    return len(page["events"]) == 5 and "nextToken" not in page


def sizes_of_calls(account):
    """that a call for more than ten services is refused: it is answered"""
    return len(account.ecs.describe_services(cluster=REPORTS, services=MANY)["services"]) > 10


def revisions(account):
    """service revisions: DescribeServiceRevisions has none"""
    arn = account.services(ORDERS)[WEB]["serviceArn"].replace(":service/", ":service-revision/") + "/1"
    try:
        return not account.ecs.describe_service_revisions(serviceRevisionArns=[arn])["serviceRevisions"]
    except ClientError:
        return True


def health(account):
    """target health and health checks: no container runs, so nothing is healthy or unhealthy"""
    return all(task.get("healthStatus", "UNKNOWN") == "UNKNOWN" for task in account.tasks(ORDERS).values())


LIMITS = [rollouts_end_at_once, stop_codes, groups, starters, tokens, pages_of_services, pages_of_logs, sizes_of_calls, revisions, health]


def report(account):
    """Prints what is not shown here; gives how many limits are none any more."""
    gone = 0
    for limit in LIMITS:
        what = " ".join(limit.__doc__.split())
        if limit(account):
            print(f"not shown here: {what}", flush=True)
        else:
            gone += 1
            print(f"FAILED  the emulator can do more than is said: {what}", flush=True)
    return gone
