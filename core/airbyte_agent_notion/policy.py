"""Which calls may run. A connector is read-only unless its policy says another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from threading import Lock
from typing import Any

from .errors import ConfigurationError, PolicyDenied
from .fields import parse_id, url_ids
from .operation import Effect, Operation, Spec

__all__ = ["Budget", "Policy"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What calls may do, which of them, where, and how often. Build one with ``read_only``, ``write`` or ``full``.

    The effect is a fact of the call: a ``pages.update`` that trashes, erases or drops a column is destructive.
    """

    effects: frozenset[Effect] = frozenset({Effect.READ})
    allow: tuple[str, ...] = ()
    """Only these operations; empty for all that the effects permit."""
    deny: tuple[str, ...] = ()
    """Never these operations, not even as a step of another."""
    roots: tuple[str, ...] = ()
    """Ids of the pages, databases and data sources that calls must stay in or below; empty for no boundary."""
    max_writes: int | None = None
    """Requests that may change the workspace, over a connector's life; None for no limit."""

    @classmethod
    def read_only(cls, *, allow: Iterable[str] = (), deny: Iterable[str] = (), roots: Iterable[str] = ()) -> Policy:
        """Reading only; the default.

        Args:
            allow: only these: operations (``pages.get``), entities (``comments``) or patterns (``*.list``).
            deny: never these, in the same forms; stronger than ``allow``.
            roots: ids or Notion URLs of pages, databases and data sources: calls reach only them and what is below.
                Users, emojis and own uploads are read all the same; so are titles in mentions, ids in relations and
                values of rollups that an object inside shows.

        Raises:
            ConfigurationError: an argument is wrong. Names are looked up when a connector is built with the policy.
        """
        return cls._of({Effect.READ}, allow, deny, roots, None)

    @classmethod
    def write(
        cls,
        *,
        allow: Iterable[str] = (),
        deny: Iterable[str] = (),
        roots: Iterable[str] = (),
        max_writes: int | None = None,
    ) -> Policy:
        """Reading and changing, but nothing that removes content.

        Args:
            allow: as for ``read_only``; an allowlist holds the reads that are needed as well.
            deny: as for ``read_only``.
            roots: as for ``read_only``.
            max_writes: how many requests of the connector may change anything, those of unknown outcome included;
                those that Notion refused do not count.

        Raises:
            ConfigurationError: as for ``read_only``.
        """
        return cls._of({Effect.READ, Effect.WRITE}, allow, deny, roots, max_writes)

    @classmethod
    def full(
        cls,
        *,
        allow: Iterable[str] = (),
        deny: Iterable[str] = (),
        roots: Iterable[str] = (),
        max_writes: int | None = None,
    ) -> Policy:
        """Everything, removing content included. Arguments and errors as for ``write``."""
        return cls._of(set(Effect), allow, deny, roots, max_writes)

    @classmethod
    def _of(
        cls,
        effects: set[Effect],
        allow: Iterable[str],
        deny: Iterable[str],
        roots: Iterable[str],
        max_writes: int | None,
    ) -> Policy:
        if max_writes is not None and not _is_count(max_writes):
            raise ConfigurationError("max_writes must be a whole number of at least 0, or None for no limit.")
        return cls(
            frozenset(effects),
            _texts("allow", allow),
            _texts("deny", deny),
            tuple(dict.fromkeys(_root(each) for each in _texts("roots", roots))),
            max_writes,
        )

    def allows(self, effect: Effect) -> bool:
        """Whether a call with this effect may run at all."""
        return effect in self.effects

    def offers(self, spec: Spec) -> bool:
        """Whether calls of this operation may run; one that its content makes worse may still be refused."""
        return self.allows(spec.effect) and self._named(spec)

    def check(self, spec: Spec, effect: Effect) -> None:
        """Raise PolicyDenied, saying how to allow it, unless a call of this operation with this effect may run."""
        if not self.allows(effect):
            raise self._effect_denied(spec, effect)
        if not self._named(spec):
            raise _name_denied(spec, effect)

    def check_step(self, operation: Operation[Any]) -> None:
        """Raise PolicyDenied unless an allowed call may take this step: of its effect, and denied by no name."""
        if not self.allows(operation.effect):
            raise self._effect_denied(operation.spec, operation.effect)
        if _matches(operation.spec.name, self.deny):
            raise _name_denied(operation.spec, operation.effect)

    def check_names(self, operations: Iterable[Spec]) -> None:
        """Check allow and deny against the operations that there are.

        Raises:
            ConfigurationError: a name means none of them, or ``allow`` names one whose effect the policy forbids.
        """
        known = {spec.name: spec for spec in operations}
        for option, names in (("allow", self.allow), ("deny", self.deny)):
            for name in names:
                if not any(_matches(each, (name,)) for each in known):
                    raise _unknown(option, name, known)
        for name in self.allow:
            spec = known.get(name)
            if spec is not None and not self.allows(spec.effect):
                raise ConfigurationError(
                    f"Policy: allow names {name}, whose effect is {spec.effect.value!r}; this policy permits "
                    f"{', '.join(sorted(self.effects))}.",
                    hint=f"allow only narrows: build the policy with {_needed(spec.effect, '(allow=...)')}.",
                )

    def _named(self, spec: Spec) -> bool:
        return not _matches(spec.name, self.deny) and (not self.allow or _matches(spec.name, self.allow))

    def _effect_denied(self, spec: Spec, effect: Effect) -> PolicyDenied:
        return PolicyDenied(
            f"{spec.name} is not allowed here: its effect is {effect.value!r}, the policy allows "
            f"{', '.join(sorted(self.effects)) or 'nothing'}. Nothing was sent.",
            hint=f"Do not retry. The developer can allow it by building the connector with policy={_needed(effect)}.",
            details={"operation": spec.name, "effect": effect.value},
        )


