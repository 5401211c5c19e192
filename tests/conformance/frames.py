"""Reads an event stream beside the client that consumes it, and checks every frame."""

import json

from botocore.eventstream import EventStreamBuffer


class Tee:
    """A response's body that shows a second reader what passes through."""

    def __init__(self, body, sight):
        self.body, self.sight = body, sight
        self.buffer = EventStreamBuffer()
        self.count = 0
        output = sight.operation.output_shape
        self.name, self.events = next(
            (name, member) for name, member in output.members.items() if member.serialization.get("eventstream")
        )

    def stream(self, *arguments, **more):
        for chunk in self.body.stream(*arguments, **more):
            # The buffer checks lengths and checksums.
            self.buffer.add_data(chunk)
            for frame in self.buffer:
                self._check(frame)
            yield chunk

    def close(self):
        self.body.close()

    def _check(self, frame):
        self.count += 1
        kind, event = frame.headers.get(":message-type"), frame.headers.get(":event-type")
        where = f"{self.sight.where} frame {event or kind}"
        walker = self.sight.walker(where)
        if self.count == 1 and event != "initial-response":
            walker.wrong("", "the first frame is not the initial response")
        try:
            document = json.loads(frame.payload or b"{}")
        except ValueError as error:
            walker.wrong("", f"the payload is not JSON: {error}")
            return
        if kind == "exception":
            event = frame.headers.get(":exception-type")
        elif kind != "event":
            walker.wrong("", f":message-type is {kind!r}")
        if event == "initial-response":
            shape = self.sight.operation.output_shape
            for name in document:
                if name not in shape.members or name == self.name:
                    walker.wrong(f".{name}", f"is no member of {shape.name}")
        elif event in self.events.members:
            self.sight.ledger.saw_member(self.sight.service, self.events, event)
            walker.walk(self.events.members[event], document)
        else:
            walker.wrong("", f"is no member of {self.events.name}")
