"""One edit of a page's text: read, computed on the text as it is shown, sent as one request, and looked at."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from ...brevity import MAX_TOKENS, brief, fitting, tokens
from ...errors import Conflict, InvalidParams, InvalidRequest
from ...file_refs import FILE_SCHEME
from ...flow import Flow
from ...models.markdown import PageMarkdown
from ...models.texts import PageText
from ...operation import Api, JsonObject
from ...shaping.markdown import Problem, RenderOptions, parse
from ...shaping.markdown.matching import DOCUMENTS, walk
from ..page_markdown import GetPageMarkdown, UpdatePageMarkdown
from .edited import Edited
from .hunks import hunks
from .places import settled
from .source import Source, by_notion
from .swallowed import swallowed
from .translated import translated

__all__ = ["added", "changed"]

_CHANGED_MEANWHILE = "The page may have been changed meanwhile: read it with pages.read, then edit again."
_OTHER_BLOCKS = "Nothing was changed. blocks.append, blocks.update and blocks.delete change such blocks."
_KEEP_THEM = (
    "Keep their tags in the text, or move them away first with pages.move; or, if they are to go, name them in drop."
)
_NAME_THEM = (
    "Nothing was changed. Close what the new text opens and keep rows in their table; or give the whole section, with "
    "section and markdown."
)
_MAX_PART = 15
"""Tokens of a block in a message."""
_MAX_TITLE = 8
_UNSEEN = "Notion's answer does not show the new text as it was given: read the page before relying on it."


def added(
    api: Api, page_id: str, markdown: str, position: Literal["start", "end"], *, operation: str
) -> Flow[PageText]:
    """Put Markdown at an end of the page, which is read only where the Markdown names files of it.

    Raises:
        InvalidParams: Notion's Markdown has no words for some of it.
    """
    text = settled(markdown, page_id)
    empty = translated(Source(markdown=""), page_id)
    if FILE_SCHEME in text:
        page = yield from api.call(GetPageMarkdown(page_id=page_id))
        empty = replace(empty, files=translated(Source(markdown=page["markdown"]), page_id).files)
    updates = empty.updates(text)
    if isinstance(updates, Problem):
        raise _unwritable(operation, updates.message)
    insertion: Any = {"content": updates.whole, "position": {"type": position}}
    step = UpdatePageMarkdown(page_id=page_id, type="insert_content", insert_content=insertion)
    answer = yield from api.call(step)
    now = translated(Source(markdown=answer["markdown"]), page_id).markdown
    seen = now.endswith(text) if position == "end" else now.startswith(text)
    return _told(page_id, text, unverified=not seen)


def changed(
    api: Api, page_id: str, edit: Callable[[str], Edited], *, drop: Sequence[str], operation: str
) -> Flow[PageText]:
    """Edit the text as it is now; nothing is sent where it stays the same.

    Raises:
        InvalidParams: the edit cannot be made, or takes away child pages that ``drop`` does not name, or other blocks
            that it does not name.
        Conflict: the text is to be written anew, and is another one by now.
    """
    source = yield from by_notion(api, page_id)
    before = translated(source, page_id)
    edited = edit(before.markdown)
    old, new = before.markdown, settled(edited.text, page_id)
    _check_swallowed(old, edited, operation)
    gone = _gone(old, new, drop, operation)
    updates = before.updates(new)
    if isinstance(updates, Problem):
        raise _unwritable(operation, updates.message)
    if updates.command is None:
        return _told(page_id, "", changed=False)
    if updates.whole is not None and source.cut_off:
        raise _unwritable(operation, "Notion does not show all of this page, and its text would be written anew.")
    if updates.whole is not None:
        yield from _check_unchanged(api, page_id, source)
    answer = yield from _sent(api, page_id, updates.command, gone)
    now = translated(replace(source, markdown=answer["markdown"]), page_id).markdown
    parts = hunks(old, new)
    return _told(page_id, "\n".join(parts), unverified=not _shows(now, new, parts, old))


def _check_swallowed(old: str, edited: Edited, operation: str) -> None:
    """Raise InvalidParams where an edit would make blocks that it does not name part of others."""
    lost = swallowed(old, edited.text, edited.named)
    if lost:
        said, end = f"{operation} would lose blocks that it does not name: ", "."
        room = MAX_TOKENS - tokens(f"{said}{end} {_NAME_THEM}") - tokens("; and 1000 more")
        raise InvalidParams(
            f"{said}{fitting((brief(each, _MAX_PART) for each in lost), room)}{end}",
            hint=_NAME_THEM,
            details={"operation": operation, "blocks": lost[:100]},
        )


def _check_unchanged(api: Api, page_id: str, source: Source) -> Flow[None]:
    """Raise Conflict where the page's text is not what the edit was computed from. Addresses of files may differ."""
    page = yield from api.call(GetPageMarkdown(page_id=page_id))
    if page["markdown"] == source.markdown:
        return
    now = translated(replace(source, markdown=page["markdown"]), page_id).markdown
    if now != translated(source, page_id).markdown:
        raise Conflict(
            "The page was changed by someone else while it was edited. Nothing was written.",
            status=409,
            hint="Read it with pages.read, then edit again.",
            details={"page_id": page_id},
        )


