"""Others are served while one caller asks for the worst that is allowed.

What is counted is how many calls of another caller are answered meanwhile, and at how many
moments of the simulator's clock.
"""

import datetime
import threading
import time

from bench import EUGLENA, SHORT_DRAMA, check
from ledger import Ledger
from simulator import EPOCH, Clients, Simulator
from witness import Witness

DAY = 86_400
# How long one of these calls may take, in seconds.
LONG = 600.0
CLUSTER, SERVICE = "short-drama-cluster", "short-drama-web"


class Others:
    """Somebody else, who asks for small things as long as the block lasts."""

    def __init__(self, simulator):
        self.simulator = simulator
        self.client = clients(simulator).of("ecs", *SHORT_DRAMA)
        self.served, self.moments, self.slowest = 0, set(), 0.0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.ask)

    def ask(self):
        while not self.over.is_set():
            begun = time.monotonic()
            self.client.list_clusters()
            self.slowest = max(self.slowest, time.monotonic() - begun)
            self.moments.add(self.simulator.control("clock")["now"])
            self.served += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def clients(simulator):
    return Clients(simulator, Witness(Ledger()))


def metrics_of_ages(cloudwatch, moment):
    """The most that one call may ask for: fifteen days, minute by minute."""
    metrics = cloudwatch.list_metrics()["Metrics"]
    queries = [
        {"Id": f"m{number}", "MetricStat": {"Metric": metrics[number % len(metrics)], "Period": 60, "Stat": "p90"}} for number in range(4)
    ]
    start = moment - datetime.timedelta(days=15)
    return cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=start, EndTime=moment, MaxDatapoints=100_800)


@check("ecs:ListClusters", "ecs:RunTask", "ecs:UpdateService", "cloudwatch:GetMetricData", "logs:FilterLogEvents")
def others_are_served_while_one_asks_for_the_worst(bench):
    moment = datetime.datetime.fromisoformat(EPOCH.replace("Z", "+00:00"))
    # One of its own: what other checks look at would be long gone.
    with Simulator(bench.binary, ["short-drama", "euglena"]) as simulator:
        made = clients(simulator)
        ecs, logs = made.of("ecs", *SHORT_DRAMA), made.of("logs", *SHORT_DRAMA)
        service = ecs.describe_services(cluster=CLUSTER, services=[SERVICE])["services"][0]
        run = {
            "cluster": CLUSTER,
            "taskDefinition": service["taskDefinition"],
            "count": 10,
            "networkConfiguration": service["networkConfiguration"],
        }
        where = {"cluster": CLUSTER, "service": SERVICE}
        group = next(group["logGroupName"] for group in logs.describe_log_groups()["logGroups"])
        cloudwatch = made.of("cloudwatch", *EUGLENA)

        def many(call, times):
            for _ in range(times):
                call()

        for name, worst, least in (
            ("4 times the longest metrics", lambda: many(lambda: metrics_of_ages(cloudwatch, moment), 4), 3),
            ("RunTask of 10, 50 times", lambda: many(lambda: ecs.run_task(**run), 50), 10),
            ("all lines of a group, 20 times", lambda: many(lambda: logs.filter_log_events(logGroupName=group), 20), 10),
            ("UpdateService to 5,000, and five minutes", lambda: (ecs.update_service(**where, desiredCount=5000), simulator.advance(300, LONG)), 10),
            ("UpdateService to 0, and five minutes", lambda: (ecs.update_service(**where, desiredCount=0), simulator.advance(300, LONG)), 10),
            ("advance of a day", lambda: simulator.advance(DAY, LONG), 100),
        ):
            begun = time.monotonic()
            with Others(simulator) as others:
                worst()
            took = time.monotonic() - begun
            print(
                f"        {name}: {others.served} calls of others were served in {took:.1f} s,"
                f" at {len(others.moments)} moments, the slowest in {others.slowest * 1000:.0f} ms"
            )
            assert others.served >= least, f"{name}: only {others.served} calls of others were served"
            if "advance" in name:
                assert len(others.moments) >= least, f"{name}: at {len(others.moments)} moments alone"
