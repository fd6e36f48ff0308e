"""Who starts the jobs: `run_daemon` has a first cycle, then a clock with a handful of ticks."""

from feedwatch.engine.embedded import FirstCycle, Onlooker, run_daemon

__all__ = ["FirstCycle", "Onlooker", "run_daemon"]
