"""The use-cases that a clock, a queue or a person starts: poll, digest, deliver, provision, housekeeping.

Each takes a `JobContext` (jobs/context.py), the parts that jobs work with, and returns a value that tells what came of
it. Nothing is imported here: worker processes load `jobs.prepare`, and must not load what polls and the database need.
"""
