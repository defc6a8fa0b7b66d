"""What stands under a heading of a page's Markdown: found by its title, shown in an outline, replaced."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from .headings import INLINE, MARKS, Heading, headings

__all__ = ["Ambiguous", "Missing", "Section", "outline", "replaced", "section"]

_ORDINAL = re.compile(r"(.+?)\s*#(\d{1,6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands under it."""

    heading: Heading
    markdown: str
    """Its lines, the heading first, without the white space that all have in front."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """Several headings are called so."""

    choices: tuple[str, ...]
    """What to ask for instead, one for each: ``Parent > Title``, or ``Title #2`` where that says no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """No heading is called so."""

    nearest: tuple[str, ...]
    """Titles that are written much alike, at most five; without any, the first five."""


def section(markdown: str, wanted: str) -> Section | Ambiguous | Missing:
    """The section whose heading is called so: ``Title``, ``## Title``, ``Parent > Title`` or ``Title #2``.

    Capitals, white space and Markdown's marks make no difference.
    """
    found = headings(markdown)
    matches = _matches(found, wanted)
    if len(matches) == 1:
        return _section(markdown, found[matches[0]])
    if matches:
        return Ambiguous(choices=_choices(found, matches))
    titles = list(dict.fromkeys(one.title for one in found if one.title))
    known = {_key(title): title for title in titles}
    near = get_close_matches(_key(wanted.rpartition(">")[2]), known, n=5, cutoff=0.5)
    return Missing(nearest=tuple(known[key] for key in near) or tuple(titles[:5]))


def _section(markdown: str, heading: Heading) -> Section:
    lines = _split(markdown)[heading.start : heading.end]
    indent = _indent(lines[0])
    return Section(heading=heading, markdown="\n".join(line.removeprefix(indent) for line in lines))


def _matches(found: Sequence[Heading], wanted: str) -> list[int]:
    """Numbers of the headings that may be meant."""
    marks = MARKS.match(wanted.strip())
    if marks:
        bare = wanted.strip()[marks.end() :]
        same = [at for at in _matches(found, bare) if found[at].level == len(marks.group(1))]
        return same or _matches(found, bare)
    key = _key(wanted)
    if matches := [at for at, one in enumerate(found) if _key(one.title) == key]:
        return matches
    parts = [_key(part) for part in wanted.split(">")]
    if matches := [at for at, one in enumerate(found) if _is_under(one, parts)]:
        return matches
    ordinal = _ORDINAL.fullmatch(wanted.strip())
    if ordinal is None:
        return []
    all_of_them, number = _matches(found, ordinal.group(1)), int(ordinal.group(2))
    return all_of_them[number - 1 : number] if number else []


def _is_under(heading: Heading, parts: Sequence[str]) -> bool:
    """Whether the last part is its title and the others are, in this order, among its parents' titles."""
    parents = iter(map(_key, heading.path))
    return len(parts) > 1 and _key(heading.title) == parts[-1] and all(part in parents for part in parts[:-1])


def _choices(found: Sequence[Heading], matches: Sequence[int]) -> tuple[str, ...]:
    paths = [" > ".join((*found[at].path, found[at].title)) for at in matches]
    names = [_matches(found, path) for path in paths]
    numbered = (f"{found[at].title} #{_ordinal(found, at)}" for at in matches)
    return tuple(path if len(name) == 1 else other for path, name, other in zip(paths, names, numbered, strict=True))


def _ordinal(found: Sequence[Heading], at: int) -> int:
    return sum(_key(one.title) == _key(found[at].title) for one in found[: at + 1])


def _key(title: str) -> str:
    """A title for comparison."""
    plain = "".join(run.body for run in INLINE.runs(title))
    return " ".join(plain.casefold().split())


def outline(markdown: str) -> str:
    """One line a heading, indented under its parents, with the size of its section: ``- Budget (1.2k chars)``."""
    lines = _split(markdown)
    found = headings(markdown)
    keys = [_key(one.title) for one in found]
    shown: list[str] = []
    for at, one in enumerate(found):
        size = sum(len(line) + 1 for line in lines[one.start : one.end]) - 1
        number = f" #{_ordinal(found, at)}" if keys.count(keys[at]) > 1 else ""
        shown.append(f"{'  ' * len(one.path)}- {one.title or '(no title)'}{number} ({_size(size)})")
    return "\n".join(shown)


def _size(count: int) -> str:
    return f"{count} chars" if count < 1_000 else f"{count / 1_000:.1f}k chars"


def replaced(markdown: str, old: Section, new: str, *, keep_heading: bool = False) -> str:
    """The text with other lines in place of a section that ``section`` found in it, or of what is under its heading."""
    lines = _split(markdown)
    heading = old.heading
    indent = _indent(lines[heading.start])
    inner = f"{indent}\t" if keep_heading and heading.is_toggle else indent
    start = heading.start + 1 if keep_heading else heading.start
    added = [f"{inner}{line}" if line else line for line in (_split(new) if new else [])]
    return "\n".join([*lines[:start], *added, *lines[heading.end :]])


def _split(markdown: str) -> list[str]:
    return markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]
