"""How near a title is to another: which objects are worth naming where none, or not surely one, is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TypeVar

__all__ = ["EXACT", "SURE", "WORTH", "idle", "likeness", "nearest_first", "told_words"]

T = TypeVar("T")

EXACT = 4.0
"""The same but for case and spacing."""
SURE = 2.0
"""One holds the other, or differs by a slip."""
WORTH = 0.5
"""Half of its words."""
SLIP = 0.85
ALIKE = 0.7

_FILLING = (
    "a an and at block by current data database doc document for from here in it latest main my new note of on or our "
    "page recent row source table task that the this to untitled with your"
)
_IDLE = frozenset(_FILLING.split())
"""Words that tell no title from another."""


def told_words(title: str) -> list[str]:
    """The words of a title that tell something."""
    return [word for word in re.findall(r"\w+", title.casefold()) if word not in _IDLE]


def idle(title: str) -> bool:
    """Whether a text such as ``my page`` names nothing."""
    return not told_words(title)


def likeness(title: str, other: str) -> float:
    """How near a title is to the one that was said; 0 where they have nothing to do with each other."""
    said, known = _folded(title), _folded(other)
    if said == known:
        return EXACT
    ratio = SequenceMatcher(None, said, known).ratio()
    if not known or idle(title):
        return 0.0
    if known.startswith(said):
        return 3 + ratio / 2
    if ratio >= SLIP or said in known or (known in said and not idle(known) and len(known) > len(said) // 2):
        return SURE + ratio / 2
    wanted = told_words(title)
    share = sum(word in told_words(other) for word in wanted) / len(wanted)
    near = max(share, ratio if ratio >= ALIKE else 0.0)
    return near + ratio / 2 if near >= WORTH else 0.0


def nearest_first(title: str, given: Sequence[tuple[str, T]], *, least: float = WORTH) -> list[T]:
    """What has a near title, nearest first."""
    ranked = sorted(((likeness(title, other), -number) for number, (other, _) in enumerate(given)), reverse=True)
    return [given[-number][1] for score, number in ranked if score >= least]


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()
