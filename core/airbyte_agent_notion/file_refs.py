"""References to files that Notion keeps: addresses are signed and good for an hour, a reference stays the same."""

import re
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

__all__ = ["FILE_SCHEME", "FileRef", "file_ref", "is_signed", "parse_file_ref"]

FILE_SCHEME = "notion-file:"

_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_REF = re.compile(rf"{FILE_SCHEME}([0-9a-f]{{32}})/([0-9a-f]{{32}})")
_SIGNED = re.compile(r"[?&](?:x-amz-signature|x-amz-credential|signature|exp|expirationtimestamp)=", re.IGNORECASE)


class FileRef(NamedTuple):
    """Where a file is: in which object, and which of its files."""

    container: str
    """Id of the page, block or comment that holds it: 32 hex digits."""
    key: str
    """The file's own: 32 hex digits."""


def is_signed(url: str) -> bool:
    """Whether an address lets whoever has it open a file for a while."""
    return _SIGNED.search(url) is not None


def file_ref(container: str, url: str) -> str:
    """``notion-file:<container>/<key>`` for a file's address; the same for every address that it is ever given."""
    return f"{FILE_SCHEME}{container.replace('-', '').lower()}/{file_key(url)}"


def file_key(url: str) -> str:
    """The file's own id in its address: the last UUID of the path; else a digest of the path."""
    path = unquote(urlsplit(url).path)
    found = _UUID.findall(path.rpartition("/")[0])
    return found[-1].replace("-", "").lower() if found else sha256(path.encode()).hexdigest()[:32]


def parse_file_ref(text: str) -> FileRef | None:
    """The parts of a reference; None for anything else."""
    found = _REF.fullmatch(text.strip().lower())
    return FileRef(*found.groups()) if found else None
