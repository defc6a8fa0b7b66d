"""One request as an endpoint sees it, with the checks that all endpoints share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .ids import parse_id
from .multipart import Part
from .paging import MAX_PAGE_SIZE, Slice, cut
from .problems import UNDEFINED, Problem, invalid, malformed, not_found, not_present
from .render import Renderer
from .state import Block
from .workspace import AnyRecord, Workspace

__all__ = ["ROW_CAP", "Committed", "Context"]

T = TypeVar("T")

ROW_CAP = 10_000
"""Rows that Notion yields at most for one filter and sort."""
ARRAYS = ("filter_properties[]",)
"""The other spelling of repeatable query parameters."""


@dataclass(slots=True, kw_only=True)
class Committed:
    """What a write has saved, for an answer that gets lost on its way."""

    resource_id: str | None = None
    child_ids: list[str] = field(default_factory=list[str])
    upload_ids: list[str] = field(default_factory=list[str])
    """File uploads that were attached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A request that passed the checks of token, version and path."""

    workspace: Workspace
    version: str
    endpoint: str
    """The route's pattern, e.g. ``/v1/pages/{page_id}``."""
    path: Mapping[str, str]
    """Path parameters; ids are dashed and lower-case."""
    query: Sequence[tuple[str, str]] = ()
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    parts: Sequence[Part] = ()
    """Of a body that is multipart/form-data."""
    row_cap: int = ROW_CAP
    public: bool = False
    """Whether the token is one that a person granted to a public connection."""
    committed: Committed = field(default_factory=Committed)

    @property
    def render(self) -> Renderer:
        """Builds objects of the request's version."""
        return Renderer(workspace=self.workspace, version=self.version)

    def allow(self, *, query: Sequence[str] = (), body: Sequence[str] = ()) -> None:
        """Refuse keys that the endpoint does not know (400)."""
        for name, value in self.query:
            if name not in query and (name not in ARRAYS or name.removesuffix("[]") not in query):
                raise not_present(f"query.{name}", value)
        for name, value in self.body.items():
            if name not in body:
                raise not_present(f"body.{name}", value)

    def one(self, name: str) -> str | None:
        """A query parameter that may come once."""
        values = [value for key, value in self.query if key == name]
        if len(values) > 1:
            raise malformed(f"query.{name}", "a string", values)
        return values[0] if values else None

    def many(self, name: str) -> list[str]:
        """A query parameter that may be repeated, as ``name`` or ``name[]``."""
        return [value for key, value in self.query if key in (name, f"{name}[]")]

    def listing(
        self, kind: str, items: Sequence[T], render: Callable[[T], dict[str, Any]], key: Callable[[T], str]
    ) -> dict[str, Any]:
        """A list envelope over one page of the items, by the request's cursor and page size."""
        page = self.cut(items, key)
        return self.envelope(kind, [render(each) for each in page.items], page.next_cursor)

    def envelope(self, kind: str, results: list[dict[str, Any]], next_cursor: str | None) -> dict[str, Any]:
        """A list of that type."""
        return {
            "object": "list",
            "results": results,
            "next_cursor": next_cursor,
            "has_more": next_cursor is not None,
            "type": kind,
            kind: {},
        }

    def cut(self, items: Sequence[T], key: Callable[[T], str], *, scope: str | None = None) -> Slice[T]:
        """One page of the items; its cursor belongs to this very listing, or to any request of that ``scope``."""
        return cut(items, key=key, scope=scope or self._scope(), cursor=self._cursor(), size=self._size())

    def _paging(self, name: str) -> tuple[str, Any]:
        """Where the parameter may stand, and its value; a null in the body is not the same as leaving it out."""
        if self.endpoint.startswith("GET"):
            value = self.one(name)
            return "query", UNDEFINED if value is None else value
        return "body", self.body.get(name, UNDEFINED)

    def _cursor(self) -> str | None:
        part, value = self._paging("start_cursor")
        if value is UNDEFINED:
            return None
        if not isinstance(value, str):
            raise malformed(f"{part}.start_cursor", "a string or `undefined`", value)
        return value

    def _size(self) -> int:
        part, value = self._paging("page_size")
        if value is UNDEFINED:
            return MAX_PAGE_SIZE
        if part == "query" and re.fullmatch(r"-?[0-9]{1,9}", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise malformed(f"{part}.page_size", "a number", value)
        if value < 1:
            raise malformed(f"{part}.page_size", "≥ `1`", value)
        if value > MAX_PAGE_SIZE:
            raise malformed(f"{part}.page_size", f"≤ `{MAX_PAGE_SIZE}`", value)
        return value

    def _scope(self) -> str:
        """What a cursor is bound to: everything that selects or orders the listing."""
        paging = ("start_cursor", "page_size")
        query = [pair for pair in self.query if pair[0] not in paging]
        body = {key: value for key, value in self.body.items() if key not in paging}
        return json.dumps([self.workspace.id, self.endpoint, dict(self.path), query, body], sort_keys=True)

    def visible(self, record: AnyRecord | None, kind: str, identifier: str) -> AnyRecord:
        """The record, or a 404 if it is absent or not shared."""
        if record is None or not self.workspace.is_shared(record):
            raise self.missing(kind, identifier)
        return record

    def editable(self, record: AnyRecord) -> None:
        """Refuse to change what lies in the trash (400)."""
        if record.trashed:
            raise invalid("Can't edit block that is archived. You must unarchive the block before editing.")
        if self.workspace.in_trash(record):
            subject = "block" if isinstance(record, Block) else "page on block"
            raise invalid(
                f"Can't edit {subject} with an archived ancestor. You must unarchive the ancestor before editing."
            )

    def missing(self, kind: str, identifier: str) -> Problem:
        """404 for that kind of object."""
        bot = self.workspace.users[self.workspace.bot_id]
        return not_found(kind, identifier, connection=bot.name, bot_id=bot.id)

    def query_id(self, name: str) -> str:
        """A query parameter that must be an id."""
        value = self.one(name)
        parsed = None if value is None else parse_id(value)
        if parsed is None:
            raise malformed(f"query.{name}", "a valid uuid", UNDEFINED if value is None else value)
        return parsed
