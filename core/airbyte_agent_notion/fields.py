"""Field types shared by the operations: ids that may be given as Notion URLs, cursors, page sizes."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema, to_jsonable_python

__all__ = [
    "BlockId",
    "CommentId",
    "Cursor",
    "DataSourceId",
    "DatabaseId",
    "DiscussionId",
    "FileUploadId",
    "JsonDict",
    "PageId",
    "PageSize",
    "PropertyId",
    "PropertyIds",
    "QueryId",
    "SomeText",
    "TaskId",
    "Text",
    "UrlIds",
    "UserId",
    "ViewId",
    "is_notion_url",
    "parse_id",
    "url_ids",
    "where_ids_are",
]

_HEX32 = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
_DASHED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_HOSTS = frozenset({"notion.so", "www.notion.so", "app.notion.com"})


def parse_id(value: object, *, part: Callable[[str], str | None] | None = None) -> str:
    """Return an id as Notion writes it: lower-case UUID with dashes.

    Args:
        value: 32 hex digits, with dashes where a UUID has them or without.
        part: picks the id out of a Notion URL; without it URLs are refused.

    Raises:
        ValueError: anything else; the message says what is accepted.
    """
    if not isinstance(value, str):
        raise ValueError(f"must be a string: a Notion id{' or URL' if part else ''}")
    text = value.strip()
    if found := _dashed(text):
        return found
    if part and is_notion_url(text):
        if found := _dashed(part(text) or ""):
            return found
        raise ValueError("this Notion URL holds no id of the kind needed; give the id (32 hex digits)")
    accepted = "32 hex digits, with or without dashes" + (", or a Notion URL" if part else "")
    raise ValueError(f"not a Notion id; give {accepted}")


def where_ids_are(parameter: str) -> str:
    """The operation that answers ids of the kind that a parameter takes, e.g. ``users.list`` for ``user_id``."""
    return _WHERE.get(parameter, "search.search")


_WHERE = {
    "page_id": "pages.list",
    "data_source_id": "data_sources.list",
    "database_id": "data_sources.list",
    "block_id": "blocks.list, with a page's id from pages.list",
    "user_id": "users.list",
    "comment_id": "comments.list",
    "discussion_id": "comments.list",
    "view_id": "views.list",
    "query_id": "views.query",
    "file_upload_id": "file_uploads.list",
    "template_id": "data_sources.list_templates",
    "property_id": "pages.get",
    "file": "pages.read, or pages.get for properties,",
}


def _dashed(text: str) -> str | None:
    if _DASHED.fullmatch(text):
        return text.lower()
    if not _HEX32.fullmatch(text):
        return None
    digits = text.lower()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def is_notion_url(text: str) -> bool:
    """Whether the text is a link to a Notion page: notion.so, a notion.site, or app.notion.com."""
    try:
        url = urlsplit(text if "://" in text else f"https://{text}")
        host = url.hostname or ""
    except ValueError:
        return False
    plain = url.netloc.lower() == host  # neither user nor port
    return url.scheme in {"http", "https"} and plain and (host in _HOSTS or host.endswith(".notion.site"))


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlIds:
    """The ids in a Notion URL, as written there."""

    path: str | None
    """What ends the path: a page or a database."""
    peeked: str | None
    """``?p=``: the page that is open over the one in the path."""
    view: str | None
    """``?v=``: a view; the path then names its database."""
    block: str | None
    """``#``: a block of the page."""


def url_ids(text: str) -> UrlIds:
    """The ids in a Notion URL."""
    url = urlsplit(text if "://" in text else f"https://{text}")
    last = url.path.rstrip("/").rpartition("/")[2]
    tail = last if _DASHED.fullmatch(last) else last.rpartition("-")[2]
    query = parse_qs(url.query)
    fragment = url.fragment.removeprefix("block-")
    return UrlIds(
        path=tail if _HEX32.fullmatch(tail) or _DASHED.fullmatch(tail) else None,
        peeked=query.get("p", [None])[0],
        view=query.get("v", [None])[0],
        block=fragment if _HEX32.fullmatch(fragment) else None,
    )


