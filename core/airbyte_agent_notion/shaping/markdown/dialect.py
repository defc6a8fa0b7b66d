"""The words of Notion's enhanced Markdown, and how it names pages, blocks, users and files."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ...fields import url_ids

__all__ = [
    "COLORS",
    "CONTAINERS",
    "LANGUAGES",
    "MEDIA",
    "OPAQUE",
    "Block",
    "FileUrl",
    "color_name",
    "file_stand_in",
    "id_in",
    "names_block",
    "notion_color",
    "object_url",
]

Block = dict[str, Any]
"""A block as JSON; at this edge its shape is whatever Notion sends or takes."""

FileUrl = Callable[[Mapping[str, Any], str], str]
"""From the block that holds a file (as its content or icon) and the file's signed URL to what stands for that URL."""

COLORS = frozenset(
    f"{name}{ground}"
    for name in ("gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red", "default")
    for ground in ("", "_background")
) - {"default"}
"""What Notion calls the colours that can be seen."""

MEDIA = frozenset({"audio", "file", "image", "pdf", "video"})
OPAQUE = frozenset({"bookmark", "breadcrumb", "embed", "link_preview", "link_to_page", "template"})
"""Blocks that enhanced Markdown has no words for: only a tag with the block's address stands for them."""

CONTAINERS = frozenset(
    {
        "callout",
        "column",
        "columns",
        "details",
        "meeting-notes",
        "notes",
        "summary",
        "synced",
        "synced_block",
        "synced_block_reference",
        "synced_copy",
        "tab",
        "tabs",
        "template",
        "transcript",
    }
)
"""Tags that stand on lines of their own, around blocks."""

_HEX = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")

LANGUAGES = frozenset(
    """abap|abc|agda|arduino|ascii art|assembly|bash|basic|bnf|c|c#|c++|clojure|coffeescript|coq|
    css|dart|dhall|diff|docker|ebnf|elixir|elm|erlang|f#|flow|fortran|gherkin|glsl|go|graphql|
    groovy|haskell|hcl|html|idris|java|javascript|json|julia|kotlin|latex|less|lisp|livescript|
    llvm ir|lua|makefile|markdown|markup|matlab|mathematica|mermaid|nix|notion formula|objective-c|
    ocaml|pascal|perl|php|plain text|powershell|prolog|protobuf|purescript|python|r|racket|reason|
    ruby|rust|sass|scala|scheme|scss|shell|smalltalk|solidity|sql|swift|toml|typescript|vb.net|
    verilog|vhdl|visual basic|webassembly|xml|yaml|java/c/c++/c#""".replace("\n    ", "").split("|")
)
"""What Notion takes for the language of code."""


def color_name(color: object) -> str | None:
    """The dialect's name of a colour (``blue``, ``blue_bg``); None for the default and for what is no colour."""
    if not isinstance(color, str) or color not in COLORS:
        return None
    return color.removesuffix("ackground") + "g" if color.endswith("_background") else color


def notion_color(name: str) -> str | None:
    """Notion's name of a colour of the dialect; None if there is none."""
    color = f"{name.removesuffix('_bg')}_background" if name.endswith("_bg") else name
    return color if color in COLORS else None


def object_url(kind: str, identifier: str, page_id: str | None = None) -> str:
    """The address of a ``page``, ``database``, ``user`` or ``block``; a block's within its page where that is known."""
    if kind == "user":
        return f"user://{identifier}"
    digits = identifier.replace("-", "")
    if kind == "block" and page_id:
        return f"https://app.notion.com/p/{page_id.replace('-', '')}#{digits}"
    return f"https://app.notion.com/p/{digits}"


def id_in(url: str) -> str | None:
    """The id that an address names: the block behind its ``#``, else what ends its path."""
    try:
        ids = url_ids(url)
    except ValueError:
        return None
    found = ids.block or ids.path
    if found is None and (last := _HEX.search(url)):
        found = last.group()
    if found is None:
        return None
    digits = found.replace("-", "").lower()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def names_block(url: str) -> bool:
    """Whether what stands for a file is ``notion-file:`` with the id of its block; with a ``/`` it names the file."""
    return url.startswith("notion-file:") and "/" not in url


def file_stand_in(block: Mapping[str, Any], url: str) -> str:
    """What stands for the signed URL of a file that Notion keeps: nothing that anyone could open with it."""
    del url
    return f"notion-file:{str(block.get('id') or '').replace('-', '')}"
