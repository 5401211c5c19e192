"""The other actions that the emulator can carry out: tasks are run and stopped, a service is deployed anew."""

from bench import REFUSED, check, same
from seed import ORDERS, WEB


@check
def a_run_like_a_service_starts_the_tasks_that_the_dry_run_shows(bench):
    before = set(bench.account.tasks(ORDERS))
    arguments = ("run", f"like:{ORDERS}/{WEB}", "--count", "2", "--set", "JOB_ID=job-007")
    request = bench.json(*arguments, "--dry-run")["request"]
    same(set(bench.account.tasks(ORDERS)), before, "tasks after a dry run")
    done = bench.json(*arguments, "--yes")
    same(done["outcome"], "done", "outcome")
    started = set(bench.account.tasks(ORDERS)) - before
    same(started, {arn.rsplit("/", 1)[-1] for arn in done["made"]["tasks"]}, "tasks that were started")
    same(len(started), 2, "tasks that were started")
    for id in started:
        task = bench.account.tasks(ORDERS)[id]
        same(task["taskDefinitionArn"], request["taskDefinition"], "revision")
        same(task["startedBy"], f"ecsdeck/{done['id']}", "the mark of the intent")
    bench.started = sorted(started)


@check
def a_stop_stops_those_tasks_and_no_others(bench):
    running = {id for id, task in bench.account.tasks(ORDERS).items() if task["desiredStatus"] == "RUNNING"}
    same(bench.json("stop", *bench.started, "--reason", "acceptance", "--yes")["outcome"], "done", "outcome")
    tasks = bench.account.tasks(ORDERS)
    for id in bench.started:
        same((tasks[id]["desiredStatus"], tasks[id]["stoppedReason"]), ("STOPPED", "acceptance"), "the task")
    others = running - set(bench.started)
    same({id for id in others if tasks[id]["desiredStatus"] == "RUNNING"}, others, "the others")


@check
def a_redeploy_is_one_update_of_the_same_revision(bench):
    before = bench.account.services(ORDERS)[WEB]
    request = bench.json("redeploy", WEB, "--dry-run")["request"]
    same(sorted(request), ["cluster", "forceNewDeployment", "service"], "members of the request")
    same(bench.json("redeploy", WEB, "--yes")["outcome"], "done", "outcome")
    after = bench.account.services(ORDERS)[WEB]
    same((after["taskDefinition"], after["desiredCount"]), (before["taskDefinition"], before["desiredCount"]), "service")


@check
def an_undone_scale_is_as_before(bench):
    before = bench.account.desired(WEB)
    bench.json("scale", WEB, str(before + 3), "--yes")
    same(bench.json("undo", "--yes")["outcome"], "done", "outcome")
    same(bench.account.desired(WEB), before, "desired count")


@check
def what_iam_forbids_is_not_run(bench):
    before = set(bench.account.tasks(ORDERS))
    out, error = bench.run("run", f"like:{ORDERS}/{WEB}", "--yes", user=bench.account.viewer, exit=REFUSED)
    assert "AccessDenied" in out + error or "not authorized" in out + error, out + error
    same(set(bench.account.tasks(ORDERS)), before, "tasks")
