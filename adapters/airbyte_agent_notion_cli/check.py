"""``airbyte-agent-notion check``."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TypeVar

from airbyte_agent_notion import NotionAgentError, SyncNotionConnector
from airbyte_agent_notion.errors import Forbidden
from airbyte_agent_notion.models import DataSource, Page, RichText, User

__all__ = ["run"]

T = TypeVar("T")
S = TypeVar("S", Page, DataSource)

COUNTED = 200
SHOWN = 5


def run(*, sandbox: bool) -> int:
    """Print what the token is, may read and can see; exit status 1 if it does not work."""
    with SyncNotionConnector.sandbox() if sandbox else SyncNotionConnector() as notion:
        health = notion.check()
        if health.status != "healthy":
            print(f"The token does not work. {health.error}")
            return 1
        _identity(notion.users.get_me())
        print("It may:")
        pages = _may("read content", lambda: list(islice(notion.pages.list.iterate(), COUNTED)))
        sources = _may("read data sources", lambda: list(islice(notion.data_sources.list.iterate(), COUNTED)))
        _may("read users", lambda: list(notion.users.list(page_size=1)))
        if pages:
            _may("read comments", lambda: list(notion.comments.list(block_id=pages[0]["id"], page_size=1)))
        print("  ?    insert and update content, insert comments: these show only when something is written")
        _shared("pages", pages, _page_title)
        _shared("data sources", sources, _source_title)
    return 0


def _identity(user: User) -> None:
    workspace = user["bot"].get("workspace_name") if "bot" in user else None
    where = f" in the workspace {workspace!r}" if workspace else ""
    print(f"The token works: it acts as the {user['type']} {user['name']!r}{where}.")


def _may(what: str, read: Callable[[], list[T]]) -> list[T]:
    try:
        found = read()
    except Forbidden:
        print(f"  no   {what}: the capability is not granted (Notion: the connection's settings)")
        return []
    except NotionAgentError as error:
        print(f"  ?    {what}: {error}")
        return []
    print(f"  yes  {what}")
    return found


def _shared(what: str, found: list[S], title: Callable[[S], str]) -> None:
    count = f"{len(found)} or more" if len(found) == COUNTED else str(len(found))
    print(f"Shared with it: {count} {what}{', for instance' if found else ''}")
    for item in found[:SHOWN]:
        print(f"  - {title(item) or 'Untitled'}  {item.get('url', item['id'])}")
    if not found:
        print("  Nothing: in Notion, open a page's ••• menu and add the connection to it.")


def _page_title(page: Page) -> str:
    # A partial object, of which the token sees no more than the id, has no properties.
    values = page["properties"].values() if "properties" in page else ()
    return next((_plain(value["title"]) for value in values if value["type"] == "title"), "")


def _source_title(source: DataSource) -> str:
    return _plain(source["title"]) if "title" in source else ""


def _plain(rich_text: list[RichText]) -> str:
    return "".join(part["plain_text"] for part in rich_text)
