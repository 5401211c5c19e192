"""The log: tail."""

from bench import INTERRUPTED, USAGE, check, same
from seed import GROUP, WEB


@check
def tail_of_a_group_has_every_line_once(bench):
    found = [(line["stream"], line["message"]) for line in bench.lines("tail", GROUP, "--since", "1h")]
    events = [(event["logStreamName"], event["message"]) for event in bench.account.log()]
    plain = [event for event in events if "\x1b" not in event[1]]
    assert len(plain) < len(events), "the seed is not what it was"
    same(len(found), len(events), "number of lines")
    same(sorted(set(found) & set(plain)), sorted(plain), "lines")


@check
def tail_of_a_service_has_the_lines_of_its_tasks(bench):
    found = [line["message"] for line in bench.lines("tail", WEB, "--since", "1h")]
    same(len(found), len(bench.account.log(logStreamNames=bench.account.streams)), "number of lines")


@check
def tail_of_a_task_has_its_lines_only(bench):
    stream = bench.account.streams[1]
    id = stream.rsplit("/", 1)[-1]
    found = [line["message"] for line in bench.lines("tail", id, "--since", "1h")]
    same(found, [event["message"] for event in bench.account.log(logStreamNames=[stream])], "lines")


@check
def tail_filters_as_cloudwatch_does(bench):
    found = sorted(line["message"] for line in bench.lines("tail", GROUP, "--since", "1h", "--filter", "ERROR"))
    same(found, sorted(event["message"] for event in bench.account.log(filterPattern="ERROR")), "filtered lines")
    assert found, "the seed is not what it was"


@check
def tail_follows_lines_as_they_come(bench):
    with bench.console("tail", GROUP, "--follow", columns=200) as terminal:
        terminal.shows("order 39 of task 1 was handled")
        for number in range(5):
            bench.account.say(bench.account.streams[0], f"followed line {number}")
            terminal.shows(f"followed line {number}")
        terminal.press("\x03")
        same(terminal.ends(), INTERRUPTED, "exit code after ctrl-c")


@check
def tail_of_nothing_says_what_there_is(bench):
    _, error = bench.run("tail", "ordres-web", exit=USAGE)
    assert WEB in error, error
