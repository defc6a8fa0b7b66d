"""From a page as Notion lists it to its document."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from ..engine import Engine
from ..errors import Forbidden, NotFound
from ..flow import Flow, gather
from ..models.objects import Page
from ..narrowing import object_of
from ..operations.page_reads import GetPage
from .content import Content, page_content
from .document import NotionDocument, Skipped
from .marks import minute_of
from .values import as_line, plain_value, title_of

__all__ = ["AT_ONCE", "Read", "Reader"]

AT_ONCE = 4
"""Pages that are read side by side."""
KEPT = ("created_time", "last_edited_time")
PARENTS = ("data_source_id", "database_id")
ROWS = frozenset(PARENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A page that was read."""

    page: Page
    document: NotionDocument | None
    """None where it was not asked for: it has not been edited."""
    pages: tuple[str, ...] = ()
    """Ids of the pages inside, where they were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads pages; those that it may not read it puts aside."""

    engine: Engine
    content: bool = True
    skipped: list[Skipped] = field(default_factory=list[Skipped])

    def listed(self, pages: Sequence[Page]) -> Flow[list[Read]]:
        """The documents of pages that were listed, in their order."""
        found = yield from gather([self._kept(page["id"], self._listed(page)) for page in pages], limit=AT_ONCE)
        return [each for each in found if each is not None]

    def named(self, wanted: Sequence[tuple[str, datetime | None]], *, with_pages: bool) -> Flow[list[Read]]:
        """The documents of pages that are known by their ids, in their order; of those edited then or later."""
        flows = [self._kept(each, self._named(each, since, with_pages=with_pages)) for each, since in wanted]
        found = yield from gather(flows, limit=AT_ONCE)
        return [each for each in found if each is not None]

    def _kept(self, page_id: str, read: Flow[Read]) -> Flow[Read | None]:
        try:
            return (yield from read)
        except (Forbidden, NotFound) as error:
            self.skipped.append(Skipped(id=page_id, code=error.code, message=error.message))
            logging.getLogger(__name__).warning("The page %s was left out: %s.", page_id, error.code)
            return None

    def _listed(self, page: Page) -> Flow[Read]:
        if page.get("incomplete"):
            page = yield from self.engine.call(GetPage(page_id=page["id"], complete=True))
        content = (yield from page_content(self.engine, page["id"])) if self.content else Content()
        return Read(page=page, document=_document(page, content))

    def _named(self, page_id: str, since: datetime | None, *, with_pages: bool) -> Flow[Read]:
        page = yield from self.engine.call(GetPage(page_id=page_id, complete=True))
        edited = since is None or minute_of(page.get("last_edited_time")) >= since
        if not (edited or with_pages):
            return Read(page=page, document=None)
        content = Content()
        if self.content or with_pages:
            content = yield from page_content(self.engine, page_id)
        shown = content if self.content else Content()
        inside = content.pages() if with_pages else ()
        return Read(page=page, document=_document(page, shown) if edited else None, pages=inside)


def _document(page: Page, content: Content) -> NotionDocument:
    parent = object_of(page.get("parent"))
    is_row = parent.get("type") in ROWS
    lines: list[str] = []
    metadata = _facts(page, parent, is_row=is_row)
    if is_row:
        metadata["properties"] = values = _values(page)
        lines = [as_line(name, value) for name, value in values.items()]
    incomplete = cast("list[dict[str, Any]]", page.get("incomplete") or [])
    metadata["complete"] = content.complete and not incomplete
    metadata |= {"missing": list(content.missing)} if content.missing else {}
    metadata |= {"incomplete": [dict(each) for each in incomplete]} if incomplete else {}
    parts = ("\n".join(lines), content.markdown if content.markdown.strip() else "")
    return NotionDocument(id=page["id"], text="\n\n".join(filter(None, parts)), metadata=metadata)


def _facts(page: Page, parent: dict[str, Any], *, is_row: bool) -> dict[str, Any]:
    kind = str(parent.get("type") or "")
    facts: dict[str, Any] = {
        "source": page.get("url"),
        "url": page.get("url"),
        "title": title_of(page.get("properties") or {}),
        "id": page["id"],
        "object": "row" if is_row else "page",
        "parent_type": kind.removesuffix("_id") or None,
        "parent_id": parent.get(kind) if isinstance(parent.get(kind), str) else None,
        **{name: parent.get(name) for name in PARENTS if is_row},
        **{name: page.get(name) for name in KEPT},
    }
    return {name: value for name, value in facts.items() if value is not None}


def _values(page: Page) -> dict[str, Any]:
    """Plain values by name, the title first; no empty ones."""
    given = page.get("properties") or {}
    ordered = sorted(given, key=lambda name: given[name].get("type") != "title")
    values = {name: plain_value(given[name], page["id"]) for name in ordered}
    return {name: value for name, value in values.items() if value is not None}
