"""Ids and client secrets: made from the system's randomness, and kept as argon2 hashes."""

from __future__ import annotations

import re
import secrets
import uuid
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import SecretStr

__all__ = ["hash_secret", "is_id", "new_id", "new_secret", "verify_secret"]

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

# The least memory that OWASP names: many exchanges at once must not use up the server's.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def new_id() -> str:
    """A random uuid in its canonical form."""
    return str(uuid.uuid4())


def is_id(text: str) -> bool:
    """Whether a text has the form of ``new_id``'s."""
    return _ID.fullmatch(text) is not None


def new_secret() -> SecretStr:
    """A secret of 256 random bits, safe in headers, URLs and shells."""
    return SecretStr(secrets.token_urlsafe(32))


def hash_secret(secret: SecretStr) -> str:
    """An argon2id hash with its own salt and parameters in it."""
    return _HASHER.hash(secret.get_secret_value())


def verify_secret(hashed: str | None, secret: SecretStr) -> bool:
    """Whether the hash is the secret's. None, for somebody unknown, is False and takes as long."""
    try:
        _HASHER.verify(_nobodys() if hashed is None else hashed, secret.get_secret_value().encode(errors="replace"))
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


@cache
def _nobodys() -> str:
    return hash_secret(new_secret())
