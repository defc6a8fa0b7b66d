"""Who renews a grant at the moment: a lease per connector, and compare-and-swap of its credentials."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, update

from ..faults import fault_point
from .engine import Database, changed
from .records import Credentials
from .sealing import Sealer, credentials_text, scheme_of
from .tables import ConnectorRow

__all__ = ["Leases"]


class Leases:
    """Renewal of grants, one process at a time."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    def claim_refresh(self, id: str, *, version: int, owner: str, until: datetime) -> bool:
        """Take the lease; False if the credentials are of another version by now, or the lease is held."""
        free = or_(ConnectorRow.lease_until.is_(None), ConnectorRow.lease_until <= self._database.now())
        statement = update(ConnectorRow).where(ConnectorRow.id == id, ConnectorRow.version == version, free)
        with self._database.write() as session:
            claimed = changed(session, statement.values(lease_owner=owner, lease_until=until)) == 1
            fault_point("refresh.claiming")
        fault_point("refresh.claimed")
        return claimed

    def store_refresh(self, id: str, *, version: int, owner: str, credentials: Credentials) -> bool:  # noqa: ARG002
        """Store renewed credentials and end the lease; False if there is a newer version, or no such connector.

        A lease that another owner has taken over meanwhile does not matter: Notion gives a new pair for a refresh token
        once, so that the pair at hand is the only one, and the other owner's request fails.
        """
        with self._database.write() as session:
            sealed = self._sealer.seal(session, credentials_text(credentials), table=ConnectorRow, row=id)
            fault_point("refresh.sealed")
            statement = update(ConnectorRow).where(ConnectorRow.id == id, ConnectorRow.version == version)
            values = {
                **sealed,
                "scheme": scheme_of(credentials),
                "version": version + 1,
                "lease_owner": None,
                "lease_until": None,
                "updated_at": self._database.now(),
            }
            stored = changed(session, statement.values(values)) == 1
            fault_point("refresh.swapped")
        fault_point("refresh.stored")
        return stored

    def release_refresh(self, id: str, *, owner: str) -> None:
        """End the owner's lease without a renewal; nothing happens if it is another's."""
        statement = update(ConnectorRow).where(ConnectorRow.id == id, ConnectorRow.lease_owner == owner)
        with self._database.write() as session:
            changed(session, statement.values(lease_owner=None, lease_until=None))
