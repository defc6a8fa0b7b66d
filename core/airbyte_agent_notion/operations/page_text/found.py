"""Text that an edit is to replace: where it stands, and what to say where it does not."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import takewhile

from ...brevity import brief
from ...errors import InvalidParams
from .edited import Edited

__all__ = ["nearest", "replaced"]

MAX_COMPARED = 5_000
"""Lines among which the nearest is looked for."""
MAX_SHOWN = 60
"""Tokens of a line that a message quotes."""
_HINT = "Read the page with pages.read and give the text exactly as it stands there."


def replaced(text: str, find: str, replace: str, *, everywhere: bool) -> Edited:
    """The text with what was found replaced; the edit names the lines in which that changes anything.

    Raises:
        InvalidParams: it is not there, or several times and not all are meant.
    """
    count = text.count(find)
    if not count:
        raise InvalidParams(f"find is not in the page's text{_instead(text, find)}.", hint=_HINT)
    if count > 1 and not everywhere:
        at = [str(text.count("\n", 0, place) + 1) for place in _places(text, find)[:5]]
        more = f" and {count - len(at)} more" if count > len(at) else ""
        raise InvalidParams(
            f"find stands {count} times in the page's text, in lines {', '.join(at)}{more}.",
            hint="Nothing was changed. Give more of the text around it, or all: true to replace every one.",
            details={"occurrences": count},
        )
    return Edited(text=text.replace(find, replace), named=frozenset(_lines(text, find, replace)))


def nearest(wanted: str, among: Sequence[str]) -> str | None:
    """Which of them is most like it, if one is at all."""
    plain = _folded(wanted)
    by_look = {_folded(each): each for each in among[:MAX_COMPARED] if each.strip()}
    inside = next((each for each in by_look if plain and plain in each), None)
    if inside is None:
        inside = next(iter(get_close_matches(plain, by_look, n=1, cutoff=0.4)), None)
    return None if inside is None else by_look[inside]


def _lines(text: str, find: str, replace: str) -> Iterator[int]:
    """Numbers of the lines that a replacement changes: what both texts begin or end with stays."""
    same = _alike(find, replace)
    ends = _alike(find[same:][::-1], replace[same:][::-1])
    line, counted = 0, 0
    for place in _places(text, find):
        start, end = place + same, place + len(find) - ends
        line, counted = line + text.count("\n", counted, start), start
        yield from range(line, line + text.count("\n", start, end) + 1)


def _alike(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _places(text: str, find: str) -> list[int]:
    found, start = list[int](), text.find(find)
    while start >= 0:
        found.append(start)
        start = text.find(find, start + len(find))
    return found


def _instead(text: str, find: str) -> str:
    """The line of the page that is most like the first line of ``find`` that the page does not have."""
    lines = text.split("\n")
    wanted = [line for line in find.split("\n") if line.strip()]
    absent = next((line for line in wanted if line not in text), None)
    if absent is None:
        return ": its lines are there, and do not follow one another like this" if wanted else ""
    like = nearest(absent, lines)
    return "" if like is None else f"; the nearest line is {brief(like.strip(), MAX_SHOWN)!r}"


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
