"""What the text of a result is made of, before it is known in which format it is written."""

from typing import NamedTuple, TypeAlias

__all__ = ["Column", "Fields", "Piece", "Prose", "Table", "Told"]


class Column(NamedTuple):
    """A column of a table, its cells written already."""

    name: str
    cells: list[str]
    fixed: bool = False
    """Always shown, even if all cells are the same or empty."""
    ours: bool = False
    """No property of the rows: nothing is said where it is empty."""


class Table(NamedTuple):
    """Things of one kind, one a line."""

    columns: list[Column]
    """At least one, all of one length."""
    all: str = "All"
    """What stands in front of what is the same in all lines."""


class Fields(NamedTuple):
    """One thing with what it holds."""

    head: str
    """What it is."""
    pairs: list[tuple[str, str]]
    """Names and values, written already; values that are not empty."""
    empty: list[str] = []  # noqa: RUF012
    """Names of what it does not hold."""


class Prose(NamedTuple):
    """Text that stands as it is."""

    text: str


Piece: TypeAlias = Table | Fields | Prose


class Told(NamedTuple):
    """What there is to say of a result."""

    pieces: list[Piece]
    source: str = ""
    """As in ``Shaped``."""
    said: tuple[str, ...] = ()
    """Sentences."""
    more: dict[str, str] | None = None
    outline: str = ""
