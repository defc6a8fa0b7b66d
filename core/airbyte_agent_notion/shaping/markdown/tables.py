"""Tables: Notion's tags, and pipes as GitHub has them."""

import re
from typing import Any

from .dialect import Block
from .inline_parse import InlineParser
from .lines import Lines
from .make import make, words_of
from .tags import CODE, tag_values

__all__ = ["html_table", "pipe_table"]

_PART = re.compile(
    rf"\\.|{CODE}|(?P<tag><(?P<close>/?)(?P<name>table|thead|tbody|colgroup|col|tr|td|th)\b(?P<looks>[^<>]*)>)",
    re.IGNORECASE | re.DOTALL,
)
_DELIMITERS = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\Z")
_PIPE = re.compile(r"(?<!\\)(?:\\\\)*\|")


def html_table(source: str, inline: InlineParser) -> Block:
    """A table from its tags; text that is in no cell becomes one."""
    found = [part for part in _PART.finditer(source) if part.group("tag")]
    rows: list[list[str]] = []
    fresh = True
    starts = [0, *(part.end() for part in found)]
    ends = [*(part.start() for part in found), len(source)]
    for part, start, end in zip([None, *found], starts, ends, strict=True):
        name = part.group("name").lower() if part else ""
        fresh = fresh or name == "tr"
        text = source[start:end]
        if text.strip() or (name in {"td", "th"} and part and not part.group("close")):
            rows = [*rows, []] if fresh else rows
            rows[-1].append(text)
            fresh = False
    if not rows or not found:
        return make("paragraph", {"rich_text": inline.rich_text(source.replace("\n", "<br>"))})
    looks = tag_values(found[0].group("looks"))
    header = looks.get("headerrow", "").lower() == "true"
    return _table(rows, inline, header, looks.get("headercolumn", "").lower() == "true")


def _table(rows: list[list[str]], inline: InlineParser, header_row: bool, header_column: bool) -> Block:
    width = max(len(row) for row in rows)
    lines: list[Block] = []
    for row in rows:
        cells: list[list[dict[str, Any]]] = [inline.rich_text(_cell(cell)) for cell in row]
        lines.append(make("table_row", {"cells": cells + [[] for _ in range(width - len(cells))]}))
    looks = {"has_column_header": header_row, "has_row_header": header_column}
    return make("table", {"table_width": width, **looks, "children": lines})


def _cell(cell: str) -> str:
    return words_of("<br>".join(cell.strip("\n").split("\n"))) if "\n" in cell.strip("\n \t") else words_of(cell)


def pipe_table(document: Lines, at: int, end: int, inline: InlineParser) -> tuple[Block | None, int]:
    """A table of pipes that begins at a line, and the line behind it; None if there is none."""
    if at + 1 >= end or not _is_row(document, at) or not _is_row(document, at + 1):
        return None, at + 1
    header = _DELIMITERS.match(document.lines[at + 1].text) is not None
    if not header and not _DELIMITERS.match(document.lines[at].text):
        return None, at + 1
    after = at + 2
    while after < end and _is_row(document, after):
        after += 1
    first = [at] if header else [at + 1]
    rows = [_cells(document.lines[number].text) for number in (*first, *range(at + 2, after))]
    return _table(rows, inline, header, False), after


def _is_row(document: Lines, at: int) -> bool:
    text = document.lines[at].text
    return "|" in text and at not in document.ends and _PIPE.search(text) is not None


def _cells(line: str) -> list[str]:
    cells: list[str] = []
    start = 0
    for found in _PIPE.finditer(line):
        cells.append(line[start : found.end() - 1])
        start = found.end()
    cells.append(line[start:])
    if len(cells) > 1 and not cells[0].strip():
        cells = cells[1:]
    if len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]
    return [cell.strip(" \t").replace("\\|", "|") for cell in cells]
