"""Every id of a Notion object that a call's parameters name, at any depth and in any spelling."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Literal, TypeAlias, cast
from urllib.parse import unquote, urlsplit

from .fields import is_notion_url, parse_id
from .narrowing import list_of, object_of

__all__ = ["Kind", "NamedId", "ids_in_text", "in_workspace", "named_ids"]

Kind: TypeAlias = Literal[
    "page", "block", "database", "data_source", "view", "comment", "discussion", "query", "task", "any"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedId:
    """An id and where it stands."""

    id: str
    """As Notion writes it; of a task as it was given."""
    where: str
    """The parameter, as a path: ``parent.page_id``."""
    kind: Kind
    """What it names there; ``any`` where the place does not say."""


def named_ids(params: Any) -> list[NamedId]:
    """The ids in a call's parameters that name something with a place in the workspace.

    Ids of users, file uploads, emojis, properties, options and cursors have none. Text is taken for text, but links to
    Notion in it are not, and in Markdown neither is anything that could be a reference.
    """
    return list(dict.fromkeys(_walk(params, ())))


def in_workspace(params: Any) -> bool:
    """Whether a parent is the workspace itself, under no page."""
    parent = object_of(object_of(params).get("parent"))
    return "workspace" in parent or parent.get("type") == "workspace"


def ids_in_text(text: str) -> list[str]:
    """The ids in Markdown that may be references: in links, attributes and addresses of Notion's own kinds.

    Escapes are undone first. Ids in links to other sites, in mentions of users and in plain text are none; in tags that
    name pages, tables and blocks every id is one, whatever the address looks like.
    """
    plain = _plain(text)
    tags = _tags(plain)
    return [parse_id(one[0]) for one in _ID.finditer(plain) if _is_within(one.start(), tags) or _refers(plain, one)]


Path: TypeAlias = tuple[str, ...]

_HEX = "[0-9a-fA-F]"
_ID = re.compile(rf"(?<!{_HEX})(?:{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}|{_HEX}{{32}})(?!{_HEX})")
_QUOTED = re.compile(r"=\s*(\"[^\"]*\"|'[^']*')")
_TAG = re.compile(
    r"<\s*(?:page|database|data[-_]source|view|folder|alias|agent|unknown|synced_block\w*|child_\w+|link_to_\w+"
    r"|mention-(?!user|date)[\w-]+)(?![\w-])",
    re.IGNORECASE,
)
"""Where a tag begins that names something with a place."""
_TAGS_INSIDE = re.compile(r"(?:=\s*(?:\"[^\"]*\"|'[^']*')|[^>])*")
_ESCAPED_END = re.compile(
    r"\\[>\"']|&(?:gt|GT|quot|apos|#0*(?:62|34|39)(?!\d)|#[xX]0*(?:3[eE]|2[27])(?![0-9a-fA-F]));?"
)
_CODED_END = re.compile(r"%(?:3e|2[27])", re.IGNORECASE)
"""What looks like the end of a tag or of an attribute only when escapes are undone."""
_ENDS = frozenset(" \t\r\n\"'<>()[]{}|`")
_OPENING = ("=", "(", "<", '"', "'", "/", ":", "?", "#", "&")

_KEYS: dict[str, Kind] = {
    "page_id": "page",
    "template_id": "page",
    "block_id": "block",
    "database_id": "database",
    "data_source_id": "data_source",
    "view_id": "view",
    "comment_id": "comment",
    "discussion_id": "discussion",
    "query_id": "query",
    "task_id": "task",
}
_HOLDERS: dict[str, Kind] = {
    "page": "page",
    "relation": "page",
    "after_block": "block",
    "database": "database",
    "data_source": "data_source",
}
"""Objects and lists whose ``id`` (or filter value) is of this kind."""
_WITHOUT_PLACE = frozenset(
    {
        "cursor", "email", "expression", "file_upload_id", "filename", "filter_properties", "name", "option_ids",
        "phone_number", "plain_text", "property", "property_id", "query", "relation_property_id",
        "rollup_property_id", "start_cursor", "synced_property_id", "title", "user_id",
    }
)  # fmt: skip
"""Keys of text, and of ids that name nothing with a place."""
_HOLDERS_WITHOUT_PLACE = frozenset(
    {
        "created_by", "custom_emoji", "email", "file_upload", "groups", "last_edited_by", "multi_select", "options",
        "people", "person", "phone_number", "rich_text", "select", "status", "string", "title", "url", "user",
    }
)  # fmt: skip
"""Objects and lists whose ``id`` is a user's, a file's or an option's, and conditions on text."""
_MARKDOWN = frozenset(
    {"after", "append", "content", "content_range", "find", "markdown", "new_str", "old_str", "prepend", "replace"}
)


