"""Consent flows: begun, claimed once, finished with a connector."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from airbyte_agent_notion.models import NotionOAuthCredentials

from ..faults import fault_point
from ..secret_text import new_id
from .connectors import MAX_NAME, add_connector
from .engine import Database, changed
from .names import checked_name
from .records import Claimed, Connector, ConnectorPolicy, Consent, ConsentStatus, Credentials
from .sealing import Sealer, app_of, app_text
from .tables import ConsentRow
from .workspaces import require_organization

__all__ = ["Consents"]

KEPT = timedelta(days=1)
"""How long a consent is kept after it has expired: one that is being finished must not go meanwhile."""


class Consents:
    """Consents of all organisations; the id in the signed state is what leads to one."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    def create(
        self,
        organization_id: str,
        workspace_name: str,
        *,
        redirect_url: str,
        name: str | None = None,
        app: NotionOAuthCredentials,
        expires_at: datetime,
    ) -> Consent:
        """Begin a flow. The app is kept with it: one that is set meanwhile does not change it.

        Raises:
            InvalidParams: a name cannot be one.
            OrganizationGone: there is no such organisation.
        """
        checked_name(workspace_name, field="workspace_name")
        given = None if name is None else checked_name(name, field="name", limit=MAX_NAME)
        checked_name(app.client_id, field="client_id")
        with self._database.write() as session:
            require_organization(session, organization_id)
            self._purge(session)
            row_id = new_id()
            row = ConsentRow(
                id=row_id,
                organization_id=organization_id,
                workspace_name=workspace_name,
                redirect_url=redirect_url,
                name=given,
                app_client_id=app.client_id,
                status="pending",
                connector_id=None,
                expires_at=expires_at,
                created_at=self._database.now(),
                **self._sealer.seal(session, app_text(app), table=ConsentRow, row=row_id),
            )
            session.add(row)
            session.flush()
            return _consent(row)

    def get(self, id: str) -> Consent | None:
        """One consent in whatever state, expired ones included as long as they are kept; or None."""
        with self._database.read() as session:
            row = session.get(ConsentRow, id)
            return None if row is None else _consent(row)

    def claim(self, id: str) -> Claimed | None:
        """Take a pending consent that has not expired; None for anybody who comes later."""
        open_still = (ConsentRow.id == id, ConsentRow.status == "pending", ConsentRow.expires_at > self._database.now())
        with self._database.write() as session:
            claimed = changed(session, update(ConsentRow).where(*open_still).values(status="claimed")) == 1
            fault_point("consent.claiming")
            row = session.get(ConsentRow, id) if claimed else None
        fault_point("consent.claimed")
        return None if row is None else Claimed(consent=_consent(row), app=app_of(self._sealer.open(row)))

    def finish(self, id: str, *, credentials: Credentials, policy: ConnectorPolicy = "read_only") -> Connector | None:
        """Store the connector and mark the consent done, both or neither; None unless it is claimed.

        Raises:
            OrganizationGone: the organisation was deleted meanwhile.
        """
        claimed = select(ConsentRow).where(ConsentRow.id == id, ConsentRow.status == "claimed")
        with self._database.write() as session:
            row = session.scalar(claimed.with_for_update())
            if row is None:
                return None
            made = add_connector(
                self._database,
                self._sealer,
                session,
                organization_id=row.organization_id,
                workspace_name=row.workspace_name,
                name=row.name,
                credentials=credentials,
                policy=policy,
                managed=True,
            )
            fault_point("consent.connector")
            statement = update(ConsentRow).where(ConsentRow.id == id)
            changed(session, statement.values(status="done", connector_id=made.id))
            fault_point("consent.marked")
        fault_point("consent.finished")
        return made

    def purge(self) -> int:
        """Delete what expired more than a day ago, as ``create`` does too; how many."""
        with self._database.write() as session:
            return self._purge(session)

    def _purge(self, session: Session) -> int:
        return changed(session, delete(ConsentRow).where(ConsentRow.expires_at < self._database.now() - KEPT))


def _consent(row: ConsentRow) -> Consent:
    return Consent(
        id=row.id,
        organization_id=row.organization_id,
        workspace_name=row.workspace_name,
        redirect_url=row.redirect_url,
        name=row.name,
        app_client_id=row.app_client_id,
        status=cast("ConsentStatus", row.status),
        connector_id=row.connector_id,
        expires_at=row.expires_at,
    )
