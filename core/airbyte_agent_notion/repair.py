"""From text to the object that it stands for: JSON, encoded once or several times, in a fence, or as Python prints it.

Frameworks pass calls on unchecked, so that every bad call is answered here and in one way.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from typing import Any, cast

from .errors import InvalidParams

__all__ = ["MAY_WRAP", "WRAPPERS", "Unreadable", "container", "merged", "opened", "params_object"]

WRAPPERS = frozenset({"arguments", "args", "input", "inputs", "kwargs", "parameters", "params", "tool_input"})
"""Keys under which the parameters themselves may stand. No operation has a parameter of such a name."""

MAY_WRAP = frozenset(
    {"argument", "body", "call", "config", "content", "data", "json", "options", "payload", "query", "query_params"}
    | {"request", "request_body", "tool_args", "tool_call"}
)
"""Keys under which they may stand as well where they are recognised: some are other names of a parameter."""

MAX_LAYERS = 6
"""How often a text may have been encoded."""
MAX_LITERAL = 50_000
"""Characters of a text that is read as Python prints it."""


class Unreadable(ValueError):
    """A text that stands for no JSON; the message says what it is."""


def opened(text: str) -> object:
    """What a text stands for, through several layers of JSON text.

    Raises:
        Unreadable: it is no JSON, nor what Python prints for it, or gives one key two values.
    """
    value: object = text
    for _ in range(MAX_LAYERS):
        if not isinstance(value, str):
            break
        try:
            value = _read(value)
        except Unreadable:
            if value is text:
                raise
            break
    return value


def container(value: object) -> Any:
    """The object or array that a text stands for; anything else as it is."""
    if not isinstance(value, str) or not re.match(r"\s*(?:[\[{\"']|```)", value):
        return value
    try:
        found = opened(value)
    except Unreadable:
        return value
    return cast("object", found) if isinstance(found, (dict, list)) else value


def params_object(value: object) -> dict[str, Any]:
    """Parameters given as an object, as a text of one, or as nothing; raises InvalidParams."""
    found: Any = value
    if isinstance(value, str):
        try:
            found = opened(value) if value.strip() else None
        except Unreadable as problem:
            raise InvalidParams(f"params is text that is {problem}.", hint=_HINT) from None
    if isinstance(found, list) and len(cast("list[object]", found)) == 1:
        found = cast("list[object]", found)[0]
    return {} if found is None or found == "" else _mapping(cast("object", found))


def merged(params: Mapping[str, Any], beside: Mapping[str, Any]) -> dict[str, Any]:
    """Both together; raises InvalidParams where a key has another value in each."""
    doubled = sorted(name for name, value in beside.items() if name in params and not _same(params[name], value))
    if doubled:
        raise InvalidParams(f"{', '.join(doubled[:5])} given twice: in params and beside it.", hint=_HINT)
    return {**params, **beside}


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidParams(f"params must be an object, not {_named(value)}.", hint=_HINT)
    return {str(name): item for name, item in cast("Mapping[object, Any]", value).items()}


def _named(value: object) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "true or false"
    return "a number" if isinstance(value, (int, float)) else f"a {type(value).__name__}"


def _read(text: str) -> object:
    """One layer."""
    inner = _FENCE.sub(r"\1", text.strip())
    try:
        return json.loads(inner, object_pairs_hook=_single)
    except (ValueError, RecursionError) as problem:
        if isinstance(problem, Unreadable):
            raise
    if len(inner) > MAX_LITERAL or not _LITERAL.match(inner):
        raise Unreadable("not JSON")
    try:
        return _value(ast.parse(_ESCAPE.sub(_doubled, inner), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise problem if isinstance(problem, Unreadable) else Unreadable("not JSON") from None


_FENCE = re.compile(r"\A```[a-z]*\s*\n?(.*?)\s*```\Z", re.DOTALL | re.IGNORECASE)
_LITERAL = re.compile(r"[\[{('\"]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_NAMES: Mapping[str, object] = {"true": True, "false": False, "null": None, "undefined": None}


def _doubled(found: re.Match[str]) -> str:
    """An escape that Python does not know is taken for a backslash, as Python does, with a warning."""
    return found[0] if found[1] in "\\'\"abfnrtvxuUN0\n" else f"\\{found[0]}"


def _value(node: ast.AST) -> object:
    """A literal's value; names of JSON's constants and bare keys are taken too."""
    if isinstance(node, ast.Dict):
        return _single([(_key(name), _value(item)) for name, item in zip(node.keys, node.values, strict=True)])
    if isinstance(node, (ast.List, ast.Tuple)):
        return [_value(item) for item in node.elts]
    if isinstance(node, ast.Name) and node.id in _NAMES:
        return _NAMES[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _value(node.operand)
        if isinstance(number, (int, float)) and not isinstance(number, bool):
            return -number
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, (str, int, float))):
        return node.value
    raise Unreadable("not JSON")


def _key(node: ast.AST | None) -> str:
    name = node.id if isinstance(node, ast.Name) else _value(node) if node is not None else None
    if not isinstance(name, str):
        raise Unreadable("not JSON")
    return name


def _single(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, item in pairs:
        if name in found and not _same(found[name], item):
            raise Unreadable(f"not clear: it gives {name[:40]!r} twice")
        found[name] = item
    return found


_HINT = 'Give params as a JSON object, e.g. {"page_id": "..."}.'
