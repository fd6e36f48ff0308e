"""Digests: when one is due, which stories it tells and in which order, and how it reads.

`compose` makes an edition from what the store found, `Renderer` a mail from an edition.
"""

from feedwatch.digest.edition import compose
from feedwatch.digest.render import Renderer, shipped_templates
from feedwatch.digest.schedule import Schedule, next_due, parse_schedule

__all__ = ["Renderer", "Schedule", "compose", "next_due", "parse_schedule", "shipped_templates"]
