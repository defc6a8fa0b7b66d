"""The columns of a data source, found by name or id."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import unquote

from ...brevity import MAX_TOKENS, brief, fitting, tokens
from ...errors import InvalidParams
from ...operation import JsonObject
from .names import MAX_NEAR, did_you_mean, folded, matching, shown, there_are

__all__ = ["READ_ONLY", "TITLE_ONLY", "Column", "Columns", "Unfit", "refused"]

READ_ONLY = frozenset(
    {
        "button",
        "created_by",
        "created_time",
        "formula",
        "last_edited_by",
        "last_edited_time",
        "last_visited_time",
        "location",
        "rollup",
        "unique_id",
    }
)
"""Types of columns that nobody writes into."""


def refused(operation: str, problems: Mapping[str, str], *, columns: list[str], hint: str) -> InvalidParams:
    """One error for all problems of a call, by parameter; ``details`` also names what columns there are."""
    room = MAX_TOKENS - tokens(f"{operation}: . {hint}")
    said = fitting([f"{brief(name, 16)}: {problem.rstrip('.')}" for name, problem in problems.items()], room)
    return InvalidParams(
        f"{operation}: {said}.",
        hint=hint,
        details={"operation": operation, "parameters": dict(problems), "properties": columns},
    )


class Unfit(ValueError):
    """A name or value that does not fit; the message says why, and what would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a data source."""

    name: str
    id: str
    """Decoded."""
    type: str
    settings: JsonObject
    """What the schema says beside the type: options, the related data source, and so on."""

    @property
    def options(self) -> list[JsonObject]:
        """Of a select, multi-select or status column."""
        return cast("list[JsonObject]", self.settings.get("options") or [])

    @property
    def option_names(self) -> list[str]:
        """Their names."""
        return [str(option.get("name")) for option in self.options]


class Columns:
    """The columns of a data source, or the title alone of a page that is no row.

    Args:
        properties: the schema by name, as Notion answers it.
    """

    def __init__(self, properties: Mapping[str, Any]) -> None:
        self._all = [_column(name, schema) for name, schema in properties.items()]

    @property
    def names(self) -> list[str]:
        """All names, in the schema's order."""
        return [column.name for column in self._all]

    def find(self, key: str) -> Column:
        """The column with this name or id, or the only one whose name differs in case; raises Unfit."""
        exact = [column for column in self._all if column.name == key]
        by_id = [column for column in self._all if column.id in (key, unquote(key))]
        found = exact or by_id or matching(key, self._all, lambda column: column.name)
        if len(found) == 1:
            return found[0]
        if found:
            raise Unfit(f"stands for several properties: {shown(column.name for column in found)}; write it exactly")
        title = self.title_meant(key)
        near = did_you_mean(key, self.names) if title is None else f"; did you mean {brief(repr(title), MAX_NEAR)}?"
        raise Unfit(f"there is no such property{near} {there_are(self.names)}")

    def title_meant(self, key: str) -> str | None:
        """The title's column, where a name that does not exist is a usual one for it."""
        if folded(key).rpartition(" ")[2] not in {"title", "name", "subject", "heading"}:
            return None
        return next((column.name for column in self._all if column.type == "title"), None)


TITLE_ONLY: Mapping[str, Any] = {"title": {"id": "title", "type": "title", "title": {}}}
"""The schema of a page that is no row."""


def _column(name: str, schema: object) -> Column:
    facts = cast("JsonObject", schema) if isinstance(schema, dict) else {}
    kind = str(facts.get("type") or next((key for key in facts if key not in {"id", "name", "description"}), ""))
    settings = facts.get(kind)
    return Column(
        name=name,
        id=unquote(str(facts.get("id") or "")),
        type=kind,
        settings=cast("JsonObject", settings) if isinstance(settings, dict) else {},
    )
