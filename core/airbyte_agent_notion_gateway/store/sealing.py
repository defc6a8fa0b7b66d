"""Sealing inside transactions: with the key that is active there and then."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, cast

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from airbyte_agent_notion.models import (
    NotionAccessTokenAuthConfig,
    NotionOauth20AuthConfig,
    NotionOAuthCredentials,
)

from ..key_file import FileKeyring
from ..vault import Keyring, Place, Sealed, VaultError, new_key
from .records import Credentials, Scheme
from .tables import ConnectorRow, ConsentRow, OAuthAppRow, SealedRow, ServerSecretRow, VaultKeyRow

__all__ = ["SEALED_TABLES", "Sealer", "app_of", "app_text", "credentials_of", "credentials_text", "scheme_of"]

SEALED_TABLES: tuple[type[ServerSecretRow | ConnectorRow | OAuthAppRow | ConsentRow], ...] = (
    ServerSecretRow,
    ConnectorRow,
    OAuthAppRow,
    ConsentRow,
)
"""Every table with a sealed column; rotation goes through them."""

ATTEMPTS = 5


class Sealer:
    """Seals and opens texts for rows."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring

    def adopt_key(self, session: Session, *, now: datetime) -> None:
        """On a fresh database the newest key becomes the active one, and a key file is made if there is none.

        Raises:
            MissingKey: the database is in use, and its active key is not in the ring.
        """
        active = session.scalar(select(VaultKeyRow.id).where(VaultKeyRow.state == "active"))
        if active is not None:
            self.keyring.require(active)
            return
        if isinstance(self.keyring, FileKeyring):
            self.keyring.create(now=now, key=new_key())
        session.add(VaultKeyRow(id=self.keyring.newest(), state="active", created_at=now))

    def active_key(self, session: Session) -> str:
        """Id of the key to seal with; it stays the active one until the transaction ends."""
        query = select(VaultKeyRow.id).where(VaultKeyRow.state == "active").with_for_update(read=True)
        for _ in range(ATTEMPTS):
            # PostgreSQL gives no row to a statement that waited for a rotation: the old key is active no longer, and
            # the new one came after the statement began.
            if (found := session.scalar(query)) is not None:
                return found
        raise VaultError("The database names no active vault key.", hint="Restore it from a backup.")

    def seal(self, session: Session, text: str, *, table: type[SealedRow], row: str) -> dict[str, Any]:
        """The columns that hold the text, sealed for that row."""
        key = self.keyring.key(self.active_key(session))
        sealed = key.seal(text, place=_place(table, row))
        return {"key_id": sealed.key_id, "ciphertext": sealed.ciphertext}

    def open(self, row: ServerSecretRow | ConnectorRow | OAuthAppRow | ConsentRow) -> str:
        """What a row holds; raises MissingKey or VaultError."""
        sealed = Sealed(key_id=row.key_id, ciphertext=row.ciphertext)
        return self.keyring.open(sealed, place=_place(type(row), row.id))


def scheme_of(credentials: Credentials) -> Scheme:
    """Which of Notion's two kinds of credentials these are."""
    return "token" if isinstance(credentials, NotionAccessTokenAuthConfig) else "oauth"


def credentials_text(credentials: Credentials) -> str:
    """Credentials as the text that is sealed."""
    if isinstance(credentials, NotionAccessTokenAuthConfig):
        return json.dumps({"token": credentials.token.get_secret_value()})
    refresh = credentials.refresh_token
    return json.dumps(
        {
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret.get_secret_value(),
            "access_token": credentials.access_token.get_secret_value(),
            "refresh_token": None if refresh is None else refresh.get_secret_value(),
        }
    )


def credentials_of(text: str) -> Credentials:
    """The credentials from their text."""
    fields = cast("dict[str, Any]", json.loads(text))
    if "token" in fields:
        return NotionAccessTokenAuthConfig(token=SecretStr(fields["token"]))
    refresh = fields["refresh_token"]
    return NotionOauth20AuthConfig(
        client_id=fields["client_id"],
        client_secret=SecretStr(fields["client_secret"]),
        access_token=SecretStr(fields["access_token"]),
        refresh_token=None if refresh is None else SecretStr(refresh),
    )


def app_text(app: NotionOAuthCredentials) -> str:
    """An OAuth app as the text that is sealed."""
    return json.dumps({"client_id": app.client_id, "client_secret": app.client_secret.get_secret_value()})


def app_of(text: str) -> NotionOAuthCredentials:
    """The OAuth app from its text."""
    fields = cast("dict[str, str]", json.loads(text))
    return NotionOAuthCredentials(client_id=fields["client_id"], client_secret=SecretStr(fields["client_secret"]))


def _place(table: type[Any], row: str) -> Place:
    return Place(table=str(table.__tablename__), row=row)
