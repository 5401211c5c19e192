"""Sees every raw answer before botocore parses it, and holds it against the model.

botocore's own parsers skip what they do not know; that is why the bytes are read
here a second time.
"""

import email.utils
import io
import json
import xml.etree.ElementTree as ElementTree

import cbor2

import failures
from frames import Tee
from walk import Walker
from walk_xml import XmlWalker, namespace, tag

# The content type of answers, by botocore's name of the protocol.
CONTENT_TYPES = {"query": "text/xml", "ec2": "text/xml", "smithy-rpc-v2-cbor": "application/cbor"}


class Witness:
    """Holds the answers that the clients of some sessions get against the models."""

    def __init__(self, ledger):
        self.ledger = ledger

    def attend(self, session):
        """Lets this witness see all that clients of the session are answered."""
        session.register("before-parse", self._see)

    def _see(self, operation_model, response_dict, **_):
        Sight(self.ledger, operation_model, response_dict).check()


class Sight:
    """One answer."""

    def __init__(self, ledger, operation, response):
        self.ledger, self.operation, self.response = ledger, operation, response
        self.model = operation.service_model
        self.service = self.model.service_name
        self.protocol = self.model.resolved_protocol
        self.status, self.headers = response["status_code"], response["headers"]
        self.where = f"{self.service}:{operation.name} {self.status}"

    def check(self):
        self._check_headers()
        success = self.status == 200
        self.ledger.answered(self.service, self.operation.name, success)
        if not success:
            document = self.document()
            if document is not None:
                failures.check(self, document)
        elif self.operation.has_event_stream_output:
            self.response["body"] = Tee(self.response["body"], self)
        else:
            self._check_output()

    def wrong(self, what):
        self.ledger.wrong(self.where, what)

    def walker(self, where=None):
        if self.protocol in ("query", "ec2"):
            return XmlWalker(self.ledger, self.service, where or self.where)
        return Walker(self.ledger, self.service, where or self.where, binary=self.protocol == "smithy-rpc-v2-cbor")

    def content_type(self):
        if self.status == 200 and self.operation.has_event_stream_output:
            return "application/vnd.amazon.eventstream"
        json_type = f"application/x-amz-json-{self.model.metadata.get('jsonVersion', '1.0')}"
        return CONTENT_TYPES.get(self.protocol, json_type)

    def document(self):
        """The body as the protocol writes it; none when it is not that."""
        body = self.response["body"]
        try:
            if self.protocol in ("query", "ec2"):
                return ElementTree.fromstring(body)
            if self.protocol == "smithy-rpc-v2-cbor":
                stream = io.BytesIO(body)
                document = cbor2.CBORDecoder(stream).decode() if body else {}
                if stream.tell() != len(body):
                    self.wrong("something follows the CBOR document")
                return document
            # DynamoDB and others answer an action that has nothing to say with no byte at all.
            return json.loads(body) if body else {}
        except (ValueError, ElementTree.ParseError, cbor2.CBORDecodeError) as error:
            self.wrong(f"the body cannot be read: {error}: {body!r:.80}")
            return None

    def _check_headers(self):
        content_type = self.headers.get("content-type", "").partition(";")[0]
        if content_type != self.content_type():
            self.wrong(f"content type {content_type!r} instead of {self.content_type()!r}")
        if not self.headers.get("x-amzn-requestid"):
            self.wrong("no request id in the headers")
        if self.protocol == "smithy-rpc-v2-cbor" and self.headers.get("smithy-protocol") != "rpc-v2-cbor":
            self.wrong("no `smithy-protocol: rpc-v2-cbor`")
        try:
            email.utils.parsedate_to_datetime(self.headers.get("date"))
        except (TypeError, ValueError):
            self.wrong(f"the date {self.headers.get('date')!r} is none")

    def _check_output(self):
        document = self.document()
        if document is None:
            return
        if self.protocol in ("query", "ec2"):
            document = self._unwrap(document)
            if document is None:
                return
        shape = self.operation.output_shape
        if shape is not None:
            self.walker().walk(shape, document)
        elif len(document):
            self.wrong("the action has no output, but there is some")

    def _unwrap(self, root):
        """The element that holds the output's members."""
        expected = f"{self.operation.name}Response"
        if tag(root) != expected:
            self.wrong(f"the root is {tag(root)} instead of {expected}")
        wanted = self.model.metadata.get("xmlNamespace")
        # EC2's own has a slash at its end that the model has not.
        if wanted and namespace(root).rstrip("/") != wanted.rstrip("/"):
            self.wrong(f"the namespace is {namespace(root)!r} instead of {wanted!r}")
        children = {tag(child): child for child in root}
        if self.protocol == "ec2":
            if "requestId" not in children:
                self.wrong("no requestId")
            else:
                root.remove(children["requestId"])
            return root
        metadata = children.pop("ResponseMetadata", None)
        if metadata is None or [tag(child) for child in metadata] != ["RequestId"]:
            self.wrong("no ResponseMetadata with a RequestId")
        shape = self.operation.output_shape
        wrapper = shape.serialization.get("resultWrapper") if shape is not None else None
        result = children.pop(wrapper, None) if wrapper else ElementTree.Element("none")
        for name in children:
            self.wrong(f"{name} does not belong beside {wrapper}")
        if result is None:
            self.wrong(f"no {wrapper}")
        return result
