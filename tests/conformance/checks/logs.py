"""CloudWatch Logs: groups, streams, events, the live tail and Insights."""

import time

from bench import AIPM, DEPOT, EUGLENA, SHORT_DRAMA, check

GROUP = "/ecs/short-drama-backend"
ARN = f"arn:aws:logs:{SHORT_DRAMA[1]}:{SHORT_DRAMA[0]}:log-group:{GROUP}"


def now(bench):
    """The simulator's clock in milliseconds."""
    import datetime

    text = bench.simulator.control("clock")["now"]
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


@check("logs:DescribeLogGroups", "logs:DescribeLogStreams")
def groups_and_streams_are_listed_in_pages(bench):
    for place in (SHORT_DRAMA, AIPM, EUGLENA):
        logs = bench.client("logs", place)
        for group in bench.pages(logs.describe_log_groups, "logGroups", limit=2):
            name = group["logGroupName"]
            bench.pages(logs.describe_log_streams, "logStreams", logGroupName=name, limit=5)
            logs.describe_log_streams(logGroupName=name, orderBy="LastEventTime", descending=True)
    logs = bench.client("logs")
    assert logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"], f"no {GROUP}"
    with bench.refused("ResourceNotFoundException", status=400):
        logs.describe_log_streams(logGroupName="/no/such/group")


@check("logs:FilterLogEvents")
def events_are_filtered_by_time_stream_and_pattern(bench):
    logs, end = bench.client("logs"), now(bench)
    events = bench.pages(
        logs.filter_log_events, "events", logGroupName=GROUP, startTime=end - 300_000, endTime=end, limit=100
    )
    assert events and len({event["eventId"] for event in events}) == len(events), f"{len(events)} events"
    stream = events[0]["logStreamName"]
    for more in (
        {"filterPattern": "INFO"},
        {"filterPattern": '"POST /api/canvas" -upload'},
        {"filterPattern": "?WARNING ?ERROR"},
        {"logStreamNames": [stream]},
        {"logStreamNamePrefix": stream.split("/")[0]},
    ):
        logs.filter_log_events(logGroupName=GROUP, startTime=end - 300_000, **more)
    with bench.refused("InvalidParameterException"):
        logs.filter_log_events(logGroupName=GROUP, logStreamNames=[stream], logStreamNamePrefix="x")
    with bench.refused("ResourceNotFoundException"):
        logs.filter_log_events(logGroupName="/no/such/group")


@check("logs:GetLogEvents")
def the_events_of_a_stream_are_got_until_the_token_stays(bench):
    logs = bench.client("logs")
    streams = logs.describe_log_streams(logGroupName=GROUP, orderBy="LastEventTime", descending=True)["logStreams"]
    where = {"logGroupName": GROUP, "logStreamName": streams[0]["logStreamName"], "startFromHead": True, "limit": 500}
    answer = logs.get_log_events(**where)
    assert answer["events"], f"{where['logStreamName']} is empty"
    token = None
    while answer["nextForwardToken"] != token:
        token = answer["nextForwardToken"]
        answer = logs.get_log_events(**where, nextToken=token)
    logs.get_log_events(**where, nextToken=answer["nextBackwardToken"])
    with bench.refused("ResourceNotFoundException"):
        logs.get_log_events(logGroupName=GROUP, logStreamName="no/such/stream")


@check("logs:StartLiveTail")
def the_live_tail_is_an_event_stream_with_an_update_a_second(bench):
    logs = bench.client("logs")
    bench.simulator.control("clock", {"paused": False, "speed": 1})
    try:
        stream = logs.start_live_tail(logGroupIdentifiers=[ARN], logEventFilterPattern='""')["responseStream"]
        events, begun = [], time.monotonic()
        for event in stream:
            events.append(event)
            if len(events) == 4:
                break
        stream.close()
    finally:
        bench.simulator.control("clock", {"paused": True})
    took = time.monotonic() - begun
    kinds = [next(iter(event)) for event in events]
    assert kinds == ["sessionStart", "sessionUpdate", "sessionUpdate", "sessionUpdate"], f"{kinds}"
    assert events[0]["sessionStart"]["logGroupIdentifiers"], "the session does not say what it tails"
    assert 1.5 < took < 6, f"three updates took {took:.1f} s"


@check("logs:StartLiveTail")
def a_live_tail_of_many_lines_is_sampled(bench):
    logs = bench.client("logs", DEPOT)
    group = f"arn:aws:logs:{DEPOT[1]}:{DEPOT[0]}:log-group:/ecs/stage-web"
    bench.simulator.control("clock", {"paused": False, "speed": 1})
    try:
        stream = logs.start_live_tail(logGroupIdentifiers=[group])["responseStream"]
        updates = []
        for event in stream:
            updates += [event["sessionUpdate"]] if "sessionUpdate" in event else []
            if len(updates) == 3:
                break
        stream.close()
    finally:
        bench.simulator.control("clock", {"paused": True})
    sizes = [len(update["sessionResults"]) for update in updates]
    assert max(sizes) <= 500 and any(update["sessionMetadata"]["sampled"] for update in updates), f"{sizes} lines a second"


@check("logs:StartLiveTail")
def a_live_tail_of_too_much_is_refused(bench):
    logs = bench.careless("logs")
    with bench.refused("InvalidParameterException"):
        logs.start_live_tail(logGroupIdentifiers=[f"{ARN}-{number}" for number in range(11)])
    web = ARN.replace("short-drama-backend", "short-drama-web")
    with bench.refused("InvalidParameterException"):
        logs.start_live_tail(logGroupIdentifiers=[ARN, web], logStreamNames=["a"])
    with bench.refused("ResourceNotFoundException"):
        logs.start_live_tail(logGroupIdentifiers=[ARN + "-no-such-group"])


