"""The files that Notion keeps in an object, wherever they stand in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from ..file_refs import file_ref, is_signed
from ..models.texts import StoredFile
from ..operation import JsonObject
from .shapes import items_of, object_of

__all__ = ["KeptFile", "kept_files", "kept_in_markdown"]

_AT_TOP = {"icon": "icon", "cover": "cover", "properties": "property", "attachments": "attachment"}
"""What a file is called that stands under these keys of an object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file and where it stands."""

    name: str | None
    url: str
    expiry_time: str | None
    type: str
    home: tuple[str, str]
    """Kind and id of what it is in."""

    @property
    def key(self) -> str:
        """What tells it from others; the same in every address of it."""
        return file_ref("", self.url).rpartition("/")[2]

    def told(self, ref: str) -> StoredFile:
        """As it is answered."""
        kind, identifier = self.home
        name = self.name or unquote(urlsplit(self.url).path.rpartition("/")[2])
        told: StoredFile = {
            "object": "file",
            "id": ref,
            "name": name,
            "url": self.url,
            "type": self.type,
            "parent": {"type": kind, kind: identifier},
        }
        expiry = self.expiry_time or _expiry(self.url)
        return {**told, "expiry_time": expiry} if expiry else told


def kept_files(holder: JsonObject, place: tuple[str, str]) -> Iterator[KeptFile]:
    """The files in a page, database, block or comment itself, which is at that place: not in what is inside it."""
    for key, name in _AT_TOP.items():
        yield from _files(holder.get(key), name, place)
    if holder.get("object") == "block":
        kind = str(holder.get("type"))
        yield from _files(holder.get(kind), kind, place)


def kept_in_markdown(markdown: str, page_id: str) -> Iterator[KeptFile]:
    """The files in Notion's Markdown of a page, where their addresses are signed."""
    from ..shaping.markdown import children_of, parse

    level: list[JsonObject] = parse(markdown)
    while level:
        for block in level:
            kind = str(block["type"])
            own = {key: value for key, value in object_of(block.get(kind)).items() if key != "children"}
            yield from _files(own, kind, ("page_id", page_id))
        level = [dict(child) for block in level for child in children_of(block) or ()]


def _files(value: object, kind: str, home: tuple[str, str]) -> Iterator[KeptFile]:
    """Every signed address at any depth, with the name that stands beside it."""
    for each in items_of(value):
        yield from _files(each, kind, home)
    given = object_of(value)
    for key, each in given.items():
        inner = object_of(each)
        url = inner.get("url")
        if key in {"file", "external"} and isinstance(url, str) and is_signed(url):
            name, expiry = given.get("name"), inner.get("expiry_time")
            yield KeptFile(
                name=name if isinstance(name, str) else None,
                url=url,
                expiry_time=expiry if isinstance(expiry, str) else None,
                type=kind,
                home=home,
            )
        else:
            yield from _files(each, "icon" if key == "icon" else kind, home)


_MOMENT = re.compile(r"\d{8}T\d{6}Z")


def _expiry(url: str) -> str | None:
    """When a signed address expires, where it says so itself."""
    query = {name.lower(): values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    begins, seconds = query.get("x-amz-date", ""), query.get("x-amz-expires", "")
    if not _MOMENT.fullmatch(begins) or not re.fullmatch(r"\d{1,7}", seconds):
        return None
    try:
        end = datetime.strptime(begins, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) + timedelta(seconds=int(seconds))
    except ValueError:
        return None
    return end.strftime("%Y-%m-%dT%H:%M:%S.000Z")
