"""The estimate is never below o200k_base; a cut ends where a reader would cut, within the limit, and loses nothing."""

import base64
import json
import random
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airbyte_agent_notion.shaping.budget import Cut, cut
from airbyte_agent_notion.shaping.estimate import estimate

ENGLISH = """# Migration of the billing exports

We move the nightly export to the new queue before the end of the quarter. The old job stays in place for **two
weeks**, so that finance can compare both results; after that it is switched off.

- Ask Maria whether the report for March has been sent
- [ ] Write the runbook: `make export --dry-run` must not touch production
- See [the decision](https://example.com/decisions/12) of 4 November 2025

> Nobody should have to restart the service by hand again.
"""
TABLE = "|page|Name|Status|Owner|Due|Points|\n|-|-|-|-|-|-|\n" + "".join(
    f"|p{index * 7919:09}|Review the policy {index}|In progress|Ada Lovelace|2026-02-{10 + index}|{index}|\n"
    for index in range(15)
)
GERMAN = (
    "Die Besprechung findet am Dienstag statt. Wir müssen die Abhängigkeiten prüfen, bevor größere Änderungen beginnen."
)
CHINESE = "会议将于下周二举行。我们需要检查各个工作包之间的依赖关系,并明确职责。"
RUSSIAN = "Встреча состоится в следующий вторник. Нужно проверить зависимости и уточнить обязанности."
ARABIC = "سيعقد الاجتماع يوم الثلاثاء القادم. نحتاج إلى التحقق من التبعيات وتوضيح المسؤوليات."
EMOJI = "🎉 Launch 🚀 done ✅ 👨‍👩‍👧 family 🇩🇪 flag ❤️ 👍🏽 ⚠️"
CODE = (
    'def total(rows: list[Row]) -> int:\n    """Sum."""\n    return sum(row.points for row in rows if not row.done)\n'
)
RANDOM = random.Random(6)
BASE64 = base64.b64encode(RANDOM.randbytes(900)).decode()
JSON = json.dumps([{"object": "page", "id": RANDOM.randbytes(16).hex(), "archived": False, "url": None}] * 5, indent=1)
NOISE = {
    "letters": "".join(RANDOM.choices("abcdefghijklmnopqrstuvwxyz", k=800)),
    "ascii": "".join(chr(RANDOM.randrange(32, 127)) for _ in range(800)),
    "latin-1": RANDOM.randbytes(800).decode("latin-1"),
    "han": "".join(chr(RANDOM.randrange(0x4E00, 0xA000)) for _ in range(400)),
    "hangul": "".join(chr(RANDOM.randrange(0xAC00, 0xD7A4)) for _ in range(400)),
    "indic": "".join(chr(RANDOM.randrange(0x900, 0xE00)) for _ in range(400)),
    "beyond": "".join(chr(RANDOM.randrange(0x10000, 0x20000)) for _ in range(400)),
    "digits": "0123456789" * 50,
    "spaces": " " * 500 + "\n" * 50 + "\t \n" * 50,
    "rules": "-" * 300 + "=" * 300 + "|---" * 60,
}
CORPUS = {
    "english": ENGLISH,
    "table": TABLE,
    "german": GERMAN,
    "chinese": CHINESE,
    "russian": RUSSIAN,
    "arabic": ARABIC,
    "emoji": EMOJI,
    "code": CODE,
    "base64": BASE64,
    "json": JSON,
    **NOISE,
}

ANY = st.text(st.characters(), max_size=60)
PARTS = [
    *("the", " page", "Status", "|", "\n", " ", "\\|", "<page p123456789>", "</page>", "p123456789", "\r\n", "x" * 30),
    *("\u00e9", "e\u0301", "👨‍👩‍👧", "🇩🇪", "🇫🇷", "会议", "क्ष", "각", "\u1100\u1161\u11a8", "\u0e33", "\u017f"),
    *("'s", "URL", "(following", "2026-01-01"),
]
WORDS = st.lists(st.sampled_from(PARTS), max_size=60).map("".join)


@pytest.fixture(scope="module")
def exact() -> Callable[[str], int]:
    """Tokens of o200k_base."""
    encoding = pytest.importorskip("bpe_openai").get_encoding("o200k_base")
    return lambda text: len(encoding.encode_ordinary(text))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("a", 1),
        ("hello world", 2),
        ("The page p123456789 has 3 comments.", 11),
        ("|-|-|", 3),
        ("URL", 1),
        (" " * 79, 1),
        ("2026-02-10", 6),
        ("(following", 3),
        ("会议", 1),
        ("도가สะ", 5),
        ("🎉", 2),
        ("👨‍👩‍👧", 8),
        ("\U0001d573", 3),
    ],
)
def test_the_estimate_of_a_known_text_is_no_lower_and_at_most_twice(text: str, tokens: int) -> None:
    assert tokens <= estimate(text) <= 2 * tokens


def test_the_estimate_is_at_most_the_bytes() -> None:
    for text in CORPUS.values():
        assert 0 < estimate(text) <= len(text.encode())


def test_halves_of_surrogate_pairs_are_counted() -> None:
    assert estimate("a\ud800b\udfff") >= 3


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_the_estimate_is_never_below_the_encoding(name: str, exact: Callable[[str], int]) -> None:
    text = CORPUS[name]
    assert estimate(text) >= exact(text)
    for start in range(0, len(text), 7):
        for length in (3, 11, 40):
            part = text[start : start + length]
            assert estimate(part) >= exact(part), part


