"""What every check is given: the binary, the emulator, and what boto3 asks it through."""

import json
import subprocess

from emulator import REGION
from terminal import Terminal, environment

DONE, USAGE, NO_CLOUD, REFUSED, INTERRUPTED = 0, 2, 3, 5, 130
CHECKS = []


def check(function):
    """Adds a check to the run. Its name is the sentence that is printed."""
    CHECKS.append(function)
    return function


class Bench:
    """The binary, the emulator and what boto3 asks it through."""

    def __init__(self, binary, emulator, account):
        self.binary, self.emulator, self.account = binary, emulator, account
        self.home = emulator.home("on-call")

    def environment(self, user=None):
        return environment(self.emulator.url, REGION, self.home, user or self.account.on_call)

    def run(self, *arguments, exit=DONE, user=None):
        """Runs a command to its end; gives its stdout and stderr."""
        done = subprocess.run(
            [self.binary, *arguments], env=self.environment(user), stdin=subprocess.DEVNULL, capture_output=True, timeout=30
        )
        out, error = done.stdout.decode(), done.stderr.decode()
        said = f"`{' '.join(arguments)}` said:\n{out[-1500:]}{error[-1500:]}"
        assert done.returncode == exit, f"exit {done.returncode} instead of {exit}; {said}"
        assert "\x1b" not in out + error and "\x07" not in out + error, f"a control character came through; {said}"
        return out, error

    def json(self, *arguments, **more):
        return json.loads(self.run(*arguments, "--json", **more)[0])

    def lines(self, *arguments, **more):
        return [json.loads(line) for line in self.run(*arguments, "--json", **more)[0].splitlines()]

    def console(self, *arguments, user=None, **more):
        return Terminal([self.binary, *arguments], self.environment(user), **more)


def same(found, expected, what):
    assert found == expected, f"{what}: the program has {found!r}, boto3 has {expected!r}"
