"""The tables. Every time is UTC; every column that a tick asks for is indexed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from feedwatch.store.columns import PackedText, StoredText, UtcDateTime

_IS_UNINDEXED = text("NOT is_indexed")
_OF_SIGNUP = text("signup_id IS NOT NULL")
Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite's rowid alias must be spelt INTEGER


class Base(DeclarativeBase):
    """Names for every constraint, so that migrations can speak of them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it off the class
        datetime: UtcDateTime(),
        str: StoredText(),
        list[str]: JSON(),
        list[Any]: JSON(),
        dict[str, Any]: JSON(),
    }


class Source(Base):
    """What is polled, what its last visits told, and when the next is due."""

    __tablename__ = "sources"
    __table_args__ = (Index("ix_sources_due", "enabled", "next_poll_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    url: Mapped[str]
    language: Mapped[str | None]
    timezone: Mapped[str]
    interval_s: Mapped[int | None]
    tags: Mapped[list[str]]
    declared: Mapped[bool]
    enabled: Mapped[bool]
    disabled_why: Mapped[str | None]
    added_at: Mapped[datetime]

    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_hash: Mapped[str | None]
    validators_url: Mapped[str | None]
    """The URL whose answer the validators came with: they are sent to no other."""
    known_entries: Mapped[bytes | None]
    """Fingerprints of the entries of the document read last, eight bytes each."""

    kind: Mapped[str] = mapped_column(String(16), server_default="feed")
    options: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """What the kind needs: selectors, full_text, archive_pages; what is as by default is left out."""
    moved_to: Mapped[str | None]
    """The URL that is polled instead, after permanent redirects said so on several polls running."""
    moving_to: Mapped[str | None]
    moving_seen: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many polls running were redirected to `moving_to` for good."""
    gone_at: Mapped[datetime | None]
    """When the server said that the document is gone for good (HTTP 410): polled no more unless asked by name."""
    hints: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """What the document read last says of how often to come: ttl, sy:update*, skipHours, skipDays."""
    pace_s: Mapped[int | None]
    """The source's rhythm: the median gap between its newest items."""
    last_new_at: Mapped[datetime | None]
    """When a visit last found something new."""

    next_poll_at: Mapped[datetime]
    next_poll_why: Mapped[str]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    last_poll_at: Mapped[datetime | None]
    last_outcome: Mapped[str | None]
    last_error: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)


class HubLease(Base):
    """A WebSub subscription: the hub pushes a source's news until the lease ends."""

    __tablename__ = "hub_leases"
    __table_args__ = (Index("ix_hub_leases_due", "next_attempt_at"),)

    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    hub: Mapped[str]
    topic: Mapped[str]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    """The last part of the callback's URL: known to the hub alone."""
    secret: Mapped[str]
    """Signs what the hub pushes (WebSub, 7.1)."""
    state: Mapped[str] = mapped_column(String(16))
    """`wanted`, `asked`, `active`, `denied` or `unwanted`."""
    lease_until: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime]
    """When to ask the hub (again): to subscribe, or to renew before the lease ends."""
    attempts: Mapped[int] = mapped_column(default=0)
    last_pushed_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class Poll(Base):
    """One visit to a source, with its outcome."""

    __tablename__ = "polls"
    __table_args__ = (Index("ix_polls_source_id_id", "source_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    outcome: Mapped[str]
    status: Mapped[int | None]
    error: Mapped[str | None]
    warnings: Mapped[list[str]]
    elapsed_ms: Mapped[int]
    body_bytes: Mapped[int]
    new_items: Mapped[int]
    matches: Mapped[int]


class Story(Base):
    """The items that report one text."""

    __tablename__ = "stories"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    first_seen_at: Mapped[datetime] = mapped_column(index=True)


class StoryKey(Base):
    """What an item must share with a story to belong to it."""

    __tablename__ = "story_keys"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)


class SketchKey(Base):
    """A near key of an item that is young enough to be compared with; see `model.SketchKind`.

    The bucket comes first: as keys are hashes, each new one would otherwise change a page of its own, anywhere in the
    table. So the pages that change are those of the newest items, and what is too old lies together.
    No foreign key: a check would want an index by item.
    """

    __tablename__ = "sketch_keys"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it off the class

    bucket: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """The item's id, divided by the size of a bucket (`store.sketches`)."""
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)


class StoryRelation(Base):
    """Two stories that tell of one event in different languages. Each pair stands once, the older story first."""

    __tablename__ = "story_relations"

    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True, index=True)


class ForgottenItem(Base):
    """An item that retention deleted: should its source still list it, it is no news."""

    __tablename__ = "forgotten_items"

    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    guid_hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    forgotten_at: Mapped[datetime] = mapped_column(index=True)


