"""Bringing a database to the newest migration, by one process at a time."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text

from airbyte_agent_notion.errors import ConfigurationError

__all__ = ["current_revision", "newest_revision", "upgrade"]

FOLDER = Path(__file__).parent.parent / "migrations"
LOCK = 7_310_482_255_101
"""Any number that no other program takes as the key of an advisory lock."""

_alembic = threading.Lock()  # Alembic's context is one per process.


def upgrade(connection: Connection, *, revision: str = "head") -> None:
    """Run what is missing, in the connection's transaction: all of it or nothing. Others wait until that ends.

    Raises:
        ConfigurationError: the database was made by a newer version of this package.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    if revision == "head" and current_revision(connection) == newest_revision():
        return
    config = _config()
    config.attributes["connection"] = connection
    try:
        with _alembic:
            command.upgrade(config, revision)
    except CommandError:
        raise ConfigurationError(
            "The database was made by a newer version of this package.",
            hint='Install that version: pip install --upgrade "airbyte-agent-notion[gateway]"',
        ) from None


def current_revision(connection: Connection) -> str | None:
    """The revision of the database; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


@cache
def newest_revision() -> str:
    """The revision that this package's tables are of."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
