"""One tree in the languages of the programs that are compared."""

from __future__ import annotations

from feedwatch.han import to_simplified
from feedwatch.match.tree import And, Fact, Near, Node, Not, Or, Phrase

Json = list["Json"] | str | int | bool | None


def as_ours(node: Node) -> str:
    """In feedwatch's query language. What stands inside of something else stands in parentheses."""
    match node:
        case Phrase(text=text, scope=scope, is_prefix=is_prefix):
            return (f"{scope}:" if scope else "") + (f"{text}*" if is_prefix else f'"{text}"')
        case Fact(name=name, pattern=pattern):
            return f'{name}:"{pattern}"' if " " in pattern else f"{name}:{pattern}"
        case Near(left=left, right=right, distance=distance):
            return f"{_inner(left)} NEAR/{distance} {_inner(right)}"
        case Not(part=part):
            return f"NOT {_inner(part)}"
        case And(parts=parts):
            return " AND ".join(map(_inner, parts))
        case Or(parts=parts):
            return " OR ".join(map(_inner, parts))
    raise TypeError(node)


def _inner(node: Node) -> str:
    return f"({as_ours(node)})" if isinstance(node, And | Or | Near) else as_ours(node)


def as_json(node: Node) -> Json:
    """What the program of Lucene's Monitor builds its queries from.

    ["phrase", text, field or null, is prefix], ["fact", name, glob], ["near", distance, left, right], ["not", part],
    ["and", ...], ["or", ...].
    """
    match node:
        case Phrase(text=text, scope=scope, is_prefix=is_prefix):
            return ["phrase", text, scope, is_prefix]
        case Fact(name=name, pattern=pattern):
            return ["fact", name, pattern.lower()]
        case Near(left=left, right=right, distance=distance):
            return ["near", distance, as_json(left), as_json(right)]
        case Not(part=part):
            return ["not", as_json(part)]
        case And(parts=parts):
            return ["and", *map(as_json, parts)]
        case Or(parts=parts):
            return ["or", *map(as_json, parts)]
    raise TypeError(node)


def as_fts5(node: Node) -> str:
    """In SQLite's FTS5, over the columns title, text, lang, source and tag as `fts5_text` writes them.

    NOT is a binary operator there, and NEAR takes phrases alone: an OR within one becomes an OR of NEARs.
    """
    match node:
        case Phrase(text=text, scope=scope, is_prefix=is_prefix):
            return f'{{{scope or "title text"}}} : "{fts5_text(text)}"' + (" *" if is_prefix else "")
        case Fact(name=name, pattern=pattern):
            return f'{name} : {"" if name == "tag" else "^"}"{fts5_text(pattern.rstrip("*"))}"'
        case Near(left=left, right=right, distance=distance):
            return "(" + " OR ".join(
                f'{{title text}} : NEAR({_bare(a)} {_bare(b)}, {distance - 1})'
                for a in _alternatives(left)
                for b in _alternatives(right)
            ) + ")"  # fmt: skip
        case And(parts=parts):
            sought = [as_fts5(part) for part in parts if not isinstance(part, Not)]
            refused = [as_fts5(part.part) for part in parts if isinstance(part, Not)]
            return "(" + " NOT ".join(["(" + " AND ".join(sought) + ")", *refused]) + ")"
        case Or(parts=parts):
            return "(" + " OR ".join(map(as_fts5, parts)) + ")"
    raise TypeError(node)


def _alternatives(node: Node) -> list[Phrase]:
    return [part for part in (node.parts if isinstance(node, Or) else (node,)) if isinstance(part, Phrase)]


def _bare(phrase: Phrase) -> str:
    return f'"{fts5_text(phrase.text)}"' + (" *" if phrase.is_prefix else "")


def fts5_text(text: str) -> str:
    """For the tokenizer unicode61: simplified, and every Chinese character a token."""
    if text.isascii():
        return text.replace('"', " ")
    return "".join(f" {c} " if "\u2e80" <= c <= "\u9fff" else c for c in to_simplified(text)).replace('"', " ")
