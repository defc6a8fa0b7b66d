"""The catalogue: operations by entity and action, with nearest-name answers to a wrong name or parameter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ._building import ensure_built
from .errors import InvalidParams, UnknownAction, UnknownEntity
from .listing import ListOperation
from .namespace import Surface
from .operation import Operation

__all__ = ["Catalog", "signature", "summary"]

AnyOperation = type[Operation[Any]]

_PAGING = frozenset(ListOperation.model_fields)


class Catalog:
    """Operations by name. Built from a connector's surface; operations for developers only are left out."""

    def __init__(self, operations: Iterable[AnyOperation], descriptions: Mapping[str, str] | None = None) -> None:
        self._entities: dict[str, dict[str, AnyOperation]] = {}
        self._descriptions = dict(descriptions or {})
        for operation in operations:
            if operation.spec.surface == "all":
                self._entities.setdefault(operation.spec.entity, {})[operation.spec.action] = operation

    @classmethod
    def of(cls, surface: type[Surface[Any]]) -> Catalog:
        """The operations of a surface's namespaces, then the surface's own."""
        operations: list[AnyOperation] = []
        descriptions: dict[str, str] = {}
        for namespace in surface.namespaces().values():
            declared = namespace.operations()
            operations.extend(declared)
            descriptions.update({operation.spec.entity: summary(namespace) for operation in declared})
        return cls([*operations, *surface.operations()], descriptions)

    @property
    def entities(self) -> list[str]:
        """Entity names in order of declaration."""
        return list(self._entities)

    def description(self, entity: str) -> str:
        """What the entity is, in one sentence."""
        known = self._actions(entity)
        return self._descriptions.get(entity) or summary(next(iter(known.values())))

    def operations(self, entity: str | None = None) -> list[AnyOperation]:
        """All operations, or one entity's; raises UnknownEntity."""
        if entity is not None:
            return list(self._actions(entity).values())
        return [operation for actions in self._entities.values() for operation in actions.values()]

    def find(self, entity: object, action: object) -> AnyOperation:
        """The operation of that name; raises UnknownEntity or UnknownAction, naming what there is."""
        actions = self._actions(entity)
        if isinstance(action, str) and action in actions:
            return actions[action]
        # Looked up in a list: what a model sent may not be hashable.
        elsewhere = [name for name, others in self._entities.items() if action in list(others) and name != entity]
        near = _nearest(action, actions)
        hint = f"Actions of {entity}: {', '.join(_brief(operation) for operation in actions.values())}."
        if near:
            hint = f"Did you mean {near!r}? {signature(actions[near])}. {hint}"
        elif elsewhere:
            hint = f"{hint} {action!r} exists for {', '.join(elsewhere)}."
        said = f"{entity} has no action {_shown(action)}." if action else f"{entity}: an action is required."
        raise UnknownAction(said, hint=hint, details={"entity": entity, "actions": list(actions)})

    def _actions(self, entity: object) -> dict[str, AnyOperation]:
        if isinstance(entity, str) and entity in self._entities:
            return self._entities[entity]
        near = _nearest(entity, self._entities)
        names = f"Entities and their actions: {self._overview()}."
        raise UnknownEntity(
            f"There is no entity {_shown(entity)}." if entity else "An entity is required.",
            hint=f"Did you mean {near!r}? {names}" if near else names,
            details={"entities": self.entities},
        )

    def _overview(self) -> str:
        return "; ".join(f"{entity}: {', '.join(actions)}" for entity, actions in self._entities.items())

    @staticmethod
    def parse(operation: AnyOperation, params: Mapping[str, Any]) -> Operation[Any]:
        """Validate parameters into an operation; raises InvalidParams with every problem and the signature."""
        ensure_built(operation)
        try:
            return operation.model_validate(dict(params))
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False)
        told = {_where(problem): _explain(problem, operation) for problem in problems}
        raise InvalidParams(
            f"{operation.spec.name}: {'; '.join(told.values())}.",
            hint=f"Signature: {signature(operation)}.",
            details={"operation": operation.spec.name, "parameters": told},
        )


def signature(operation: AnyOperation) -> str:
    """``entity.action(required, optional?)``, paging last."""
    fields = sorted(operation.model_fields.items(), key=lambda item: (not item[1].is_required(), item[0] in _PAGING))
    names = (name if field.is_required() else f"{name}?" for name, field in fields)
    return f"{operation.spec.name}({', '.join(names)})"


def _brief(operation: AnyOperation) -> str:
    return f"{operation.spec.name}({', '.join(n for n, item in operation.model_fields.items() if item.is_required())})"


def summary(kind: type) -> str:
    """The first sentence of a class's docstring, on one line."""
    text = " ".join((kind.__doc__ or "").split())
    return text.partition(". ")[0].rstrip(".") + "." if text else ""


def _where(problem: ErrorDetails) -> str:
    """The parameter, as a path; empty for a problem of several together."""
    return ".".join(str(part) for part in problem["loc"])


def _explain(problem: ErrorDetails, operation: AnyOperation) -> str:
    name = _where(problem)
    if problem["type"] == "missing":
        return f"{name} is required"
    if problem["type"] == "extra_forbidden":
        near = _nearest(name, operation.model_fields)
        return f"there is no parameter {_shown(name)}" + (f"; did you mean {near!r}?" if near else "")
    said = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {said[:1].lower()}{said[1:]}" if name else said


def _nearest(name: object, known: Iterable[str]) -> str | None:
    from difflib import get_close_matches

    names = list(known)
    near = get_close_matches(name.lower(), names, n=1, cutoff=0.6) if isinstance(name, str) else cast("list[str]", [])
    return near[0] if near else None


def _shown(name: object) -> str:
    return repr(name[:60]) if isinstance(name, str) else f"of type {type(name).__name__}"
