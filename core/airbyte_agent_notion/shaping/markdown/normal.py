"""The normal form of blocks: what is left of them when they have been written as Markdown and read again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .dialect import MEDIA, OPAQUE, Block, color_name, names_block
from .escape import safe_url
from .inline import settled
from .make import make
from .options import RenderOptions
from .runs import to_rich_text, to_runs
from .write_text import code_content
from .writer import file_kind, file_name

__all__ = ["normal"]

Json = Mapping[str, Any]


def normal(blocks: Iterable[Json], *, options: RenderOptions | None = None) -> list[Block]:
    """Blocks, as Notion answers them or takes them, in the form in which it takes them.

    What Notion fills in itself, what is the default, and what Markdown cannot say are gone; ids stay where Markdown
    names them. ``parse(render(blocks)) == normal(blocks)`` for everything that can be written.
    """
    return _Normal(options or RenderOptions()).blocks(blocks)


@dataclass(frozen=True, slots=True)
class _Normal:
    options: RenderOptions

    def blocks(self, blocks: Iterable[Json]) -> list[Block]:
        made: list[Block] = []
        for block in blocks:
            one = self.block(block)
            start = block.get("numbered_list_item", {}).get("list_start_index", 1)
            if start != 1 and one["type"] == "numbered_list_item" and (not made or made[-1]["type"] != one["type"]):
                one["numbered_list_item"]["list_start_index"] = start
            made.append(one)
        return made

    def block(self, block: Json) -> Block:
        kind: str = block.get("type") or ""
        payload: Json = block.get(kind) or {}
        write = _KINDS.get(kind) or (_Normal.media if kind in MEDIA else None)
        if write is None or (kind in OPAQUE and not self.options.extended):
            name = payload.get("block_type") if kind == "unsupported" else {"link_to_page": "alias"}.get(kind, kind)
            return make("unsupported", {"block_type": name} if name else {}, block.get("id"))
        return write(self, block)

    def words(self, rich_text: Iterable[Json] | None) -> list[dict[str, Any]]:
        return to_rich_text(settled(to_runs(rich_text or ())))

    def inside(self, block: Json) -> dict[str, Any]:
        children = self.options.children(block)
        if children is None and block.get("has_children"):
            return {"children": [make("unsupported", {}, block.get("id"))]}
        return {"children": self.blocks(children)} if children else {}

    def text(self, block: Json) -> Block:
        payload = _payload(block)
        kind = str(block["type"])
        made: dict[str, Any] = {"rich_text": self.words(payload.get("rich_text")), **_color(payload)}
        if kind == "to_do":
            made["checked"] = bool(payload.get("checked"))
        if kind.startswith("heading") and payload.get("is_toggleable"):
            made["is_toggleable"] = True
        return make(kind, {**made, **self.inside(block)})

    def titled(self, block: Json) -> Block:
        payload = _payload(block)
        icon = self.icon(block, payload)
        words = self.words(payload.get("rich_text"))
        return make(str(block["type"]), {"rich_text": words, **self.inside(block), **icon, **_color(payload)})

    def tabs(self, block: Json) -> Block:
        tabs = self.options.children(block) or ()
        plain = ({**tab, "paragraph": {**tab.get("paragraph", {}), "color": None}} for tab in tabs)
        return make("tab", {"children": [self.titled(tab) for tab in plain]})

    def icon(self, block: Json, payload: Json) -> dict[str, Any]:
        icon: Json = payload.get("icon") or {}
        kind = str(icon.get("type") or next(iter(icon), ""))
        if kind == "emoji":
            return {"icon": {"type": kind, kind: icon[kind]}}
        if kind == "icon":
            native = {"name": icon[kind]["name"], "color": icon[kind].get("color") or "gray"}
            return {"icon": {"type": kind, kind: native}}
        return {"icon": self.file(block, icon)} if kind in {"external", "file", "file_upload"} else {}

    def file(self, block: Json, payload: Json) -> dict[str, Any]:
        kind = file_kind(payload)
        if kind == "file_upload":
            return {"type": kind, kind: {"id": payload[kind]["id"]}}
        url = str(payload[kind]["url"])
        kept = kind == "file" and not url.startswith("notion-file:")
        return {"type": kind, kind: {"url": self.options.file_url(block, url) if kept else url}}

    def media(self, block: Json) -> Block:
        payload = _payload(block)
        kind = str(block["type"])
        file = self.file(block, payload)
        if kind == "image" and "url" in file[file["type"]]:
            file[file["type"]]["url"] = safe_url(file[file["type"]]["url"])
        named = self.options.extended and kind == "file" and payload.get("name")
        if named and self.options.compact and file["type"] != "file_upload":
            named = payload["name"] != file_name(file[file["type"]]["url"])
        name = {"name": payload["name"]} if named else {}
        identifier = block.get("id") if file["type"] == "file" and names_block(file["file"]["url"]) else None
        return make(kind, {**file, **self.caption(payload), **name}, identifier)

    def caption(self, payload: Json) -> dict[str, Any]:
        caption = self.words(payload.get("caption"))
        return {"caption": caption} if caption else {}

    def code(self, block: Json) -> Block:
        payload = _payload(block)
        plain = to_rich_text(to_runs([{"text": {"content": code_content(payload)}}]))
        caption = self.caption(payload) if self.options.extended else {}
        return make("code", {"rich_text": plain, "language": payload.get("language") or "plain text", **caption})

    def equation(self, block: Json) -> Block:
        payload = _payload(block)
        return make("equation", {"expression": _breaks(str(payload.get("expression") or ""))})

    def table(self, block: Json) -> Block:
        payload = _payload(block)
        rows = [row.get("table_row", {}).get("cells", []) for row in self.options.children(block) or ()]
        width = max((len(row) for row in rows), default=0)
        made = [[*(self.words(cell) for cell in row), *([] for _ in range(width - len(row)))] for row in rows]
        looks = {name: bool(payload.get(name)) for name in ("has_column_header", "has_row_header")}
        children = [make("table_row", {"cells": cells}) for cells in made]
        return make("table", {"table_width": width, **looks, "children": children})

    def columns(self, block: Json) -> Block:
        payload = _payload(block)
        ratio = payload.get("width_ratio") if self.options.extended else None
        return make(str(block["type"]), {**({"width_ratio": ratio} if ratio else {}), **self.inside(block)})

    def synced(self, block: Json) -> Block:
        payload = _payload(block)
        source: Json | None = payload.get("synced_from")
        kept = {"type": "block_id", "block_id": source["block_id"]} if source else None
        identifier = None if source else block.get("id")
        return make("synced_block", {"synced_from": kept, **self.inside(block)}, identifier)

    def document(self, block: Json) -> Block:
        payload = _payload(block)
        shown = {"is_inline": payload["is_inline"]} if payload.get("is_inline") is not None else {}
        return make(str(block["type"]), {"title": payload.get("title") or "", **shown}, block.get("id"))

    def bare(self, block: Json) -> Block:
        payload = _payload(block)
        return make(str(block["type"]), _color(payload))

    def link(self, block: Json) -> Block:
        payload = _payload(block)
        where = {"url": payload["url"]} if payload.get("url") else self.file(block, payload)
        return make(str(block["type"]), {**where, **self.caption(payload)})

    def link_to(self, block: Json) -> Block:
        payload = _payload(block)
        kind = str(payload.get("type") or next(iter(payload)))
        return make("link_to_page", {"type": kind, kind: payload[kind]})

    def meeting(self, block: Json) -> Block:
        payload = _payload(block)
        made: dict[str, Any] = {"title": self.words(payload.get("title"))}
        for name in ("summary", "notes", "transcript"):
            if payload.get(name) and (name != "transcript" or self.options.transcript):
                made[name] = self.blocks(payload[name])
        return make("meeting_notes", {**made, **self.inside(block)})


def _color(payload: Json) -> dict[str, Any]:
    return {"color": payload["color"]} if color_name(payload.get("color")) else {}


def _payload(block: Json) -> Json:
    return block.get(str(block["type"])) or {}


def _breaks(content: str) -> str:
    return content.replace("\r\n", "\n").replace("\r", "\n")


_Write = Callable[[_Normal, Json], Block]
_KINDS: dict[str, _Write] = {
    "callout": _Normal.titled,
    "tab": _Normal.tabs,
    "code": _Normal.code,
    "equation": _Normal.equation,
    "table": _Normal.table,
    "synced_block": _Normal.synced,
    "link_to_page": _Normal.link_to,
    "meeting_notes": _Normal.meeting,
    "transcription": _Normal.meeting,
    **dict.fromkeys(("divider", "breadcrumb", "table_of_contents"), _Normal.bare),
    **dict.fromkeys(("column_list", "column"), _Normal.columns),
    **dict.fromkeys(("bookmark", "embed", "link_preview"), _Normal.link),
    **dict.fromkeys(("child_page", "child_database"), _Normal.document),
    **dict.fromkeys(
        (
            *(f"heading_{level}" for level in range(1, 5)),
            *("paragraph", "bulleted_list_item", "numbered_list_item", "to_do", "quote", "toggle", "template"),
        ),
        _Normal.text,
    ),
}
