"""LangChain's own tests for tools, as published; every test of theirs runs."""

from typing import Any

import pytest

from airbyte_agent_notion import NotionConnector, SyncNotionConnector

pytest.importorskip("langchain_tests", reason="langchain-tests is not installed")

from langchain_tests.integration_tests import ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests

from airbyte_agent_notion_adapters.langchain import NotionExecute, NotionToolkit

pytestmark = pytest.mark.anyio

EXAMPLE = {"entity": "pages", "action": "list", "params": {"page_size": 1}}


class TestUnit(ToolsUnitTests):
    @property
    def tool_constructor(self) -> Any:
        return NotionExecute

    @property
    def tool_constructor_params(self) -> dict[str, Any]:
        return {"notion_token": "ntn_x"}

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return EXAMPLE

    @property
    def init_from_env_params(self) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
        return {"NOTION_TOKEN": "ntn_e"}, {}, {"notion_token": "ntn_e"}


class TestIntegration(ToolsIntegrationTests):
    @property
    def tool_constructor(self) -> Any:
        return NotionExecute

    @property
    def tool_constructor_params(self) -> dict[str, Any]:
        return {"connector": NotionConnector.sandbox()}

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return EXAMPLE


class TestIntegrationPerOperation(TestIntegration):
    """One operation's tool, from the blocking connector."""

    @property
    def tool_constructor(self) -> Any:
        return NotionToolkit(connector=SyncNotionConnector.sandbox(), per_operation=True).get_tools()[0]

    @property
    def tool_constructor_params(self) -> dict[str, Any]:
        return {}

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return {"page_size": 1}
