"""What every check is given: clients of the simulator, and what they may ask about."""

from contextlib import contextmanager

from botocore.exceptions import ClientError

CHECKS = []


def check(*needs):
    """Adds a check that needs these actions (`ecs:RunTask`). Its name is the sentence that is printed."""

    def add(function):
        CHECKS.append((function, needs))
        return function

    return add


# The accounts of the worlds, as (account, region).
SHORT_DRAMA = ("123456789012", "us-east-1")
AIPM = ("728378229251", "us-east-1")
EUGLENA = ("848960888155", "us-east-2")
DEPOT = ("444455556666", "us-west-2")


class Bench:
    """The simulator and clients for it."""

    def __init__(self, binary, simulator, clients, ledger):
        self.binary, self.simulator, self.clients, self.ledger = binary, simulator, clients, ledger

    def client(self, service, place=SHORT_DRAMA):
        return self.clients.of(service, *place)

    def careless(self, service, place=SHORT_DRAMA):
        """A client that sends whatever it is given."""
        return self.clients.of(service, *place, strict=False)

    def pages(self, call, member, token="nextToken", ask=None, **arguments):
        """All items of all pages."""
        items, answer = [], call(**arguments)
        items += answer.get(member, [])
        while answer.get(token):
            answer = call(**arguments, **{ask or token: answer[token]})
            items += answer.get(member, [])
        return items

    @contextmanager
    def refused(self, *codes, status=None):
        """What is done here must fail with one of these errors."""
        try:
            yield
        except ClientError as error:
            code = error.response["Error"]["Code"]
            assert code in codes, f"refused with {code} instead of {' or '.join(codes)}: {error}"
            found = error.response["ResponseMetadata"]["HTTPStatusCode"]
            assert status in (None, found), f"{code} has the status {found} instead of {status}"
        else:
            raise AssertionError(f"was not refused; {' or '.join(codes)} was due")


def chunks(items, size):
    return [items[start : start + size] for start in range(0, len(items), size)]
