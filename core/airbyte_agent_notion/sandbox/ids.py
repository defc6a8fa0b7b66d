"""Identifiers: derived ones for deterministic content, and the checks that Notion applies to ids in requests."""

from __future__ import annotations

import hashlib
import re
import uuid

__all__ = ["NIL_ID", "derived_id", "parse_id", "property_id", "undashed"]

NIL_ID = "00000000-0000-0000-0000-000000000000"

_NAMESPACE = uuid.UUID("6f5d2b1e-8c07-5a43-9b60-1d2f3c4e5a6b")
# The version and variant digits are checked by Notion: 1234...-1234-1234-1234-... is malformed, not unknown.
_DASHED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_BARE = re.compile(r"[0-9a-f]{12}[1-8][0-9a-f]{3}[89ab][0-9a-f]{15}")
_PROPERTY_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ~_:;<>?@[]{}|^`=%"


def derived_id(*seed: str) -> str:
    """A dashed UUID that is the same for the same seed, with valid version and variant digits."""
    return str(uuid.uuid5(_NAMESPACE, "\x00".join(seed)))


def property_id(*seed: str) -> str:
    """A four-character property id, decoded; like Notion's it may need percent-encoding in a URL."""
    digest = hashlib.sha256("\x00".join(("property", *seed)).encode()).digest()
    return "".join(_PROPERTY_ALPHABET[byte % len(_PROPERTY_ALPHABET)] for byte in digest[:4])


def parse_id(text: str) -> str | None:
    """The dashed lower-case form of an id with or without dashes; None if it is malformed.

    The nil UUID is well formed (it is merely unknown).
    """
    lowered = text.lower()
    if lowered in (NIL_ID, undashed(NIL_ID)):
        return NIL_ID
    if _DASHED.fullmatch(lowered) or _BARE.fullmatch(lowered):
        return str(uuid.UUID(lowered))
    return None


def undashed(identifier: str) -> str:
    """The 32 digits of an id."""
    return identifier.replace("-", "")
