"""The vault's keys in a file: ``{"keys": [{"id", "key", "created"}]}``, the newest first.

The file changes as a whole or not at all, and is read again when it has changed.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from airbyte_agent_notion.errors import ConfigurationError

from .faults import fault_point
from .locks import file_lock
from .vault import Keyring, VaultKey, checked_key

__all__ = ["FileKeyring"]


class FileKeyring(Keyring):
    """Keys from a file that only its owner may read.

    Raises (when the keys are asked for):
        ConfigurationError: the file is not there, may be read by others, or holds something else.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._reading = threading.Lock()
        self._stamp: tuple[int, ...] = ()
        self._entries: list[dict[str, Any]] = []
        self._keys: dict[str, VaultKey] = {}

    @property
    def advice(self) -> str:
        """What a person does about a missing key."""
        return f"Restore it to the key file {self.path}; what it sealed cannot be read without it."

    def keys(self) -> Mapping[str, VaultKey]:
        """The keys of the file as it stands."""
        with self._reading:
            self._refresh()
            return dict(self._keys)

    def create(self, *, now: datetime, key: VaultKey) -> bool:
        """Make the file with one key; False if it is there already. Of several processes one makes it."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.locked():
            if self.path.exists():
                return False
            self._replace([_entry(key, now)])
        return True

    def locked(self) -> AbstractContextManager[None]:
        """Held by whoever changes the file; ``create`` takes it by itself."""
        return file_lock(self.path.with_name(f"{self.path.name}.lock"))

    def add(self, key: VaultKey, *, now: datetime) -> None:
        """Put a key before the others; the caller holds the lock."""
        self.keys()
        self._replace([_entry(key, now), *self._entries])

    def drop(self, key_ids: Sequence[str]) -> tuple[str, ...]:
        """Remove keys; the ids of those that were there. The caller holds the lock."""
        gone = tuple(key_id for key_id in self.keys() if key_id in key_ids)
        if gone:
            self._replace([entry for entry in self._entries if entry["id"] not in gone])
        return gone

    def _replace(self, entries: Sequence[Mapping[str, Any]]) -> None:
        written = self._write(entries)
        fault_point("keys.written")
        written.replace(self.path)
        fault_point("keys.replaced")
        _sync_folder(self.path.parent)

    def _write(self, entries: Sequence[Mapping[str, Any]]) -> Path:
        for left in self.path.parent.glob(f".{self.path.name}.*.new"):
            left.unlink(missing_ok=True)  # of a process that was killed here; it holds keys
        path = self.path.with_name(f".{self.path.name}.{secrets.token_hex(8)}.new")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"keys": list(entries)}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        return path

    def _refresh(self) -> None:
        try:
            state = self.path.stat()
            stamp = (state.st_mtime_ns, state.st_ino, state.st_size, state.st_mode)
            if stamp == self._stamp:
                return
            _check_mode(self.path, state.st_mode)
            text = self.path.read_bytes()
        except OSError as error:
            raise ConfigurationError(
                f"The key file {self.path} cannot be read ({error.strerror}).", hint=self.advice
            ) from error
        entries = _entries(text)
        if not entries:
            raise ConfigurationError(f"The key file {self.path} holds no keys.", hint="Restore it from a backup.")
        where = f"A key in {self.path}"
        keys = [checked_key(str(entry.get("id")), str(entry.get("key")), where=where) for entry in entries]
        self._keys, self._entries, self._stamp = {key.id: key for key in keys}, entries, stamp


def _entry(key: VaultKey, now: datetime) -> dict[str, Any]:
    return {"id": key.id, "key": base64.b64encode(key.secret).decode(), "created": now.isoformat()}


def _entries(text: bytes) -> list[dict[str, Any]] | None:
    try:
        data: object = json.loads(text)
    except ValueError:
        return None
    listed = cast("dict[str, Any]", data).get("keys") if isinstance(data, dict) else None
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in cast("list[object]", listed)):
        return None
    return cast("list[dict[str, Any]]", listed)


def _check_mode(path: Path, mode: int) -> None:
    if os.name == "posix" and mode & 0o077:
        raise ConfigurationError(
            f"The key file {path} may be read by other users.", hint=f"Take that away with: chmod 600 {path}"
        )


def _sync_folder(folder: Path) -> None:
    """Make a rename last beyond a loss of power."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