def _page(text: str) -> str | None:
    ids = url_ids(text)
    return ids.peeked or ids.path


def _block(text: str) -> str | None:
    return url_ids(text).block or _page(text)


def _container(text: str) -> str | None:
    return url_ids(text).path


def _view(text: str) -> str | None:
    return url_ids(text).view


@dataclass(frozen=True, slots=True)
class _Id:
    """Makes a ``str`` field a Notion id: normalised by ``parse_id``, a plain described string in JSON Schema."""

    description: str
    part: Callable[[str], str | None] | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._parse, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "description": self.description}

    def _parse(self, value: object) -> str:
        return parse_id(value, part=self.part)


PageId = Annotated[str, _Id("Page id or URL.", _page)]
BlockId = Annotated[str, _Id("Block or page id, or its URL.", _block)]
DatabaseId = Annotated[str, _Id("Database id or URL.", _container)]
DataSourceId = Annotated[str, _Id("Data source id, or id or URL of its database.", _container)]
UserId = Annotated[str, _Id("User id.")]
CommentId = Annotated[str, _Id("Comment id.")]
DiscussionId = Annotated[str, _Id("discussion_id of a comment.")]
FileUploadId = Annotated[str, _Id("File upload id.")]
ViewId = Annotated[str, _Id("View id or URL.", _view)]
QueryId = Annotated[str, _Id("id that views.query answered.")]


def _opaque_id(value: str) -> str:
    if not value.strip(".") or not value.isprintable() or any(each in value for each in "/\\ "):
        raise ValueError("not an id; give it exactly as it was answered")
    return value


TaskId = Annotated[str, AfterValidator(_opaque_id), Field(description="Task id.")]
"""Not always a UUID."""

Cursor = Annotated[str, Field(min_length=1)]
"""Opaque; handed back unchanged."""
PageSize = Annotated[int, Field(ge=1, le=100)]
"""Items per page, 1 to 100; Notion's default is 100."""


def _property_id(value: str) -> str:
    decoded = value
    while (once := unquote(decoded)) != decoded:
        decoded = once
    dots = any(part and not part.strip(".") for part in re.split(r"[/\\]", decoded))
    if not value or "/" in value or dots or not decoded.isprintable() or re.search(r"%(?![0-9A-Fa-f]{2})", value):
        raise ValueError("not a property id; give it exactly as the page or data source has it, e.g. 'title' or '%7Ct'")
    return value


PropertyId = Annotated[
    str, AfterValidator(_property_id), Field(description="Property id as the page or data source has it: title, %7Ct.")
]
"""A property id for a path: percent-encoded as Notion returned it, and never encoded again."""

PropertyIds = list[Annotated[str, AfterValidator(unquote)]]
"""Property ids, which Notion returns percent-encoded and wants decoded in a query string, or names."""


def _as_json(value: object) -> object:
    # Raises ValueError for what JSON cannot hold, NaN and lone surrogates included; dates become ISO 8601.
    if not isinstance(value, (dict, list)):
        return value
    copy = to_jsonable_python(value)
    json.dumps(copy, ensure_ascii=False, allow_nan=False).encode()
    return copy


def _sendable(value: str) -> str:
    value.encode()  # Raises ValueError for lone surrogates, as in text cut within an emoji.
    return value


Text = Annotated[str, AfterValidator(_sendable)]
"""Text inside an object; parameters that are text themselves are checked by Operation."""
SomeText = Annotated[str, Field(min_length=1), AfterValidator(_sendable)]
"""The same, not empty."""

JsonDict = Annotated[dict[str, Any], BeforeValidator(_as_json)]
"""A free-form JSON object; a JSON-safe copy of what was given."""
