"""Fetching: a polite HTTP client that never connects to a private address, and when to poll next."""

from feedwatch.fetch.answer import Fetched
from feedwatch.fetch.client import Fetcher
from feedwatch.fetch.request import Access, FetchRequest
from feedwatch.fetch.schedule import Advice, PollHistory, PollPlan, Rhythm, next_pace, pace_of, plan_next

__all__ = [
    "Access",
    "Advice",
    "FetchRequest",
    "Fetched",
    "Fetcher",
    "PollHistory",
    "PollPlan",
    "Rhythm",
    "next_pace",
    "pace_of",
    "plan_next",
]
