"""What is written so that the parser reads back exactly the text that was meant."""

import re
from functools import lru_cache
from unicodedata import category
from urllib.parse import quote

__all__ = [
    "attribute",
    "attributes",
    "bare_first",
    "destination",
    "edges",
    "flanks",
    "line_start",
    "safe_url",
    "text",
    "unquoted",
]

_TEXT = re.compile(r"[\\*~`$\[\]<>{}|^\n\r]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
"""The dialect's escape list; underscores at the edge of a word, which CommonMark reads; what looks like an entity."""
_LINES = {"\n": "<br>", "\r": "&#13;"}
_START = re.compile(r"(?:#{1,6}|[-+])(?=[ \t]|$)|-(?=[ \t]*-[ \t]*-[- \t]*$)|(\d{1,9})[.)](?=[ \t]|$)")
_URL = re.compile(r"[\\<>()\[\]]|&(?=#?\w+;)")
_NO_URL = re.compile(r"[\x00-\x20\x7f`\s]")
_QUOTED = re.compile(r'["<>`\n\r]|&(?=#?\w+;)')
_BARE = re.compile(
    r"[A-Za-z][\w+.-]*(?:[:/][^\s\"'<>`\\|{}]*[^\s\"'<>`\\|{}/])?"
    r"|:[\w+-]+:|(?:(?!\s)[\u200d\u203c-\U0010ffff])+"
)
"""An address, a name, an icon: nothing that would be read as an attribute, or as the end of a tag."""
_ENTITY = re.compile(r"&(?:#(\d{1,7})|(quot|amp|lt|gt));")
_NAMED = {"quot": '"', "amp": "&", "lt": "<", "gt": ">"}
_CLOSING = frozenset(".,:;!?%\u2026\u3001\u3002\uff0c\uff0e\uff01\uff1f\uff1a\uff1b\uff05")
_OPENING = frozenset("\u00bf\u00a1")


def text(content: str) -> str:
    """Text as it stands in rich text; line breaks become ``<br>``."""
    return _TEXT.sub(_escaped, content) if _TEXT.search(content) else content


def _escaped(found: re.Match[str]) -> str:
    character = found.group()
    return _LINES.get(character) or f"\\{character}"


def line_start(line: str) -> str:
    """A line of escaped text that does not begin like a heading, a list item or a divider."""
    found = _START.match(line)
    if found is None:
        return line
    at = found.end(1) if found.group(1) else 0
    return f"{line[:at]}\\{line[at:]}"


def edges(line: str) -> str:
    """Escaped text that keeps its white space where the parser strips it: in front, and beyond one space behind."""
    if line and (line[0] in " \t"):
        line = f"&#{ord(line[0])};{line[1:]}"
    if line and (line[-1] == "\t" or line.endswith((" " * 2, "\t "))):
        line = f"{line[:-1]}&#{ord(line[-1])};"
    return line


def destination(url: str) -> str:
    """The URL of a link or image, between its parentheses."""
    return _URL.sub(_safe if _unbalanced(url) else _safe_but_parentheses, url)


def _safe(found: re.Match[str]) -> str:
    return "&amp;" if found.group() == "&" else f"\\{found.group()}"


def _safe_but_parentheses(found: re.Match[str]) -> str:
    return found.group() if found.group() in "()" else _safe(found)


def _unbalanced(url: str) -> bool:
    depth = 0
    for character in url:
        depth += (character == "(") - (character == ")")
        if not 0 <= depth <= 2:
            return True
    return depth != 0


def safe_url(url: str) -> str:
    """A URL without what no URL holds: white space, control characters and backticks are percent-encoded."""
    return _NO_URL.sub(lambda found: quote(found.group(), safe=""), url) if _NO_URL.search(url) else url


def attribute(value: str) -> str:
    """What stands between the quotes of a tag's attribute."""
    return _QUOTED.sub(_reference, value) if _QUOTED.search(value) else value


def _reference(found: re.Match[str]) -> str:
    character = found.group()
    name = next((name for name, plain in _NAMED.items() if plain == character), None)
    return f"&{name};" if name else f"&#{ord(character)};"


def attributes(**values: str | None) -> str:
    """`` name="value"`` for every value that is not None; an underscore in a name becomes a hyphen."""
    given = ((name.replace("_", "-"), value) for name, value in values.items() if value is not None)
    return "".join(f' {name}="{attribute(value)}"' for name, value in given)


def bare_first(name: str, value: str | None) -> str:
    """The same for one value that stands in front of all others, without name and quotes where it can."""
    if value is not None and _BARE.fullmatch(value) and value == attribute(value):
        return f" {value}"
    return attributes(**{name: value})


def unquoted(value: str) -> str:
    """The value of an attribute."""
    return _ENTITY.sub(_character, value) if "&" in value else value


def _character(found: re.Match[str]) -> str:
    if found.group(2):
        return _NAMED[found.group(2)]
    code = int(found.group(1))
    return chr(code) if code <= 0x10FFFF else found.group()


@lru_cache(maxsize=4096)
def flanks(before: str, after: str) -> tuple[bool, bool]:
    """Whether ``*`` or ``~~`` between these characters (empty at the edge of the text) may open and may close.

    CommonMark's rule, wider in one thing: ``**Note:**text`` and ``text**(note)**`` are read as they are meant.
    """
    space_before, space_after = not before or before.isspace(), not after or after.isspace()
    opens = not space_after and (space_before or _punctuation(before) or not _closing(after))
    closes = not space_before and (space_after or _punctuation(after) or not _opening(before))
    return opens, closes


def _punctuation(character: str) -> bool:
    return category(character)[0] in "PS"


def _closing(character: str) -> bool:
    return character in _CLOSING or category(character) in {"Pe", "Pf"}


def _opening(character: str) -> bool:
    return character in _OPENING or category(character) in {"Ps", "Pi"}
