"""Commands that read: status, tasks, queues, work."""

from bench import NO_CLOUD, USAGE, check, same
from emulator import REGION
from seed import COUNTS, DEAD, MANY, ORDERS, QUEUE, REPORT, REPORTS, SECRET, TABLE


@check
def status_has_every_service_and_its_counts(bench):
    document = bench.json("status")
    found = {(row["cluster"], row["service"]): row for row in document["services"] if row["service"]}
    expected = {(cluster, name): service for cluster in (ORDERS, REPORTS)
                for name, service in bench.account.services(cluster).items()}
    same(set(found), set(expected), "services")
    assert len(expected) == len(MANY) + 3, "the seed is not what it was"
    for key, service in expected.items():
        for ours, theirs in (("desired", "desiredCount"), ("running", "runningCount"), ("pending", "pendingCount"), ("arn", "serviceArn")):
            same(found[key][ours], service[theirs], f"{ours} of {key}")
        same(found[key]["task_definition"], service["taskDefinition"].rsplit("/", 1)[-1], f"revision of {key}")
        verdict = "steady" if service["desiredCount"] else "scaled_to_zero"
        same(found[key]["verdict"], verdict, f"verdict of {key}")


@check
def status_says_who_asks_and_where(bench):
    document = bench.json("status")
    identity = bench.account.sts.get_caller_identity()
    same(document["account"], identity["Account"], "account")
    same(document["region"], REGION, "region")
    assert document["identity"].endswith(":user/on-call"), document["identity"]


@check
def status_keeps_to_one_cluster(bench):
    found = {row["service"] for row in bench.json("status", "--cluster", REPORTS)["services"] if row["service"]}
    same(found, set(bench.account.services(REPORTS)), "services of one cluster")


@check
def status_for_people_names_every_service(bench):
    out, _ = bench.run("status")
    for cluster in (ORDERS, REPORTS):
        for name in bench.account.services(cluster):
            assert f"{cluster}/{name}" in out, f"{cluster}/{name} is not in:\n{out}"


@check
def a_cluster_that_is_not_there_is_no_such_thing(bench):
    out, error = bench.run("status", "--cluster", "no-such-cluster", exit=USAGE)
    assert "no-such-cluster" in out + error


@check
def tasks_are_those_that_run_and_those_that_stopped(bench):
    found = {task["id"]: task for task in bench.json("tasks", "--cluster", ORDERS)["tasks"]}
    expected = bench.account.tasks(ORDERS)
    same(set(found), set(expected), "task ids")
    for id, task in expected.items():
        same(found[id]["status"], task["lastStatus"].lower(), f"status of {id}")
        same(found[id]["definition"], task["taskDefinitionArn"], f"revision of {id}")
        owner = found[id]["service"] if task["group"].startswith("service:") else found[id]["family"]
        same(owner, task["group"].split(":", 1)[1], f"owner of {id}")


@check
def a_stopped_task_says_why_without_colours(bench):
    stopped = [task for task in bench.account.tasks(ORDERS).values() if task["lastStatus"] == "STOPPED" and REPORT in task["taskDefinitionArn"]]
    assert len(stopped) == 1 and "\x1b" in stopped[0]["stoppedReason"], "the seed is not what it was"
    id = stopped[0]["taskArn"].rsplit("/", 1)[-1]
    found = next(task for task in bench.json("tasks", "--cluster", ORDERS)["tasks"] if task["id"] == id)
    same(found["exit_code"], stopped[0]["containers"][0]["exitCode"], "exit code")
    same(found["stop_code"], "user_initiated", "stop code")
    reason = found["stopped_reason"]
    assert reason.startswith("Cancelled by the night shift: ") and "the red one" in reason, reason
    assert "\x1b" not in reason, "an escape came through"


@check
def what_a_task_was_given_in_secret_is_masked(bench):
    out, _ = bench.run("tasks", "--cluster", ORDERS, "--json")
    assert "DB_PASSWORD" in out and SECRET not in out, "a secret is printed"


@check
def queues_have_their_depths(bench):
    found = {queue["name"]: queue for queue in bench.json("queues")["queues"]}
    assert QUEUE in found, f"{QUEUE} was not found by the environment of the task definitions: {sorted(found)}"
    queue = found[QUEUE]
    same((queue["visible"], queue["in_flight"], queue["delayed"]), bench.account.depths(QUEUE), "depths")
    same(queue["dead_letter"]["name"], DEAD, "dead-letter queue")
    same(queue["dead_letter"]["visible"], bench.account.depths(DEAD)[0], "depth of the dead-letter queue")
    assert queue["visible"] and queue["in_flight"] and queue["dead_letter"]["visible"], "the seed is not what it was"


@check
def work_has_its_counts_and_rows(bench):
    table = next(table for table in bench.json("work")["tables"] if table["table"] == TABLE)
    rows = bench.account.rows()
    counted = {status: sum(row["status"]["S"] == status for row in rows) for status in COUNTS}
    same(table["counts"], counted, "counts by status")
    same({row["job_id"]: row["status"] for row in table["rows"]}, {row["job_id"]["S"]: row["status"]["S"] for row in rows}, "rows")


@check
def work_of_a_deck_goes_through_its_index(bench):
    deck = bench.home / "orders.toml"
    deck.write_text(f"""
[deck]
name = "orders"
region = "{REGION}"
clusters = ["{ORDERS}"]

[[table]]
name = "{TABLE}"
key = "job_id"
status = "status"
index = "status-index"
states = {{ waiting = ["PENDING"], running = ["PROCESSING"], done = ["DONE"], failed = ["FAILED"] }}
""")
    before = queries(bench)
    table = next(table for table in bench.json("work", "--deck", str(deck))["tables"] if table["table"] == TABLE)
    same(table["counts"], COUNTS, "counts by status")
    assert queries(bench) > before, "the index was not asked"


def queries(bench):
    """How often the on-call user called Query."""
    return len(bench.account.calls(bench.account.on_call, "dynamodb", "Query"))


@check
def wrong_credentials_are_said_to_be_wrong(bench):
    _, error = bench.run("status", user=("AKIANOSUCHKEY0000000", "wrong"), exit=NO_CLOUD)
    assert "credentials" in error, error


@check
def a_wrong_secret_is_said_to_be_wrong(bench):
    _, error = bench.run("status", user=(bench.account.on_call[0], "wrong"), exit=NO_CLOUD)
    assert "Signature" in error, error
