"""Makes requests that break a service model, one constraint at a time.

Each member that an operation takes, however deep, is broken in each way that its shape
forbids: left out, too short, too long, too small, too large, of no value of the enum, with
a character that the pattern does not have, of another type. All else in the request is as
the model wants it.
"""

import re

# The largest whole number; nothing is beyond it that a client could send.
LARGEST = 2**31 - 1
# A text that does not match, by the model's pattern.
STRANGERS = {
    r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)": "a*b",
    r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*": "a\u0001b",
    r"[\.\-_/#A-Za-z0-9]+": "a b",
    r"[^:*]*": "a:b",
    r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$": "a*b",
    r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$": "a*b",
}
# What a member must be though the model says it in words alone.
IN_WORDS = {"sizeInGiB": 30, "TableName": "conformance"}
# Of another type than these.
OTHER = {"string": 7, "integer": "seven", "long": "seven", "double": "seven", "float": "seven", "boolean": "perhaps"}
OTHER |= {"structure": "text", "list": "text", "map": "text"}


class Violation:
    """A request that breaks one thing."""

    def __init__(self, operation, path, kind, request):
        self.operation, self.path, self.kind, self.request = operation, path, kind, request

    @property
    def member(self):
        """The name of the member that is broken."""
        return re.sub(r"\[\]|\{.\}", "", self.path).rpartition(".")[2]

    def __str__(self):
        return f"{self.operation} {self.path} {self.kind}"


def least(shape, name=""):
    """The smallest value that the model allows."""
    kind, bounds = shape.type_name, shape.metadata
    if name in IN_WORDS:
        return IN_WORDS[name]
    if shape.name == "AttributeValue":
        # A union, though the model does not say so.
        return {"S": "a"}
    if kind == "structure":
        return {member: least(shape.members[member], member) for member in shape.required_members}
    if kind == "list":
        return [least(shape.member) for _ in range(bounds.get("min", 0))]
    if kind == "map":
        return entries(shape, bounds.get("min", 0))
    if kind == "string":
        return bounds["enum"][0] if "enum" in bounds else "a" * max(1, bounds.get("min", 1))
    if kind == "boolean":
        return False
    if kind == "blob":
        return b""
    return int(bounds.get("min", 1))


def entries(shape, count):
    """So many entries of a map."""
    return {f"{number:02}": least(shape.value) for number in range(count)}


def broken(shape):
    """Values that break the constraints of a shape itself, with what they break."""
    kind, bounds = shape.type_name, shape.metadata
    lowest, highest = (int(bounds[bound]) if bound in bounds else None for bound in ("min", "max"))
    if kind == "string":
        if "enum" in bounds:
            yield "enum", "NO_SUCH_VALUE"
        if lowest:
            yield "min", "a" * (lowest - 1)
        if highest and highest < LARGEST:
            yield "max", "a" * (highest + 1)
        if "pattern" in bounds:
            yield "pattern", STRANGERS[bounds["pattern"]]
    elif kind in ("integer", "long", "double", "float"):
        if lowest is not None:
            yield "min", lowest - 1
        if highest is not None and highest < LARGEST:
            yield "max", highest + 1
    elif kind == "list":
        if lowest:
            yield "min", [least(shape.member)] * (lowest - 1)
        if highest is not None and highest < LARGEST:
            yield "max", [least(shape.member)] * (highest + 1)
    elif kind == "map":
        if lowest:
            yield "min", entries(shape, lowest - 1)
        if highest is not None and highest < LARGEST:
            yield "max", entries(shape, highest + 1)


def within(shape, path, around, types, seen=frozenset()):
    """All violations at or below a shape: (path, kind, request); `around` builds the request around a value."""
    for kind, value in broken(shape):
        yield path, kind, around(value)
    if types and path and shape.type_name in OTHER and not shape.metadata.get("document"):
        yield path, "type", around(OTHER[shape.type_name])
    if shape.name in seen:
        return
    seen |= {shape.name}
    if shape.type_name == "structure":
        base = {} if shape.name == "AttributeValue" else least(shape)
        for member in shape.required_members:
            yield f"{path}.{member}", "missing", around({name: value for name, value in base.items() if name != member})
        for member, below in shape.members.items():
            put = lambda value, member=member: around({**base, member: value})
            yield from within(below, f"{path}.{member}", put, types, seen)
    elif shape.type_name == "list":
        # As many as there must be, the broken one first.
        rest = [least(shape.member)] * (shape.metadata.get("min", 1) - 1)
        yield from within(shape.member, f"{path}[]", lambda value: around([value, *rest]), types, seen)
    elif shape.type_name == "map":
        rest = entries(shape, shape.metadata.get("min", 1) - 1)
        # JSON has no keys of another type.
        yield from within(shape.key, f"{path}{{k}}", lambda key: around({**rest, key: least(shape.value)}), False, seen)
        key = least(shape.key)
        yield from within(shape.value, f"{path}{{v}}", lambda value: around({**rest, key: value}), types, seen)


def violations(model, operation, types=False):
    """The requests of an operation that each break one thing; those of other types too, if wanted."""
    shape = model.operation_model(operation).input_shape
    for path, kind, request in within(shape, "", lambda value: value, types):
        yield Violation(operation, path.lstrip("."), kind, request)
