"""Blocks of text as lines."""

import re

from .escape import attributes, edges, line_start
from .narrow import as_mapping
from .writer import Json, Spot, Write, Writer, color_of

__all__ = ["TEXT", "code_content"]

_ONE_LINE = re.compile(r"[^\s$](?:[^\n$]*[^\s$])?")


def paragraph(writer: Writer, at: Spot) -> None:
    """Text; ``<empty-block/>`` where there is none."""
    words = writer.words(at.payload.get("rich_text"))
    if words:
        writer.line(line_start(edges(words)), at)
    else:
        writer.empty(at.indent, color_of(at.payload))
        writer.inside(at.block, at.indent + "\t")


def heading(writer: Writer, at: Spot) -> None:
    """``#`` to ``####``; a toggle says so."""
    words = edges(writer.words(at.payload.get("rich_text")))
    marker = "#" * int(str(at.block["type"])[-1])
    looks = attributes(color=color_of(at.payload))
    if at.payload.get("is_toggleable"):
        looks = (" toggle" if writer.options.compact else ' toggle="true"') + looks
    line = f"{marker} {words}" if words else marker
    writer.lines.append(f"{at.indent}{line} {{{looks[1:]}}}" if looks else at.indent + line)
    writer.inside(at.block, at.indent + "\t")


def bullet(writer: Writer, at: Spot) -> None:
    """``- text``."""
    writer.item(at, "-")


def to_do(writer: Writer, at: Spot) -> None:
    """``- [ ] text``."""
    writer.item(at, "- [x]" if at.payload.get("checked") else "- [ ]")


def quote(writer: Writer, at: Spot) -> None:
    """``> text``."""
    words = writer.words(at.payload.get("rich_text"))
    writer.line(f"> {edges(words)}" if words else ">", at)


def toggle(writer: Writer, at: Spot) -> None:
    """``<details>``, and in extended form ``<template>``: a summary, and what is inside one tab deeper."""
    tag = "template" if at.block["type"] == "template" else "details"
    looks = attributes(color=color_of(at.payload))
    words = edges(writer.words(at.payload.get("rich_text")))
    if writer.options.compact:
        start = writer.open(tag, f"{looks}><summary>{words}</summary", at.indent)
    else:
        start = writer.open(tag, looks, at.indent)
        writer.lines.append(f"{at.indent}<summary>{words}</summary>")
    writer.inside(at.block, at.indent + ("" if writer.options.compact else "\t"))
    writer.close(tag, at.indent, start)


def callout(writer: Writer, at: Spot) -> None:
    """``<callout icon color>``."""
    icon = writer.address("icon", writer.icon(at.block, at.payload))
    writer.titled("callout", icon + attributes(color=color_of(at.payload)), at)


def code(writer: Writer, at: Spot) -> None:
    """A fence that no line inside closes."""
    language = " ".join(str(at.payload.get("language") or "plain text").replace("`", "").split())
    caption = writer.words(at.payload.get("caption")) if writer.options.extended else ""
    looks = attributes(caption=caption or None).replace("{", "&#123;").replace("}", "&#125;")
    if writer.options.compact and language == "plain text":
        language = ""
    info = f"{language} {{{looks[1:]}}}" if looks else language
    _fenced(writer, code_content(at.payload), "```", info, at.indent)


def code_content(payload: Json) -> str:
    """The text of code, whatever it looks like."""
    parts: list[str] = []
    for item in payload.get("rich_text") or ():
        content = as_mapping(item.get("text")).get("content")
        parts.append(str(item.get("plain_text") or "") if content is None else str(content))
    return "".join(parts).replace("\r\n", "\n").replace("\r", "\n")


def equation(writer: Writer, at: Spot) -> None:
    """The expression between lines of ``$$``."""
    expression = str(at.payload.get("expression") or "").replace("\r\n", "\n").replace("\r", "\n")
    if writer.options.compact and _ONE_LINE.fullmatch(expression):
        writer.lines.append(f"{at.indent}$${expression}$$")
    else:
        _fenced(writer, expression, "$$", "", at.indent)


def _fenced(writer: Writer, content: str, fence: str, info: str, indent: str) -> None:
    inner = content.split("\n") if content else []
    mark = fence[0]
    begins = (len(bare) - len(bare.lstrip(mark)) for line in inner if (bare := line.lstrip()))
    fence = mark * max(len(fence), *(length + 1 for length in begins), 0)
    writer.lines.append(f"{indent}{fence}{info}")
    writer.lines.extend(f"{indent}{line}" if line else "" for line in inner)
    writer.lines.append(f"{indent}{fence}")


TEXT: dict[str, Write] = {
    "paragraph": paragraph,
    "bulleted_list_item": bullet,
    "to_do": to_do,
    "quote": quote,
    "toggle": toggle,
    "template": toggle,
    "callout": callout,
    "code": code,
    "equation": equation,
    **dict.fromkeys(("heading_1", "heading_2", "heading_3", "heading_4"), heading),
}
