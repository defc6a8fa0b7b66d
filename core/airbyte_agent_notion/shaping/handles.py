"""Short handles for long ids: ``p482915307`` for a page. Derived from the id, so that an object has the same handle in
every conversation; known only to the conversation that has given it out, so that none is ever guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

from ..fields import parse_id
from ..file_refs import parse_file_ref
from .shaped import Kind

__all__ = ["HANDLE", "LETTERS", "Handles", "Known", "digits_of"]

LETTERS: Mapping[str, str] = {
    "page": "p",
    "database": "db",
    "data_source": "ds",
    "block": "b",
    "user": "u",
    "comment": "c",
    "discussion": "d",
    "view": "v",
    "file_upload": "up",
    "file": "f",
    "other": "x",
}
"""What a handle of each kind begins with."""

HANDLE = re.compile(rf"(?:{'|'.join(sorted(LETTERS.values(), key=len, reverse=True))})\d{{9,60}}")
"""The form of a handle."""

DIGITS = 9
"""A tokenizer's three tokens. Two objects that would share them are told apart by more."""
MORE_DIGITS = 3
MAX_KNOWN = 100_000
"""Handles that a conversation knows; the oldest are forgotten."""


class Known(NamedTuple):
    """What a handle stands for."""

    kind: str
    identifier: str
    """An id with dashes, or a reference to a file."""


def digits_of(identifier: str) -> str:
    """Sixty decimal digits that an id always has."""
    return f"{int(sha256(identifier.encode()).hexdigest(), 16) % 10**60:060d}"


class Handles:
    """The handles of one conversation."""

    def __init__(self, limit: int = MAX_KNOWN) -> None:
        self._limit = limit
        self._known: dict[str, Known] = {}
        self._given: dict[Known, str] = {}
        self._lock = Lock()

    def give(self, kind: Kind | str, identifier: str) -> str:
        """The handle of an object, known from now on; what is no id stays as it is."""
        try:
            whole = identifier if parse_file_ref(identifier) else parse_id(identifier)
        except ValueError:
            return identifier
        known = Known(kind, whole)
        with self._lock:
            handle = self._given.pop(known, None) or self._unused(known)
            self._known.pop(handle, None)
            self._known[handle], self._given[known] = known, handle
            if len(self._known) > self._limit:
                forgotten = next(iter(self._known))
                del self._given[self._known.pop(forgotten)]
        return handle

    def find(self, handle: str) -> Known | None:
        """What a handle stands for; None if this conversation has not given it out."""
        with self._lock:
            return self._known.get(handle)

    def _unused(self, known: Known) -> str:
        letters, digits = LETTERS[known.kind], digits_of(known.identifier)
        lengths = range(DIGITS, len(digits) + 1, MORE_DIGITS)
        return next(name for length in lengths if (name := f"{letters}{digits[:length]}") not in self._known)
