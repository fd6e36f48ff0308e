"""The typed settings: every key of config.yaml with its type, default and meaning.

Nothing here reads a file or knows another room; `feedwatch.config` does, and passes what a validator needs (how to
check a query or a schedule, where the file lies) as pydantic's validation context.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ByteSize, Field, SecretStr, model_validator

from feedwatch.declared import SourceSettings, SubscriberSettings, WatchlistSettings
from feedwatch.kinds import (
    CONTACT,
    DOMAIN,
    FOREVER,
    Address,
    Age,
    ConfigPath,
    DatabaseUrl,
    Duration,
    ExistingFile,
    HookToken,
    KeyFile,
    Language,
    Listen,
    Mailbox,
    Name,
    ProxyUrl,
    Size,
    Term,
    WebUrl,
)
from feedwatch.strict import Strict


class LogSettings(Strict):
    """What is logged, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important lines that are still written."""
    format: Literal["auto", "human", "json"] = "auto"
    """`auto` writes for people on a terminal and JSON lines elsewhere."""


class FetchSettings(Strict):
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


class PollSettings(Strict):
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


class DigestSettings(Strict):
    """What a digest shows."""

    stories_per_watchlist: int = Field(default=20, ge=1, le=200)
    """The most stories that a digest shows of one watchlist."""
    stories: int = Field(default=50, ge=1, le=500)
    """The most that it shows in all; what is left out is counted, and stands in the archive."""
    templates: ConfigPath | None = None
    """A folder whose files replace the shipped templates of the same name."""


class SmtpSettings(Strict):
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
    connections: int = Field(default=4, ge=1, le=64)
    """How many connections are open at one time, where there is that much to send."""
    mails_per_connection: int = Field(default=100, ge=1, le=100_000)
    """How many mails one of them carries before a new one takes its place."""
    per_minute: int = Field(default=0, ge=0)
    """The most mails a minute that the server is given; 0 for as many as it takes."""
    domains: dict[str, Annotated[int, Field(ge=1)]] = {}  # noqa: RUF012
    """The most mails a minute to a recipient's domain, such as {gmail.com: 60}."""

    @model_validator(mode="after")
    def _one_password(self) -> SmtpSettings:
        if self.password is not None and self.password_file is not None:
            raise ValueError("give password or password_file, not both")
        return self


class DkimSettings(Strict):
    """The signature that tells receivers that a mail is from your domain (RFC 6376)."""

    domain: str = Field(pattern=DOMAIN)
    """Your domain, as in the sender's address."""
    selector: str = Field(pattern=DOMAIN)
    """Which of the domain's keys: the key's public half stands in the DNS at selector._domainkey.domain."""
    key_file: KeyFile
    """The private key, in PEM: RSA, or Ed25519 (RFC 8463)."""


class ImapSettings(Strict):
    """A box on an IMAP server."""

    host: str = Field(min_length=1)
    """The server."""
    port: int = Field(default=993, ge=1, le=65535)
    """993 for TLS, 143 for STARTTLS."""
    security: Literal["tls", "starttls", "none"] = "tls"
    """How the connection is protected."""
    username: str
    """The login."""
    password: SecretStr | None = None
    """Only as ${VARIABLE}; a password in the file is refused."""
    password_file: ExistingFile | None = None
    """A file that holds the password and nothing else."""
    folder: str = "INBOX"
    """The folder that bounces arrive in."""

    @model_validator(mode="after")
    def _one_password(self) -> ImapSettings:
        if (self.password is None) == (self.password_file is None):
            raise ValueError("expected either password or password_file")
        return self


class BounceSettings(Strict):
    """Where mails that could not be delivered come back to, and what follows."""

    address: Address | None = None
    """The envelope's sender (Return-Path), to which servers return mails; the sender's own address where unset."""
    maildir: ConfigPath | None = None
    """A Maildir that they arrive in."""
    imap: ImapSettings | None = None
    """An IMAP box that they arrive in."""
    hook_token: HookToken | None = None
    """Lets a mail service post them to /bounces/TOKEN: at least 16 letters, digits, - and _; only as ${VARIABLE}."""
    disable_after: int = Field(default=3, ge=1, le=100)
    """After how many hard bounces, with nothing delivered between, an address gets no more mail."""
    every: Duration = timedelta(minutes=5)
    """How often the boxes are looked into."""


