"""The catalogue: operations by entity and action, with nearest-name answers to a wrong name or parameter."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ._building import ensure_built
from .brevity import MAX_TOKENS, brief, fitting, quoted, tokens
from .errors import InvalidParams, UnknownAction, UnknownEntity
from .fields import where_ids_are
from .listing import ListOperation
from .namespace import Surface
from .operation import Operation, Spec

__all__ = ["Catalog", "example", "nearest", "refused", "signature", "summary"]

AnyOperation = type[Operation[Any]]

_PAGING = frozenset(ListOperation.model_fields)

MAX_NAME = 100
"""Characters of a name that are looked at."""
MAX_TOLD = 80
"""Tokens of an error's problems; what is left is the signature's."""
MAX_EXAMPLE = 56
"""Tokens of an example within a problem."""


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
        """The operation of that name; raises UnknownEntity or UnknownAction, naming the nearest."""
        actions = self._actions(entity)
        if isinstance(action, str) and action in actions:
            return actions[action]
        raise self._unknown_action(str(entity), action)

    def entity(self, name: str) -> dict[str, AnyOperation]:
        """One entity's operations by action; empty if there is none of that name."""
        return dict(self._entities.get(name, {}))

    def only(self, offers: Callable[[Spec], bool]) -> Catalog:
        """The same with those operations alone."""
        return Catalog([each for each in self.operations() if offers(each.spec)], self._descriptions)

    def _actions(self, entity: object) -> dict[str, AnyOperation]:
        if isinstance(entity, str) and entity in self._entities:
            return self._entities[entity]
        raise UnknownEntity(
            f"There is no entity {quoted(entity)}." if entity else "An entity is required.",
            hint=self._entity_hint(entity),
            details={"entities": self.entities},
        )

    def _entity_hint(self, entity: object) -> str:
        near = nearest(entity, self._entities)
        if near:
            return f"Did you mean {' or '.join(map(repr, near))}?"
        return f"Entities: {', '.join(self.entities)}."

    def _unknown_action(self, entity: str, action: object) -> UnknownAction:
        actions = self._entities[entity]
        near = nearest(action, actions)
        # Looked up in a list: what a model sent may not be hashable.
        elsewhere = [name for name, others in self._entities.items() if action in list(others) and name != entity]
        said = f"{entity} has no action {quoted(action)}." if action else f"{entity}: an action is required."
        found = f" {quoted(action)} exists for {fitting(elsewhere, 20, separator=', ')}." if elsewhere else ""
        shown = [signature(actions[name], short=True) for name in near]
        meant = (
            f"Did you mean {' or '.join(shown)}?"
            if shown
            else f"There are: {fitting(actions, 40, most=12, separator=', ')}."
        )
        rest = "" if set(near) == set(actions) else f' All: {{"entity": "{entity}", "action": "describe"}}.'
        return UnknownAction(said, hint=f"{meant}{found}{rest}", details={"entity": entity, "actions": list(actions)})

    @staticmethod
    def parse(operation: AnyOperation, params: Mapping[str, Any]) -> Operation[Any]:
        """Validate parameters into an operation; raises InvalidParams with every problem and the signature."""
        ensure_built(operation)
        try:
            return operation.model_validate(dict(params))
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False)
        raise refused(operation, _once({_where(problem): _explain(problem, operation) for problem in problems}))


def _once(told: dict[str, str]) -> dict[str, str]:
    """Without the lack of an id that was given under another name: that name's problem says it."""
    given = " ".join(said for said in told.values() if "; did you mean " in said)
    return {name: said for name, said in told.items() if not (said == _lacks(name) and repr(name) in given)}


def refused(operation: AnyOperation, told: Mapping[str, str]) -> InvalidParams:
    """The error for parameters that do not fit: the first problems and the signature; ``details`` has all."""
    said = f"{operation.spec.name}: {fitting(dict.fromkeys(told.values()), MAX_TOLD)}"
    whole = signature(operation)
    short = tokens(f"{said} Signature: {whole}.") > MAX_TOKENS
    return InvalidParams(
        said if said.endswith("?") else f"{said}.",
        hint=f"Signature: {signature(operation, short=short)}.",
        details={"operation": operation.spec.name, "parameters": dict(told)},
    )


def signature(operation: AnyOperation, *, short: bool = False) -> str:
    """``entity.action(required, optional?)``, paging last; short with the required ones alone."""
    fields = sorted(operation.model_fields.items(), key=lambda item: (not item[1].is_required(), item[0] in _PAGING))
    required = [name for name, field in fields if field.is_required()]
    optional = [f"{name}?" for name, field in fields if not field.is_required()]
    rest = (["..."] if optional else []) if short else optional
    return f"{operation.spec.name}({', '.join([*required, *rest])})"


def summary(kind: type) -> str:
    """The first sentence of a class's docstring, on one line."""
    text = " ".join((kind.__doc__ or "").split())
    return text.partition(". ")[0].rstrip(".") + "." if text else ""


