"""The typed settings: every key of config.yaml with its type, default and meaning.

Nothing here reads a file or knows another room; `feedwatch.config` does, and passes what a validator needs (how to
check a query or a schedule, where the file lies) as pydantic's validation context.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ByteSize, ConfigDict, Field, SecretStr, model_validator

from feedwatch.kinds import (
    CONTACT,
    DOMAIN,
    FOREVER,
    LANGUAGE,
    Address,
    Age,
    ConfigPath,
    CookieName,
    CookieValue,
    Cron,
    DatabaseUrl,
    Duration,
    ExistingFile,
    HeaderName,
    HeaderValue,
    Listen,
    Mailbox,
    Name,
    ProxyUrl,
    Query,
    Rule,
    Selector,
    Size,
    Slug,
    Tag,
    Term,
    WebUrl,
    Zone,
)
from feedwatch.model import Kind


class _Strict(BaseModel):
    # Defaults are checked too, since that is what puts a relative path into the folder of the file.
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _emptied(cls, values: Any) -> Any:
        """A section or list of which every line is commented out is as good as not given."""
        if not isinstance(values, dict):
            return values
        return {key: value for key, value in values.items() if value is not None or not cls._holds_more(key)}

    @classmethod
    def _holds_more(cls, key: str) -> bool:
        field = cls.model_fields.get(key)
        default = field.default if field is not None else None
        return isinstance(default, _Strict | tuple)


class LogSettings(_Strict):
    """What is logged, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important lines that are still written."""
    format: Literal["auto", "human", "json"] = "auto"
    """`auto` writes for people on a terminal and JSON lines elsewhere."""


class FetchSettings(_Strict):
    """How documents are fetched."""

    timeout: Duration = timedelta(seconds=10)
    """How long one fetch may take in all, redirects included."""
    connect_timeout: Duration = timedelta(seconds=5)
    """How long connecting to a host may take."""
    max_body: Size = ByteSize(10_000_000)
    """The largest document read, decompressed."""
    max_redirects: int = Field(default=5, ge=0, le=20)
    """How many redirects one fetch follows."""
    concurrency: int = Field(default=32, ge=1, le=1000)
    """How many fetches run at once."""
    per_host: int = Field(default=4, ge=1, le=100)
    """How many of them go to one host."""
    contact: str | None = Field(default=None, max_length=200, pattern=CONTACT)
    """A URL or mail address in the User-Agent, for sites that want to reach you."""
    allow_private_hosts: tuple[str, ...] = ()
    """Host names (or addresses) that may be fetched although they are not on the public internet."""
    proxy: ProxyUrl | None = None
    """An HTTP proxy for every source, such as http://proxy.example:3128; a source can name another."""
    pages_per_poll: int = Field(default=20, ge=0, le=1000)
    """How many articles' own pages one visit fetches at the most, for sources with full_text or sitemaps."""
    bridges: tuple[WebUrl, ...] = ()
    """RSSHub or RSS-Bridge instances of yours that discovery may name for pages without a feed."""


class PollSettings(_Strict):
    """How often, and with how many workers."""

    interval: Duration = timedelta(minutes=15)
    """How often a source is polled as long as its rhythm is not known."""
    min_interval: Duration = timedelta(minutes=5)
    """The shortest wait between two visits to a lively source that names no interval."""
    max_interval: Duration = timedelta(hours=1)
    """The longest wait between two visits to a quiet source that names no interval."""
    max_backoff: Duration = timedelta(hours=6)
    """The longest wait after repeated failures."""
    workers: int = Field(default=0, ge=0, le=64)
    """Processes that parse and match; 0 takes one a core."""
    worker_timeout: Duration = timedelta(seconds=30)
    """How long a worker may spend on one document before it is stopped."""
    worker_memory: Size = ByteSize(2_000_000_000)
    """How much address space a worker may take (Linux)."""

    @model_validator(mode="after")
    def _in_order(self) -> PollSettings:
        if self.min_interval > self.max_interval:
            raise ValueError("expected a min_interval that is no longer than max_interval")
        return self


class DigestSettings(_Strict):
    """What a digest shows."""

    stories_per_watchlist: int = Field(default=20, ge=1, le=200)
    """The most stories that a digest shows of one watchlist."""
    templates: ConfigPath | None = None
    """A folder whose files replace the shipped templates of the same name."""


class SmtpSettings(_Strict):
    """The server that mails are sent through."""

    host: str = Field(min_length=1)
    """The mail server."""
    port: int = Field(default=587, ge=1, le=65535)
    """587 for STARTTLS, 465 for TLS."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is protected."""
    username: str | None = None
    """The login, where the server wants one."""
    password: SecretStr | None = None
    """Only as ${VARIABLE}; a password in the file is refused."""
    password_file: ExistingFile | None = None
    """A file that holds the password and nothing else."""
    timeout: Duration = timedelta(seconds=30)
    """How long the server may take to answer."""

    @model_validator(mode="after")
    def _one_password(self) -> SmtpSettings:
        if self.password is not None and self.password_file is not None:
            raise ValueError("give password or password_file, not both")
        return self


class MailSettings(_Strict):
    """How mail leaves."""

    sender: Mailbox = "feedwatch <feedwatch@localhost>"
    """The From mailbox of every mail."""
    unsubscribe: Address = "unsubscribe@localhost"
    """The address that takes unsubscriptions."""
    list_domain: str = Field(default="feedwatch.localhost", pattern=DOMAIN)
    """The domain of Message-ID and List-Id; your own, if you have one."""
    outbox: ConfigPath | None = None
    """Where mails are written as .eml files when no smtp is set; `outbox` under data_dir by default."""
    give_up_after: Duration = timedelta(days=2)
    """How long a refused mail is tried again."""
    smtp: SmtpSettings | None = None
    """The server that mails are sent through."""


