"""A text as its sentences, for comparing what it says with what it said before.

Lines that say who wrote it, when it was brought up to date and what else there is to read say nothing of the matter,
and are left out.
"""

from __future__ import annotations

import re

from feedwatch.cluster.fold import fold_spaced

_LONGEST_NOTE = 200
_LAST_WORD = 12
_SENTENCE = re.compile(
    r"""[.!?](?:(?<=\w{3}.)|(?<=\s[a-z]{2}.)|(?<=\d.))['"”’)]*\s+(?=[^\sa-z0-9])"""  # not after Mr., nor Feb. before 19
    r"|[。！？；][”’」』）]*|\n+"
)
_NOTE = re.compile(
    r"""^\W*(?:
        (?:last\s+|first\s+)?(?:updated?|published|posted|modified)\b
        | (?:by|additional\ reporting|reporting\ by|editing\ by|writing\ by)\s+[A-Z]
        | (?:read|see|learn|find\s+out)\s+(?:more|also)\b | related\b | more\s+on\s+this | share\s+this
        | (?:subscribe|sign\s+up|follow\s+us|click\s+here|continue\s+reading|download)\b
        | this\s+(?:story|article)\s+(?:was|has\s+been|is\ developing)\b
        | (?:photos?|images?|pictures?|credit|source|copyright)\s*[:：©] | ©
        | (?:最后|最新)?(?:更新|发布|发表|刊登|编辑)(?:时间|于|日期|[:：])
        | (?:本报|本台|新华社)?(?:记者|通讯员)[^，。]{0,12}$
        | (?:责任)?(?:编辑|校对|来源|作者|撰文|采写|摄影|图片?|文|记者)\s*[:：/丨|]
        | (?:延伸|相关|推荐)(?:阅读|新闻|文章|报道)
        | (?:阅读|查看|点击|扫码|关注|下载|订阅)(?:全文|原文|更多|此处|我们|这里) | 更多(?:新闻|内容|报道|精彩)
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, without the marks that end them."""
    return [sentence for sentence in _SENTENCE.split(text) if sentence]


def folded(sentence: str) -> str:
    """Its words in small letters, with one space between: case, marks and spaces aside."""
    return " ".join(fold_spaced(sentence).decode().split())


def is_note(sentence: str) -> bool:
    """Whether it is a line around the matter."""
    return len(sentence) <= _LONGEST_NOTE and _NOTE.match(sentence) is not None


def is_cut_short(text: str) -> bool:
    """Whether a text ends as a teaser does: with an ellipsis."""
    return text.rstrip("]) ").endswith(("…", "..."))


def goes_on(text: str, cut: str) -> bool:
    """Whether a text begins as one does that is cut short, whose last word may be a part of one."""
    beginning = folded(cut)
    return folded(text[: 2 * len(cut)]).startswith(beginning[: max(len(beginning) - _LAST_WORD, 0)])
