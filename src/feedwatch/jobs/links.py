"""The links of a mail to the pages that feedwatch serves, each with a token that is its holder's alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from feedwatch.deliver.tokens import Tokens
from feedwatch.digest.personal import Personal
from feedwatch.store.signing_keys import add_signing_key, signing_keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from feedwatch.settings import Settings
    from feedwatch.store import Store

EDITION, SETTINGS, UNSUBSCRIBE, CONFIRM = "/e/", "/s/", "/u/", "/confirm/"
"""The paths under web.public_url that a token follows."""


@dataclass(frozen=True, slots=True)
class Links:
    """Makes the links; `base` is web.public_url without a slash at its end, "" where nothing can be linked to."""

    base: str
    tokens: Tokens
    unsubscribe_mailto: str

    def edition(self, edition_id: int) -> str:
        """The edition as a page."""
        return f"{self.base}{EDITION}{self.tokens.make('edition', edition_id)}" if self.base else ""

    def archive(self, edition_id: int) -> str:
        """Everything that the edition counts, what its limits cut too."""
        return f"{self.edition(edition_id)}/all" if self.base else ""

    def shared(self, edition_id: int) -> str:
        """The edition as a page that leads to nothing of its subscriber's: for a room, or for a program."""
        return f"{self.base}{EDITION}{self.tokens.make('shared', edition_id)}" if self.base else ""

    def shared_archive(self, edition_id: int) -> str:
        """As `archive`, and as free of what is its subscriber's as `shared`."""
        return f"{self.shared(edition_id)}/all" if self.base else ""

    def settings(self, subscriber_id: int) -> str:
        """The subscriber's settings."""
        return f"{self.base}{SETTINGS}{self.tokens.make('settings', subscriber_id)}" if self.base else ""

    def unsubscribe(self, subscription_id: int, subscription: str = "") -> str:
        """Takes the one-click POST too; a mailto: URL where nothing can be linked to."""
        if self.base:
            return f"{self.base}{UNSUBSCRIBE}{self.tokens.make('unsubscribe', subscription_id)}"
        return f"mailto:{self.unsubscribe_mailto}?subject={quote(f'unsubscribe {subscription}'.strip())}"

    def confirm(self, signup_id: int) -> str:
        """Says yes to a signup."""
        return f"{self.base}{CONFIRM}{self.tokens.make('confirm', signup_id)}" if self.base else ""

    def personal(
        self, *, name: str, address: str, subscriber_id: int, subscription_id: int, subscription: str, edition_id: int
    ) -> Personal:
        """What is filled into an edition on its way to its subscriber."""
        return Personal(
            name=name,
            address=address,
            view_url=self.edition(edition_id),
            archive_url=self.archive(edition_id),
            settings_url=self.settings(subscriber_id),
            unsubscribe_url=self.unsubscribe(subscription_id, subscription),
        )

    def shared_by(self, *, name: str, address: str, edition_id: int) -> Personal:
        """What is filled into an edition that others than its subscriber read: no link that changes anything."""
        return Personal(name, address, view_url=self.shared(edition_id), archive_url=self.shared_archive(edition_id))


def has_pages(settings: Settings) -> bool:
    """Whether mails can link to pages: feedwatch listens, and the world's way to it is known."""
    return settings.web.listen is not None and settings.web.public_url is not None


def open_links(store: Store, settings: Settings, now: datetime) -> Links:
    """The links with the keys of the database; the first key is made where there is none yet."""
    with store.read() as session:
        keys = signing_keys(session)
    if not keys:
        with store.begin() as session:
            if not (keys := signing_keys(session)):
                add_signing_key(session, now)
                keys = signing_keys(session)
    return links_by(keys, settings)


def links_by(keys: Sequence[str], settings: Settings) -> Links:
    """The links signed with the last of these keys."""
    base = (settings.web.public_url or "").rstrip("/") if has_pages(settings) else ""
    return Links(base, Tokens(keys), settings.mail.unsubscribe)