class WebSettings(_Strict):
    """What feedwatch serves: for now, the callbacks of WebSub hubs."""

    listen: Listen | None = None
    """Where it listens, such as 127.0.0.1:8080; nothing is served where unset."""
    public_url: WebUrl | None = None
    """How the world reaches it, such as https://feedwatch.example.org; hubs are told this one."""


class ItemSettings(_Strict):
    """How entries become items."""

    languages: tuple[Annotated[str, Field(pattern=LANGUAGE)], ...] = ("en", "zh")
    """The languages that you read: likelier than others where an item's language has to be told by its text."""
    images: bool = True
    """Set to false to keep no pictures: nothing is loaded from other sites when an item is shown."""


class StorySettings(_Strict):
    """How items are folded into stories."""

    window: Duration = timedelta(days=14)
    """How long an item can be joined by copies of its text that come later."""


class RetentionSettings(_Strict):
    """How long records are kept."""

    polls: Duration = timedelta(days=30)
    """How long the record of each poll is kept."""
    items: Age = timedelta(days=365)
    """How long an item that matched no watchlist is kept, from when it was first seen; or forever."""
    matched: Age = FOREVER
    """How long an item that matched is kept, or stands in a story that did; or forever."""
    items_per_source: int = Field(default=0, ge=0)
    """How many items that matched nothing are kept of each source, the newest; 0 for as many as there are."""


class AuthSettings(_Strict):
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


class SelectorSettings(_Strict):
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


class SourceSettings(_Strict):
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
    keep: Age | None = None
    """How long its items are kept that matched nothing; as retention.items where unset."""
    keep_items: int | None = Field(default=None, ge=0)
    """How many of them are kept; as retention.items_per_source where unset."""
    push: bool = True
    """Let the feed's hub push its news (WebSub), where it names one and web.public_url is set."""
    headers: dict[HeaderName, HeaderValue] = {}
    """Sent with each request to the source's own host, such as {X-Api-Key: "${KEY}"}."""
    cookies: dict[CookieName, CookieValue] = {}
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


class WatchlistSettings(_Strict):
    """One watchlist."""

    name: Name
    """What digests call it, and its identity."""
    description: str = ""
    """For those who tune it later."""
    terms: tuple[Term, ...] = ()
    """Phrases, each taken as it stands."""
    queries: tuple[Query, ...] = ()
    """Boolean queries: AND, OR, NOT, parentheses, "phrases"."""
    exclude: tuple[Query, ...] = ()
    """Queries whose items are left out."""
    enabled: bool = True
    """Set to false to stop matching and keep what was matched."""

    @model_validator(mode="after")
    def _something_to_find(self) -> WatchlistSettings:
        if not self.terms and not self.queries:
            raise ValueError("expected at least one entry in terms or queries")
        return self


class SubscriptionSettings(_Strict):
    """One subscription of a subscriber."""

    name: Name = "Digest"
    """What the mail is called; unique for the subscriber."""
    watchlists: tuple[str, ...] = ()
    """Names of watchlists; all of them where empty."""
    schedule: Cron = "daily"
    """instant, hourly, daily (08:00), weekly (Monday 08:00), or a cron line, in the subscriber's time zone."""
    first_edition: Literal["at_once", "on_schedule"] = "at_once"
    """`at_once` makes the first edition right away, if there is something to tell; `on_schedule` waits."""


class SubscriberSettings(_Strict):
    """One subscriber."""

    name: Name
    """What the mail is addressed to."""
    email: Address
    """Where the mail goes, and the subscriber's identity."""
    timezone: Zone = "UTC"
    """The zone of schedules and of the times shown."""
    locale: str = Field(default="en", pattern=LANGUAGE)
    """The language of the mail's own words."""
    subscriptions: tuple[SubscriptionSettings, ...] = (SubscriptionSettings(),)
    """What is sent, and when."""
    enabled: bool = True
    """Set to false to pause every subscription."""


class Settings(_Strict):
    """Everything that config.yaml can say."""

    data_dir: ConfigPath = Path("data")
    """Where feedwatch keeps what it writes."""
    database: DatabaseUrl | None = None
    """SQLite or PostgreSQL URL; `feedwatch.db` under data_dir by default."""
    log: LogSettings = LogSettings()
    """What is logged, and how."""
    fetch: FetchSettings = FetchSettings()
    """How documents are fetched."""
    poll: PollSettings = PollSettings()
    """How often, and with how many workers."""
    items: ItemSettings = ItemSettings()
    """How entries become items."""
    stories: StorySettings = StorySettings()
    """How items are folded into stories."""
    digest: DigestSettings = DigestSettings()
    """What a digest shows."""
    mail: MailSettings = MailSettings()
    """How mail leaves."""
    web: WebSettings = WebSettings()
    """What feedwatch serves."""
    retention: RetentionSettings = RetentionSettings()
    """How long records are kept."""
    sources: tuple[SourceSettings, ...] = ()
    """What is polled."""
    watchlists: tuple[WatchlistSettings, ...] = ()
    """What is looked for."""
    subscribers: tuple[SubscriberSettings, ...] = ()
    """Who is told."""

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL in force."""
        if self.database is None:
            return f"sqlite:///{self.data_dir / 'feedwatch.db'}"
        return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", self.database)

    @property
    def outbox(self) -> Path:
        """The folder of .eml files in force."""
        return self.mail.outbox or self.data_dir / "outbox"
