"""CloudWatch metrics and alarms, in the CBOR of the Rust SDK and in the JSON of boto3."""

import datetime

import expected
from bench import EUGLENA, SHORT_DRAMA, Bench, check
from simulator import Clients
from witness import Witness

SPOKEN = expected.PROTOCOLS["cloudwatch"]


def clients(bench, service="cloudwatch"):
    """A client for each protocol and place."""
    for protocol in SPOKEN:
        made = Clients(bench.simulator, Witness(bench.ledger), {"cloudwatch": protocol})
        for place in (SHORT_DRAMA, EUGLENA):
            yield Bench(bench.binary, bench.simulator, made, bench.ledger).client(service, place)


def now(bench):
    return datetime.datetime.fromisoformat(bench.simulator.control("clock")["now"].replace("Z", "+00:00"))


NEEDS = {name: [f"cloudwatch:{name}:{protocol}" for protocol in SPOKEN] for name in expected.ACTIONS["cloudwatch"]}


@check(*NEEDS["ListMetrics"], *NEEDS["GetMetricData"])
def every_metric_that_is_listed_has_data(bench):
    end, found = now(bench), 0
    for cloudwatch in clients(bench):
        metrics = bench.pages(cloudwatch.list_metrics, "Metrics", "NextToken")
        cloudwatch.list_metrics(Namespace="AWS/ECS", MetricName="CPUUtilization")
        cloudwatch.list_metrics(Namespace="No/Such")
        for start in range(0, len(metrics), 100):
            queries = [
                {"Id": f"m{number}", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Average"}}
                for number, metric in enumerate(metrics[start : start + 100])
            ]
            results = bench.pages(
                cloudwatch.get_metric_data,
                "MetricDataResults",
                "NextToken",
                MetricDataQueries=queries,
                StartTime=end - datetime.timedelta(minutes=15),
                EndTime=end,
            )
            assert {result["Id"] for result in results} == {query["Id"] for query in queries}
            found += sum(len(result["Values"]) for result in results)
    assert found, "no metric has data"


@check(*NEEDS["GetMetricData"])
def metrics_come_as_percentiles_sums_and_expressions(bench):
    end = now(bench)
    metric = {
        "Namespace": "AWS/ECS",
        "MetricName": "CPUUtilization",
        "Dimensions": [{"Name": "ClusterName", "Value": "short-drama-cluster"}, {"Name": "ServiceName", "Value": "short-drama-backend"}],
    }
    for cloudwatch in clients(bench):
        for statistic in ("Average", "Maximum", "Minimum", "Sum", "SampleCount", "p50", "p99"):
            cloudwatch.get_metric_data(
                MetricDataQueries=[{"Id": "m1", "MetricStat": {"Metric": metric, "Period": 300, "Stat": statistic}, "Label": "cpu"}],
                StartTime=end - datetime.timedelta(hours=1),
                EndTime=end,
                ScanBy="TimestampAscending",
            )
        with bench.refused("ValidationError", "InvalidParameterValue", "InvalidParameterCombination", "MissingRequiredParameterException", "MissingParameter"):
            cloudwatch.get_metric_data(
                MetricDataQueries=[{"Id": "m1", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Average"}}],
                StartTime=end,
                EndTime=end - datetime.timedelta(hours=1),
            )


@check(*NEEDS["DescribeAlarms"], *NEEDS["DescribeAlarmHistory"])
def alarms_are_described_with_their_history(bench):
    found = 0
    for cloudwatch in clients(bench):
        alarms = bench.pages(cloudwatch.describe_alarms, "MetricAlarms", "NextToken", MaxRecords=2)
        found += len(alarms)
        for alarm in alarms:
            bench.pages(cloudwatch.describe_alarm_history, "AlarmHistoryItems", "NextToken", AlarmName=alarm["AlarmName"])
            same = cloudwatch.describe_alarms(AlarmNames=[alarm["AlarmName"]])["MetricAlarms"]
            assert [a["AlarmArn"] for a in same] == [alarm["AlarmArn"]]
        for state in ("OK", "ALARM", "INSUFFICIENT_DATA"):
            cloudwatch.describe_alarms(StateValue=state, AlarmNamePrefix="a")
        with bench.refused("InvalidNextToken", "InvalidNextTokenException"):
            cloudwatch.describe_alarms(NextToken="of another query")
    assert found, "no world has an alarm"