@check("logs:StartQuery", "logs:GetQueryResults")
def insights_queries_run_and_complete(bench):
    logs, end = bench.client("logs"), now(bench) // 1000
    for query in (
        "fields @timestamp, @message | sort @timestamp desc | limit 20",
        "fields @timestamp, level, message, error.code\n| filter level = \"error\"\n| sort @timestamp desc\n| limit 20",
        "filter @message like /WARNING/ | stats count(*) as warnings by bin(5m)",
    ):
        identity = logs.start_query(logGroupNames=[GROUP], startTime=end - 900, endTime=end, queryString=query)["queryId"]
        states = []
        for _ in range(20):
            answer = logs.get_query_results(queryId=identity)
            states.append(answer["status"])
            if answer["status"] == "Complete":
                break
            bench.simulator.advance(1)
        assert states[-1] == "Complete", f"{query!r} went through {states}"
        assert answer["results"] or "level" in query, f"{query!r} found nothing"


@check("logs:DescribeQueries", "logs:StartQuery")
def queries_are_listed(bench):
    logs = bench.client("logs")
    queries = bench.pages(logs.describe_queries, "queries", logGroupName=GROUP, maxResults=2)
    assert queries, "none of the queries that ran"
    logs.describe_queries(status="Complete")


@check("logs:StartQuery", "logs:StopQuery")
def a_query_is_stopped_and_a_wrong_one_refused(bench):
    logs, end = bench.client("logs"), now(bench) // 1000
    identity = logs.start_query(logGroupName=GROUP, startTime=end - 900, endTime=end, queryString="fields @message")["queryId"]
    logs.stop_query(queryId=identity)
    with bench.refused("MalformedQueryException"):
        logs.start_query(logGroupName=GROUP, startTime=end - 900, endTime=end, queryString="fields @message | frobnicate")
    with bench.refused("ResourceNotFoundException"):
        logs.start_query(logGroupName="/no/such/group", startTime=end - 900, endTime=end, queryString="fields @message")


@check("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:FilterLogEvents", "logs:DescribeLogGroups")
def what_is_put_late_and_out_of_order_is_read_once_and_in_order(bench):
    logs, at = bench.client("logs"), now(bench)
    where = {"logGroupName": "/conformance/put", "logStreamName": "of/one"}
    logs.create_log_group(logGroupName=where["logGroupName"], logGroupClass="STANDARD", tags={"made": "here"})
    logs.create_log_stream(**where)
    for call in (lambda: logs.create_log_group(logGroupName=where["logGroupName"]), lambda: logs.create_log_stream(**where)):
        with bench.refused("ResourceAlreadyExistsException", status=400):
            call()
    for offsets in ((0, 5, 5), (-90_000, -1), (-40_000, 30_000)):
        events = [{"timestamp": at + offset, "message": f"line {offset} of {offsets}"} for offset in offsets]
        assert "rejectedLogEventsInfo" not in logs.put_log_events(**where, logEvents=events)
    bench.simulator.advance(2)
    found = bench.pages(logs.filter_log_events, "events", logGroupName=where["logGroupName"])
    stamps = [event["timestamp"] - at for event in found]
    assert stamps == [-90_000, -40_000, -1, 0, 5, 5, 30_000], f"{stamps}"
    assert len({event["eventId"] for event in found}) == 7
    assert all(event["ingestionTime"] > at for event in found)
    stream = logs.describe_log_streams(logGroupName=where["logGroupName"])["logStreams"][0]
    assert stream["lastEventTimestamp"] == at + 30_000 and stream["lastIngestionTime"] > at, f"{stream}"


@check("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
def what_is_too_old_or_too_new_is_told_and_a_batch_that_cannot_be_is_refused(bench):
    logs, at, hour = bench.client("logs"), now(bench), 3_600_000
    where = {"logGroupName": "/conformance/refused", "logStreamName": "of/one"}
    logs.create_log_group(logGroupName=where["logGroupName"])
    logs.create_log_stream(**where)

    def put(*stamps, message="m"):
        return logs.put_log_events(**where, logEvents=[{"timestamp": at + stamp, "message": message} for stamp in stamps])

    told = put(-400 * hour, -1, 0, 3 * hour)["rejectedLogEventsInfo"]
    assert told == {"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 3}, f"{told}"
    for stamps, message in (((1, 0), "m"), ((-25 * hour, 0), "m"), ((0,), "m" * 1_048_551)):
        with bench.refused("InvalidParameterException", status=400):
            put(*stamps, message=message)
    for wrong in ({"logStreamName": "of/none"}, {"logGroupName": "/conformance/none"}):
        with bench.refused("ResourceNotFoundException", status=400):
            logs.put_log_events(**{**where, **wrong}, logEvents=[{"timestamp": at, "message": "m"}])


@check("logs:FilterLogEvents", "logs:DescribeLogStreams")
def functions_say_what_they_do_in_their_groups(bench):
    for place, name in ((AIPM, "aipm-backend-prod-api"), (EUGLENA, "euglena-autoscaling")):
        logs, group = bench.client("logs", place), f"/aws/lambda/{name}"
        said = [event["message"] for event in bench.pages(logs.filter_log_events, "events", logGroupName=group)]
        for word in ("START RequestId: ", "END RequestId: ", "REPORT RequestId: "):
            assert any(line.startswith(word) for line in said), f"{group} has no {word}: {said[:5]}"
