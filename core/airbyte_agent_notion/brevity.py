"""Texts for models kept short: what they cost, roughly, and where they are cut."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["MAX_TOKENS", "brief", "fitting", "quoted", "tokens"]

MAX_TOKENS = 120
"""What an error's whole text may cost a model, in tokens of o200k_base."""

_PIECES = re.compile(r"[A-Za-z]+|[0-9]+|\s+|[\x21-\x7e]|[^\x00-\x7f]|.", re.DOTALL)
MAX_WORD = 30
"""Letters of a word that is not cut in two."""
MAX_SCANNED = 4_000
"""Characters of a text that are looked at; what is longer is cut in any case."""


def tokens(text: str) -> int:
    """What a text costs, estimated high: words by length, digits by three, other signs one by one."""
    return sum(_cost(piece) for piece in _PIECES.findall(text))


def brief(text: str, limit: int) -> str:
    """A text of at most so many tokens: the whole, or its beginning and an ellipsis."""
    spent = 1
    for found in _PIECES.finditer(text[:MAX_SCANNED]):
        cost = _cost(found[0])
        if spent + cost > limit:
            within = 3 * max(limit - spent, 0) if found.end() - found.start() > MAX_WORD else 0
            return f"{text[: found.start() + within].rstrip()}…"
        spent += cost
    return text if len(text) <= MAX_SCANNED else f"{text[:MAX_SCANNED].rstrip()}…"


def fitting(parts: Iterable[str], limit: int, *, most: int = 3, separator: str = "; ") -> str:
    """The first of several parts that fit, the first of all at any rate, and how many there are beside."""
    known = list(parts)
    shown: list[str] = []
    for part in known[:most]:
        short = brief(part, limit)
        if shown and tokens(separator.join([*shown, short])) > limit:
            break
        shown.append(short)
    rest = len(known) - len(shown)
    return separator.join([*shown, *([f"and {rest} more"] if rest else [])])


def quoted(value: object, limit: int = 12) -> str:
    """What a caller sent, for a message: a text's beginning in quotes, of anything else the type."""
    return repr(brief(value[:200], limit)) if isinstance(value, str) else f"of type {type(value).__name__}"


def _cost(piece: str) -> int:
    first = piece[0]
    if first.isspace():
        return 0 if piece == " " else 1 + len(piece) // 2
    if first.isascii() and first.isalpha():
        return 1 + (len(piece) - 1) // 7
    if first.isascii() and first.isdigit():
        return 1 + (len(piece) - 1) // 3
    return 1 if first.isascii() else len(first.encode(errors="replace"))