class Budget:
    """Counts the writes of one connector against the policy's ``max_writes``. Thread-safe.

    Args:
        limit: how many there may be; None for no limit.
    """

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self._used = 0
        self._lock = Lock()

    @property
    def used(self) -> int:
        """Writes that were made, are under way, or may have been made."""
        return self._used

    def take(self, spec: Spec) -> None:
        """Count a write before it is sent; raises PolicyDenied where none is left."""
        with self._lock:
            if self.limit is None or self._used < self.limit:
                self._used += 1
                return
        raise PolicyDenied(
            f"{spec.name} is not allowed any more: the policy allows {self.limit} writes, and they are used up. "
            "Nothing was sent.",
            hint="Do not retry: tell the user what is left to do. Reading is still possible. The developer can allow "
            "more with max_writes=.",
            details={"operation": spec.name, "max_writes": self.limit},
        )

    def give_back(self) -> None:
        """Uncount a write that surely was not made."""
        with self._lock:
            self._used -= 1


def _texts(option: str, values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise ConfigurationError(f"Policy: {option} is a string.", hint=f"Give a list: {option}=[{values!r}].")
    given = tuple(values)
    if not all(isinstance(each, str) and each.strip() for each in given):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(f"Policy: {option} must hold strings that are not empty.")
    return given


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _root(reference: str) -> str:
    try:
        return parse_id(reference, part=_page_or_table)
    except ValueError as error:
        raise ConfigurationError(
            f"Policy: {reference!r} in roots is {error}.",
            hint="Roots are ids or Notion URLs of pages, databases and data sources.",
        ) from None


def _page_or_table(url: str) -> str | None:
    ids = url_ids(url)
    return None if ids.block else ids.peeked or ids.path


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, each if "." in each or "*" in each else f"{each}.*") for each in patterns)


def _needed(effect: Effect, arguments: str = "()") -> str:
    return f"Policy.{'full' if effect is Effect.DESTRUCTIVE else 'write'}{arguments}"


def _name_denied(spec: Spec, effect: Effect) -> PolicyDenied:
    return PolicyDenied(
        f"{spec.name} is not allowed here: the policy leaves it out by name. Nothing was sent.",
        hint="Do not retry. The developer can allow it with allow= and deny= of the connector's Policy.",
        details={"operation": spec.name, "effect": effect.value},
    )


def _unknown(option: str, name: str, known: dict[str, Spec]) -> ConfigurationError:
    entities = {each.partition(".")[0] for each in known}
    near = get_close_matches(name.strip().lower(), [*known, *sorted(entities)], n=3, cutoff=0.5)
    return ConfigurationError(
        f"Policy: there is no operation {name!r}, which {option} names.",
        hint=f"Did you mean {', '.join(map(repr, near))}?" if near else f"Entities: {', '.join(sorted(entities))}.",
        details={"option": option, "name": name},
    )
