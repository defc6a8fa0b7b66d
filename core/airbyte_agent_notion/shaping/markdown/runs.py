"""Rich text as runs: stretches of one look, merged, and cleaned of what Markdown cannot say and nobody can see."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from .dialect import color_name, id_in
from .escape import safe_url
from .narrow import as_mapping

__all__ = ["EMPHASIS", "PLAIN", "Mark", "Run", "merged", "to_rich_text", "to_runs"]

Mark = tuple[str, str]
"""A look and its value: ``("bold", "")``, ``("color", "red_background")``, ``("link", url)``."""

NOTHING: frozenset[Mark] = frozenset()
PLAIN = {"bold": False, "italic": False, "strikethrough": False, "underline": False, "code": False, "color": "default"}
"""Annotations of text without any look."""

EMPHASIS = frozenset({("bold", ""), ("italic", ""), ("strikethrough", "")})
"""Marks that cannot begin or end at white space."""

LIMIT = 2_000
"""Characters of one text item, counted as Notion's JavaScript does: in UTF-16 units."""

_MINUTES = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::00(?:\.0+)?)?(Z|\+00:?00)?")
_FLAGS = ("bold", "italic", "strikethrough", "underline")


class Run(NamedTuple):
    """A stretch of text with one look, or one atom: inline code, an equation, a mention."""

    kind: Literal["text", "code", "equation", "mention"]
    body: str
    """The text; an equation's expression; the name under which a mention is shown."""
    marks: frozenset[Mark]
    mention: Mapping[str, Any] | None = None


def to_runs(rich_text: Iterable[Mapping[str, Any]]) -> list[Run]:
    """Rich text, as Notion sends or takes it, as merged runs."""
    return merged(run for item in rich_text for run in _runs(item))


def _runs(item: Mapping[str, Any]) -> list[Run]:
    words, looks = item.get("text"), item.get("annotations")
    if words and looks and not words.get("link") and not looks.get("code") and words.get("content"):
        return [Run("text", str(words["content"]), NOTHING if looks == PLAIN else _marks(looks))]
    kind = item.get("type") or next((kind for kind in ("mention", "equation") if kind in item), "text")
    annotations = item.get("annotations") or PLAIN
    marks = NOTHING if annotations == PLAIN else _marks(annotations)
    if kind == "equation":
        expression = str(as_mapping(item.get("equation")).get("expression") or "")
        one_line = " ".join(_plain_breaks(expression).split("\n"))
        return [Run("equation", one_line, marks)] if one_line.strip() else []
    if kind == "mention":
        return [_mention(item, marks)]
    text = as_mapping(item.get("text"))
    content = text.get("content") if kind == "text" else None
    content = str(item.get("plain_text") or "") if content is None else content
    url = as_mapping(text.get("link")).get("url") if kind == "text" else item.get("href")
    marks = marks | {("link", safe_url(str(url)))} if url else marks
    return _code(str(content), marks) if annotations.get("code") else [Run("text", content, marks)]


def _marks(annotations: Mapping[str, Any]) -> frozenset[Mark]:
    get = annotations.get
    return _marked(
        bool(get("bold")), bool(get("italic")), bool(get("strikethrough")), bool(get("underline")), str(get("color"))
    )


@lru_cache(maxsize=1024)
def _marked(bold: bool, italic: bool, strikethrough: bool, underline: bool, color: str) -> frozenset[Mark]:
    given = zip(_FLAGS, (bold, italic, strikethrough, underline), strict=True)
    marks = {(flag, "") for flag, is_set in given if is_set}
    return frozenset(marks | {("color", color)} if color_name(color) else marks)


def _code(content: str, marks: frozenset[Mark]) -> list[Run]:
    """Inline code holds no line break: what stands between breaks is code."""
    runs: list[Run] = []
    for number, line in enumerate(_plain_breaks(content).split("\n")):
        runs += [Run("text", "\n", marks)] if number else []
        runs += [Run("code", line, marks)] if line else []
    return runs


