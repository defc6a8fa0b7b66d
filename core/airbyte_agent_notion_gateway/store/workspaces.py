"""Workspaces: the customers of an organisation."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Literal, TypeAlias, cast

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from airbyte_agent_notion.errors import InvalidParams

from ..secret_text import new_id
from .engine import Database, changed, insert_unless_there
from .errors import NameTaken, OrganizationGone, StoreUnavailable
from .names import checked_name, is_storable
from .records import Workspace, WorkspaceStatus
from .tables import OrganizationRow, WorkspaceRow

__all__ = ["WorkspaceKey", "Workspaces", "ensured_workspace", "require_organization"]

WorkspaceKey: TypeAlias = Literal["id", "name"]
MAX_PAGE = 100
ATTEMPTS = 5


class Workspaces:
    """Workspaces of one organisation at a time. ``by`` says what ``name_or_id`` is; by default an id, else a name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ensure(self, organization_id: str, name: str) -> Workspace:
        """The workspace of that name, made if it is not there; raises InvalidParams, OrganizationGone."""
        with self._database.write() as session:
            return _workspace(ensured_workspace(self._database, session, organization_id, name))

    def get(self, organization_id: str, name_or_id: str, *, by: WorkspaceKey | None = None) -> Workspace | None:
        """One workspace, or None."""
        with self._database.read() as session:
            row = _found(session, organization_id, name_or_id, by)
            return None if row is None else _workspace(row)

    def list(
        self,
        organization_id: str,
        *,
        name_contains: str | None = None,
        status: WorkspaceStatus | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> tuple[Sequence[Workspace], str | None]:
        """One page in the order of names, and the cursor of the next one or None.

        Args:
            organization_id: whose.
            name_contains: a part of the name, in any case.
            status: only these.
            limit: 1 to 100; what is beyond is taken as the nearest.
            cursor: as the page before gave it; InvalidParams if it is none.
        """
        size = min(max(limit, 1), MAX_PAGE)
        query = select(WorkspaceRow).where(WorkspaceRow.organization_id == organization_id)
        if name_contains:
            if not is_storable(name_contains):
                return [], None
            wanted = func.lower(WorkspaceRow.name).contains(name_contains.lower(), autoescape=True)
            query = query.where(wanted)
        if status is not None:
            query = query.where(WorkspaceRow.status == status)
        if cursor is not None:
            query = query.where(_after(cursor))
        with self._database.read() as session:
            rows = session.scalars(query.order_by(WorkspaceRow.name, WorkspaceRow.id).limit(size + 1)).all()
        page = [_workspace(row) for row in rows[:size]]
        return page, _cursor(page[-1]) if len(rows) > size else None

    def update(
        self,
        organization_id: str,
        name_or_id: str,
        *,
        by: WorkspaceKey | None = None,
        name: str | None = None,
        status: WorkspaceStatus | None = None,
    ) -> Workspace | None:
        """Rename it, or change its status; None if it is not there. Raises NameTaken, InvalidParams."""
        values: dict[str, object] = {} if status is None else {"status": status}
        if name is not None:
            values["name"] = checked_name(name, field="name")
        with self._database.write() as session:
            row = _found(session, organization_id, name_or_id, by)
            if row is None:
                return None
            values["updated_at"] = self._database.now()
            try:
                if not changed(session, update(WorkspaceRow).where(WorkspaceRow.id == row.id).values(values)):
                    return None
            except IntegrityError:
                raise NameTaken(f"There is a workspace {name!r} already.", details={"field": "name"}) from None
            session.refresh(row)
            return _workspace(row)

    def delete(self, organization_id: str, name_or_id: str, *, by: WorkspaceKey | None = None) -> bool:
        """Delete it with its connectors; whether it was there."""
        with self._database.write() as session:
            row = _found(session, organization_id, name_or_id, by)
            # As a statement: another call may have deleted it meanwhile.
            return row is not None and changed(session, delete(WorkspaceRow).where(WorkspaceRow.id == row.id)) > 0


def ensured_workspace(database: Database, session: Session, organization_id: str, name: str) -> WorkspaceRow:
    """The row of that name, made if need be; on PostgreSQL it cannot be deleted until the transaction ends.

    Raises:
        InvalidParams: the name cannot be one.
        OrganizationGone: there is no such organisation.
    """
    checked_name(name, field="workspace_name")
    require_organization(session, organization_id)
    now = database.now()
    fresh = {"organization_id": organization_id, "name": name, "status": "active", "created_at": now, "updated_at": now}
    query = select(WorkspaceRow).where(WorkspaceRow.organization_id == organization_id, WorkspaceRow.name == name)
    for _ in range(ATTEMPTS):
        row = session.scalar(query.with_for_update(read=True, key_share=True))
        if row is not None:
            return row
        insert_unless_there(session, WorkspaceRow, {"id": new_id(), **fresh})
    raise StoreUnavailable("The workspace is being made and deleted at once.")


def require_organization(session: Session, organization_id: str) -> None:
    """Raise OrganizationGone unless it is there; on PostgreSQL it then stays until the transaction ends."""
    query = select(OrganizationRow.id).where(OrganizationRow.id == organization_id)
    if session.scalar(query.with_for_update(read=True, key_share=True)) is None:
        raise OrganizationGone("The organization does not exist.", details={"field": "organization_id"})


def _found(session: Session, organization_id: str, name_or_id: str, by: WorkspaceKey | None) -> WorkspaceRow | None:
    if not is_storable(name_or_id):
        return None
    query = select(WorkspaceRow).where(WorkspaceRow.organization_id == organization_id)
    for key, column in (("id", WorkspaceRow.id), ("name", WorkspaceRow.name)):
        row = session.scalar(query.where(column == name_or_id)) if by in {None, key} else None
        if row is not None:
            return row
    return None


def _cursor(last: Workspace) -> str:
    return base64.urlsafe_b64encode(f"{last.id}{last.name}".encode()).decode()


def _after(cursor: str) -> ColumnElement[bool]:
    try:
        text = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    last_id, name = text[:36], text[36:]
    if not name or not is_storable(name):
        raise InvalidParams(
            "cursor is not one of this list.", hint="Pass the one of the page before.", details={"field": "cursor"}
        )
    return or_(WorkspaceRow.name > name, and_(WorkspaceRow.name == name, WorkspaceRow.id > last_id))


def _workspace(row: WorkspaceRow) -> Workspace:
    return Workspace(
        id=row.id,
        organization_id=row.organization_id,
        name=row.name,
        status=cast("WorkspaceStatus", row.status),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
