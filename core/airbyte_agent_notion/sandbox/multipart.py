"""Bodies of ``multipart/form-data``: the parts that a file upload is sent in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import Message

__all__ = ["MULTIPART", "Part", "named", "parse_multipart"]

MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: a field, or a file if it has a filename."""

    name: str
    content: bytes = field(repr=False)
    filename: str | None = None
    content_type: str | None = None

    def described(self) -> object:
        """What a log keeps of it: a field's text, a file's name, type and size."""
        if self.filename is None:
            return self.content.decode(errors="replace")
        return {"filename": self.filename, "content_type": self.content_type, "size": len(self.content)}


def named(parts: Sequence[Part], name: str) -> Part | None:
    """The first part of that name."""
    return next((each for each in parts if each.name == name), None)


def parse_multipart(content_type: str, raw: bytes) -> list[Part]:
    """The parts of a body; none if it is no form data. What is no part of a form (no name) is left out."""
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_type() != MULTIPART or not boundary:
        return []
    # A boundary stands at the start of a line; the line break before it is not the part's.
    pieces = (b"\r\n" + raw).split(b"\r\n--" + boundary.encode())
    found = (_part(piece) for piece in pieces[1:] if piece.startswith((b"\r\n", b" ", b"\t")))
    return [part for part in found if part is not None]


def _part(piece: bytes) -> Part | None:
    head, gap, content = piece.partition(b"\r\n\r\n")
    lines = [line.split(":", 1) for line in head.decode(errors="replace").split("\r\n") if ":" in line]
    headers = Message()
    for key, value in lines:
        headers[key.strip()] = value.strip()
    name = headers.get_param("name", header="content-disposition")
    if not gap or not isinstance(name, str):
        return None
    return Part(name=name, content=content, filename=headers.get_filename(), content_type=headers["content-type"])
