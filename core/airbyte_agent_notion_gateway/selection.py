"""Which fields of a result the caller wants: dotted names, or lists of keys for names that hold dots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

__all__ = ["FieldPath", "selected"]

FieldPath: TypeAlias = str | list[str]
_Paths: TypeAlias = list[list[str]]


def selected(result: Any, select: Sequence[FieldPath] | None, exclude: Sequence[FieldPath] | None) -> Any:
    """A copy of the result with the selected fields only, or else without the excluded ones.

    Applied to each item of a list, also below the top. A name that is not there selects and excludes nothing.
    """
    if select is not None:
        return _only(result, _split(select))
    if exclude:
        return _without(result, _split(exclude))
    return result


def _split(paths: Sequence[FieldPath]) -> _Paths:
    return [path.split(".") if isinstance(path, str) else path for path in paths]


def _only(value: Any, paths: _Paths) -> Any:
    if isinstance(value, list):
        return [_only(item, paths) for item in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    found = cast("dict[str, Any]", value)
    return {key: _deeper(_only, item, below) for key, item in found.items() if (below := _below(paths, key))}


def _without(value: Any, paths: _Paths) -> Any:
    if isinstance(value, list):
        return [_without(item, paths) for item in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {}
    for key, item in cast("dict[str, Any]", value).items():
        below = _below(paths, key)
        if [] not in below:
            kept[key] = _without(item, below) if below else item
    return kept


def _deeper(cut: Any, value: Any, below: _Paths) -> Any:
    """The value itself where a path ends at it."""
    return value if [] in below else cut(value, below)


def _below(paths: _Paths, key: str) -> _Paths:
    """What is left of the paths that begin with the key."""
    return [path[1:] for path in paths if path and path[0] == key]
