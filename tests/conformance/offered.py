"""Finds out which actions the simulator offers: it is asked for all that the models name.

An action that is not offered must be answered with AWS's own error for that, in the
service's protocol.
"""

import json
import xml.etree.ElementTree as ElementTree

import cbor2

from failures import short
from walk_xml import tag

ACCOUNT = "123456789012"
UNKNOWN = {"UnknownOperationException", "InvalidAction"}


class Call:
    """A call with an empty input, made by hand: botocore would refuse to send it."""

    def __init__(self, model, protocol, operation):
        self.model, self.protocol, self.operation = model, protocol, operation

    def send(self, simulator, body=b"{}"):
        """Sends it; a body of its own it can have in JSON alone."""
        meta = self.model.metadata
        scope = f"{ACCOUNT}/20260310/us-east-1/{self.model.signing_name}/aws4_request"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}
        prefix = (self.model.operation_model(self.operation).endpoint or {}).get("hostPrefix", "")
        if prefix and "{" not in prefix:
            headers["Host"] = prefix + simulator.url.partition("://")[2]
        if self.protocol in ("query", "ec2"):
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
            return simulator.raw(headers, f"Action={self.operation}&Version={meta['apiVersion']}".encode())
        if self.protocol == "smithy-rpc-v2-cbor":
            headers |= {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
            path = f"/service/{meta['targetPrefix']}/operation/{self.operation}"
            return simulator.raw(headers, cbor2.dumps({}), path)
        headers["Content-Type"] = f"application/x-amz-json-{meta['jsonVersion']}"
        headers["X-Amz-Target"] = f"{meta['targetPrefix']}.{self.operation}"
        return simulator.raw(headers, body)

    def code(self, status, body):
        """The code of an error; none when the answer is a success or no AWS error at all."""
        if status == 200:
            return None
        try:
            if self.protocol in ("query", "ec2"):
                return next(node.text for node in ElementTree.fromstring(body).iter() if tag(node) == "Code")
            document = cbor2.loads(body) if self.protocol == "smithy-rpc-v2-cbor" else json.loads(body)
            return short(document["__type"])
        except (ValueError, KeyError, TypeError, StopIteration, ElementTree.ParseError, cbor2.CBORDecodeError):
            return None


def offered(simulator, model, protocol, ledger):
    """The actions of a service that are offered in a protocol. What is odd goes to the ledger."""
    found = set()
    for operation in model.operation_names:
        call = Call(model, protocol, operation)
        status, _, body = call.send(simulator)
        code = call.code(status, body)
        if code in UNKNOWN:
            if status not in (400, 404):
                ledger.wrong(f"{model.service_name}:{operation}", f"an unknown operation has the status {status}")
        elif status != 200 and code is None:
            ledger.wrong(f"{model.service_name}:{operation} in {protocol}", f"{status} is no AWS error: {body[:80]!r}")
        else:
            found.add(operation)
    return found
