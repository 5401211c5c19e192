#!/usr/bin/env python3
"""The conformance run: boto3 and the AWS CLI against the simulator, held against AWS's models.

    python tests/conformance/run.py --binary target/debug/ecsdeck [--only WORD]

Needs what requirements.txt names. Ends with `N passed, N failed`, and with 1 where
something failed.
"""

import argparse
import pathlib
import sys
import time
import traceback

sys.dont_write_bytecode = True

import checks  # noqa: F401 (adds the checks)
import expected
from bench import CHECKS, Bench
from ledger import Ledger
from offered import offered
from simulator import Clients, Simulator, session
from witness import Witness

# So many problems of one check are printed.
MOST = 12
WORLDS = ["short-drama", "aipm", "cloudide", "euglena", "aistudio", "depot"]
STAGE = pathlib.Path(__file__).parent / "stage.toml"


class Tally:
    """What passed and what failed."""

    def __init__(self):
        self.passed = self.failed = 0

    def note(self, name, problems, seconds=None):
        if problems:
            self.failed += 1
            print(f"FAILED  {name}", flush=True)
            more = len(problems) - MOST
            for problem in problems[:MOST] + [f"and {more} more"] * (more > 0):
                print("\n".join(f"        {line}" for line in problem.splitlines()), flush=True)
        else:
            self.passed += 1
            took = "" if seconds is None else f" ({seconds:.1f} s)"
            print(f"ok      {name}{took}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=pathlib.Path, help="ecsdeck, or the simulator's example `serve`")
    parser.add_argument("--only", default="", metavar="WORD", help="only the checks whose name has this in it")
    parser.add_argument("--world", action="append", help="instead of all worlds and the stage; for work on the simulator")
    arguments = parser.parse_args()
    binary = arguments.binary.resolve()
    if not binary.is_file():
        parser.error(f"{binary} is not there: build it first")
    wanted = [(check, needs) for check, needs in CHECKS if arguments.only in sentence(check)]
    if not wanted:
        parser.error(f"no check has {arguments.only!r} in its name")
    tally, ledger = Tally(), Ledger()
    with Simulator(binary, arguments.world or WORLDS, [] if arguments.world else [STAGE]) as simulator:
        there = find_offered(simulator, ledger, tally)
        bench = Bench(binary, simulator, Clients(simulator, Witness(ledger)), ledger)
        skipped = 0
        for check, needs in wanted:
            if all(need in there for need in needs):
                run(check, bench, ledger, tally)
            else:
                # The missing actions have been counted.
                skipped += 1
        if not arguments.only:
            account_for(there, ledger, tally)
    if skipped:
        print(f"{skipped} checks could not be made, because an action that they need is missing")
    print(ledger.summary())
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


def sentence(check):
    return check.__name__.replace("_", " ")


def find_offered(simulator, ledger, tally):
    """Asks for every action of every service, in each protocol; the offered ones as `service:Action`."""
    there = set()
    for service, actions in expected.ACTIONS.items():
        model = session().get_service_model(service)
        asked = 0
        for protocol in expected.PROTOCOLS.get(service, [model.resolved_protocol]):
            found = offered(simulator, model, protocol, ledger)
            asked += len(model.operation_names)
            missing = [f"{name} is not offered in {protocol}" for name in actions if name not in found]
            unexpected = [f"{name} is offered, but nothing here checks it" for name in sorted(found - set(actions))]
            there |= {f"{service}:{name}" for name in found}
            there |= {f"{service}:{name}:{protocol}" for name in found}
            name = f"{service} offers what it must in {protocol}, and calls the rest unknown ({asked} asked)"
            tally.note(name, missing + unexpected + ledger.problems)
            ledger.problems.clear()
    return there


def run(check, bench, ledger, tally):
    begun = time.monotonic()
    problems = []
    try:
        check(bench)
    except Exception as error:
        problems.append(explain(error))
    tally.note(sentence(check), problems + ledger.problems, time.monotonic() - begun)
    ledger.problems.clear()


def account_for(there, ledger, tally):
    """Every action that is offered must have been answered with success, and seen."""
    unseen = [
        f"{service}:{action} was never answered with success"
        for service, action in expected.all_actions()
        if f"{service}:{action}" in there and (service, action) not in ledger.successes
    ]
    tally.note("every action that is offered was driven", unseen)


def explain(error):
    if isinstance(error, AssertionError):
        frames = traceback.extract_tb(error.__traceback__)
        where = next((frame for frame in reversed(frames) if "/checks/" in frame.filename), frames[-1])
        return f"{pathlib.Path(where.filename).name}:{where.lineno}: {error}"
    return "".join(traceback.format_exception(error, limit=-3))


if __name__ == "__main__":
    sys.exit(main())
