"""How single values are written: for a model, or as GitHub Markdown for people."""

import re
from collections.abc import Mapping
from typing import Any

from ...file_refs import is_signed
from ...narrowing import list_of, object_of
from ..markdown import RenderOptions, object_url, render
from ..shaped import Kind, Refs
from .escape import barred, escaped, escaped_name, guarded

__all__ = ["Ink", "MarkdownInk", "plain_text"]

_PLAIN = {"bold": False, "italic": False, "strikethrough": False, "underline": False, "code": False, "color": "default"}
_MARKS = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_ADDRESS = re.compile(r"[\s|<>()\\]")
_BREAK = re.compile(r"\r\n?|\n")


def plain_text(rich_text: Any) -> str:
    """Rich text without its looks."""
    return "".join([_content(object_of(item)) for item in list_of(rich_text)])


def _content(item: Mapping[str, Any]) -> str:
    found = item.get("plain_text")
    return str(object_of(item.get("text")).get("content") or "") if found is None else str(found)


def _is_plain(item: Mapping[str, Any]) -> bool:
    looks = item.get("annotations")
    return item.get("type", "text") == "text" and not item.get("href") and (not looks or looks == _PLAIN)


class Ink:
    """Writes for a model.

    Args:
        refs: how objects are named.
        container: the page, block or comment that files are in.
    """

    for_people = False

    def __init__(self, refs: Refs, container: str = "") -> None:
        self.refs = refs
        self.container = container
        self.notes: set[str] = set()
        """Keys of sentences that the values call for."""
        self.options = RenderOptions(compact=True, file_url=self._file)

    def _file(self, block: Mapping[str, Any], url: str) -> str:
        return self.refs.file(self.container or str(block.get("id") or ""), url)

    def text(self, content: str) -> str:
        """Text as a cell."""
        return escaped(content)

    def item(self, content: str) -> str:
        """Text as one of several in a cell."""
        return guarded(escaped(content))

    def guard(self, cell: str) -> str:
        """A cell as one of several in a cell."""
        return guarded(cell)

    def name(self, name: str) -> str:
        """The name of a property or column."""
        return escaped_name(name)

    def rich(self, rich_text: list[Any]) -> str:
        """Rich text as a cell: Markdown where there is more to it than text."""
        if len(rich_text) == 1 and _is_plain(rich_text[0]):
            return self.text(_content(rich_text[0]))
        if all(_is_plain(item) for item in rich_text):
            return self.text(plain_text(rich_text))
        self.notes.add("formatted")
        return self.formatted(rich_text)

    def formatted(self, rich_text: list[Any]) -> str:
        """Rich text as a cell with one line of Markdown."""
        return barred(self.markdown(self.rendered(rich_text)))

    def markdown(self, text: str) -> str:
        """Markdown in which objects have short names."""
        return self.refs.text(text)

    def rendered(self, rich_text: list[Any]) -> str:
        """Rich text as one line of Markdown."""
        block = {"type": "paragraph", "paragraph": {"rich_text": rich_text}}
        return render([block], options=self.options) if rich_text else ""

    def id(self, kind: Kind, identifier: object) -> str:
        """What stands for an object."""
        return self.refs.id(kind, str(identifier)) if identifier else ""

    def link(self, kind: Kind, identifier: object) -> str:
        """What stands for a page or database, and leads there."""
        return self.id(kind, identifier)

    def address(self, url: str) -> str:
        """An address as a cell; of a file that Notion keeps a reference."""
        return escaped(self.reference(url))

    def reference(self, url: str) -> str:
        """An address; of a file that Notion keeps a reference."""
        return self.refs.file(self.container, url) if is_signed(url) else url

    def named(self, name: str, target: str) -> str:
        """A file with its name, as one of several in a cell."""
        if not name or name == target:
            return guarded(escaped(target))
        return guarded(f"{escaped(name)} ({escaped(target)})")

    def titled(self, kind: Kind, identifier: object, title: str) -> str:
        """An object, and what it is called where that is of use beside its properties."""
        del title
        return self.id(kind, identifier)

    def person(self, user: Mapping[str, Any]) -> str:
        """A user's name as one of several in a cell."""
        return guarded(escaped(self._person(user)))

    def _person(self, user: Mapping[str, Any]) -> str:
        return self.refs.person(user) if user.get("id") else str(user.get("name") or "")


class MarkdownInk(Ink):
    """Writes for people."""

    for_people = True

    def text(self, content: str) -> str:
        """Text that is read as such."""
        return _BREAK.sub("<br>", _MARKS.sub(lambda found: f"\\{found.group()}", content))

    def item(self, content: str) -> str:
        """The same."""
        return self.text(content)

    def guard(self, cell: str) -> str:
        """The cell as it is."""
        return cell

    def name(self, name: str) -> str:
        """The same as text."""
        return self.text(name)

    def markdown(self, text: str) -> str:
        """Markdown whose addresses lead there."""
        return text

    def link(self, kind: Kind, identifier: object) -> str:
        """A link to Notion."""
        if not identifier:
            return ""
        return f"[{self.text(self.id(kind, identifier))}]({object_url('page', str(identifier))})"

    def address(self, url: str) -> str:
        """An address that can be followed."""
        return _ADDRESS.sub(_percent, self.reference(url))

    def named(self, name: str, target: str) -> str:
        """A link where the target is an address."""
        if not target.startswith("http"):
            return f"{self.text(name)} ({self.text(target)})" if name else self.text(target)
        return f"[{self.text(name or target)}]({_ADDRESS.sub(_percent, target)})"

    def titled(self, kind: Kind, identifier: object, title: str) -> str:
        """A link to Notion that is called as its target is."""
        return f"[{self.text(title or kind.replace('_', ' '))}]({object_url('page', str(identifier))})"

    def person(self, user: Mapping[str, Any]) -> str:
        """A user's name."""
        return self.text(self._person(user))


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found.group().encode())
