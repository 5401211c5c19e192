"""Holds errors against the models: the code's shape, its members and its status."""

import re

from walk_xml import tag

# Errors that the framework beneath every service has, which no model names.
COMMON = {
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "DryRunOperation",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InternalFailure",
    "InternalServerError",
    "InvalidAction",
    "InvalidClientTokenId",
    "InvalidParameterValue",
    "InvalidSignatureException",
    "MalformedQueryString",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "MissingParameter",
    "MissingAction",
    "RequestExpired",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SerializationException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "Throttling",
    "ThrottlingException",
    "UnauthorizedOperation",
    "UnknownOperationException",
    "UnknownParameter",
    "UnrecognizedClientException",
    "ValidationError",
    "ValidationException",
}
# What SQS's errors were called in the query protocol, where it was otherwise
# (the `awsQueryError` traits of its Smithy model; botocore's has lost them).
QUERY_CODES = {
    "MessageNotInflight": "AWS.SimpleQueueService.MessageNotInflight",
    "QueueDeletedRecently": "AWS.SimpleQueueService.QueueDeletedRecently",
    "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
    "QueueNameExists": "QueueAlreadyExists",
    "UnsupportedOperation": "AWS.SimpleQueueService.UnsupportedOperation",
}
# EC2's model names no errors; its codes have this form.
EC2 = re.compile(r"[A-Z][A-Za-z0-9]+(\.[A-Z][A-Za-z0-9]*)*")


def check(sight, document):
    """Checks the body of an answer that is an error."""
    if sight.status < 400:
        sight.wrong("is neither a success nor an error")
        return
    if sight.protocol in ("query", "ec2"):
        _check_xml(sight, document)
    else:
        _check_document(sight, document)


def short(code):
    """`com.amazonaws.sqs#QueueDoesNotExist` and `X:http://…` name X."""
    return code.rpartition("#")[2].partition(":")[0]


def shape_of(sight, code):
    """The shape of an error, when the model has one for the operation."""
    shapes = {shape.name: shape for shape in sight.operation.error_shapes}
    for shape in list(shapes.values()):
        shapes[shape.error_code] = shape
    if code in shapes:
        return shapes[code]
    known = EC2.fullmatch(code) if sight.protocol == "ec2" else code in COMMON
    if not known:
        elsewhere = sight.model.shape_for_error_code(code) is not None
        sight.wrong(f"the error {code} is not one of the operation's" + (", though of the service's" if elsewhere else ""))
    return None


def _check_status(sight, shape):
    wanted = shape.metadata.get("error", {}).get("httpStatusCode")
    if shape.metadata.get("fault"):
        wanted = wanted or 500
    if wanted and wanted != sight.status:
        sight.wrong(f"the status of {shape.name} is {wanted}")


def _check_document(sight, document):
    if not isinstance(document, dict) or not isinstance(document.get("__type"), str):
        sight.wrong(f"the error has no __type: {document!r:.80}")
        return
    code = short(document["__type"])
    sight.where += f" {code}"
    members = {name: value for name, value in document.items() if name != "__type"}
    if not members.get("message", members.get("Message")):
        sight.wrong("the error says nothing")
    shape = shape_of(sight, code)
    if shape is None:
        for name in members:
            if name not in ("message", "Message", "Code", "Reason", "Type"):
                sight.wrong(f"{name} is a member of no error that all services share")
    else:
        _check_status(sight, shape)
        spoken = {name.lower() for name in shape.members}
        sight.walker().walk(shape, {name: value for name, value in members.items() if name != "message" or "message" in spoken})
    if sight.model.metadata.get("awsQueryCompatible") is not None:
        _check_query_error(sight, code, shape)


def _check_query_error(sight, code, shape):
    """Services that once spoke the query protocol tell that protocol's code in a header."""
    header = sight.headers.get("x-amzn-query-error", "")
    old, _, fault = header.partition(";")
    # The framework's own errors were called otherwise there, which no model tells.
    wanted = QUERY_CODES.get(code, shape.error_code) if shape is not None else old
    if not old or old != wanted or fault not in ("Sender", "Receiver"):
        sight.wrong(f"x-amzn-query-error is {header!r} for {wanted or code}")


def _check_xml(sight, root):
    if sight.protocol == "ec2":
        error, request_id = root.find("./Errors/Error"), root.find("./RequestID")
        layout = "Response/Errors/Error"
    else:
        space = {"": root.tag.partition("}")[0].lstrip("{")}
        error, request_id = root.find("./Error", space), root.find("./RequestId", space)
        layout = "ErrorResponse/Error"
    if tag(root) != layout.partition("/")[0] or error is None or request_id is None or not request_id.text:
        sight.wrong(f"the error is not laid out as {layout} with a request id")
        return
    parts = {tag(part): part.text for part in error}
    code = parts.get("Code") or ""
    sight.where += f" {code}"
    if not parts.get("Message"):
        sight.wrong("the error says nothing")
    if sight.protocol == "query" and parts.get("Type") not in ("Sender", "Receiver"):
        sight.wrong(f"the error's type is {parts.get('Type')!r}, not Sender or Receiver")
    for name in set(parts) - {"Code", "Message", "Type"}:
        sight.wrong(f"the error has the further member {name}")
    shape = shape_of(sight, code)
    if shape is not None:
        sight.ledger.saw(sight.service, shape)
        _check_status(sight, shape)
