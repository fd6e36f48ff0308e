"""The colours: WCAG 2.2, 1.4.3 (AA) asks for 4.5 : 1 between text and its background."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from jinja2 import Environment, FileSystemLoader
from selectolax.lexbor import LexborHTMLParser

from feedwatch.digest.render import shipped_templates
from feedwatch.model import Body, Edition

PALETTE = Environment(loader=FileSystemLoader(shipped_templates())).get_template("parts/palette.html.j2").module
SCHEMES: dict[str, dict[str, str]] = {"light": PALETTE.light, "dark": PALETTE.dark}  # type: ignore[attr-defined]
PAIRS = [
    ("ink", "card"),
    ("soft", "card"),
    ("accent", "card"),
    ("ink", "mark"),
    ("soft", "chip"),
    ("ink", "page"),
    ("accent", "news"),
]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("text, background", PAIRS)
def test_text_is_legible(scheme: str, text: str, background: str) -> None:
    colours = SCHEMES[scheme]
    assert contrast(colours[text], colours[background]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_bars_are_told_from_their_background(scheme: str) -> None:
    """WCAG 2.2, 1.4.11 asks for 3 : 1 of what has to be seen; a bar repeats figures that are written beside it."""
    assert contrast(SCHEMES[scheme]["bar"], SCHEMES[scheme]["card"]) >= 2


def test_every_colour_is_in_the_palette(full_edition: Edition, render: Callable[..., Body]) -> None:
    used = set(re.findall(r"[:\s](#[0-9a-f]{3,6})\b", render(full_edition).html))
    assert used == set(SCHEMES["light"].values()) | set(SCHEMES["dark"].values())


def test_every_inline_colour_has_its_dark_one(full_edition: Edition, render: Callable[..., Body]) -> None:
    """An element whose style attribute sets a colour is met by a rule that sets the same property in dark mode."""
    html = render(full_edition).html
    (dark,) = re.findall(r"@media \(prefers-color-scheme:dark\)\{\n(.*?)\n\}\n", html, re.DOTALL)
    rules = re.findall(r"^(.*?)\{(.*?)\}$", dark, re.MULTILINE)
    page = LexborHTMLParser(html)
    answered = {
        (node.mem_id, declaration.split(":")[0])
        for selectors, declarations in rules
        for node in page.css(selectors)
        for declaration in declarations.split(";")
    }
    found = 0
    for node in page.css("[style]"):
        for declaration in (node.attributes["style"] or "").split(";"):
            name, _, value = declaration.partition(":")
            if "#" in value:
                found += 1
                prop = "border-color" if name.startswith("border") else name
                assert (node.mem_id, prop) in answered, (node.attributes, declaration)
    assert found > 200
