"""The database: one engine, and transactions that read or write."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.dml import Delete, Update

from airbyte_agent_notion.errors import ConfigurationError

from .errors import StoreUnavailable

__all__ = ["Database", "changed", "insert_unless_there", "sqlite_file", "utc_now"]

BUSY_MILLISECONDS = 30_000
"""How long a writer waits for another one on SQLite."""
CONNECTIONS = 20
WRITES = "gateway_writes"


def utc_now() -> datetime:
    """The system's time, aware."""
    return datetime.now(UTC)


class Database:
    """An engine with the time that rows are stamped with."""

    def __init__(self, url: str, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.engine = _engine(url)
        self.now = clock
        self._writer = self.engine.execution_options(**{WRITES: True})

    @contextmanager
    def read(self) -> Generator[Session, None, None]:
        """A transaction that changes nothing."""
        with _translated(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def write(self) -> Generator[Session, None, None]:
        """A transaction that is committed at the end of the block, and rolled back by an exception."""
        with _translated(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def connection(self) -> Generator[Connection, None, None]:
        """A bare connection in a writing transaction, for migrations."""
        with _translated(), self._writer.begin() as connection:
            yield connection

    def log_ahead(self) -> None:
        """Let SQLite's readers and writers not wait for each other; the file remembers it."""
        with _translated(), closing(self.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode=WAL").close()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite URL; None for another database."""
    parts = make_url(url)
    return Path(parts.database or "").absolute() if parts.get_backend_name() == "sqlite" else None


def changed(session: Session, statement: Update | Delete) -> int:
    """Run a statement; how many rows it changed."""
    statement = statement.execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def insert_unless_there(session: Session, table: type[DeclarativeBase], values: dict[str, Any]) -> bool:
    """Insert a row unless one with the same unique columns is there; whether it was inserted.

    On PostgreSQL it waits for another transaction that is inserting the same.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(**values).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1


@contextmanager
def _translated() -> Generator[None, None, None]:
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        kind = type(error.orig if isinstance(error, DBAPIError) else error).__name__
        raise StoreUnavailable(f"The database failed ({kind}).") from error


def _engine(url: str) -> Engine:
    file = sqlite_file(url)
    if file is None:
        return create_engine(
            url,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": 10},
        )
    _make_private(file)
    engine = create_engine(url, pool_size=CONNECTIONS, max_overflow=0, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(file: Path) -> None:
    """The file, readable by its owner only; SQLite gives its other files the same mode."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        if file.stat().st_mode & 0o077:
            file.chmod(0o600)
    except OSError as error:
        raise ConfigurationError(
            f"The database file {file} cannot be opened ({error.strerror}).",
            hint="Give a data directory that this user may write to.",
        ) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transactions begin late and for reading; ours begin in _begin_sqlite.
    connection.isolation_level = None
    # SQLite's own knows ASCII only.
    connection.create_function("lower", 1, _lower, deterministic=True)
    for pragma in (f"busy_timeout={BUSY_MILLISECONDS}", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later cannot wait for another writer: it fails at once.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES) else "BEGIN")


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()
