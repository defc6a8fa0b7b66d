"""POST data_sources/{data_source_id}/query."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..filters import FilterCompiler
from ..problems import malformed
from ..routing import Route
from ..sorting import sort_rows
from ..state import DataSource, Page
from .lookups import get_data_source, select_properties

__all__ = ["ROUTES"]

KEYS = ("filter", "sorts", "start_cursor", "page_size", "is_archived", "result_type")

CAPPED = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}


def query_rows(context: Context) -> dict[str, Any]:
    """Rows that pass the filter, in the order of the sorts, without trashed ones; beyond the cap none, saying so."""
    context.allow(query=("filter_properties",), body=KEYS)
    source = get_data_source(context)
    only = select_properties(context, source.properties)
    rows = _selected(context, source)
    answer = context.listing(
        "page_or_data_source",
        rows[: context.row_cap],
        lambda page: context.render.page(page, only),
        lambda page: page.id,
    )
    return {**answer, "request_status": CAPPED} if len(rows) > context.row_cap else answer


def _selected(context: Context, source: DataSource) -> list[Page]:
    archived = context.body.get("is_archived", False)
    if not isinstance(archived, bool):
        raise malformed("body.is_archived", "a boolean or `undefined`", archived)
    kind = context.body.get("result_type", "page")
    if kind not in ("page", "data_source"):
        raise malformed("body.result_type", '`"page"` or `"data_source"`', kind)
    # Only wikis hold data sources beside pages, and there is none here.
    rows = context.workspace.rows(source, archived=archived) if kind == "page" else []
    if "filter" in context.body:
        keep = FilterCompiler(workspace=context.workspace, source=source).compile(context.body["filter"])
        rows = [page for page in rows if keep(page)]
    return sort_rows(context.workspace, source, rows, context.body.get("sorts", []))


ROUTES = (
    Route(method="POST", path="/v1/data_sources/{data_source_id}/query", handler=query_rows, capability="read_content"),
)