class Item(Base):
    """One clean, stored news item, in its newest revision."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("source_id", "guid_hash"),
        # A list is read from here, newest first, and what is in another language is passed over without its row.
        Index("ix_items_published_at", "published_at", "id", "language"),
        Index("ix_items_source_id_published_at", "source_id", "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)
    guid: Mapped[str]
    guid_hash: Mapped[str] = mapped_column(String(32))
    url: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    authors: Mapped[list[str]]
    tags: Mapped[list[str]]
    language: Mapped[str]
    published_at: Mapped[datetime]
    published_from: Mapped[str]
    updated_at: Mapped[datetime | None]
    comments: Mapped[str] = mapped_column(server_default="")
    image: Mapped[str] = mapped_column(server_default="")
    origin: Mapped[str] = mapped_column(server_default="")
    enclosures: Mapped[list[Any]] = mapped_column(server_default="[]")
    """[url, media type, bytes] each."""
    place: Mapped[str] = mapped_column(server_default="")
    canonical: Mapped[str] = mapped_column(server_default="")
    doubted_date: Mapped[str] = mapped_column(server_default="")
    first_seen_at: Mapped[datetime] = mapped_column(index=True)
    text_hash: Mapped[str]
    revision: Mapped[int]


class ItemIndex(Base):
    """What the archive's search knows of an item; on SQLite its tokens stand in the FTS5 table `item_tokens`."""

    __tablename__ = "item_index"
    __table_args__ = (
        Index("ix_item_index_unindexed", "item_id", sqlite_where=_IS_UNINDEXED, postgresql_where=_IS_UNINDEXED),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True, autoincrement=False)
    source_id: Mapped[int] = mapped_column(Id)
    published_at: Mapped[datetime]
    language: Mapped[str]
    is_indexed: Mapped[bool]
    """Whether the item is found by its tokens; every search looks at those that are not."""
    tokens: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"), deferred=True)
    """On PostgreSQL alone, without positions; under a GIN index that the migration makes."""


class IndexState(Base):
    """What the search index is made by, and what it tells of the archive as a whole; one row."""

    __tablename__ = "index_state"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """1."""
    rules: Mapped[int]
    """The number of the rules (`feedwatch.plan`) that the tokens were made by."""
    sampled_at: Mapped[datetime | None]
    sample: Mapped[bytes | None]
    """How many of the newest items have each token: `store.rarity`."""


class ItemRevision(Base):
    """An earlier text of an item."""

    __tablename__ = "item_revisions"
    __table_args__ = (Index("ix_item_revisions_replaced_at", "replaced_at"),)  # editions look for updates

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    replaced_at: Mapped[datetime]


