"""Running the application: one process, one address."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import IO

import uvicorn
from sqlalchemy import make_url

from airbyte_agent_notion.errors import NotionAgentError

from .app import SHUTDOWN_SECONDS, create_app
from .logs import configure
from .settings import GatewaySettings
from .store import Store

__all__ = ["run"]


def run(settings: GatewaySettings, *, out: IO[str] | None = None) -> int:
    """Serve until the process is told to stop (SIGINT, SIGTERM); calls under way then end first.

    Args:
        settings: where data is, and where to listen.
        out: where the address and the first steps are printed; by default the standard output. Logs go to the standard
            error.

    Returns:
        0, or 1 if it could not start, having said why.
    """
    configure()
    try:
        with Store.open(settings) as store, _listening(settings) as listener:
            app = create_app(settings, store=store)
            _greet(settings, port=listener.getsockname()[1], out=sys.stdout if out is None else out)
            return _serve(uvicorn.Server(_config(app)), listener)
    except (NotionAgentError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _config(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=int(SHUTDOWN_SECONDS),
    )


def _serve(server: uvicorn.Server, listener: socket.socket) -> int:
    with _signals_end_it_well():
        try:
            with suppress(KeyboardInterrupt):  # raised once it has stopped
                server.run(sockets=[listener])
        except SystemExit as ended:
            return 1 if ended.code else 0
    return 0 if server.started else 1


@contextmanager
def _signals_end_it_well() -> Generator[None]:
    """uvicorn raises the signal again once it has stopped: that is how it ends, and no failure."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _listening(settings: GatewaySettings) -> Generator[socket.socket]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=2_048)
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise OSError(
            f"Cannot listen on {settings.host} port {settings.port}: {said}. Choose another with --host and --port."
        ) from error
    with listener:
        yield listener


def _greet(settings: GatewaySettings, *, port: int, out: IO[str]) -> None:
    """Say where the server is and what to do first."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{port}"
    keys = "the environment (NOTION_GATEWAY_KEYS)" if settings.keys else str(settings.key_file)
    database = make_url(settings.database_url).render_as_string(hide_password=True)
    out.write(_GREETING.format(address=address, public=settings.public_url, database=database, keys=keys))
    out.flush()


_GREETING = """\
The Agent API for Notion listens on {address} (public address: {public})
  database    {database}
  vault keys  {keys}   keep a copy: without them the credentials cannot be read

Make an organization; its client id and secret are shown once:
  airbyte-agent-notion gateway organizations create NAME

Then get a token, and store a Notion token as a customer's connector:
  TOKEN=$(curl -s -X POST {address}/api/v1/account/applications/token \\
    -H 'Content-Type: application/json' \\
    -d '{{"client_id": "CLIENT_ID", "client_secret": "CLIENT_SECRET"}}' \\
    | python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')
  curl -X POST {address}/api/v1/integrations/connectors \\
    -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
    -d '{{"customer_name": "CUSTOMER", "connector_type": "Notion", "credentials": {{"token": "NOTION_TOKEN"}}}}'

Ctrl+C stops it. All endpoints: {address}/openapi.json
"""
