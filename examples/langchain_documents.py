"""Load Notion for retrieval with LangChain: everything at first, then what was edited.

    python examples/langchain_documents.py                  # offline: a sandbox workspace
    NOTION_TOKEN=ntn_... python examples/langchain_documents.py --state state.json "Which tasks are blocked?"

The search by words stands in for a vector store: give the documents to one of yours, with their ids.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from langchain_core.documents import Document

from airbyte_agent_notion import SyncNotionConnector
from airbyte_agent_notion_adapters.langchain_documents import NotionLoader

QUESTION = "How many days of parental leave are there?"


def main() -> None:
    options = arguments()
    state = json.loads(options.state.read_text()) if options.state and options.state.exists() else None
    store: dict[str | None, Document] = {}
    with SyncNotionConnector() if os.environ.get("NOTION_TOKEN") else SyncNotionConnector.sandbox() as notion:
        loader = NotionLoader(notion, since=state)
        for document in loader.lazy_load():  # One at a time: nothing else is in memory.
            store[document.id] = document
    if options.state:
        options.state.write_text(json.dumps(loader.state))

    print("Question:", options.question)
    print("Loaded:", len(store), "documents,", len(loader.skipped), "skipped")
    print("State:", json.dumps(loader.state))
    for document in best(options.question, store.values()):
        print("Found:", document.metadata["title"], document.metadata["url"])


def arguments() -> Any:
    parser = argparse.ArgumentParser(description="Load Notion for retrieval with LangChain.")
    parser.add_argument("question", nargs="?", default=QUESTION)
    parser.add_argument("--state", type=Path, help="file that remembers what was loaded; the next run loads the rest")
    return parser.parse_args()


def best(question: str, documents: Iterable[Document], count: int = 3) -> list[Document]:
    words = {word for word in question.lower().strip("?").split() if len(word) > len("what")}
    return sorted(documents, key=lambda each: -sum(word in each.page_content.lower() for word in words))[:count]


if __name__ == "__main__":
    main()
