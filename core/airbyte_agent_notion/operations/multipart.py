"""A file and a few fields as ``multipart/form-data`` (RFC 7578), without I/O or randomness."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

__all__ = ["Form", "multipart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as it is sent."""

    content: bytes
    content_type: str


def multipart(
    fields: Mapping[str, str], *, file: bytes, filename: str | None = None, content_type: str | None = None
) -> Form:
    """The form that holds the fields and, as ``file``, the file."""
    # Of the content itself: it cannot stand in there, and equal forms are equal.
    boundary = sha256(file).hexdigest()
    # Without a type the receiver goes by the name.
    kind = f"Content-Type: {''.join(content_type.splitlines())}\r\n" if content_type else ""
    head = f'Content-Disposition: form-data; name="file"; filename="{_quoted(filename or "file")}"\r\n{kind}\r\n'
    parts = [
        *(f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()),
        head.encode() + file,
    ]
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    return Form(
        content=body + b"--%s--\r\n" % boundary.encode(), content_type=f"multipart/form-data; boundary={boundary}"
    )


def _quoted(name: str) -> str:
    # As HTML's forms have it.
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
