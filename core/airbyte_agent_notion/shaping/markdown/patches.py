"""Changes within a block whose text says more than we read: what has not changed stays as Notion wrote it."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from .changes import Step
from .dialect import Block
from .options import RenderOptions
from .parse import parse
from .render import render

__all__ = ["with_old_lines"]

_Address = Callable[[str, str, str | None], str]


def with_old_lines(steps: Sequence[Step], notion: Sequence[str], address: _Address) -> list[Step]:
    """Steps in which new text in place of old has the old lines: widths and colours in tables are on such lines."""
    made = list(steps)
    options = RenderOptions(object_url=address)
    for drops, adds in _hunks(made):
        if len(drops) != len(adds):
            continue
        for drop, add in zip(drops, adds, strict=True):
            text = _patched(notion[made[drop].segment], made[add].text, options)
            made[add] = made[add]._replace(text=text)
    return made


def _hunks(steps: Sequence[Step]) -> list[tuple[list[int], list[int]]]:
    """Numbers of the steps side by side that drop, and of those that add."""
    hunks: list[tuple[list[int], list[int]]] = [([], [])]
    for at, step in enumerate(steps):
        if step.kind == "keep":
            hunks.append(([], []))
        else:
            hunks[-1][step.kind == "add"].append(at)
    return hunks


def _widths(blocks: Sequence[Block]) -> list[int]:
    """How many columns tables have: what is said of columns fits no others."""
    return [block["table"]["table_width"] for block in blocks if block["type"] == "table"]


def _patched(notion: str, new: str, options: RenderOptions) -> str:
    """Notion's text with the changes that lead from what we read in it to what is new; else the new text."""
    blocks = parse(notion)
    read = render(blocks, options=options)
    if read == notion or _widths(blocks) != _widths(parse(new)):
        return new
    before, after, lines = (text.split("\n") for text in (read, new, notion))
    places = {
        at + step: place + step
        for at, place, size in SequenceMatcher(None, before, lines, autojunk=False).get_matching_blocks()
        for step in range(size)
    }
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for kind, first, last, start, end in reversed(opcodes):
        if kind == "equal":
            continue
        found = [places.get(at) for at in range(first, last)] or [places.get(first - 1)]
        place = found[0]
        if place is None or found != list(range(place, place + len(found))):
            return new
        span = slice(place, place + len(found)) if last > first else slice(place + 1, place + 1)
        lines[span] = after[start:end]
    patched = "\n".join(lines)
    return patched if render(parse(patched)) == render(parse(new)) else new
