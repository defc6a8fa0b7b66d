"""Hosted and open-source mode give the same: results, errors, iterators, composites, tools."""

import asyncio
import json

import pytest
from gateways import BASE, blocking, running

from airbyte_agent_notion import (
    AirbyteAuthConfig,
    NotionAccessTokenAuthConfig,
    NotionAgentError,
    NotionConnector,
    SyncNotionConnector,
    Toolset,
)
from airbyte_agent_notion.sandbox import Sandbox

FRESH = {"request_id", "expiry_time", "url", "task_id"}
"""Keys whose values differ from one answer to the next: signed URLs hold the moment."""


def plain(value):
    """A result as JSON, without what differs from one answer to the next."""
    if hasattr(value, "to_dict"):
        value = value.to_dict()
    return strip(json.loads(json.dumps(value, default=lambda other: other.to_dict())))


def strip(value):
    if isinstance(value, dict):
        return {key: strip(each) for key, each in value.items() if key not in FRESH}
    return [strip(each) for each in value] if isinstance(value, list) else value


@pytest.fixture
def sandbox():
    return Sandbox.sample()


@pytest.fixture
def pair(settings, store, sandbox):
    """A connector that goes to the sandbox, and one that goes there through the gateway; both blocking."""
    with blocking(settings, store, sandbox) as (gateway, client):
        tenant = gateway.organization()
        config = AirbyteAuthConfig(
            customer_name="acme", airbyte_client_id=tenant.client_id, airbyte_client_secret=tenant.client_secret
        )
        credentials = NotionAccessTokenAuthConfig(token=sandbox.token)
        gateway.store.connectors.create(tenant.id, "acme", name=None, credentials=credentials)
        with SyncNotionConnector(config, base_url=BASE, http_client=client) as hosted:
            yield SyncNotionConnector.sandbox(sandbox), hosted


def outcome(notion, entity, action, params):
    """What a call ends with: a result or an error, as JSON."""
    try:
        return plain(notion.execute(entity, action, params))
    except NotionAgentError as error:
        told = error.to_dict()
        return type(error).__name__, "request_id" in told, strip(told)


def calls(sandbox):
    """Calls of every reading operation: good ones and bad ones."""
    workspace = sandbox.workspace
    ids = {
        "page_id": next(page.id for page in workspace.pages.values() if page.children),
        "block_id": next(page.id for page in workspace.pages.values() if page.children),
        "data_source_id": next(iter(workspace.sources)),
        "database_id": next(iter(workspace.databases)),
        "user_id": next(iter(workspace.users)),
        "comment_id": next(iter(workspace.discussions.values())).comments[0].id,
        "property_id": "title",
        "reference": next(iter(workspace.databases)),
    }
    offered = SyncNotionConnector.sandbox(sandbox).runner.engine.offered()
    for operation in offered:
        required = [name for name, field in operation.model_fields.items() if field.is_required()]
        spec = operation.spec
        if set(required) <= set(ids):
            good = {name: ids[name] for name in required}
            yield spec.entity, spec.action, good
            if "page_size" in operation.model_fields:
                yield spec.entity, spec.action, {**good, "page_size": 2}
            if required:
                yield spec.entity, spec.action, {**good, required[0]: "0" * 8 + "-0000-4000-8000-" + "0" * 12}
                yield spec.entity, spec.action, {}
        yield spec.entity, spec.action, {"nonsense": 1}


def test_every_call_ends_the_same(pair, sandbox):
    local, hosted = pair
    compared = 0
    for entity, action, params in calls(sandbox):
        assert outcome(hosted, entity, action, params) == outcome(local, entity, action, params), (entity, action)
        compared += 1
    assert compared > 50


@pytest.mark.parametrize(
    "call",
    [
        lambda notion: list(notion.pages.list.iterate()),
        lambda notion: list(notion.data_sources.query.iterate(data_source_id=_titled(notion.data_sources, "Tasks"))),
        lambda notion: notion.blocks.list_tree(block_id=_titled(notion.pages, "Travel expense policy")),
        lambda notion: notion.blocks.list_tree(block_id=_titled(notion.pages, "Travel expense policy"), max_blocks=3),
        lambda notion: notion.pages.get(page_id=_titled(notion.pages, "Travel expense policy"), complete=True),
        lambda notion: notion.resolve(reference="Tasks"),
        lambda notion: notion.list_entities(),
        lambda notion: [tool.description for tool in Toolset(notion, per_operation=True).tools],
    ],
    ids=["pages", "rows", "tree", "cut tree", "complete", "resolve", "entities", "tools"],
)
def test_composites_and_iterators_give_the_same(pair, call):
    local, hosted = pair
    assert plain({"found": call(hosted)}) == plain({"found": call(local)})


def _titled(listing, title):
    return listing.list(query=title, page_size=1).data[0]["id"]


def test_faults_of_notion_keep_their_code_and_request_id(pair, sandbox):
    local, hosted = pair
    for status, code in ((400, "validation_error"), (403, "restricted_resource"), (404, "object_not_found")):
        for notion in (local, hosted):
            sandbox.faults.add(status=status, code=code)
            with pytest.raises(NotionAgentError) as caught:
                notion.execute("users", "get_me", {})
            assert (caught.value.code, caught.value.status) == (code, status)
            assert caught.value.request_id


async def test_awaited_it_is_the_same(settings, store, sandbox):
    async with running(settings, store, sandbox) as gateway:
        tenant = gateway.organization()
        credentials = NotionAccessTokenAuthConfig(token=sandbox.token)
        gateway.store.connectors.create(tenant.id, "acme", name=None, credentials=credentials)
        config = AirbyteAuthConfig(
            customer_name="acme", airbyte_client_id=tenant.client_id, airbyte_client_secret=tenant.client_secret
        )
        hosted = NotionConnector(config, base_url=BASE, http_client=gateway.http)
        local = NotionConnector.sandbox(sandbox)
        for notion_call in (lambda n: n.users.list(), lambda n: n.pages.list(page_size=3), lambda n: n.users.get_me()):
            assert plain(await notion_call(hosted)) == plain(await notion_call(local))
        rows = await asyncio.gather(*(hosted.execute("users", "list", {}) for _ in range(20)))
        assert len({len(each) for each in rows}) == 1
