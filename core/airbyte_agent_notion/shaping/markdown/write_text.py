"""Blocks of text as lines."""

from .escape import attributes, edges, line_start
from .narrow import as_mapping
from .writer import Json, Spot, Write, Writer, color_of

__all__ = ["TEXT", "code_content"]


def paragraph(writer: Writer, at: Spot) -> None:
    """Text; ``<empty-block/>`` where there is none."""
    words = writer.words(at.payload.get("rich_text"))
    if words:
        writer.line(line_start(edges(words)), at)
    else:
        writer.lines.append(f"{at.indent}<empty-block{attributes(color=color_of(at.payload))}/>")
        writer.inside(at.block, at.indent + "\t")


def heading(writer: Writer, at: Spot) -> None:
    """``#`` to ``####``; a toggle says so."""
    words = edges(writer.words(at.payload.get("rich_text")))
    marker = "#" * int(str(at.block["type"])[-1])
    toggle = "true" if at.payload.get("is_toggleable") else None
    looks = attributes(toggle=toggle, color=color_of(at.payload))
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
    writer.lines.append(f"{at.indent}<{tag}{attributes(color=color_of(at.payload))}>")
    writer.one_line("summary", "", writer.words(at.payload.get("rich_text")), at.indent)
    writer.inside(at.block, at.indent + "\t")
    writer.lines.append(f"{at.indent}</{tag}>")


def callout(writer: Writer, at: Spot) -> None:
    """``<callout icon color>``."""
    looks = attributes(icon=writer.icon(at.block, at.payload), color=color_of(at.payload))
    writer.titled("callout", looks, at)


def code(writer: Writer, at: Spot) -> None:
    """A fence that no line inside closes."""
    language = " ".join(str(at.payload.get("language") or "plain text").replace("`", "").split())
    caption = writer.words(at.payload.get("caption")) if writer.options.extended else ""
    looks = attributes(caption=caption or None).replace("{", "&#123;").replace("}", "&#125;")
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
