"""Every constraint that the models have of the inputs of calls that change something, broken one by one."""

import json

import expected
from bench import check
from botocore import xform_name
from botocore.exceptions import ClientError
from offered import Call
from violations import violations

# Calls that only read, or begin and end a reading.
READING = ("List", "Describe", "Get", "Batch", "Query", "Scan", "Filter", "Simulate", "Discover", "StartLiveTail", "StartQuery", "StopQuery")
# The error with which each service refuses an input.
CODES = {
    "ecs": {"InvalidParameterException", "ClientException"},
    "logs": {"InvalidParameterException"},
    "sqs": {"MissingParameter", "InvalidParameterValue"},
    "dynamodb": {"ValidationException"},
    "application-autoscaling": {"ValidationException"},
    "ec2": {"MissingParameter"},
}
# Where AWS's own words do not have the member's name.
WORDS = {
    "containerDefinitions": "Container list cannot be empty",
    "InstanceIds": "InstanceId",
    "task": "taskId",
}


def writing():
    return [(service, action) for service, action in expected.all_actions() if not action.startswith(READING)]


def named(violation, message):
    word = WORDS.get(violation.member, violation.member)
    return word.lower().replace(" ", "") in message.lower().replace(" ", "")


def report(what, cases, operations, failures):
    print(f"        {cases} {what} of {operations} operations, {len(failures)} taken or refused otherwise")
    assert not failures, f"{len(failures)} of {cases}: " + "; ".join(failures[:40])


@check()
def every_constraint_of_the_models_is_kept_by_every_call_that_changes_something(bench):
    cases, operations, failures = 0, writing(), []
    before = bench.simulator.control("state")
    for service, action in operations:
        client = bench.careless(service)
        for violation in violations(client.meta.service_model, action):
            cases += 1
            try:
                getattr(client, xform_name(action))(**violation.request)
            except ClientError as error:
                code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                if not (400 <= status < 500 and code in CODES[service] and named(violation, message)):
                    failures.append(f"{violation}: {status} {code}: {message[:100]}")
            else:
                failures.append(f"{violation} was taken")
    assert bench.simulator.control("state") == before, "something has changed all the same"
    report("violations", cases, len(operations), failures)


@check()
def values_of_other_types_are_refused_by_every_call_that_changes_something(bench):
    cases, failures = 0, []
    # What a form has is text, whatever it is.
    operations = [(service, action) for service, action in writing() if service != "ec2"]
    for service, action in operations:
        model = bench.client(service).meta.service_model
        call = Call(model, model.resolved_protocol, action)
        for violation in violations(model, action, types=True):
            if violation.kind != "type":
                continue
            cases += 1
            status, _, body = call.send(bench.simulator, json.dumps(violation.request, default=str).encode())
            code = call.code(status, body)
            if status != 400 or code != "SerializationException":
                failures.append(f"{violation}: {status} {body[:100]}")
    report("values of other types", cases, len(operations), failures)
