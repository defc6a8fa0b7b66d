"""Files, covers and icons as they are sent."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import unquote, urlsplit

from ..context import Context
from ..narrow import as_id, as_object, as_string, one_of, only, required
from ..problems import UNDEFINED, invalid, malformed
from ..state import FileValue, Icon
from ..uploads import attached_file
from .text import MAX_URL

__all__ = ["cover", "file_value", "icon", "web_url"]

ICON_COLORS = ("gray", "lightgray", "brown", "yellow", "orange", "green", "blue", "purple", "pink", "red")
MAX_EMOJI = 32

_NATIVE = re.compile(r"https://(?:www\.)?notion\.so/icons/([a-z0-9-]+)_([a-z]+)\.svg")


def web_url(value: Any, where: str) -> str:
    """A URL of the web, of at most 2,000 characters."""
    url = as_string(value, where, limit=MAX_URL, empty=False)
    if not re.match(r"https?://[^\s/]", url, re.IGNORECASE):
        raise invalid(f"body failed validation: {where} should be a valid URL, instead was `{url}`.")
    return url


def file_value(
    context: Context,
    body: dict[str, Any],
    where: str,
    *,
    name: str | None = None,
    among: Collection[str] | None = None,
) -> FileValue:
    """The file of ``external`` or ``file_upload``; its name is ``name``, else the last part of its URL."""
    kind = next((each for each in ("external", "file_upload") if each in body), None)
    if kind is None or ("external" in body and "file_upload" in body):
        raise malformed(f"{where}.external", "defined, or `file_upload` in its place", body.get("external", UNDEFINED))
    if body.get("type", kind) != kind:
        raise malformed(f"{where}.type", f'`"{kind}"`', body["type"])
    inner = as_object(body[kind], f"{where}.{kind}")
    if kind == "file_upload":
        only(inner, f"{where}.file_upload", "id")
        identifier = as_id(inner.get("id", UNDEFINED), f"{where}.file_upload.id")
        return attached_file(context, identifier, name=name, among=among)
    only(inner, f"{where}.external", "url")
    url = web_url(required(inner, "url", f"{where}.external"), f"{where}.external.url")
    return FileValue(name=name or unquote(urlsplit(url).path.rsplit("/", 1)[-1]), url=url)


def cover(context: Context, value: Any, where: str) -> FileValue | None:
    """A cover; null is none."""
    if value is None:
        return None
    body = as_object(value, where)
    only(body, where, "type", "external", "file_upload")
    return file_value(context, body, where, among=("image",))


def icon(context: Context, value: Any, where: str) -> Icon | None:
    """An icon; null is none."""
    if value is None:
        return None
    body = as_object(value, where)
    only(body, where, "type", "emoji", "icon", "external", "file_upload", "custom_emoji")
    named = [key for key in body if key != "type"]
    if len(named) != 1 or body.get("type", named[0]) != named[0]:
        raise malformed(where, "an object with exactly one kind of icon", value)
    kind, inner = named[0], body[named[0]]
    if kind == "emoji":
        return Icon(kind="emoji", value=_emoji(inner, f"{where}.emoji"))
    if kind == "icon":
        return _native(as_object(inner, f"{where}.icon"), f"{where}.icon")
    if kind == "custom_emoji":
        identifier = as_id(as_object(inner, f"{where}.custom_emoji").get("id", UNDEFINED), f"{where}.custom_emoji.id")
        if identifier in context.workspace.emojis:
            return Icon(kind="custom_emoji", value=identifier)
        raise context.missing("custom_emoji", identifier)
    return _image(file_value(context, body, where, among=("image",)))


def _emoji(value: Any, where: str) -> str:
    text = as_string(value, where, limit=MAX_EMOJI, empty=False)
    if text.isascii() or any(each.isascii() and each.isalpha() for each in text):
        raise malformed(where, "an emoji", value)
    return text


def _native(body: dict[str, Any], where: str) -> Icon:
    only(body, where, "name", "color")
    name = as_string(required(body, "name", where), f"{where}.name", empty=False)
    return Icon(kind="icon", value=name, color=one_of(body.get("color", "gray"), f"{where}.color", ICON_COLORS))


def _image(file: FileValue) -> Icon:
    if file.url is None:
        return Icon(kind="file", value=file.name, upload=file.upload)
    # Notion recognises the addresses of its own icons (recorded).
    native = _NATIVE.fullmatch(file.url)
    if native is not None and native[2] in ICON_COLORS:
        return Icon(kind="icon", value=native[1], color=native[2])
    return Icon(kind="external", value=file.url)