def _walk(value: Any, path: Path) -> Iterator[NamedId]:
    if isinstance(value, dict):
        for key, item in cast("dict[str, Any]", value).items():
            yield from _walk(item, (*path, key))
    elif isinstance(value, list):
        for item in list_of(cast("object", value)):
            yield from _walk(item, path)
    elif isinstance(value, str):
        yield from _leaf(value, path)


def _leaf(text: str, path: Path) -> Iterator[NamedId]:
    key, holder = path[-1] if path else "", path[-2] if len(path) > 1 else ""
    where = ".".join(path)
    if key in _MARKDOWN and holder != "text":
        yield from (NamedId(id=each, where=where, kind="any") for each in ids_in_text(text))
        return
    if key in _WITHOUT_PLACE or holder in _HOLDERS_WITHOUT_PLACE or (key, holder) == ("content", "text"):
        return
    kind: Kind = _KEYS.get(key) or _HOLDERS.get(holder) or "any"
    if kind == "task":
        yield NamedId(id=text, where=where, kind=kind)
    elif whole := _whole(text):
        yield NamedId(id=whole, where=where, kind=kind)
    else:
        yield from (NamedId(id=each, where=where, kind="any") for each in _linked(text))


def _whole(text: str) -> str | None:
    """The id that the text is, also where dashes, braces or space stand in odd places."""
    digits = re.sub(r"[\s{}-]", "", text.lower()).removeprefix("urn:uuid:")
    return parse_id(digits) if re.fullmatch(r"[0-9a-f]{32}", digits) else None


def _linked(text: str) -> Iterator[str]:
    """The ids in an address, unless it is another site's."""
    plain = _plain(text)
    if not _elsewhere(plain):
        yield from (parse_id(each) for each in _ID.findall(plain))


def _plain(text: str) -> str:
    """Without escapes, and without white space in attributes. What is escaped ends no tag."""
    plain = unescape(_ESCAPED_END.sub("", text).replace("\\", ""))
    for _ in range(8):
        decoded = unquote(_CODED_END.sub("", plain))
        if decoded == plain:
            break
        plain = decoded
    return _QUOTED.sub(lambda found: re.sub(r"\s+", "", found[0]), plain)


def _tags(text: str) -> list[tuple[int, int]]:
    """Where tags stand that name something with a place; one that is not closed goes on to the end."""
    tags: list[tuple[int, int]] = []
    found = _TAG.search(text)
    while found is not None:
        inside = _TAGS_INSIDE.match(text, found.end())
        end = inside.end() if inside else found.end()
        tags.append((found.start(), end))
        found = _TAG.search(text, end)
    return tags


def _is_within(place: int, tags: Sequence[tuple[int, int]]) -> bool:
    before = bisect_right(tags, (place, place))
    return before > 0 and place < tags[before - 1][1]


def _refers(text: str, found: re.Match[str]) -> bool:
    start, end = found.span()
    while start > 0 and text[start - 1] not in _ENDS:
        start -= 1
    while end < len(text) and text[end] not in _ENDS:
        end += 1
    token = text[start:end]
    if token == found[0]:
        return text[max(0, start - 9) : start].rstrip().endswith(_OPENING)
    return not _elsewhere(token)


def _elsewhere(address: str) -> bool:
    """Whether an address leads to another site, or to a user."""
    if is_notion_url(address):
        return False
    try:
        url = urlsplit(address.strip())
    except ValueError:
        return False
    named = (url.hostname or "").lower()
    of_notion = named.endswith((".notion.so", ".notion.com", ".notion.site")) or named in _NOTION
    return url.scheme.lower() in {"user", "mailto", "tel"} or (
        url.scheme.lower() in {"http", "https", "ftp"} and "." in named and not of_notion
    )


_NOTION = frozenset({"notion.so", "notion.com", "notion.site"})
