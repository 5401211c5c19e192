"""The checks, one file a service; the order of the files is that of the run."""

from . import ecs, ecs_writes, logs, sqs, dynamo, metrics, balancing, around, bounds, constraints, worst, mistakes, cli  # noqa: F401
