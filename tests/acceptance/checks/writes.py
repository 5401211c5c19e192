"""Commands that change something, and what keeps them from it."""

from bench import REFUSED, USAGE, check, same
from seed import IDLE, ORDERS, REPORTS, WEB


@check
def a_dry_run_prints_the_request_and_sends_nothing(bench):
    before, calls = bench.account.desired(WEB), updates(bench)
    request = bench.json("scale", WEB, str(before + 1), "--dry-run")["request"]
    same(request["desiredCount"], before + 1, "desired count of the request")
    same((bench.account.desired(WEB), updates(bench)), (before, calls), "desired count and calls")
    # What was printed is a request that boto3 sends as it stands.
    same(bench.account.ecs.update_service(**{**request, "desiredCount": before})["service"]["serviceName"], WEB, "service")


@check
def without_a_yes_nothing_is_changed(bench):
    before = bench.account.desired(WEB)
    bench.run("scale", WEB, str(before + 1), exit=REFUSED)
    same(bench.account.desired(WEB), before, "desired count")


@check
def a_scale_is_what_aws_has_afterwards(bench):
    before, calls = bench.account.desired(WEB), updates(bench)
    same(bench.json("scale", WEB, str(before + 2), "--yes")["outcome"], "done", "outcome")
    same(bench.account.desired(WEB), before + 2, "desired count")
    same(updates(bench), calls + 1, "UpdateService calls")
    same(bench.json("status", "--service", WEB)["services"][0]["desired"], before + 2, "desired count")


@check
def a_name_of_two_clusters_must_be_said_in_full(bench):
    _, error = bench.run("scale", IDLE, "1", "--yes", exit=USAGE)
    assert f"{ORDERS}/{IDLE}" in error and f"{REPORTS}/{IDLE}" in error, error
    same(bench.account.desired(IDLE, ORDERS) + bench.account.desired(IDLE, REPORTS), 0, "desired counts")
    bench.run("scale", f"{REPORTS}/{IDLE}", "1", "--yes")
    same((bench.account.desired(IDLE, ORDERS), bench.account.desired(IDLE, REPORTS)), (0, 1), "desired counts")
    bench.run("scale", f"{REPORTS}/{IDLE}", "0", "--yes")


def updates(bench):
    """How often the on-call user called UpdateService."""
    return len(bench.account.calls(bench.account.on_call, "ecs", "UpdateService"))


@check
def what_iam_forbids_is_not_done(bench):
    before = bench.account.desired(WEB)
    out, error = bench.run("scale", WEB, str(before + 1), "--yes", user=bench.account.viewer, exit=REFUSED)
    assert "AccessDenied" in out + error or "not authorized" in out + error, out + error
    same(bench.account.desired(WEB), before, "desired count")
