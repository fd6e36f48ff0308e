"""A bounce is recorded by indexes alone, however many mails were sent and came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from feedwatch.store import tables
from feedwatch.store.bounces import NewBounce, forgive_bounces, record_bounce
from tests.integration.store.bounced import UNKNOWN
from tests.integration.store.examples import DAY, NOW
from tests.integration.store.test_plans import plans, read_whole

if TYPE_CHECKING:
    from feedwatch.store import Store

A7 = ("a7@example.org",)


def fill(store: Store, count: int) -> None:
    """So many subscribers, each with a subscription, an edition, a delivery, and a bounce of that."""
    numbers = range(1, count + 1)
    rows: dict[type[tables.Base], list[dict[str, object]]] = {
        tables.Subscriber: [
            {"id": n, "name": "Ada", "email": f"a{n}@example.org", "email_key": f"a{n}@example.org", "timezone": "UTC",
             "locale": "en", "declared": True, "enabled": True, "paused": False, "added_at": NOW} for n in numbers
        ],
        tables.Subscription: [
            {"id": n, "subscriber_id": n, "name": "Digest", "schedule": "daily", "all_watchlists": True,
             "declared": True, "enabled": True, "next_due_at": NOW, "window_start": NOW} for n in numbers
        ],
        tables.Body: [{"id": 1, "digest": "1", "subject": "", "html": "", "text": ""}],
        tables.Edition: [
            {"id": n, "subscription_id": n, "due_at": NOW, "window_start": NOW, "window_end": NOW, "story_count": 1,
             "body_id": 1} for n in numbers
        ],
        tables.Delivery: [
            {"id": n, "edition_id": n, "body_id": 1, "address": f"a{n}@example.org", "message_id": f"<{n}@f.example>",
             "state": "sent", "attempts": 1, "created_at": NOW, "waiting_since": NOW, "next_attempt_at": NOW,
             "sent_at": NOW} for n in numbers
        ],
        tables.Bounce: [
            {"id": n, "fingerprint": f"{n}", "address": f"a{n}@example.org", "address_key": f"a{n}@example.org",
             "at": NOW, "is_hard": True, "status": "5.1.1", "reason": "", "message_id": f"<{n}@f.example>"}
            for n in numbers
        ],
    }  # fmt: skip
    with store.begin() as session:
        for table, values in rows.items():
            session.execute(sa.insert(table), values)
        if not store.is_sqlite:
            session.execute(sa.text("SELECT setval('bounces_id_seq', (SELECT max(id) FROM bounces))"))
            session.execute(sa.text("ANALYZE"))


@pytest.mark.parametrize(
    "bounce",
    [
        NewBounce("hard", A7, "5.1.1", UNKNOWN, "<7@f.example>"),
        NewBounce("hard", A7, "5.1.1", UNKNOWN, None, is_trusted=True),
    ],
    ids=["named", "told"],
)
def test_no_large_table_is_read_whole_to_record_a_bounce(bounce: NewBounce, store: Store) -> None:
    fill(store, 3000)
    plan = plans(store, lambda session: record_bounce(session, bounce, NOW + 3 * DAY, 1))
    assert read_whole(plan) == set(), plan
    assert "ix_bounces_address_key_at" in plan and "ix_deliveries" not in plan, plan


def test_no_large_table_is_read_whole_to_forgive_an_address(store: Store) -> None:
    fill(store, 3000)
    plan = plans(store, lambda session: forgive_bounces(session, "a7@example.org"))
    assert read_whole(plan) == set(), plan
