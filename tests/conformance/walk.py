"""Holds a decoded JSON or CBOR document against a shape of a botocore model.

Nothing passes that the model does not name: an unknown member, a member that is
null, a required one that is missing, another type, a value outside its enum.
"""

import base64
import binascii
import datetime
import re

# Moments outside are in the wrong unit: milliseconds where seconds belong, or the other way round.
EARLIEST = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
LATEST = datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc)
RANGES = {"integer": 2**31, "long": 2**63}


class Walker:
    """One document of one service, on its way through the shapes."""

    def __init__(self, ledger, service, where, binary=False):
        self.ledger, self.service, self.where = ledger, service, where
        # CBOR has bytes and moments of its own; JSON has only strings and numbers for them.
        self.binary = binary

    def wrong(self, path, what):
        self.ledger.wrong(f"{self.where} {path}".rstrip(), what)

    def walk(self, shape, value, path=""):
        self.ledger.saw(self.service, shape)
        if value is None:
            self.wrong(path, "is null; what is not there is left out")
            return
        if getattr(shape, "is_document_type", False):
            return
        getattr(self, shape.type_name, self._unknown_type)(shape, value, path)

    def _unknown_type(self, shape, value, path):
        self.wrong(path, f"the model has the type {shape.type_name}, which this run does not know")

    def _is(self, kind, shape, value, path):
        # In Python a bool is an int.
        if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
            return True
        self.wrong(path, f"is {type(value).__name__} {value!r:.60}, not a {shape.type_name}")
        return False

    def structure(self, shape, value, path):
        if not self._is(dict, shape, value, path):
            return
        names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        for name in value:
            if name not in names:
                self.wrong(f"{path}.{name}", f"is no member of {shape.name}")
                continue
            self.ledger.saw_member(self.service, shape, name)
            self.walk(shape.members[names[name]], value[name], f"{path}.{name}")
        for name in shape.required_members:
            if shape.members[name].serialization.get("name", name) not in value:
                self.wrong(path, f"has no {name}, which {shape.name} requires")
        if getattr(shape, "is_tagged_union", False) and len(value) != 1:
            self.wrong(path, f"has {len(value)} members; {shape.name} is a union of which one is there")

    def list(self, shape, value, path):
        if self._is(list, shape, value, path):
            for item in value:
                self.walk(shape.member, item, f"{path}[]")

    def map(self, shape, value, path):
        if self._is(dict, shape, value, path):
            for key, item in value.items():
                self.walk(shape.key, key, f"{path}{{}}")
                self.walk(shape.value, item, f"{path}.{key}")

    def string(self, shape, value, path):
        if self._is(str, shape, value, path) and shape.enum and value not in shape.enum:
            self.wrong(path, f"is {value!r}, which is not in the enum {shape.name}")

    character = string

    def integer(self, shape, value, path):
        if self._is(int, shape, value, path) and not -RANGES[shape.type_name] <= value < RANGES[shape.type_name]:
            self.wrong(path, f"is {value}, too large for {shape.type_name}")

    long = integer

    def float(self, shape, value, path):
        self._is((int, float), shape, value, path)

    double = float

    def boolean(self, shape, value, path):
        self._is(bool, shape, value, path)

    def blob(self, shape, value, path):
        if self.binary:
            self._is(bytes, shape, value, path)
        elif self._is(str, shape, value, path):
            try:
                base64.b64decode(value, validate=True)
            except binascii.Error:
                self.wrong(path, "is not base64")

    def timestamp(self, shape, value, path):
        if self.binary:
            if self._is(datetime.datetime, shape, value, path):
                self._plausible(value, path)
        elif shape.serialization.get("timestampFormat", "unixTimestamp") == "unixTimestamp":
            if self._is((int, float), shape, value, path):
                self._plausible_seconds(value, path)
        elif self._is(str, shape, value, path):
            self._plausible_text(value, path)

    def _plausible_seconds(self, value, path):
        if not EARLIEST.timestamp() <= value < LATEST.timestamp():
            self.wrong(path, f"is {value}, which is no moment of this century in seconds")

    def _plausible_text(self, value, path):
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value):
            self.wrong(path, f"is {value!r}, not a moment in ISO 8601")
            return
        self._plausible(datetime.datetime.fromisoformat(re.sub(r"\.\d+", "", value).replace("Z", "+00:00")), path)

    def _plausible(self, value, path):
        if value.tzinfo is None or not EARLIEST <= value < LATEST:
            self.wrong(path, f"is {value}, which is no moment of this century")
