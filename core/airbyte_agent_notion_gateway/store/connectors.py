"""Connectors: sealed credentials of a customer, and what may be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from ..faults import fault_point
from ..secret_text import new_id
from .engine import Database, changed
from .leases import Leases
from .names import checked_name, is_storable
from .records import Connector, ConnectorPolicy, Credentials, Scheme
from .sealing import Sealer, credentials_of, credentials_text, scheme_of
from .tables import ConnectorRow, WorkspaceRow
from .workspaces import ensured_workspace

__all__ = ["Connectors", "add_connector"]

MAX_NAME = 600


class Connectors(Leases):
    """Connectors of one organisation at a time; ``workspace_id`` narrows a call to one of its workspaces."""

    def create(
        self,
        organization_id: str,
        workspace_name: str,
        *,
        name: str | None = None,
        credentials: Credentials,
        policy: ConnectorPolicy = "read_only",
        managed: bool = False,
    ) -> Connector:
        """A new connector; its workspace is made if need be.

        Raises:
            InvalidParams: a name cannot be one.
            OrganizationGone: there is no such organisation.
        """
        with self._database.write() as session:
            made = add_connector(
                self._database,
                self._sealer,
                session,
                organization_id=organization_id,
                workspace_name=workspace_name,
                name=name,
                credentials=credentials,
                policy=policy,
                managed=managed,
            )
        fault_point("create.stored")
        return made

    def list(
        self, organization_id: str, *, workspace_id: str | None = None, workspace_name: str | None = None
    ) -> Sequence[Connector]:
        """Those of the organisation, or of one workspace, the oldest first."""
        if workspace_name is not None and not is_storable(workspace_name):
            return []
        query = _of(organization_id, workspace_id)
        if workspace_name is not None:
            query = query.where(ConnectorRow.workspace.has(WorkspaceRow.name == workspace_name))
        with self._database.read() as session:
            return [
                _connector(row) for row in session.scalars(query.order_by(ConnectorRow.created_at, ConnectorRow.id))
            ]

    def get(self, organization_id: str, id: str, *, workspace_id: str | None = None) -> Connector | None:
        """One connector, or None if it is not there or not theirs."""
        with self._database.read() as session:
            return _one(session, organization_id, id, workspace_id)

    def update(
        self,
        organization_id: str,
        id: str,
        *,
        workspace_id: str | None = None,
        name: str | None = None,
        policy: ConnectorPolicy | None = None,
        credentials: Credentials | None = None,
    ) -> Connector | None:
        """Change what is given; None as for ``get``. New credentials are a new version, end a renewal under way, and
        make the connector a self-managed one.
        """
        given: dict[str, Any] = {"policy": policy}
        given["name"] = None if name is None else checked_name(name, field="name", limit=MAX_NAME)
        values = {key: value for key, value in given.items() if value is not None}
        with self._database.write() as session:
            if _one(session, organization_id, id, workspace_id) is None:
                return None
            if credentials is not None:
                sealed = self._sealer.seal(session, credentials_text(credentials), table=ConnectorRow, row=id)
                values |= {**sealed, "scheme": scheme_of(credentials), "version": ConnectorRow.version + 1}
                values |= {"managed": False, "lease_owner": None, "lease_until": None}
            values["updated_at"] = self._database.now()
            changed(session, update(ConnectorRow).where(ConnectorRow.id == id).values(values))
            return _one(session, organization_id, id, workspace_id)

    def delete(self, organization_id: str, id: str, *, workspace_id: str | None = None) -> bool:
        """Delete it; whether it was there and theirs."""
        statement = delete(ConnectorRow).where(ConnectorRow.organization_id == organization_id, ConnectorRow.id == id)
        if workspace_id is not None:
            statement = statement.where(ConnectorRow.workspace_id == workspace_id)
        with self._database.write() as session:
            return changed(session, statement) == 1

    def credentials(self, id: str) -> tuple[Credentials, int] | None:
        """The credentials and their version, for whoever was given the connector before; raises VaultError."""
        with self._database.read() as session:
            row = session.get(ConnectorRow, id)
        return None if row is None else (credentials_of(self._sealer.open(row)), row.version)


def add_connector(
    database: Database,
    sealer: Sealer,
    session: Session,
    *,
    organization_id: str,
    workspace_name: str,
    name: str | None,
    credentials: Credentials,
    policy: ConnectorPolicy,
    managed: bool,
) -> Connector:
    """As Connectors.create, inside a transaction."""
    workspace = ensured_workspace(database, session, organization_id, workspace_name)
    fault_point("create.workspace")
    row_id, now = new_id(), database.now()
    sealed = sealer.seal(session, credentials_text(credentials), table=ConnectorRow, row=row_id)
    fault_point("create.sealed")
    row = ConnectorRow(
        id=row_id,
        organization_id=organization_id,
        workspace=workspace,
        name=checked_name(name or f"notion - {workspace_name}", field="name", limit=MAX_NAME),
        policy=policy,
        scheme=scheme_of(credentials),
        managed=managed,
        version=1,
        created_at=now,
        updated_at=now,
        **sealed,
    )
    session.add(row)
    session.flush()
    fault_point("create.inserted")
    return _connector(row)


def _of(organization_id: str, workspace_id: str | None) -> Select[ConnectorRow]:
    query = select(ConnectorRow).where(ConnectorRow.organization_id == organization_id)
    return query if workspace_id is None else query.where(ConnectorRow.workspace_id == workspace_id)


def _one(session: Session, organization_id: str, id: str, workspace_id: str | None) -> Connector | None:
    query = _of(organization_id, workspace_id).where(ConnectorRow.id == id)
    found = session.scalar(query.execution_options(populate_existing=True))
    return None if found is None else _connector(found)


def _connector(row: ConnectorRow) -> Connector:
    return Connector(
        id=row.id,
        organization_id=row.organization_id,
        workspace_id=row.workspace_id,
        workspace_name=row.workspace.name,
        name=row.name,
        policy=cast("ConnectorPolicy", row.policy),
        scheme=cast("Scheme", row.scheme),
        managed=row.managed,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
