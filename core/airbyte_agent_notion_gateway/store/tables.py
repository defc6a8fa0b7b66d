"""The tables, as the migrations make them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from ..secret_text import is_id

__all__ = [
    "Base",
    "ClientOrganizationRow",
    "ClientRow",
    "ConnectorRow",
    "ConsentRow",
    "Moment",
    "OAuthAppRow",
    "OrganizationRow",
    "RedirectUrlRow",
    "RowId",
    "SealedRow",
    "ServerSecretRow",
    "VaultKeyRow",
    "WorkspaceRow",
]


class RowId(TypeDecorator[str]):
    """An id. What has not the form of one is looked up as none, whatever bytes a caller sends."""

    impl = String(36)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The id, or an empty text, which no row has."""
        return value if value is None or is_id(value) else ""


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """In UTC; an unaware time is a programmer's mistake."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time must know its zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware and in UTC; SQLite keeps no zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables. Constraints are named, so that a later migration can change them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, bytes: LargeBinary, bool: Boolean, int: Integer}  # noqa: RUF012


def _below(column: str, *, index: bool = True, nullable: bool = False, lost: str = "CASCADE") -> Any:
    return mapped_column(RowId, ForeignKey(column, ondelete=lost), index=index, nullable=nullable)


class SealedRow:
    """Columns of a table whose rows hold a secret. The key cannot go while a row needs it."""

    key_id: Mapped[str] = mapped_column(String(64), ForeignKey("vault_keys.id", ondelete="RESTRICT"), index=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)


class VaultKeyRow(Base):
    """Which keys are in use, never the keys themselves."""

    __tablename__ = "vault_keys"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'retired')", name="state"),
        Index(
            "one_active_vault_key",
            "state",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]


class ServerSecretRow(SealedRow, Base):
    """Secrets of the server itself, by name."""

    __tablename__ = "server_secrets"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    created_at: Mapped[datetime]


class OrganizationRow(Base):
    """A tenant."""

    __tablename__ = "organizations"

    id: Mapped[str] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]


class RedirectUrlRow(Base):
    """Where browsers may be sent back to after a consent."""

    __tablename__ = "redirect_urls"
    __table_args__ = (UniqueConstraint("organization_id", "url"),)

    id: Mapped[str] = mapped_column(RowId, primary_key=True)
    organization_id: Mapped[str] = _below("organizations.id", index=False)
    url: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime]


class ClientRow(Base):
    """Who may ask for tokens."""

    __tablename__ = "clients"

    id: Mapped[str] = mapped_column(RowId, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(255))
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ClientOrganizationRow(Base):
    """Which client acts for which organisations."""

    __tablename__ = "client_organizations"

    client_id: Mapped[str] = mapped_column(RowId, ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    organization_id: Mapped[str] = mapped_column(
        RowId, ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime]


class WorkspaceRow(Base):
    """A customer of an organisation."""

    __tablename__ = "workspaces"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("status IN ('active', 'inactive')", name="status"),
    )

    id: Mapped[str] = mapped_column(RowId, primary_key=True)
    organization_id: Mapped[str] = _below("organizations.id", index=False)
    name: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ConnectorRow(SealedRow, Base):
    """Sealed credentials, what may be done with them, and who renews them at the moment."""

    __tablename__ = "connectors"
    __table_args__ = (
        CheckConstraint("policy IN ('read_only', 'write', 'full')", name="policy"),
        CheckConstraint("scheme IN ('token', 'oauth')", name="scheme"),
    )

    id: Mapped[str] = mapped_column(RowId, primary_key=True)
    organization_id: Mapped[str] = _below("organizations.id")
    workspace_id: Mapped[str] = _below("workspaces.id")
    name: Mapped[str] = mapped_column(String(600))
    policy: Mapped[str] = mapped_column(String(16))
    scheme: Mapped[str] = mapped_column(String(16))
    managed: Mapped[bool]
    version: Mapped[int]
    lease_owner: Mapped[str | None] = mapped_column(String(255))
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    workspace: Mapped[WorkspaceRow] = relationship(lazy="joined", innerjoin=True)


class OAuthAppRow(SealedRow, Base):
    """An organisation's own Notion OAuth app."""

    __tablename__ = "oauth_apps"
    __table_args__ = (UniqueConstraint("organization_id"),)

    id: Mapped[str] = mapped_column(RowId, primary_key=True)
    organization_id: Mapped[str] = _below("organizations.id", index=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ConsentRow(SealedRow, Base):
    """A consent flow; sealed in it the app that it was begun with."""

    __tablename__ = "consents"
    __table_args__ = (CheckConstraint("status IN ('pending', 'claimed', 'done')", name="status"),)

    id: Mapped[str] = mapped_column(RowId, primary_key=True)
    organization_id: Mapped[str] = _below("organizations.id")
    workspace_name: Mapped[str] = mapped_column(String(255))
    redirect_url: Mapped[str] = mapped_column(String(2000))
    name: Mapped[str | None] = mapped_column(String(600))
    app_client_id: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16))
    connector_id: Mapped[str | None] = _below("connectors.id", nullable=True, lost="SET NULL")
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    created_at: Mapped[datetime]
