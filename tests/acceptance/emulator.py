"""ministack (or moto) on a free port of the loopback interface, for as long as a `with` lasts.

Nothing of the user's is read or written: the emulator and the program under
test get a home of their own, which is removed at the end. The emulator is
ended by the id of the process that was started here, however the run ends.
"""

import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ACCOUNT = "123456789012"
REGION = "eu-central-1"
# The emulator's own root credentials; the users that the checks need are made by the seed.
ROOT = ("AKIAROOTOFEMULATOR00", "root-of-the-emulator")
PATIENCE = 30.0


class Emulator:
    """The emulator's process, and where it listens."""

    HEALTH = "/_ministack/health"

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ecsdeck-acceptance-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.folder / "ministack.log"
        self.process = None

    def __enter__(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: sys.exit(128 + number))
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def home(self, name):
        """A new, empty home."""
        path = self.folder / name
        path.mkdir()
        return path

    def _command(self):
        return [sys.executable, "-m", "ministack"]

    def _settings(self):
        return {
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_REGION": REGION,
            # Signatures and IAM policies are checked, and every call is recorded.
            "AUTH": "true",
            "CLOUDTRAIL_RECORDING": "1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _start(self):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home("emulator")),
            "TMPDIR": str(self.folder),
            "AWS_ACCESS_KEY_ID": ROOT[0],
            "AWS_SECRET_ACCESS_KEY": ROOT[1],
            **self._settings(),
        }
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self._command(), env=environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        until(self._is_healthy, "the emulator's health page answers", PATIENCE)

    def _is_healthy(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the emulator ended with {self.process.returncode}:\n{self.log.read_text()}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", self.HEALTH)
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


class Moto(Emulator):
    """moto, which starts no tasks by itself: what is to be seen is placed through its API."""

    HEALTH = "/moto-api/"

    def _command(self):
        return [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]

    def _settings(self):
        return {}


def free_port():
    """A port that nobody listens on. Somebody may take it before the emulator does; then the emulator says so."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(ready, what, patience=15.0):
    """Asks again and again until the answer is true, and gives it. Time out is a failure that says what was awaited."""
    end = time.monotonic() + patience
    while True:
        answer = ready()
        if answer:
            return answer
        if time.monotonic() >= end:
            raise AssertionError(f"not within {patience:.0f} s: {what}")
        time.sleep(0.05)