class MailSettings(Strict):
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
    dkim: DkimSettings | None = None
    """Signs every mail, where your server does not."""
    bounces: BounceSettings = BounceSettings()
    """Where mails that could not be delivered come back to."""


class ChannelSettings(Strict):
    """Another way than mail: a chat, a push service, or a program of yours."""

    apprise: SecretStr | None = None
    """An Apprise URL, such as slack://..., tgram://... or ntfy://...; with what is secret in it as ${VARIABLE}."""
    webhook: WebUrl | None = None
    """A URL that takes each edition as JSON by POST."""
    secret: SecretStr | None = None
    """Signs what the webhook gets (HMAC-SHA256); only as ${VARIABLE}."""

    @model_validator(mode="after")
    def _one_way(self) -> ChannelSettings:
        if (self.apprise is None) == (self.webhook is None):
            raise ValueError("expected either apprise or webhook")
        if (self.webhook is None) != (self.secret is None):
            raise ValueError("expected a secret for a webhook, and for nothing else")
        return self


class SignupSettings(Strict):
    """Who may subscribe by the page /subscribe: nobody where the key is left out."""

    watchlists: tuple[str, ...] = ()
    """Names of the watchlists that are offered; all of them where empty."""


class WebSettings(Strict):
    """What feedwatch serves: what its mails link to, watchlists as feeds, and the callbacks of WebSub hubs."""

    listen: Listen | None = "127.0.0.1:8080"
    """Where it listens; with `null` nothing is served."""
    public_url: WebUrl | None = None
    """How the world reaches it, such as https://feedwatch.example.org; mails link to it, and hubs are told it."""
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    """Addresses or networks of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    signup: SignupSettings | None = None
    """Lets people subscribe by themselves, each confirmed by a mail."""


class ItemSettings(Strict):
    """How entries become items."""

    languages: tuple[Language, ...] = ("en", "zh")
    """The languages that you read: likelier than others where an item's language has to be told by its text."""
    images: bool = True
    """Set to false to keep no pictures: nothing is loaded from other sites when an item is shown."""


class StorySettings(Strict):
    """How items are folded into stories."""

    window: Duration = timedelta(days=14)
    """How long an item can be joined by copies of its text that come later."""


class RetentionSettings(Strict):
    """How long records are kept."""

    polls: Duration = timedelta(days=30)
    """How long the record of each poll is kept."""
    items: Age = timedelta(days=365)
    """How long an item that matched no watchlist is kept, from when it was first seen; or forever."""
    matched: Age = FOREVER
    """How long an item that matched is kept, or stands in a story that did; or forever."""
    items_per_source: int = Field(default=0, ge=0)
    """How many items that matched nothing are kept of each source, the newest; 0 for as many as there are."""


def _some_phrases(phrases: tuple[str, ...]) -> tuple[str, ...]:
    if len(phrases) < 2:  # noqa: PLR2004
        raise ValueError("expected at least two phrases that mean the same")
    return phrases


SynonymSet = Annotated[tuple[Term, ...], AfterValidator(_some_phrases)]


class Settings(Strict):
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
    channels: dict[Name, ChannelSettings] = {}  # noqa: RUF012
    """Other ways than mail, by a name that subscriptions use."""
    web: WebSettings = WebSettings()
    """What feedwatch serves."""
    retention: RetentionSettings = RetentionSettings()
    """How long records are kept."""
    sources: tuple[SourceSettings, ...] = ()
    """What is polled."""
    synonyms: dict[Name, SynonymSet] = {}  # noqa: RUF012 - pydantic copies it
    """Sets of phrases that mean the same, by a name that watchlists use."""
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
