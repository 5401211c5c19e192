#!/usr/bin/env python3
"""The acceptance run: the real binary against an AWS emulator that others wrote.

    python tests/acceptance/run.py --binary target/debug/ecsdeck [--only WORD]

Needs what requirements.txt names. Ends with `N passed, N failed`, and with 1
where a check failed.
"""

import argparse
import pathlib
import sys
import time
import traceback

sys.dont_write_bytecode = True

import checks  # noqa: F401 (adds the checks)
import limits
from bench import CHECKS, Bench
from emulator import Emulator
from seed import seed

# A run takes half a minute; one that takes so long hangs.
LIMIT = 170.0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=pathlib.Path)
    parser.add_argument("--only", default="", metavar="WORD", help="only the checks whose name has this in it")
    arguments = parser.parse_args()
    binary = arguments.binary.resolve()
    if not binary.is_file():
        parser.error(f"{binary} is not there: build it first")
    wanted = [check for check in CHECKS if arguments.only in check.__name__]
    if not wanted:
        parser.error(f"no check has {arguments.only!r} in its name")
    failed = gone = 0
    started = time.monotonic()
    with Emulator() as emulator:
        bench = Bench(str(binary), emulator, seed(emulator.url))
        for check in wanted:
            failed += not passes(check, bench, started)
        if not arguments.only:
            gone = limits.report(bench.account)
    print(f"{len(wanted) - failed} passed, {failed + gone} failed")
    return 1 if failed + gone else 0


def passes(check, bench, started):
    name = check.__name__.replace("_", " ")
    begun = time.monotonic()
    if begun - started > LIMIT:
        print(f"FAILED  {name}: the run has taken too long already", flush=True)
        return False
    try:
        check(bench)
    except Exception as error:
        print(f"FAILED  {name}\n{explain(error)}", flush=True)
        return False
    print(f"ok      {name} ({time.monotonic() - begun:.1f} s)", flush=True)
    return True


def explain(error):
    if isinstance(error, AssertionError):
        where = traceback.extract_tb(error.__traceback__)[1]
        text = f"{pathlib.Path(where.filename).name}:{where.lineno}: {error}"
    else:
        text = "".join(traceback.format_exception(error))
    return "\n".join(f"        {line}" for line in text.splitlines())


if __name__ == "__main__":
    sys.exit(main())
