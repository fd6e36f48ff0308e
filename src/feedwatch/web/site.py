"""What the pages have in common: their templates, their headers, and the language that they speak."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import structlog
from starlette.responses import HTMLResponse
from starlette.routing import Route

from feedwatch.digest.markup import web_link
from feedwatch.digest.render import shipped_templates
from feedwatch.digest.templates import Templates
from feedwatch.web.words import NAMES, Words, accepted, words

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from feedwatch.jobs.context import JobContext

    Handler = Callable[[Request], Awaitable[Response]]

log = structlog.get_logger("feedwatch.web")

_POLICY = "default-src 'none'; style-src {styles}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
"""Nothing runs, and nothing is loaded from anywhere."""


class Site:
    """Renders the pages with the templates in force."""

    def __init__(self, context: JobContext) -> None:
        self.context = context
        self._templates = Templates(shipped_templates(), context.settings.digest.templates, {"web_link": web_link})

    def url(self, path: str) -> str:
        """A page of ours: under web.public_url, else from the root; never by what a request says that we are called."""
        return f"{(self.context.settings.web.public_url or '').rstrip('/')}{path}"

    def page(
        self,
        request: Request,
        name: str,
        said: Words | None = None,
        parts: Mapping[str, object] | None = None,
        *,
        status: int = 200,
    ) -> Response:
        """The page of a template, in the words given or else those that the browser prefers."""
        said = said or words_of(request)
        nonce = secrets.token_urlsafe(16)
        html = self.render(f"pages/{name}.html.j2", said, {"nonce": nonce, **(parts or {})})
        policy = _POLICY.format(styles=f"'nonce-{nonce}'")
        headers = {"Content-Security-Policy": policy, "Content-Language": said.locale, "Vary": "Accept-Language"}
        return HTMLResponse(html, status, headers)

    def mail_page(self, html: str, said: Words) -> Response:
        """A mail's own HTML, whose styles stand inline."""
        policy = _POLICY.format(styles="'unsafe-inline'")
        return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Content-Language": said.locale})

    def problem(self, request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
        """What cannot be done, and what to do about it, in plain words."""
        said = words_of(request)
        headline, advice = problem_words(said, status)
        response = self.page(request, "problem", said, {"headline": headline, "advice": advice}, status=status)
        response.headers.update(headers or {})
        return response

    def render(self, name: str, said: Words, parts: Mapping[str, object]) -> str:
        """A template's text; overrides that fail are passed over, and the log tells."""
        settings = self.context.settings
        if settings.digest.templates != self._templates.overrides:  # the configuration was read again
            self._templates = Templates(shipped_templates(), settings.digest.templates, {"web_link": web_link})
        shared = {
            "_": said,
            "lang": said.locale,
            "languages": tuple(NAMES.items()),
            "home_url": self.url("/"),
            "subscribe_url": self.url("/subscribe") if settings.web.signup is not None else "",
        }
        text, faults = self._templates.render(name, {**shared, **parts})
        for fault in faults:
            log.error("template passed over", fault=fault)
        return text


def form_route(path: str, show: Handler, take: Handler) -> Route:
    """A page with a form on it: GET shows it, POST takes what was filled in."""

    async def answer(request: Request) -> Response:
        return await (take if request.method == "POST" else show)(request)

    return Route(path, answer, methods=["GET", "POST"])


def words_of(request: Request) -> Words:
    """The words that the page's own links ask for (`?lang=`), or else the browser."""
    asked = request.query_params.get("lang")
    return words(asked) if asked in NAMES else accepted(request.headers.get("Accept-Language", ""))


def problem_words(said: Words, status: int) -> tuple[str, str]:
    """A headline, and what to do."""
    table = {
        400: (said("This cannot be read"), said("Go back, and try again.")),
        403: (
            said("This came from another site"),
            said("Open the link of your mail, and use the button on the page that it leads to."),
        ),
        404: (
            said("Nothing is here"),
            said(
                "A part of the link may be missing, or it is too old. Open it again from the newest mail, as a whole; "
                "if that does not help, ask those who sent it."
            ),
        ),
        405: (
            said("This cannot be done here"),
            said("Open the link of your mail, and use the button on the page that it leads to."),
        ),
        408: (said("That took too long"), said("Go back, and try again.")),
        413: (said("That is too much"), said("Go back, and send less.")),
        415: (said("This cannot be read"), said("Go back, and try again.")),
        429: (
            said("Too many have asked just now"),
            said("Nothing was sent. Come back in an hour, and try again."),
        ),
    }
    busy = (said("That does not work just now"), said("The fault is ours. Come back in some minutes, and try again."))
    return table.get(status, busy)
