"""Renewal of grants: one at a time for each connector, here and in all processes of the database.

In this process a task does it, which a caller's cancellation does not touch; among processes a lease in the database
decides. Notion takes each refresh token once: the new pair is stored before any call uses it, and while the database
does not take it, it is kept in memory and offered again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import Enum
from uuid import uuid4

import anyio

from airbyte_agent_notion.errors import ApiError, NotionAgentError, OutcomeUnknown, Recovery, Unauthorized
from airbyte_agent_notion.models import NotionOauth20AuthConfig

from .faults import fault_point
from .grants import Grants
from .logs import say
from .problems import not_found
from .store import Connector, Credentials, Store
from .threads import Threads

__all__ = ["Renewals"]

_POLL = (0.05, 0.1, 0.2, 0.5)
"""Seconds between two looks at a renewal of another process; the last one again and again."""
_STORE_AGAIN = (0.1, 0.5)
"""Seconds before a renewed pair is offered to the database again within a call."""
_KEEP_TRYING = (1.0, 2.0, 5.0, 10.0, *[30.0] * 120)
"""The same afterwards, in the background; then the next call's turn."""

_Key = tuple[str, int]


class _Step(Enum):
    RENEWED = "renewed"
    NOT_RENEWABLE = "not renewable"
    BUSY = "another process is at it"


