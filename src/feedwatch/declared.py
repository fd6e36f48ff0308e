"""What a configuration declares: sources, watchlists and subscribers; every key with its type, default and meaning."""

from __future__ import annotations

from typing import Annotated, Literal

import pydantic
from pydantic import Discriminator, Field, SecretStr, model_validator

from feedwatch.kinds import (
    LANGUAGE,
    Address,
    Age,
    CookieName,
    CookieValue,
    Cron,
    Duration,
    ExistingFile,
    HeaderName,
    HeaderValue,
    Language,
    Name,
    ProxyUrl,
    Query,
    QuietHours,
    Rule,
    Selector,
    Slug,
    SourceNames,
    Stem,
    Tag,
    Term,
    WebUrl,
    Zone,
)
from feedwatch.model import Kind
from feedwatch.strict import Strict


class AuthSettings(Strict):
    """How a source wants to be logged in to: basic (username and password) or bearer (token)."""

    username: str | None = None
    """For basic authentication (RFC 7617)."""
    password: SecretStr | None = None
    """Only as ${VARIABLE}; a password in the file is refused."""
    token: SecretStr | None = None
    """For bearer authentication (RFC 6750); only as ${VARIABLE}."""

    @model_validator(mode="after")
    def _one_way(self) -> AuthSettings:
        if (self.token is None) == (self.username is None):
            raise ValueError("expected either token, or username and password")
        if self.username is not None and self.password is None:
            raise ValueError("expected a password for the username")
        if self.username is not None and ":" in self.username:
            raise ValueError("expected a username without a colon (RFC 7617)")
        return self


class SelectorSettings(Strict):
    """How a page's list of news is read: CSS selectors, all but `item` looked for within an item."""

    item: Selector
    """Each news item's element, such as `ul.news > li`."""
    link: Selector = "a[href]"
    """The element whose href leads to the article."""
    title: Selector | None = None
    """The headline's element; the link's own text where unset."""
    date: Selector | None = None
    """The date's element; its datetime attribute is taken before its text."""
    summary: Selector | None = None
    """The teaser's element."""


class SourceSettings(Strict):
    """One source."""

    name: Slug
    """Short and stable: the source's identity, kept when its URL changes."""
    title: str = Field(default="", max_length=200)
    """What digests call it; where empty, what the feed calls itself."""
    url: WebUrl | None = None
    """The feed's address."""
    path: ExistingFile | None = None
    """A local file to read instead of a URL."""
    kind: Kind = "feed"
    """`feed` (RSS, Atom, JSON Feed), `sitemap` (a news sitemap or an index of them), or `page` (read by selectors)."""
    selectors: SelectorSettings | None = None
    """For a page: where its news stand. Try them: feedwatch sources try URL --item SELECTOR."""
    full_text: bool = False
    """Fetch each new article's own page where the feed carries a teaser only."""
    archive_pages: int = Field(default=0, ge=0, le=100)
    """How many documents of earlier entries are read at the first visit, where the feed links to them (RFC 5005)."""
    rules_off: tuple[Rule, ...] = ()
    """Cleaning rules that are not applied to its items; `feedwatch items rules` lists them."""
    preferred: bool = False
    """Of the copies of a story, let this source's stand for all, where it is as full as the others."""
    weight: float = Field(default=1.0, ge=0.1, le=10)
    """What its stories weigh in the order of a digest: 2 puts them before others that are as telling."""
    keep: Age | None = None
    """How long its items are kept that matched nothing; as retention.items where unset."""
    keep_items: int | None = Field(default=None, ge=0)
    """How many of them are kept; as retention.items_per_source where unset."""
    push: bool = True
    """Let the feed's hub push its news (WebSub), where it names one and web.public_url is set."""
    headers: dict[HeaderName, HeaderValue] = {}  # noqa: RUF012 - pydantic copies it
    """Sent with each request to the source's own host, such as {X-Api-Key: "${KEY}"}."""
    cookies: dict[CookieName, CookieValue] = {}  # noqa: RUF012
    """Sent with each request to the source's own host."""
    auth: AuthSettings | None = None
    """Basic or bearer authentication, for the source's own host."""
    proxy: ProxyUrl | None = None
    """An HTTP proxy for this source alone; fetch.proxy where unset."""
    language: str | None = Field(default=None, pattern=LANGUAGE)
    """BCP 47; taken where the feed does not tell."""
    timezone: Zone = "UTC"
    """The zone of dates that name none."""
    interval: Duration | None = None
    """How often it is polled; where unset, as often as its own rhythm and its hints make it worth."""
    tags: tuple[Tag, ...] = ()
    """For grouping; OPML folders become tags."""
    enabled: bool = True
    """Set to false to pause it and keep its history."""

    @model_validator(mode="after")
    def _one_place(self) -> SourceSettings:
        if (self.url is None) == (self.path is None):
            raise ValueError("expected either url or path")
        return self

    @model_validator(mode="after")
    def _selectors_for_pages(self) -> SourceSettings:
        if (self.kind == "page") != (self.selectors is not None):
            raise ValueError("expected selectors for a page, and for nothing else")
        return self

    @property
    def location(self) -> str:
        """The URL that the source is stored under; a file:// URL for a path."""
        return self.url if self.url is not None else self.path.as_uri()  # type: ignore[union-attr]


