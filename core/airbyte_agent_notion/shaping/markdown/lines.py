"""Markdown as lines: how deep each stands, which belong to fences, tables and tags; found before anything is read."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .dialect import CONTAINERS
from .tags import ATTRIBUTES, CODE

__all__ = ["TAB", "TAG", "Line", "Lines", "dedented"]

TAB = 4
"""Columns that a tab stands for."""

_CONTAINER = "|".join(sorted(CONTAINERS, key=len, reverse=True))
TAG = re.compile(rf"<(/?)({_CONTAINER})({ATTRIBUTES})>", re.IGNORECASE)
_PIECE = re.compile(rf"\\.|{CODE}|(?P<tag></?(?P<name>{_CONTAINER})(?:{ATTRIBUTES})(?P<empty>/?)>)", re.IGNORECASE)
_EDGE = re.compile(rf"</?(?:{_CONTAINER}){ATTRIBUTES}/?>", re.IGNORECASE)
_TAIL = re.compile(rf"</(?:{_CONTAINER})\s*>[ \t]*\Z", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary>.*</summary>\s*", re.IGNORECASE)
_FENCE = re.compile(r"(`{3,})([^`]*)\Z|(~{3,})(.*)\Z")
_DOLLARS = re.compile(r"\${2,}\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space in front."""

    width: int
    """Columns of white space in front."""
    text: str


@dataclass(slots=True)
class Lines:
    """The lines of a document, and where what spans several of them ends."""

    lines: list[Line] = field(default_factory=list[Line])
    raw: list[str] = field(default_factory=list[str])
    """The same with the white space."""
    source: list[int] = field(default_factory=list[int])
    """The lines of the text that they are from: one may hold several."""
    ends: dict[int, int] = field(default_factory=dict[int, int])
    """The last line of the fence, equation, table or tag that begins at a line."""

    @classmethod
    def of(cls, markdown: str) -> "Lines":
        """All lines of a text."""
        document = cls()
        source = markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        opened: list[tuple[str, int]] = []
        pending = Counter[str]()
        at = 0
        tables = [number for number, line in enumerate(source) if line.rstrip().lower().endswith("</table>")][::-1]
        while at < len(source):
            end = _region(source, at, tables)
            if end is not None:
                document.ends[len(document.lines)] = len(document.lines) + end - at
                document._add(source[at : end + 1])
                document.source.extend(range(at, end + 1))
                at = end + 1
                continue
            for piece in _split(source[at]):
                document._tag(piece, opened, pending)
                document._add([piece])
                document.source.append(at)
            at += 1
        return document

    def _add(self, lines: Iterable[str]) -> None:
        for line in lines:
            bare = line.lstrip(" \t")
            self.raw.append(line)
            self.lines.append(Line(_width(line[: len(line) - len(bare)]), bare))

    def _tag(self, line: str, opened: list[tuple[str, int]], pending: Counter[str]) -> None:
        """Remember a tag that opens here; a closing one ends the last of its name, and those inside were no tags."""
        found = TAG.fullmatch(line.strip(" \t"))
        if found is None:
            return
        name = found.group(2).lower()
        if not found.group(1):
            opened.append((name, len(self.lines)))
            pending[name] += 1
        elif pending[name]:
            other = ""
            while other != name:
                other, start = opened.pop()
                pending[other] -= 1
                self.ends.update({start: len(self.lines)} if other == name else {})


def _width(space: str) -> int:
    return len(space) + (TAB - 1) * space.count("\t")


def _region(source: list[str], at: int, tables: list[int]) -> int | None:
    """The last line of what begins at a line and is not made of blocks: a fence, an equation, a table."""
    line = source[at].strip(" \t")
    if found := _FENCE.match(line):
        fence = found.group(1) or found.group(3)
        closing = (number for number in range(at + 1, len(source)) if _closes(source[number], fence))
        return next(closing, len(source) - 1)
    if _DOLLARS.match(line):
        return next((number for number in range(at + 1, len(source)) if source[number].strip(" \t") == line), None)
    if line[:6].lower() == "<table" and line[6:7] in {">", " ", "\t", ""}:
        while tables and tables[-1] < at:
            tables.pop()
        return tables[-1] if tables else None
    return None


def _closes(line: str, fence: str) -> bool:
    bare = line.strip(" \t")
    return len(bare) >= len(fence) and not bare.strip(fence[0])


def _split(line: str) -> Iterator[str]:
    """A line that begins or ends with a tag around blocks, in pieces: every such tag on a line of its own."""
    bare = line.strip(" \t")
    if "<" not in bare or TAG.fullmatch(bare) or (bare[0] != "<" and not _TAIL.search(bare)):
        yield line
        return
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    if not _EDGE.match(bare) and not _TAIL.search(bare):
        yield line
        return
    yield from (f"{indent}{piece}" for piece in _pieces(bare))


def _pieces(bare: str) -> Iterator[str]:
    start = at = 0
    while at < len(bare):
        if summary := _SUMMARY.match(bare, at):
            yield from (piece for piece in (bare[start:at].strip(), summary.group().strip()) if piece)
            start = at = summary.end()
            continue
        found = _PIECE.match(bare, at)
        if found and found.group("tag"):
            yield from (piece for piece in (bare[start:at].strip(), *_opened(found)) if piece)
            start = found.end()
        at = found.end() if found else at + 1
    if rest := bare[start:].strip():
        yield rest


def _opened(found: re.Match[str]) -> tuple[str, ...]:
    """A tag; one that is closed at once as two."""
    tag = found.group("tag")
    return (f"{tag[:-2]}>", f"</{found.group('name')}>") if found.group("empty") else (tag,)


def dedented(lines: Iterable[str], width: int) -> list[str]:
    """Lines with that many columns of white space taken away, as far as they have it."""
    return [_dedented(line, width) for line in lines]


def _dedented(line: str, width: int) -> str:
    at = 0
    while at < len(line):
        columns = {" ": 1, "\t": TAB}.get(line[at], width + 1)
        if columns > width:
            break
        width -= columns
        at += 1
    return line[at:]
