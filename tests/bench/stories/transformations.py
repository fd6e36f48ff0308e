"""What becomes of a report on its way from newsroom to newsroom: each takes a draft and gives an altered one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from random import Random

import opencc


@dataclass(frozen=True, slots=True)
class Draft:
    """A report: its headline and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]
    is_chinese: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def length(self) -> int:
        return sum(map(len, self.paragraphs))


Transformation = Callable[[Draft, Random, Sequence[Draft]], Draft | None]
"""The third argument holds other reports of the same language; None where the draft offers nothing to alter."""

_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？]+[\"”’」』)]*\s*|$)")
_FOOTERS = (
    "Copyright 2024 The Daily Example. All rights reserved. It may not be published, broadcast or redistributed.",
    "Sign up for our morning newsletter to get the stories that matter in your inbox. Follow us on Facebook and on X.",
    "Jane Example is a reporter in our business section. She has covered trade and shipping for eleven years.",
    "Read more: What the budget means for you. The ten best walks of the season. Why your phone is slow.",
    "This article was first published by our partner and appears here with permission. Edited for length and clarity.",
)
_ZH_FOOTERS = (
    "责任编辑：王小明。版权所有，未经书面授权不得转载或建立镜像。",
    "更多精彩内容，请关注我们的官方微信公众号，或者下载手机客户端。",
    "（本文转自合作媒体，内容不代表本网观点。如有侵权请与我们联系，我们会尽快处理。）",
)
_DATELINES = (
    "MACAO, Feb. 20 (Newswire) -- ",
    "By Jane Example\nLONDON (Agency) - ",
    "WASHINGTON, Feb 20, 2024 - ",
    "PARIS — ",
)
_ZH_DATELINES = (
    "本报讯（记者 李明 通讯员 张华）",
    "新华社广州2月20日电 ",
    "【记者陈大文报道】",
    "中新网2月20日电 (记者 王芳)",
)
_HEADLINES = (
    "What we know so far",
    "In brief: the story behind the news",
    "Here is what happened",
    "Five things to know",
)
_ZH_HEADLINES = ("刚刚公布的这件事与你有关", "一文看懂来龙去脉", "最新消息", "记者现场直击")


