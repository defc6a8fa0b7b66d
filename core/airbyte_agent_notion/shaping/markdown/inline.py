"""Rich text as one line of enhanced Markdown."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from .dialect import color_name
from .escape import attributes, destination, flanks, text
from .runs import EMPHASIS, PLAIN, Mark, Run, merged, to_runs

__all__ = ["code_span", "inline", "settled"]

Url = Callable[[str, str], str]
"""From a kind of object (``page``, ``database``, ``user``) and its id to its address as it stands in a tag."""

APART = "<span></span>"
"""Says nothing, and keeps delimiters apart that would be read as one."""

_DELIMITERS = {"bold": "**", "italic": "*", "strikethrough": "~~"}
_STARS = {("bold", ""), ("italic", "")}
_OPENED = {("**", "("), ("*", "(")}
_ORDER = ("color", "underline", "bold", "italic", "strikethrough", "link")
_BARE = ("", "", False)
_MIXED = "\0"
_NONE: frozenset[Mark] = frozenset()
_TARGET = re.compile(r" user://[\w-]+")
_MOMENT = re.compile(r"[\w:.+-]+")
_TICKS = re.compile(r"`+")

Turn = tuple[list[Mark], list[Mark]]
"""The marks that end in front of a run, and those that begin there."""


def inline(rich_text: Iterable[Mapping[str, Any]], url: Url, short: bool = False) -> str:
    """Rich text as Markdown on one line; ``short`` tags are those of our dialect."""
    plain: list[str] = []
    for item in rich_text:
        words = item.get("text")
        looks = item.get("annotations")
        if not words or words.get("link") or (looks and looks != PLAIN):
            runs = to_runs(rich_text)
            quick = _quick(runs, url, short)
            return _woven(settled(runs), url, short) if quick is None else quick
        plain.append(words.get("content", ""))
    return text(plain[0] if len(plain) == 1 else "".join(plain))


def _quick(runs: Sequence[Run], url: Url, short: bool = False) -> str | None:
    """The same as ``_woven``, where no look goes on from one run to the next and no delimiter needs help; else None."""
    written, last, marks, inner = "", "", _NONE, ""
    for run in runs:
        body = _body(run, url, short)
        front, back, emphasis = _wraps(run.marks, short) if run.marks else _BARE
        start = (front or body)[0]
        if front == _MIXED or (inner and (emphasis or not flanks(inner, start)[1])):
            return None
        if run.marks and not run.marks.isdisjoint(marks):
            return None
        if emphasis and (run.body[:1].isspace() or run.body[-1:].isspace() or not flanks(last, body[0])[0]):
            return None
        if last == "!" and start == "[":
            return None
        written = f"{written}{front}{body}{back}"
        last, marks, inner = written[-1], run.marks, body[-1] if emphasis else ""
    return written


@lru_cache(maxsize=1024)
def _wraps(marks: frozenset[Mark], short: bool) -> tuple[str, str, bool]:
    """What stands in front of a run of these looks and behind it, and whether delimiters are innermost."""
    names = {name for name, _ in marks}
    if marks & EMPHASIS and ("link" in names or ("strikethrough" in names and marks & _STARS)):
        return _MIXED, "", True
    ordered = sorted(marks, key=lambda mark: _ORDER.index(mark[0]))
    front = "".join(_open(mark, short) for mark in ordered)
    return front, "".join(_close(mark, short) for mark in reversed(ordered)), bool(marks & EMPHASIS)


def settled(runs: list[Run]) -> list[Run]:
    """Runs whose emphasis nowhere begins or ends at white space, where delimiters would not be read as such."""
    if not any(run.marks & EMPHASIS for run in runs):
        return runs
    while (cured := _cured(runs)) is not None:
        runs = cured
    return runs


def _cured(runs: list[Run]) -> list[Run] | None:
    """The runs with the first such place mended; None if there is none."""
    turns = _turns(runs)
    for index, run in enumerate(runs):
        if run.kind != "text":
            continue
        body = run.body
        begun, ended = EMPHASIS.intersection(turns[index][1]), EMPHASIS.intersection(turns[index + 1][0])
        front = len(body) - len(body.lstrip()) if begun else 0
        back = len(body.rstrip()) if ended and not (begun and not body.strip()) else len(body)
        if front or back < len(body):
            parts = ((body[:front], begun), (body[front:back], frozenset[Mark]()), (body[back:], ended))
            pieces = [run._replace(body=part, marks=run.marks - lost) for part, lost in parts]
            return merged([*runs[:index], *pieces, *runs[index + 1 :]])
    return None


def _turns(runs: Sequence[Run]) -> list[Turn]:
    """What ends and begins in front of every run, and behind the last; the farthest-reaching marks are outermost."""
    turns: list[Turn] = []
    open_marks: list[Mark] = []
    for index, run in enumerate(runs):
        keep = next((at for at, mark in enumerate(open_marks) if mark not in run.marks), len(open_marks))
        closed = open_marks[keep:][::-1]
        del open_marks[keep:]
        fresh = [(-_reach(runs, index, mark), _ORDER.index(mark[0]), mark) for mark in run.marks.difference(open_marks)]
        begun = [mark for _, _, mark in sorted(fresh)]
        open_marks += begun
        turns.append((closed, begun))
    return [*turns, (open_marks[::-1], [])]


def _reach(runs: Sequence[Run], start: int, mark: Mark) -> int:
    end = start
    while end < len(runs) and mark in runs[end].marks:
        end += 1
    return end


def _woven(runs: list[Run], url: Url, short: bool = False) -> str:
    """The runs with their marks around them."""
    parts: list[tuple[str, str]] = []  # what is written, and ``(`` or ``)`` for delimiters that open or close
    for index, (closed, begun) in enumerate(_turns(runs)):
        run = runs[index] if index < len(runs) else None
        parts += [(_close(mark, short), ")" if mark[0] in _DELIMITERS else "") for mark in closed]
        both = set(begun) >= _STARS and len({_reach(runs, index, mark) for mark in _STARS}) > 1
        for mark in begun:
            # Opened as one, *** would also be closed by what opens within the longer of the two.
            parts += [(APART, "")] if both and mark in _STARS and parts and parts[-1] in _OPENED else []
            parts.append((_open(mark, short), "(" if mark[0] in _DELIMITERS else ""))
        if run is not None:
            parts.append((_body(run, url, short), ""))
    return _spaced(parts)


def _open(mark: Mark, short: bool) -> str:
    name, value = mark
    if name == "color":
        return f"<span {color_name(value)}>" if short else f"<span{attributes(color=color_name(value))}>"
    if name == "underline":
        return "<u>" if short else '<span underline="true">'
    return _DELIMITERS.get(name, "[")


def _close(mark: Mark, short: bool) -> str:
    name, value = mark
    if name == "link":
        return f"]({destination(value)})"
    return _DELIMITERS.get(name) or ("</u>" if short and name == "underline" else "</span>")


def _spaced(parts: list[tuple[str, str]]) -> str:
    """All parts, with delimiters kept apart where they would be read as something else."""
    written = ""
    at = 0
    while at < len(parts):
        part, role = parts[at]
        if not role:
            written = f"{written[:-1]}\\!" if part[:1] == "[" and written.endswith("!") else written
            written += part
            at += 1
            continue
        end = at
        while end < len(parts) and parts[end][1] == role and parts[end][0][0] == part[0]:
            end += 1
        run, after = "".join(piece for piece, _ in parts[at:end]), parts[end][0][:1] if end < len(parts) else ""
        opens, closes = flanks(written[-1:], after)
        if role == "(":
            written += run if opens else APART + run
        else:
            meets = end < len(parts) and parts[end][1] and after == part[0]
            written += run if closes and not meets else run + APART
        at = end
    return written


def _body(run: Run, url: Url, short: bool) -> str:
    if run.mention is not None:
        return _mention(run.body, run.mention, url, short)
    if run.kind == "text":
        return text(run.body)
    return code_span(run.body) if run.kind == "code" else f"${code_span(run.body)}$"


def code_span(code: str) -> str:
    """Code between as many backticks as it takes."""
    longest = max((len(ticks) for ticks in _TICKS.findall(code)), default=0)
    ticks = "`" * (1 if not longest else longest + 1)
    pad = " " if code[0] == "`" or code[-1] == "`" or (code[0] == code[-1] == " " and code.strip(" ")) else ""
    return f"{ticks}{pad}{code}{pad}{ticks}"


def _mention(name: str, mention: Mapping[str, Any], url: Url, short: bool) -> str:
    kind = mention["type"]
    value: Mapping[str, Any] = mention[kind]
    if kind == "date":
        return _short_date(_date(value)) if short else f"<mention-date{attributes(**_date(value))}/>"
    if kind == "template_mention":
        date, user = value.get("template_mention_date"), value.get("template_mention_user")
        return f"<mention-template{attributes(date=date, user=user)}/>"
    shown = text(name.removeprefix("@") if kind == "user" else name)
    address = url(kind, value["id"])
    if short and kind == "user" and shown and _TARGET.fullmatch(address):
        return f"[@{shown}]({address[1:]})"
    tag = "mention" if short and kind == "page" else f"mention-{kind}"
    return f"<{tag}{address}>{shown}</{tag}>" if shown else f"<{tag}{address}/>"


def _short_date(values: dict[str, str | None]) -> str:
    start = values.pop("start") or ""
    bare = f" {start}" if _MOMENT.fullmatch(start) else attributes(start=start)
    return f"<date{bare}{attributes(**values)}/>"


_MINUTES = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::00(?:\.0+)?)?(Z|\+00:?00)?")


def _date(value: Mapping[str, Any]) -> dict[str, str | None]:
    """Day, time and zone apart where a zone is named or it is UTC; else moments as they are, with their offsets."""
    start, end, zone = value["start"], value.get("end"), value.get("time_zone")
    found = [_MINUTES.fullmatch(moment) for moment in (start, *([end] if end else []))]
    if not all(found) or any(bool(match and match.group(3)) is not (zone is None) for match in found):
        return {"start": start, "end": end, "timeZone": zone}
    first, last = found[0], found[-1] if end else None
    return {
        "start": first.group(1) if first else None,
        "startTime": first.group(2) if first else None,
        "end": last.group(1) if last else None,
        "endTime": last.group(2) if last else None,
        "timeZone": zone or "UTC",
    }
