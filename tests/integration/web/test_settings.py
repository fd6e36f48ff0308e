"""The settings page: what a subscriber changes by themselves, and what is the admin's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from feedwatch.jobs.provision import due_after
from feedwatch.settings import SignupSettings
from feedwatch.store import tables
from feedwatch.store.subscriber_changes import SubscriberState, subscriber_of
from feedwatch.store.subscribers import SubscriberSpec, SubscriptionSpec, add_subscriber
from tests.integration.web.pages import Pages, open_pages, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from feedwatch.store import Store

ANN, LIN = 3, 1
"""Ann is added by hand and may change what she gets; Lin and Mei are declared."""


@pytest.fixture
def ann(pages: Pages) -> Pages:
    """The pages, with Ann: `Daily` (4) of Chips, `Weekly` (5) of everything."""
    subscriptions = (
        SubscriptionSpec("Daily", "daily", ("Chips",), first_at_once=False),
        SubscriptionSpec("Weekly", "30 9 * * fri", first_at_once=False),
    )
    spec = SubscriberSpec("Ann", "ann@example.org", "Europe/London", "en-GB", subscriptions=subscriptions)
    with pages.store.begin() as session:
        add_subscriber(session, spec, pages.room.clock.now, due_after)
    return pages


def state_of(pages: Pages, subscriber_id: int = ANN) -> SubscriberState:
    with pages.store.read() as session:
        found = subscriber_of(session, subscriber_id)
    assert found is not None
    return found


def change(**fields: Any) -> dict[str, Any]:
    """The form of the subscription Daily, as it stands, with these fields changed."""
    stands = {"do": "change", "id": "4", "often": "daily", "at": "08:00", "weekday": "mon", "boxes": "yes"}
    return stands | {"watchlist": ["Chips"]} | fields


async def test_what_there_is_is_shown(ann: Pages) -> None:
    answer = await ann.get(ann.links.settings(ANN))
    text = told(answer)
    assert "Daily" in text and "Weekly" in text
    assert "a…@example.org" in text and "ann@" not in answer.text
    assert '<option value="daily" selected>' in answer.text
    assert '<option value="weekly" selected>' in answer.text
    assert 'value="09:30"' in answer.text and '<option value="fri" selected>' in answer.text
    assert "<option selected>Europe/London</option>" in answer.text
    assert 'value="Chips" checked' in answer.text
    assert 'name="everything" value="yes" checked' in answer.text


@pytest.mark.parametrize(
    "fields, schedule, watchlists",
    [
        (change(), "daily", ("Chips",)),
        (change(often="instant"), "instant", ("Chips",)),
        (change(often="daily", at="07:15"), "15 7 * * *", ("Chips",)),
        (change(often="weekly", weekday="sun", at="18:00"), "0 18 * * sun", ("Chips",)),
        (change(watchlist=["Chips", "Bridges"]), "daily", ("Bridges", "Chips")),
        (change(everything="yes"), "daily", ()),
        (change(id="5", often="own", everything="yes"), "30 9 * * fri", ()),
        (change(id="5", often="own"), "30 9 * * fri", ("Chips",)),
    ],
)
async def test_a_subscription_is_changed(
    ann: Pages, fields: dict[str, Any], schedule: str, watchlists: tuple[str, ...]
) -> None:
    answer = await ann.post(ann.links.settings(ANN), fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "?saved")
    [changed] = [one for one in state_of(ann).subscriptions if str(one.id) == fields["id"]]
    assert (changed.schedule, changed.watchlists) == (schedule, watchlists)
    assert changed.next_due_at == due_after(schedule, "Europe/London", ann.room.clock.now)
    assert "Saved." in told(await ann.get(ann.links.settings(ANN) + "?saved"))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"do": "everything"},
        {"do": "words", "locale": "fr", "timezone": "UTC"},
        {"do": "words", "locale": "en", "timezone": "Mars/Olympus"},
        {"do": "words", "locale": "en", "timezone": "../../etc/passwd"},
        {"do": "unsubscribe", "id": "1"},  # Lin's
        {"do": "unsubscribe", "id": "x"},
        {"do": "unsubscribe", "id": "٤"},
        {"do": "unsubscribe", "id": "9" * 30},
        {"do": "resubscribe"},
        change(id="1"),
        change(often="sometimes"),
        change(often="daily", at="25:00"),
        change(often="daily", at="* * * * *"),
        change(often="weekly", weekday="someday"),
        change(watchlist=[]),
        change(watchlist=["No such list"]),
        change(watchlist=["Chips", "No such list"]),
    ],
)
async def test_what_cannot_be_changes_nothing_and_says_so(ann: Pages, fields: dict[str, Any]) -> None:
    before = ann.everything()
    answer = await ann.post(ann.links.settings(ANN), fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "?refused")
    assert ann.everything() == before
    assert "nothing was changed" in told(await ann.get(ann.links.settings(ANN) + "?refused"))


async def test_language_and_zone_are_changed(ann: Pages) -> None:
    url = ann.links.settings(ANN)
    await ann.post(url, {"do": "words", "locale": "en", "timezone": "Asia/Tokyo"})
    assert (state_of(ann).locale, state_of(ann).timezone) == ("en-GB", "Asia/Tokyo")  # shown in the same words
    await ann.post(url, {"do": "words", "locale": "zh-Hant", "timezone": "Asia/Hong_Kong"})
    assert (state_of(ann).locale, state_of(ann).timezone) == ("zh-Hant", "Asia/Hong_Kong")
    due = due_after("daily", "Asia/Hong_Kong", ann.room.clock.now)
    assert state_of(ann).subscriptions[0].next_due_at == due
    assert "您的設定" in told(await ann.get(url))


async def test_everything_is_paused_and_resumed(ann: Pages) -> None:
    url = ann.links.settings(ANN)
    await ann.post(url, {"do": "pause"})
    assert state_of(ann).paused
    assert "Everything is paused" in told(await ann.get(url))
    await ann.post(url, {"do": "resume"})
    assert not state_of(ann).paused
    assert "Everything is paused" not in told(await ann.get(url))


async def test_an_address_that_bounced_is_resumed_by_its_owner(ann: Pages) -> None:
    ann.room.execute("UPDATE subscribers SET blocked_at = added_at, blocked_why = 'user unknown' WHERE id = 3")
    assert "Everything is paused" in told(await ann.get(ann.links.settings(ANN)))
    await ann.post(ann.links.settings(ANN), {"do": "resume"})
    assert state_of(ann).blocked_at is None


async def test_subscriptions_end_and_begin_again(ann: Pages) -> None:
    url = ann.links.settings(ANN)
    await ann.post(url, {"do": "unsubscribe", "id": "4"})
    assert [one.unsubscribed_at is None for one in state_of(ann).subscriptions] == [False, True]
    assert "Subscribe again" in told(await ann.get(url))
    await ann.post(url, {"do": "unsubscribe_all"})
    assert [one.unsubscribed_at is None for one in state_of(ann).subscriptions] == [False, False]
    await ann.post(url, {"do": "resubscribe", "id": "5"})
    assert [one.unsubscribed_at is None for one in state_of(ann).subscriptions] == [False, True]
    assert [one.unsubscribed_at for one in state_of(ann, LIN).subscriptions] == [None, None]


class TestDeclared:
    async def test_is_shown_and_has_no_form_for_what_the_file_says(self, pages: Pages) -> None:
        answer = await pages.get(pages.links.settings(LIN))
        text = told(answer)
        assert "Every day at 08:00" in text and "Bay Area" in text
        assert "At once, when something comes" in text
        assert "Set by those who run this feedwatch" in text
        assert "<select" not in answer.text and "checkbox" not in answer.text

    async def test_can_be_paused_and_unsubscribed(self, pages: Pages) -> None:
        url = pages.links.settings(LIN)
        assert (await pages.post(url, {"do": "pause"})).headers["location"] == "?saved"
        assert (await pages.post(url, {"do": "unsubscribe", "id": "2"})).headers["location"] == "?saved"
        state = state_of(pages, LIN)
        assert state.paused
        assert [one.unsubscribed_at is None for one in state.subscriptions] == [True, False]

    @pytest.mark.parametrize(
        "fields", [change(id="1"), {"do": "words", "locale": "zh-Hans", "timezone": "Asia/Shanghai"}]
    )
    async def test_is_not_changed_otherwise(self, pages: Pages, fields: dict[str, Any]) -> None:
        before = pages.everything()
        assert (await pages.post(pages.links.settings(LIN), fields)).headers["location"] == "?refused"
        assert pages.everything() == before


class TestWhatIsOffered:
    @pytest.fixture
    async def offering(self, sqlite_store: Store, tmp_path: Path) -> AsyncIterator[Pages]:
        """Signups are offered Bay Area alone; Bo has Chips, and Bridges, which is switched off."""
        signup = SignupSettings(watchlists=("bay area",))
        async with open_pages(sqlite_store, tmp_path, signup=signup) as opened:
            spec = SubscriptionSpec("Digest", "daily", ("Chips", "Bridges"))
            with opened.store.begin() as session:
                add_subscriber(
                    session,
                    SubscriberSpec("Bo", "bo@example.org", subscriptions=(spec,)),
                    opened.room.clock.now,
                    due_after,
                )
            opened.room.execute("UPDATE watchlists SET enabled = false WHERE name = 'Bridges'")
            yield opened

    async def test_is_what_signups_are_and_what_one_has(self, offering: Pages) -> None:
        text = (await offering.get(offering.links.settings(1))).text
        assert 'value="Bay Area"' in text and 'value="Chips" checked' in text
        assert "Bridges" not in text and "everything" not in text

    async def test_keeps_what_is_switched_off(self, offering: Pages) -> None:
        form = change(id="1", watchlist=["Bay Area"])
        assert (await offering.post(offering.links.settings(1), form)).headers["location"] == "?saved"
        assert state_of(offering, 1).subscriptions[0].watchlists == ("Bay Area", "Bridges")

    async def test_cannot_be_passed_by(self, offering: Pages) -> None:
        form = change(id="1", everything="yes")
        assert (await offering.post(offering.links.settings(1), form)).headers["location"] == "?refused"
        assert state_of(offering, 1).subscriptions[0].watchlists == ("Bridges", "Chips")


async def test_no_form_of_another_site_is_taken(ann: Pages) -> None:
    before = ann.everything()
    url = ann.links.settings(ANN)
    for said in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        assert (await ann.post(url, {"do": "unsubscribe_all"}, **said)).status_code == 403
    answer = await ann.client.post(url, data={"do": "pause"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert ann.everything() == before


async def test_works_on_both_databases(store: Store, tmp_path: Path) -> None:
    async with open_pages(store, tmp_path) as pages:
        spec = SubscriberSpec("Ann", "ann@example.org", subscriptions=(SubscriptionSpec("Digest", "daily"),))
        with pages.store.begin() as session:
            add_subscriber(session, spec, pages.room.clock.now, due_after)
        url = pages.links.settings(1)
        await pages.post(url, change(id="1"))
        await pages.post(url, {"do": "pause"})
        await pages.post(pages.links.unsubscribe(1))
        assert state_of(pages, 1).paused
        [one] = state_of(pages, 1).subscriptions
        assert one.watchlists == ("Chips",) and one.unsubscribed_at is not None
        assert (await pages.get(url)).status_code == 200
        assert len(pages.rows(tables.Subscriber, "id")) == 1
