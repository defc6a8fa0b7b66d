"""Organisations, the clients that act for them, and where their browsers may be sent back to."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from pydantic import SecretStr
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from airbyte_agent_notion.errors import InvalidParams

from ..redirects import checked_redirect_url
from ..secret_text import hash_secret, new_id, new_secret, verify_secret
from .engine import Database, changed, insert_unless_there
from .names import checked_name
from .records import Client, NewOrganization, Organization
from .tables import ClientOrganizationRow, ClientRow, OrganizationRow, RedirectUrlRow
from .workspaces import require_organization

__all__ = ["Organizations"]


class Organizations:
    """Tenants. Made and changed by the operator only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, *, redirect_urls: Sequence[str] = (), client_id: str | None = None) -> NewOrganization:
        """A new organisation with a new client, or with an existing one, which then has this organisation too.

        Raises:
            InvalidParams: the name or a redirect URL cannot be one, or no enabled client has that id.
        """
        checked_name(name, field="name")
        urls = [checked_redirect_url(url) for url in dict.fromkeys(redirect_urls)]
        secret = new_secret() if client_id is None else None
        hashed = None if secret is None else hash_secret(secret)
        with self._database.write() as session:
            now = self._database.now()
            row = OrganizationRow(id=new_id(), name=name, created_at=now)
            session.add(row)
            session.flush()
            client = self._client(session, client_id, hashed)
            session.add(ClientOrganizationRow(client_id=client, organization_id=row.id, created_at=now))
            for url in urls:
                self._add_url(session, row.id, url)
            return NewOrganization(organization=_organization(row), client_id=client, client_secret=secret)

    def list(self) -> Sequence[Organization]:
        """All of them, the oldest first."""
        query = select(OrganizationRow).order_by(OrganizationRow.created_at, OrganizationRow.id)
        with self._database.read() as session:
            return [_organization(row) for row in session.scalars(query)]

    def get(self, id: str) -> Organization | None:
        """One organisation, or None."""
        with self._database.read() as session:
            row = session.get(OrganizationRow, id)
            return None if row is None else _organization(row)

    def delete(self, id: str) -> bool:
        """Delete it with everything below it, and the clients that have no other organisation; whether it was there."""
        with self._database.write() as session:
            theirs = session.scalars(
                select(ClientOrganizationRow.client_id).where(ClientOrganizationRow.organization_id == id)
            ).all()
            found = changed(session, delete(OrganizationRow).where(OrganizationRow.id == id))
            still = select(ClientOrganizationRow.client_id)
            changed(session, delete(ClientRow).where(ClientRow.id.in_(theirs), ClientRow.id.not_in(still)))
            return found == 1

    def redirect_urls(self, organization_id: str) -> tuple[str, ...]:
        """Where its browsers may be sent back to, in the order in which they were added."""
        query = select(RedirectUrlRow.url).where(RedirectUrlRow.organization_id == organization_id)
        with self._database.read() as session:
            return tuple(session.scalars(query.order_by(RedirectUrlRow.created_at, RedirectUrlRow.url)))

    def add_redirect_url(self, organization_id: str, url: str) -> bool:
        """Allow a redirect URL; False if it is already. Raises InvalidParams, OrganizationGone."""
        checked_redirect_url(url)
        with self._database.write() as session:
            require_organization(session, organization_id)
            return self._add_url(session, organization_id, url)

    def remove_redirect_url(self, organization_id: str, url: str) -> bool:
        """Allow it no longer; whether it was."""
        mine = (RedirectUrlRow.organization_id == organization_id, RedirectUrlRow.url == url)
        with self._database.write() as session:
            return changed(session, delete(RedirectUrlRow).where(*mine)) == 1

    def clients(self, organization_id: str) -> Sequence[Client]:
        """The clients that act for it, disabled ones included."""
        query = select(ClientRow).join(ClientOrganizationRow, ClientOrganizationRow.client_id == ClientRow.id)
        query = query.where(ClientOrganizationRow.organization_id == organization_id)
        with self._database.read() as session:
            rows = session.scalars(query.order_by(ClientRow.created_at, ClientRow.id))
            return [Client(id=row.id, disabled=row.disabled_at is not None, created_at=row.created_at) for row in rows]

    def client_organizations(self, client_id: str) -> tuple[str, ...]:
        """Ids of the organisations that a client acts for; none if it is unknown or disabled."""
        query = select(ClientOrganizationRow.organization_id).join(
            ClientRow, ClientRow.id == ClientOrganizationRow.client_id
        )
        query = query.where(ClientRow.id == client_id, ClientRow.disabled_at.is_(None))
        with self._database.read() as session:
            return tuple(
                session.scalars(query.order_by(ClientOrganizationRow.created_at, ClientOrganizationRow.organization_id))
            )

    def verify_client(self, client_id: str, client_secret: SecretStr) -> bool:
        """Whether the secret is the client's, and the client enabled. No answer is quicker than another."""
        with self._database.read() as session:
            row = session.get(ClientRow, client_id)
            hashed = None if row is None or row.disabled_at is not None else row.secret_hash
        return verify_secret(hashed, client_secret)

    def rotate_client_secret(self, client_id: str) -> SecretStr | None:
        """A new secret in place of the old one; None if there is no such client. A disabled one stays disabled."""
        secret = new_secret()
        with self._database.write() as session:
            statement = update(ClientRow).where(ClientRow.id == client_id)
            found = changed(session, statement.values(secret_hash=hash_secret(secret)))
        return secret if found else None

    def disable_client(self, client_id: str) -> bool:
        """Refuse a client from now on; whether there is one."""
        with self._database.write() as session:
            statement = update(ClientRow).where(ClientRow.id == client_id)
            return changed(session, statement.values(disabled_at=self._database.now())) == 1

    def _client(self, session: Session, client_id: str | None, hashed: str | None) -> str:
        if hashed is not None:
            row = ClientRow(id=new_id(), secret_hash=hashed, disabled_at=None, created_at=self._database.now())
            session.add(row)
            session.flush()
            return row.id
        query = select(ClientRow.id).where(ClientRow.id == client_id, ClientRow.disabled_at.is_(None))
        found = session.scalar(query.with_for_update(read=True, key_share=True))
        if found is None:
            raise InvalidParams(
                "There is no enabled client with that id.",
                hint="Leave it out to make a new client.",
                details={"field": "client_id"},
            )
        return found

    def _add_url(self, session: Session, organization_id: str, url: str) -> bool:
        values: builtins.dict[str, Any] = {"id": new_id(), "organization_id": organization_id, "url": url}
        return insert_unless_there(session, RedirectUrlRow, {**values, "created_at": self._database.now()})


def _organization(row: OrganizationRow) -> Organization:
    return Organization(id=row.id, name=row.name, created_at=row.created_at)
