"""The plan's values, under the room's own name; see `feedwatch.plan`, which the store reads as well."""

from __future__ import annotations

from feedwatch.plan import (
    EVERYTHING,
    NOTHING,
    AllOf,
    AnyOf,
    Everything,
    HasFact,
    HasPrefix,
    HasToken,
    Plan,
)

__all__ = ["EVERYTHING", "NOTHING", "AllOf", "AnyOf", "Everything", "HasFact", "HasPrefix", "HasToken", "Plan"]
