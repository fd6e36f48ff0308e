"""A watchlist as a feed: what it shows now, or that the reader has it already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from feedwatch import __version__
from feedwatch.cluster.representative import representative
from feedwatch.digest.markup import web_link
from feedwatch.digest.snippet import best_passage
from feedwatch.export.atom import Feed, permanent_id, write_atom
from feedwatch.export.followed import Followed, entry_of_followed
from feedwatch.export.json_feed import write_json_feed
from feedwatch.store.members import members_of_stories
from feedwatch.store.watchlist_feed import feed_state, followed_watchlist, read_followed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.settings import Settings
    from feedwatch.store import Store
    from feedwatch.store.members import StoryMember
    from feedwatch.store.watchlist_feed import FeedState, FollowedItem, FollowedWatchlist

Form = Literal["atom", "json"]
FORMS: tuple[Form, ...] = ("atom", "json")
PATH = "/f/"
"""The path under web.public_url that a feed's token follows."""
STORIES = 50
"""How many a feed shows: those that matched last."""


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """A feed as it is now."""

    etag: str
    """Weak: the same for documents that say the same."""
    changed_at: datetime
    body: bytes | None
    """The document; None where the reader has it."""


def feed_path(token: str, form: Form) -> str:
    """`/f/TOKEN.atom`."""
    return f"{PATH}{token}.{form}"


def feed_url(settings: Settings, token: str, form: Form) -> str:
    """The whole URL; empty where web.public_url is not set."""
    base = (settings.web.public_url or "").rstrip("/")
    return base + feed_path(token, form) if base else ""


def read_feed(
    store: Store, settings: Settings, token: str, form: Form, has: Callable[[str, datetime], bool]
) -> FollowedFeed | None:
    """The feed with this token; None where there is none.

    `has` tells by ETag and time whether the reader's copy is the present one: then no text is read and nothing made.
    """
    with store.read() as session:
        watchlist = followed_watchlist(session, token)
        if watchlist is None:
            return None
        state = feed_state(session, watchlist, STORIES)
        etag = f'W/"{form}-{__version__}-{state.fingerprint[:32]}"'
        if has(etag, state.changed_at):
            return FollowedFeed(etag, state.changed_at, None)
        stories = _stories(session, watchlist, state)
    head = Feed(
        id=permanent_id("watchlist", settings.mail.list_domain, str(watchlist.id)),
        title=watchlist.name,
        updated=state.changed_at,
        subtitle=watchlist.description,
        url=feed_url(settings, token, form),
    )
    entries = map(entry_of_followed, stories)
    body = b"".join(write_atom(head, entries)) if form == "atom" else write_json_feed(head, entries)
    return FollowedFeed(etag, state.changed_at, body)


def _stories(session: Session, watchlist: FollowedWatchlist, state: FeedState) -> list[Followed]:
    members = members_of_stories(session, state.story_ids)
    chosen: dict[int, StoryMember] = {}
    for story_id in state.story_ids:
        met = [member for member in members[story_id] if member.item_id in state.matched_ids[story_id]]
        chosen[story_id] = met[representative(met)]  # the others need not show why the story is here
    items = read_followed(session, watchlist.id, [member.item_id for member in chosen.values()])
    return [
        _followed(story_id, items[member.item_id], member, members[story_id], watchlist.name)
        for story_id, member in chosen.items()
    ]


def _followed(
    story_id: int, item: FollowedItem, member: StoryMember, members: Sequence[StoryMember], watchlist: str
) -> Followed:
    spans = sorted((span.start, span.end) for span in item.spans if span.field == "text")
    passage, passage_spans = best_passage(item.text, spans)
    others: dict[str, tuple[str, str, str]] = {}
    for other in members:
        if other.source_name != member.source_name:
            others.setdefault(other.source_name, (web_link(other.url), other.title, _title(other)))
    return Followed(
        story_id=story_id,
        story_seen_at=item.story_seen_at,
        title=item.title,
        url=web_link(item.url),
        language=item.language,
        source=_title(member),
        published_at=item.published_at,
        updated_at=item.updated_at,
        passage=passage,
        passage_spans=passage_spans,
        watchlist=watchlist,
        tags=item.tags,
        others=tuple(others.values()),
    )


def _title(member: StoryMember) -> str:
    return member.source or member.source_name
