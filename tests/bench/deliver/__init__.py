"""Delivery, measured: personal editions made and mailed by feedwatch's daemon, beside a newsletter's sender.

`python -m tests.bench.deliver.install FOLDER` gets the others, `python -m tests.bench.deliver --peers FOLDER` measures.
"""
