"""One line of enhanced Markdown as rich text."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ...errors import ConfigurationError
from .dialect import notion_color
from .runs import Mark, Run, merged, to_rich_text

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["InlineParser"]

_USER = re.compile(r"\{*user://([^}]*)\}*")
_MARKS = {
    "strong": ("bold", ""),
    "b": ("bold", ""),
    "em": ("italic", ""),
    "i": ("italic", ""),
    "s": ("strikethrough", ""),
    "del": ("strikethrough", ""),
    "u": ("underline", ""),
}
_SPECIAL = re.compile(r"[\\*~`$<&_!\[:]")


def _scanner() -> "Callable[[str, frozenset[str]], list[Token]]":
    """markdown-it's part of the reading, loaded when a text first needs it."""
    try:
        from .scanner import scan
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "markdown_it":
            raise
        raise ConfigurationError(
            "Reading Markdown needs the package markdown-it-py.",
            hint='In a checkout of this project: python -m pip install ".[markdown]". The adapters\' extras bring it.',
        ) from error
    return scan


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineParser:
    """Reads the text of one block."""

    id_in: Callable[[str], str | None]
    """The id that an address names."""
    emojis: Mapping[str, str] = field(default_factory=dict[str, str])
    """Ids of the workspace's own emoji by name."""

    def rich_text(self, line: str) -> list[dict[str, Any]]:
        """Rich text as Notion takes it; what cannot be read stays text."""
        return to_rich_text(self.runs(line))

    def runs(self, line: str) -> list[Run]:
        """The runs of a line."""
        if not _SPECIAL.search(line):
            return [Run("text", line, frozenset())] if line else []
        return merged(self._runs(_scanner()(line, frozenset(self.emojis)), frozenset()))

    def _runs(self, tokens: "list[Token]", outer: frozenset[Mark]) -> Iterator[Run]:
        stack: list[frozenset[Mark]] = [outer]
        bare: str | None = None  # the address of a link that has no text yet
        rest = iter(tokens)
        for token in rest:
            if token.type == "link_open" and (mention := self._user(str(token.attrs["href"]))):
                inner = list(takewhile(_inside_link, rest))
                name = "".join(run.body for run in self._runs(inner, frozenset())).removeprefix("@")
                yield Run("mention", f"@{name}" if name else "", self._one_color(stack[-1]), mention)
            elif token.nesting == 1:
                stack.append(stack[-1] | self._marks(token))
                bare = str(token.attrs["href"]) if token.type == "link_open" else bare
            elif token.nesting == -1:
                if bare and token.type == "link_close":
                    yield Run("text", bare, self._one_color(stack[-1]))
                stack.pop()
            else:
                bare = None if token.content or token.type in {"br", "mention"} else bare
                yield from self._atom(token, stack[-1])

    def _user(self, url: str) -> dict[str, Any] | None:
        """The mention that a link to a user is."""
        user = _USER.fullmatch(url)
        return self._meant("user", {"url": url}) if user else None

    def _marks(self, token: "Token") -> frozenset[Mark]:
        if token.type == "link_open":
            url = str(token.attrs["href"])
            return frozenset({("link", url)} if url else ())
        if token.tag != "span":
            return frozenset({_MARKS[token.tag]})
        attributes: dict[str, str] = token.meta["attributes"]
        color = notion_color(attributes.get("color") or attributes.get("url", ""))
        underline = attributes.get("underline", "").lower() == "true"
        return frozenset(
            [*([("color", color)] if color else []), *([("underline", "")] if underline else [])],
        )

    def _atom(self, token: "Token", marks: frozenset[Mark]) -> Iterator[Run]:
        marks = self._one_color(marks)
        if token.type == "code_inline":
            yield Run("code", token.content, marks)
        elif token.type == "equation":
            yield Run("equation", token.content, frozenset(mark for mark in marks if mark[0] != "link"))
        elif token.type == "br":
            yield Run("text", "\n", marks)
        elif token.type == "emoji":
            mention = {"type": "custom_emoji", "custom_emoji": {"id": self.emojis[token.content]}}
            yield Run("mention", f":{token.content}:", marks, mention)
        elif token.type == "mention":
            yield from self._mention(token, frozenset(mark for mark in marks if mark[0] != "link"))
        elif token.type == "image":
            url = str(token.attrs["src"])
            alt = "".join(run.body for run in self.runs(token.content))
            is_link = url and not _USER.fullmatch(url)
            yield Run("text", alt or url, marks | {("link", url)} if is_link else marks)
        else:
            yield Run("text", token.content, marks)

    def _one_color(self, marks: frozenset[Mark]) -> frozenset[Mark]:
        """Of colours within colours one stays, as a text has but one; so with links."""
        kinds = [name for name, _ in marks]
        if len(kinds) == len(set(kinds)):
            return marks
        return frozenset({name: (name, value) for name, value in sorted(marks)}.values())

    def _mention(self, token: "Token", marks: frozenset[Mark]) -> Iterator[Run]:
        kind = token.tag.removeprefix("mention-").replace("mention", "page")
        attributes: dict[str, str] = token.meta["attributes"]
        name = "".join(run.body for run in self.runs(token.meta.get("name") or ""))
        mention = self._meant(kind, attributes)
        if mention is None:
            yield Run("text", token.content, marks)
        else:
            shown = f"@{name}" if kind == "user" and name else name
            yield Run("mention", shown if kind in {"user", "page", "database"} else "", marks, mention)

    def _meant(self, kind: str, attributes: dict[str, str]) -> dict[str, Any] | None:
        if kind in {"user", "page", "database"}:
            url = attributes.get("url", "")
            user = _USER.fullmatch(url)
            identifier = self.id_in(user.group(1) if user else url)
            return {"type": kind, kind: {"id": identifier}} if identifier else None
        attributes = {"start": attributes.get("url", ""), **attributes}
        if kind == "date" and (start := _moment(attributes, "start")):
            zone = attributes.get("timezone")
            date = {"start": start, "end": _moment(attributes, "end")}
            return {"type": "date", "date": {**date, "time_zone": None if zone == "UTC" else zone or None}}
        if kind == "template":
            for name in ("date", "user"):
                if value := attributes.get(name):
                    key = f"template_mention_{name}"
                    return {"type": "template_mention", "template_mention": {"type": key, key: value}}
        return None


def _inside_link(token: "Token") -> bool:
    return token.type != "link_close"


def _moment(attributes: Mapping[str, str], which: str) -> str | None:
    day, time = attributes.get(which), attributes.get(f"{which}time")
    if not day:
        return None
    moment = f"{day}T{time}:00" if time else day
    return f"{moment}+00:00" if time and attributes.get("timezone") == "UTC" else moment
