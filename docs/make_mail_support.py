"""Write into mail-support.md which mail clients support what the digest's HTML and CSS use.

python docs/make_mail_support.py CANIEMAIL.json   write it; the file is data/caniemail.json of npm's package `caniemail`
python docs/make_mail_support.py --check          exit with 1 where a template uses what the table does not name

What is used is read from the sample editions as they are rendered: a property, element, attribute, selector or at-rule
that is new to them has to be looked up before it goes out.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from feedwatch.digest.render import Renderer, shipped_templates
from feedwatch.digest.samples import SAMPLES, sample_edition

TARGET = Path(__file__).with_name("mail-support.md")
BEGIN, END = "<!-- written by make_mail_support.py -->\n", "<!-- until here -->\n"
CLIENTS = {
    "Gmail": [("gmail", "desktop-webmail")],
    "Gmail app": [("gmail", "android"), ("gmail", "ios")],
    "Outlook, Windows": [("outlook", "windows")],
    "Outlook.com": [("outlook", "outlook-com")],
    "Outlook app": [("outlook", "ios"), ("outlook", "android")],
    "Apple Mail": [("apple-mail", "macos"), ("apple-mail", "ios")],
    "Yahoo": [("yahoo", "desktop-webmail"), ("yahoo", "ios"), ("yahoo", "android")],
}
"""The columns; of several platforms the one that supports least counts."""
SHOWN = {"y": "yes", "a": "partly", "n": "no", "u": "?"}
KINDS = {
    **dict.fromkeys(["border", "border-top", "border-bottom", "border-color"], "css-border"),
    **dict.fromkeys(["padding", "padding-top", "padding-bottom", "padding-left", "padding-right"], "css-padding"),
    **dict.fromkeys(["margin", "margin-top", "margin-bottom"], "css-margin"),
    "display": "css-display-none",
    "font-family": "css-font",
    "prefers-color-scheme": "css-at-media-prefers-color-scheme",
    "@media": "css-at-media",
    ":hover": "css-pseudo-class-hover",
    "!important": "css-important",
    ".class": "css-selector-class",
    ".class element": "css-selector-descendant",
    ".class,.class": "css-selector-grouping",
    "<h1>": "html-h1-h6",
    "<h2>": "html-h1-h6",
    "<h3>": "html-h1-h6",
    **dict.fromkeys(["<table>", "<tbody>", "<tr>", "<td>"], "html-table"),
    "<b>": "html-strong",
    "<style>": "html-style",
    "<body>": "html-body",
    "<!-- -->": "html-comments",
    "<!doctype>": "html-doctype",
    "#anchor": "html-anchor-links",
    "mailto:": "html-mailto-links",
    "<meta name=color-scheme>": "html-meta-color-scheme",
}
"""Where the name of a feature there is not css- or html- and what it is called here."""
EVERYWHERE = frozenset(
    {"color", "<html>", "<head>", "<title>", "<meta>", "<a>", "<br>", "[href]", "[class]", "[style]"}
)
EVERYWHERE |= {"[id]", "[name]", "[charset]", "[content]", "[border]", "[xmlns:o]"}
"""As old as HTML 4.01 and CSS 1, and not among what is tested there."""
FOR_ONE = {
    "-webkit-text-size-adjust": "keeps WebKit on phones from enlarging small text; others pass over it",
    "mso-hide": "hides the preheader from Outlook on Windows; others pass over it",
    "supported-color-schemes": "the name of color-scheme in Apple Mail before 2019",
    "[data-css-inline]": "for feedwatch itself: this element is not to be inlined",
    "css-color-scheme": "tells Apple Mail and Outlook that the mail has colours of its own for dark mode",
}
WHY = {
    "css-at-media": "narrow screens: without it the margins stay wide, and the text is as it was",
    "css-at-media-prefers-color-scheme": "dark mode: clients without it show the light colours or make dark ones",
    "css-border": "a line below a term; the colour of the rest is the same",
    "css-border-radius": "corners are square without it",
    "css-color-scheme": "as prefers-color-scheme",
    "css-display-none": "hides the preheader, with max-height, overflow and mso-hide beside it",
    "css-font-size": "in pixels",
    "css-font-weight": "600 becomes bold or stays 600",
    "css-height": "of a bar, which has a height attribute and a line height too",
    "css-important": "in the style element alone",
    "css-letter-spacing": "tightens the name, widens a heading a little",
    "css-line-height": "in pixels",
    "css-margin": "above paragraphs; never negative, never auto",
    "css-max-height": "beside display: none",
    "css-max-width": "Outlook on Windows gets a table of 640 pixels in a conditional comment",
    "css-overflow": "beside display: none",
    "css-padding": "of table cells, where all support it; of chips, which stand close without",
    "css-pseudo-class-hover": "a line below a link under the pointer",
    "css-selector-class": "dark mode, narrow screens, rounded corners",
    "css-selector-descendant": "as css-selector-class",
    "css-selector-grouping": "as css-selector-class",
    "css-text-align": "left, and right of the counts, which have an align attribute too",
    "css-text-decoration": "headlines are links without a line below",
    "css-white-space": "keeps counts on one line",
    "css-table-layout": "keeps endless words from widening the mail; in Outlook on Windows they do",
    "css-word-break": "breaks endless words, beside word-wrap",
    "css-word-wrap": "as css-word-break",
    "html-anchor-links": "from the contents to a section; the mail reads without",
    "html-aria-hidden": "screen readers pass over bars, whose figures are written beside",
    "html-body": "its background stands on the table within too",
    "html-dir": "of stories from right to left, which the characters say too",
    "html-doctype": "clients put their own",
    "html-height": "of a bar, in pixels",
    "html-lang": "for screen readers and fonts",
    "html-mailto-links": "where no pages are served; without bcc",
    "html-meta-color-scheme": "as prefers-color-scheme",
    "html-role": "tells screen readers that tables are for layout",
    "html-width": "of tables and cells; the faults there are those of images",
    "html-style": "holds nothing that reading needs: every other style stands on its element",
}
"""Of each feature that one of the clients has not, or not wholly: why it is used all the same."""


def used() -> set[str]:
    """What the sample editions use."""
    renderer = Renderer(shipped_templates())
    return {
        feature
        for name in SAMPLES
        for has_pages in (True, False)
        for feature in _of_page(renderer.render(sample_edition(name), has_pages=has_pages)[0].body.html)
    }


def _of_page(html: str) -> Iterator[str]:
    yield from ("<!doctype>", "<!-- -->")
    for node in LexborHTMLParser(html).css("*"):
        yield f"<{node.tag}>"
        for name, value in node.attributes.items():
            yield f"[{name}]"
            if name == "style":
                yield from _properties(value or "")
            elif name == "href" and value:
                yield from ["#anchor"] * value.startswith("#") + ["mailto:"] * value.startswith("mailto:")
        if node.tag == "meta" and node.attributes.get("name") == "color-scheme":
            yield "<meta name=color-scheme>"
    for sheet in re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL):
        yield from _of_sheet(sheet)


def _of_sheet(sheet: str) -> Iterator[str]:
    for query in re.findall(r"@(media[^{]*)", sheet):
        yield "@media"
        yield from re.findall("prefers-color-scheme", query)
    yield from (f"@{name}" for name in re.findall(r"@([\w-]+)", sheet) if name != "media")
    for selectors, declarations in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        yield from re.findall(r":(?!root)[\w-]+", selectors)
        yield from [".class"] * ("." in selectors) + [".class,.class"] * ("," in selectors)
        yield from [".class element"] * any(" " in selector.strip() for selector in selectors.split(","))
        yield from re.findall("!important", declarations)
        yield from _properties(declarations)


def _properties(declarations: str) -> Iterator[str]:
    return (name.strip() for name in re.findall(r"(?:^|;)\s*([\w-]+)\s*:", declarations))


def kind(feature: str) -> str:
    """The feature's name there."""
    if feature in KINDS:
        return KINDS[feature]
    if feature[0] in "<[":
        return f"html-{feature[1:-1]}"
    return f"css-{feature}"


