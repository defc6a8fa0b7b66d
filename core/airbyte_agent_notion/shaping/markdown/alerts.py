"""GitHub's alerts, ``> [!NOTE]`` and the quoted lines that follow, as callouts."""

import re

from .containers import Reader, titled
from .dialect import Block
from .lines import Lines
from .make import make

__all__ = ["alert"]

_KINDS = {
    "note": ("\u2139\ufe0f", "blue"),
    "tip": ("\U0001f4a1", "green"),
    "important": ("\u2757", "purple"),
    "warning": ("\u26a0\ufe0f", "yellow"),
    "caution": ("\U0001f6d1", "red"),
}
_FIRST = re.compile(rf">[ \t]*\[!({'|'.join(_KINDS)})\][ \t]*\Z", re.IGNORECASE)


def alert(parser: Reader, at: int, end: int, depth: int) -> tuple[Block | None, int]:
    """The callout that begins at a line, and the line behind it; None if there is none."""
    lines = parser.document.lines
    found = _FIRST.match(lines[at].text)
    after = at + 1
    while found and after < end and lines[after].text.startswith(">") and not _FIRST.match(lines[after].text):
        after += 1
    if found is None or after == at + 1:
        return None, at + 1
    inner = Lines.of("\n".join(line.text[1:].removeprefix(" ") for line in lines[at + 1 : after]))
    icon, color = _KINDS[found.group(1).lower()]
    payload = titled(parser.within(inner, depth + 1))
    look = {"icon": {"type": "emoji", "emoji": icon}, "color": f"{color}_background"}
    return make("callout", {**payload, **look}), after
