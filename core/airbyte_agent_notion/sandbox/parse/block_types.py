"""What each type of block may hold, be created with and be updated with (reference: part 3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ANY", "BLOCK_TYPES", "LANGUAGES", "MEDIA", "BlockType"]

ANY = "any"
"""Holds blocks of any type but those that need a parent of their own: columns and table rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockType:
    """One type of block."""

    keys: tuple[str, ...] = ()
    """Keys of its payload, beside ``children``."""
    required: tuple[str, ...] = ()
    """Keys without which it cannot be created."""
    fixed: tuple[str, ...] = ()
    """Keys that cannot be updated."""
    texts: tuple[str, ...] = ()
    """Rich text that is empty if it is not given."""
    plain: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Values of keys that are not given."""
    holds: str | None = None
    """What its children are: any blocks, or those of one type; None if it has none."""
    least: int = 0
    """How many children it must be created with."""
    writable: bool = True
    creatable: bool = True


def _text(*keys: str, holds: str | None = ANY, **plain: Any) -> BlockType:
    return BlockType(
        keys=("rich_text", "color", *keys, *plain),
        required=("rich_text",),
        texts=("rich_text",),
        plain={"color": "default", **plain},
        holds=holds,
    )


def _media(*keys: str) -> BlockType:
    return BlockType(keys=("type", "external", "file_upload", "caption", *keys), texts=("caption",))


def _fixed(*, holds: str | None = None) -> BlockType:
    return BlockType(holds=holds, writable=False, creatable=False)


MEDIA = ("image", "video", "audio", "pdf", "file")

BLOCK_TYPES: Mapping[str, BlockType] = {
    "paragraph": _text("icon"),
    **{f"heading_{level}": _text(is_toggleable=False) for level in (1, 2, 3, 4)},
    "bulleted_list_item": _text(),
    "numbered_list_item": _text(),
    "quote": _text(),
    "toggle": _text(),
    "to_do": _text(checked=False),
    "callout": _text("icon"),
    "code": BlockType(
        keys=("rich_text", "caption", "language"), required=("rich_text", "language"), texts=("rich_text", "caption")
    ),
    "equation": BlockType(keys=("expression",), required=("expression",)),
    "divider": BlockType(),
    "breadcrumb": BlockType(),
    "table_of_contents": BlockType(keys=("color",), plain={"color": "default"}),
    "tab": BlockType(holds="paragraph", least=1),
    "column_list": BlockType(holds="column", least=2),
    "column": BlockType(keys=("width_ratio",), holds=ANY),
    "table": BlockType(
        keys=("table_width", "has_column_header", "has_row_header"),
        required=("table_width",),
        fixed=("table_width",),
        plain={"has_column_header": False, "has_row_header": False},
        holds="table_row",
        least=1,
    ),
    "table_row": BlockType(keys=("cells",), required=("cells",)),
    "synced_block": BlockType(keys=("synced_from",), required=("synced_from",), fixed=("synced_from",), holds=ANY),
    "template": BlockType(keys=("rich_text",), texts=("rich_text",), holds=ANY, creatable=False),
    "link_to_page": BlockType(keys=("type", "page_id", "database_id", "comment_id")),
    "bookmark": BlockType(keys=("url", "caption"), required=("url",), texts=("caption",)),
    "embed": BlockType(keys=("url", "file_upload", "caption"), texts=("caption",)),
    **{kind: _media() for kind in MEDIA if kind != "file"},
    "file": _media("name"),
    "link_preview": _fixed(),
    "child_page": _fixed(holds=ANY),
    "child_database": _fixed(),
    "meeting_notes": _fixed(holds=ANY),
    "unsupported": _fixed(),
}

_LANGUAGES = (
    "abap abc agda arduino assembly bash basic bnf c c# c++ clojure coffeescript coq css dart dhall diff docker ebnf "
    "elixir elm erlang f# flow fortran gherkin glsl go graphql groovy haskell hcl html idris java javascript json "
    "julia kotlin latex less lisp livescript lua makefile markdown markup matlab mathematica mermaid nix objective-c "
    "ocaml pascal perl php powershell prolog protobuf purescript python r racket reason ruby rust sass scala scheme "
    "scss shell smalltalk solidity sql swift toml typescript vb.net verilog vhdl webassembly xml yaml java/c/c++/c#"
)
LANGUAGES = (*_LANGUAGES.split(), "ascii art", "llvm ir", "notion formula", "plain text", "visual basic")
