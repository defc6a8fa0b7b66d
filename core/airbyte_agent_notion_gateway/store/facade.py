"""The store as a whole."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from types import TracebackType
from typing import Self

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from airbyte_agent_notion.errors import ConfigurationError

from ..key_file import FileKeyring
from ..locks import file_lock
from ..secret_text import new_secret
from ..settings import GatewaySettings
from ..vault import EnvironmentKeyring, Keyring
from .connectors import Connectors
from .consents import Consents
from .engine import Database, insert_unless_there, sqlite_file, utc_now
from .errors import StoreUnavailable
from .migrate import current_revision, newest_revision, upgrade
from .oauth_apps import OAuthApps
from .organizations import Organizations
from .sealing import Sealer
from .tables import ServerSecretRow, VaultKeyRow
from .workspaces import Workspaces

__all__ = ["Store"]

SIGNING = "signing"


class Store:
    """Everything that a gateway keeps. Safe in threads; every method blocks, and is one transaction.

    What is not there and what is another's are both None or False. Any method may raise StoreUnavailable.
    """

    def __init__(self, database: Database, keyring: Keyring) -> None:
        sealer = Sealer(keyring)
        self.database = database
        self.sealer = sealer
        self.organizations = Organizations(database)
        self.workspaces = Workspaces(database)
        self.connectors = Connectors(database, sealer)
        self.oauth_apps = OAuthApps(database, sealer)
        self.consents = Consents(database, sealer)
        self._signing: SecretStr | None = None

    @classmethod
    def open(cls, settings: GatewaySettings, *, clock: Callable[[], datetime] = utc_now) -> Self:
        """The store of these settings, made or brought to the newest migration if need be.

        Several processes may do so at once.

        Raises:
            ConfigurationError: a file may not be opened or may be read by others, a vault key is missing, or the
                database is of a newer version.
            StoreUnavailable: the database does not answer.
        """
        keyring = FileKeyring(settings.key_file) if settings.keys is None else EnvironmentKeyring(settings.keys)
        database = Database(settings.database_url, clock=clock)
        store = cls(database, keyring)
        try:
            store._prepare(settings)
        except BaseException:
            database.close()
            raise
        return store

    def close(self) -> None:
        """Close all connections; the store cannot be used afterwards."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def signing_secret(self) -> SecretStr:
        """What tokens are signed with: random, made once for all processes, and kept sealed."""
        if self._signing is None:
            self._signing = SecretStr(self._read_signing() or self._make_signing())
        return self._signing

    def ready(self) -> None:
        """Raise unless the database answers, is of the newest migration, and its active vault key is there.

        Raises:
            StoreUnavailable: it does not answer.
            ConfigurationError: it is of another migration, or the key is missing.
        """
        with self.database.read() as session:
            if current_revision(session.connection()) != newest_revision():
                raise ConfigurationError(
                    "The database is not at the newest migration.", hint="Run: airbyte-agent-notion gateway migrate"
                )
            active = session.scalar(select(VaultKeyRow.id).where(VaultKeyRow.state == "active"))
        self.sealer.keyring.require(active or "none")

    def _prepare(self, settings: GatewaySettings) -> None:
        file = sqlite_file(settings.database_url)
        # Two processes that both turn on write-ahead logging get in each other's way, whatever they would wait.
        with nullcontext() if file is None else file_lock(file.with_name(f"{file.name}.lock")):
            if file is not None:
                self.database.log_ahead()
            with self.database.connection() as connection:
                upgrade(connection)
                with Session(connection) as session:
                    self.sealer.adopt_key(session, now=self.database.now())
                    session.flush()

    def _read_signing(self) -> str | None:
        with self.database.read() as session:
            row = session.get(ServerSecretRow, SIGNING)
        return None if row is None else self.sealer.open(row)

    def _make_signing(self) -> str:
        with self.database.write() as session:
            sealed = self.sealer.seal(session, new_secret().get_secret_value(), table=ServerSecretRow, row=SIGNING)
            values = {"id": SIGNING, "created_at": self.database.now(), **sealed}
            insert_unless_there(session, ServerSecretRow, values)
        made = self._read_signing()  # Another process may have been first.
        if made is None:
            raise StoreUnavailable("The signing secret is gone as soon as it is made.")
        return made
