"""JSON without what nobody reads, and without addresses that open files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from ...file_refs import is_signed
from ...narrowing import list_of
from .ink import plain_text

__all__ = ["Replace", "lean", "lean_json", "unsigned_data", "unsigned_text"]

Replace = Callable[[str, str], str]
"""From the id of what a file is in and the file's signed address to what stands for that."""

_DROPPED = frozenset({"annotations", "object", "request_id"})
_HOLDERS = frozenset({"block", "comment", "page", "page_markdown", "page_text"})
_URL = re.compile(r"https?://(?:[^\s\"<>`\\|]|\\[\\|])+", re.IGNORECASE)
_SECRET = re.compile(r"[?&;]x-amz-(?:credential|security-token|signature)=[^\s&|\"<>)]*", re.IGNORECASE)
_PAIRS = {")": "(", "]": "[", "}": "{"}
_TRAILING = ".,;:!?'*_"


def lean_json(data: Any) -> str:
    """``lean`` as compact JSON."""
    return json.dumps(lean(data), ensure_ascii=False, separators=(",", ":"), default=str)


def lean(data: Any) -> Any:
    """Without nulls, kinds of objects, request ids and looks; rich text as text."""
    if isinstance(data, Mapping):
        given = cast("Mapping[str, Any]", data)
        kept = {str(key): lean(value) for key, value in given.items() if value is not None and key not in _DROPPED}
        return {key: kept[key] for key in sorted(kept)}
    if isinstance(data, (list, tuple)):
        items = list(cast("Sequence[Any]", data))
        return plain_text(items) if items and all(map(_is_text, items)) else [lean(item) for item in items]
    return data


def _is_text(item: object) -> bool:
    return isinstance(item, dict) and "plain_text" in item and "annotations" in item


def unsigned_data(data: Any, replace: Replace, container: str = "") -> Any:
    """JSON with references in place of signed addresses; what holds none stays the same object."""
    if isinstance(data, str):
        return unsigned_text(data, replace, container)
    if isinstance(data, dict):
        given = cast("dict[str, Any]", data)
        identifier = given.get("id")
        if given.get("object") in _HOLDERS and isinstance(identifier, str):
            container = identifier
        return {
            unsigned_data(key, replace, container): unsigned_data(value, replace, container)
            for key, value in given.items()
        }
    if isinstance(data, list):
        return [unsigned_data(item, replace, container) for item in list_of(cast("object", data))]
    return data


def unsigned_text(text: str, replace: Replace, container: str = "") -> str:
    """Text with references in place of signed addresses; of a piece of one nothing that opens a file."""
    if not is_signed(text) and "&amp;" not in text:
        return text

    def put(found: re.Match[str]) -> str:
        url, rest = _trimmed(found.group())
        plain = url.replace("&amp;", "&")
        return replace(container, plain) + rest if is_signed(plain) else found.group()

    return _SECRET.sub("", _URL.sub(put, text))


def _trimmed(url: str) -> tuple[str, str]:
    """An address, and what stands behind it without being part of it."""
    end = len(url)
    while _is_behind(url, end):
        end -= 1
    return url[:end], url[end:]


def _is_behind(url: str, end: int) -> bool:
    """Whether the last character of what ends there is none of an address: punctuation, a bracket opened before it."""
    last = url[end - 1]
    return last in _TRAILING or (last in _PAIRS and url.count(last, 0, end) > url.count(_PAIRS[last], 0, end))
