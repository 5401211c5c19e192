"""The console on a pty: what it shows, and what its keys do."""

from bench import DONE, check, same
from emulator import REGION, until
from checks.writes import updates
from seed import COUNTS, IDLE, ORDERS, QUEUE, SECRET, TABLE, WEB
from terminal import ENTER, ESCAPE


@check
def the_console_shows_what_boto3_shows(bench):
    with bench.console("--cluster", ORDERS, "--service", WEB) as terminal:
        account = bench.account
        service = account.services(ORDERS)[WEB]
        visible, in_flight, _ = account.depths(QUEUE)
        screen = terminal.shows(account.sts.get_caller_identity()["Account"], REGION, "on-call", WEB, IDLE, QUEUE, TABLE)
        terminal.shows(f"{service['runningCount']}/{service['desiredCount']}", "STEADY")
        for id, task in account.tasks(ORDERS).items():
            if task["group"] == f"service:{WEB}" and task["lastStatus"] == "RUNNING":
                terminal.shows(id[:8])
        screen = terminal.shows(f"{COUNTS['FAILED']} failed", f"{COUNTS['PENDING']} waiting", "job-011", "order 39 of task 1 was handled")
        row = next(row for row in screen.splitlines() if QUEUE in row)
        same([int(word) for word in row[row.index(QUEUE) :].split()[1:3]], [visible, in_flight], "depths")
        assert SECRET not in screen, "a secret is on the screen"
        terminal.press("q", "q")
        same(leave(terminal), DONE, "exit code")


def leave(terminal):
    terminal.press("\x03")
    return terminal.ends()


@check
def the_console_shows_lines_as_they_come(bench):
    with bench.console("--cluster", ORDERS, "--service", WEB) as terminal:
        terminal.shows("order 39 of task 1 was handled")
        bench.account.say(bench.account.streams[1], "a line that was written just now")
        terminal.shows("a line that was written just now")


@check
def a_log_line_cannot_write_to_the_terminal(bench):
    with bench.console("--cluster", ORDERS, "--service", WEB) as terminal:
        screen = terminal.shows("WARN a line", "with control sequences", WEB, QUEUE)
        assert "order 39 of task 0 was handled" in screen, f"the line has cleared the screen:\n{screen}"
        assert b"]0;owned" not in terminal.written, "the line has set the terminal's title"


@check
def the_console_sees_what_others_change(bench):
    account = bench.account
    with bench.console("--cluster", ORDERS, "--service", WEB, "--refresh", "1") as terminal:
        before = account.desired(WEB)
        terminal.shows(f"{before}/{before}")
        account.ecs.update_service(cluster=ORDERS, service=WEB, desiredCount=before + 1)
        terminal.shows(f"{before + 1}/{before + 1}")
        account.ecs.update_service(cluster=ORDERS, service=WEB, desiredCount=before)
        terminal.shows(f"{before}/{before}")


@check
def keys_scale_after_a_yes(bench):
    account = bench.account
    before, calls = account.desired(WEB), updates(bench)
    with bench.console("--cluster", ORDERS, "--service", WEB) as terminal:
        ask_to_scale(terminal, before, before + 1)
        same((account.desired(WEB), updates(bench)), (before, calls), "desired count and calls before the answer")
        terminal.press("y")
        until(lambda: account.desired(WEB) == before + 1, "AWS has the new desired count")
        terminal.shows("done", f"{before + 1}/{before + 1}")
        same(leave(terminal), DONE, "exit code")
    same(updates(bench), calls + 1, "UpdateService calls")


@check
def keys_change_nothing_after_a_no(bench):
    account = bench.account
    before, calls = account.desired(WEB), updates(bench)
    with bench.console("--cluster", ORDERS, "--service", WEB) as terminal:
        ask_to_scale(terminal, before, before + 3)
        terminal.press("n")
        terminal.until(lambda screen: "update-service" not in screen, "no dialog")
        same(leave(terminal), DONE, "exit code")
    same((account.desired(WEB), updates(bench)), (before, calls), "desired count and calls")


def ask_to_scale(terminal, before, after):
    """Asks for another count, and waits until the dialog can be answered."""
    terminal.shows("STEADY", f"{before}/{before}")
    terminal.press("U")
    terminal.shows("desired count")
    # Whatever the line begins with is taken away first.
    terminal.press(*["\x7f"] * 4, *str(after), ENTER)
    terminal.shows("update-service", f"--desired-count {after}", f"{before} → {after}", "y does it")


@check
def a_read_only_console_offers_no_write(bench):
    account = bench.account
    before, calls = account.desired(WEB), updates(bench)
    with bench.console("--read-only", "--cluster", ORDERS, "--service", WEB) as terminal:
        terminal.shows("STEADY", "order 39 of task 1 was handled")
        terminal.press("U")
        terminal.shows("read-only")
        terminal.press("9", ENTER, "y", ESCAPE)
        same(leave(terminal), DONE, "exit code")
    same((account.desired(WEB), updates(bench)), (before, calls), "desired count and calls")


@check
def a_console_that_iam_forbids_says_so(bench):
    account = bench.account
    before = account.desired(WEB)
    with bench.console("--cluster", ORDERS, "--service", WEB, user=account.viewer) as terminal:
        ask_to_scale(terminal, before, before + 1)
        terminal.press("y")
        terminal.until(lambda screen: "AccessDenied" in screen or "not authorized" in screen, "that it is not allowed")
        same(leave(terminal), DONE, "exit code")
    same(account.desired(WEB), before, "desired count")
