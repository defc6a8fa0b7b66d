"""Files that Notion keeps, in parsed Markdown: references in place of signed addresses, and back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ...file_refs import FILE_SCHEME, is_signed
from .dialect import Block
from .narrow import as_list, as_mapping

__all__ = ["references", "referred", "signed"]

_Change = Callable[[dict[str, Any]], dict[str, Any]]


def referred(block: Block, file_ref: Callable[[str], str], noted: dict[str, str]) -> Block:
    """A block in which references stand for signed addresses; each is noted with its address."""

    def change(part: dict[str, Any]) -> dict[str, Any]:
        url = part.get("url")
        if isinstance(url, str) and is_signed(url):
            noted[file_ref(url)] = url
            return {**part, "url": file_ref(url)}
        outside = as_mapping(part.get("external")).get("url")
        if part.get("type") == "external" and isinstance(outside, str) and outside.startswith(FILE_SCHEME):
            rest = {key: value for key, value in part.items() if key != "external"}
            return {**rest, "type": "file", "file": {"url": outside}}
        return part

    return _changed(block, change)


def signed(block: Block, noted: Mapping[str, str]) -> Block:
    """A block in which addresses stand where references stood."""

    def change(part: dict[str, Any]) -> dict[str, Any]:
        url = part.get("url")
        if isinstance(url, str) and url in noted:
            return {**part, "url": noted[url]}
        kept = as_mapping(part.get("file"))
        if part.get("type") == "file" and "url" in kept:
            rest = {key: value for key, value in part.items() if key != "file"}
            return {**rest, "type": "external", "external": kept}
        return part

    return _changed(block, change)


def _changed(block: Mapping[str, Any], change: _Change) -> dict[str, Any]:
    """A block with all objects in it changed, inner ones first."""
    return change({key: _value(one, change) for key, one in block.items()})


def _value(value: Any, change: _Change) -> Any:
    items = as_list(value)
    if items is not None:
        return [_value(one, change) for one in items]
    inner = as_mapping(value)
    return _changed(inner, change) if inner else value


def references(blocks: Iterable[Block]) -> Iterator[str]:
    """The references in blocks."""
    found: list[str] = []

    def note(part: dict[str, Any]) -> dict[str, Any]:
        url = part.get("url")
        found.extend([url] if isinstance(url, str) and url.startswith(FILE_SCHEME) else [])
        return part

    for block in blocks:
        _changed(block, note)
    yield from found
