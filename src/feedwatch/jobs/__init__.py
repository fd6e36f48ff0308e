"""The use-cases that a clock, a queue or a person starts: poll, digest, deliver, provision, housekeeping.

Each takes a `JobContext`, the parts that jobs work with, and returns a value that tells what came of it.
"""

from feedwatch.jobs.context import JobContext, open_context

__all__ = ["JobContext", "open_context"]
