"""Tables as lines of cells with pipes between them."""

import re
from collections.abc import Sequence

from .escape import edges, line_start
from .narrow import as_mapping
from .writer import Json, Spot, Writer

__all__ = ["apart", "pipes"]

_OPEN_PIPE = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_DELIMITERS = re.compile(r"[ \t|:-]+")


def pipes(writer: Writer, at: Spot, rows: Sequence[Json]) -> bool:
    """Write a table with pipes, a header above the delimiters; False where pipes cannot say it."""
    cells = [[writer.words(cell) for cell in as_mapping(row.get("table_row")).get("cells") or ()] for row in rows]
    width = max(map(len, cells), default=0)
    if not width or any("`" in cell and "\\|" in cell for row in cells for cell in row):
        return False
    lines = [_row([*row, *[""] * (width - len(row))]) for row in cells]
    delimiters = "|".join("-" * width) if width > 1 else "|-|"
    if at.payload.get("has_column_header"):
        lines.insert(1, delimiters)
    else:
        lines.insert(0, delimiters)
    if writer.lines and _OPEN_PIPE.search(writer.lines[-1]):
        writer.lines.append("")
    writer.lines.extend(at.indent + line for line in lines)
    writer.tables.append(len(writer.lines))
    return True


def _row(cells: list[str]) -> str:
    """A row; with pipes around it where the first or the last cell is empty, or there is but one."""
    written = [_OPEN_PIPE.sub(r"\1\\|", _edges(cell)) for cell in cells]
    if len(written) > 1 and written[0] and written[-1]:
        line = "|".join([line_start(written[0]), *written[1:]])
    else:
        line = f"|{'|'.join(written)}|"
    return line.replace("-", "\\-", 1) if _DELIMITERS.fullmatch(line) else line


def _edges(cell: str) -> str:
    cell = edges(cell)
    return f"{cell[:-1]}&#32;" if cell.endswith(" ") else cell


def apart(lines: list[str], ends: list[int]) -> list[int]:
    """Put an empty line behind a table where the next line would be read as one of its rows; gives where."""
    places = [end for end in ends if end < len(lines) and _OPEN_PIPE.search(lines[end])]
    for place in reversed(places):
        lines.insert(place, "")
    return places
