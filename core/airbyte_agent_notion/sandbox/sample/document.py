"""Writing a page: each method appends a block and returns a Document for what goes inside that block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..ids import derived_id
from ..state import Block, Content, FileValue, Icon, Page, Parent, Span
from ..workspace import Workspace
from .markup import page_id, rich

__all__ = ["Document"]


class Document:
    """A page or block to write into."""

    def __init__(self, workspace: Workspace, holder: Page | Block) -> None:
        self.workspace = workspace
        self.holder = holder

    @property
    def id(self) -> str:
        """Id of the page or block."""
        return self.holder.id

    def append(self, identifier: str) -> None:
        """Append a child that exists already."""
        self.holder.children.append(identifier)

    def block(self, kind: str, content: Content) -> Document:
        """Append a block of any type."""
        holder = self.holder
        block = Block(
            id=derived_id("block", holder.id, str(len(holder.children))),
            parent=Parent(kind="page_id" if isinstance(holder, Page) else "block_id", id=holder.id),
            created=holder.created,
            edited=holder.edited,
            created_by=holder.created_by,
            edited_by=holder.edited_by,
            type=kind,
            content=content,
        )
        self.workspace.blocks[block.id] = block
        self.append(block.id)
        return Document(self.workspace, block)

    def _text(self, kind: str, text: str, *, color: str = "default", icon: str | None = None, **plain: Any) -> Document:
        emoji = None if icon is None else Icon(kind="emoji", value=icon)
        return self.block(kind, Content(texts={"rich_text": rich(text)}, icon=emoji, plain={"color": color, **plain}))

    def heading(self, level: int, text: str, *, toggle: bool = False, color: str = "default") -> Document:
        """A heading of level 1 to 4."""
        return self._text(f"heading_{level}", text, color=color, is_toggleable=toggle)

    def paragraph(self, text: str, *, color: str = "default", icon: str | None = None) -> Document:
        """A paragraph; an icon only makes sense for the tabs of a tab block."""
        return self._text("paragraph", text, color=color, icon=icon)

    def paragraphs(self, *texts: str) -> None:
        """Several paragraphs."""
        for text in texts:
            self.paragraph(text)

    def bullet(self, text: str) -> Document:
        """A bulleted list item."""
        return self._text("bulleted_list_item", text)

    def bullets(self, *texts: str) -> None:
        """Several bulleted list items."""
        for text in texts:
            self.bullet(text)

    def number(self, text: str) -> Document:
        """A numbered list item."""
        return self._text("numbered_list_item", text)

    def numbers(self, *texts: str) -> None:
        """Several numbered list items."""
        for text in texts:
            self.number(text)

    def todo(self, text: str, *, checked: bool = False) -> Document:
        """A to-do."""
        return self._text("to_do", text, checked=checked)

    def toggle(self, text: str) -> Document:
        """A toggle."""
        return self._text("toggle", text)

    def quote(self, text: str) -> Document:
        """A quote."""
        return self._text("quote", text)

    def callout(self, text: str, *, icon: str, color: str = "gray_background") -> Document:
        """A callout."""
        return self._text("callout", text, icon=icon, color=color)

    def code(self, text: str, *, language: str, caption: str = "") -> Document:
        """A code block; the text is literal."""
        texts = {"rich_text": (Span(text=text),), "caption": rich(caption)}
        return self.block("code", Content(texts=texts, plain={"language": language}))

    def equation(self, expression: str) -> Document:
        """An equation block."""
        return self.block("equation", Content(plain={"expression": expression}))

    def divider(self) -> Document:
        """A divider."""
        return self.block("divider", Content())

    def bare(self, kind: str, **plain: Any) -> Document:
        """A block without text, such as ``breadcrumb`` or ``table_of_contents``."""
        return self.block(kind, Content(plain=plain))

    def table(self, *rows: Sequence[str], header: bool = True) -> Document:
        """A table; the first row is its header."""
        shape = {"table_width": len(rows[0]), "has_column_header": header, "has_row_header": False}
        table = self.block("table", Content(plain=shape))
        for row in rows:
            table.block("table_row", Content(cells=tuple(rich(cell) for cell in row)))
        return table

    def columns(self, *ratios: float) -> list[Document]:
        """A column list; one Document for each column."""
        holder = self.bare("column_list")
        return [holder.bare("column", width_ratio=ratio) for ratio in ratios]

    def tabs(self, *labels: tuple[str, str]) -> list[Document]:
        """A tab block; icon and label of each tab, one Document for each."""
        holder = self.bare("tab")
        return [holder.paragraph(label, icon=icon) for icon, label in labels]

    def link(self, kind: str, url: str, *, caption: str = "") -> Document:
        """A bookmark or an embed."""
        return self.block(kind, Content(texts={"caption": rich(caption)}, plain={"url": url}))

    def media(self, kind: str, name: str, *, url: str | None = None, caption: str = "") -> Document:
        """An image, video, audio, pdf or file; hosted by Notion unless it has a URL."""
        plain = {"name": name} if kind == "file" else {}
        return self.block(
            kind, Content(texts={"caption": rich(caption)}, file=FileValue(name=name, url=url), plain=plain)
        )

    def link_to_page(self, key: str) -> Document:
        """A link to the page with that key."""
        return self.bare("link_to_page", type="page_id", page_id=page_id(key))

    def synced(self) -> Document:
        """The original of a synced block."""
        return self.bare("synced_block", synced_from=None)

    def copy_of(self, original: Document) -> Document:
        """A synced copy."""
        return self.bare("synced_block", synced_from={"type": "block_id", "block_id": original.id})
