"""LangChain: whole Notion pages and rows as ``Document`` objects, for retrieval."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Unpack

from pydantic import SecretStr

from airbyte_agent_notion import NotionAccessTokenAuthConfig, NotionConnector
from airbyte_agent_notion.documents import NotionDocument, NotionDocuments, Options, Skipped
from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.plugins import MissingFramework
from airbyte_agent_notion.tools import HasRunner

try:
    from langchain_core.document_loaders import BaseLoader
    from langchain_core.documents import Document
    from langchain_core.utils import secret_from_env
except ModuleNotFoundError as error:
    raise MissingFramework("langchain", error) from error

__all__ = ["NotionLoader"]


class NotionLoader(BaseLoader):
    """Loads pages and rows, each of them whole: ``NotionLoader(notion, data_sources=[...]).lazy_load()``.

    Args:
        connector: a connector of either kind, which blocks and awaits; or a Toolset. It is not closed.
        notion_token: in place of a connector; by default NOTION_TOKEN.
        options: those of ``documents.Options``: ``pages``, ``recursive``, ``data_sources``, ``filter``, ``sorts``,
            ``content``, ``query``, ``since``, ``overlap``. Without pages and data_sources it loads all that the
            connection can see.

    Raises:
        ConfigurationError: there is a connector and a token, or neither; or options exclude each other.
        InvalidParams: an id or the filter is wrong.
    """

    def __init__(
        self,
        connector: HasRunner | None = None,
        *,
        notion_token: SecretStr | str | None = None,
        **options: Unpack[Options],
    ) -> None:
        if connector is not None and notion_token is not None:
            raise ConfigurationError("NotionLoader takes a connector or notion_token, not both.")
        token = SecretStr(notion_token) if isinstance(notion_token, str) else notion_token
        if connector is None:
            token = token or secret_from_env("NOTION_TOKEN", default=None)()
            connector = NotionConnector(NotionAccessTokenAuthConfig(token=token) if token else None)
        self._documents = NotionDocuments(connector, **options)

    @property
    def state(self) -> dict[str, str]:
        """JSON data to store, and to give as ``since`` to the loader that loads what was edited meanwhile."""
        return self._documents.state

    @property
    def skipped(self) -> list[Skipped]:
        """Pages that could not be read the last time, each with the reason."""
        return self._documents.skipped

    def lazy_load(self) -> Iterator[Document]:
        """The documents one after the other, read as they are consumed; every call begins anew."""
        return map(_document, self._documents.lazy())

    async def alazy_load(self) -> AsyncIterator[Document]:
        """As ``lazy_load``, awaiting."""
        async for found in self._documents.alazy():
            yield _document(found)


def _document(found: NotionDocument) -> Document:
    return Document(page_content=found.text, metadata=found.metadata, id=found.id)
