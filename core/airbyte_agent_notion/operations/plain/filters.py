"""Short filters, compiled against the schema to Notion's grammar, beside which they may stand.

    {"Status": "Done", "Due": {"before": "2026-12-01"}, "Tags": ["a", "b"], "Owner": "Ana Ruiz"}

Several properties, and several operators of one, must all hold; of a list any item may. An object with one of Notion's
own keys (``and``, ``or``, ``property``, ``timestamp``) is Notion's grammar, so that a property with such a name is
reached by that; what stands inside ``and`` and ``or`` may be short again.
"""

from collections.abc import Mapping
from typing import Any, cast

from ...flow import Flow
from ...operation import JsonObject
from ..shapes import items_of
from .columns import Column, Columns, Unfit
from .conditions import Conditions
from .groups import all_of, any_of

__all__ = ["TIMESTAMPS", "ShortFilter", "is_short"]

GROUPS = ("and", "or")
LEAVES = ("property", "timestamp")
TIMESTAMPS = ("created_time", "last_edited_time")


def is_short(filter: object) -> bool:
    """Whether a filter, or a part of it, needs the schema to be understood."""
    if not isinstance(filter, Mapping) or not filter:
        return False
    given = cast("Mapping[str, object]", filter)
    parts = [part for name in GROUPS for part in items_of(given.get(name))]
    if any(name in given for name in GROUPS):
        return any(is_short(part) for part in parts)
    return not any(name in given for name in LEAVES)


class ShortFilter:
    """Compiles one filter.

    Args:
        columns: what there is.
        conditions: compiles what is said of one property.
    """

    def __init__(self, columns: Columns, conditions: Conditions) -> None:
        self._columns = columns
        self._conditions = conditions
        self.problems: dict[str, str] = {}
        """What is wrong, by the path of the parameter."""

    def compile(self, given: Mapping[str, Any], where: str = "filter") -> Flow[JsonObject]:
        """The same in Notion's grammar; what could not be compiled is in ``problems``."""
        group = next((name for name in GROUPS if name in given), None)
        if group is not None:
            return (yield from self._group(group, given, where))
        if any(name in given for name in LEAVES):
            return dict(given)
        found: list[JsonObject] = []
        for key, value in given.items():
            try:
                found += yield from self._conditions.of(self._column(key), value)
            except Unfit as problem:
                self.problems[f"{where}.{key}"] = str(problem)
        return all_of(found)

    def _group(self, name: str, given: Mapping[str, Any], where: str) -> Flow[JsonObject]:
        if len(given) > 1 or not isinstance(given[name], list):
            self.problems[where] = (
                f"{name!r} stands alone, with a list of filters; a property of that name is written "
                f'{{"property": "{name}", "<type>": {{...}}}}'
            )
            return {}
        parts: list[JsonObject] = []
        for index, part in enumerate(items_of(given[name])):
            if isinstance(part, Mapping):
                parts.append((yield from self.compile(cast("Mapping[str, Any]", part), f"{where}.{name}.{index}")))
            else:
                self.problems[f"{where}.{name}.{index}"] = "must be an object"
        try:
            return all_of(parts) if name == "and" else any_of(parts)
        except Unfit as problem:
            self.problems[where] = str(problem)
            return {}

    def _column(self, key: str) -> Column:
        try:
            return self._columns.find(key)
        except Unfit:
            if key in TIMESTAMPS:
                return Column(name=key, id="", type=key, settings={})
            raise
