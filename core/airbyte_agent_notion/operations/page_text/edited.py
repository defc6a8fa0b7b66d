"""A page's text with an edit in it."""

from dataclasses import dataclass

__all__ = ["Edited"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The text, and what of the old one the edit is about."""

    text: str
    named: frozenset[int] = frozenset()
    """Numbers of the old lines that may change; the blocks of all others stay."""
