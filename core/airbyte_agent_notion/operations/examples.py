"""One example a call, as ``describe`` shows it: what a newcomer most likely wants of the operation.

Ids stand as handles, which cost a fifth of a UUID's tokens and are accepted like one; those here belong to nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

__all__ = ["EXAMPLES"]

_PAGE = "p123456789"
_OTHER_PAGE = "p987654321"
_DATABASE = "db123456789"
_TABLE = "ds123456789"
_BLOCK = "b123456789"
_USER = "u123456789"
_COMMENT = "c123456789"
_VIEW = "v123456789"
_UPLOAD = "up123456789"
_FILE = "f123456789"
_OTHER = "x123456789"

_COLUMNS: Mapping[str, Any] = {"Name": {"title": {}}, "Due": {"date": {}}}
_OPEN = {"Status": "Open", "Due": {"before": "2026-12-01"}}
_BY_TEAM = {"type": "select", "property_id": "%3AUPp", "sort": {"type": "manual"}}

EXAMPLES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "pages.list": {"query": "roadmap"},
        "pages.get": {"page_id": _PAGE},
        "pages.read": {"page_id": _PAGE},
        "pages.get_property": {"page_id": _PAGE, "property_id": "title"},
        "pages.get_markdown": {"page_id": _PAGE},
        "pages.create": {
            "parent": {"data_source_id": _TABLE},
            "properties": {"Name": "Launch", "Status": "Open"},
            "markdown": "# Plan\n- [ ] Book a room",
        },
        "pages.update": {"page_id": _PAGE, "properties": {"Status": "Done", "Due": "2026-12-01", "Tags": ["a"]}},
        "pages.delete": {"page_id": _PAGE},
        "pages.restore": {"page_id": _PAGE},
        "pages.move": {"page_id": _PAGE, "parent": {"page_id": _OTHER_PAGE}},
        "pages.edit": {"page_id": _PAGE, "find": "Monday", "replace": "Tuesday"},
        "pages.update_markdown": {
            "page_id": _PAGE,
            "type": "insert_content",
            "insert_content": {"content": "## Next", "position": {"type": "end"}},
        },
        "data_sources.list": {"query": "tasks"},
        "data_sources.get": {"data_source_id": _TABLE},
        "data_sources.query": {"data_source_id": _TABLE, "filter": _OPEN, "sorts": [{"Due": "ascending"}]},
        "data_sources.list_templates": {"data_source_id": _TABLE},
        "data_sources.create": {
            "parent": {"database_id": _DATABASE},
            "properties": _COLUMNS,
            "title": [{"text": {"content": "Ideas"}}],
        },
        "data_sources.update": {"data_source_id": _TABLE, "properties": {"Due": {"date": {}}, "Old": {"name": "New"}}},
        "data_sources.delete": {"data_source_id": _TABLE},
        "data_sources.restore": {"data_source_id": _TABLE},
        "databases.get": {"database_id": _DATABASE},
        "databases.create": {
            "parent": {"page_id": _PAGE},
            "title": [{"text": {"content": "Tasks"}}],
            "initial_data_source": {"properties": _COLUMNS},
        },
        "databases.update": {"database_id": _DATABASE, "title": [{"text": {"content": "Tasks"}}]},
        "databases.delete": {"database_id": _DATABASE},
        "databases.restore": {"database_id": _DATABASE},
        "databases.query": {"database_id": _DATABASE, "filter": _OPEN},
        "blocks.list": {"block_id": _PAGE},
        "blocks.list_tree": {"block_id": _PAGE},
        "blocks.get": {"block_id": _BLOCK},
        "blocks.append": {"block_id": _PAGE, "markdown": "## Next\n- [ ] Book a room"},
        "blocks.update": {"block_id": _BLOCK, "block": {"to_do": {"checked": True}}},
        "blocks.delete": {"block_id": _BLOCK},
        "blocks.restore": {"block_id": _BLOCK},
        "comments.list": {"block_id": _PAGE},
        "comments.get": {"comment_id": _COMMENT},
        "comments.create": {"parent": {"page_id": _PAGE}, "markdown": "Looks **good**."},
        "comments.update": {"comment_id": _COMMENT, "markdown": "Looks **good**."},
        "comments.delete": {"comment_id": _COMMENT},
        "views.list": {"data_source_id": _TABLE},
        "views.get": {"view_id": _VIEW},
        "views.query": {"view_id": _VIEW},
        "views.get_query_results": {"view_id": _VIEW, "query_id": _OTHER},
        "views.create": {
            "data_source_id": _TABLE,
            "database_id": _DATABASE,
            "name": "Board",
            "type": "board",
            "configuration": {"type": "board", "group_by": _BY_TEAM},
        },
        "views.update": {"view_id": _VIEW, "filter": {"Status": "Open"}, "sorts": [{"Due": "ascending"}]},
        "views.delete": {"view_id": _VIEW},
        "views.delete_query": {"view_id": _VIEW, "query_id": _OTHER},
        "file_uploads.list": {"status": "uploaded"},
        "file_uploads.get": {"file_upload_id": _UPLOAD},
        "file_uploads.create": {"mode": "external_url", "external_url": "https://example.com/a.png"},
        "file_uploads.complete": {"file_upload_id": _UPLOAD},
        "files.get": {"file": _FILE},
        "meeting_notes.query": {"sort": [{"property": "created_time", "direction": "descending"}], "limit": 5},
        "meeting_notes.create": {"source": {"type": "block", "block_id": _BLOCK}},
        "custom_emojis.list": {"name": "party"},
        "async_tasks.get": {"task_id": _OTHER},
        "users.list": {},
        "users.get": {"user_id": _USER},
        "users.get_me": {},
        "search.search": {"query": "roadmap"},
        "search.resolve": {"reference": "Roadmap 2026"},
    }
)
"""Parameters by ``entity.action``. A call that has no parameters has an example too: ``{}``."""
