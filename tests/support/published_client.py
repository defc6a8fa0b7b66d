"""Run by the Python that has Airbyte's published client: does one thing with it and prints the result as JSON.

python published_client.py ACTION '{"client_id": ..., "client_secret": ..., ...}'
"""

import asyncio
import json
import sys

from airbyte_agent_notion import AirbyteAuthConfig, NotionConnector
from airbyte_agent_notion.models import (
    NotionAccessTokenAuthConfig,
    NotionOauth20AuthConfig,
    NotionOAuthCredentials,
)


def config(told, **fields):
    return AirbyteAuthConfig(
        airbyte_client_id=told["client_id"],
        airbyte_client_secret=told["client_secret"],
        organization_id=told.get("organization_id"),
        **fields,
    )


async def create(told):
    given = told["credentials"]
    auth = NotionAccessTokenAuthConfig(**given) if "token" in given else NotionOauth20AuthConfig(**given)
    connector = await NotionConnector.create(
        airbyte_config=config(told, customer_name=told["customer_name"]), auth_config=auth
    )
    return connector.connector_id


async def consent_url(told):
    return await NotionConnector.get_consent_url(
        airbyte_config=config(told, customer_name=told["customer_name"]), redirect_url=told["redirect_url"]
    )


async def own_app(told):
    credentials = NotionOAuthCredentials(**told["app"]) if told["app"] else None
    await NotionConnector.configure_oauth_app_parameters(airbyte_config=config(told), credentials=credentials)


async def execute(told):
    """By the customer's name, which the client looks up; or by id."""
    whose = {name: told[name] for name in ("customer_name", "connector_id") if told.get(name)}
    connector = NotionConnector(auth_config=config(told, **whose))
    result = await connector.execute(told["entity"], told["action"], told["params"])
    if not hasattr(result, "data"):
        return result
    return {"data": result.data, "meta": getattr(result, "meta", None)}


async def typed(told):
    connector = NotionConnector(auth_config=config(told, customer_name=told["customer_name"]))
    listed = await connector.users.list()
    check = await connector.check()
    return {"names": [user.name for user in listed.data], "more": listed.meta.has_more, "check": check.status}


async def main():
    action, told = sys.argv[1], json.loads(sys.argv[2])
    try:
        answer = {"result": await globals()[action](told)}
    except Exception as error:
        answer = {"error": type(error).__name__, "text": str(error)}
    sys.stdout.write(json.dumps(answer, default=str) + "\n")


asyncio.run(main())
