"""Pages as Markdown: written, read into blocks that are yet to be created, and edited in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..shaping.markdown import Matched, RenderOptions, children_of, parse, render_page, title_of
from ..shaping.markdown.matching import walk
from .context import Context
from .edits import Editor, parent_for
from .narrow import as_array
from .parse.block_content import new_content
from .parse.blocks import Draft
from .problems import invalid
from .state import Block, Database, Page
from .workspace import AnyRecord

__all__ = ["drafts_of", "inline_markdown", "keep_edit", "options_of", "page_text", "read_markdown", "tree_of"]

UNWRITABLE = ("unsupported", "child_page", "child_database", "meeting_notes", "link_preview")


def tree_of(context: Context, holder: Page | Block) -> list[dict[str, Any]]:
    """The blocks of a page or block as they are given out, with what each holds under ``children``."""
    return [_with_children(context, each) for each in context.workspace.children(holder)]


def _with_children(context: Context, record: Page | Block | Database) -> dict[str, Any]:
    body = context.render.block(record)
    return {**body, "children": tree_of(context, record) if isinstance(record, Block) else []}


def options_of(page: Page | Block, *, transcript: bool = False) -> RenderOptions:
    """How Notion writes: with the signed addresses of its files."""
    return RenderOptions(
        page_id=page.id if isinstance(page, Page) else None, transcript=transcript, file_url=lambda _, url: url
    )


def page_text(context: Context, holder: Page | Block, *, transcript: bool = False) -> dict[str, Any]:
    """The ``page_markdown`` object."""
    rendered = render_page(tree_of(context, holder), options=options_of(holder, transcript=transcript))
    return {
        "object": "page_markdown",
        "id": holder.id,
        "markdown": rendered.markdown,
        "truncated": rendered.truncated,
        "unknown_block_ids": list(rendered.unknown_block_ids),
    }


def read_markdown(context: Context, text: str, *, titled: bool) -> tuple[list[Any] | None, tuple[Draft, ...]]:
    """The title and the blocks of a new page; without a title of its own, the first heading is it."""
    emojis = {each.name: each.id for each in context.workspace.emojis.values()}
    blocks = parse(text, emojis=emojis)
    title, rest = (None, blocks) if titled else title_of(blocks)
    return title, drafts_of(context, rest)


def drafts_of(context: Context, blocks: Iterable[Mapping[str, Any]]) -> tuple[Draft, ...]:
    """Blocks to be created from parsed Markdown, to any depth; what Markdown cannot make is a 400."""
    return tuple(_draft(context, each) for each in blocks)


def _draft(context: Context, block: Mapping[str, Any]) -> Draft:
    kind = str(block["type"])
    if kind in UNWRITABLE:
        raise invalid(f"A block of type {kind} cannot be created from Markdown.")
    own = {key: each for key, each in block[kind].items() if key not in ("children", "list_start_index")}
    content = new_content(context, kind, own, f"body.markdown.{kind}")
    return Draft(type=kind, content=content, children=drafts_of(context, children_of(block) or ()))


def keep_edit(context: Context, editor: Editor, page: Page, matched: Matched) -> None:
    """Make a page what an edit has made of its text: blocks that were there keep their ids."""
    plan = _Plan(context, matched)
    plan.check(matched.blocks)
    for record in _lost(context, page, matched):
        record.trashed = True
    plan.write(editor, page, matched.blocks)
    editor.touch(page)


def _lost(context: Context, page: Page, matched: Matched) -> list[AnyRecord]:
    """What is to be trashed, the outermost of it. What the text does not show of a block that stays is not lost."""
    sealed = {str(each["id"]) for each in walk(matched.blocks, options_of(page)) if each["type"] in UNWRITABLE}
    found = [context.workspace.find(each) for each in matched.removed]
    lost: list[AnyRecord] = []
    for record in found:
        above = [] if record is None else [each.id for each in context.workspace.lineage(record)][1:]
        # What a synced copy shows may live elsewhere.
        if record is not None and page.id in above and not sealed.union(matched.removed).intersection(above):
            lost.append(record)
    return lost


class _Plan:
    """An edit that is checked whole before anything is written."""

    def __init__(self, context: Context, matched: Matched) -> None:
        self.context = context
        self.unchanged = matched.unchanged
        self.made: dict[int, Draft] = {}

    def check(self, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Read everything that is new or changed."""
        for each in blocks:
            identifier = each.get("id")
            if identifier is None:
                self.made[id(each)] = _draft(self.context, each)
                continue
            if self.context.workspace.find(str(identifier)) is None:
                raise self.context.missing("block", str(identifier))
            if str(identifier) not in self.unchanged and str(each["type"]) not in UNWRITABLE:
                self.made[id(each)] = replace(_draft(self.context, {**each, each["type"]: _own(each)}), children=())
            self.check(children_of(each) or ())

    def write(self, editor: Editor, holder: Page | Block, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Put the blocks into their holder, in order; what is trashed stays at its end."""
        ids: list[str] = []
        for each in blocks:
            identifier = each.get("id")
            if identifier is None:
                [block] = editor.insert(holder, len(holder.children), [self.made[id(each)]])
                ids.append(block.id)
            else:
                ids.append(self._keep(editor, holder, each))
        left = [each for each in holder.children if each not in ids]
        holder.children[:] = [*ids, *left]

    def _keep(self, editor: Editor, holder: Page | Block, block: Mapping[str, Any]) -> str:
        record = self.context.workspace.find(str(block["id"]))
        if not isinstance(record, Page | Block | Database):
            raise self.context.missing("block", str(block["id"]))
        former = self.context.workspace.find(record.parent.id)
        if former is not holder and isinstance(former, Page | Block):
            former.children.remove(record.id)
            record.parent = parent_for(holder)
        record.trashed = False
        if isinstance(record, Block):
            draft = self.made.get(id(block))
            if draft is not None:
                record.content = draft.content
                record.edited, record.edited_by = editor.now, editor.user_id
            if record.type not in UNWRITABLE and not record.content.plain.get("synced_from"):
                self.write(editor, record, children_of(block) or ())
        return record.id


def _own(block: Mapping[str, Any]) -> dict[str, Any]:
    payload: Mapping[str, Any] = block[str(block["type"])]
    return {key: each for key, each in payload.items() if key != "children"}


def inline_markdown(text: str) -> list[Any]:
    """The rich text of a comment: the words of all its lines."""
    found = [each[each["type"]].get("rich_text", []) for each in parse(text)]
    return [span for words in found for span in as_array(words, "body.markdown")]