def table(data: dict[str, Any]) -> str:
    """The table in Markdown. Raises KeyError for a feature that is not known there, nor here."""
    by_kind = {feature["slug"]: feature for feature in data["data"]}
    found = sorted({kind(feature) for feature in used() - EVERYWHERE - FOR_ONE.keys()})
    rows = [["feature", *CLIENTS, "why all the same"], ["---"] * (len(CLIENTS) + 2)]
    for name in found:
        support = [_support(by_kind[name]["stats"], places) for places in CLIENTS.values()]
        why = WHY[name] if set(support) - {"yes", "?"} else ""
        rows.append([f"[{name}](https://www.caniemail.com/features/{name}/)", *support, why])
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"Data of {data['last_update_date'][:10]}; {len(found)} features.\n\n{lines}"


def _support(stats: dict[str, Any], places: list[tuple[str, str]]) -> str:
    """Of the latest version that was tested."""
    latest = [[*versions.values()][-1][0] for family, at in places if (versions := stats.get(family, {}).get(at))]
    return SHOWN[min(latest, key="nauy".index)] if latest else "?"


def missing(page: str) -> list[str]:
    """What is used and stands neither in the page's table nor among what is known without it."""
    known = set(re.findall(r"^\| \[([\w-]+)\]", page, re.MULTILINE))
    return sorted(feature for feature in used() - EVERYWHERE - FOR_ONE.keys() if kind(feature) not in known)


def main() -> None:
    page = TARGET.read_text(encoding="utf-8")
    if sys.argv[1] == "--check":
        if unknown := missing(page):
            sys.exit(f"mail-support.md does not say who supports {', '.join(unknown)}: see docs/make_mail_support.py")
        return
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    data = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    TARGET.write_text(f"{before}{BEGIN}\n{table(data)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