class Renewals:
    """Renews grants. For one event loop.

    Args:
        store: where credentials are.
        threads: for the store.
        grants: Notion's side.
        clock: the present moment; leases are counted by it.
        lease_seconds: how long one process may take. The request to Notion gets four fifths of it.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        *,
        store: Store,
        threads: Threads,
        grants: Grants,
        clock: Callable[[], datetime],
        lease_seconds: float,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        self._store = store
        self._threads = threads
        self._grants = grants
        self._clock = clock
        self._lease = lease_seconds
        self._sleep = sleep
        self._owner = uuid4().hex
        self._tasks: dict[_Key, asyncio.Task[bool]] = {}
        self._unstored: dict[_Key, NotionOauth20AuthConfig] = {}
        self._keepers: set[asyncio.Task[None]] = set()

    async def renew(self, connector: Connector, *, version: int) -> bool:
        """See to it that the credentials are newer than ``version``, which Notion has refused.

        Returns:
            False if they cannot be renewed: there is no refresh token.

        Raises:
            Unauthorized: Notion refused to renew them; a person must authorize again.
            NotionAgentError: Notion or the database did not answer, or another process takes too long.
            Problem: 404, the connector has gone.
        """
        key = (connector.id, version)
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.create_task(self._renewed(connector, key))
            task.add_done_callback(lambda ended: self._ended(key, ended))
        return await asyncio.shield(task)

    async def close(self, seconds: float) -> None:
        """Let renewals under way end, for so many seconds, and offer what is not stored yet a last time."""
        for keeper in self._keepers:
            keeper.cancel()
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=seconds)
        for key in list(self._unstored):
            try:
                if not await self._stored(key):
                    say(logging.ERROR, "a renewed grant could not be stored and is lost", connector_id=key[0])
            except Exception as error:
                say(logging.ERROR, "a renewed grant could not be stored and is lost", error=error, connector_id=key[0])

    def _ended(self, key: _Key, task: asyncio.Task[bool]) -> None:
        self._tasks.pop(key, None)
        # Looked at, also if every caller has gone: asyncio complains of errors that nobody saw.
        failed = not task.cancelled() and task.exception() is not None
        if failed and key in self._unstored:
            say(logging.WARNING, "a renewed grant is kept in memory until the database takes it", connector_id=key[0])

    async def _renewed(self, connector: Connector, key: _Key) -> bool:
        waited, look = 0.0, 0
        while True:
            step = await self._step(connector, key)
            if step is not _Step.BUSY:
                return step is _Step.RENEWED
            if waited > 2 * self._lease:
                raise _busy()
            wait = _POLL[min(look, len(_POLL) - 1)]
            await self._sleep(wait)
            waited, look = waited + wait, look + 1

    async def _step(self, connector: Connector, key: _Key) -> _Step:
        if key in self._unstored and await self._stored_soon(connector, key):
            return _Step.RENEWED
        found = await self._threads.run(self._store.connectors.credentials, connector.id)
        if found is None:
            await self._gone(connector, key)
        if found is None or found[1] != key[1]:
            # Another process was quicker, the caller has given new ones, or ours are stored although it seemed not.
            self._unstored.pop(key, None)
            return _Step.RENEWED
        grant = _renewable(found[0])
        if grant is None:
            return _Step.NOT_RENEWABLE
        until = self._clock() + timedelta(seconds=self._lease)
        claim = self._store.connectors.claim_refresh
        if not await self._threads.run(claim, connector.id, version=key[1], owner=self._owner, until=until):
            return _Step.BUSY
        if key not in self._unstored and not await self._asked(grant, key):
            return _Step.RENEWED
        return _Step.RENEWED if await self._stored_soon(connector, key) else _Step.BUSY

    async def _asked(self, grant: NotionOauth20AuthConfig, key: _Key) -> bool:
        """Ask Notion for a new pair; False if meanwhile another process has stored one."""
        fault_point("refresh.asking")
        try:
            with anyio.fail_after(0.8 * self._lease):
                renewed = await self._grants.renew(grant)
        except TimeoutError:
            # The lease runs on: whoever is next waits for its end.
            raise _timed_out() from None
        except NotionAgentError as error:
            await self._threads.run(self._store.connectors.release_refresh, key[0], owner=self._owner)
            if not isinstance(error, ApiError) or error.status not in {400, 401, 403}:
                raise
            found = await self._threads.run(self._store.connectors.credentials, key[0])
            if found is not None and found[1] != key[1]:
                return False
            say(logging.WARNING, "Notion refused to renew a grant", connector_id=key[0], notion_code=error.code)
            raise _authorize_again(error) from error
        self._unstored[key] = renewed
        fault_point("refresh.answered")
        return True

    async def _stored_soon(self, connector: Connector, key: _Key) -> bool:
        """Store the new pair, with a few tries; where they all fail a task goes on trying."""
        for wait in (*_STORE_AGAIN, None):
            try:
                return await self._stored(key)
            except Exception as error:
                say(logging.WARNING, "a renewed grant could not be stored yet", error=error, connector_id=key[0])
                if wait is None:
                    self._go_on_trying(connector, key)
                    raise
            await self._sleep(wait)
        raise AssertionError

    async def _stored(self, key: _Key) -> bool:
        """Store the new pair; False if there is a newer version, or no such connector."""
        store = self._store.connectors.store_refresh
        pair = self._unstored[key]
        if not await self._threads.run(store, key[0], version=key[1], owner=self._owner, credentials=pair):
            return False
        self._unstored.pop(key, None)
        return True

    def _go_on_trying(self, connector: Connector, key: _Key) -> None:
        if any(keeper.get_name() == _name(key) for keeper in self._keepers):
            return
        keeper = asyncio.create_task(self._keep(connector, key), name=_name(key))
        self._keepers.add(keeper)
        keeper.add_done_callback(self._keepers.discard)

    async def _keep(self, connector: Connector, key: _Key) -> None:
        for wait in _KEEP_TRYING:
            await self._sleep(wait)
            if key not in self._unstored:
                return
            try:
                await self.renew(connector, version=key[1])
            except Exception as error:
                say(logging.WARNING, "a renewed grant is still in memory only", error=error, connector_id=key[0])

    async def _gone(self, connector: Connector, key: _Key) -> None:
        """The connector was deleted; a pair that came too late to be stored is of no use to anybody."""
        orphan = self._unstored.pop(key, None)
        if orphan is not None and connector.managed:
            await self._grants.revoke_quietly(orphan)
        raise not_found("connector")


def _renewable(credentials: Credentials) -> NotionOauth20AuthConfig | None:
    if isinstance(credentials, NotionOauth20AuthConfig) and credentials.refresh_token is not None:
        return credentials
    return None


def _name(key: _Key) -> str:
    return f"keep {key[0]} {key[1]}"


def _authorize_again(error: ApiError) -> Unauthorized:
    return Unauthorized(
        "Notion no longer takes this connector's access token, and refused to renew it.",
        status=401,
        hint="Calling again will not help: a person must authorize the connection again.",
        details={"renewal": error.code},
        request_id=error.request_id,
    )


def _timed_out() -> OutcomeUnknown:
    return OutcomeUnknown(
        "The connector's access token had to be renewed, and Notion did not answer in time. The call was not made.",
        hint="Call again in a minute; if it fails again, a person must authorize the connection again.",
        recovery=Recovery.RETRY_LATER,
    )


def _busy() -> NotionAgentError:
    return NotionAgentError(
        "The connector's access token is being renewed by another process. The call was not made.",
        code="renewal_under_way",
        recovery=Recovery.RETRY_LATER,
        hint="Call again in a minute.",
    )
