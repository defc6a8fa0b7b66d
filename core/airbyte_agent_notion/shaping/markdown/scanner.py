"""What markdown-it needs to know of the dialect within a line: looser emphasis, tags, equations, emoji.

markdown-it-py is imported with this module, and this module with the first text that is parsed.
"""

import re
from collections import Counter
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

from .escape import flanks
from .tags import ATTRIBUTES, CODE, tag_values, tag_words

__all__ = ["scan"]

_PAIRED = "span|u|b|i|s|strong|em|del|mention(?:-[a-z-]+)?|date"
_TAG = re.compile(rf"<(?:(br)\s*/?|/({_PAIRED})\s*|({_PAIRED})({ATTRIBUTES})(/?))>", re.IGNORECASE)
_TOKEN = re.compile(rf"\\.|{CODE}|{_TAG.pattern}", re.IGNORECASE | re.DOTALL)
_EQUATION = re.compile(
    r"\$(`+)(?!`)(.{1,4000}?)(?<!`)\1\$|\$(?![\s$])((?:[^$\\\n]|\\.)+?)(?<!\s)\$(?![A-Za-z0-9$])", re.DOTALL
)
_IN_WORD = re.compile(r"[A-Za-z0-9$]")
_EMOJI = re.compile(r":([a-z0-9_+-]+):", re.IGNORECASE)
NESTING = 40
"""Marks within marks; deeper ones stay text."""


class _State(StateInline):
    """Delimiters open and close as ``flanks`` says; ``_`` keeps to CommonMark."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        if not canSplitWord:
            return super().scanDelims(start, canSplitWord)
        end, marker = start, self.src[start]
        while end < self.posMax and self.src[end] == marker:
            end += 1
        opens, closes = flanks(self.src[start - 1 : start] if start else "", self.src[end : end + 1])
        return Scanned(opens, closes, end - start)


class _Inline(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _Parser(MarkdownIt):
    """URLs stay as they are written."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return bool(url)

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link


@cache
def _parser() -> MarkdownIt:
    parser = _Parser("zero", {"maxNesting": NESTING})
    parser.inline = _Inline()
    parser.configure("zero", {"maxNesting": NESTING})
    parser.inline.ruler.before("escape", "equation", _equation)
    parser.inline.ruler.before("autolink", "tag", _tag)
    parser.inline.ruler.push("emoji", _emoji)
    names = ["escape", "backticks", "strikethrough", "emphasis", "link", "image", "autolink", "entity"]
    parser.inline.ruler.enable([*names, "equation", "tag", "emoji", "text"])
    parser.inline.ruler2.enable(["strikethrough", "emphasis"])
    return parser


def scan(line: str, emojis: frozenset[str]) -> list[Token]:
    """The tokens of one block's text."""
    parser = _parser()
    return parser.inline.parse(line, parser, {"emojis": emojis}, [])


def _equation(state: StateInline, silent: bool) -> bool:
    found = _EQUATION.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "$" else None
    if found is None or (found.group(3) and state.pos and _IN_WORD.match(state.src, state.pos - 1)):
        return False
    if not silent:
        token = state.push("equation", "", 0)
        token.content = found.group(3) or _unpadded(found.group(2))
    state.pos = found.end()
    return True


def _unpadded(code: str) -> str:
    return code[1:-1] if code[0] == code[-1] == " " and code.strip(" ") else code


def _emoji(state: StateInline, silent: bool) -> bool:
    found = _EMOJI.match(state.src, state.pos, state.posMax)
    if found is None or found.group(1) not in state.env["emojis"]:
        return False
    if not silent:
        state.push("emoji", "", 0).content = found.group(1)
    state.pos = found.end()
    return True


def _tag(state: StateInline, silent: bool) -> bool:
    found = _TAG.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "<" else None
    if found is None or found.group(2):
        return False
    if found.group(1):
        if not silent:
            state.push("br", "", 0)
        state.pos = found.end()
        return True
    return _element(state, found, silent)


def _element(state: StateInline, found: re.Match[str], silent: bool) -> bool:
    """``<tag ...>`` with all that is inside, or ``<tag .../>``; text if it is not closed where it was opened."""
    name, attributes = found.group(3).lower(), tag_values(found.group(4))
    if words := tag_words(found.group(4)):
        attributes.setdefault("url", words[0])
    is_mention = name.startswith(("mention", "date"))
    end = (found.end(), found.end()) if found.group(5) else _pairs(state).get(state.pos)
    if end is None or end[1] > state.posMax or (found.group(5) and not is_mention):
        return False
    if not silent:
        opening = state.push("mention" if is_mention else "tag_open", name, 0 if is_mention else 1)
        opening.meta = {"attributes": attributes}
        opening.content = state.src[state.pos : end[1]]
        if is_mention:
            opening.meta["name"] = state.src[found.end() : end[0]]
        else:
            outer, state.pos, state.posMax = state.posMax, found.end(), end[0]
            state.md.inline.tokenize(state)
            state.posMax = outer
            state.push("tag_close", name, -1)
    state.pos = end[1]
    return True


def _pairs(state: StateInline) -> dict[int, tuple[int, int]]:
    """Where the tag that opens here is closed: start and end of its closing tag; found once for the whole text."""
    if "pairs" not in state.env:
        state.env["pairs"] = pairs = dict[int, tuple[int, int]]()
        opened: list[tuple[str, int]] = []
        pending = Counter[str]()
        for found in _TOKEN.finditer(state.src):
            closes, opens = (found.group(3) or "").lower(), (found.group(4) or "").lower()
            if opens and not found.group(6):
                opened.append((opens, found.start()))
                pending[opens] += 1
            name = ""
            while closes and pending[closes] and name != closes:
                name, start = opened.pop()
                pending[name] -= 1
                pairs.update({start: found.span()} if name == closes else {})
    found_pairs: dict[int, tuple[int, int]] = state.env["pairs"]
    return found_pairs
