"""A text cut to a budget of tokens, at places where a reader would cut it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from .graphemes import extending, grapheme_pattern

__all__ = ["Count", "Cut", "cut"]

Count = Callable[[str], int]
"""Tokens of a text. More text is never fewer tokens, but for one or two at the seam."""
PROBES = 6
"""Counts for each kind of place, at most; more where nothing fits yet."""
CHARACTERS = 4
"""Characters of a token at the first guess."""
LINE = re.compile("\n")
ATOM = re.compile(r"<[^<>\n]{1,400}>|\\[!-/:-@\[-`{-~]|\b[a-z]{1,2}\d{9,60}\b|\bnotion-file:[\w/-]{1,100}")
"""A tag, an escape, a handle, a reference to a file."""
LONGEST_ATOM = 402


class Cut(NamedTuple):
    """A text in two: `piece` + `rest` is the text."""

    piece: str
    rest: str


def cut(text: str, limit: int, count: Count) -> Cut:
    """The beginning of a text that costs at most `limit`, and what follows it.

    Ends behind a line break where one fits. A line that is too long for a piece of its own ends behind white space or
    `|`, else between graphemes; inside a tag, an escape or a handle only where nothing else fits. At least one
    grapheme is taken, whatever it costs. `count` is called ten times or so, on texts of about the size of a piece.
    """
    search = _Search(text, limit, count)
    if search.whole():
        return Cut(text, "")
    search.among([match.end() for match in LINE.finditer(text, 0, search.above)])
    if not search.enough():
        search.among(_outside_atoms(text, search, _space().finditer))
        if 2 * search.cost < limit:
            search.among(_outside_atoms(text, search, grapheme_pattern().finditer))
        if not search.end:
            search.among(_ends(text, search, grapheme_pattern().finditer))
    end = search.end or _first(text)
    return Cut(text[:end], text[end:])


class _Search:
    """What is known of a text: `end` is where it may be cut; `below` fits, `above` does not."""

    def __init__(self, text: str, limit: int, count: Count) -> None:
        self.text, self.limit, self.count = text, limit, count
        self.end = self.cost = self.below = self.below_cost = self.above_cost = 0
        self.above = len(text)

    def whole(self) -> bool:
        """Whether all fits; if not, `above` is not far from the limit."""
        size = max(self.limit, 1) * CHARACTERS
        while size < len(self.text):
            if not self.fits(size):
                return False
            size = max(2 * size, min(8 * size, size * self.limit // max(self.below_cost, 1)))
        return self.fits(len(self.text))

    def fits(self, end: int) -> bool:
        cost = self.count(self.text[:end])
        if cost > self.limit:
            self.above, self.above_cost = end, cost
            return False
        self.below, self.below_cost = end, cost
        return True

    def among(self, ends: Sequence[int]) -> None:
        """Take the farthest of the ends that fits, if it is beyond the present one."""
        low, high, probes = bisect_right(ends, self.below), bisect_left(ends, self.above), 0
        while low < high and (probes < PROBES or not low):
            at = min(max(bisect_right(ends, self._guess()) - 1, low), high - 1)
            if probes >= PROBES // 2:
                at = (at + (low + high) // 2) // 2
            low, high = (at + 1, high) if self.fits(ends[at]) else (low, at)
            probes += 1
        while low and ends[low - 1] > self.end:
            if ends[low - 1] == self.below or self.fits(ends[low - 1]):
                self.end, self.cost = self.below, self.below_cost
                return
            low -= 1

    def _guess(self) -> int:
        share = (self.limit - self.below_cost) / max(self.above_cost - self.below_cost, 1)
        return self.below + int((self.above - self.below) * share)

    def enough(self) -> bool:
        """Whether to stop at this line's end: half of the budget is used, or the next line has room in a piece."""
        if not self.end or 2 * self.cost >= self.limit:
            return bool(self.end)
        following = LINE.search(self.text, self.end, self.end + self.above)
        return following is not None and self.count(self.text[self.end : following.end()]) <= self.limit


_Finditer = Callable[[str, int, int], Iterator[re.Match[str]]]


def _ends(text: str, search: _Search, places: _Finditer) -> list[int]:
    return [match.end() for match in places(text, search.end, search.above)]


def _outside_atoms(text: str, search: _Search, places: _Finditer) -> list[int]:
    start, stop = max(search.end - LONGEST_ATOM, 0), search.above + LONGEST_ATOM
    spans = [match.span() for match in ATOM.finditer(text, start, stop)]
    starts = [span[0] for span in spans]

    def free(end: int) -> bool:
        at = bisect_left(starts, end) - 1
        return at < 0 or spans[at][1] <= end

    return [end for end in _ends(text, search, places) if free(end)]


@cache
def _space() -> re.Pattern[str]:
    return re.compile(rf"(?:\s+|(?<!\\)\|)(?![\s{extending()}])")


def _first(text: str) -> int:
    match = grapheme_pattern().match(text)
    return match.end() if match else len(text)
