"""The simulator in a process of its own, for as long as a `with` lasts, and clients for it.

Nothing of the user's is read or written, and nothing but the loopback interface is
reached. The process is ended by its id, however the run ends.
"""

import copy
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request

import boto3
import botocore.session
from botocore.config import Config

# Actions behind a prefix of their host (`data-`, `stream-`) are asked at `data-127.0.0.1`, which
# no resolver knows.
_resolve = socket.getaddrinfo


def _resolve_prefixed(host, *arguments, **more):
    bare = re.sub(r"^[a-z]+-(?=127\.0\.0\.1$)", "", host) if isinstance(host, str) else host
    return _resolve(bare, *arguments, **more)


socket.getaddrinfo = _resolve_prefixed

# A moment like any other; the same in every run.
EPOCH = "2026-03-10T09:00:00Z"
PATIENCE = 30.0


class Simulator:
    """The simulator's process and its control."""

    def __init__(self, binary, worlds, scenarios=(), epoch=EPOCH, seed=1):
        # The package's example `serve` takes the same flags without a subcommand.
        command = [str(binary)] if pathlib.Path(binary).name == "serve" else [str(binary), "sim"]
        command += ["--listen", "127.0.0.1:0", "--paused", "--epoch", epoch, "--seed", str(seed)]
        for world in worlds:
            command += ["--world", str(world)]
        for scenario in scenarios:
            command += ["--scenario", str(scenario)]
        self.command = command
        self.folder = self.process = self.url = None

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ecsdeck-conformance-"))
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
        if self.process is not None:
            self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "TMPDIR": str(self.folder)}
        with open(self.folder / "stderr", "wb") as stderr:
            self.process = subprocess.Popen(
                self.command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, text=True
            )
        watchdog = threading.Timer(PATIENCE, self.process.kill)
        watchdog.start()
        line = self.process.stdout.readline()
        watchdog.cancel()
        match = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)/?\n", line)
        if match is None:
            said = (self.folder / "stderr").read_text()
            raise RuntimeError(f"{' '.join(self.command)} did not say where it listens but {line!r}:\n{said}")
        self.url = match[1]

    def control(self, path, body=None, method=None, patience=PATIENCE):
        """Asks below `/_sim/`."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sim/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=patience) as answer:
            return json.load(answer)

    def advance(self, seconds, patience=PATIENCE):
        self.control("advance", {"seconds": seconds}, patience=patience)

    def raw(self, headers, body, path="/"):
        """Sends bytes as they are; gives status, headers and body."""
        request = urllib.request.Request(self.url + path, data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()


def session(protocols=None):
    """A session of botocore; `protocols` are those that services are to be spoken to in."""
    made = botocore.session.Session()
    loader = made.get_component("data_loader")
    load = loader.load_service_model

    def load_with_protocol(name, type_name, *arguments, **more):
        model = load(name, type_name, *arguments, **more)
        if type_name == "service-2" and name in (protocols or {}):
            model = copy.copy(model)
            model["metadata"] = {**model["metadata"], "protocols": [protocols[name]]}
        return model

    loader.load_service_model = load_with_protocol
    return made


class Clients:
    """boto3's clients for a simulator, seen by a witness."""

    def __init__(self, simulator, witness, protocols=None):
        self.simulator = simulator
        self.session = session(protocols)
        witness.attend(self.session)
        self.boto3 = boto3.Session(botocore_session=self.session)
        self.made = {}

    def of(self, service, account, region, strict=True):
        """A client; one that is not strict sends whatever it is given."""
        key = (service, account, region, strict)
        if key not in self.made:
            self.made[key] = self.boto3.client(
                service,
                endpoint_url=self.simulator.url,
                region_name=region,
                # An access key that is an account's number is a caller of that account.
                aws_access_key_id=account,
                aws_secret_access_key="of-no-account",
                config=Config(
                    retries={"total_max_attempts": 1},
                    connect_timeout=5,
                    read_timeout=PATIENCE,
                    parameter_validation=strict,
                ),
            )
        return self.made[key]
