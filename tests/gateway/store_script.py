"""Run by tests in a process of its own: one operation on a store, ended at a fault point.

    store_script.py DATA_DIR DATABASE_URL OPERATION POINT WAY [ID]

WAY is ``kill`` (SIGKILL), ``exit`` (os._exit(9)) or ``none``. Prints ``ok`` if it comes to its end.
"""

import os
import signal
import sys
from datetime import UTC, datetime, timedelta

from airbyte_agent_notion.models import NotionAccessTokenAuthConfig, NotionOauth20AuthConfig
from airbyte_agent_notion_gateway import faults
from airbyte_agent_notion_gateway.rotation import rotate_keys
from airbyte_agent_notion_gateway.settings import GatewaySettings
from airbyte_agent_notion_gateway.store import Store

CANARY = "canary-of-the-killed-process"
RENEWED = NotionOauth20AuthConfig(
    client_id="app",
    client_secret=f"{CANARY}-app",
    access_token=f"{CANARY}-access-2",
    refresh_token=f"{CANARY}-refresh-2",
)


def end_at(point, way):
    name, _, count = point.partition("#")
    passed = []

    def hook(at):
        passed.append(at)
        if at == name and passed.count(name) == int(count or 1):
            if way == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            os._exit(9)

    if way != "none":
        faults.hook = hook


def act(store, operation, id):
    if operation == "create":
        store.connectors.create(id, "acme", credentials=NotionAccessTokenAuthConfig(token=f"{CANARY}-token"))
    elif operation == "refresh":
        until = datetime.now(UTC) + timedelta(seconds=45)
        assert store.connectors.claim_refresh(id, version=1, owner="killed", until=until)
        assert store.connectors.store_refresh(id, version=1, owner="killed", credentials=RENEWED)
    elif operation == "consent":
        assert store.consents.claim(id)
        assert store.consents.finish(id, credentials=RENEWED)
    elif operation == "rotate":
        rotate_keys(store)
    elif operation == "open":
        store.ready()
        store.signing_secret()


def main(data_dir, database_url, operation, point, way, id=""):
    settings = GatewaySettings.resolve(data_dir=data_dir, database_url=database_url, environ={})
    if operation == "open":
        end_at(point, way)
    with Store.open(settings) as store:
        end_at(point, way)
        act(store, operation, id)
    sys.stdout.write("ok\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
