"""Texts that stand where an id is wanted: what they are, and what is wrapped round an id."""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias

from ..fields import is_notion_url, parse_id, url_ids
from .guards import is_list, is_object

__all__ = ["Sort", "bare_id", "handle_kind", "sort_of", "url_part"]

Sort: TypeAlias = Literal["id", "url", "handle", "title", "other"]

_HANDLE = re.compile(r"(p|db|ds|b|u|c|v|f|x)\d{9}")
_WRAPPED = re.compile(r"\A(?:<(?P<angle>[^<>\s]+)>|`(?P<tick>[^`]+)`|\[[^\]]*\]\((?P<link>[^()\s]+)\))\Z")
_KINDS = (
    r"(?:notion[ _-]?)?"
    r"(?:page|database|data[ _-]?source|block|user|comment|view|file|collection|urn:uuid|uuid|handle)"
)
_SCHEMES = re.compile(
    rf"\A(?:(?:{_KINDS}[ _-]?)?id|{_KINDS})(?:://|\s*[:=]\s*|\s+)(?=(?:[0-9a-f-]{{32,36}}|[a-z]{{1,2}}\d{{9}})\W*\Z)",
    re.IGNORECASE,
)
_AROUND = " \t\r\n{}[]()<>\"'`.,;:\u201c\u201d\u2018\u2019\u00ab\u00bb"
"""Signs that models put round an id."""
_BETWEEN = re.compile(r"[\s_\u2010-\u2015-]+")
_BROKEN = re.compile(
    r"[0-9a-fA-F-]{16,}|[0-9a-fA-F-]{8,}(?:\.{2,}|\u2026)|[\w{}<>.-]*_id[}>]?|\.+|<.*>|\{.*\}|\d+", re.IGNORECASE
)
MAX_TITLE = 200


def sort_of(text: str) -> Sort:
    """What a text is, where an id is wanted: ``other`` is neither an id nor anything that could be a title."""
    said = text.strip()
    if _HANDLE.fullmatch(said):
        return "handle"
    if is_notion_url(said):
        return "url"
    try:
        parse_id(said)
    except ValueError:
        pass
    else:
        return "id"
    title = said and len(said) <= MAX_TITLE and said.isprintable() and "://" not in said and not _BROKEN.fullmatch(said)
    return "title" if title else "other"


def handle_kind(text: str) -> str | None:
    """The letters of a handle, which say what it names; None for anything else."""
    found = _HANDLE.fullmatch(text.strip())
    return found[1] if found else None


def bare_id(name: str, value: object) -> Any:
    """What the id of that name is given as, without brackets, code marks, a link round it, an object or a list."""
    for _ in range(4):
        if is_list(value) and len(value) == 1:
            value = value[0]
        elif is_object(value):
            inner = _in_object(name, value)
            if inner is None:
                return value
            value = inner
        else:
            break
    if not isinstance(value, str):
        return value
    said = value.strip()
    found = _WRAPPED.match(said)
    said = next((each for each in found.groups() if each), said) if found else said
    return _without_signs(_SCHEMES.sub("", said))


def _without_signs(said: str) -> str:
    """An id, a Notion URL or a handle without the signs round it; a title as it is."""
    bare = _SCHEMES.sub("", said.strip(_AROUND))
    bare = f"https://{bare[9:]}" if bare[:9].lower() == "notion://" else bare
    if _HANDLE.fullmatch(bare.lower()):
        return bare.lower()
    digits = _BETWEEN.sub("", bare)
    if sort_of(bare) not in {"id", "url"}:
        return digits if re.fullmatch(r"[0-9a-fA-F]{32}", digits) else said
    return bare


def _in_object(name: str, given: dict[str, object]) -> object:
    """The id in an object that holds one of the kind wanted: ``{"id": ...}``, a reference, or a whole object."""
    kind = given.get("object")
    if isinstance(kind, str):
        return given.get("id") if name in {f"{kind}_id", "id"} else None
    rest = {each: value for each, value in given.items() if each != "type"}
    [(key, value), *more] = rest.items() if rest else [("", None)]
    return value if not more and (key in {"id", name} or (key, name) == ("page_id", "block_id")) else None


def url_part(text: str) -> tuple[bool, bool]:
    """Whether a Notion URL names a view, and whether it names a block."""
    ids = url_ids(text)
    return ids.view is not None, ids.block is not None
