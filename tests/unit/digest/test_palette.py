"""The colours: WCAG 2.2, 1.4.3 (AA) asks for 4.5 : 1 between text and its background."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from jinja2 import Environment, FileSystemLoader

from feedwatch.digest.render import shipped_templates
from feedwatch.model import Edition, RenderedEdition

PALETTE = Environment(loader=FileSystemLoader(shipped_templates())).get_template("parts/palette.html.j2").module
SCHEMES: dict[str, dict[str, str]] = {"light": PALETTE.light, "dark": PALETTE.dark}  # type: ignore[attr-defined]
PAIRS = [("ink", "card"), ("soft", "card"), ("accent", "card"), ("ink", "mark"), ("soft", "chip"), ("ink", "page")]


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


def test_every_colour_is_in_the_palette(full_edition: Edition, render: Callable[..., RenderedEdition]) -> None:
    used = set(re.findall(r"[:\s](#[0-9a-f]{3,6})\b", render(full_edition).html))
    assert used == set(SCHEMES["light"].values()) | set(SCHEMES["dark"].values())


def test_every_inline_colour_has_its_class_for_dark_mode(
    full_edition: Edition, render: Callable[..., RenderedEdition]
) -> None:
    html = render(full_edition, archive_url="https://watch.example.org/e/1").html
    class_for = {"page": "pg", "card": "cd", "soft": "sf", "accent": "ac", "line": "ln", "mark": "m", "chip": "ch"}
    for role, css_class in (class_for | {"ink": "ik|ru", "under": "u"}).items():
        colour = SCHEMES["light"][role]
        tags = [tag for tag in re.findall(r"<[a-z][^>]*>", html) if colour in tag]
        assert tags
        assert [tag for tag in tags if not re.search(rf'class="[^"]*\b({css_class})\b', tag)] == []
