"""A call's arguments taken apart: entity, action and parameters, wherever and however packed they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ..errors import InvalidParams
from ..operation import Effect, Operation
from ..repair import WRAPPERS, Unreadable, container, merged, opened, params_object
from .guards import is_list
from .words import DESCRIBE, key

__all__ = ["Call", "call_of"]

AnyOperation = type[Operation[Any]]

_ENTITY_KEYS = frozenset({"entity", "resource", "entityname", "entitytype"})
_ACTION_KEYS = frozenset({"action", "operation", "method", "verb", "actionname", "command"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call, taken apart."""

    entity: object
    action: object
    given: object = None
    """Under ``params``, as it was sent."""
    beside: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def loose(self) -> Mapping[str, Any]:
        """The parameters, if they can be read."""
        try:
            return merged(params_object(self.given), self.beside)
        except InvalidParams:
            return self.beside

    @property
    def ids(self) -> set[str]:
        """The names of ids among the parameters."""
        return {name for name in self.loose() if name.endswith("_id")}

    def params(self, operation: AnyOperation) -> dict[str, Any]:
        """The parameters; a text or number alone is the operation's only required one."""
        return merged(_params_of(self.given, operation), self.beside)


def _params_of(given: object, operation: AnyOperation) -> dict[str, Any]:
    try:
        return params_object(given)
    except InvalidParams:
        required = [name for name, item in operation.model_fields.items() if item.is_required()]
        bare = given if isinstance(given, (str, int)) and not isinstance(given, bool) else None
        looks_broken = isinstance(bare, str) and bare.lstrip()[:1] in {"{", "[", "`", "'", '"', "<"}
        asks = operation.spec.effect is Effect.READ and "query" in operation.model_fields
        name = required[0] if len(required) == 1 else "query" if asks and not required else None
        if name is None or bare is None or looks_broken or ("=" in str(bare) and "://" not in str(bare)):
            raise
        return {name: bare}


def call_of(arguments: object) -> Call:
    """Entity, action and the rest, wherever they stand."""
    if isinstance(arguments, str):
        try:
            arguments = opened(arguments)
        except Unreadable:
            arguments = None
    given = cast("Mapping[object, Any]", arguments) if isinstance(arguments, Mapping) else dict[object, Any]()
    top = _whole({str(name): value for name, value in given.items()})
    wrapped: dict[str, Any] = {name: top.pop(name) for name in list(top) if key(name) in _WRAPPED}
    entity, action = _take(top, _ENTITY_KEYS), _take(top, _ACTION_KEYS)
    inner: object = None
    for value in wrapped.values():
        value, named = _unwrapped(value)
        if isinstance(action, str) and named[1] is not None and key(action) in DESCRIBE:
            top["action"], named = named[1], (named[0], None)
        entity, action = _agreed("entity", entity, named[0]), _agreed("action", action, named[1])
        inner = value if inner is None else merged(params_object(inner), params_object(value))
    return Call(entity=_one(entity), action=_one(action), given=inner, beside=top)


_WRAPPED = frozenset(key(name) for name in WRAPPERS)


def _whole(top: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    """The call itself where it stands whole under a key of its own, as frameworks with one text for a tool send it."""
    known = {key(name) for name in top} & {*_ENTITY_KEYS, *_ACTION_KEYS}
    if len(top) != 1 or known or depth > MAX_DEPTH:
        return top
    inner = container(next(iter(top.values())))
    if not isinstance(inner, dict):
        return top
    found = _whole({str(name): value for name, value in cast("dict[object, Any]", inner).items()}, depth + 1)
    named = {key(name) for name in found}
    return found if named & _ENTITY_KEYS or (named & _ACTION_KEYS and named & _WRAPPED) else top


def _unwrapped(value: object, depth: int = 0) -> tuple[Any, tuple[object, object]]:
    """What stands under a wrapper's key, without a further wrapper, and entity and action where they stand there."""
    try:
        found = params_object(value)
    except InvalidParams:
        return value, (None, None)
    entity, action = found.pop("entity", None), found.pop("action", None)
    for name in [name for name in found if key(name) in _WRAPPED and depth < MAX_DEPTH]:
        deeper, (more_entity, more_action) = _unwrapped(found.pop(name), depth + 1)
        found = merged(found, params_object(deeper))
        entity, action = _agreed("entity", entity, more_entity), _agreed("action", action, more_action)
    return found, (entity, action)


MAX_DEPTH = 8


def _take(top: dict[str, Any], names: frozenset[str]) -> object:
    """The value under one of these keys, the usual one first; taken out."""
    found = sorted((name for name in top if key(name) in names), key=lambda name: name not in {"entity", "action"})
    return top.pop(found[0]) if found else None


def _agreed(what: str, one: object, other: object) -> object:
    if one in (None, "") or other in (None, "") or one == other:
        return other if one in (None, "") else one
    raise InvalidParams(f"{what} is given twice, with two values.", hint="Give it once, beside params.")


def _one(value: object) -> object:
    """A name; out of a list of one, or of JSON text."""
    if isinstance(value, str) and value.strip()[:1] in {"[", '"', "'"}:
        try:
            value = opened(value)
        except Unreadable:
            return value
    found: Any = value[0] if is_list(value) and len(value) == 1 else value
    return found.strip() if isinstance(found, str) else found
