"""What was checked, and what was wrong with it."""


class Ledger:
    """Counts what the models were held against, and keeps what did not fit them."""

    def __init__(self):
        self.problems = []
        self.shapes = set()
        self.members = set()
        self.values = 0
        self.answers = 0
        # How often each operation was answered with success, and with an error.
        self.successes = {}
        self.errors = {}

    def wrong(self, where, what):
        problem = f"{where}: {what}"
        if problem not in self.problems:
            self.problems.append(problem)

    def saw(self, service, shape):
        self.values += 1
        self.shapes.add((service, shape.name))

    def saw_member(self, service, shape, member):
        self.members.add((service, shape.name, member))

    def answered(self, service, operation, success):
        self.answers += 1
        counts = self.successes if success else self.errors
        counts[service, operation] = counts.get((service, operation), 0) + 1

    def summary(self):
        operations = set(self.successes) | set(self.errors)
        return (
            f"{self.answers} answers of {len(operations)} operations held against botocore's models: "
            f"{len(self.shapes)} shapes, {len(self.members)} members, {self.values} values"
        )
