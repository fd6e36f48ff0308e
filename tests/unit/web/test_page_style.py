"""The colours of the pages: WCAG 2.2 asks for 4.5 : 1 of text (1.4.3) and 3 : 1 of the edges of fields (1.4.11)."""

from __future__ import annotations

import re

import pytest

from feedwatch.digest.render import shipped_templates

STYLE = (shipped_templates() / "pages" / "parts" / "style.html.j2").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([a-z]+):(#[0-9a-f]{3,6})\b", block)) for block in re.findall(r":root\{([^}]*)\}", STYLE)
)
SCHEMES = {"light": LIGHT, "dark": DARK}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_both_schemes_have_every_colour() -> None:
    assert LIGHT.keys() == DARK.keys() == set(re.findall(r"var\(--([a-z]+)\)", STYLE))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "text, background, least",
    [
        ("ink", "card", 4.5),
        ("ink", "page", 4.5),
        ("soft", "card", 4.5),
        ("soft", "page", 4.5),
        ("soft", "chip", 4.5),
        ("accent", "card", 4.5),
        ("accent", "page", 4.5),
        ("on", "accent", 4.5),
        ("ink", "good", 4.5),
        ("bad", "card", 4.5),
        ("field", "card", 3),
    ],
)
def test_what_is_to_be_seen_is_seen(scheme: str, text: str, background: str, least: float) -> None:
    assert contrast(SCHEMES[scheme][text], SCHEMES[scheme][background]) >= least


def test_the_bar_above_an_edition_is_legible() -> None:
    bar = (shipped_templates() / "pages" / "parts" / "bar.html.j2").read_text(encoding="utf-8")
    backgrounds = re.findall(r"background:(#[0-9a-f]{6})", bar)
    assert len(backgrounds) == 2
    assert all(contrast("#ffffff", background) >= 4.5 for background in backgrounds)
