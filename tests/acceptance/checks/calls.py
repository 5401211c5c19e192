"""At the end: what all the checks before did together, by the emulator's own record of calls."""

from bench import check


# The emulator counts these as writing. AWS does not (source: Service Authorization Reference).
READS = {"FilterLogEvents", "Query", "Scan"}


@check
def nothing_was_called_that_writes_but_what_was_confirmed(bench):
    bench.run("status")
    assert bench.account.calls(bench.account.on_call, "ecs", "ListServices"), "the emulator records no calls"
    for source in ("ecs", "logs", "sqs", "dynamodb"):
        calls = set(bench.account.calls(bench.account.on_call, source)) - READS
        allowed = {"UpdateService", "RunTask", "StopTask"} if source == "ecs" else set()
        assert calls <= allowed, f"the program called {sorted(calls)} of {source}"
