"""Which items of the archive a plan lets through: found in the search index, newest first, and not judged yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from feedwatch.plan import AllOf, AnyOf, Everything, HasFact, HasPrefix, HasToken, Plan, all_of
from feedwatch.store.filters import ItemFilter, is_in_language, newest_first
from feedwatch.store.index import IS_UNINDEXED, is_current
from feedwatch.store.tables import Item, ItemIndex, Match, Source, Watchlist

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

Tokens = Callable[[Plan], sa.ColumnElement[bool]]
"""A search for a plan of tokens alone, in a database's own words."""


def find_candidates(session: Session, plan: Plan, wanted: ItemFilter) -> Iterator[int]:
    """The ids of items that pass the filter and for which the plan holds, newest first; streamed.

    Items that are not in the index are let through by their facts alone.
    """
    if not is_current(session) or not has_tokens(plan):
        query = newest_first(wanted, Item.id).where(_facts(plan, Item))
    else:
        query = _indexed(session, plan, wanted)
    with session.execute(query.execution_options(yield_per=_AT_ONCE)) as result:
        yield from result.scalars()


_AT_ONCE = 1000


def has_tokens(plan: Plan) -> bool:
    """Whether an index of tokens narrows a search with this plan."""
    match plan:
        case HasToken() | HasPrefix():
            return True
        case AllOf(parts=parts):
            return any(map(has_tokens, parts))
        case AnyOf(parts=parts):
            return all(map(has_tokens, parts))
        case Everything() | HasFact():
            return False


def _indexed(session: Session, plan: Plan, wanted: ItemFilter) -> sa.Select[Any]:
    columns = sa.select(ItemIndex.item_id, ItemIndex.published_at).where(*_passes(wanted))
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    tokens = _in_fts5 if is_sqlite else _in_tsvector
    found = columns.where(ItemIndex.is_indexed, _condition(plan, tokens))
    unknown = columns.where(IS_UNINDEXED, _facts(plan, ItemIndex))
    both = sa.union_all(found, unknown).subquery("found")
    return sa.select(both.c.item_id).order_by(both.c.published_at.desc(), both.c.item_id.desc())


def _passes(wanted: ItemFilter) -> Iterator[sa.ColumnElement[bool]]:
    """The filter over the index's own columns."""
    if wanted.since is not None:
        yield ItemIndex.published_at >= wanted.since
    if wanted.until is not None:
        yield ItemIndex.published_at < wanted.until
    if wanted.source is not None:
        yield ItemIndex.source_id == sa.select(Source.id).where(Source.name == wanted.source).scalar_subquery()
    if wanted.language is not None:
        yield is_in_language(ItemIndex.language, wanted.language)
    if wanted.watchlist is not None:
        named = sa.select(Watchlist.id).where(Watchlist.name_key == wanted.watchlist.casefold()).scalar_subquery()
        yield sa.exists().where(Match.item_id == ItemIndex.item_id, Match.watchlist_id == named)


def _facts(plan: Plan, table: type[Item] | type[ItemIndex]) -> sa.ColumnElement[bool]:
    """What the plan says of languages and sources, as if every item had every token."""
    match plan:
        case HasFact(name="lang", pattern=pattern):
            return is_in_language(table.language, pattern)
        case HasFact(name="source", pattern=pattern):
            # On SQLite LIKE takes either case: more pass, and are judged by the matcher.
            parts = [part.translate(_LITERAL) for part in pattern.split("*")]
            is_named = Source.name.like("%".join(parts), escape="/")
            return table.source_id.in_(sa.select(Source.id).where(is_named))
        case AllOf(parts=parts):
            return sa.and_(sa.true(), *(_facts(part, table) for part in parts))
        case AnyOf(parts=parts):
            return sa.or_(sa.false(), *(_facts(part, table) for part in parts))
        case _:
            return sa.true()


_LITERAL = str.maketrans({"%": "/%", "_": "/_", "/": "//"})


def _condition(plan: Plan, tokens: Tokens) -> sa.ColumnElement[bool]:
    """The whole plan over the index; what of it asks for tokens alone is one search."""
    if _is_of_tokens(plan):
        return tokens(plan)
    match plan:
        case AllOf(parts=parts):
            of_tokens = [part for part in parts if _is_of_tokens(part)]
            others = [_condition(part, tokens) for part in parts if not _is_of_tokens(part)]
            return sa.and_(*([tokens(all_of(of_tokens))] if of_tokens else []), *others)
        case AnyOf(parts=parts):
            return sa.or_(sa.false(), *(_condition(part, tokens) for part in parts))
        case _:
            return _facts(plan, ItemIndex)


def _is_of_tokens(plan: Plan) -> bool:
    match plan:
        case HasToken() | HasPrefix():
            return True
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return bool(parts) and all(map(_is_of_tokens, parts))
        case _:
            return False


_FTS5 = sa.table("item_tokens", sa.column("rowid", sa.Integer()))


def _in_fts5(plan: Plan) -> sa.ColumnElement[bool]:
    query = sa.literal_column("item_tokens").op("MATCH")(_written(plan, " AND ", " OR ", '"{}"', '"{}"*'))
    return ItemIndex.item_id.in_(sa.select(_FTS5.c.rowid).where(query))


def _in_tsvector(plan: Plan) -> sa.ColumnElement[bool]:
    query = sa.cast(_written(plan, " & ", " | ", "'{}'", "'{}':*"), TSQUERY())
    return ItemIndex.tokens.op("@@", is_comparison=True)(query)


def _written(plan: Plan, conjunction: str, disjunction: str, token_form: str, prefix_form: str) -> str:
    """The plan in a database's own words; tokens have no character that would have to be escaped."""
    match plan:
        case HasToken(token=token):
            return token_form.format(token)
        case HasPrefix(prefix=prefix):
            return prefix_form.format(prefix)
        case AllOf(parts=parts):
            joint = conjunction
        case AnyOf(parts=parts):
            joint = disjunction
        case _:
            raise TypeError(plan)
    return f"({joint.join(_written(part, conjunction, disjunction, token_form, prefix_form) for part in parts)})"
