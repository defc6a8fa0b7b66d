"""What the lines of a text hold: whether another text in its place takes something away."""

import re
from html import unescape
from unicodedata import category

__all__ = ["lines_held", "takes_away"]

_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})")
_WITHOUT_TEXT = re.compile(
    r"</?(?:p|br|empty-block|span|u|callout|columns?|column_list|details|summary|table|colgroup|col|tr|td|th|tab)"
    r"\b[^<>]*>|(?<!!)\[\]\([^()\s]*\)|\{(?:toggle\b|[\w-]+=)[^{}]*\}",
    re.IGNORECASE,
)
"""Tags and attributes of blocks and text that may be empty, and links without words."""
_NUMBER = re.compile(r"\s*\d+[.)](?=\s|$)")
_MARKS = frozenset("-*_~`#>+|[]\\$")
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters without a shape that Unicode takes for letters and symbols."""


def takes_away(old: str, new: str) -> bool:
    """Whether a text in another's place may delete blocks or empty them: fewer lines, or fewer that hold anything."""
    return _lines(new) < _lines(old) or lines_held(new) < lines_held(old)


def lines_held(text: str) -> int:
    """Lines with something to see: not empty blocks, marks of Markdown alone, or characters that do not show."""
    return sum(_holds(line) for line in text.splitlines())


def _lines(text: str) -> int:
    """Lines that may be blocks, empty ones included."""
    return sum(bool(line.strip()) for line in text.splitlines())


def _holds(line: str) -> bool:
    if _FENCE.match(line):
        return False
    seen = "".join(each for each in unescape(line) if each == " " or _shows(each))
    return any(each not in _MARKS and each != " " for each in _NUMBER.sub("", _WITHOUT_TEXT.sub("", seen), count=1))


def _shows(character: str) -> bool:
    return category(character)[0] not in "CZ" and category(character) != "Mn" and character not in _FILLERS
