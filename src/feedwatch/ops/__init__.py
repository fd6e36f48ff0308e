"""Running it: logs."""

from feedwatch.ops.log import set_up_logging

__all__ = ["set_up_logging"]
