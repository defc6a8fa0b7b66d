"""Checked by mypy and pyright, both strict, never run: one declaration types both connectors' methods fully."""

from collections.abc import Callable
from typing import Any, assert_type

from airbyte_agent_notion import (
    AirbyteAuthConfig,
    Answers,
    CheckResult,
    ConsentOutcome,
    ListResult,
    NotionConnector,
    Outcome,
    SyncNotionConnector,
    Toolset,
)
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig, NotionOAuthCredentials
from airbyte_agent_notion.models.blocks import Block
from airbyte_agent_notion.models.file_uploads import FileUpload
from airbyte_agent_notion.models.markdown import PageMarkdown
from airbyte_agent_notion.models.meetings import MeetingNotesFound
from airbyte_agent_notion.models.objects import Comment, Database, DataSource, Page, Template, User
from airbyte_agent_notion.models.pieces import CustomEmoji
from airbyte_agent_notion.models.properties import PropertyItem
from airbyte_agent_notion.models.resolved import Resolved
from airbyte_agent_notion.models.tasks import AsyncTask
from airbyte_agent_notion.models.texts import PageText, StoredFile
from airbyte_agent_notion.models.trees import BlockTree
from airbyte_agent_notion.models.views import View, ViewQuery, ViewQueryDeleted, ViewRef, ViewRow

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


async def written() -> None:
    page = await notion.pages.create(parent={"data_source_id": "x"}, properties={"Name": {"title": []}}, icon=None)
    assert_type(page, Page)
    assert_type(await notion.pages.create(), Page)
    assert_type(await notion.pages.update(page_id="x", cover=None, in_trash=False), Page)
    assert_type(await notion.pages.delete(page_id="x"), Page)
    assert_type(await notion.pages.restore(page_id="x"), Page)
    assert_type(await notion.pages.move(page_id="x", parent={"page_id": "y"}), Page)
    text = await notion.pages.get_markdown(page_id="x")
    assert_type(text, PageMarkdown)
    edited = await notion.pages.update_markdown(
        page_id="x",
        type="update_content",
        update_content={"content_updates": [{"old_str": "a", "new_str": "b", "replace_all_matches": True}]},
    )
    assert_type(edited["markdown"], str)
    added = await notion.blocks.append(
        block_id="x", children=[{"paragraph": {}}], position={"type": "after_block", "after_block": {"id": "y"}}
    )
    assert_type(added, ListResult[Block])
    assert_type(await notion.blocks.update(block_id="x", block={"to_do": {"checked": True}}), Block)
    assert_type(await notion.blocks.delete(block_id="x"), Block)
    assert_type(await notion.blocks.restore(block_id="x"), Block)
    assert_type(await notion.comments.create(discussion_id="x", markdown="y"), Comment)
    assert_type(await notion.comments.update(comment_id="x", rich_text=[]), Comment)
    assert_type(await notion.comments.delete(comment_id="x"), Comment)


def tabled() -> None:
    made = blocking.databases.create(parent={"page_id": "x"}, initial_data_source={"properties": {"N": {"title": {}}}})
    assert_type(made, Database)
    assert_type(blocking.databases.update(database_id="x", title=[]), Database)
    assert_type(blocking.databases.delete(database_id="x"), Database)
    assert_type(blocking.databases.restore(database_id="x"), Database)
    for row in blocking.databases.query.iterate(database_id="x", sorts=[{"property": "x"}]):
        assert_type(row, Page | DataSource)
    assert_type(blocking.data_sources.create(parent={"database_id": "x"}, properties={}), DataSource)
    assert_type(blocking.data_sources.update(data_source_id="x", properties={"Gone": None}), DataSource)
    assert_type(blocking.data_sources.delete(data_source_id="x"), DataSource)
    assert_type(blocking.data_sources.restore(data_source_id="x"), DataSource)
    assert_type(blocking.views.list(database_id="x"), ListResult[ViewRef])
    assert_type(blocking.views.get(view_id="x"), View)
    assert_type(blocking.views.create(data_source_id="x", name="y", type="board", database_id="z"), View)
    assert_type(blocking.views.update(view_id="x", filter=None), View)
    assert_type(blocking.views.delete(view_id="x"), View)
    assert_type(blocking.views.query(view_id="x"), ViewQuery)
    for found in blocking.views.get_query_results.iterate(view_id="x", query_id="y"):
        assert_type(found, ViewRow)
    assert_type(blocking.views.delete_query(view_id="x", query_id="y"), ViewQueryDeleted)


async def texts() -> None:
    assert_type(await notion.pages.read(page_id="x", section="y", outline=True), PageText)
    assert_type(await notion.pages.edit(page_id="x", find="a", replace="b"), PageText)
    assert_type(await notion.files.get(file="notion-file:x/y"), StoredFile)
    assert_type(blocking.pages.read(page_id="x"), PageText)
    assert_type(await notion.pages.create(parent={"page_id": "x"}, markdown="# x"), Page)
    assert_type(await notion.blocks.append(block_id="x", markdown="# x"), ListResult[Block])


async def told() -> None:
    answers = Answers(format="markdown", max_tokens=500, handles=False, fence=False, count=len)
    toolset = Toolset(NotionConnector.sandbox(answers=answers), answers=answers)
    assert_type(toolset.session(), Toolset)
    assert_type(await toolset.session().acall("notion_execute", {}), Outcome)
    assert_type(toolset.call("notion_execute", {}).text, str)
    assert_type(Toolset(toolset).conversation is toolset.conversation, bool)
    shown: str = await notion.execute("users", "get_me", format="compact")
    assert_type(shown, str)

    @notion.tool_utils(answers=answers, passes_on=True, on_error=str)
    async def notion_execute(entity: str, action: str, params: object = None) -> str:
        return (await toolset.acall("notion_execute", {"entity": entity, "action": action, "params": params})).text

    assert_type(await notion_execute("users", "get_me"), Any)


def filed() -> None:
    assert_type(blocking.file_uploads.create(mode="multi_part", filename="x", number_of_parts=2), FileUpload)
    assert_type(blocking.file_uploads.send(file_upload_id="x", file=b"", part_number=1), FileUpload)
    assert_type(blocking.file_uploads.complete(file_upload_id="x"), FileUpload)
    assert_type(blocking.file_uploads.get(file_upload_id="x"), FileUpload)
    assert_type(blocking.file_uploads.list(status="failed"), ListResult[FileUpload])
    assert_type(blocking.meeting_notes.create(source={"type": "block", "block_id": "x"}), Block)
    assert_type(blocking.meeting_notes.query(limit=5), MeetingNotesFound)
    assert_type(blocking.custom_emojis.list(name="x"), ListResult[CustomEmoji])
    assert_type(blocking.async_tasks.get(task_id="x"), AsyncTask)


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
    await notion.pages.create(parent={"block_id": "x"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await notion.blocks.append(markdown="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
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
