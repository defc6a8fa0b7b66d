"""Short sorts: ``"Due"``, ``"-Due"``, ``{"Due": "descending"}``."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from ...operation import JsonObject
from .columns import Columns, Unfit
from .filters import TIMESTAMPS
from .names import told

__all__ = ["as_list", "compiled_sorts", "has_short"]

DIRECTIONS = {
    **dict.fromkeys(("ascending", "asc", "up", "1"), "ascending"),
    **dict.fromkeys(("descending", "desc", "down", "-1"), "descending"),
}


def as_list(sorts: object) -> object:
    """One sort as a list of one, and a text among them as an object; for validation."""
    if isinstance(sorts, str):
        return [{sorts: ""}]
    if isinstance(sorts, Mapping):
        return [cast("object", sorts)]
    if not isinstance(sorts, list):
        return sorts
    return [{each: ""} if isinstance(each, str) else each for each in cast("list[object]", sorts)]


def has_short(sorts: Sequence[Mapping[str, Any]] | None) -> bool:
    """Whether a sort needs the schema to be understood."""
    return any(not _is_own(sort) for sort in sorts or ())


def compiled_sorts(sorts: Sequence[Mapping[str, Any]], columns: Columns, problems: dict[str, str]) -> list[JsonObject]:
    """The same in Notion's grammar; what could not be compiled goes into ``problems``."""
    found: list[JsonObject] = []
    for index, sort in enumerate(sorts):
        if _is_own(sort):
            found.append(dict(sort))
            continue
        for key, direction in sort.items():
            try:
                found.append(_compiled(key, direction, columns))
            except Unfit as problem:
                problems[f"sorts.{index}.{key}"] = str(problem)
    return found


def _is_own(sort: Mapping[str, Any]) -> bool:
    return "property" in sort or "timestamp" in sort


def _compiled(key: str, said: Any, columns: Columns) -> JsonObject:
    name, direction = key, str(said).strip().lower()
    if direction and direction not in DIRECTIONS:
        raise Unfit(f"{told(said)} is no direction; write ascending or descending")
    if not direction and key not in columns.names:
        name, direction = _told_apart(key)
    if name in TIMESTAMPS and name not in columns.names:
        return {"timestamp": name, "direction": DIRECTIONS[direction or "ascending"]}
    return {"property": columns.find(name).name, "direction": DIRECTIONS[direction or "ascending"]}


def _told_apart(text: str) -> tuple[str, str]:
    """Name and direction of ``-Due``, ``Due desc`` or ``Due``."""
    if text[:1] in "+-":
        return text[1:].strip(), "descending" if text.startswith("-") else "ascending"
    name, _, last = text.rpartition(" ")
    return (name.strip(), last.lower()) if name and last.lower() in DIRECTIONS else (text, "")
