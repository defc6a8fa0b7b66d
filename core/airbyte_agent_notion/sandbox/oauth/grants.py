"""Codes and grants: what an authorization gives out, and what has become of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from ..workspace import Workspace

__all__ = ["CODE_SECONDS", "Grant", "Grants", "Record", "TokenPair"]

CODE_SECONDS = 600.0
"""How long a code can be exchanged, in the sandbox's own time. Notion states no number; ten minutes is RFC 6749's."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TokenPair:
    """What an authorization, or a refresh, gives out."""

    access_token: str
    refresh_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One authorization, without its tokens."""

    client_id: str
    refreshes: int
    """How many times it was given a new pair."""
    expired: bool
    """Whether its access token is refused until a refresh."""
    revoked: bool


@dataclass(slots=True, kw_only=True, repr=False)
class Record:
    """A grant as it is kept. ``pair`` is the newest; earlier pairs have no power any more."""

    client_id: str
    connection: str
    pair: TokenPair
    issued: int
    refreshes: int = 0
    expired: bool = False
    revoked: bool = False

    def view(self) -> Grant:
        """What may be shown of it."""
        return Grant(client_id=self.client_id, refreshes=self.refreshes, expired=self.expired, revoked=self.revoked)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Code:
    client_id: str
    redirect_uri: str | None
    until: datetime


class Grants:
    """The codes and grants of one sandbox."""

    def __init__(self, workspace: Workspace) -> None:
        self.records: list[Record] = []
        """Every grant, oldest first."""
        self._workspace = workspace
        self._codes: dict[str, _Code] = {}
        self._number = count(1)

    def issue(self, client_id: str, redirect_uri: str | None) -> str:
        """A code for that app; it can be exchanged once, and for CODE_SECONDS."""
        code = f"sandbox-code-{next(self._number)}"
        until = self._workspace.now() + timedelta(seconds=CODE_SECONDS)
        self._codes[code] = _Code(client_id=client_id, redirect_uri=redirect_uri, until=until)
        return code

    def redeem(self, code: str, *, client_id: str, redirect_uri: object) -> Record | None:
        """A new grant for a code. None if it was used or has expired, or is another app's or redirect_uri's."""
        found = self._codes.pop(code, None)
        if found is None or (found.client_id, found.redirect_uri) != (client_id, redirect_uri):
            return None
        return None if self._workspace.now() >= found.until else self.begin(client_id)

    def begin(self, client_id: str) -> Record:
        """A new grant."""
        issued = int(self._workspace.now().timestamp())
        connection = f"grant-{len(self.records) + 1}"
        record = Record(client_id=client_id, connection=connection, pair=self._new_pair(), issued=issued)
        self.records.append(record)
        return record

    def renew(self, refresh_token: str, *, client_id: str) -> Record | None:
        """The grant of an app with a new pair; None unless the token is its newest."""
        found = next((each for each in self._live() if each.pair.refresh_token == refresh_token), None)
        if found is None or found.client_id != client_id:
            return None
        found.pair, found.expired = self._new_pair(), False
        found.refreshes += 1
        return found

    def of_access(self, token: str) -> Record | None:
        """The grant whose newest access token that is, unless it was revoked."""
        return next((each for each in self._live() if each.pair.access_token == token), None)

    def of_either(self, token: str, *, client_id: str) -> Record | None:
        """An app's grant by its newest access or refresh token, unless it was revoked."""
        pairs = ((each, (each.pair.access_token, each.pair.refresh_token)) for each in self._live())
        return next((grant for grant, pair in pairs if token in pair and grant.client_id == client_id), None)

    def _live(self) -> list[Record]:
        return [each for each in self.records if not each.revoked]

    def _new_pair(self) -> TokenPair:
        number = next(self._number)
        return TokenPair(access_token=f"ntn_sandbox_access_{number}", refresh_token=f"nrt_sandbox_refresh_{number}")
