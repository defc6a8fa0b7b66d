"""The commands of ``PATCH pages/{id}/markdown`` as functions: text and blocks in, text and blocks or a refusal out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .dialect import Block
from .lines import Lines
from .matching import DOCUMENTS, Matched, match, walk
from .options import RenderOptions
from .parse import parse
from .render import render

__all__ = ["Edited", "Reason", "Refusal", "edit", "insert_content", "replace_range", "title_of", "update_content"]

Json = Mapping[str, Any]


class Reason(StrEnum):
    """Why an edit is refused; each is a 400 ``validation_error`` of Notion's."""

    BAD_COMMAND = "bad_command"
    EMPTY_OLD_STR = "empty_old_str"
    NOT_FOUND = "not_found"
    SEVERAL_MATCHES = "several_matches"
    TWO_POSITIONS = "two_positions"
    DELETES_DOCUMENTS = "deletes_documents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An edit that is not made; nothing has changed."""

    reason: Reason
    message: str
    ids: tuple[str, ...] = ()
    """The child pages and databases that it would delete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """An edit that can be made."""

    markdown: str
    """The page's text with the edit in it, as it was written: ``render`` the new blocks to answer with."""
    page: Matched
    """The page's blocks, with the ids of those that stay."""


def edit(command: Json, blocks: Sequence[Json], *, options: RenderOptions | None = None) -> Edited | Refusal:
    """Apply a request body of ``PATCH pages/{id}/markdown`` to a page's blocks.

    ``command`` is ``{"type": ..., <type>: {...}}`` with one of update_content, replace_content, insert_content and
    replace_content_range. Without ``allow_deleting_content`` no child page or database may be gone from the text.
    """
    options = options or RenderOptions()
    kind = str(command.get("type"))
    given: Json = command.get(kind) or {}
    markdown = _applied(kind, given, render(blocks, options=options))
    if isinstance(markdown, Refusal):
        return markdown
    page = match(blocks, parse(markdown), options=options)
    lost = set(page.removed)
    gone = [one for one in walk(blocks, options) if one.get("type") in DOCUMENTS and one.get("id") in lost]
    if gone and not given.get("allow_deleting_content"):
        return _deletes(gone)
    return Edited(markdown=markdown, page=page)


def _applied(kind: str, given: Json, markdown: str) -> str | Refusal:
    if kind == "update_content":
        return update_content(markdown, given.get("content_updates") or ())
    if kind == "replace_content":
        return str(given.get("new_str") or "")
    if kind == "insert_content":
        position: Json = given.get("position") or {}
        return insert_content(
            markdown, str(given.get("content") or ""), after=given.get("after"), position=position.get("type")
        )
    if kind == "replace_content_range":
        return replace_range(markdown, str(given.get("content") or ""), str(given.get("content_range") or ""))
    known = "update_content, replace_content, insert_content or replace_content_range"
    return Refusal(reason=Reason.BAD_COMMAND, message=f"body.type should be {known}.")


_KEEP = "Keep their tags in the content, or set allow_deleting_content to true."


def _deletes(documents: Sequence[Json]) -> Refusal:
    named = ", ".join(f'"{one[str(one["type"])].get("title") or "Untitled"}" ({one["id"]})' for one in documents)
    return Refusal(
        reason=Reason.DELETES_DOCUMENTS,
        message=f"Child pages or databases would be lost: {named}. {_KEEP}",
        ids=tuple(str(one["id"]) for one in documents),
    )


def update_content(markdown: str, updates: Iterable[Json]) -> str | Refusal:
    """Find and replace, one update after the other, all or none; an update that changes nothing is passed over."""
    for number, update in enumerate(updates):
        old, new = str(update.get("old_str") or ""), str(update.get("new_str") or "")
        where = f"content_updates[{number}].old_str"
        if not old:
            return Refusal(reason=Reason.EMPTY_OLD_STR, message=f"{where} is empty: give the text to be replaced.")
        if old == new:
            continue
        count = markdown.count(old)
        if not count:
            return _not_found(where, old)
        if count > 1 and not update.get("replace_all_matches"):
            message = f"{where} matches {count} places: make it longer, or set replace_all_matches to true."
            return Refusal(reason=Reason.SEVERAL_MATCHES, message=message)
        markdown = markdown.replace(old, new)
    return markdown


def _not_found(where: str, text: str) -> Refusal:
    shown = text if len(text) <= 80 else f"{text[:79]}…"
    message = f"{where} is not in the page's content: {shown!r}. It must be exact; read the page's Markdown again."
    return Refusal(reason=Reason.NOT_FOUND, message=message)


def insert_content(
    markdown: str, content: str, *, after: str | None = None, position: str | None = None
) -> str | Refusal:
    """Insert at the start, at the end (the default), or behind the block in which the selection ``after`` ends."""
    if after is not None and position is not None:
        return Refusal(reason=Reason.TWO_POSITIONS, message="Give either after or position, not both.")
    if after is None:
        parts = [content, markdown] if position == "start" else [markdown, content]
        return "\n".join(part for part in parts if part)
    found = _selected(markdown, after)
    if found is None:
        return _not_found("after", after)
    lines = markdown.split("\n")
    last = _block_end(markdown, markdown.count("\n", 0, found[1]))
    indent = lines[last][: len(lines[last]) - len(lines[last].lstrip("\t"))]
    added = [f"{indent}{line}" if line else line for line in content.split("\n")]
    return "\n".join([*lines[: last + 1], *added, *lines[last + 1 :]])


def _block_end(markdown: str, line: int) -> int:
    """The last line of the block that a line belongs to, with what is inside it."""
    document = Lines.of(markdown)
    if document.lines[line].text.startswith("<summary>"):
        line -= 1
    spans = [(start, end) for start, end in document.ends.items() if start <= line <= end]
    inner = max(spans, default=None)
    if inner and (line in inner or document.lines[inner[0]].text.startswith(("<table", "`", "~", "$"))):
        return inner[1]
    width = document.lines[line].width
    while line + 1 < len(document.lines) and document.lines[line + 1].width > width:
        line += 1
    return line


def replace_range(markdown: str, content: str, content_range: str) -> str | Refusal:
    """Replace what a selection covers."""
    found = _selected(markdown, content_range)
    if found is None:
        return _not_found("content_range", content_range)
    return f"{markdown[: found[0]]}{content}{markdown[found[1] :]}"


def _selected(markdown: str, selection: str) -> tuple[int, int] | None:
    """What ``start text...end text`` covers, up to the first end behind the first start; without dots, the text."""
    first, dots, last = selection.partition("...")
    if dots and first and last:
        start = markdown.find(first)
        end = markdown.find(last, start + len(first)) if start >= 0 else -1
        if end >= 0:
            return start, end + len(last)
    start = markdown.find(selection) if selection else -1
    return (start, start + len(selection)) if start >= 0 else None


def title_of(blocks: Sequence[Block]) -> tuple[list[dict[str, Any]] | None, list[Block]]:
    """What ``POST pages`` makes of Markdown: a title from the first ``# heading``, if there is one, and the rest."""
    for number, block in enumerate(blocks):
        if block["type"] == "heading_1":
            return block["heading_1"]["rich_text"], [*blocks[:number], *blocks[number + 1 :]]
    return None, list(blocks)
