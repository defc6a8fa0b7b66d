"""Pieces for people: GitHub Markdown."""

from collections.abc import Iterable

from .pieces import Fields, Piece, Prose, Table
from .write_compact import split

__all__ = ["markdown"]


def markdown(pieces: Iterable[Piece]) -> str:
    """All pieces, with an empty line in between."""
    return "\n\n".join(text for piece in pieces if (text := _piece(piece)))


def _piece(piece: Piece) -> str:
    if isinstance(piece, Prose):
        return piece.text
    return _table(piece) if isinstance(piece, Table) else _fields(piece)


def _fields(piece: Fields) -> str:
    items = [f"- **{name}:** {value}" for name, value in piece.pairs]
    if piece.empty:
        items.append(f"- **Empty:** {', '.join(piece.empty)}")
    return "\n\n".join(part for part in (piece.head, "\n".join(items)) if part)


def _table(piece: Table) -> str:
    shown, same, empty = split(piece)
    above = [f"- **{piece.all}:** {'; '.join(same)}"] if same else []
    above += [f"- **Empty:** {', '.join(empty)}"] if empty else []
    lines = [_row(column.name for column in shown), _row("---" for _ in shown)]
    lines += [_row(cells) for cells in zip(*[column.cells for column in shown], strict=True)]
    return "\n\n".join(part for part in ("\n".join(above), "\n".join(lines)) if part)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
