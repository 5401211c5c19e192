#!/usr/bin/env python3
"""`why` on evidence that is placed in moto, an AWS emulator that others wrote.

    python tests/acceptance/placed.py --binary target/debug/ecsdeck

Needs what requirements-placed.txt names. moto starts no tasks: they are run and stopped through its API, with the
reasons that AWS gives. It knows no stop codes and no times of tasks, and says 0 for every container's exit code: a
diagnosis must not depend on any of these, nor on who is said to have started a task. It has no events and no way back,
so that a rollback cannot be placed. Ends with `N passed, N failed`, and with 1 where a check failed.
"""

import argparse
import json
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True

import boto3

from emulator import REGION, ROOT, Moto

# What AWS says, and what is to be understood.
REASONS = {
    "image-not-found": "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
    "docker.io/library/web:2: docker.io/library/web:2: not found",
    # The 0 that is shown beside it makes a program that ended of one that crashed.
    "app-exited": "Essential container in task exited",
    "out-of-memory": "OutOfMemoryError: Container killed due to memory usage",
    "secret-not-found": "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
    "failed: unable to retrieve secret from asm: service call has been retried 1 time(s): ResourceNotFoundException: "
    "Secrets Manager can't find the specified secret.",
}
# AWS's own word, an emulator's, a person's, and none.
STARTERS = ["", "ecs-svc/1234567890", "web", "somebody"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=pathlib.Path)
    binary = parser.parse_args().binary.resolve()
    if not binary.is_file():
        parser.error(f"{binary} is not there: build it first")
    passed = failed = 0
    with Moto() as emulator:
        ecs = boto3.client(
            "ecs",
            endpoint_url=emulator.url,
            region_name=REGION,
            aws_access_key_id=ROOT[0],
            aws_secret_access_key=ROOT[1],
        )
        home = emulator.home("on-call")
        for cause, reason in REASONS.items():
            for starter in STARTERS:
                name = f"{cause}-{STARTERS.index(starter)}"
                place(ecs, name, reason, starter)
                wrong = told_wrong(binary, emulator, home, name, cause)
                print(f"FAILED  {wrong}" if wrong else f"ok      {cause}, started by {starter!r}", flush=True)
                passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def place(ecs, name, reason, starter):
    """A service whose rollout goes on, and three of its tasks that stopped for this reason. A cluster for each."""
    ecs.create_cluster(clusterName=name)
    container = {"name": "app", "image": "web:2", "essential": True, "memory": 128}
    ecs.register_task_definition(family=name, containerDefinitions=[container])
    common = {"cluster": name, "taskDefinition": name, "launchType": "FARGATE"}
    ecs.create_service(serviceName=name, desiredCount=2, **common)
    for _ in range(3):
        task = ecs.run_task(group=f"service:{name}", startedBy=starter, **common)["tasks"][0]
        ecs.stop_task(cluster=name, task=task["taskArn"], reason=reason)


def told_wrong(binary, emulator, home, name, cause):
    """What is wrong with what `why` says; nothing where it names the cause and that it is bad news."""
    environment = {
        "HOME": str(home),
        "TERM": "dumb",
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ROOT[0],
        "AWS_SECRET_ACCESS_KEY": ROOT[1],
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    command = [binary, "why", name, "--cluster", name, "--json"]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    if done.returncode != 1:
        return f"{name}: exit {done.returncode}: {done.stdout.decode()[:600]}{done.stderr.decode()[:600]}"
    told = json.loads(done.stdout)
    first = told["causes"][0]["id"]
    return None if first == cause else f"{name}: {first}, {told['verdict']}: {told['summary']}"


if __name__ == "__main__":
    sys.exit(main())
