"""The headings of a page's Markdown, and where what stands under them ends."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from .dialect import id_in
from .inline_parse import InlineParser
from .lines import Line, Lines
from .make import words_of
from .parse import Parser

__all__ = ["INLINE", "MARKS", "Heading", "headings"]

MARKS = re.compile(r"(#{1,6})(?=[ \t]|\Z)")
INLINE = InlineParser(id_in=id_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading where it stands, counted in lines of the text."""

    level: int
    title: str
    """Plain text."""
    start: int
    end: int
    """The line behind its section: what is inside it if it is a toggle that holds something, else all up to the next
    heading of its level or above, or to the end of what it stands in."""
    path: tuple[str, ...]
    """Titles of the headings that it stands under, outermost first."""
    is_toggle: bool = False


def headings(markdown: str) -> list[Heading]:
    """All headings in their order; those in code, equations and tables are none."""
    document = Lines.of(markdown)
    reader = _Reader(document, Parser(document, INLINE))
    for at in _lines(document):
        reader.line(at)
    reader.close(0, -1, len(document.lines))
    return [replace(one, end=_trimmed(document, one)) for one in reader.found]


def _lines(document: Lines) -> Iterator[int]:
    """Numbers of all lines that are neither empty nor in code, an equation or a table."""
    at = 0
    while at < len(document.lines):
        text = document.lines[at].text
        if text:
            yield at
        is_region = text[:1] in ("`", "~", "$") or text[:6].lower() == "<table"
        at = document.ends.get(at, at) + 1 if is_region else at + 1


def _trimmed(document: Lines, heading: Heading) -> int:
    """The end of a section in lines of the text, without empty lines at its end."""
    end = heading.end
    while end > 0 and not document.lines[end - 1].text:
        end -= 1
    last = document.source[end - 1]
    return max(last, heading.start) + 1


@dataclass(slots=True)
class _Open:
    """A heading whose section goes on."""

    number: int
    tags: int
    """How many tags it stands in."""
    width: int
    at: int


class _Reader:
    """Finds headings from the first line to the last; ``end`` counts lines of the document until all are found."""

    def __init__(self, document: Lines, parser: Parser) -> None:
        self.document, self.parser = document, parser
        self.found: list[Heading] = []
        self.open: list[_Open] = []
        self.tags: list[int] = []  # last lines of the tags around

    def line(self, at: int) -> None:
        """One more line."""
        line = self.document.lines[at]
        while self.tags and self.tags[-1] <= at:
            self.tags.pop()
            self._end(lambda one: one.tags > len(self.tags), at)
        self.close(len(self.tags), line.width, at)
        marks = MARKS.match(line.text)
        if marks:
            self._heading(at, line, min(len(marks.group(1)), 4), line.text[marks.end() :])
        if self.document.ends.get(at, at) > at and line.text[0] == "<":
            self.tags.append(self.document.ends[at])

    def close(self, tags: int, width: int, at: int) -> None:
        """End what stands deeper than a line, and toggles that hold something beside it."""
        self._end(lambda one: one.tags >= tags and (one.width > width or self._is_done(one, width)), at)

    def _is_done(self, one: _Open, width: int) -> bool:
        after = one.at + 1
        inside = self.document.lines[after].width if after < len(self.document.lines) else 0
        return one.width == width and self.found[one.number].is_toggle and inside > one.width

    def _is_over(self, one: _Open, tags: int, width: int, level: int) -> bool:
        return (one.tags, one.width) == (tags, width) and self.found[one.number].level >= level

    def _end(self, ends: Callable[[_Open], bool], at: int) -> None:
        first = next((place for place, one in enumerate(self.open) if ends(one)), len(self.open))
        for one in self.open[first:]:
            self.found[one.number] = replace(self.found[one.number], end=at)
        del self.open[first:]

    def _heading(self, at: int, line: Line, level: int, rest: str) -> None:
        tags = len(self.tags)
        self._end(lambda one: self._is_over(one, tags, line.width, level), at)
        words, looks = self.parser.looks(rest)
        title = " ".join("".join(run.body for run in INLINE.runs(words_of(words))).split())
        heading = Heading(
            level=level,
            title=title,
            start=self.document.source[at],
            end=at + 1,
            path=tuple(self.found[one.number].title for one in self.open),
            is_toggle=looks.get("toggle", "no").lower() in {"", "true"},
        )
        self.open.append(_Open(len(self.found), tags, line.width, at))
        self.found.append(heading)
