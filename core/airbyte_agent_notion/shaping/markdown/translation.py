"""Notion's own Markdown of a page in our dialect, and edits of that text as Notion takes them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from .changes import Change, Updates, steps
from .dialect import Block, id_in, object_url
from .edits import Refusal, update_content
from .inline_parse import InlineParser
from .kept_files import references, referred, signed
from .lines import Lines
from .normal import normal
from .options import RenderOptions
from .parse import Parser, parse
from .patches import with_old_lines
from .render import render, render_each
from .shown import Problem, Shown, shown_in

__all__ = ["Segment", "Translation"]

_BREAK = re.compile(r"\r\n|\r|\n")
_URL = re.compile(r"<[a-z_-]+ [^<>]*?url=\"([^\"]*)\"", re.IGNORECASE)
_OURS = re.compile(r"https://app\.notion\.com/p/[0-9a-f]{32}(?:#[0-9a-f]{32})?")
_BEHIND = re.compile(r"(?:[\r\n]+[ \t]*)+\Z")
_NUMBER = re.compile(r"\s*(\d+)[.)]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """An outermost block (in strange text several that stand on one line)."""

    notion: str
    """Its text as Notion gave it."""
    ours: str
    """The same in our dialect."""
    start: int
    """Where it begins in Notion's text."""
    blocks: tuple[Block, ...]

    @property
    def end(self) -> int:
        """Where it ends there."""
        return self.start + len(self.notion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A page's text in Notion's Markdown and in ours."""

    notion: str
    markdown: str
    """In our dialect; signed addresses of files are references."""
    segments: tuple[Segment, ...]
    shown: Shown
    """Blocks that are shown and cannot be edited as text."""
    files: Mapping[str, str]
    """Signed addresses by what stands for them."""
    urls: Mapping[str, str]
    """Addresses as Notion writes them, by ids."""
    replaced: Mapping[str, str]
    file_ref: Callable[[str], str] | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        notion_markdown: str,
        *,
        file_ref: Callable[[str], str] | None = None,
        replaced: Mapping[str, str] | None = None,
    ) -> "Translation":
        """Translate a page.

        Args:
            notion_markdown: as ``GET pages/{id}/markdown`` gives it.
            file_ref: what stands for a signed address of a file; without it such addresses are shown.
            replaced: by ids of blocks for which Notion has ``<unknown>``, their lines in our dialect; lines that are
                not one block of a kind that Notion's Markdown cannot write are passed over.
        """
        document = Lines.of(notion_markdown)
        roots = Parser(document, InlineParser(id_in=id_in)).roots()
        files: dict[str, str] = {}
        known = {id_in(key) or key: line for key, line in (replaced or {}).items()}
        urls = {identifier: url for url in _URL.findall(notion_markdown) if (identifier := id_in(url))}
        parsed = [referred(block, file_ref, files) if file_ref else block for block, _ in roots]
        shown, blocks = shown_in(parsed, known, _ours(urls))
        texts = render_each(blocks, options=_ours(urls))
        starts = [document.source[at] for _, at in roots]
        return cls(
            notion=notion_markdown,
            markdown="\n".join(texts),
            segments=tuple(_segments(notion_markdown, starts, blocks, texts)),
            shown=shown,
            files=files,
            urls=urls,
            replaced=known,
            file_ref=file_ref,
        )

    def updates(self, new_markdown: str) -> Updates | Problem:
        """What makes the page's text another one: its blocks that stay keep Notion's text byte for byte."""
        ours = _ours(self.urls)
        wanted = normal(parse(new_markdown), options=ours)
        written = self.shown.written(wanted, ours)
        if isinstance(written, Problem):
            return written
        if unknown := next((ref for ref in references(written) if ref not in self.files), None):
            return Problem(message=f"{unknown} is no file of this page: give the file's own address, or upload it.")
        sent = [signed(block, self.files) for block in written]
        texts = render_each(sent, options=RenderOptions(object_url=_addresses(self.urls)))
        made = self._change(wanted, texts).updates()
        return self._lost(wanted, made) or made

    def _change(self, wanted: Sequence[Block], texts: Sequence[str]) -> Change:
        ours = _ours(self.urls)
        old = [(at, _key(block, ours)) for at, one in enumerate(self.segments) for block in one.blocks]

        def stays(segment: int, place: int) -> bool:
            return _starts_with(self.segments[segment].notion, wanted, place)

        made = steps(old, [_key(block, ours) for block in wanted], texts, stays)
        patched = with_old_lines(made, [one.notion for one in self.segments], _addresses(self.urls))
        return Change(notion=self.notion, spans=[(one.start, one.end) for one in self.segments], steps=patched)

    def _lost(self, wanted: Sequence[Block], made: Updates) -> Problem | None:
        """The first line that Notion's Markdown has no words for: what would be there is not what is wanted."""
        applied = made.whole if made.whole is not None else update_content(self.notion, made.content_updates)
        if isinstance(applied, Refusal):
            return Problem(message=applied.message)
        again = Translation.of(applied, file_ref=self.file_ref, replaced=self.replaced)
        asked, got = (render(blocks, options=_ours(self.urls)).split("\n") for blocks in (wanted, again.blocks))
        for line, other in zip_longest(asked, got):
            if line != other:
                return Problem(message=f"Notion's Markdown cannot say all of this line: {line or other}")
        return None

    @property
    def blocks(self) -> list[Block]:
        """All outermost blocks."""
        return [block for one in self.segments for block in one.blocks]


def _ours(urls: Mapping[str, str]) -> RenderOptions:
    """How our dialect is written: with addresses in one form, whatever Notion wrote."""
    known = {identifier: url for identifier, url in urls.items() if _OURS.fullmatch(url)}
    return RenderOptions(compact=True, object_url=_addresses(known))


def _addresses(urls: Mapping[str, str]) -> Callable[[str, str, str | None], str]:
    def address(kind: str, identifier: str, page_id: str | None) -> str:
        known = urls.get(identifier) if kind != "user" else None
        return known or object_url(kind, identifier, page_id)

    return address


def _key(block: Block, options: RenderOptions) -> str:
    """A block as text that does not say where in a list it is."""
    kind = str(block["type"])
    payload: dict[str, Any] = {key: value for key, value in block[kind].items() if key != "list_start_index"}
    return render([{**block, kind: payload}], options=options)


def _starts_with(text: str, blocks: Sequence[Block], place: int) -> bool:
    """Whether a kept text has the number that its block must begin a list with."""
    block = blocks[place]
    if block["type"] != "numbered_list_item" or (place and blocks[place - 1]["type"] == "numbered_list_item"):
        return True
    found = _NUMBER.match(text)
    return found is not None and int(found.group(1)) == block["numbered_list_item"].get("list_start_index", 1)


def _segments(text: str, starts: Sequence[int], blocks: Sequence[Block], ours: Sequence[str]) -> Iterator[Segment]:
    begins = [0, *(found.end() for found in _BREAK.finditer(text))]
    firsts = sorted(set(starts))
    for line, after in zip_longest(firsts, firsts[1:]):
        inside = [at for at, start in enumerate(starts) if start == line]
        start, end = begins[line], len(text) if after is None else begins[after]
        yield Segment(
            notion=_BEHIND.sub("", text[start:end]),
            ours="\n".join(ours[at] for at in inside),
            start=start,
            blocks=tuple(blocks[at] for at in inside),
        )
