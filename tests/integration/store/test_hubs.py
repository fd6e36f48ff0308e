"""WebSub leases in the database: wanted by what documents say, asked for, confirmed, denied, forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count as numbers
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from feedwatch.store import Store, tables
from feedwatch.store.claims import claim_sources
from feedwatch.store.hub_leases import (
    LeaseRow,
    confirm_lease,
    deny_lease,
    find_lease,
    forget_lease,
    record_disbelief,
    record_push,
)
from feedwatch.store.hubs import (
    Hub,
    HubRequest,
    claim_hubs,
    doubt_hubs,
    has_due_hubs,
    record_request,
    show_hub,
    want_hubs,
)
from tests.integration.store.examples import DAY, HOUR, MINUTE, NOW, US, count, new_source, rows

if TYPE_CHECKING:
    from datetime import datetime, timedelta

HUB = "https://hub.example/"
TOPIC = "https://rthk.example/rss"
NAMED = Hub(HUB, TOPIC)


@dataclass(frozen=True)
class Visit:
    """A visit that read a document, or (hub None) none."""

    source_id: int
    hub: Hub | None


def want(store: Store, *visits: Visit, now: datetime = NOW) -> None:
    """Store what the visits say; the secrets made are s1, s2, ... of those still free."""
    taken = count(store, tables.HubLease)
    made = numbers(100 * taken + 1)
    with store.begin() as session:
        want_hubs(session, visits, now, new_secret=lambda: f"s{next(made)}")


def wait(attempts: int) -> timedelta:
    return attempts * MINUTE


def claim(store: Store, now: datetime = NOW, limit: int = 100) -> list[HubRequest]:
    with store.begin() as session:
        return claim_hubs(session, now, limit=limit, wait=wait)


def ask(store: Store, now: datetime = NOW) -> HubRequest:
    (request,) = claim(store, now)
    return request


def confirm(store: Store, request: HubRequest, now: datetime = NOW) -> bool:
    with store.begin() as session:
        return confirm_lease(session, request.token, lease_until=now + 10 * DAY, renew_at=now + 8 * DAY)


def lease(store: Store, *columns: str) -> Any:
    (row,) = rows(store, tables.HubLease, *columns)
    return row


def change(store: Store, **values: Any) -> None:
    with store.begin() as session:
        session.execute(sa.update(tables.Source).values(values))


@pytest.fixture
def source(store: Store) -> int:
    return new_source(store)


@pytest.fixture
def active(store: Store, source: int) -> HubRequest:
    want(store, Visit(source, NAMED))
    request = ask(store)
    assert confirm(store, request)
    return request


class TestAHub:
    def test_named_for_the_first_time_is_wanted_at_once_under_a_token_and_secret_of_its_own(
        self, store: Store, source: int
    ) -> None:
        other = new_source(store, "scmp")
        want(store, Visit(source, NAMED), Visit(other, Hub(HUB, "https://scmp.example/rss")))
        found = rows(store, tables.HubLease, "source_id", "hub", "topic", "token", "secret", "state", "next_attempt_at")
        assert found == [
            (source, HUB, TOPIC, "s1", "s2", "wanted", NOW),
            (other, HUB, "https://scmp.example/rss", "s3", "s4", "wanted", NOW),
        ]

    def test_by_default_gets_secrets_that_nobody_guesses(self, store: Store, source: int) -> None:
        with store.begin() as session:
            want_hubs(session, [Visit(source, NAMED)], NOW)
        token, secret = lease(store, "token", "secret")
        assert len(token) == len(secret) == 43  # 256 bits, and below the 200 bytes of WebSub 5.1
        assert token != secret

    @pytest.mark.parametrize(
        "visits",
        [
            pytest.param([NAMED], id="named again"),
            pytest.param([None], id="nothing read"),
            pytest.param([NAMED, None, NAMED], id="on several visits"),
        ],
    )
    def test_named_as_before_changes_nothing(self, store: Store, active: HubRequest, visits: list[Hub | None]) -> None:
        before = lease(store, *tables.HubLease.__table__.columns.keys())
        for hub in visits:
            want(store, Visit(active.source_id, hub), now=NOW + HOUR)
        assert lease(store, *tables.HubLease.__table__.columns.keys()) == before

    @pytest.mark.parametrize("named", [Hub("https://other.example/", TOPIC), Hub(HUB, "https://rthk.example/atom")])
    def test_or_topic_named_anew_is_wanted_from_the_beginning(
        self, store: Store, active: HubRequest, named: Hub
    ) -> None:
        want(store, Visit(active.source_id, named), now=NOW + HOUR)
        found = lease(store, "hub", "topic", "state", "lease_until", "next_attempt_at", "attempts")
        assert found == (named.url, named.topic, "wanted", None, NOW + HOUR, 0)
        assert lease(store, "token") != active.token
        assert lease(store, "secret") != active.secret

    def test_no_longer_named_is_unwanted_and_asked_to_let_go(self, store: Store, active: HubRequest) -> None:
        want(store, Visit(active.source_id, Hub(None, TOPIC)), now=NOW + HOUR)
        assert lease(store, "state", "lease_until") == ("unwanted", None)
        request = ask(store, NOW + HOUR)
        assert (request.mode, request.hub, request.topic, request.token) == ("unsubscribe", HUB, TOPIC, active.token)

    def test_no_longer_named_before_it_was_asked_is_forgotten(self, store: Store, source: int) -> None:
        want(store, Visit(source, NAMED))
        want(store, Visit(source, Hub(None, TOPIC)))
        assert count(store, tables.HubLease) == 0

    def test_named_again_after_all_is_wanted_under_another_token(self, store: Store, active: HubRequest) -> None:
        want(store, Visit(active.source_id, Hub(None, TOPIC)))
        want(store, Visit(active.source_id, NAMED))
        assert lease(store, "state") == "wanted"
        assert lease(store, "token") != active.token

    @pytest.mark.parametrize(
        "hub",
        [
            Hub("ftp://hub.example/", TOPIC),
            Hub("javascript:alert(1)", TOPIC),
            Hub("", TOPIC),
            Hub(HUB, "file:///etc/passwd"),
            Hub(HUB, ""),
            Hub(HUB + "x" * 2000, TOPIC),
        ],
    )
    def test_that_is_none_is_none(self, store: Store, source: int, hub: Hub) -> None:
        want(store, Visit(source, hub))
        assert count(store, tables.HubLease) == 0


class TestARequest:
    def test_is_due_at_once_and_claimed_once(self, store: Store, source: int) -> None:
        want(store, Visit(source, NAMED))
        with store.read() as session:
            assert has_due_hubs(session, NOW)
        assert claim(store) == [HubRequest(source, "rthk", HUB, TOPIC, "s1", "s2", "subscribe", 1)]
        assert claim(store) == []
        with store.read() as session:
            assert not has_due_hubs(session, NOW)
        assert lease(store, "state", "attempts", "next_attempt_at") == ("asked", 1, NOW + MINUTE)

    def test_shows_no_secret(self, store: Store, source: int) -> None:
        want(store, Visit(source, NAMED))
        assert "s1" not in repr(ask(store))
        assert "s2" not in repr(ask(store, NOW + MINUTE))

    def test_that_waits_longest_goes_first(self, store: Store) -> None:
        ids = [new_source(store, name) for name in ("aa", "bb", "cc")]
        for minutes, source_id in zip((3, 1, 2), ids, strict=True):
            want(store, Visit(source_id, Hub(HUB, f"https://{source_id}.example/")), now=NOW + minutes * MINUTE)
        assert [request.source for request in claim(store, NOW + HOUR, limit=2)] == ["bb", "cc"]

    def test_without_an_answer_is_sent_again_later_and_later(self, store: Store, source: int) -> None:
        want(store, Visit(source, NAMED))
        now, waits = NOW, []
        for attempt in range(1, 5):
            assert ask(store, now).attempt == attempt
            waits.append(lease(store, "next_attempt_at") - now)
            now = lease(store, "next_attempt_at")
        assert waits == [MINUTE, 2 * MINUTE, 3 * MINUTE, 4 * MINUTE]

    def test_that_was_refused_says_why_and_waits(self, store: Store, source: int) -> None:
        want(store, Visit(source, NAMED))
        request = ask(store)
        with store.begin() as session:
            record_request(session, request, error="the hub is tired", again_at=NOW + HOUR)
        assert lease(store, "state", "last_error", "next_attempt_at") == ("asked", "the hub is tired", NOW + HOUR)

    def test_that_is_verified_before_it_is_answered_stays_verified(self, store: Store, active: HubRequest) -> None:
        with store.begin() as session:
            record_request(session, active, error="HTTP 500", again_at=NOW + MINUTE)
        assert lease(store, "state", "last_error", "next_attempt_at") == ("active", None, NOW + 8 * DAY)

    def test_to_let_go_is_sent_three_times_and_forgotten(self, store: Store, active: HubRequest) -> None:
        want(store, Visit(active.source_id, Hub(None, TOPIC)))
        sent = [ask(store, NOW + hours * HOUR).mode for hours in range(3)]
        assert sent == ["unsubscribe"] * 3
        assert claim(store, NOW + 3 * HOUR) == []
        assert count(store, tables.HubLease) == 0

    def test_of_a_disabled_source_is_to_let_go(self, store: Store, active: HubRequest) -> None:
        change(store, enabled=False)
        request = ask(store, NOW + 8 * DAY)
        assert (request.mode, request.attempt) == ("unsubscribe", 1)
        assert lease(store, "state", "lease_until") == ("unwanted", None)

    def test_that_was_never_sent_of_a_disabled_source_is_forgotten(self, store: Store, source: int) -> None:
        want(store, Visit(source, NAMED))
        change(store, enabled=False)
        assert claim(store) == []
        assert count(store, tables.HubLease) == 0


class TestALease:
    def test_that_is_verified_lasts_and_is_renewed_under_the_same_token(self, store: Store, active: HubRequest) -> None:
        found = lease(store, "state", "lease_until", "next_attempt_at", "attempts", "last_error")
        assert found == ("active", NOW + 10 * DAY, NOW + 8 * DAY, 0, None)
        renewal = ask(store, NOW + 8 * DAY)
        assert (renewal.mode, renewal.token, renewal.attempt) == ("subscribe", active.token, 1)
        assert lease(store, "state") == "active"  # goes on while the hub thinks about it
        assert confirm(store, renewal, NOW + 8 * DAY)
        assert lease(store, "lease_until", "attempts") == (NOW + 18 * DAY, 0)

    def test_that_ended_unrenewed_is_asked_for_anew(self, store: Store, active: HubRequest) -> None:
        assert ask(store, NOW + 11 * DAY).mode == "subscribe"
        assert lease(store, "state") == "asked"

    def test_that_is_no_longer_wanted_cannot_be_verified(self, store: Store, active: HubRequest) -> None:
        want(store, Visit(active.source_id, Hub(None, TOPIC)))
        assert not confirm(store, active)
        assert lease(store, "state") == "unwanted"

    def test_that_is_denied_says_why_and_is_asked_for_later(self, store: Store, active: HubRequest) -> None:
        with store.begin() as session:
            deny_lease(session, active.token, reason="no such topic", again_at=NOW + DAY)
        found = lease(store, "state", "lease_until", "last_error", "next_attempt_at")
        assert found == ("denied", None, "no such topic", NOW + DAY)
        assert ask(store, NOW + DAY).attempt == 1
        assert lease(store, "state") == "asked"

    def test_is_found_by_its_token_alone(self, store: Store, active: HubRequest) -> None:
        with store.read() as session:
            found = find_lease(session, active.token)
            assert find_lease(session, "s9") is find_lease(session, "") is None
        assert found == LeaseRow(active.source_id, "rthk", True, HUB, TOPIC, active.token, active.secret, "active")
        assert active.token not in repr(found)
        assert active.secret not in repr(found)

    def test_is_shown_without_its_secrets(self, store: Store, active: HubRequest) -> None:
        with store.read() as session:
            shown = show_hub(session, active.source_id)
            assert show_hub(session, 99) is None
        assert shown is not None
        assert (shown.hub, shown.topic, shown.state) == (HUB, TOPIC, "active")
        assert (shown.lease_until, shown.next_attempt_at) == (NOW + 10 * DAY, NOW + 8 * DAY)
        assert (shown.attempts, shown.last_pushed_at, shown.last_error) == (0, None, None)

    def test_is_forgotten_when_the_hub_let_go(self, store: Store, active: HubRequest) -> None:
        with store.begin() as session:
            forget_lease(session, active.token)
        assert count(store, tables.HubLease) == 0


class TestASourceIsPushed:
    """What its poll is told, by which it may come less often."""

    def is_pushed(self, store: Store, now: datetime = NOW) -> bool:
        change(store, next_poll_at=NOW, lease_until=None)
        with store.begin() as session:
            (claimed,) = claim_sources(session, owner=US, now=now, lease=MINUTE, limit=1)
        return claimed.is_pushed

    def push(
        self, store: Store, request: HubRequest, pushed_at: datetime | None = NOW, error: str | None = None
    ) -> None:
        with store.begin() as session:
            record_push(session, request.token, pushed_at=pushed_at, error=error)

    def test_not_before_the_first_push(self, store: Store, active: HubRequest) -> None:
        assert not self.is_pushed(store)
        self.push(store, active)
        assert self.is_pushed(store)

    def test_not_after_the_lease(self, store: Store, active: HubRequest) -> None:
        self.push(store, active)
        assert self.is_pushed(store, NOW + 10 * DAY - MINUTE)
        assert not self.is_pushed(store, NOW + 10 * DAY + MINUTE)

    def test_not_after_a_push_that_cannot_be_read(self, store: Store, active: HubRequest) -> None:
        self.push(store, active)
        self.push(store, active, None, "is no feed")
        assert not self.is_pushed(store)
        assert lease(store, "last_error") == "is no feed"

    def test_not_once_a_poll_found_what_was_not_pushed(self, store: Store, active: HubRequest) -> None:
        self.push(store, active)
        with store.begin() as session:
            doubt_hubs(session, [active.source_id, 99])
        assert not self.is_pushed(store)
        self.push(store, active)
        assert self.is_pushed(store)

    def test_still_after_something_unsigned(self, store: Store, active: HubRequest) -> None:
        self.push(store, active)
        with store.begin() as session:
            record_disbelief(session, active.token, "bore a wrong signature")
        assert self.is_pushed(store)
        assert lease(store, "last_error") == "bore a wrong signature"

    @pytest.mark.parametrize("how", ["denied", "unwanted"])
    def test_not_by_a_hub_that_will_not(self, store: Store, active: HubRequest, how: str) -> None:
        self.push(store, active)
        if how == "unwanted":
            want(store, Visit(active.source_id, Hub(None, TOPIC)))
        else:
            with store.begin() as session:
                deny_lease(session, active.token, reason="no", again_at=NOW + DAY)
        assert not self.is_pushed(store)
