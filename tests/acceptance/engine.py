#!/usr/bin/env python3
"""`why` on containers that really crash: the emulator with a container engine.

    python tests/acceptance/engine.py --binary target/debug/ecsdeck

Needs what requirements.txt and requirements-engine.txt name, and what engine.sh needs. Where the engine cannot run it
says why, and ends with 0: that is no failure of the program. Ends with `N passed, N failed`, and with 1 where a check
failed.

The emulator calls a task's starter by the service's name, counts no failed tasks, and tells of a rollback in words of its
own: a diagnosis must not depend on any of these.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import boto3

from emulator import REGION, ROOT, Emulator, until

IMAGE = "localhost/box:v1"
# What the second revision of each service is, and what is to be understood of it.
SERVICES = {
    "crashes": ({"image": IMAGE, "command": ["sh", "-c", "echo no luck; exit 1"]}, "app-crash", ("stuck", "degraded")),
    "misses": ({"image": "localhost/nowhere:v9", "command": ["sleep", "9"]}, "image-not-found", ("stuck", "degraded")),
    "goes-back": ({"image": IMAGE, "command": ["sh", "-c", "exit 3"]}, "app-crash", ("rolled_back", "rolling_back")),
}
# The engine is made ready within so many seconds: packages are loaded for it.
ENGINE = 240.0
# Three tries and what lies between them.
COURSE = 120.0


class WithEngine(Emulator):
    """The emulator, which starts its tasks in this engine."""

    def __init__(self, socket):
        super().__init__()
        self.socket = socket

    def _settings(self):
        return {**super()._settings(), "AUTH": "false", "DOCKER_HOST": f"unix://{self.socket}"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=pathlib.Path)
    binary = parser.parse_args().binary.resolve()
    if not binary.is_file():
        parser.error(f"{binary} is not there: build it first")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ecsdeck-engine-"))
    engine = subprocess.Popen(
        ["bash", pathlib.Path(__file__).with_name("engine.sh"), folder],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    )
    try:
        socket = folder / "podman.sock"
        began = time.monotonic()
        while not socket.exists():
            if engine.poll() is not None or time.monotonic() - began > ENGINE:
                said = engine.stderr.read().decode().strip() if engine.poll() is not None else f"not within {ENGINE:.0f} s"
                print(f"skipped: the container engine cannot run here: {said.splitlines()[-1] if said else engine.returncode}")
                return 0
            time.sleep(0.2)
        with WithEngine(socket) as emulator:
            return checks(binary, emulator)
    finally:
        stop(engine)
        shutil.rmtree(folder, ignore_errors=True)


def stop(engine):
    """Ends the engine and the containers that it started, which are of its session."""
    if engine.poll() is None:
        os.killpg(engine.pid, signal.SIGTERM)
        try:
            engine.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(engine.pid, signal.SIGKILL)
            engine.wait()


def checks(binary, emulator):
    ecs = boto3.client(
        "ecs", endpoint_url=emulator.url, region_name=REGION, aws_access_key_id=ROOT[0], aws_secret_access_key=ROOT[1]
    )
    ecs.create_cluster(clusterName="main")
    well = {"image": IMAGE, "command": ["sleep", "600"]}
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    for name in SERVICES:
        register(ecs, name, well)
        more = {"deploymentConfiguration": breaker} if name == "goes-back" else {}
        ecs.create_service(cluster="main", serviceName=name, taskDefinition=name, desiredCount=1, **more)
    running = lambda: all(
        one["runningCount"] == 1 for one in ecs.describe_services(cluster="main", services=list(SERVICES))["services"]
    )
    until(running, "every service runs its first revision", COURSE)
    for name, (container, _, _) in SERVICES.items():
        register(ecs, name, container)
        ecs.update_service(cluster="main", service=name, taskDefinition=name)
    home, failed = emulator.home("on-call"), 0
    for name, (_, cause, verdicts) in SERVICES.items():
        told = None
        end = time.monotonic() + COURSE
        while time.monotonic() < end:
            told = why(binary, emulator, home, name)
            if told and told["verdict"] in verdicts and told["causes"][0]["id"] == cause:
                break
            time.sleep(1)
        else:
            failed += 1
            print(f"FAILED  {name}: {told and (told['verdict'], told['causes'][0]['id'], told['summary'])}", flush=True)
            continue
        print(f"ok      {name}: {told['verdict']}, {cause}", flush=True)
    print(f"{len(SERVICES) - failed} passed, {failed} failed")
    return 1 if failed else 0


def register(ecs, family, container):
    ecs.register_task_definition(
        family=family, containerDefinitions=[{"name": "app", "essential": True, "memory": 64, **container}]
    )


def why(binary, emulator, home, name):
    environment = {
        "HOME": str(home), "TERM": "dumb", "AWS_ENDPOINT_URL": emulator.url, "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ROOT[0], "AWS_SECRET_ACCESS_KEY": ROOT[1], "AWS_EC2_METADATA_DISABLED": "true",
    }
    done = subprocess.run(
        [binary, "why", name, "--json"], env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60
    )
    return json.loads(done.stdout) if done.stdout else None


if __name__ == "__main__":
    sys.exit(main())
