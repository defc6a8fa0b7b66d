"""An organisation's own Notion OAuth app."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from airbyte_agent_notion.models import NotionOAuthCredentials

from ..secret_text import new_id
from .engine import Database, changed, insert_unless_there
from .errors import StoreUnavailable
from .records import OAuthApp
from .sealing import Sealer, app_of, app_text
from .tables import OAuthAppRow
from .workspaces import require_organization

__all__ = ["OAuthApps"]

ATTEMPTS = 5


class OAuthApps:
    """At most one app per organisation."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    def set(self, organization_id: str, app: NotionOAuthCredentials) -> OAuthApp:
        """Keep an app in place of any other; raises OrganizationGone. Consents under way keep theirs."""
        with self._database.write() as session:
            require_organization(session, organization_id)
            for _ in range(ATTEMPTS):
                if (made := self._put(session, organization_id, app)) is not None:
                    return made
        raise StoreUnavailable("The OAuth app is being set and deleted at once.")

    def get(self, organization_id: str) -> NotionOAuthCredentials | None:
        """The app, or None."""
        with self._database.read() as session:
            row = session.scalar(select(OAuthAppRow).where(OAuthAppRow.organization_id == organization_id))
        return None if row is None else app_of(self._sealer.open(row))

    def delete(self, organization_id: str) -> bool:
        """Delete it; whether there was one."""
        with self._database.write() as session:
            statement = delete(OAuthAppRow).where(OAuthAppRow.organization_id == organization_id)
            return changed(session, statement) == 1

    def _put(self, session: Session, organization_id: str, app: NotionOAuthCredentials) -> OAuthApp | None:
        now, text = self._database.now(), app_text(app)
        query = select(OAuthAppRow).where(OAuthAppRow.organization_id == organization_id).with_for_update()
        row = session.scalar(query)
        if row is not None:
            sealed = self._sealer.seal(session, text, table=OAuthAppRow, row=row.id)
            statement = update(OAuthAppRow).where(OAuthAppRow.id == row.id)
            changed(session, statement.values({**sealed, "updated_at": now}))
            return OAuthApp(id=row.id, organization_id=organization_id, created_at=row.created_at, updated_at=now)
        row_id = new_id()
        values = {"id": row_id, "organization_id": organization_id, "created_at": now, "updated_at": now}
        values |= self._sealer.seal(session, text, table=OAuthAppRow, row=row_id)
        if insert_unless_there(session, OAuthAppRow, values):
            return OAuthApp(id=row_id, organization_id=organization_id, created_at=now, updated_at=now)
        return None
