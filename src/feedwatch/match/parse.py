"""The text of a query -> its syntax tree, or an error that points at the column."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from lark import Lark, Token, Tree, UnexpectedToken

from feedwatch.errors import QuerySyntaxError
from feedwatch.model import Query, query_def

from .phrase import has_letter_or_digit
from .tree import And, Node, Not, Or, Phrase, lacking_branch, with_inner_nots, with_options

DEEPEST = 50
"""How many parentheses and NOTs may stand inside one another."""

# One character for one, so that columns stay: what word processors and Chinese keyboards write.
_PLAIN = str.maketrans(dict.fromkeys("“”„‟＂「」『』", '"') | {"（": "(", "）": ")"})

_REFUSED = {
    "NEAR": "{text} is not available yet; AND finds texts that have both, at any distance",
    "REGEX": "regular expressions (/.../) are not available yet; if the slash is meant, put it in double quotes",
    "FIELD": "fields ({text}) are not available yet; if the colon is meant, put the words in double quotes",
    "EXACT": '"exact:..." is not available yet; without exact: upper and lower case, accents and hyphens are one',
    "PREFIX": "{text}: * for the rest of a word is not available yet; write the words out with OR",
    "MINUS": "a minus sign does not exclude; write NOT before the word, or quotes around it",
    "UNENDED": "this quotation mark has no partner: expected a closing one after the phrase",
}


def check_query(text: Query) -> None:
    """Raise QuerySyntaxError if `text` is not a query that can be read."""
    parse_query(text)


def check_term(text: str) -> None:
    """Raise QuerySyntaxError if `text`, a line of `terms:`, holds nothing to find."""
    parse_term(text)


def parse_query(written: Query) -> Node:
    """Read a boolean query.

    Raises QuerySyntaxError: also for a query that texts with none of its phrases would meet.
    """
    options = query_def(written)
    query = options.text
    _refuse_surrogates(query)
    plain = query.translate(_PLAIN)
    if not plain.strip():
        raise QuerySyntaxError(query, 0, "the query is empty: expected a word or a quoted phrase")
    try:
        _refuse_depth(query, plain)
        tree = _parser().parse(plain)
    except _Refused as refused:
        raise QuerySyntaxError(query, refused.column, refused.problem) from None
    except UnexpectedToken as error:
        column, problem = _explain(plain, error.token)
        raise QuerySyntaxError(query, column, problem) from None
    node = _node(query, tree)
    lacking = lacking_branch(with_inner_nots(node))
    if lacking is not None:
        problem = "NOT alone would match every text that lacks the rest: expected something to find, as in x AND NOT y"
        raise QuerySyntaxError(query, lacking.column, problem)
    return with_options(node, exact=options.exact, stem=options.stem)


def parse_term(term: str) -> Phrase:
    """Read a line of `terms:`: one phrase, literally. Raises QuerySyntaxError if there is nothing to find in it."""
    _refuse_surrogates(term)
    if not has_letter_or_digit(term):
        raise QuerySyntaxError(term, 0, _nothing_in(term.strip(), "the term"))
    return Phrase(term)


def _refuse_surrogates(text: str) -> None:
    """Half a character, as a terminal hands it over that is not in UTF-8; no text holds one."""
    found = re.search(r"[\ud800-\udfff]", text)
    if found:
        shown = text.encode("utf-8", "replace").decode()
        raise QuerySyntaxError(shown, found.start(), "this is no character: expected text in UTF-8")


class _Refused(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, column: int, problem: str) -> None:
        super().__init__(problem)
        self.column = column
        self.problem = problem


def _refuse(token: Token) -> Token:
    raise _Refused(_column(token), _REFUSED[token.type].format(text=token.strip('"')))


@cache
def _parser() -> Lark:
    grammar = files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    # The basic lexer: one reading of each word wherever it stands, so that errors can name what was found.
    return Lark(grammar, parser="lalr", lexer="basic", start="query", lexer_callbacks=dict.fromkeys(_REFUSED, _refuse))


def _column(token: Token) -> int:
    return token.start_pos or 0


def _node(query: str, tree: Tree[Token]) -> Node:
    parts = [part for part in tree.children if isinstance(part, Tree)]
    first = tree.children[0]
    match tree.data:
        case "disjunction":
            return Or(tuple(_node(query, part) for part in parts))
        case "conjunction":
            return And(tuple(_node(query, part) for part in parts))
        case "negation" if isinstance(first, Token):
            return Not(_node(query, parts[0]), _column(first))
        case "quoted" if isinstance(first, Token):
            return _phrase(query, _column(first) + 1, len(first) - 2, "the quoted phrase")
        case "word" if isinstance(first, Token):
            return _phrase(query, _column(first), len(first), "the word")
    raise TypeError(tree.data)


def _phrase(query: str, column: int, length: int, what: str) -> Phrase:
    text = query[column : column + length]
    if not has_letter_or_digit(text):
        raise QuerySyntaxError(query, column, _nothing_in(text.strip(), what))
    return Phrase(text, column)


def _nothing_in(text: str, what: str) -> str:
    if not text:
        return f"{what} is empty: expected words to find"
    return f"{what} {text} has no letter or digit: expected words to find"


def _refuse_depth(query: str, plain: str) -> None:
    if plain.count("(") + plain.count("NOT") <= DEEPEST:
        return
    depth = nots = 0
    for token in _parser().lex(plain):
        nots = nots + 1 if token.type == "NOT" else 0
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        if depth + nots > DEEPEST:
            problem = f"more than {DEEPEST} parentheses or NOTs inside one another: write the query flatter"
            raise QuerySyntaxError(query, _column(token), problem)


def _explain(plain: str, found: Token) -> tuple[int, str]:
    """What is wrong at a token that cannot stand where it does: the column, and words for it."""
    before: Token | None = None
    open_columns: list[int] = []
    for token in _parser().lex(plain):
        if found.type != "$END" and _column(token) == _column(found):
            break
        if token.type == "LPAR":
            open_columns.append(_column(token))
        elif token.type == "RPAR":
            open_columns.pop()
        before = token
    if before is not None and before.type in ("_AND", "_OR", "NOT"):
        met = f"found {found}" if found.type != "$END" else "the query ends"
        return _column(before), f"{before} has nothing after it: {met}, expected a word, a phrase or a parenthesis"
    if found.type == "$END":
        return open_columns[-1], "this parenthesis is not closed: expected ) before the end"
    if found.type == "RPAR":
        if before is not None and before.type == "LPAR":
            return _column(before), "nothing between the parentheses: expected a word or a phrase"
        return _column(found), "this parenthesis closes nothing: expected ( before it"
    return _column(found), f"{found} has nothing before it: expected a word, a phrase or a parenthesis"
