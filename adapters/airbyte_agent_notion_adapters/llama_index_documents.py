"""LlamaIndex: whole Notion pages and rows as ``Document`` objects, for indices and ingestion pipelines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any, Unpack

from airbyte_agent_notion import NotionConnector
from airbyte_agent_notion.documents import NotionDocument, NotionDocuments, Options, Skipped
from airbyte_agent_notion.plugins import MissingFramework
from airbyte_agent_notion.tools import HasRunner

try:
    from llama_index.core.readers.base import BaseReader
    from llama_index.core.schema import Document
except ModuleNotFoundError as error:
    raise MissingFramework("llama-index", error) from error

__all__ = ["EMBEDDED", "SHOWN", "NotionReader"]

EMBEDDED = frozenset({"title"})
"""Metadata that is embedded with the text; ids, addresses and times would only blur it."""
SHOWN = frozenset({"title", "url", "last_edited_time", "complete"})
"""Metadata that an LLM is shown with the text."""


class NotionReader(BaseReader):
    """Reads pages and rows, each of them whole: ``NotionReader(notion).load_data(data_sources=[...])``.

    What the methods take are ``documents.Options``: ``pages``, ``recursive``, ``data_sources``, ``filter``, ``sorts``,
    ``content``, ``query``, ``since``, ``overlap``. Without pages and data_sources they read all that the connection can
    see. A document's id is its page's, so that reading again replaces it.

    Args:
        connector: a connector of either kind, which blocks and awaits; or a Toolset. It is not closed. By default one
            with the token from NOTION_TOKEN.
    """

    def __init__(self, connector: HasRunner | None = None) -> None:
        self._connector = NotionConnector() if connector is None else connector
        self._documents: NotionDocuments | None = None

    @property
    def state(self) -> dict[str, str]:
        """Of the last call: JSON data to store, and to give as ``since`` for what was edited meanwhile."""
        return self._documents.state if self._documents else {}

    @property
    def skipped(self) -> list[Skipped]:
        """Of the last call: pages that could not be read, each with the reason."""
        return self._documents.skipped if self._documents else []

    def lazy_load_data(self, **options: Unpack[Options]) -> Iterator[Document]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The documents one after the other, read as they are consumed."""
        self._documents = NotionDocuments(self._connector, **options)
        return map(_document, self._documents.lazy())

    def alazy_load_data(self, **options: Unpack[Options]) -> _Awaiting:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        """The same, awaiting: ``async for document in reader.alazy_load_data()``; awaited itself it is the list."""
        self._documents = NotionDocuments(self._connector, **options)
        return _Awaiting(self._documents)

    async def aload_data(self, **options: Unpack[Options]) -> list[Document]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The documents, awaiting."""
        return await self.alazy_load_data(**options)


class _Awaiting:
    """What LlamaIndex awaits for an iterable of all documents, and what gives them one after the other."""

    def __init__(self, documents: NotionDocuments) -> None:
        self._documents = documents

    async def __aiter__(self) -> AsyncIterator[Document]:
        async for found in self._documents.alazy():
            yield _document(found)

    def __await__(self) -> Generator[Any, None, list[Document]]:
        return self._all().__await__()

    async def _all(self) -> list[Document]:
        return [document async for document in self]


def _document(found: NotionDocument) -> Document:
    return Document(
        id_=found.id,
        text=found.text,
        metadata=found.metadata,
        excluded_embed_metadata_keys=sorted(set(found.metadata) - EMBEDDED),
        excluded_llm_metadata_keys=sorted(set(found.metadata) - SHOWN),
    )