@lru_cache(maxsize=2048)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, each with what follows it."""
    return tuple(found for found in _SENTENCE.findall(text) if found.strip())


def other_headline(draft: Draft, rng: Random, _others: Sequence[Draft]) -> Draft:
    return replace(draft, title=rng.choice(_ZH_HEADLINES if draft.is_chinese else _HEADLINES))


def dateline(draft: Draft, rng: Random, _others: Sequence[Draft]) -> Draft:
    """One added, in front of another headline."""
    added = rng.choice(_ZH_DATELINES if draft.is_chinese else _DATELINES)
    return replace(draft, paragraphs=(added + draft.paragraphs[0], *draft.paragraphs[1:]))


def footer(draft: Draft, rng: Random, _others: Sequence[Draft]) -> Draft:
    """One to three lines at the end."""
    footers = _ZH_FOOTERS if draft.is_chinese else _FOOTERS
    return replace(draft, paragraphs=(*draft.paragraphs, *rng.sample(footers, rng.randint(1, 3))))


def teaser(draft: Draft, rng: Random, _others: Sequence[Draft]) -> Draft | None:
    """The first 25 to 70 words (45 to 90 characters of Chinese), with a sign that something follows."""
    tail = rng.choice(("…", "...", " […]", " [...]", "… Read more"))
    if draft.is_chinese:
        cut = draft.text.replace("\n", "")[: rng.randint(45, 90)]
    else:
        words = draft.text.split()
        count = rng.randint(25, 70)
        if count > len(words) * 0.8:
            return None
        cut = " ".join(words[:count])
    return replace(draft, paragraphs=(cut + tail,))


def dropped(draft: Draft, rng: Random, _others: Sequence[Draft]) -> Draft | None:
    """10 to 30 % of the sentences left out."""
    parts = [(at, part) for at, paragraph in enumerate(draft.paragraphs) for part in sentences(paragraph)]
    count = round(len(parts) * rng.uniform(0.1, 0.3))
    if not count:
        return None
    gone = set(rng.sample(range(len(parts)), count))
    kept = [part for at, part in enumerate(parts) if at not in gone]
    paragraphs = ("".join(part for at, part in kept if at == which) for which in range(len(draft.paragraphs)))
    return replace(draft, paragraphs=tuple(paragraph for paragraph in paragraphs if paragraph))


def reordered(draft: Draft, rng: Random, _others: Sequence[Draft]) -> Draft | None:
    """The paragraphs in another order; of a single one, its sentences in three blocks."""
    parts = list(draft.paragraphs)
    if len(parts) < 3:
        whole = sentences(" ".join(parts))
        if len(whole) < 3:
            return None
        third = max(len(whole) // 3, 1)
        parts = ["".join(whole[:third]), "".join(whole[third : 2 * third]), "".join(whole[2 * third :])]
    rng.shuffle(parts)
    return replace(draft, paragraphs=tuple(parts))


def quoted_whole(draft: Draft, rng: Random, others: Sequence[Draft]) -> Draft:
    """All of it within a longer piece, which adds 30 to 100 % of its length."""
    background = own_text(rng, others, draft.length * rng.uniform(0.3, 1.0))
    at = rng.randint(0, len(background))
    added = replace(draft, paragraphs=(*background[:at], *draft.paragraphs, *background[at:]))
    return other_headline(added, rng, others)


def quoted_in_part(draft: Draft, rng: Random, others: Sequence[Draft]) -> Draft | None:
    """15 to 40 % of it within a piece whose own text is at least as long as the quotation: not the same text."""
    parts = sentences(draft.text)
    count = round(len(parts) * rng.uniform(0.15, 0.4))
    if not count or len(parts) < 4:
        return None
    start = rng.randint(0, len(parts) - count)
    quotation = "".join(parts[start : start + count])
    if len(quotation) > 0.45 * draft.length:
        return None
    own = own_text(rng, others, len(quotation) * rng.uniform(1.0, 4.0))
    at = rng.randint(0, len(own))
    return replace(draft, title=f"Comment: {own[-1][:60]}", paragraphs=(*own[:at], quotation, *own[at:]))


def figures(draft: Draft, rng: Random, _others: Sequence[Draft]) -> Draft | None:
    """One or two figures changed."""
    text = draft.text
    found = list(re.finditer(r"\d+(?:[.,]\d+)*", text))
    if not found:
        return None
    for figure in sorted(rng.sample(found, min(len(found), rng.randint(1, 2))), key=re.Match.start, reverse=True):
        text = text[: figure.start()] + str(rng.randint(2, 9)) + figure[0] + text[figure.end() :]
    return replace(draft, paragraphs=tuple(text.split("\n")))


def traditional(draft: Draft, rng: Random, _others: Sequence[Draft]) -> Draft | None:
    """In traditional characters: of Hong Kong, of Taiwan, or of Taiwan with its own words."""
    if not draft.is_chinese:
        return None
    convert = _converter(rng.choice(("s2hk", "s2tw", "s2twp"))).convert
    return Draft(convert(draft.title), tuple(map(convert, draft.paragraphs)), is_chinese=True)


def typography(draft: Draft, rng: Random, _others: Sequence[Draft]) -> Draft:
    """Other quotes, dashes and spaces, soft hyphens, full width, capitals in the headline."""
    text = draft.text
    if draft.is_chinese:
        text = text.replace("“", "「").replace("”", "」").replace(",", "")
        text = re.sub(r"(\d+)", r" \1 ", text) if rng.random() < 0.5 else text.translate(_FULL_WIDTH)
    else:
        curly = rng.random() < 0.5
        text = text.replace("'", "’").replace(' "', " “").replace('"', "”") if curly else text.replace("’", "'")
        text = text.replace(" - ", "—").replace("...", "…")
        text = (
            re.sub(r"\b(\w{5})(\w{5,})", "\\1\u00ad\\2", text)
            if rng.random() < 0.3
            else text.replace(" of ", " of\u00a0")
        )
    return Draft(draft.title.upper(), tuple(text.split("\n")), draft.is_chinese)


def combined(draft: Draft, rng: Random, others: Sequence[Draft]) -> Draft:
    """Two to four of the others, one after the other."""
    steps: list[Transformation] = [
        other_headline,
        dateline,
        footer,
        dropped,
        reordered,
        figures,
        typography,
        traditional,
    ]
    for step in rng.sample(steps, rng.randint(2, 4)):
        draft = step(draft, rng, others) or draft
    return draft


def headline_only(draft: Draft, _rng: Random, _others: Sequence[Draft]) -> Draft | None:
    """Nothing but the headline, where that says something: five words, or eight characters of Chinese."""
    says = len(draft.title) >= 8 if draft.is_chinese else len(draft.title.split()) >= 5
    return replace(draft, paragraphs=("",)) if says else None


def own_text(rng: Random, others: Sequence[Draft], length: float) -> list[str]:
    """Paragraphs of a sentence each, of about that length altogether, each from another report."""
    taken: list[str] = []
    while sum(map(len, taken)) < length:
        taken.append(rng.choice(sentences(rng.choice(others).text)).strip())
    return taken


POSITIVE: dict[str, Transformation] = {
    "another headline": other_headline,
    "dateline added": dateline,
    "footer added": footer,
    "teaser": teaser,
    "sentences dropped": dropped,
    "paragraphs reordered": reordered,
    "quoted whole": quoted_whole,
    "updated figures": figures,
    "traditional characters": traditional,
    "typography": typography,
    "combined": combined,
    "headline only": headline_only,
}
NEGATIVE: dict[str, Transformation] = {"quoted in part": quoted_in_part}

_FULL_WIDTH = {ord("0") + digit: chr(0xFF10 + digit) for digit in range(10)}


@cache
def _converter(configuration: str) -> opencc.OpenCC:
    return opencc.OpenCC(configuration)
