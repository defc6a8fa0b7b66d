"""Where things lie, as far as it was read: remembered, and read by one call for all that need it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias, TypeVar, cast

from .errors import DeadlineExceeded, NotionAgentError
from .fields import parse_id
from .flow import Flow, now, sleep
from .named_ids import Kind
from .narrowing import object_of
from .operation import JsonObject

__all__ = ["Parents", "Place", "Places", "Stamp", "parents_of"]

T = TypeVar("T")

LOOK_AGAIN = 0.05
"""Seconds after which a waiting call looks whether another has read what it needs."""
MAX_KNOWN = 20_000
_BEGUN = frozenset({"async_task", "view_query"})

Parents: TypeAlias = tuple[tuple[str, Kind], ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something was read; a later read has the greater number, also within one tick of the clock."""

    number: int
    moment: float


@dataclass(frozen=True, slots=True)
class Place:
    """What something lies in; nothing where it lies at the top, or cannot be placed."""

    parents: Parents
    """All of them must be inside."""
    read: Stamp


@dataclass(eq=False, slots=True)
class _Reading:
    """A read under way, which others wait for."""

    over: bool = False
    failure: NotionAgentError | None = None


class Places:
    """Where things lie, as far as it was read. One for all calls of a connector; thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._number = 0
        self._places: dict[str, Place] = {}
        self._forgotten: dict[str, int] = {}
        self._readings: dict[str, _Reading] = {}
        self._discussions: dict[str, str] = {}
        self._begun: dict[str, None] = {}

    def stamp(self) -> Flow[Stamp]:
        """For what will be read from now on."""
        moment = yield from now()
        with self._lock:
            self._number += 1
            return Stamp(self._number, moment)

    def known(self, identifier: str, since: Stamp) -> Place | None:
        """Where it lies, if that was read after that."""
        place = self._places.get(identifier)
        if place is None or place.read.number <= since.number or place.read.moment < since.moment:
            return None
        return place

    def learn(self, identifier: str, place: Place) -> None:
        """Remember where something lies."""
        with self._lock:
            # What was asked for before a move may be answered after it.
            if place.read.number > self._forgotten.get(identifier, 0):
                _shorten(self._places)[identifier] = place

    def forget(self, identifiers: Iterable[str]) -> None:
        """Drop what is known of them: they may have been moved."""
        with self._lock:
            self._number += 1
            for each in identifiers:
                self._places.pop(each, None)
                _shorten(self._forgotten)[each] = self._number

    def remember(self, answer: JsonObject) -> None:
        """Note what only an answer tells: a discussion's comments, and tasks and queries that this connector began."""
        discussion, kind = answer.get("discussion_id"), answer.get("object")
        with self._lock:
            if isinstance(discussion, str) and kind == "comment":
                _shorten(self._discussions)[parse_id(discussion)] = str(answer.get("id"))
            if kind in _BEGUN:
                _shorten(self._begun)[str(answer.get("id"))] = None

    def comment_of(self, discussion: str) -> str | None:
        """A comment of the discussion, from an answer that was given before."""
        return self._discussions.get(discussion)

    def began(self, identifier: str) -> bool:
        """Whether a call of this connector, which was checked, began the task or the view's query."""
        return identifier in self._begun

    def once(self, identifier: str, read: Callable[[], Flow[Place]], since: Stamp) -> Flow[Place]:
        """Read where something lies, or wait for the call that is doing so and share its outcome."""
        while True:
            with self._lock:
                place = self.known(identifier, since)
                if place is not None:
                    return place
                reading, mine = self._readings.get(identifier), _Reading()
                if reading is None:
                    self._readings[identifier] = mine
            if reading is None:
                return (yield from self._read(identifier, read, mine))
            while not reading.over:
                yield from sleep(LOOK_AGAIN)
            # That call's time being up says nothing of this one's.
            if reading.failure is not None and not isinstance(reading.failure, DeadlineExceeded):
                raise copy(reading.failure)

    def _read(self, identifier: str, read: Callable[[], Flow[Place]], mine: _Reading) -> Flow[Place]:
        try:
            place = yield from read()
            self.learn(identifier, place)
            return place
        except NotionAgentError as error:
            mine.failure = error
            raise
        finally:
            with self._lock:
                self._readings.pop(identifier, None)
            mine.over = True


def _shorten(known: dict[str, T]) -> dict[str, T]:
    """Without its oldest entry where it is full."""
    if len(known) >= MAX_KNOWN:
        del known[next(iter(known))]
    return known


def parents_of(found: JsonObject) -> Iterator[tuple[str, Kind]]:
    """What an object lies in: its parent; of a view first the table that it shows."""
    parent = object_of(found.get("parent"))
    for name in ("data_source_id", "database_id", "page_id", "block_id"):
        if isinstance(parent.get(name), str):
            if found.get("object") == "view" and isinstance(found.get("data_source_id"), str):
                yield parse_id(found["data_source_id"]), "data_source"
            yield parse_id(parent[name]), cast("Kind", name.removesuffix("_id"))
            return
