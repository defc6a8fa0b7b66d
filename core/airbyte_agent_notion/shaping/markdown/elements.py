"""The dialect's tags, images and equations on one line."""

import re
from typing import Any

from .dialect import COLORS, MEDIA, Block, names_block, notion_color
from .escape import unquoted
from .inline_parse import InlineParser
from .make import make, words_of
from .tags import ATTRIBUTES, CODE, tag_values, tag_words

__all__ = ["color_in", "element", "file_of", "looks_of"]

_LEAF = re.compile(rf"<([a-z][a-z_-]*)({ATTRIBUTES})(/?)>(?:(.*)</\1\s*>)?[ \t]*\Z", re.IGNORECASE | re.DOTALL)
_EQUATION = re.compile(r"\$\$((?:[^$]|\$(?!\$))+)\$\$[ \t]*\Z")
_LABEL = re.compile(rf"\\.|{CODE}|[\[\]]", re.DOTALL)
_TARGET = re.compile(
    r"\(\s*(?:<((?:[^<>\\\n]|\\.)*)>|((?:[^\\\s()<>]|\\.|\((?:[^\\\s()]|\\.|\([^\s()]*\))*\))*))"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)[ \t]*(?:\{[a-z]+=\"[^\"]*\"\})?[ \t]*\Z"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def element(line: str, inline: InlineParser) -> Block | None:
    """The block of a line that is one tag, an image or an equation; None if it is none of them."""
    if line[0] == "$":
        found = _EQUATION.match(line)
        return make("equation", {"expression": found.group(1).strip()}) if found else None
    if line[0] == "!":
        return _image(line, inline)
    found = _LEAF.match(line)
    if found is None:
        return None
    name, looks = found.group(1).lower(), looks_of(found.group(2))
    words = found.group(4)
    if words is not None and found.group(3):
        if not looks["url"] or not found.group(2).endswith(looks["url"]):
            return None
        looks["url"] += "/"  # <embed https://a.b/>text</embed>
    if words is not None or found.group(3) or ":" in looks["url"]:
        block = _leaf(name, looks, words or "", inline)
        if block is not None:
            return block
    return _void(name.replace("-", "_"), looks, inline) if not (words and words.strip()) else None


def looks_of(written: str) -> dict[str, str]:
    """Attributes; what stands bare in front is the address, and what follows it says what kind of thing is there."""
    looks, bare = tag_values(written), tag_words(written)
    known = {name: looks[name] for name in ("src", "source", "url") if looks.get(name)}
    url = next(iter(known.values()), "") or (bare.pop(0) if bare else "")
    return {**looks, "url": url, "alt": looks.get("alt") or (bare[0] if bare else "")}


def _image(line: str, inline: InlineParser) -> Block | None:
    depth = 0
    for found in _LABEL.finditer(line, 1):
        depth += {"[": 1, "]": -1}.get(found.group(), 0)
        if depth == 0:
            target = _TARGET.match(line, found.end())
            if target is None or line[1] != "[":
                return None
            written = target.group(1) if target.group(1) is not None else target.group(2)
            url = _plain_url(written)
            return _media("image", url, inline, line[2 : found.start()], {}) if url else None
    return None


def _plain_url(written: str) -> str:
    return unquoted(_ESCAPED.sub(lambda found: found.group(1), written))


def _media(kind: str, url: str, inline: InlineParser, caption: str, looks: dict[str, str]) -> Block:
    words = inline.rich_text(words_of(caption))
    name = {"name": looks["name"]} if looks.get("name") and kind == "file" else {}
    payload = {**file_of(url), **({"caption": words} if words else {}), **name}
    return make(kind, payload, inline.id_in(url) if names_block(url) else None)


def file_of(url: str) -> dict[str, Any]:
    """A file of Notion's, uploaded or elsewhere, by what stands for it."""
    if url.startswith("notion-file:"):
        return {"type": "file", "file": {"url": url}}
    if url.startswith("file-upload://"):
        return {"type": "file_upload", "file_upload": {"id": url.removeprefix("file-upload://")}}
    return {"type": "external", "external": {"url": url}}


def _leaf(name: str, looks: dict[str, str], words: str, inline: InlineParser) -> Block | None:
    """A tag with text inside."""
    url = looks["url"]
    if name in {"page", "database"}:
        title = "".join(run.body for run in inline.runs(words_of(words)))
        shown = {"is_inline": looks["inline"] == "true"} if "inline" in looks else {}
        return make(f"child_{name}", {"title": title, **shown}, inline.id_in(url) if url else None)
    if name in MEDIA and url:
        return _media(name, url, inline, words, looks)
    if name in {"bookmark", "embed"} and url:
        caption = inline.rich_text(words_of(words))
        where = {"url": url} if not url.startswith("file-upload://") else file_of(url)
        return make(name, {**where, **({"caption": caption} if caption else {})})
    return None


def _void(name: str, looks: dict[str, str], inline: InlineParser) -> Block | None:
    """A tag that stands alone."""
    url = looks["url"]
    if name in {"empty_block", "p"}:
        return make("paragraph", {"rich_text": [], **color_in(looks)})
    if name in {"table_of_contents", "toc"}:
        return make("table_of_contents", color_in(looks))
    if name == "unknown":
        payload = {"block_type": looks["alt"]} if looks.get("alt") else {}
        return make("unsupported", payload, inline.id_in(url))
    if name == "breadcrumb":
        return make(name, {})
    if name == "link_preview" and url:
        return make(name, {"url": url})
    if name in {"link", "link_to_page"} and (identifier := inline.id_in(url)):
        key = f"{looks.get('type') or 'page'}_id"
        return make("link_to_page", {"type": key, key: identifier})
    return None


def color_in(looks: dict[str, str]) -> dict[str, str]:
    """A block's colour, if the tag says one."""
    color = notion_color(looks.get("color", ""))
    return {"color": color} if color in COLORS else {}
