"""What else parameters are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..fields import is_notion_url
from ..operation import Effect, Operation
from .ids import sort_of
from .shapes import shapes_of
from .words import key

__all__ = ["named_like", "only_id"]

AnyOperation = type[Operation[Any]]

_OTHERS: Mapping[str, str] = {
    "page_id": "page page_url page_link page_uuid notion_page_id",
    "block_id": "block block_url block_link page_id page page_url parent_block_id parent_id parent_page_id",
    "database_id": "database database_url db db_id db_url",
    "data_source_id": "data_source datasource data_source_url source_id table table_id collection_id database_id "
    "database database_url db db_id",
    "user_id": "user person person_id",
    "comment_id": "comment",
    "view_id": "view view_url",
    "discussion_id": "discussion thread_id discussion_thread_id reply_to",
    "property_id": "property property_name prop_id prop",
    "task_id": "task async_task_id",
    "file_upload_id": "file_upload upload_id upload file_id",
    "query_id": "view_query_id",
    "query": "q text search search_query search_text keyword term search_term title name",
    "reference": "query title name id url text page page_id",
    "page_size": "limit count max_result per_page size top first max_item num_result n result_per_page",
    "max_blocks": "limit count max_result max_block_count",
    "limit": "count max_result page_size per_page",
    "start_cursor": "cursor next_cursor page_token next_page_token",
    "sorts": "sort sort_by order_by order ordering orderby",
    "sort": "sort_by order_by order sorting",
    "filter": "where condition",
    "filter_properties": "field select column property property_filter include_property",
    "markdown": "content text body md markdown_text markdown_content text_content content_markdown",
    "children": "block content",
    "rich_text": "text content comment body message",
    "properties": "property_value value field prop data row schema column",
    "icon": "emoji icon_emoji icon_url",
    "cover": "cover_url cover_image",
    "in_trash": "archived archive trashed is_trashed trash",
    "is_locked": "locked lock",
    "position": "after after_block insert_position placement",
    "attachments": "attachment file file_upload_id",
    "display_name": "author_name",
    "title": "name",
    "name": "title",
    "find": "old_str old old_text search search_text old_string",
    "replace": "new_str new new_text replacement replace_with new_string",
    "section": "heading section_heading",
    "append": "append_text text_to_append",
    "parent": "parent_id parent_page_id parent_database_id parent_data_source_id page_id database_id data_source_id "
    "block_id page database data_source new_parent new_parent_id destination target target_id to",
    "file": "file_id file_url handle url reference",
    "type": "edit_type command",
    "result_type": "type",
    "filename": "name file_name",
    "content_type": "mime_type mime",
    "external_url": "url file_url",
}
_SPELLINGS = {
    name: {key(other): number for number, other in enumerate(others.split())} for name, others in _OTHERS.items()
}

_MISTAKEN = {key(name): name for name in ("page_id", "database_id")}
"""Ids that are taken for one another: where it is of the other kind, the error names what reads it."""

_FOR_READING = frozenset({"filter_properties", "query", "reference", "page_size", "max_blocks", "limit", "result_type"})
"""Parameters whose other names are taken where nothing is written."""


def _always(_: Any) -> bool:
    return True


def _text(value: Any) -> bool:
    return isinstance(value, str)


_IF: Mapping[tuple[str, str], Callable[[Any], bool]] = {
    ("markdown", "content"): _text,
    ("markdown", "text"): _text,
    ("markdown", "body"): _text,
    ("children", "content"): lambda value: not _text(value) or value.strip()[:1] in {"[", "{"},
    ("page_id", "page"): lambda value: not isinstance(value, int),
    ("block_id", "block"): lambda value: _text(value) and sort_of(value) in {"id", "url", "handle"},
    ("block_id", "page"): lambda value: not isinstance(value, int),
    ("reference", "page"): _text,
    ("rich_text", "comment"): _always,
}
"""Where the value decides whether a parameter is meant."""


def only_id(operation: AnyOperation) -> str | None:
    """The one id that an operation requires, if it is one."""
    required = [
        name
        for name, item in operation.model_fields.items()
        if item.is_required() and (name.endswith("_id") or name in {"reference", "file"})
    ]
    return required[0] if len(required) == 1 else None


def named_like(name: str, value: Any, operation: AnyOperation) -> str | None:
    """The parameter that a name means which is none: in another spelling, or under another name."""
    fields, wanted = shapes_of(operation), key(name)
    same = [each for each in fields if key(each) == wanted]
    if same:
        return same[0] if len(same) == 1 else None
    if reads_title(wanted, operation):
        return only_id(operation)
    if wanted in _MISTAKEN and operation.spec.effect is Effect.READ and only_id(operation) in _MISTAKEN.values():
        return only_id(operation)
    if wanted in {"id", "uuid"} or (wanted in {"url", "link"} and isinstance(value, str) and is_notion_url(value)):
        found = only_id(operation)
        return found if found is not None else _among(wanted, value, operation)
    return _among(wanted, value, operation)


def reads_title(wanted: str, operation: AnyOperation) -> bool:
    """Whether a title under this name stands for the one id that a read needs."""
    return wanted in _TITLES and operation.spec.effect is Effect.READ and "query" not in operation.model_fields


_TITLES = frozenset(key(name) for name in ("title", "name", "page_title", "page_name", "database_name", "table_name"))


def _among(wanted: str, value: Any, operation: AnyOperation) -> str | None:
    """The parameter of the operation that goes by this name too: the one of which it says most."""
    reads = operation.spec.effect is Effect.READ
    found = [
        (others[wanted], name)
        for name, others in _SPELLINGS.items()
        if wanted in others
        and name in operation.model_fields
        and (reads or name not in _FOR_READING)
        and _IF.get((name, wanted), _always)(value)
        and (name != "parent" or operation.spec.action != "update" or "parent" in wanted)
    ]
    return min(found)[1] if found else None
