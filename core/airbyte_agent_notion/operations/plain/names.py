"""Names as people and models write them: exact, else in another case; and what is near a name that does not exist."""

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches
from typing import TypeVar

from ...brevity import brief

__all__ = ["MAX_NEAR", "did_you_mean", "folded", "likely_misspelt", "matching", "shown", "there_are", "told"]

T = TypeVar("T")

MAX_SHOWN = 5
"""Names that a message lists."""
MAX_NAME = 12
"""Tokens of a name in a message."""
MAX_NEAR = 32
"""Tokens of a name that is to be copied."""
MISSPELT = 0.7
"""How alike a name must be to one that exists to count as that, misspelt."""


def folded(name: str) -> str:
    """A name without regard to case and spacing."""
    return " ".join(name.split()).casefold()


def matching(name: str, items: Iterable[T], key: Callable[[T], str]) -> list[T]:
    """The items of exactly this name; if there are none, those that differ in case or spacing only."""
    known = list(items)
    exact = [item for item in known if key(item) == name]
    return exact or [item for item in known if folded(key(item)) == folded(name)]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'Status'?`` where a known name is near; else a full stop."""
    near = _near(name, known)
    return f"; did you mean {' or '.join(repr(brief(each, MAX_NEAR)) for each in near)}?" if near else "."


def likely_misspelt(name: str, known: Sequence[str]) -> str | None:
    """The known name that this one probably is, misspelt. Names that differ in their digits only are two names."""
    for each in _near(name, known):
        same_words = re.sub(r"\d+", "", folded(name)) == re.sub(r"\d+", "", folded(each))
        if not same_words and SequenceMatcher(None, folded(name), folded(each)).ratio() >= MISSPELT:
            return each
    return None


def _near(name: str, known: Iterable[str]) -> list[str]:
    by_folded = {folded(each): each for each in known}
    return [by_folded[each] for each in get_close_matches(folded(name), list(by_folded), n=2, cutoff=0.6)]


def shown(names: Iterable[str]) -> str:
    """Names for a message: the first of them, and how many more there are."""
    known = list(names)
    more = len(known) - MAX_SHOWN
    return ", ".join(_cut(each) for each in known[:MAX_SHOWN]) + (f" and {more} more" if more > 0 else "") or "none"


def there_are(names: Iterable[str], *, seen: str = "data_sources.get") -> str:
    """``There are: ...``, and where the rest is seen."""
    known = list(names)
    return f"There are: {shown(known)}{f' ({seen} has all)' if len(known) > MAX_SHOWN else ''}"


def told(value: object) -> str:
    """A value for a message: its beginning."""
    return brief(repr(value)[:200], MAX_NAME)


def _cut(name: str) -> str:
    return repr(brief(name, MAX_NAME))
