"""The commands: thin, they call use-cases and print. Exit codes: 0 fine, 1 the work failed, 2 the call was wrong."""

from feedwatch.cli.app import main

__all__ = ["main"]
