"""Follows one log with `ecsdeck tail -f` and with `aws logs tail --follow` (AWS CLI v2) on the same simulator, at the same
time, and prints side by side what each lost and doubled, what it asked, and how late its lines were.

    python3 tests/acceptance/tail_beside_aws.py --binary target/debug/ecsdeck --aws "aws" --seconds 120

What was there is what GetLogEvents gives in the end. Lines are taken in 0.1 to 0.9 s after their time; one in ten 5 to 40 s
after it, one in fifty bears a time that is still to come. Figures are printed, and only ecsdeck's losses are judged.
"""

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

WORLD = """
[world]
name = "beside"
title = "one service whose lines come in late"
account = "123456789012"
region = "eu-west-1"
warm_up = "2m"
[[cluster]]
name = "main"
[[task_definition]]
family = "web"
revision = 1
cpu = 256
memory = 512
[[task_definition.container]]
name = "app"
image = "registry.example/web:1"
[task_definition.container.log]
group = "/ecs/web"
prefix = "ecs"
rate = 5.0
late = 0.1
late_by = ["5s", "40s"]
ahead = 0.02
ahead_by = ["5s", "30s"]
lines = ["GET /{hex:16}"]
[[service]]
name = "web"
cluster = "main"
task_definition = "web:1"
desired = 2
subnets = ["subnet-1"]
created = "-10d"
history = [{ at = "-3d", task_definition = "web:1" }]
"""

MARK = re.compile(r"GET /([0-9a-f]{16})")


class Follower:
    """A command that follows the log, and when each line came."""

    def __init__(self, name, command, env):
        self.name = name
        self.seen = []
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            found = MARK.search(line)
            if found:
                self.seen.append((found.group(1), time.time()))

    def end(self):
        alive = self.process.poll() is None
        if alive:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        return alive


def ask(url, target, body):
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers={
        "X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1",
        "Authorization": "AWS4-HMAC-SHA256 Credential=AKIDTRUTH/20260101/eu-west-1/logs/aws4_request",
    })
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def truth(url, since, until):
    """Every line of every stream between two times: its mark, its time and when it was taken in, in milliseconds."""
    lines = {}
    streams = ask(url, "Logs_20140328.DescribeLogStreams", {"logGroupName": "/ecs/web"})["logStreams"]
    for stream in streams:
        token = None
        while True:
            body = {"logGroupName": "/ecs/web", "logStreamName": stream["logStreamName"], "startFromHead": True,
                    "startTime": int(since * 1000), "endTime": int(until * 1000)}
            if token:
                body["nextToken"] = token
            page = ask(url, "Logs_20140328.GetLogEvents", body)
            for event in page["events"]:
                found = MARK.search(event["message"])
                lines[found.group(1)] = (event["timestamp"], event["ingestionTime"])
            if not page["events"] or page["nextForwardToken"] == token:
                break
            token = page["nextForwardToken"]
    return lines


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--binary", required=True)
    arguments.add_argument("--aws", default="aws")
    arguments.add_argument("--seconds", type=int, default=120)
    arguments.add_argument("--after", type=int, default=60, help="seconds in which late lines still come")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as home:
        world = os.path.join(home, "beside.toml")
        with open(world, "w", encoding="utf-8") as file:
            file.write(WORLD)
        calls = os.path.join(home, "calls.jsonl")
        simulator = subprocess.Popen(
            [given.binary, "sim", "--listen", "127.0.0.1:0", "--world", world, "--calls", calls],
            stdout=subprocess.PIPE, text=True)
        try:
            url = re.search(r"http://\S+", simulator.stdout.readline()).group(0)
            env = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home, "AWS_ENDPOINT_URL": url,
                   "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1", "AWS_SECRET_ACCESS_KEY": "x"}
            ours = Follower("ecsdeck tail -f", [given.binary, "tail", "/ecs/web", "--since", "1m", "-f", "--json"],
                            {**env, "AWS_ACCESS_KEY_ID": "AKIDECSDECK"})
            theirs = Follower("aws logs tail --follow",
                              [*shlex.split(given.aws), "logs", "tail", "/ecs/web", "--since", "1m", "--follow",
                               "--endpoint-url", url, "--format", "short"],
                              {**env, "AWS_ACCESS_KEY_ID": "AKIDAWSCLI", "PYTHONUNBUFFERED": "1"})
            began = time.time()
            time.sleep(given.seconds)
            # What was written last is still on its way to CloudWatch, and from there to both.
            ended = time.time()
            time.sleep(given.after)
            alive = [follower.end() for follower in (ours, theirs)]
            lines = truth(url, began, ended)
            with open(calls, encoding="utf-8") as file:
                log = [json.loads(line) for line in file]
        finally:
            simulator.terminate()
            simulator.wait(10)
    # What both must have: what bears a time between the beginning and the end.
    wanted = {mark for mark, (at, _) in lines.items() if began * 1000 <= at <= ended * 1000}
    print(f"{len(wanted)} lines in {given.seconds} s")
    print(f"{'':24} {'lost':>6} {'doubled':>8} {'calls':>6} {'delay median':>13} {'p95':>8}  alive")
    lost = {}
    for follower, is_alive, key in ((ours, alive[0], "AKIDECSDECK"), (theirs, alive[1], "AKIDAWSCLI")):
        marks = [mark for mark, _ in follower.seen if mark in wanted]
        lost[follower.name] = len(wanted - set(marks))
        delays = sorted(at - lines[mark][1] / 1000 for mark, at in follower.seen
                        if mark in wanted and lines[mark][1] > began * 1000)
        asked = sum(1 for call in log if call["action"] == "FilterLogEvents" and key in json.dumps(call))
        median = delays[len(delays) // 2] if delays else float("nan")
        late = delays[len(delays) * 95 // 100] if delays else float("nan")
        print(f"{follower.name:24} {lost[follower.name]:6} {len(marks) - len(set(marks)):8} {asked:6} {median:12.2f}s"
              f" {late:7.2f}s  {is_alive}")
    return 1 if lost[ours.name] else 0


if __name__ == "__main__":
    sys.exit(main())
