"""The small parts of Notion's objects, read back into state. Nothing is refused: what is missing has a default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from ..moments import exact, parse
from ..state import DateValue, FileValue, Icon, Parent, ParentKind, RichText, Span, SpanKind
from ..state_views import CustomEmoji
from ..workspace import Workspace

__all__ = ["as_list", "as_map", "date_of", "file_of", "icon_of", "moment_of", "parent_of", "text_of"]

MARKS = ("bold", "italic", "strikethrough", "underline", "code")
PARENTS = ("page_id", "block_id", "data_source_id", "database_id", "workspace")


def as_map(value: Any) -> Mapping[str, Any]:
    """A JSON object; an empty one for anything else."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def as_list(value: Any) -> Sequence[Any]:
    """A JSON array; an empty one for anything else."""
    return cast("Sequence[Any]", value) if isinstance(value, list) else ()


def moment_of(value: Any, default: datetime) -> datetime:
    """A time of creation or editing."""
    found = parse(value) if isinstance(value, str) else None
    return default if found is None else exact(found)


def parent_of(value: Any) -> Parent | None:
    """A parent; None if nothing is known of it."""
    body = as_map(value)
    kind = next((each for each in PARENTS if each in body), None)
    if kind is None:
        return None
    return Parent(kind=cast("ParentKind", kind), id="" if kind == "workspace" else str(body[kind]))


def date_of(value: Any) -> DateValue | None:
    """A date."""
    body = as_map(value)
    return DateValue(start=str(body["start"]), end=body.get("end")) if body.get("start") else None


def text_of(value: Any) -> RichText:
    """Rich text; a plain string is one span."""
    if isinstance(value, str):
        return (Span(text=value),) if value else ()
    return tuple(_span(as_map(each)) for each in as_list(value))


def _span(body: Mapping[str, Any]) -> Span:
    notes = as_map(body.get("annotations"))
    marks = frozenset(mark for mark in MARKS if notes.get(mark) is True)
    color = str(notes.get("color", "default"))
    kind = next((each for each in ("text", "equation", "mention") if each in body), "")
    if kind == "equation":
        return Span(kind="equation", text=str(as_map(body["equation"]).get("expression", "")), marks=marks, color=color)
    if kind == "mention":
        return _mention(as_map(body["mention"]), body, marks, color)
    payload = as_map(body.get("text"))
    link = as_map(payload.get("link")).get("url")
    return Span(text=str(payload.get("content", body.get("plain_text", ""))), link=link, marks=marks, color=color)


def _mention(mention: Mapping[str, Any], body: Mapping[str, Any], marks: frozenset[str], color: str) -> Span:
    kind = next((each for each in ("user", "page", "database") if each in mention), None)
    if kind is not None:
        target = str(as_map(mention[kind]).get("id", ""))
        return Span(kind=cast("SpanKind", kind), target=target, marks=marks, color=color)
    if "date" in mention:
        return Span(kind="date", date=date_of(mention["date"]), marks=marks, color=color)
    if "template_mention" in mention:
        inner = as_map(mention["template_mention"])
        word = next((each for each in ("template_mention_date", "template_mention_user") if each in inner), "")
        return Span(kind=cast("SpanKind", word), text=str(inner.get(word, "")), marks=marks, color=color)
    # Previews of links are kept as what they show.
    return Span(text=str(body.get("plain_text", "")), link=body.get("href"), marks=marks, color=color)


def file_of(value: Any) -> FileValue | None:
    """A file, hosted or external; its name is that of its URL unless it has one."""
    body = as_map(value)
    kind = next((each for each in ("external", "file") if as_map(body.get(each))), None)
    if kind is None:
        return None
    url = str(as_map(body[kind]).get("url", ""))
    name = str(body.get("name") or unquote(urlsplit(url).path.rsplit("/", 1)[-1]))
    return FileValue(name=name, url=url if kind == "external" else None)


def icon_of(workspace: Workspace, value: Any) -> Icon | None:
    """An icon; a plain string is an emoji. A custom emoji becomes one of the workspace's."""
    if isinstance(value, str):
        return Icon(kind="emoji", value=value)
    body = as_map(value)
    if "emoji" in body:
        return Icon(kind="emoji", value=str(body["emoji"]))
    if "icon" in body:
        inner = as_map(body["icon"])
        return Icon(kind="icon", value=str(inner.get("name", "")), color=str(inner.get("color", "gray")))
    if "custom_emoji" in body:
        inner = as_map(body["custom_emoji"])
        made = CustomEmoji(id=str(inner["id"]), name=str(inner.get("name", "")), url=str(inner.get("url", "")))
        workspace.emojis.setdefault(made.id, made)
        return Icon(kind="custom_emoji", value=made.id)
    file = file_of(body)
    if file is None:
        return None
    return Icon(kind="file", value=file.name) if file.url is None else Icon(kind="external", value=file.url)
