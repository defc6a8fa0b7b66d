"""Where a page's text comes from: Notion's Markdown in one request, or the blocks where that does not serve."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape

from ...errors import (
    DeadlineExceeded,
    Forbidden,
    InvalidRequest,
    NotAvailable,
    NotFound,
    PolicyDenied,
)
from ...flow import Flow, gather
from ...models.markdown import PageMarkdown
from ...models.trees import BlockTree
from ...operation import Api, JsonObject
from ...shaping.markdown import RenderOptions, children_of, id_in, nested, parse, render, render_page
from ...shaping.markdown.dialect import OPAQUE
from ..blocks import GetBlock
from ..page_markdown import GetPageMarkdown
from ..tree import LEAVES
from ..whole_trees import whole_tree

__all__ = ["Source", "by_notion", "read_source"]

MAX_SINGLE = 20
"""Blocks that are read one by one; where there are more, all of the page's are read."""
AT_ONCE = 8
_NOT_SERVED = (Forbidden, InvalidRequest, NotAvailable, NotFound)
_TAG = re.compile(r"(\t*)<unknown url=\"([^\"]*)\"[^<>]*>[ \t]*")
_NEVER_SHOWN = frozenset({"button"})
"""What the API has no more to say of than Markdown does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page's content as Notion writes it, and what that leaves out."""

    markdown: str
    """Notion's own dialect, with the signed addresses of files."""
    blocks: Mapping[str, JsonObject] = field(default_factory=dict[str, JsonObject])
    """By id, blocks for which Notion's Markdown has a tag only, each with what is inside it under ``children``."""
    missing: tuple[str, ...] = ()
    """Ids of what could not be read."""
    cut_off: tuple[str, ...] = ()
    """Ids of blocks that Notion has left out, for which there may be a tag."""


def read_source(api: Api, page_id: str, *, transcript: bool) -> Flow[Source]:
    """The page's content, from its blocks where Notion does not give it as Markdown, or not all of it.

    Raises:
        NotFound: there is no such page or block.
    """
    try:
        source = yield from by_notion(api, page_id, transcript=transcript)
    except _NOT_SERVED as refusal:
        try:
            tree = yield from whole_tree(api, page_id)
        except _NOT_SERVED:
            raise refusal from None
        if isinstance(refusal, InvalidRequest) and not tree["blocks"]:
            raise  # It is no page: databases are blocks too, and empty ones.
        return _from_blocks(page_id, tree, transcript)
    return _filled(source, _options(page_id, transcript))


def by_notion(api: Api, page_id: str, *, transcript: bool = False) -> Flow[Source]:
    """The page's Markdown, and the blocks that it has no words for, or has cut off."""
    operation = GetPageMarkdown(page_id=page_id)
    if transcript:
        operation = operation.model_copy(update={"include_transcript": True})
    page = yield from api.call(operation)
    tagged = dict.fromkeys(_tagged(page))
    found: dict[str, JsonObject] = {}
    late: list[str] = []
    if len(tagged) > MAX_SINGLE:
        found, late = yield from _among_all(api, page_id, list(tagged))
    elif tagged:
        read = yield from gather([_one(api, each) for each in tagged], limit=AT_ONCE)
        found = {identifier: block for identifier, (block, _) in zip(tagged, read, strict=True) if block is not None}
        late = [each for _, unread in read for each in unread]
    cut_off = [id_in(each) or each for each in page.get("unknown_block_ids") or ()]
    unplaced = [each for each in cut_off if each not in tagged]
    return Source(
        markdown=page["markdown"],
        blocks={key: block for key, block in found.items() if block["type"] != "unsupported"},
        missing=tuple(dict.fromkeys([*late, *unplaced])),
        cut_off=tuple(cut_off),
    )


def _options(page_id: str, transcript: bool) -> RenderOptions:
    """How Notion writes."""
    return RenderOptions(page_id=page_id, transcript=transcript, file_url=lambda _, url: url)


def _filled(source: Source, options: RenderOptions) -> Source:
    """With what Notion has cut off in its place."""
    cut_off = [source.blocks[each] for each in source.cut_off if each in source.blocks]
    if not cut_off:
        return source
    written = {str(block["id"]): render([block], options=options).split("\n") for block in cut_off}
    lines: list[str] = []
    for line in source.markdown.split("\n"):
        tag = _TAG.fullmatch(line)
        inside = written.get(id_in(unescape(tag[2])) or "") if tag else None
        lines += [line] if tag is None or inside is None else [f"{tag[1]}{each}" if each else each for each in inside]
    shown = {block["id"]: block for block in _walked(cut_off) if block["type"] in OPAQUE}
    return replace(source, markdown="\n".join(lines), blocks={**source.blocks, **shown})


def _from_blocks(page_id: str, tree: BlockTree, transcript: bool) -> Source:
    """What Notion would write."""
    blocks = nested(tree)
    rendered = render_page(blocks, options=_options(page_id, transcript))
    skipped = [each["block_id"] for each in tree["skipped"] if each["reason"] != "loop"]
    beyond = [] if tree["next_cursor"] is None else [page_id]
    return Source(
        markdown=rendered.markdown,
        blocks={block["id"]: block for block in _walked(blocks) if block["type"] in OPAQUE},
        missing=tuple(dict.fromkeys([*rendered.unknown_block_ids, *skipped, *beyond])),
    )


def _tagged(page: PageMarkdown) -> Iterator[str]:
    """Ids of the blocks for which there is a tag only, in their order."""
    if "<unknown" not in page["markdown"]:
        return
    for block in _walked(parse(page["markdown"])):
        kind = block["unsupported"].get("block_type") if block["type"] == "unsupported" else "button"
        if block.get("id") and kind not in _NEVER_SHOWN:
            yield str(block["id"])


def _walked(blocks: Sequence[Mapping[str, object]]) -> Iterator[JsonObject]:
    for block in blocks:
        yield dict(block)
        yield from _walked(children_of(block) or ())


def _one(api: Api, block_id: str) -> Flow[tuple[JsonObject | None, list[str]]]:
    """A block with what is inside it, and the ids of what of that could not be read."""
    try:
        block: JsonObject = {**(yield from api.call(GetBlock(block_id=block_id)))}
        if not block.get("has_children") or block.get("type") in LEAVES:
            return {**block, "children": []}, []
        tree = yield from whole_tree(api, block_id)
    except (*_NOT_SERVED, DeadlineExceeded, PolicyDenied):
        return None, [block_id]
    skipped = [each["block_id"] for each in tree["skipped"] if each["reason"] != "loop"]
    beyond = [] if tree["next_cursor"] is None else [block_id]
    return {**block, "children": nested(tree)}, [*skipped, *beyond]


def _among_all(api: Api, page_id: str, wanted: list[str]) -> Flow[tuple[dict[str, JsonObject], list[str]]]:
    """The same of many blocks, from all that are in the page."""
    try:
        tree = yield from whole_tree(api, page_id)
    except (*_NOT_SERVED, DeadlineExceeded, PolicyDenied):
        return {}, wanted
    by_id = {str(block["id"]): block for block in _walked(nested(tree))}
    found = {each: by_id[each] for each in wanted if each in by_id}
    skipped = [each["block_id"] for each in tree["skipped"] if each["reason"] != "loop"]
    return found, [*(each for each in wanted if each not in by_id), *skipped]