@pytest.mark.parametrize(
    ("name", "ratio"),
    [("english", 1.35), ("table", 1.35), ("json", 1.35), ("digits", 1), ("german", 2.7), ("chinese", 1.7)],
)
def test_the_estimate_is_near(name: str, ratio: float, exact: Callable[[str], int]) -> None:
    assert estimate(CORPUS[name]) <= ratio * exact(CORPUS[name])


@given(
    text=ANY
    | WORDS
    | st.text(st.characters(max_codepoint=0x7F))
    | st.text(st.sampled_from(" \n\t|-'sStTlLé*"), max_size=40)
)
def test_the_estimate_of_any_text_is_never_below_the_encoding(text: str, exact: Callable[[str], int]) -> None:
    assert estimate(text) >= exact(text)


def test_every_word_of_the_table_costs_what_it_says(exact: Callable[[str], int]) -> None:
    from airbyte_agent_notion.shaping import estimate as module

    words = module._table().words  # the table has no other way out
    assert len(words) > 10_000
    for word in words:
        assert estimate(word) >= exact(word), word
        if word[0] != " ":
            for sign in "(_|*.'":
                assert estimate(sign + word) >= exact(sign + word), sign + word


def pieces(text: str, limit: int, count: Callable[[str], int] = estimate) -> Iterator[str]:
    rest = text
    while rest:
        piece, rest = cut(rest, limit, count)
        yield piece


def test_a_text_within_the_limit_is_one_piece() -> None:
    assert cut(ENGLISH, 4_000, estimate) == Cut(ENGLISH, "")
    assert cut("", 10, estimate) == Cut("", "")


@pytest.mark.parametrize("limit", [1, 5, 40, 200])
@pytest.mark.parametrize("name", sorted(CORPUS))
def test_pieces_are_the_text_and_within_the_limit(name: str, limit: int) -> None:
    text = CORPUS[name]
    found = list(pieces(text, limit))
    assert "".join(found) == text
    assert all(estimate(piece) <= limit or len(piece) <= 12 for piece in found)


@given(text=ANY | WORDS, limit=st.integers(-1, 40), count=st.sampled_from([len, estimate, lambda text: len(text) // 4]))
@example(text="a\r\nb", limit=2, count=len)
def test_any_text_in_pieces_is_the_text(text: str, limit: int, count: Callable[[str], int]) -> None:
    found = list(pieces(text, limit, count))
    assert "".join(found) == text
    assert all(found)
    for piece, following in pairwise(found):
        assert not (piece.endswith("\r") and following.startswith("\n"))
        assert count(piece) <= limit or cut(piece, limit, count) == Cut(piece, "") or len(piece) < 40


def test_pieces_end_behind_lines() -> None:
    found = list(pieces(TABLE, 120))
    assert len(found) > 3
    assert all(piece.endswith("|\n") for piece in found)
    for piece, following in pairwise(found):
        line = following[: following.index("\n") + 1]
        assert estimate(piece + line) > 120


def test_a_line_that_has_room_in_a_piece_is_not_cut() -> None:
    assert list(pieces("ab\n" + "word " * 4 + "\n", 21, len)) == ["ab\n", "word word word word \n"]


def test_a_line_too_long_for_a_piece_fills_what_is_left() -> None:
    assert cut("ab\n" + "word " * 20, 20, len) == Cut("ab\nword word word ", "word " * 17)


@pytest.mark.parametrize(
    ("text", "limit", "piece"),
    [
        ("one two three", 9, "one two "),
        ("|one|two|three|", 11, "|one|two|"),
        ("|aaaa\\|bb|c", 6, "|aaaa"),
        ("aaaa\\|bbbb", 5, "aaaa"),
        ("word <page p123456789>", 12, "word "),
        ("aaaaaaa<page p123456789>", 12, "aaaaaaa"),
        ("<page p123456789>", 8, "<page p1"),
        ("aaaa(p123456789)", 9, "aaaa("),
        ("x\u0301y\u0301z\u0301", 5, "x\u0301y\u0301"),
        ("👨‍👩‍👧👨‍👩‍👧", 9, "👨‍👩‍👧"),
        ("👨‍👩‍👧b", 2, "👨‍👩‍👧"),
        ("🇩🇪🇫🇷🇮🇹", 5, "🇩🇪🇫🇷"),
        ("👍🏽👍🏽", 3, "👍🏽"),
        ("ab\r\ncd", 3, "ab"),
        ("क्षक्ष", 4, "क्ष"),
        ("\u1100\u1161\u11a8" * 2, 4, "\u1100\u1161\u11a8"),
        ("각각", 1, "각"),
        ("a \u0301b", 2, "a"),
    ],
)
def test_a_long_line_is_cut_where_a_reader_would(text: str, limit: int, piece: str) -> None:
    assert cut(text, limit, len) == Cut(piece, text[len(piece) :])


def test_marks_without_end_do_not_pass_the_limit() -> None:
    found = list(pieces("a" + "\u0301" * 5_000, 100, len))
    assert max(map(len, found)) <= 100


@pytest.mark.parametrize("name", ["english", "table", "base64", "chinese", "letters"])
@pytest.mark.parametrize("lines", [True, False], ids=["lines", "one line"])
def test_few_counts_on_short_texts_and_full_pieces(name: str, lines: bool) -> None:
    text = CORPUS[name] * (200_000 // len(CORPUS[name]))
    calls: list[int] = []

    def count(part: str) -> int:
        calls.append(len(part))
        return estimate(part)

    found = list(pieces(text if lines else text.replace("\n", " "), 4_000, count))
    assert len(calls) <= 12 * len(found)
    assert sum(calls) <= 12 * len(text)
    assert all(estimate(piece) > 0.9 * 4_000 for piece in found[:-1])
