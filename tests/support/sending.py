"""Runs one operation by name against scripted answers, and shows what was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.executors.local import LocalExecutor
from airbyte_agent_notion.flow import Request
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion.operation import Operation
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.operations.file_uploads import SendFileUpload, UploadFile
from airbyte_agent_notion.testing import FakeTransport, json_response

NEW, OLD = "2026-03-11", "2025-09-03"
HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
HEX2 = "1a1b2c3d4e5f60718293a4b5c6d7e8f9"
ID2 = "1a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
CATALOG = Catalog.of(NotionSurface)
DEVELOPERS: dict[str, type[Operation[Any]]] = {"file_uploads.send": SendFileUpload, "file_uploads.upload": UploadFile}
"""Operations that no name reaches."""
TEXT = [{"text": {"content": "Hello"}}]
PARAGRAPH = {"type": "paragraph", "paragraph": {"rich_text": TEXT}}
EMOJI = {"type": "emoji", "emoji": "🚀"}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of a call."""

    requests: list[Request]
    result: Any

    @property
    def request(self) -> Request:
        """The only request."""
        [request] = self.requests
        return request

    @property
    def line(self) -> str:
        """Method and path of the only request."""
        return f"{self.request.method} {self.request.path}"


def parse(name: str, params: Mapping[str, Any]) -> Operation[Any]:
    """Parameters into the operation of that name, those for developers included."""
    return Catalog.parse(DEVELOPERS.get(name) or CATALOG.find(*name.split(".")), params)


def executor(version: str = NEW, **options: Any) -> LocalExecutor:
    """An executor without jitter or a limit of requests."""
    given = {"per_minute": None, "draw": lambda: 0.0, **options}
    return LocalExecutor(NotionAccessTokenAuthConfig(token="ntn_test"), version, **given)


def send(
    run: Callable[..., Any], name: str, params: Mapping[str, Any], *answers: Any, version: str = NEW, **options: Any
) -> Sent:
    """Run it; ``answers`` are bodies, responses or exceptions, by default one empty object."""
    replies = [json_response(each) if isinstance(each, dict) else each for each in answers or ({"object": "x"},)]
    transport = FakeTransport(*replies)
    result = run(executor(version, **options).call(parse(name, params)), transport)
    return Sent(requests=transport.requests, result=result)


LEAST: dict[str, dict[str, Any]] = {
    "pages.move": {"parent": {"page_id": HEX}},
    "pages.get_property": {"property_id": "title"},
    "pages.edit": {"append": "x"},
    "pages.update_markdown": {"type": "replace_content", "replace_content": {"new_str": "x"}},
    "data_sources.create": {"parent": {"database_id": HEX}, "properties": {}},
    "databases.create": {"parent": {"page_id": HEX}},
    "blocks.append": {"children": [PARAGRAPH]},
    "blocks.update": {"divider": {}},
    "comments.create": {"discussion_id": HEX, "rich_text": TEXT},
    "comments.update": {"rich_text": TEXT},
    "views.list": {"database_id": HEX},
    "views.create": {"name": "x", "type": "table", "database_id": HEX},
    "file_uploads.send": {"file": b"x"},
    "files.get": {"file": f"notion-file:{HEX}/{HEX2}"},
    "file_uploads.upload": {"content": b"x", "filename": "a.txt"},
    "meeting_notes.create": {"source": {"type": "block", "block_id": HEX}},
    "search.resolve": {"reference": "x"},
}
"""What a call needs beside its ids."""


def least(name: str) -> dict[str, Any]:
    """Parameters that make a good call, and no more than needed."""
    operation = DEVELOPERS.get(name) or CATALOG.find(*name.split("."))
    required = [field for field, item in operation.model_fields.items() if item.is_required()]
    return {**{field: HEX for field in required if field.endswith("_id")}, **LEAST.get(name, {})}
