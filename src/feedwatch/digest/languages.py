"""What the languages of sources are called, and which way they are written. English names alone."""

from __future__ import annotations

_NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "km": "Khmer",
    "ko": "Korean",
    "lo": "Lao",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mn": "Mongolian",
    "ms": "Malay",
    "my": "Burmese",
    "nb": "Norwegian",
    "ne": "Nepali",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "th": "Thai",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def foreign_language(tag: str, locale: str) -> str:
    """The name of a language, or "" where it is the reader's own or unknown.

    tag, locale: BCP 47, or a POSIX locale such as zh_CN; scripts and regions are not looked at. A language without a
    name here shows its tag.
    """
    language = primary(tag)
    if language in ("", "und", primary(locale)):
        return ""
    return _NAMES.get(language, tag)


def language_name(tag: str) -> str:
    """The name of a language (BCP 47); its tag where it has none here."""
    return _NAMES.get(primary(tag), tag)


def direction(tag: str) -> str:
    """`rtl` or `ltr`, as HTML's dir attribute wants it."""
    return "rtl" if primary(tag) in _RIGHT_TO_LEFT else "ltr"


def primary(tag: str) -> str:
    """The primary subtag in lower case (RFC 5646, 2.2.1)."""
    return tag.replace("_", "-").split("-", 1)[0].lower()
