"""What an edit has changed in a text, line by line."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import takewhile

__all__ = ["hunks"]

MAX_COMPARED = 2_000
"""Lines that are compared one by one; of longer changes everything from the first to the last is one."""


def hunks(before: str, after: str) -> list[str]:
    """The parts of the second text that the first does not have, in order; none where lines are only gone."""
    old, new = before.split("\n"), after.split("\n")
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(old), len(new)) > MAX_COMPARED:
        return ["\n".join(new)] if new else []
    changes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return ["\n".join(new[first:last]) for change, _, _, first, last in changes if change in {"insert", "replace"}]


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines at the start are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