def _unwritable(operation: str, message: str) -> InvalidParams:
    room = MAX_TOKENS - tokens(f"{operation}: {_OTHER_BLOCKS}")
    return InvalidParams(
        f"{operation}: {brief(message, room)}", hint=_OTHER_BLOCKS, details={"operation": operation, "reason": message}
    )


def _sent(api: Api, page_id: str, command: JsonObject, gone: list[str]) -> Flow[PageMarkdown]:
    kind = command["type"]
    if gone:
        command = {**command, kind: {**command[kind], "allow_deleting_content": True}, "drop": gone}
    step = UpdatePageMarkdown.model_validate({"page_id": page_id, **command})
    try:
        return (yield from api.call(step))
    except InvalidRequest as error:
        error.hint = _CHANGED_MEANWHILE
        raise


def _gone(old: str, new: str, drop: Sequence[str], operation: str) -> list[str]:
    """Ids of the child pages and databases whose tags an edit takes away, all of which ``drop`` names."""
    kept = {block["id"] for block in _documents(new)}
    gone = {str(block["id"]): block for block in _documents(old) if block["id"] not in kept}
    children = [
        {"id": each, "type": block["type"], "title": str(block[block["type"]].get("title") or "")}
        for each, block in gone.items()
        if each not in drop
    ]
    if children:
        said = f"{operation} would put child pages or databases into the trash that drop does not name"
        room = MAX_TOKENS - tokens(f"{said}: . Nothing was changed. {_KEEP_THEM}") - tokens("; and 1000 more")
        shown = [f"{each['type']} {each['id']} {brief(each['title'], _MAX_TITLE)!r}" for each in children]
        raise InvalidParams(
            f"{said}: {fitting(shown, room, most=10)}. Nothing was changed.",
            hint=_KEEP_THEM,
            details={"operation": operation, "children": children},
        )
    return list(gone)


def _documents(text: str) -> Iterator[JsonObject]:
    for block in walk(parse(text), RenderOptions()):
        if block["type"] in DOCUMENTS and block.get("id"):
            yield dict(block)


def _shows(now: str, wanted: str, parts: Sequence[str], old: str) -> bool:
    """Whether the page as Notion answers it has the new lines; where lines were only to go, whether it has changed."""
    if now == wanted:
        return True
    return all(f"\n{part}\n" in f"\n{now}\n" for part in parts) if parts else now != old


def _told(page_id: str, markdown: str, *, changed: bool = True, unverified: bool = False) -> PageText:
    told: PageText = {
        "object": "page_text",
        "id": page_id,
        "markdown": markdown,
        "complete": True,
        "missing": [],
        "changed": changed,
    }
    return {**told, "unverified": _UNSEEN} if unverified else told
