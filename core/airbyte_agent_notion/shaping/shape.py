"""A result as the text that a tool answers: few words for a model, Markdown for people, or Notion's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ..file_refs import is_signed
from ..narrowing import object_of
from ..operation import Operation
from .compact.ink import Ink, MarkdownInk
from .compact.lean import lean_json, unsigned_data, unsigned_text
from .compact.listed import listed
from .compact.pieces import Piece, Prose, Told
from .compact.singles import single
from .compact.unnamed import is_list, unnamed
from .compact.write_compact import compact
from .compact.write_markdown import markdown
from .shaped import Format, Refs, Shaped
from .text import plain_data, result_text

__all__ = ["shape", "unnamed"]

_NOTES: Mapping[str, str] = {
    "cut": "Values that end in \u2026 +more stop at 25 items: pages.get with complete: true reads all.",
    "unread": "The rest of values that end in \u2026 +more could not be read.",
    "computed": "Values that end in \u2026? use 25 related pages at most; pages.get_property reads a rollup in full.",
    "formatted": "Formatted text is shown as Markdown.",
    "options": "New options were created.",
    "inside": "[+]: blocks inside; blocks.list with its id lists them.",
}
"""In the order in which they are said."""


def shape(operation: Operation[Any], result: Any, *, format: Format = "compact", refs: Refs) -> Shaped:
    """A result as text. No address that opens a file stands in it, and whatever the result is, it has one.

    Args:
        operation: what was run.
        result: what it answered.
        format: ``compact``, ``markdown`` or ``raw``.
        refs: how objects are named; not asked for in raw JSON, except for files.
    """
    ink = MarkdownInk(refs) if format == "markdown" else Ink(refs)
    try:
        if format == "raw" or isinstance(result, str) or result is None:
            return Shaped(body=_raw(result, refs), source="answer", more=_more(result))
        told = _told(operation, result, ink)
        body = markdown(told.pieces) if format == "markdown" else compact(told.pieces)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return _fallback(result, refs)
    body = _clean(body, refs, ink.container)
    return Shaped(
        body=body,
        said=" ".join((*told.said, *_notes(ink, told.pieces, body))),
        source=told.source if body else "",
        more=told.more,
        outline=_clean(told.outline, refs, ink.container),
    )


def _told(operation: Operation[Any], result: Any, ink: Ink) -> Told:
    name = operation.spec.name
    if is_list(result):
        return listed(name, operation, result, ink)
    if isinstance(result, dict):
        return single(name, operation, object_of(cast("object", result)), ink)
    return Told([Prose(lean_json(result))], "answer")


def _notes(ink: Ink, pieces: list[Piece], body: str) -> list[str]:
    said = [_NOTES[key] for key in _NOTES if key in ink.notes]
    if "\\" in body and not ink.for_people and any(not isinstance(piece, Prose) for piece in pieces):
        said.append(r"In values \n is a line break; \| \, \\ are without the backslash.")
    return said


def _clean(text: str, refs: Refs, container: str) -> str:
    """Text that can be encoded and opens no file."""
    text = unsigned_text(text, refs.file, container)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _raw(result: Any, refs: Refs) -> str:
    text = result_text(result)
    if isinstance(result, str):
        return _clean(text, refs, "")
    if not is_signed(text) and "&amp;" not in text:
        return text
    return result_text(unsigned_data(plain_data(result), refs.file))


def _more(result: Any) -> dict[str, str] | None:
    if is_list(result) and result.meta.has_more and result.meta.next_cursor:
        return {"start_cursor": result.meta.next_cursor}
    return None


def _fallback(result: Any, refs: Refs) -> Shaped:
    """What has another form than it should, as JSON."""
    try:
        body = lean_json(plain_data(result))
    except (RecursionError, TypeError, ValueError):
        body = "The result has a form that cannot be written."
    return Shaped(body=_clean(body, refs, ""), source="answer", more=_more(result))
