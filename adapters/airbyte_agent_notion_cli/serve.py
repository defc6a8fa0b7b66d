"""``airbyte-agent-notion sandbox``."""

from __future__ import annotations

import signal
import threading

from airbyte_agent_notion.sandbox import Sandbox

__all__ = ["run"]

REDIRECT_URI = "http://localhost:8000/callback"


def run(*, port: int) -> int:
    """Serve a fresh sample workspace on loopback until interrupted."""
    sandbox = Sandbox.sample()
    stopped = threading.Event()
    with sandbox.serve(port=port) as server:
        print(f"A sample Notion workspace at {server.url}; its token is {sandbox.token}")
        print("Try it:")
        headers = f"-H 'Notion-Version: 2026-03-11' -H 'Authorization: Bearer {sandbox.token}'"
        print(f"  curl {server.url}/v1/users/me {headers}")
        print(f"  NOTION_BASE_URL={server.url} NOTION_TOKEN={sandbox.token} airbyte-agent-notion check")
        print("Where an OAuth app sends a browser (a code comes back to redirect_uri; put your own there):")
        print(f"  {sandbox.oauth.authorization_url(server.url, redirect_uri=REDIRECT_URI, state='any')}")
        print(f"  The app's client id is {sandbox.oauth.client_id}, its secret {sandbox.oauth.client_secret}")
        print("Ctrl-C ends it.", flush=True)

        def stop(*_: object) -> None:
            stopped.set()

        signal.signal(signal.SIGTERM, stop)
        stopped.wait()
    return 0
