"""Adapters by entry point; a framework of three lines stands for any third party's."""

import importlib
import subprocess
import sys
from textwrap import dedent
from typing import Any

import anyio
import pytest

from airbyte_agent_notion import NotionAgentError, NotionConnector, plugins
from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.testing import AdapterContract, Advertised, ToolCall

OURS = {"langchain": "langchain_core", "llama-index": "llama_index.core", "pydantic-ai": "pydantic_ai"}

ADAPTER = """
from functools import partial
from airbyte_agent_notion import Toolset

class Toolbox:
    name = "toolbox"

    def tools(self, connector, *, per_operation=False):
        toolset = Toolset(connector, per_operation=per_operation)
        return [
            {
                "spec": {"name": tool.name, "description": tool.description, "schema": tool.parameters},
                "call": partial(toolset.call, tool.name),
                "acall": partial(toolset.acall, tool.name),
            }
            for tool in toolset.tools
        ]

ADAPTER = Toolbox()
"""


@pytest.fixture
def third_party(tmp_path, monkeypatch):
    """``third_party(adapter module's text)``: an installed distribution with the entry points toolbox and broken."""

    def install(text: str = ADAPTER) -> None:
        (tmp_path / "toolbox_notion.py").write_text(text)
        info = tmp_path / "toolbox_notion-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toolbox-notion\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{plugins.GROUP}]\ntoolbox = toolbox_notion:ADAPTER\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.delitem(sys.modules, "toolbox_notion", raising=False)
        importlib.invalidate_caches()

    yield install
    sys.modules.pop("toolbox_notion", None)


class TestThirdPartyAdapter(AdapterContract):
    """The contract, for an adapter that is reached by its entry point only."""

    @pytest.fixture(autouse=True)
    def _installed(self, third_party):
        third_party()

    def build(self, connector: Any, *, per_operation: bool = False) -> list[Any]:
        return plugins.load("toolbox").tools(connector, per_operation=per_operation)

    def advertised(self, tool: Any) -> Advertised:
        spec = tool["spec"]
        return Advertised(name=spec["name"], description=spec["description"], parameters=spec["schema"])

    def call(self, tool: Any, arguments: Any) -> str:
        return tool["call"](arguments).text

    async def acall(self, tool: Any, arguments: Any) -> str:
        return (await tool["acall"](arguments)).text

    def run(self, tools: list[Any], steps: Any) -> list[str]:
        by_name = {tool["spec"]["name"]: tool for tool in tools}
        shown: list[str] = []

        async def loop() -> None:
            for step in steps:
                call = step if isinstance(step, ToolCall) else step(shown)
                shown.append(await self.acall(by_name[call.name], call.arguments))

        anyio.run(loop)
        return shown

    def dump(self, tool: Any) -> str:
        return repr(tool)


def test_ours_are_registered_whether_their_frameworks_are_installed_or_not():
    assert set(OURS) <= set(plugins.available())


def test_a_third_party_is_listed_and_loaded(third_party):
    assert "toolbox" not in plugins.available()
    third_party()
    assert "toolbox" in plugins.available()
    assert plugins.load("toolbox").name == "toolbox"


@pytest.mark.parametrize(("given", "meant"), [("langchian", "langchain"), ("llama_index", "llama-index")])
def test_unknown_name_is_answered_with_the_nearest(given, meant):
    with pytest.raises(ConfigurationError, match=f"Did you mean '{meant}'") as caught:
        plugins.load(given)
    assert caught.value.code == "unknown_adapter"
    assert caught.value.details["adapters"] == plugins.available()


def test_name_like_no_other_is_answered_with_all():
    with pytest.raises(ConfigurationError, match="Installed are langchain, llama-index, pydantic-ai"):
        plugins.load("xyz")


def test_an_entry_point_that_names_no_adapter_is_refused(third_party):
    third_party("ADAPTER = 7")
    with pytest.raises(ConfigurationError, match="names no adapter") as caught:
        plugins.load("toolbox")
    assert caught.value.code == "invalid_adapter"


def test_a_third_party_s_missing_framework_is_ours_to_report(third_party):
    third_party("import a_framework_that_is_nowhere")
    with pytest.raises(plugins.MissingFramework, match="a_framework_that_is_nowhere") as caught:
        plugins.load("toolbox")
    assert "Install what the toolbox adapter asks for" in str(caught.value)


@pytest.mark.parametrize("name", OURS)
def test_a_missing_framework_names_the_extra(name):
    """In a process of its own where the framework cannot be imported."""
    code = f'''
        import sys
        from importlib.abc import MetaPathFinder

        class Nothing(MetaPathFinder):
            def find_spec(self, module, path=None, target=None):
                if module == "{OURS[name].partition(".")[0]}":
                    raise ModuleNotFoundError(f"No module named {{module!r}}", name=module)

        sys.meta_path.insert(0, Nothing())
        from airbyte_agent_notion import NotionAgentError, plugins
        try:
            plugins.load("{name}")
        except NotionAgentError as error:
            assert isinstance(error, ImportError) and isinstance(error, plugins.MissingFramework)
            print(error.code, error)
    '''
    done = subprocess.run([sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("missing_framework ")
    assert f'python -m pip install ".[{name}]"' in done.stdout


@pytest.mark.parametrize("name", OURS)
def test_ours_load_where_their_framework_is_installed(name):
    pytest.importorskip(OURS[name], reason=f"the framework of {name} is not installed")
    adapter = plugins.load(name)
    assert adapter.name == name
    assert len(adapter.tools(NotionConnector.sandbox())) == 1


def test_importing_plugins_imports_no_framework():
    code = "import sys, airbyte_agent_notion.plugins, airbyte_agent_notion.testing; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"langchain_core", "llama_index", "pydantic_ai", "pytest", "airbyte_agent_notion_adapters"}


def test_missing_framework_is_an_import_error():
    error = plugins.MissingFramework("langchain", ModuleNotFoundError("No module named 'x'"))
    assert isinstance(error, ImportError)
    assert isinstance(error, NotionAgentError)
    assert error.to_dict()["error"] == "missing_framework"
