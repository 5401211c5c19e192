"""The checks, in the order in which they run. Every expectation is read through boto3 when the check runs."""

from checks import reads, logs, writes, console, actions, calls  # noqa: F401 (each adds its checks)
