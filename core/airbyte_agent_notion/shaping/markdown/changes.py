"""The fewest replacements that turn Notion's text of a page into another, each of text that is there exactly once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple

__all__ = ["Change", "Step", "Updates", "steps"]


class Step(NamedTuple):
    """What becomes of a segment of the text, or a text that is new."""

    kind: Literal["keep", "drop", "add"]
    segment: int = -1
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Updates:
    """What to send to ``PATCH pages/{id}/markdown``."""

    content_updates: tuple[dict[str, str], ...] = ()
    """``old_str`` and ``new_str``, to be made in this order."""
    whole: str | None = None
    """The whole text, where no replacement can say it: the page is empty or becomes so, or much in it is the same."""

    @property
    def command(self) -> dict[str, Any] | None:
        """The request body; None where nothing changes."""
        if self.whole is not None:
            return {"type": "replace_content", "replace_content": {"new_str": self.whole}}
        if not self.content_updates:
            return None
        made = [dict(update) for update in self.content_updates]
        return {"type": "update_content", "update_content": {"content_updates": made}}


def steps(
    old: Sequence[tuple[int, str]], new: Sequence[str], texts: Sequence[str], stays: Callable[[int, int], bool]
) -> list[Step]:
    """Steps from old blocks, each with its segment and its key, to new ones by their keys, with the text of each.

    A segment is kept if its blocks are all there, side by side, and it may stay at its place.
    """
    opcodes = SequenceMatcher(None, [key for _, key in old], list(new), autojunk=False).get_opcodes()
    places = {a1 + at: b1 + at for kind, a1, a2, b1, _ in opcodes if kind == "equal" for at in range(a2 - a1)}
    kept = _kept(old, places, stays)
    made: list[Step] = []
    segment, place, last = 0, 0, old[-1][0] if old else -1
    while place < len(new):
        if place not in kept:
            made.append(Step("add", text=texts[place]))
            place += 1
            continue
        number, size = kept[place]
        made += [*(Step("drop", gone) for gone in range(segment, number)), Step("keep", number)]
        segment, place = number + 1, place + size
    return [*made, *(Step("drop", gone) for gone in range(segment, last + 1))]


def _kept(
    old: Sequence[tuple[int, str]], places: dict[int, int], stays: Callable[[int, int], bool]
) -> dict[int, tuple[int, int]]:
    """Segments that stay and how many blocks they have, by the places of their first blocks among the new."""
    inside: dict[int, list[int]] = {}
    for at, (segment, _) in enumerate(old):
        inside.setdefault(segment, []).append(at)
    kept: dict[int, tuple[int, int]] = {}
    for segment, blocks in inside.items():
        first = places.get(blocks[0], -1)
        whole = first >= 0 and [places.get(at) for at in blocks] == list(range(first, first + len(blocks)))
        if whole and stays(segment, first):
            kept[first] = (segment, len(blocks))
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A text, where its segments are, and what becomes of them."""

    notion: str
    spans: Sequence[tuple[int, int]]
    steps: Sequence[Step]

    def updates(self) -> Updates:
        """The replacements, or the whole text where they cannot be made one after the other."""
        ranges = self._ranges()
        if not ranges:
            return Updates()
        found = [self._fitting(first, last) for first, last in ranges]
        merged = self._merged([one for one in found if one is not None]) if None not in found else []
        for choice in (merged, [(merged[0][0], merged[-1][1])] if merged else []):
            made = tuple({"old_str": self._old(*one), "new_str": self._new(*one)} for one in choice)
            if made and self._can_be_made(made):
                return Updates(content_updates=tuple(one for one in made if one["old_str"] != one["new_str"]))
        return Updates(whole=self._new(0, len(self.steps)))

    def _ranges(self) -> list[tuple[int, int]]:
        """Steps side by side of which none keeps anything."""
        ranges: list[tuple[int, int]] = []
        for at, step in enumerate(self.steps):
            if step.kind == "keep":
                continue
            if ranges and ranges[-1][1] == at:
                ranges[-1] = (ranges[-1][0], at + 1)
            else:
                ranges.append((at, at + 1))
        return ranges

    def _fitting(self, first: int, last: int) -> tuple[int, int] | None:
        """The range with as few neighbours as it takes to be text that is there once, and to stay text."""
        for more in range(len(self.steps) + 1):
            for before, after in {(more, 0): 0, (0, more): 0, (more, more): 0}:
                start, end = self._widened(max(0, first - before), min(len(self.steps), last + after))
                old = self._old(start, end)
                if old and self._new(start, end) and self._is_once(self.notion, old):
                    return start, end
        return None

    def _widened(self, first: int, last: int) -> tuple[int, int]:
        """No range begins or ends among steps that belong together."""
        while first and self.steps[first].kind != "keep" and self.steps[first - 1].kind != "keep":
            first -= 1
        while last < len(self.steps) and self.steps[last - 1].kind != "keep" and self.steps[last].kind != "keep":
            last += 1
        return first, last

    def _merged(self, ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        merged: list[tuple[int, int]] = []
        for first, last in sorted(ranges):
            if merged and first < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return merged

    def _can_be_made(self, made: Sequence[dict[str, str]]) -> bool:
        """Whether each is still the only one of its kind when those before it have been made."""
        text = self.notion
        for one in made:
            if not self._is_once(text, one["old_str"]):
                return False
            text = text.replace(one["old_str"], one["new_str"])
        return True

    def _is_once(self, text: str, piece: str) -> bool:
        at = text.find(piece)
        return at >= 0 and text.find(piece, at + 1) < 0

    def _old(self, first: int, last: int) -> str:
        inside = [step.segment for step in self.steps[first:last] if step.kind != "add"]
        return self.notion[self.spans[min(inside)][0] : self.spans[max(inside)][1]] if inside else ""

    def _new(self, first: int, last: int) -> str:
        written, before = "", Step("drop")
        for step in self.steps[first:last]:
            text = step.text
            if step.kind == "keep":
                start, end = self.spans[step.segment]
                text = self.notion[start:end]
            if step.kind != "drop":
                written += (self._between(before, step) if written else "") + text
            before = step
        return written

    def _between(self, before: Step, step: Step) -> str:
        """What separates two texts: as it was where both were side by side."""
        if before.kind == step.kind == "keep" and before.segment + 1 == step.segment:
            return self.notion[self.spans[before.segment][1] : self.spans[step.segment][0]]
        return "\n"
