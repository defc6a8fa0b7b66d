"""How many tokens a text is for a model, from above: a cheap bound for the encoding o200k_base."""

from __future__ import annotations

import re
from base64 import b85decode
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby, pairwise
from sys import maxunicode
from typing import NamedTuple
from unicodedata import category
from zlib import decompress

__all__ = ["estimate"]

ENCODING = 1744
"""Of the merges in the table, how many are the encoding's first. Those that follow leave out words of ASCII: they hold
for pieces of ASCII, and for others where no two characters of ASCII stand together.
"""
CHUNK = 40
"""Bytes of a piece that are merged at a time: time grows with their square. Longer pieces are not remembered."""
SPACES = 79
"""Spaces that are one token at most."""
ASCII_PAIR = re.compile(r"[\0-\x7f]{2}")
WIDE = "\u2e80"
"""From here on writing has few spaces: characters are counted one by one."""
AFTER_ONE = frozenset('!"#$%&)*+:;=>?@[\\]^`{|}~')
"""Signs that cost one token in front of a word of the table at most; others two."""
SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def estimate(text: str) -> int:
    """Tokens of the text in o200k_base, or somewhat more; never fewer.

    English prose, tables and JSON come out at 1.1 to 1.4 times the truth, other Latin writing, Chinese and Korean at
    up to 2.2, other scripts at up to 3. That holds for merges by rank: o200k_base alone.
    """
    pattern = _pieces("A-Z", "a-z", "0-9", "A-Za-z") if text.isascii() else _pieces(*_classes())
    return sum(_cost(piece) if len(piece) <= CHUNK else _bound(piece) for piece in pattern.findall(text))


@cache
def _pieces(upper: str, lower: str, number: str, letter: str) -> re.Pattern[str]:
    """How the encoding parts a text before it merges: its own rule, with its classes written out."""
    ahead, suffix = rf"[^\r\n{letter}{number}]?", r"(?:'(?i:[stmd]|re|ve|ll))?"
    return re.compile(
        rf"{ahead}[{upper}]*[{lower}]+{suffix}|{ahead}[{upper}]+[{lower}]*{suffix}|[{number}]{{1,3}}"
        rf"| ?[^{SPACE}{letter}{number}]+[\r\n/]*|[{SPACE}]*[\r\n]+|[{SPACE}]+(?![^{SPACE}])|[{SPACE}]+"
    )


@cache
def _classes() -> tuple[str, str, str, str]:
    """Ranges below U+10000: capitals, small letters (what has no case and marks in both), numbers, letters."""
    ranges: dict[str, str] = {}
    for kind, run in groupby(range(0x10000), lambda code: category(chr(code))):
        codes = list(run)
        ranges[kind] = ranges.get(kind, "") + f"{chr(codes[0])}-{chr(codes[-1])}"
    uncased, marks = ranges["Lm"] + ranges["Lo"], ranges["Mn"] + ranges["Mc"] + ranges["Me"]
    upper, lower = ranges["Lu"] + ranges["Lt"], ranges["Ll"]
    number = ranges["Nd"] + ranges["Nl"] + ranges["No"]
    return upper + uncased + marks, lower + uncased + marks, number, upper + lower + uncased


class _Table(NamedTuple):
    ranks: dict[str, int]
    words: dict[str, int]
    characters: bytes


@cache
def _table() -> _Table:
    from . import estimate_table as packed

    merges, words, characters = (
        decompress(b85decode(part)) for part in (packed.MERGES, packed.WORDS, packed.CHARACTERS)
    )
    ranks = {token: rank for rank, token in enumerate(merges.decode("latin-1").split("\xff"))}
    return _Table(ranks, dict(_forms(words.decode())), characters)


def _forms(packed: str) -> Iterator[tuple[str, int]]:
    for flags, line in enumerate(packed.split("\n")):
        word = ""
        for shared, rest in re.findall(r"(\d)(\D*)", line):
            word = word[: int(shared)] + rest
            capital = word[0].upper() + word[1:]
            yield " " + word, 1
            yield word, 1 if flags & 1 else 2
            yield " " + capital, 1 if flags & 2 else 2
            yield capital, 1 if flags & 4 else 2


@lru_cache(1 << 15)
def _cost(piece: str) -> int:
    return _bound(piece)


def _bound(piece: str) -> int:
    """The most tokens that one piece can be."""
    known = _table().words.get(piece)
    if known == 1:
        return 1
    if piece.isascii():
        if piece.isdigit():
            return 1
        return min(_merged(piece, maxunicode), _from_words(piece)) if piece.strip(" ") else -(-len(piece) // SPACES)
    each = sum(map(_character, piece)) + _seams(piece)
    coded = _bytes(piece)
    if max(piece) >= WIDE and len(coded) > CHUNK:
        return min(each, len(coded))
    return min(each, _merged(coded, ENCODING if ASCII_PAIR.search(piece) else maxunicode))


def _from_words(piece: str) -> int:
    words = _table().words
    word, apostrophe, _ = piece.rpartition("'") if "'" in piece[1:] else (piece, "", "")
    known = words.get(word)
    if known is None:
        known = words.get(word[1:], len(piece)) + (1 if word[:1] in AFTER_ONE else 2)
    return known + len(apostrophe)


@lru_cache(1 << 13)
def _character(character: str) -> int:
    code = ord(character)
    if code < 128 or (code < 0x20000 and _table().characters[code >> 3] >> (code & 7) & 1):
        return 1
    return _merged(_bytes(character), maxunicode)


def _seams(piece: str) -> int:
    """Changes of script: a merge over one may part a character that alone is one token."""
    return sum(
        left != right for left, right in pairwise(_script(character) for character in piece if character > "\x7f")
    )


@lru_cache(1 << 13)
def _script(character: str) -> int:
    return -1 if WIDE <= character < "\ua000" else -2 if "\uac00" <= character < "\ud800" else ord(character) >> 7


def _bytes(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def _merged(piece: str, limit: int) -> int:
    """Parts left when the merges of the table are done, a chunk at a time.

    The encoding does its merges by rank: after those of the table come others, which leave fewer parts. The seam
    between two chunks counts as one part.
    """
    return sum(_run(piece[start : start + CHUNK], limit) + 1 for start in range(0, len(piece), CHUNK)) - 1


def _run(piece: str, limit: int) -> int:
    rank_of, parts = _table().ranks.get, list(piece)
    ranks = [rank_of(left + right, limit) for left, right in pairwise(parts)]
    while ranks and (best := min(ranks)) < limit:
        at = ranks.index(best)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
        del ranks[at]
        if at:
            ranks[at - 1] = rank_of(parts[at - 1] + parts[at], limit)
        if at < len(ranks):
            ranks[at] = rank_of(parts[at] + parts[at + 1], limit)
    return len(parts)
