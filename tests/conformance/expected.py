"""The actions that the simulator must offer, by boto3's name of the service: those that its README lists."""

import pathlib
import re

README = pathlib.Path(__file__).parents[2] / "src" / "sim" / "README.md"
# Where boto3's name is not IAM's, which the README uses.
NAMES = {"elasticloadbalancing": "elbv2"}


def listed():
    rows = re.findall(r"^\| ([a-z0-9-]+) \|(.*)\|$", README.read_text(), re.MULTILINE)
    rows = {NAMES.get(service, service): re.findall(r"`(\w+)`", row) for service, row in rows}
    return {service: actions for service, actions in rows.items() if actions}


ACTIONS = listed()

# AWS's Rust SDK speaks CBOR to CloudWatch and cannot do otherwise; boto3 and the AWS CLI
# speak JSON to it. Both have to be understood; so it is with Cloud Map.
PROTOCOLS = {
    "cloudwatch": ["smithy-rpc-v2-cbor", "json"],
    "servicediscovery": ["smithy-rpc-v2-cbor", "json"],
}


def all_actions():
    return [(service, action) for service, actions in ACTIONS.items() for action in actions]
