"""How the scripted models read what the tool answers: tables, properties, text and continuations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

__all__ = ["Row", "body", "meant", "more", "plain", "properties", "rows", "title", "titled"]

Row = Mapping[str, str]
"""A line of a table by the names of its columns, with what is said of all lines."""

_FENCED = re.compile(r"<notion-data[^>]*>\n(.*?)\n</notion-data>(\nCut here)?", re.DOTALL)
_CELL = re.compile(r"(?:^|\|)((?:\\.|[^\\|])*)")
_ESCAPED = re.compile(r"\\(.)")
_MORE = re.compile(r'\{"more": "(\w+)"\}')
_MEANT = re.compile(r"did you mean '([^']+)'")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"<[^>]*>|\*+|^#+ |^[ \t]*- ", re.MULTILINE)


def body(text: str) -> str:
    """Notion's part of an answer, or of several that went on with one another."""
    return "\n".join(_parts(text))


def rows(text: str) -> list[Row]:
    """The lines of a table, or of several; none where the answer holds none."""
    return [row for part in _parts(text) for row in _table(part.splitlines())]


def title(row: Row) -> str:
    """A row's title, which stands behind its id."""
    return next(iter(list(row.values())[1:]), "") or "Untitled"


def titled(text: str, wanted: str) -> Row:
    """The row with that title, or an empty one. Search by title also finds what shares a word with it."""
    return next((row for row in rows(text) if title(row) == wanted), dict[str, str]())


def properties(text: str) -> Mapping[str, str]:
    """A page's properties, each on a line of its own."""
    pairs = (line.partition(": ") for line in body(text).splitlines()[1:])
    return {name: value for name, _, value in pairs}


def more(text: str) -> str | None:
    """The handle that goes on where an answer ended. It stands behind Notion's part, never in it."""
    found = _MORE.search(text.rpartition("</notion-data>")[2])
    return found[1] if found else None


def meant(text: str) -> str | None:
    """The name that an error offers in place of a wrong one."""
    found = _MEANT.search(text)
    return found[1] if found else None


def plain(markdown: str) -> str:
    """Markdown as one would say it."""
    return _MARKS.sub("", _LINK.sub(r"\1", markdown)).strip()


def _parts(text: str) -> list[str]:
    """What stands between the tags. Pieces of a cut answer are one part; a list's next page is one of its own."""
    parts = [""]
    for piece, cut in _FENCED.findall(text):
        parts[-1] += piece
        parts += [] if cut else [""]
    return [part for part in parts if part]


def _table(lines: list[str]) -> list[Row]:
    same: dict[str, str] = {}
    while lines and lines[0].startswith(("All rows: ", "All: ", "Empty: ")):
        kind, _, said = lines.pop(0).partition(": ")
        same.update(_named(said) if kind != "Empty" else ())
    columns = _cells(lines[0]) if lines else []
    return [_row(columns, _cells(line)) | same for line in lines[1:]]


def _row(columns: list[str], cells: list[str]) -> dict[str, str]:
    row: dict[str, str] = {}
    for name, cell in zip(columns, cells, strict=False):
        row.setdefault(name, cell)
    return row


def _cells(line: str) -> list[str]:
    return [_ESCAPED.sub(_unescaped, cell) for cell in _CELL.findall(line)]


def _named(said: str) -> Iterator[tuple[str, str]]:
    for cell in _cells(said):
        name, _, value = cell.partition("=" if "=" in cell else " ")
        yield name, value


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found[1] == "n" else found[1]