def _plain_breaks(content: str) -> str:
    return content.replace("\r\n", "\n").replace("\r", "\n")


def _mention(item: Mapping[str, Any], marks: frozenset[Mark]) -> Run:
    mention: Mapping[str, Any] = item.get("mention") or {}
    kind = str(mention.get("type") or next(iter(mention), ""))
    value: Mapping[str, Any] = mention.get(kind) or {}
    name = str(item.get("plain_text") or "")
    if kind in {"user", "page", "database"} and id_in(str(value.get("id") or "")):
        bare = name.removeprefix("@") if kind == "user" else name
        shown = f"@{bare}" if kind == "user" and bare else bare
        return Run("mention", shown, marks, {"type": kind, kind: {"id": id_in(str(value["id"]))}})
    if kind == "date" and value.get("start"):
        return Run("mention", "", marks, {"type": "date", "date": _date(value)})
    if kind == "template_mention" and value:
        chosen = {key: value[key] for key in ("template_mention_date", "template_mention_user") if value.get(key)}
        return Run("mention", "", marks, {"type": kind, kind: {"type": next(iter(chosen), ""), **chosen}})
    if kind == "custom_emoji":
        return Run("text", name or f":{value.get('name', '')}:", marks)
    url = value.get("href") or value.get("url") or item.get("href")
    shown = str(value.get("title") or name or url or "")
    return Run("text", shown, marks | {("link", safe_url(str(url)))} if url else marks)


def _date(value: Mapping[str, Any]) -> dict[str, Any]:
    """A date whose moments are written one way: UTC as an offset, and seconds only where there are some."""
    zone = value.get("time_zone") or None
    start, end = (_moment(value.get(key), zone) for key in ("start", "end"))
    return {"start": start, "end": end, "time_zone": None if zone == "UTC" else zone}


def _moment(value: object, zone: object) -> str | None:
    if not value:
        return None
    found = _MINUTES.fullmatch(str(value))
    if found is None:
        return str(value)
    return f"{found.group(1)}:00{'+00:00' if found.group(2) or zone == 'UTC' else ''}"


def merged(runs: Iterable[Run]) -> list[Run]:
    """Runs of which no two neighbours look alike, and none is empty."""
    whole: list[Run] = []
    for run in runs:
        if not run.body and run.kind != "mention":
            continue
        last = whole[-1] if whole else None
        if last and run.kind == last.kind and run.kind in {"text", "code"} and run.marks == last.marks:
            whole[-1] = last._replace(body=last.body + run.body)
        else:
            whole.append(run)
    return whole


def to_rich_text(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Runs as rich text that Notion takes: long text in pieces, looks only where they are not the default."""
    return [_item(run, piece) for run in runs for piece in _pieces(run)]


def _item(run: Run, body: str) -> dict[str, Any]:
    item: dict[str, Any]
    looks: dict[str, Any] = {name: value or True for name, value in sorted(run.marks) if name != "link"}
    if run.kind == "equation":
        item = {"type": "equation", "equation": {"expression": body}}
    elif run.mention is not None:
        item = {"type": "mention", "mention": dict(run.mention)} | ({"plain_text": body} if body else {})
    else:
        url = next((value for name, value in run.marks if name == "link"), None)
        item = {"type": "text", "text": {"content": body} | ({"link": {"url": url}} if url else {})}
        looks |= {"code": True} if run.kind == "code" else {}
    return item | ({"annotations": looks} if looks else {})


def _pieces(run: Run) -> list[str]:
    body = run.body
    if run.kind not in {"text", "code"} or len(body) <= LIMIT // 2:
        return [body]
    if len(body.encode("utf-16-le", "surrogatepass")) <= 2 * LIMIT:
        return [body]
    pieces, start, units = list[str](), 0, 0
    for at, character in enumerate(body):
        size = 2 if character > "\uffff" else 1
        if units + size > LIMIT:
            pieces.append(body[start:at])
            start, units = at, 0
        units += size
    return [*pieces, body[start:]]
