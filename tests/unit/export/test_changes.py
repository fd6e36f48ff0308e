"""What changed between two texts: exact, readable, and told in bounded time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.export.changes import Changed, Piece, Unchanged, abridged, compare, compare_line
from feedwatch.export.differences import Difference, differences

TEXTS = st.text(st.sampled_from("ab 大桥5,.\n"), max_size=60)
PARAGRAPHS = st.lists(st.text(st.sampled_from("ab 大桥5"), min_size=1, max_size=12), max_size=8).map("\n".join)


def _shown(pieces: Sequence[Piece]) -> str:
    signs = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    return "".join(signs[piece.kind][0] + piece.text + signs[piece.kind][1] for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("The toll is 5 yuan.", "The toll is 5 yuan.", "The toll is 5 yuan."),
        ("The toll is 5 yuan.", "The toll is 7 yuan.", "The toll is [-5-]{+7+} yuan."),
        ("from 5 to 7", "from 6 to 8", "from [-5-]{+6+} to [-7-]{+8+}"),
        ("1,200.5 km at 9:30", "1,300.5 km at 9:45", "[-1,200.5-]{+1,300.5+} km at [-9:30-]{+9:45+}"),
        ("the mayor’s plan", "the mayor’s new plan", "the mayor’s {+new +}plan"),
        ("It opened on Monday.", "It opened.", "It opened[- on Monday-]."),
        # What stayed between words that all changed is no news by itself.
        ("a big dog of the town", "a small cat of a village", "a [-big dog of the town-]{+small cat of a village+}"),
        ("大桥今日开通", "大桥昨日正式开通", "大桥[-今日-]{+昨日正式+}开通"),
        ("收费5元，5月3日起", "收费7元，6月4日起", "收费[-5-]{+7+}元，[-5-]{+6+}月[-3-]{+4+}日起"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("", "", ""),
    ],
)
def test_a_changed_line(old: str, new: str, shown: str) -> None:
    assert _shown(compare_line(old, new)) == shown


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("A\nB\nC", "A\nB\nC", [3]),
        ("A\nB\nThe toll is 5 yuan", "A\nB\nThe toll is 7 yuan", [2, "The toll is [-5-]{+7+} yuan"]),
        ("A\nB", "A\nAn addition\nB", [1, "{+An addition+}", 1]),
        ("A\nAn old part\nB", "A\nB", [1, "[-An old part-]", 1]),
        # A paragraph that is another's successor is found among those that are not.
        (
            "It takes 5 yuan a car.\nThe ferry goes on.",
            "Quite another beginning here.\nIt takes 7 yuan a car.",
            ["{+Quite another beginning here.+}", "It takes [-5-]{+7+} yuan a car.", "[-The ferry goes on.-]"],
        ),
        ("One thing.", "Quite different words", ["[-One thing.-]", "{+Quite different words+}"]),
        ("", "A\nB", ["{+A+}", "{+B+}"]),
        ("A", "", ["[-A-]"]),
        ("", "", []),
    ],
)
def test_a_changed_text(old: str, new: str, told: list[int | str]) -> None:
    parts = compare(old, new)
    assert [part.count if isinstance(part, Unchanged) else _shown(part.pieces) for part in parts] == told


def test_hundreds_of_changed_paragraphs_are_still_paired() -> None:
    old, new = ("\n".join(f"Paragraph {n} of many words: {toll}" for n in range(300)) for toll in (5, 7))
    parts = compare(old, new)
    assert len(parts) == 300
    assert all(isinstance(part, Changed) and len(part.pieces) == 3 for part in parts)


def test_a_long_stretch_that_stayed_is_cut_to_what_stands_near() -> None:
    words = " ".join(f"word{n}" for n in range(200))
    old, new = f"{words} 5 {words} 5 {words}", f"{words} 7 {words} 7 {words}"
    first, _, _, middle, _, _, last = abridged(compare_line(old, new))
    assert first.text.startswith("… word") and first.text.endswith("word199 ")
    assert middle.text.startswith(" word0 ") and " … " in middle.text and middle.text.endswith("word199 ")
    assert last.text.startswith(" word0 ") and last.text.endswith(" … ")
    assert max(len(piece.text) for piece in (first, middle, last)) < 350


def test_a_short_paragraph_is_shown_whole() -> None:
    pieces = compare_line("The toll is 5 yuan.", "The toll is 7 yuan.")
    assert abridged(pieces) == pieces


@given(TEXTS, TEXTS)
def test_the_pieces_are_both_texts(old: str, new: str) -> None:
    pieces = compare_line(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new


@given(PARAGRAPHS, PARAGRAPHS)
def test_the_parts_are_both_texts(old: str, new: str) -> None:
    parts = compare(old, new)
    for text, other in ((old, "added"), (new, "removed")):
        paragraphs = text.split("\n") if text else []
        at = 0
        for part in parts:
            if isinstance(part, Unchanged):
                at += part.count
            elif own := [piece.text for piece in part.pieces if piece.kind != other]:
                assert "".join(own) == paragraphs[at]
                at += 1
        assert at == len(paragraphs)


@given(st.lists(st.sampled_from("abc"), max_size=40), st.lists(st.sampled_from("abc"), max_size=40))
def test_between_differences_both_are_the_same(old: list[str], new: list[str]) -> None:
    at = other = 0
    for gap in [*differences(old, new, (3, 1)), Difference(len(old), len(old), len(new), len(new))]:
        assert old[at : gap.start] == new[other : gap.new_start]
        at, other = gap.end, gap.new_end


def _shuffled(text: list[str], rnd: random.Random) -> list[str]:
    return rnd.sample(text, len(text))


def _edited(text: list[str], rnd: random.Random) -> list[str]:
    return [rnd.choice(text) if rnd.random() < 0.01 else part for part in text]


@pytest.mark.parametrize("change", [_shuffled, _edited])
@pytest.mark.parametrize(
    ("alphabet", "between"),
    [("大小", ""), ("甲乙丙丁戊己庚辛壬癸", ""), ("大小", "\n"), ("ab", " "), ("abcdefghijklmnopqrstuvwxyz", " ")],
)
def test_the_time_is_bounded(
    alphabet: str, between: str, change: Callable[[list[str], random.Random], list[str]]
) -> None:
    """0.5 s of CPU at most where this was written, for 100,000 characters, however they repeat."""
    rnd = random.Random(1)
    old = rnd.choices(alphabet, k=100_000 // (1 + len(between)))
    new = change(old, rnd)
    began = time.process_time()
    compare(between.join(old), between.join(new))
    assert time.process_time() - began < 5
