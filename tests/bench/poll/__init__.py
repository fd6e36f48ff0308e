"""Polling, measured: feedwatch beside other programs, on the same documents from the same server, one after the other.

`python -m tests.bench.poll.install FOLDER` gets the others, `python -m tests.bench.poll --peers FOLDER` measures.
"""
