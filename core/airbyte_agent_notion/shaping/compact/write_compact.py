"""Pieces for a model: as few words as say it all."""

from collections.abc import Iterable

from .pieces import Column, Fields, Piece, Prose, Table

__all__ = ["compact"]

_COLON, _EQUALS = r"\: ", r"\="
"""In names, where these would end them."""


def compact(pieces: Iterable[Piece]) -> str:
    """All pieces, one below the other."""
    return "\n".join(text for piece in pieces if (text := _piece(piece)))


def _piece(piece: Piece) -> str:
    if isinstance(piece, Prose):
        return piece.text
    return _table(piece) if isinstance(piece, Table) else _fields(piece)


def _fields(piece: Fields) -> str:
    lines = [piece.head] if piece.head else []
    lines += [f"{name.replace(': ', _COLON)}: {value}" for name, value in piece.pairs]
    if piece.empty:
        lines.append(f"Empty: {'|'.join(piece.empty)}")
    return "\n".join(lines)


def _table(piece: Table) -> str:
    """What is the same in all lines first, then what is empty in all, a line of names, and a line for each thing."""
    shown, same, empty = split(piece)
    lines: list[str] = []
    if same:
        lines.append(f"{piece.all}: {'|'.join(same)}")
    if empty:
        lines.append(f"Empty: {'|'.join(empty)}")
    lines.append("|".join([column.name for column in shown]))
    lines += map("|".join, zip(*[column.cells for column in shown], strict=True))
    return "\n".join(lines)


def split(piece: Table) -> tuple[list[Column], list[str], list[str]]:
    """The columns to show; what is the same in all lines, and names of what is empty in all."""
    shown: list[Column] = []
    same: list[str] = []
    empty: list[str] = []
    for column in piece.columns:
        first, count = column.cells[0], len(column.cells)
        if column.fixed or (first and count == 1) or column.cells.count(first) != count:
            shown.append(column)
        elif first:
            same.append(f"{column.name} {first}" if column.ours else f"{column.name.replace('=', _EQUALS)}={first}")
        elif not column.ours:
            empty.append(column.name)
    return shown, same, empty
