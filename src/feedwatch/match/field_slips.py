"""What is said of a field that is none, or of its value: what it looks like, and what to write instead."""

from __future__ import annotations

import re
from difflib import get_close_matches

FIELDS = ("title", "text", "lang", "source", "tag", "author", "site")
"""The fields of the language."""

OF_OTHERS = {
    "headline": "title",
    "heading": "title",
    "intitle": "title",
    "allintitle": "title",
    "标题": "title",
    "標題": "title",
    "body": "text",
    "content": "text",
    "fulltext": "text",
    "intext": "text",
    "正文": "text",
    "内容": "text",
    "內容": "text",
    "language": "lang",
    "locale": "lang",
    "语言": "lang",
    "語言": "lang",
    "feed": "source",
    "publication": "source",
    "来源": "source",
    "來源": "source",
    "tags": "tag",
    "category": "tag",
    "topic": "tag",
    "标签": "tag",
    "標籤": "tag",
    "by": "author",
    "byline": "author",
    "作者": "author",
    "url": "site",
    "inurl": "site",
    "domain": "site",
    "host": "site",
    "网站": "site",
    "網站": "site",
}
"""What fields are called elsewhere, and in Chinese."""

_LANGUAGES = {
    "english": "en",
    "eng": "en",
    "chinese": "zh",
    "mandarin": "zh",
    "chi": "zh",
    "zho": "zh",
    "cn": "zh",
    "tc": "zh-Hant",
    "sc": "zh-Hans",
    "cantonese": "yue",
    "portuguese": "pt",
    "por": "pt",
    "japanese": "ja",
    "jpn": "ja",
    "jp": "ja",
    "korean": "ko",
    "kor": "ko",
    "french": "fr",
    "german": "de",
    "spanish": "es",
    "russian": "ru",
}
_RANGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_HOST = re.compile(r"[^\s/:*@]+")
_QUOTE = '"'


def no_such_field(name: str, text: str) -> str:
    """Letters and a colon that are no field's: the nearest one."""
    if name.lower() == "exact":
        return 'exact: stands inside the quotes: write "exact:US"'
    if name.lower() == "stem":
        return "stem: is an option beside the query: write {query: ..., stem: en} in the configuration"
    quoted = "" if text.endswith("(") else f'; if the colon is meant, write "{text.replace(_QUOTE, "")}"'
    if name.lower() in ("http", "https"):
        host = text.partition("//")[2].partition("/")[0] or "example.org"
        return f"this is an address: write site:{host} for what that site publishes{quoted}"
    nearest = OF_OTHERS.get(name.lower()) or next(iter(get_close_matches(name.lower(), FIELDS, 1)), "")
    known = f": write {nearest}:" if nearest else f" (but {', '.join(FIELDS)})"
    return f"there is no field {name}{known}{quoted}"


def operator_in_field(name: str, operator: str) -> str:
    """An operator right after a field's colon."""
    return f'{name}:{operator} has an operator in place of a word: if the word is meant, write {name}:"{operator}"'


def field_in_field(outer: str, inner: str) -> str:
    """A field right after another one's colon."""
    return (
        f'{inner}: right after {outer}: cannot be read: write {outer}:word AND {inner}:..., or {outer}:"..." if meant'
    )


def empty_field(name: str) -> str:
    """A field with nothing right after its colon."""
    if name in ("title", "text"):
        return f'{name}: has nothing right after it: write {name}:word, {name}:"a phrase" or {name}:(word OR other)'
    examples = {"lang": "en", "source": "rthk-*", "tag": "policy", "author": '"Chan Tai-man"', "site": "rthk.hk"}
    return f"{name}: has nothing right after it: write the value without a blank, as in {name}:{examples[name]}"


def marked_value(name: str, value: str) -> str:
    """A mark after a field's quoted value."""
    return f"{value[value.rindex(_QUOTE) + 1 :]} cannot stand here: the value of {name}: ends with its quote"


def in_value(name: str, value: str) -> str:
    """What is wrong with the value of lang, source, tag, author or site; nothing where it is right."""
    if not value:
        return empty_field(name)
    if value == "(":
        return f"{name}: takes one value: write ({name}:... OR {name}:...) for several"
    if name == "lang" and not (_RANGE.fullmatch(value) and value.lower() not in _LANGUAGES):
        right = _LANGUAGES.get(value.lower(), value.replace("_", "-"))
        right = right if _RANGE.fullmatch(right) else "en or zh-Hant"
        return f"{value} is no code of a language (BCP 47): write lang:{right}"
    if name == "site" and not _HOST.fullmatch(value):
        host = re.sub(r"^[a-z]+://|^\*\.|^.*@", "", value.lower()).partition("/")[0].partition(":")[0].strip("*.")
        return f"{value}: expected a host alone, which stands for those below it too: write site:{host or 'rthk.hk'}"
    if not any(character.isalnum() or character == "*" for character in value):
        return f"{name}:{value} has no letter or digit: expected something to find"
    return ""