def _where(problem: ErrorDetails) -> str:
    """The parameter, as a path; empty for a problem of several together."""
    return ".".join(str(part) for part in problem["loc"])


def _explain(problem: ErrorDetails, operation: AnyOperation) -> str:
    name, kind = _where(problem), problem["type"]
    if kind == "missing":
        return _lacks(name)
    if kind == "extra_forbidden":
        return _stray(name, operation, top=len(problem["loc"]) == 1)
    if kind in _EXPECTED:
        expected = _EXPECTED[kind].format(**problem.get("ctx", {}))
        more = "; follow next_cursor for more" if (kind, name) == ("less_than_equal", "page_size") else ""
        return f"{name} {expected}{more}{_example(problem, operation)}"
    said = problem["msg"].removeprefix("Value error, ")
    whence = _whence(name) if said.startswith(("not a Notion id", "must be a string: a Notion id")) else ""
    return f"{name}: {said[:1].lower()}{said[1:]}{whence}" if name else said


def _lacks(name: str) -> str:
    return f"{name} is required{_whence(name)}"


def _whence(name: str) -> str:
    """Where ids of this kind come from; empty for what is no id."""
    last = name.rpartition(".")[2]
    more = ", users.get_me is oneself" if last == "user_id" else ""
    return f"; {where_ids_are(last)} has them{more}" if last.endswith("_id") and last != "task_id" else ""


_EXPECTED = {
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "dataclass_type"), "must be an object"),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "iterable_type"), "must be a list"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "must be a whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "must be a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "must be true or false"),
    **dict.fromkeys(("string_type", "string_unicode"), "must be text"),
    "string_too_short": "must not be empty",
    "string_too_long": "has at most {max_length} characters",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_short": "needs at least {min_length} item",
    "too_long": "takes at most {max_length} items",
    "literal_error": "must be {expected}",
}
"""What is wanted, by Pydantic's kind of problem."""
_WITH_EXAMPLE = frozenset({"dict_type", "list_type", "too_short"})


def _example(problem: ErrorDetails, operation: AnyOperation) -> str:
    """The form expected, as the parameter's description shows it; for the parameter itself, not for parts of it."""
    loc = problem["loc"]
    if len(loc) != 1 or problem["type"] not in _WITH_EXAMPLE or loc[0] not in operation.model_fields:
        return ""
    found = example(operation.model_fields[str(loc[0])].description or "")
    return f", e.g. {found}" if found and tokens(found) <= MAX_EXAMPLE else ""


def example(description: str) -> str:
    """The first object or array in a text; empty if there is none."""
    depth, start = 0, -1
    for index, sign in enumerate(description):
        if sign in "[{":
            start = index if depth == 0 else start
            depth += 1
        elif sign in "]}" and depth:
            depth -= 1
            if depth == 0:
                return description[start : index + 1]
    return ""


def _stray(name: str, operation: AnyOperation, *, top: bool) -> str:
    said = f"there is no parameter {quoted(name)}"
    if not top:
        return said
    instead = _INSTEAD.get(operation.spec.name, {}).get(_folded(name))
    if instead is not None:
        return f"{said}: {instead}"
    if name == "data_source_id" and operation.spec.entity == "databases":
        return f"{said}: with a data source's id call data_sources.{operation.spec.action}"
    near = nearest(name, operation.model_fields)
    if near:
        return f"{said}; did you mean {' or '.join(map(repr, near))}?"
    own = [each for each, item in operation.model_fields.items() if item.is_required() and each.endswith("_id")]
    if name.endswith("_id") and len(own) == 1:
        return f"{said}; did you mean {own[0]!r}?"
    if operation.spec.name in _ROWS:
        return f'{said}; a value of a row goes into properties: {{"properties": {{{json.dumps(brief(name, 8))}: ...}}}}'
    return said


_TEXTS = ("blocks", "body", "children", "content", "markdown", "text")
_INSTEAD: Mapping[str, Mapping[str, str]] = {
    "pages.update": {
        **dict.fromkeys(_TEXTS, "a page's text is changed with pages.edit or blocks.append"),
        **dict.fromkeys(("parent", "parentid", "parentpageid"), "a page is moved with pages.move"),
    },
    "databases.update": dict.fromkeys(
        ("properties", "schema", "columns"), "columns are changed with data_sources.update"
    ),
    "blocks.update": dict.fromkeys(
        (*_TEXTS, "richtext"), 'say the block\'s type: {"paragraph": {"rich_text": [{"text": {"content": "..."}}]}}'
    ),
}
"""What to do in place of a parameter that an operation has not."""
_ROWS = frozenset({"pages.create", "pages.update"})


def nearest(name: object, known: Iterable[str], *, most: int = 2) -> list[str]:
    """The known names that are most like this one."""
    from difflib import get_close_matches

    by_folded = {_folded(each): each for each in known}
    wanted = _folded(name[:MAX_NAME]) if isinstance(name, str) else ""
    near = get_close_matches(wanted, list(by_folded), n=most, cutoff=0.6)
    return [by_folded[each] for each in near]


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
