"""The vault: AES-256-GCM under keys that are never in the database.

A key has an id; what it seals carries that id, and is bound to its place (table, column, row): moved elsewhere, it
does not open.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from airbyte_agent_notion.errors import ConfigurationError, NotionAgentError

__all__ = [
    "EnvironmentKeyring",
    "Keyring",
    "MissingKey",
    "Place",
    "Sealed",
    "VaultError",
    "VaultKey",
    "checked_key",
    "new_key",
]

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"
"""First byte of every ciphertext, so that another form can follow one day."""

_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class VaultError(NotionAgentError):
    """A sealed value does not open: it was changed, or belongs elsewhere."""

    code = "vault_error"
    default_hint = "Restore the row from a backup, or delete it and store the credentials anew."


class MissingKey(ConfigurationError):
    """The database needs a key that this server does not have."""

    code = "missing_vault_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a sealed value stands."""

    table: str
    row: str
    column: str = "ciphertext"

    def bound(self, key_id: str) -> bytes:
        """What the ciphertext is bound to; no two places give the same bytes."""
        return "\0".join(("airbyte-agent-notion-gateway", self.table, self.column, self.row, key_id)).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A value that only the vault can read."""

    key_id: str
    ciphertext: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultKey:
    """A key of the vault."""

    id: str
    secret: bytes = field(repr=False)

    def seal(self, text: str, *, place: Place) -> Sealed:
        """The text, encrypted and bound to its place."""
        nonce = os.urandom(NONCE_BYTES)
        body = AESGCM(self.secret).encrypt(nonce, text.encode(), place.bound(self.id))
        return Sealed(key_id=self.id, ciphertext=FORMAT + nonce + body)

    def open(self, sealed: Sealed, *, place: Place) -> str:
        """The text; raises VaultError if it was sealed elsewhere, or changed."""
        nonce, body = sealed.ciphertext[1 : NONCE_BYTES + 1], sealed.ciphertext[NONCE_BYTES + 1 :]
        try:
            if sealed.ciphertext[:1] != FORMAT:
                raise InvalidTag
            return AESGCM(self.secret).decrypt(nonce, body, place.bound(self.id)).decode()
        except (InvalidTag, ValueError):
            raise VaultError(
                f"What is sealed in {place.table}, row {place.row}, does not open.",
                details={"table": place.table, "row": place.row, "key_id": sealed.key_id},
            ) from None


class Keyring(ABC):
    """The keys by id. Keys once seen are remembered, so that a row read before a rotation still opens after it."""

    def __init__(self) -> None:
        self._seen: dict[str, VaultKey] = {}
        self._lock = threading.Lock()

    @abstractmethod
    def keys(self) -> Mapping[str, VaultKey]:
        """The keys as they stand now, the newest first; raises ConfigurationError if they cannot be read."""

    @property
    @abstractmethod
    def advice(self) -> str:
        """What a person does about a missing key."""

    def newest(self) -> str:
        """Id of the newest key."""
        return next(iter(self.current()))

    def current(self) -> Mapping[str, VaultKey]:
        """As ``keys``, and remember them."""
        keys = self.keys()
        with self._lock:
            self._seen.update(keys)
        return keys

    def key(self, key_id: str) -> VaultKey:
        """The key with that id, which may have left the ring meanwhile; raises MissingKey, naming the id."""
        found = self._seen.get(key_id) or self.current().get(key_id)
        if found is None:
            raise self._missing(key_id)
        return found

    def require(self, key_id: str) -> None:
        """Raise MissingKey unless the key is there now."""
        if key_id not in self.current():
            raise self._missing(key_id)

    def open(self, sealed: Sealed, *, place: Place) -> str:
        """The text; raises MissingKey or VaultError."""
        return self.key(sealed.key_id).open(sealed, place=place)

    def _missing(self, key_id: str) -> MissingKey:
        return MissingKey(
            f"The vault key {key_id!r}, which the database needs, is not there.",
            hint=self.advice,
            details={"key_id": key_id},
        )


class EnvironmentKeyring(Keyring):
    """Keys from a setting, ``id:base64,id2:base64``, the newest first.

    Raises:
        ConfigurationError: it has another form; the text shows no key.
    """

    def __init__(self, setting: SecretStr) -> None:
        super().__init__()
        found: dict[str, VaultKey] = {}
        for number, part in enumerate(setting.get_secret_value().split(","), start=1):
            key_id, colon, text = part.strip().partition(":")
            key = checked_key(key_id, text, where=f"Key {number} of NOTION_GATEWAY_KEYS") if colon else None
            if key is None or key.id in found:
                raise ConfigurationError(
                    f"Key {number} of NOTION_GATEWAY_KEYS {'has no id' if key is None else 'has the id of another'}.",
                    hint="Give id:base64,id2:base64 with the newest key first.",
                )
            found[key.id] = key
        self._keys = found

    @property
    def advice(self) -> str:
        """What a person does about a missing key."""
        return "Add it to NOTION_GATEWAY_KEYS and start again."

    def keys(self) -> Mapping[str, VaultKey]:
        """As given."""
        return self._keys


def checked_key(key_id: str, text: str, *, where: str) -> VaultKey:
    """A key from its id and base64; raises ConfigurationError, which begins with ``where`` and shows no key."""
    if not _KEY_ID.fullmatch(key_id):
        raise ConfigurationError(
            f"{where} has an id that is none.", hint="Use up to 64 letters, digits, dots, dashes and underscores."
        )
    try:
        padded = text.strip() + "=" * (-len(text.strip()) % 4)
        secret = base64.b64decode(padded.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise ConfigurationError(
            f"{where} is not {KEY_BYTES} bytes in base64.", hint="Make one with: openssl rand -base64 32"
        )
    return VaultKey(id=key_id, secret=secret)


def new_key() -> VaultKey:
    """A random key with a random id."""
    return VaultKey(id=f"k{secrets.token_hex(6)}", secret=os.urandom(KEY_BYTES))
