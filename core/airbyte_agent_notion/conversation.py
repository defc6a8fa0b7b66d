"""What one conversation with a model keeps: the handles that it has been given, and what is left of cut answers."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, cast

from .answers import Answers
from .brevity import MAX_TOKENS, brief, tokens
from .errors import InvalidParams, NotionAgentError, UnknownHandle
from .fields import where_ids_are
from .narrowing import list_of, object_of
from .shaping.addresses import lengthened, object_address
from .shaping.budget import cut
from .shaping.compact.lean import unsigned_text
from .shaping.fence import defused, framed, restored
from .shaping.handles import HANDLE, Handles, digits_of
from .shaping.hidden import shown, unshown
from .shaping.shaped import Shaped
from .shaping.text import encodable, error_text

__all__ = ["Conversation", "FollowUp", "Rest"]

KEPT_SECONDS = 15 * 60.0
MAX_RESTS = 64
MAX_CHARACTERS = 16_000_000
MAX_DEPTH = 100
MAX_ERROR_TOKENS = MAX_TOKENS + 25
"""By a count that is somewhat too high."""

_NEW = "m"
_MARKDOWN = frozenset(
    {"append", "content", "content_range", "find", "markdown", "new_str", "old_str", "prepend", "replace", "section"}
)
"""Parameters that hold Markdown as answers show it."""
_TEXT = frozenset(
    {"caption", "description", "display_name", "name", "plain_text", "query", "rich_text", "text", "title"}
)
"""Parameters that hold words: what looks like a handle there is a word."""
_IDS = re.compile(r"(?:.*_)?ids?|file|reference|drop")
"""Parameters that hold ids: an unknown handle there is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What is left of an answer."""

    whole: str
    start: int = 0
    """Where in the whole it begins."""
    source: str
    said: str
    """What is said at its end."""
    follow: FollowUp | None
    """What comes behind it in Notion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A call that goes on where a list's page ended."""

    entity: str
    action: str
    params: Mapping[str, Any]


