"""What ``describe`` tells a model of an entity: each operation's effect, parameters and an example, in few tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .catalog import Catalog, summary
from .listing import ListOperation
from .operation import Effect, Operation
from .operations.examples import EXAMPLES
from .schema import Schema, operation_description, operation_schema

__all__ = ["described"]

AnyOperation = type[Operation[Any]]

ROOM = 148
"""Tokens that an operation's text may have; less than its limit by what the count may err."""
MAX_CHOICES = 10
"""Values of an enum that are named."""

_OPTIONS = "Parameters with ? are optional. Every call also takes format (compact, markdown, raw) and max_tokens."
_EFFECTS = {Effect.READ: "reads", Effect.WRITE: "writes", Effect.DESTRUCTIVE: "removes"}
_FORMS = {"boolean": "bool", "integer": "int"}
_PAGING = frozenset(ListOperation.model_fields)
"""Told last: answers as text end with what goes on with them."""
_DOCSTRING = ""
"""The key of what the operation does among the texts of its parameters."""
_TOKENS = re.compile(r"_?[A-Za-z]+|\d{1,3}|[^\w\s]{1,3}|\n")
"""Right within a tenth for such texts, which are plain English and JSON."""
_PLAIN_ID = re.compile(r"[\w ]+ id(?: or URL)?")
_SPACE = re.compile(r'(?<=["\]}])([:,]) (?=["\[{]|true|false|null)')
"""Between the parts of JSON, where it says nothing."""
_JSON = re.compile(r"[{\[]")
_END = re.compile(r"[.;] ")
"""Where the first part of a description ends."""


def described(entity: str, operations: Sequence[AnyOperation], action: str | None = None, *, about: str = "") -> str:
    """The text of one entity's operations, or of one of them; at most 150 tokens each.

    Args:
        entity: its name.
        operations: those to be told of, the entity's among them.
        action: only this one.
        about: the entity in a sentence; it stands first where all are told of.

    Raises:
        UnknownEntity, UnknownAction: there is none among the operations; the hint names what there is.
    """
    catalog = Catalog(operations, {entity: about})
    if action is not None:
        return _operation(catalog.find(entity, action))
    head = f"{entity}: {catalog.description(entity)} {_OPTIONS}"
    return "\n\n".join([head, *(_operation(each) for each in catalog.operations(entity))])


def _operation(operation: AnyOperation) -> str:
    """One sentence, the parameters and their forms, an example; of the descriptions as much as there is room for."""
    said = {_DOCSTRING: summary(operation)}
    shown = EXAMPLES.get(operation.spec.name, {})
    fields: dict[str, Schema] = operation_schema(operation)["properties"]
    texts = {name: field.get("description", "") for name, field in fields.items()}
    said |= {name: _first(text) for name, text in texts.items() if name not in shown and _JSON.search(_first(text))}
    for name, text in _more(operation, texts):
        fuller = _text(operation, {**said, name: text})
        said |= {name: text} if len(_TOKENS.findall(fuller)) <= ROOM else {}
    return _text(operation, said)


def _more(operation: AnyOperation, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What may be said besides, the weightiest first."""
    yield from ((name, _first(texts[name])) for name in _ordered(operation))
    sentences = operation_description(operation).removesuffix(".").split(". ")
    yield from ((_DOCSTRING, f"{'. '.join(sentences[:count])}.") for count in range(2, len(sentences) + 1))
    yield from ((name, _whole(texts[name])) for name in _ordered(operation))


def _text(operation: AnyOperation, said: Mapping[str, str]) -> str:
    schema, example = operation_schema(operation), EXAMPLES.get(operation.spec.name)
    lines = [f"{operation.spec.name} ({_EFFECTS[operation.spec.effect]}): {said[_DOCSTRING]}"]
    for name in _ordered(operation):
        about = ", ".join(filter(None, (_form(schema["properties"][name]), said.get(name))))
        lines.append(f"{name}{'' if name in schema['required'] else '?'}{about and f': {about}'}")
    if example is not None:
        lines.append(f"e.g. {json.dumps(dict(example), ensure_ascii=False, separators=(',', ':'))}")
    return "\n".join(lines)


def _ordered(operation: AnyOperation) -> list[str]:
    fields = operation.model_fields
    return sorted(fields, key=lambda name: (not fields[name].is_required(), name in _PAGING))


def _form(field: Schema) -> str:
    choices: list[str] = field.get("enum", [])
    if choices:
        return "|".join([*choices[:MAX_CHOICES], *(["..."] if choices[MAX_CHOICES:] else [])])
    return _FORMS.get(field.get("type", ""), "")


def _first(text: str) -> str:
    return _whole(_END.split(text)[0])


def _whole(text: str) -> str:
    said = text.rstrip(".")
    return "" if _PLAIN_ID.fullmatch(said) else _SPACE.sub(r"\1", said)
