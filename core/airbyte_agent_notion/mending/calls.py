"""Which operation a call means: its entity and action in any spelling, joined or swapped, and its parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..catalog import Catalog
from ..operation import Effect, Operation, Spec
from .arguments import Call, call_of
from .likely import takes
from .names import NO_ENTITY, Names, only_near, runs
from .unknown import unknown
from .words import DESCRIBE, ENTITIES, key, words

__all__ = ["called", "describes"]

AnyOperation = type[Operation[Any]]


def called(
    arguments: object, catalog: Catalog, *, offers: Callable[[Spec], bool] | None = None
) -> tuple[AnyOperation, dict[str, Any]]:
    """The operation that a call of ``notion_execute`` means, and its parameters as they were sent.

    Args:
        arguments: what the model sent: entity, action, params, and parameters beside them.
        catalog: all that there is, so that nothing that is not offered is taken for something else.
        offers: what errors may name; by default everything.

    Raises:
        UnknownEntity, UnknownAction: it means none, or several; the error names the nearest. Only what reads is taken
            for a name that is misspelt; what writes only under its own name or a fixed verb that means the same.
        InvalidParams: the parameters are no object.
    """
    call = call_of(arguments)
    operation = _found(call, catalog)
    if operation is None:
        raise unknown(call, catalog if offers is None else catalog.only(offers))
    return operation, call.params(operation)


def describes(arguments: object, catalog: Catalog) -> tuple[str, str | None] | None:
    """The entity and action that a call asks to have described; None if it asks for something else.

    The entity is empty where none is named.

    Raises:
        UnknownEntity: it asks for a description of something that there is not.
    """
    call = call_of(arguments)
    asked = [call.entity, call.action]
    if not any(_asks(text, catalog) for text in asked if isinstance(text, str)):
        return None
    names = Names(catalog)
    said = " ".join(" ".join(words(text)) for text in asked if isinstance(text, str))
    left = [word for word in said.split() if word not in DESCRIBE]
    given = call.loose()
    left += words(" ".join(str(given[name]) for name in ("entity", "action", "operation") if name in given))
    return _described(list(dict.fromkeys(left)), names, call)


def _asks(text: str, catalog: Catalog) -> bool:
    found = words(text)
    if any(text in catalog.entity(entity) for entity in catalog.entities):
        return False
    # A table's schema is read with its id; the word alone asks for ours.
    return any(word in DESCRIBE for word in found) and ("schema" not in found or found == ["schema"])


def _described(left: list[str], names: Names, call: Call) -> tuple[str, str | None] | None:
    if key(left) in NO_ENTITY or not left:
        return "", None
    if call.ids and any(isinstance(each, str) and "schema" in words(each) for each in (call.entity, call.action)):
        return None
    for start, end in runs(left):
        entity = names.entity(left[start:end]) or names.like_entity(left[start:end])
        if entity is not None:
            rest = left[:start] + left[end:]
            operation = names.verb(entity, rest) if rest else None
            return entity, operation.spec.action if operation is not None else None
    found = names.joined(" ".join(left))
    if len(found) != 1:
        raise unknown(Call(entity=" ".join(left), action=None), names.catalog)
    return found[0].spec.entity, found[0].spec.action


def _found(call: Call, catalog: Catalog) -> AnyOperation | None:
    """The one operation that the call means, if there is one."""
    entity, action = call.entity, call.action
    if isinstance(entity, str) and isinstance(action, str) and action in catalog.entity(entity):
        return catalog.entity(entity)[action]
    if not all(each is None or isinstance(each, str) for each in (entity, action)):
        return None
    names, said, done = Names(catalog), str(entity or ""), str(action or "")
    for way in (_named, _guessed):
        found = {operation.spec.name: operation for operation in way(names, said, done, call)}
        if len(found) > 1 and all(operation.spec.effect is Effect.READ for operation in found.values()):
            found = {name: each for name, each in found.items() if call.ids and call.ids <= set(each.model_fields)}
        if found:
            return _suited(next(iter(found.values())), names, call) if len(found) == 1 else None
    return None


def _suited(operation: AnyOperation, names: Names, call: Call) -> AnyOperation | None:
    """The operation; another reading one of its entity where a parameter says so, none where only a write has it."""
    spec = operation.spec
    if spec.effect is not Effect.READ or call.action == spec.action:
        return operation
    given = {name: value for name, value in call.loose().items() if not takes(operation, name, value)}
    others = [each for each in names.catalog.entity(spec.entity).values() if each is not operation]
    better = [each for each in others if given and any(name in each.model_fields for name in given)]
    if not better:
        return operation
    reading = [
        each
        for each in better
        if each.spec.effect is Effect.READ and all(takes(each, name, value) for name, value in call.loose().items())
    ]
    return reading[0] if len(reading) == 1 and len(better) == 1 else None


def _named(names: Names, entity: str, action: str, _: Call) -> list[AnyOperation]:
    """Operations whose names these are."""
    if key(entity) in NO_ENTITY:
        joined = names.joined(action)
        return joined or [each[key(action)] for each in names.actions.values() if key(action) in each]
    known = names.entity(entity)
    swapped = names.entity(action) if known is None and action else None
    if swapped is not None and key(entity) in names.actions[swapped]:
        return [names.actions[swapped][key(entity)]]
    if known is None:
        both = names.joined(entity)
        return [each for each in both if not action or _agrees(each, names, action)] if len(both) <= 1 else both
    if not action:
        alone = names.verb(known, key(entity))
        return [alone] if alone is not None else []
    found = names.verb(known, action)
    if found is not None:
        return [found]
    return [each for each in names.joined(action) if each.spec.entity == known]


def _agrees(operation: AnyOperation, names: Names, action: str) -> bool:
    return names.verb(operation.spec.entity, action) is operation or operation in names.joined(action)


def _guessed(names: Names, entity: str, action: str, call: Call) -> list[AnyOperation]:
    """Operations that read, for names that are misspelt or others' words."""
    if not action:
        return []
    nameless = key(entity) in NO_ENTITY
    if nameless:
        meant = [each for each in (names.verb(entity, action) for entity in names.actions) if each is not None]
        return meant if all(each.spec.effect is Effect.READ for each in meant) else []
    known = names.entity(entity)
    entities = [known] if known else [each for each in ENTITIES.get(key(entity), ()) if each in names.actions]
    if not entities:
        near = only_near(key(entity), list(names.entities))
        entities = [names.entities[near]] if near is not None else []
    for each in entities:
        operation = names.verb(each, action) or next(
            (other for other in names.joined(action) if other.spec.entity == each), None
        )
        if operation is None:
            near = only_near(key(action), list(names.actions[each]))
            operation = names.actions[each][near] if near is not None else None
        if operation is not None and _fits(operation, call):
            return [operation] if operation.spec.effect is Effect.READ else []
    return _elsewhere(names, action, call)


def _elsewhere(names: Names, action: str, call: Call) -> list[AnyOperation]:
    """The one operation of exactly this action, of whichever entity, that reads and takes the ids given."""
    found = [each[key(action)] for each in names.actions.values() if key(action) in each]
    fits = [each for each in found if call.ids and call.ids <= set(each.model_fields)]
    return fits if len(fits) == 1 and all(each.spec.effect is Effect.READ for each in found) else []


def _fits(operation: AnyOperation, call: Call) -> bool:
    """Whether the ids that an operation needs are among those given; true where none is given."""
    return not call.ids or bool(call.ids & set(operation.model_fields))