class QuerySettings(Strict):
    """A query with how its words are read."""

    query: Query
    """The boolean query."""
    exact: bool = False
    """Find its words only as written: case, accents, hyphens and the way of writing Chinese count."""
    stem: Stem | None = None
    """A language whose words are found in their other forms too, in items of that language, such as en."""

    @model_validator(mode="after")
    def _one_option(self) -> QuerySettings:
        if self.exact and self.stem:
            raise ValueError("expected exact or stem, not both")
        return self


TEXT, OPTIONS = "[text]", "[options]"
"""How pydantic's errors call the two ways to write a query; no key is called so."""


def _way(written: object) -> str:
    return OPTIONS if isinstance(written, dict | QuerySettings) else TEXT


WrittenQuery = Annotated[
    Annotated[Query, pydantic.Tag(TEXT)] | Annotated[QuerySettings, pydantic.Tag(OPTIONS)], Discriminator(_way)
]
"""A query as text, or a mapping of its text and its options."""


class WatchlistSettings(Strict):
    """One watchlist."""

    name: Name
    """What digests call it, and its identity."""
    description: str = ""
    """For those who tune it later."""
    owner: str = Field(default="", max_length=200)
    """Who answers for it: a name or an address, for people to read."""
    terms: tuple[Term, ...] = ()
    """Phrases, each taken as it stands."""
    queries: tuple[WrittenQuery, ...] = ()
    """Boolean queries: AND, OR, NOT, NEAR/n, parentheses, "phrases"; each as text, or with the keys below."""
    exclude: tuple[WrittenQuery, ...] = ()
    """Queries whose items are left out; written as those of `queries`."""
    mode: Literal["any", "all"] = "any"
    """Whether an item has to meet any of the terms and queries, or all of them."""
    languages: tuple[Language, ...] = ()
    """Items in these languages alone: en stands for en-HK too. Any where empty."""
    sources: tuple[SourceNames, ...] = ()
    """Items of these sources alone, * for any characters: rthk-*. Any where empty."""
    tags: tuple[Tag, ...] = ()
    """Items with one of these tags alone, their own or their source's. Any where empty."""
    min_score: float = Field(default=0.0, ge=0, le=1000)
    """Leave out what is rated lower than this; `feedwatch match` and `items` show the scores."""
    priority: int = Field(default=0, ge=-100, le=100)
    """The higher stand first in digests; and a story that met several watchlists stands under the highest."""
    synonyms: tuple[Name, ...] = ()
    """Names of sets in `synonyms`: where a term or query has a phrase of such a set, any other of it will do."""
    enabled: bool = True
    """Set to false to stop matching and keep what was matched."""

    @model_validator(mode="after")
    def _something_to_find(self) -> WatchlistSettings:
        if not self.terms and not self.queries:
            raise ValueError("expected at least one entry in terms or queries")
        return self


MAIL = "mail"
"""The channel that every subscriber has."""


class SubscriptionSettings(Strict):
    """One subscription of a subscriber."""

    name: Name = "Digest"
    """What the mail is called; unique for the subscriber."""
    watchlists: tuple[str, ...] = ()
    """Names of watchlists; all of them where empty."""
    schedule: Cron = "daily"
    """instant, hourly, daily (08:00), weekly (Monday 08:00), or a cron line, in the subscriber's time zone."""
    first_edition: Literal["at_once", "on_schedule"] = "at_once"
    """`at_once` makes the first edition right away, if there is something to tell; `on_schedule` waits."""
    min_stories: int = Field(default=1, ge=1, le=1000)
    """An edition of fewer stories waits, and they with it, for the next time that it is due."""
    skip_if_empty: bool = True
    """Set to false for a mail even when there is nothing to tell."""
    channels: tuple[str, ...] = (MAIL,)
    """`mail`, and names of `channels`: each gets every edition."""


class SubscriberSettings(Strict):
    """One subscriber."""

    name: Name
    """What the mail is addressed to."""
    email: Address
    """Where the mail goes, and the subscriber's identity."""
    timezone: Zone = "UTC"
    """The zone of schedules and of the times shown."""
    locale: str = Field(default="en", pattern=LANGUAGE)
    """The language of the mail's own words: en, zh-Hans or zh-Hant; for any other, English."""
    quiet_hours: QuietHours = ""
    """Such as 22:00-07:00, in the subscriber's time zone: alerts wait until they end, and come as one."""
    subscriptions: tuple[SubscriptionSettings, ...] = (SubscriptionSettings(),)
    """What is sent, and when."""
    enabled: bool = True
    """Set to false to pause every subscription."""
