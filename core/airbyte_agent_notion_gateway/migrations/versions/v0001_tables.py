"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "downgrade", "revision", "upgrade"]

revision = "0001"
down_revision = None

ID = sa.String(36)
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make everything."""
    _vault()
    _organizations()
    _clients()
    _workspaces()
    _connectors()
    _oauth()


def downgrade() -> None:
    """Remove everything."""
    for table in (
        "consents",
        "oauth_apps",
        "connectors",
        "workspaces",
        "client_organizations",
        "clients",
        "redirect_urls",
        "organizations",
        "server_secrets",
        "vault_keys",
    ):
        op.drop_table(table)


def _vault() -> None:
    op.create_table(
        "vault_keys",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("state IN ('active', 'retired')", name=op.f("ck_vault_keys_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_keys")),
    )
    active = sa.text("state = 'active'")
    op.create_index(
        "one_active_vault_key", "vault_keys", ["state"], unique=True, sqlite_where=active, postgresql_where=active
    )
    op.create_table(
        "server_secrets",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        *_sealed("server_secrets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_secrets")),
    )
    _index("server_secrets", "key_id")


def _organizations() -> None:
    op.create_table(
        "organizations",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    op.create_table(
        "redirect_urls",
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        _below("redirect_urls", "organization_id", "organizations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redirect_urls")),
        sa.UniqueConstraint("organization_id", "url", name=op.f("uq_redirect_urls_organization_id_url")),
    )


def _clients() -> None:
    op.create_table(
        "clients",
        sa.Column("id", ID, nullable=False),
        sa.Column("secret_hash", sa.String(255), nullable=False),
        sa.Column("disabled_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
    )
    op.create_table(
        "client_organizations",
        sa.Column("client_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        _below("client_organizations", "client_id", "clients"),
        _below("client_organizations", "organization_id", "organizations"),
        sa.PrimaryKeyConstraint("client_id", "organization_id", name=op.f("pk_client_organizations")),
    )
    _index("client_organizations", "organization_id")


def _workspaces() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        _below("workspaces", "organization_id", "organizations"),
        sa.CheckConstraint("status IN ('active', 'inactive')", name=op.f("ck_workspaces_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_workspaces_organization_id_name")),
    )


def _connectors() -> None:
    op.create_table(
        "connectors",
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("name", sa.String(600), nullable=False),
        sa.Column("policy", sa.String(16), nullable=False),
        sa.Column("scheme", sa.String(16), nullable=False),
        sa.Column("managed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(255), nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        *_sealed("connectors"),
        _below("connectors", "organization_id", "organizations"),
        _below("connectors", "workspace_id", "workspaces"),
        sa.CheckConstraint("policy IN ('read_only', 'write', 'full')", name=op.f("ck_connectors_policy")),
        sa.CheckConstraint("scheme IN ('token', 'oauth')", name=op.f("ck_connectors_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connectors")),
    )
    for column in ("organization_id", "workspace_id", "key_id"):
        _index("connectors", column)


def _oauth() -> None:
    op.create_table(
        "oauth_apps",
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        *_sealed("oauth_apps"),
        _below("oauth_apps", "organization_id", "organizations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_apps")),
        sa.UniqueConstraint("organization_id", name=op.f("uq_oauth_apps_organization_id")),
    )
    _index("oauth_apps", "key_id")
    op.create_table(
        "consents",
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("workspace_name", sa.String(255), nullable=False),
        sa.Column("redirect_url", sa.String(2000), nullable=False),
        sa.Column("name", sa.String(600), nullable=True),
        sa.Column("app_client_id", sa.String(255), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("connector_id", ID, nullable=True),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        *_sealed("consents"),
        _below("consents", "organization_id", "organizations"),
        _below("consents", "connector_id", "connectors", lost="SET NULL"),
        sa.CheckConstraint("status IN ('pending', 'claimed', 'done')", name=op.f("ck_consents_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    for column in ("organization_id", "connector_id", "expires_at", "key_id"):
        _index("consents", column)


def _sealed(table: str) -> tuple[sa.Column[str], sa.Column[bytes], sa.ForeignKeyConstraint]:
    return (
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        _below(table, "key_id", "vault_keys", lost="RESTRICT"),
    )


def _below(table: str, column: str, target: str, *, lost: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], ondelete=lost, name=name)


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
