"""A new vault key in place of the old one, while gateways run.

Four steps, each of which can be cut off and is gone on with by the next run: a new key joins the ring, it becomes the
active one, every row is sealed anew, the old keys leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from airbyte_agent_notion.errors import ConfigurationError

from .faults import fault_point
from .key_file import FileKeyring
from .store import Store, StoreUnavailable
from .store.engine import changed, insert_unless_there
from .store.sealing import SEALED_TABLES
from .store.tables import VaultKeyRow
from .vault import Keyring, VaultError, new_key

__all__ = ["Rotation", "rotate_keys"]

BATCH = 200
PASSES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What a rotation did."""

    active: str
    """Id of the key that everything is sealed with now."""
    resealed: int
    """How many rows this run sealed anew."""
    removable: tuple[str, ...]
    """Ids of keys that nothing needs any more."""
    dropped: bool
    """Whether they have left the key file; those from the environment the operator removes."""


def rotate_keys(store: Store) -> Rotation:
    """Seal everything with a new key; a rotation that was cut off is gone on with, without another key.

    With keys from the environment the first of them is the new one.

    Raises:
        ConfigurationError: a key that a row needs is missing; or the environment names no new key.
        VaultError: rows do not open. All others are sealed anew, and the old keys stay.
    """
    keyring = store.sealer.keyring
    with keyring.locked() if isinstance(keyring, FileKeyring) else nullcontext():
        active, retired = _states(store)
        for key_id in {active, *_in_use(store)}:
            keyring.require(key_id)
        target = _target(store, keyring, active, going_on=bool(retired))
        fault_point("rotate.added")
        _activate(store, target)
        fault_point("rotate.activated")
        count = _reseal_all(store, target)
        fault_point("rotate.resealed")
        return _clean_up(store, keyring, target, count)


def _states(store: Store) -> tuple[str, Sequence[str]]:
    with store.database.read() as session:
        rows = session.execute(select(VaultKeyRow.id, VaultKeyRow.state).order_by(VaultKeyRow.created_at)).all()
    active = [key_id for key_id, state in rows if state == "active"]
    if not active:
        raise VaultError("The database names no active vault key.", hint="Restore it from a backup.")
    return active[0], [key_id for key_id, state in rows if state == "retired"]


def _in_use(store: Store) -> set[str]:
    found: set[str] = set()
    with store.database.read() as session:
        for table in SEALED_TABLES:
            found.update(session.scalars(select(table.key_id).distinct()))
    return found


def _target(store: Store, keyring: Keyring, active: str, *, going_on: bool) -> str:
    newest = keyring.newest()
    if newest != active or going_on:
        return newest
    if isinstance(keyring, FileKeyring):
        keyring.add(new_key(), now=store.database.now())
        return keyring.newest()
    raise ConfigurationError(
        f"NOTION_GATEWAY_KEYS names no newer key than {active!r}, which is the active one.",
        hint="Put a new one before it, id:base64 (openssl rand -base64 32 makes one), restart every gateway with that, "
        "then run this again.",
    )


def _activate(store: Store, target: str) -> None:
    with store.database.write() as session:
        # Waits on PostgreSQL for whoever is sealing with the old key in this moment.
        session.scalars(select(VaultKeyRow.id).with_for_update()).all()
        others = (VaultKeyRow.state == "active", VaultKeyRow.id != target)
        changed(session, update(VaultKeyRow).where(*others).values(state="retired"))
        fault_point("rotate.retired")
        fresh = {"id": target, "state": "active", "created_at": store.database.now()}
        if not insert_unless_there(session, VaultKeyRow, fresh):
            changed(session, update(VaultKeyRow).where(VaultKeyRow.id == target).values(state="active"))


def _reseal_all(store: Store, target: str) -> int:
    count = 0
    for _ in range(PASSES):
        broken: list[VaultError] = []
        for table in SEALED_TABLES:
            count += _reseal_table(store, table, target, broken)
        if broken:
            raise VaultError(
                f"{len(broken)} sealed rows do not open; the first is row {broken[0].details['row']} in "
                f"{broken[0].details['table']}. All others have the new key, and the old keys stay.",
                hint="Restore or delete these rows, then run this again.",
                details={"rows": [error.details for error in broken]},
            )
        if not _in_use(store) - {target}:
            return count
    raise StoreUnavailable("Rows are still being sealed with the old key.", hint="Run this again.")


def _reseal_table(store: Store, table: type[Any], target: str, broken: list[VaultError]) -> int:
    count, last = 0, ""
    while True:
        query = select(table.id).where(table.key_id != target)
        with store.database.read() as session:
            # Ids are compared as texts, whatever the column makes of the empty one.
            ids = session.scalars(query.where(table.id > last).order_by(table.id).limit(BATCH)).all()
        for row_id in ids:
            try:
                count += _reseal(store, table, row_id, target)
            except VaultError as error:
                broken.append(error)
            fault_point("rotate.row")
        if not ids:
            return count
        last = ids[-1]


def _reseal(store: Store, table: type[Any], row_id: str, target: str) -> int:
    with store.database.write() as session:
        row = session.get(table, row_id)
        if row is None or row.key_id == target:
            return 0
        sealed = store.sealer.seal(session, store.sealer.open(row), table=table, row=row_id)
        fault_point("rotate.sealed")
        unchanged = (table.id == row_id, table.ciphertext == row.ciphertext)
        count = changed(session, update(table).where(*unchanged).values(sealed))
        fault_point("rotate.swapped")
    return count


def _clean_up(store: Store, keyring: Keyring, target: str, count: int) -> Rotation:
    old = [key_id for key_id in keyring.current() if key_id != target]
    if isinstance(keyring, FileKeyring):
        keyring.drop(old)
    fault_point("rotate.dropped")
    with store.database.write() as session:
        _forget(session, target)
    fault_point("rotate.forgotten")
    return Rotation(
        active=target, resealed=count, removable=tuple(old), dropped=isinstance(keyring, FileKeyring) and bool(old)
    )


def _forget(session: Session, target: str) -> None:
    unused = [VaultKeyRow.id.not_in(select(table.key_id)) for table in SEALED_TABLES]
    changed(session, delete(VaultKeyRow).where(VaultKeyRow.id != target, VaultKeyRow.state == "retired", *unused))
