"""Checked by mypy and pyright, both strict, never run: one declaration types both connectors' methods fully."""

from collections.abc import Callable
from typing import Any, assert_type

from airbyte_agent_notion import (
    AirbyteAuthConfig,
    CheckResult,
    ConsentOutcome,
    ListResult,
    NotionConnector,
    SyncNotionConnector,
)
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig, NotionOAuthCredentials
from airbyte_agent_notion.models.blocks import Block
from airbyte_agent_notion.models.objects import Comment, Database, DataSource, Page, Template, User
from airbyte_agent_notion.models.properties import PropertyItem
from airbyte_agent_notion.models.resolved import Resolved
from airbyte_agent_notion.models.trees import BlockTree

notion = NotionConnector(auth_config=NotionAccessTokenAuthConfig(token="ntn_x"))
blocking = SyncNotionConnector(auth_config=NotionAccessTokenAuthConfig(token="ntn_x"))


async def awaited() -> None:
    page = await notion.pages.get(page_id="x", filter_properties=["title"])
    assert_type(page, Page)
    title: str = page["properties"]["Name"]["title"][0]["plain_text"]
    assert_type(title, str)
    assert_type(await notion.pages.list(query="x", page_size=5), ListResult[Page])
    rows = await notion.data_sources.query(
        data_source_id="x", filter={"property": "Done", "checkbox": {"equals": True}}
    )
    assert_type(rows, ListResult[Page | DataSource])
    assert_type(rows.meta.next_cursor, str | None)
    assert_type(await notion.databases.get(database_id="x"), Database)
    assert_type(await notion.users.get_me(), User)
    assert_type(await notion.comments.get(comment_id="x"), Comment)
    assert_type(await notion.search(query="x"), ListResult[Page | DataSource])
    assert_type(await notion.blocks.list_tree(block_id="x", max_blocks=5), BlockTree)
    found_property = await notion.pages.get_property(page_id="x", property_id="title")
    assert_type(found_property, PropertyItem | ListResult[PropertyItem])
    assert_type(await notion.data_sources.list_templates(data_source_id="x"), ListResult[Template])
    assert_type(await notion.resolve(reference="x"), Resolved)
    async for block in notion.blocks.list.iterate(block_id="x"):
        assert_type(block, Block)
    async for found in notion.search.iterate():
        assert_type(found, Page | DataSource)
    assert_type(await notion.check(), CheckResult)
    async with NotionConnector.sandbox() as opened:
        assert_type(opened, NotionConnector)
    whose = AirbyteAuthConfig(customer_name="x", airbyte_client_id="x", airbyte_client_secret="x")
    made = await NotionConnector.create(airbyte_config=whose, auth_config=NotionAccessTokenAuthConfig(token="x"))
    assert_type(made, NotionConnector)
    assert_type(await NotionConnector.get_consent_url(airbyte_config=whose, redirect_url="x"), str)
    own = NotionOAuthCredentials(client_id="x", client_secret="x")
    await NotionConnector.configure_oauth_app_parameters(airbyte_config=whose, credentials=own)
    assert_type(NotionConnector.parse_callback("x"), ConsentOutcome)


def blocked() -> None:
    assert_type(blocking.pages.get(page_id="x", complete=True), Page)
    for row in blocking.data_sources.query.iterate(data_source_id="x"):
        assert_type(row, Page | DataSource)
    assert_type(blocking.pages.list(), ListResult[Page])
    assert_type(blocking.resolve(reference="x")["id"], str)
    for page in blocking.pages.list.iterate(
        query="x", sort={"timestamp": "last_edited_time", "direction": "ascending"}
    ):
        assert_type(page, Page)
    assert_type([user["id"] for user in blocking.users.list()], list[str])
    with SyncNotionConnector.sandbox() as opened:
        assert_type(opened.blocks.get(block_id="x"), Block)


async def refused() -> None:
    """Each ignore is needed: an unused one is an error for both checkers."""
    await notion.pages.get()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await notion.pages.get(page="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await notion.pages.get("x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await notion.pages.list(page_size="many")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    blocking.pages.get.iterate  # type: ignore[attr-defined]  # pyright: ignore  # noqa: B018
    NotionAccessTokenAuthConfig()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@NotionConnector.tool_utils
async def notion_execute(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
    return await notion.execute(entity, action, params or {})


decorated: Callable[[str, str], Any] = notion_execute


@blocking.tool_utils()
def notion_blocking(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
    return blocking.execute(entity, action, params or {})


text: str = notion_blocking(entity="pages", action="list", params={})
