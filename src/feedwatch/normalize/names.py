"""Reads who wrote a report out of its byline. What is not plainly a list of names is none at all."""

from __future__ import annotations

import re

from feedwatch.han import to_simplified
from feedwatch.normalize.name_words import COMPOUND, HAN, NO_HAN_NAMES, NO_NAME_ENDS, NO_NAME_STARTS, NO_NAMES, PINYIN

_MAX_NAMES = 12
_PARTS = re.compile(
    r"\s*(?:[,，、;；/／&＆|]+|(?<!\w)(?:and|e|y|et|und)(?!\w)|(?<=[\u4e00-\u9fff])[和与與](?=[\u4e00-\u9fff]))\s*"
)
_ROLE = re.compile(
    r"(?:[\u4e00-\u9fff]{0,10}(?:[报報社网網台刊]|媒体|媒體|客户端|新闻|新聞|见习|見習|实习|實習|特约|特約|首席"
    r"|[驻駐][\u4e00-\u9fff]{2,4}))?"
    r"(?:记者|記者|通讯员|通訊員|实习生|實習生|特派员|特派員|编辑|編輯|撰稿人|撰稿|撰文|图文|圖文|文[/／][图圖]"
    r"|作者|摄影|攝影|(?<![\u4e00-\u9fff])[文图圖](?=\s*[/／:：]))"
    r"(?:\s*[:：/／]\s*|\s+|(?=[\u4e00-\u9fff]{2}))"
)
_HAN_NAME = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]{2,4}")
_HAN_ONLY = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\\s·]+")
_SINGLE = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_WORD = r"(?:[A-ZÀ-ÞĀ-Ž][\w’'-]*\.?|[A-Z]\.(?:[A-Z]\.)*)"
_LATIN_NAME = re.compile(
    rf"{_WORD}(?: (?:de|da|do|dos|das|del|van|von|der|den|bin|al|la|le|di|du|{_WORD})){{0,3}} {_WORD}"
)
_PAIR = 2
_USUAL = 3


def read_names(written: str) -> tuple[str, ...]:
    """The names of a byline, in order; none where any part of it is not plainly a name.

    Chinese names have two to four characters and begin with a surname; "Deng Shaojun Luo Pei" is two names because
    each pair of words begins with a surname in pinyin. Any other name is two to five words in capitals.
    """
    written = _ROLE.sub("、", _SINGLE.sub(r"\1\2", written)).strip(" :：/／\u3000·、")
    names: list[str] = []
    for part in _PARTS.split(written):
        found = _names_of_part(part.strip())
        if not found:
            return ()
        names += found
    return tuple(dict.fromkeys(names)) if len(names) <= _MAX_NAMES else ()


def is_han_name(name: str) -> bool:
    """Whether Chinese characters read as one person's name, by length and surname."""
    if not _HAN_NAME.fullmatch(name):
        return False
    simple = to_simplified(name)
    if simple in NO_HAN_NAMES or simple[0] in NO_NAME_STARTS or simple[-1] in NO_NAME_ENDS:
        return False
    if simple[:2] in COMPOUND:
        return len(name) > _PAIR
    return simple[0] in HAN and len(name) <= _USUAL


def _names_of_part(part: str) -> list[str]:
    if _HAN_ONLY.fullmatch(part):
        words = part.split()
        return words if all(is_han_name(word) for word in words) else []
    words = part.split(" ")
    if any(word.strip(".").lower() in NO_NAMES for word in words):
        return []
    if len(words) > _PAIR and len(words) % _PAIR == 0 and all(word.lower() in PINYIN for word in words[::_PAIR]):
        pairs = [" ".join(words[start : start + _PAIR]) for start in range(0, len(words), _PAIR)]
        return pairs if all(_LATIN_NAME.fullmatch(pair) for pair in pairs) else []
    return [part] if _LATIN_NAME.fullmatch(part) else []
