"""The conformance cases of two other parsers, run through ours: `python -m tests.conformance` prints the table.

feedparser's cases say what they expect in a comment, as a Python expression over its own result; gofeed's have the
expected JSON beside them. Each expectation that speaks of a field of ours is asked of our document.
"""