class Conversation:
    """Handles and continuations. Safe to use from several threads and loops; nothing in it is secret to its connector.

    Args:
        now: seconds, for what expires.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.handles = Handles()
        self.names: dict[str, str | None] = {}
        """Names of users that were looked up."""
        self.addresses: dict[str, str] = {}
        """Handles of blocks whose address names a page as well, which their id alone does not give back."""
        self._now = now
        self._rests: OrderedDict[str, tuple[float, Rest | FollowUp]] = OrderedDict()
        self._lock = Lock()

    def answer(self, shaped: Shaped, call: FollowUp, answers: Answers) -> str:
        """A result as text within the budget; ``call`` is the call that it answers."""
        body = shaped.body
        if answers.fence:
            body = defused(shown(body)) if shaped.source else shown(body)
        body = encodable(body)
        follow = None
        if shaped.more is not None:
            follow = FollowUp(entity=call.entity, action=call.action, params={**call.params, **shaped.more})
        rest = Rest(whole=body, source=shaped.source, said=shaped.said, follow=follow)
        if shaped.outline and cut(body, answers.max_tokens, answers.count).rest:
            return self._with_outline(shaped.outline, rest, answers)
        return self._piece(rest, answers)

    def more(self, handle: object, answers: Answers) -> str | FollowUp:
        """What follows: the next piece of text, or the call that answers it.

        Raises:
            UnknownHandle: it is none of this conversation's, or too old.
        """
        with self._lock:
            found = self._rests.get(handle) if isinstance(handle, str) else None
        if found is None or found[0] < self._now():
            raise UnknownHandle(
                f"There is nothing more under {str(handle)[:40]!r}; what is left of an answer is kept for 15 minutes.",
                hint="Make the call again that gave it.",
            )
        return found[1] if isinstance(found[1], FollowUp) else self._piece(found[1], answers)

    def error(self, error: NotionAgentError, answers: Answers) -> str:
        """An error's text, kept short; handles stand for the ids of the choices that it names. The error says the same,
        for some frameworks show the error itself.
        """
        message, hint = error.message, error.hint
        if answers.handles:
            for choice in map(object_of, list_of(error.details.get("choices"))):
                identifier, kind = choice.get("id"), choice.get("object")
                if isinstance(identifier, str) and kind in _KINDS:
                    handle = self.handles.give(str(kind), identifier)
                    message, hint = message.replace(identifier, handle), hint.replace(identifier, handle)
        error.message, error.hint = self._plain(message, answers), self._plain(hint, answers)
        if tokens(str(error)) > MAX_ERROR_TOKENS:
            error.hint = brief(error.hint, MAX_TOKENS // 2)
            error.message = brief(error.message, MAX_TOKENS - tokens(error.hint))
        return error_text(error)

    def _plain(self, text: str, answers: Answers) -> str:
        """A line that may hold words of the workspace."""
        line = unsigned_text(" ".join(text.split("\n")), lambda _, url: url.partition("?")[0], "")
        return encodable(defused(shown(line)) if answers.fence else line)

    def expanded(self, params: Mapping[str, Any], answers: Answers) -> dict[str, Any]:
        """Parameters with ids and addresses in place of handles, and Markdown as Notion has it.

        Raises:
            UnknownHandle: one that this conversation has not given out stands where an id belongs.
            InvalidParams: the parameters are nested too deeply.
        """
        return {key: self._expanded(value, key, answers) for key, value in params.items()}

    def _expanded(self, value: Any, key: str, answers: Answers, depth: int = 0) -> Any:
        if depth > MAX_DEPTH:
            raise InvalidParams(f"{key} is nested more than {MAX_DEPTH} levels deep.", hint="Send it in parts.")
        if isinstance(value, Mapping):
            inner = cast("Mapping[str, Any]", value)
            return {
                self._seen(name, answers): self._expanded(each, name, answers, depth + 1)
                for name, each in inner.items()
            }
        if isinstance(value, list):
            return [self._expanded(each, key, answers, depth + 1) for each in list_of(cast("object", value))]
        if not isinstance(value, str):
            return value
        text = self._seen(value, answers)
        return self._long(text) if key in _MARKDOWN else text if key in _TEXT else self._one(text, key)

    @staticmethod
    def _seen(text: str, answers: Answers) -> str:
        """Text as it is in the workspace, of text as it was shown."""
        return unshown(restored(text)) if answers.fence else text

    def _one(self, value: str, key: str) -> str:
        bare = value.strip(" \t\n<>[]{}()`'\"@")
        bare = bare if HANDLE.fullmatch(bare) else bare.lower()
        if not HANDLE.fullmatch(bare):
            return value
        known = self.handles.find(bare)
        if known is not None:
            return known.identifier
        if _IDS.fullmatch(key):
            raise UnknownHandle(
                f"{key}: {bare} is no handle of this conversation.",
                hint=f"Take one from an answer, or give the id or URL; {where_ids_are(key)} has them.",
            )
        return value

    def _long(self, markdown: str) -> str:
        def address(handle: str) -> str | None:
            known = self.handles.find(handle)
            return self.addresses.get(handle) or object_address(known.kind, known.identifier) if known else None

        return lengthened(markdown, address)

    def _with_outline(self, outline: str, rest: Rest, answers: Answers) -> str:
        marked = encodable(defused(shown(outline)) if answers.fence else outline)
        head = cut(marked, answers.max_tokens // 4, answers.count).piece
        above = _fenced(head, f"outline of {rest.source}", answers)
        told = f"{above}\n{_LONG}\n"
        return told + self._piece(rest, answers, taken=answers.count(told))

    def _piece(self, rest: Rest, answers: Answers, *, taken: int = 0) -> str:
        """As much of an answer as fits, and a handle for what is left."""
        limit = answers.max_tokens - taken
        body, said = rest.whole[rest.start :], self._last_word(rest)
        if not body:
            return cut(said or _NOTHING, max(limit, 1), answers.count).piece
        part = cut(body, max(limit - answers.count(_put(rest, "", said, answers)), 1), answers.count)
        if not part.rest and answers.count(whole := _put(rest, body, said, answers)) <= limit:
            return whole
        told = _CUT.format(handle=_NEW + "0" * 9)
        room = limit - answers.count(_put(rest, "", told, answers))
        while True:
            part = cut(body, max(room, 1), answers.count)
            over = answers.count(_put(rest, part.piece, told, answers)) - limit
            if over <= 0 or room <= 1:
                break
            room -= over
        left = replace(rest, start=rest.start + len(part.piece))
        return _put(rest, part.piece, _CUT.format(handle=self._keep(left)), answers)

    def _last_word(self, rest: Rest) -> str:
        """What is said at the end, and how to go on in Notion."""
        if rest.follow is None:
            return rest.said
        return f'{rest.said} {{"more": "{self._keep(rest.follow)}"}}'.strip()

    def _keep(self, kept: Rest | FollowUp) -> str:
        handle = f"{_NEW}{digits_of(repr(kept))[:9]}"
        with self._lock:
            self._rests.pop(handle, None)
            self._rests[handle] = (self._now() + KEPT_SECONDS, kept)
            while len(self._rests) > MAX_RESTS or (len(self._rests) > 1 and self._size() > MAX_CHARACTERS):
                self._rests.popitem(last=False)
        return handle

    def _size(self) -> int:
        """Characters that are kept; pieces of one answer share its text."""
        wholes = {id(kept.whole): len(kept.whole) for _, kept in self._rests.values() if isinstance(kept, Rest)}
        return sum(wholes.values())


_NOTHING = "Nothing."
_LONG = 'It is long: read one section with {"section": "..."}, or go on here.'
_CUT = 'Cut here; for what follows call again with {{"more": "{handle}"}}.'
_KINDS = frozenset({"page", "database", "data_source", "block", "user", "comment", "view"})


def _put(rest: Rest, body: str, said: str, answers: Answers) -> str:
    framed = _fenced(body, rest.source, answers)
    return f"{framed}\n{said}" if framed and said else framed or said


def _fenced(body: str, source: str, answers: Answers) -> str:
    return framed(body, source) if answers.fence and source and body else body
