"""What an operation's fields want, read from their annotations."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, Required, TypeAlias, Union, get_args, get_origin

from typing_extensions import get_type_hints, is_typeddict

from ..operation import Operation

__all__ = ["Kind", "Shape", "accepted", "shape_of", "shapes_of"]

Kind: TypeAlias = Literal["id", "text", "number", "boolean", "choice", "list", "object", "form", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What one field wants."""

    kind: Kind
    choices: tuple[Any, ...] = ()
    """Of a choice."""
    item: Shape | None = None
    """Of a list."""
    keys: dict[str, Shape] = field(default_factory=dict[str, "Shape"])
    """Of a form: an object with keys of its own. A plain object is free."""
    required: frozenset[str] = frozenset()
    """Keys of a form that must be there."""


_ANY = Shape(kind="any")
_WITHOUT_FORM = frozenset({"property_id", "task_id"})
"""Ids that are no UUIDs."""


@lru_cache(maxsize=512)
def shapes_of(operation: type[Operation[Any]]) -> dict[str, Shape]:
    """An operation's parameters by name; not to be changed."""
    return {name: shape_of(name, item.annotation) for name, item in operation.model_fields.items()}


def accepted(operation: type[Operation[Any]]) -> frozenset[str]:
    """Names beside its parameters that an operation takes by itself."""
    if operation.spec.name != "blocks.update":
        return frozenset()
    from ..operations.block_writes import UPDATABLE

    return UPDATABLE | {"type"}


def shape_of(name: str, annotation: Any) -> Shape:
    """What an annotation wants; ``any`` where it is none of the usual."""
    kind = _stripped(annotation)
    if get_origin(kind) is Literal:
        return Shape(kind="choice", choices=get_args(kind))
    if kind is str:
        return Shape(kind="id" if _names_id(name) else "text")
    if kind in _SCALARS:
        return _SCALARS[kind]
    if get_origin(kind) is list or kind is list:
        return Shape(kind="list", item=shape_of("id" if name == "drop" else "", next(iter(get_args(kind)), Any)))
    if is_typeddict(kind):
        hints = get_type_hints(kind, include_extras=True)
        keys = {each: shape_of(each, hint) for each, hint in hints.items()}
        return Shape(kind="form", keys=keys, required=frozenset(kind.__required_keys__))
    return Shape(kind="object") if get_origin(kind) is dict or kind is dict else _ANY


_SCALARS: dict[Any, Shape] = {int: Shape(kind="number"), bool: Shape(kind="boolean")}


def _names_id(name: str) -> bool:
    return (name == "id" or name.endswith("_id")) and name not in _WITHOUT_FORM


def _stripped(annotation: Any) -> Any:
    """An annotation without metadata and without None."""
    while True:
        origin = get_origin(annotation)
        if origin in (Annotated, NotRequired, Required):
            annotation = get_args(annotation)[0]
            continue
        if origin in (Union, UnionType):
            rest = [each for each in get_args(annotation) if each is not NoneType]
            if len(rest) == 1:
                annotation = rest[0]
                continue
        return annotation
