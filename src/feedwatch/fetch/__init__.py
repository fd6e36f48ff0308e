"""Fetching: a polite HTTP client that never connects to a private address, and when to poll next."""

from feedwatch.fetch.client import Fetched, Fetcher, FetchRequest
from feedwatch.fetch.schedule import PollPlan, Rhythm, plan_next

__all__ = ["FetchRequest", "Fetched", "Fetcher", "PollPlan", "Rhythm", "plan_next"]
