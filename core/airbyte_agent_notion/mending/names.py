"""The catalogue by names in any spelling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from ..catalog import Catalog
from ..operation import Effect, Operation
from .words import ENTITIES, key, meanings, singular, words

__all__ = ["NO_ENTITY", "Names", "only_near", "runs"]

AnyOperation = type[Operation[Any]]

LIKE = 0.8
"""How alike a misspelt name must be to the one that it is taken for."""
APART = 0.1
"""How much less alike every other name must be."""


NO_ENTITY = frozenset({"", "notion", "workspace", "none", "null", "api"})
"""What models write where they name no entity."""


class Names:
    """The catalogue by names without case, number and separators."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.entities = {key(entity): entity for entity in catalog.entities}
        self.actions = {
            entity: {key(action): operation for action, operation in catalog.entity(entity).items()}
            for entity in catalog.entities
        }

    def entity(self, name: str | Sequence[str]) -> str | None:
        """The entity of this name."""
        return self.entities.get(key(name))

    def like_entity(self, name: str | Sequence[str]) -> str | None:
        """The entity that this name is likely to mean: another word for it, or misspelt."""
        wanted = key(name)
        meant = [each for each in ENTITIES.get(wanted, ()) if each in self.actions]
        if meant:
            return meant[0]
        near = only_near(wanted, list(self.entities))
        return self.entities[near] if near is not None else None

    def verb(self, entity: str, name: str | Sequence[str]) -> AnyOperation | None:
        """The entity's action of this name, or of a fixed verb that means the same."""
        wanted, actions = key(name), self.actions[entity]
        if wanted in actions:
            return actions[wanted]
        for effect in Effect:
            for action in meanings(entity, wanted, effect):
                operation = self.catalog.entity(entity).get(action)
                if operation is not None and operation.spec.effect is effect:
                    return operation
        return None

    def joined(self, text: str) -> list[AnyOperation]:
        """The operations that a name of entity and action together may mean."""
        exact: dict[str, AnyOperation] = {}
        loose: dict[str, AnyOperation] = {}
        for entity, rest in self._splits(text):
            operation = self.verb(entity, rest)
            if operation is not None:
                place = exact if key(rest) in self.actions[entity] else loose
                place[operation.spec.name] = operation
        return list((exact or loose).values())

    def _splits(self, text: str) -> Iterator[tuple[str, str | Sequence[str]]]:
        found = words(text) if "," not in text else []
        for start, end in runs(found):
            entity = self.entities.get("".join(found[start:end]))
            if entity is not None and end - start < len(found):
                yield entity, found[:start] + found[end:]
        whole = key(found).removeprefix("notion")
        for name, entity in self.entities.items() if len(found) <= 1 else ():
            for spelled in (f"{name}s", name):
                if whole.startswith(spelled) and whole != spelled:
                    yield entity, [whole.removeprefix(spelled)]
                elif whole.endswith(spelled) and whole != spelled:
                    yield entity, [singular(whole.removesuffix(spelled))]


def runs(found: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Neighbouring words, the longest runs first."""
    for size in range(min(len(found), 3), 0, -1):
        for start in range(len(found) - size + 1):
            yield start, start + size


def only_near(wanted: str, known: Sequence[str]) -> str | None:
    """The one name that another is very like."""
    ranked = sorted(((SequenceMatcher(None, wanted, each).ratio(), each) for each in known), reverse=True)
    if not ranked or ranked[0][0] < LIKE or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < APART):
        return None
    return ranked[0][1]
