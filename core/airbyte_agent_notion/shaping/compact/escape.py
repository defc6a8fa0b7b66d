"""How values stand side by side on a line, so that they can be told apart again.

A backslash stands in front of what would be taken for something else: ``\\n`` is a line break, ``\\|`` a bar that is no
end of a cell, ``\\,`` a comma that is no end of an item.
"""

import re

__all__ = ["OURS", "barred", "escaped", "escaped_name", "guarded"]

OURS = "(page)"
"""The name of the column that says what there is to say of a row beside its properties."""
_SPECIAL = re.compile(r"[\\|\n\r]")
_BARS = re.compile(r"\\[^\n\r]|[|\n\r]")
_COMMA = re.compile(r",(?=\s|$|\\[nr])")
_LINES = {"\n": "\\n", "\r": "\\r"}


def escaped(text: str) -> str:
    """Text as one cell of a line."""
    return _SPECIAL.sub(_mark, text) if _SPECIAL.search(text) else text


def barred(markdown: str) -> str:
    """Markdown as one cell: its bars are escaped where Markdown has not done so, in code and addresses."""
    return _BARS.sub(_barred, markdown) if _SPECIAL.search(markdown) else markdown


def _barred(found: re.Match[str]) -> str:
    character = found.group()
    return character if len(character) > 1 else _LINES.get(character) or "\\|"


def guarded(cell: str) -> str:
    """A cell as one item of a cell: its commas do not end it."""
    return _COMMA.sub("\\\\,", cell) if "," in cell else cell


def escaped_name(name: str) -> str:
    """The name of a column or property: never one of ours."""
    return f"\\{name}" if name == OURS else escaped(name)


def _mark(found: re.Match[str]) -> str:
    character = found.group()
    return _LINES.get(character) or f"\\{character}"