class Watchlist(Base):
    """A named set of queries; `version` counts the changes of its definition."""

    __tablename__ = "watchlists"
    __table_args__ = (Index("ix_watchlists_feed_token", "feed_token", unique=True),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    definition: Mapped[dict[str, Any]]
    version: Mapped[int]
    declared: Mapped[bool]
    enabled: Mapped[bool]
    changed_at: Mapped[datetime]
    feed_token: Mapped[str | None] = mapped_column(String(64))
    """The last part of the secret URL that its matches are followed at; None where it was never asked for."""


class Match(Base):
    """An item met a watchlist: by which queries, where, how strongly."""

    __tablename__ = "matches"
    __table_args__ = (
        UniqueConstraint("item_id", "watchlist_id"),
        Index("ix_matches_watchlist_id_matched_at", "watchlist_id", "matched_at"),
        Index("ix_matches_watchlist_id_published_at", "watchlist_id", "published_at", "item_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)
    watchlist_id: Mapped[int] = mapped_column(ForeignKey("watchlists.id"))
    version: Mapped[int]
    score: Mapped[float]
    queries: Mapped[list[str]]
    spans: Mapped[list[Any]]
    matched_at: Mapped[datetime] = mapped_column(index=True)
    published_at: Mapped[datetime]
    """The item's, which never changes: a watchlist's newest items are read from an index."""


class Subscriber(Base):
    """Who receives."""

    __tablename__ = "subscribers"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    timezone: Mapped[str]
    locale: Mapped[str]
    declared: Mapped[bool]
    enabled: Mapped[bool]
    paused: Mapped[bool]
    added_at: Mapped[datetime]
    quiet_hours: Mapped[str] = mapped_column(server_default="")
    """`22:00-07:00` in the subscriber's zone: alerts wait until they end; none where empty."""
    blocked_at: Mapped[datetime | None]
    """When repeated hard bounces ended all mail to the address, until somebody resumes it."""
    blocked_why: Mapped[str | None]


class Subscription(Base):
    """What a subscriber gets, and when the next edition is due."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("subscriber_id", "name"),
        Index("ix_subscriptions_due", "enabled", "next_due_at"),
        Index("ix_subscriptions_schedule", "schedule"),  # each new match looks for alerts
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"))
    name: Mapped[str]
    schedule: Mapped[str]
    all_watchlists: Mapped[bool]
    declared: Mapped[bool]
    enabled: Mapped[bool]
    next_due_at: Mapped[datetime | None]
    window_start: Mapped[datetime]
    min_stories: Mapped[int] = mapped_column(server_default="1")
    """An edition of fewer waits, its stories with it, for the next due time."""
    skip_if_empty: Mapped[bool] = mapped_column(server_default=true())
    channels: Mapped[list[str]] = mapped_column(server_default='["mail"]')
    """`mail`, and names of configured channels: an edition has one delivery on each."""
    unsubscribed_at: Mapped[datetime | None]
    """When the subscriber ended it. It outlasts what the configuration declares."""


class SubscriptionWatchlist(Base):
    """The watchlists that a subscription names."""

    __tablename__ = "subscription_watchlists"

    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id"), primary_key=True)
    watchlist_id: Mapped[int] = mapped_column(ForeignKey("watchlists.id"), primary_key=True, index=True)


class Body(Base):
    """What a mail or a message says, once for all whom it says the same.

    What is personal (`feedwatch.digest.personal`) stands as placeholders and is filled in as it is sent or shown.
    """

    __tablename__ = "bodies"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of subject, html and text, in hexadecimal."""
    subject: Mapped[str]
    html: Mapped[str] = mapped_column(PackedText())
    """Empty where a channel takes plain text alone."""
    text: Mapped[str] = mapped_column(PackedText())


class Edition(Base):
    """The digest made for one subscription and one due time."""

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("subscription_id", "due_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id"))
    due_at: Mapped[datetime]
    window_start: Mapped[datetime]
    window_end: Mapped[datetime]
    story_count: Mapped[int]
    body_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"))
    """What it says by mail; None where that is kept no more."""
    terms: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """How many of its stories have each telling term: the history that rising terms are measured against."""


class EditionStory(Base):
    """A story that an edition shows a subscriber. The constraint is the promise: one story is told once, and once more
    for each material update."""

    __tablename__ = "edition_stories"
    __table_args__ = (UniqueConstraint("subscriber_id", "story_id", "telling"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True, index=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"))
    watchlist_id: Mapped[int] = mapped_column(ForeignKey("watchlists.id"))
    telling: Mapped[int] = mapped_column(server_default="0")
    """0 for the first time, n for the n-th update told."""
    item_id: Mapped[int | None] = mapped_column(Id)
    """The item that stood for the story; without a foreign key, as retention may delete it."""
    revision: Mapped[int] = mapped_column(server_default="1")
    """The item's, as it was told."""


class EditionCut(Base):
    """The stories that an edition's limits cut to "n more": counted, and as good as told."""

    __tablename__ = "edition_cuts"
    __table_args__ = (Index("ix_edition_cuts_subscriber_id_last_story_id", "subscriber_id", "last_story_id"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True, autoincrement=False)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"))
    last_story_id: Mapped[int] = mapped_column(Id)
    """The highest of them: who asks for younger stories need not look into it."""
    stories: Mapped[bytes]
    """`store.cuts.pack`; without foreign keys."""


class Signup(Base):
    """Somebody gave an address for a subscription: nothing is sent but one question until its owner says yes."""

    __tablename__ = "signups"
    __table_args__ = (Index("ix_signups_email_key", "email_key"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    email: Mapped[str]
    email_key: Mapped[str]
    name: Mapped[str]
    timezone: Mapped[str]
    locale: Mapped[str]
    schedule: Mapped[str]
    watchlists: Mapped[list[str]]
    """Names; all that are offered where empty."""
    asked_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]


class SigningKey(Base):
    """Signs the links in mails; the newest signs, every one is believed until it is dropped."""

    __tablename__ = "signing_keys"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    secret: Mapped[str]
    made_at: Mapped[datetime]


class Bounce(Base):
    """A report that a mail did not reach its reader (RFC 3464), read once."""

    __tablename__ = "bounces"
    __table_args__ = (Index("ix_bounces_address_key_at", "address_key", "at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the report: one that is read again, from whatever box, is the same bounce."""
    address: Mapped[str]
    address_key: Mapped[str]
    at: Mapped[datetime]
    is_hard: Mapped[bool]
    """Whether the address itself is at fault for good (status 5.x.x)."""
    status: Mapped[str] = mapped_column(String(16))
    """The enhanced status code (RFC 3463), such as 5.1.1."""
    reason: Mapped[str]
    """The server's words."""
    message_id: Mapped[str | None]
    """Of the mail that bounced, where the report has it."""


class Delivery(Base):
    """The outbox: one edition, or the question of a signup, on its way to one address by one channel."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("edition_id", "channel"),
        Index("ix_deliveries_due", "state", "next_attempt_at"),
        Index("ix_deliveries_signup_id", "signup_id", sqlite_where=_OF_SIGNUP, postgresql_where=_OF_SIGNUP),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    signup_id: Mapped[int | None] = mapped_column(ForeignKey("signups.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    channel: Mapped[str] = mapped_column(server_default="mail")
    """`mail`, or the name of a configured channel."""
    address: Mapped[str]
    """A mail address; for another channel its name."""
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    """The mail's Date, at every try."""
    waiting_since: Mapped[datetime]
    """From when the time to give up counts: its making, or the last "try again" by hand."""
    next_attempt_at: Mapped[datetime]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    receipt: Mapped[str | None]
    """Where the mail went: the server's answer, or the file's path."""
