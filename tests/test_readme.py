"""The README's code runs as it stands there, with nothing but the placeholders replaced."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from airbyte_agent_notion import SyncNotionConnector
from airbyte_agent_notion.sandbox import Sandbox

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)

pytestmark = [pytest.mark.sockets, pytest.mark.enable_socket]

PROGRAM = """
import ast, asyncio, inspect, json, sys
before, source, after = json.loads(sys.argv[1])
names = {}
exec(before, names)
result = eval(compile(source, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
if inspect.iscoroutine(result):
    asyncio.run(result)
exec(after, names)
"""


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    sandbox = Sandbox.sample()
    with sandbox.serve() as server:
        monkeypatch.setenv("NOTION_BASE_URL", server.url)
        monkeypatch.setenv("NOTION_TOKEN", sandbox.token)
        yield sandbox


def block(marker: str) -> str:
    [found] = [text for text in BLOCKS if marker in text]
    return found


def run(source: str, *, before: str = "", after: str = "") -> str:
    """Run a block in a process of its own, as a reader would; what it printed."""
    command = [sys.executable, "-c", PROGRAM, json.dumps([before, source, after])]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


STORY = "from airbyte_agent_notion_cli.demo.stories import LIVE; script = LIVE[1].script()\n"


def test_pydantic_ai(workspace: Sandbox) -> None:
    pytest.importorskip("pydantic_ai")
    before = "from pydantic_ai.models.test import TestModel; model = TestModel()"
    assert '"notion_execute":' in run(block("NotionToolset"), before=before)


def test_langchain(workspace: Sandbox) -> None:
    pytest.importorskip("langchain", reason="langchain (create_agent) is not installed")
    before = f"{STORY}from airbyte_agent_notion_cli.demo.langchain import ScriptedModel as S; model = S(script=script)"
    assert newest(workspace) in run(block("NotionToolkit"), before=before)


def test_llama_index(workspace: Sandbox) -> None:
    pytest.importorskip("llama_index.core")
    scripted = "from airbyte_agent_notion_cli.demo.llama_index import ScriptedLLM as S"
    before = f"{STORY}{scripted}; llm = S(script=script, tool_name='notion_execute')"
    assert newest(workspace) in run(block("FunctionAgent"), before=before)


def test_own_function(workspace: Sandbox) -> None:
    pytest.importorskip("pydantic_ai")
    before = "from pydantic_ai import Agent; from pydantic_ai.models.test import TestModel; agent = Agent(TestModel())"
    after = "print(agent.run_sync('go').output)"
    assert "notion_execute" in run(block("@agent.tool_plain"), before=before, after=after)


def test_without_an_agent(workspace: Sandbox) -> None:
    assert run(block("async for block in notion")).startswith("table ")
    assert "Tasks 5 True" in run(block("for source in notion"))


def test_pages_as_markdown(workspace: Sandbox) -> None:
    said = run(block("pages.edit")).splitlines()
    assert said == ["## What counts", "Country|Rate"]
    changed = [each for each in workspace.requests if each.method == "PATCH" and each.path.endswith("/markdown")]
    assert len(changed) == 2


def test_documents_for_retrieval(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_core")
    pytest.importorskip("llama_index.core")
    rows = [{"Name": "One"}, {"Name": "Two"}, {"Name": "Three"}]
    table = {"title": "Table", "properties": {"Name": "title"}, "rows": rows}
    sandbox = Sandbox.from_json({"pages": [{"title": "Page", "blocks": ["Some text."]}], "databases": [table]})
    with sandbox.serve() as server:
        monkeypatch.setenv("NOTION_BASE_URL", server.url)
        monkeypatch.setenv("NOTION_TOKEN", sandbox.token)
        before = "stored = None; seen = []\nclass Store:\n    def add_documents(self, found, ids): seen.extend(ids)\n"
        loaded = run(block("import NotionLoader"), before=f"{before}store = Store()", after="print(len(set(seen)))")
        assert int(loaded) == 4
        before = (
            "stored = None; seen = []\nclass Index:\n    def update_ref_doc(self, found): seen.append(found.doc_id)\n"
        )
        with SyncNotionConnector.sandbox(sandbox) as notion:
            source = block("import NotionReader").replace("<table>", notion.resolve(reference="Table")["id"])
        assert int(run(source, before=f"{before}index = Index()", after="print(len(seen))")) == 3


def test_writing(workspace: Sandbox) -> None:
    said = run(block("pages.create.dry_run")).splitlines()
    assert said[0].startswith("False {'Task': 'Order badges', 'Status': 'In progress'")
    assert said[1].startswith("250 ")
    created = [each for each in workspace.requests if (each.method, each.path) == ("POST", "/v1/pages")]
    assert len(created) == 1


def test_safety(workspace: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = next(page.id for page in workspace.workspace.pages.values() if page.id in workspace.workspace.shared)
    assert run(block("import JsonLines").replace("<page>", page)) == "True\n"
    [record] = (tmp_path / "audit.jsonl").read_text().splitlines()
    assert json.loads(record)["operation"] == "pages.get"
    assert json.loads(record)["tag"] == "support-bot"


@pytest.mark.parametrize("kind", ["import NotionOauth20AuthConfig\n\nconnector", "r(auth_config=NotionAccessTokenAuth"])
def test_authentication(kind: str, workspace: Sandbox) -> None:
    source = re.sub(r'"<(access )?token>"', repr(workspace.token), block(kind))
    assert run(source, after="import asyncio; print(asyncio.run(connector.check()).status)") == "healthy\n"


def test_an_expired_grant_renews_itself(workspace: Sandbox) -> None:
    pair = workspace.oauth.grant()
    workspace.oauth.expire(pair.access_token)
    values = {
        "client id": workspace.oauth.client_id,
        "client secret": workspace.oauth.client_secret,
        "access token": pair.access_token,
        "refresh token": pair.refresh_token,
    }
    source = re.sub(r'"<([^>]*)>"', lambda match: repr(values[match[1]]), block("on_token_refresh"))
    printed = run(source, after="import asyncio; print(asyncio.run(connector.check()).status)").splitlines()
    assert printed[-1] == "healthy"
    assert "'access_token'" in printed[0]
    assert "'refresh_token'" in printed[0]


@pytest.fixture
def hosted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """What stands for the placeholders of the hosted blocks, on a gateway of our own."""
    pytest.importorskip("fastapi", reason="the extra gateway is not installed")
    from served_gateway import served_gateway

    with served_gateway(tmp_path, Sandbox.sample()) as gateway:
        monkeypatch.setenv("AIRBYTE_API_BASE_URL", gateway.url)
        client = gateway.organization(redirect_urls=("https://yourapp.com/oauth/callback",))
        yield {
            "<your_customer_name>": "acme",
            "<your-client-id>": client.client_id,
            "<your-client-secret>": client.client_secret,
            "<token>": gateway.sandbox.token,
        }


def test_hosted_execution(hosted: dict[str, str]) -> None:
    sources = [block("print(connector.connector_id)"), block("await connector.check()"), block("get_consent_url")]
    for placeholder, value in hosted.items():
        sources = [source.replace(placeholder, value) for source in sources]
    created = run(sources[0], after="import asyncio; print(asyncio.run(connector.check()).status)").splitlines()
    assert (len(created[0]), created[1]) == (36, "healthy")
    assert run(sources[1]) == "healthy\n"
    url, connector_id = run(sources[2]).splitlines()
    assert "/v1/oauth/authorize?client_id=%3Cclient+id%3E&" in url
    assert connector_id == "<connector_id>"


def test_every_variable_of_a_gateway_is_told() -> None:
    source = Path(__file__).parents[1] / "core/airbyte_agent_notion_gateway/settings.py"
    names = re.findall(r'given\.(?:text|secret|flag)\("(\w+)"\)', source.read_text(encoding="utf-8"))
    assert len(names) > 6
    assert [name for name in names if f"NOTION_GATEWAY_{name}" not in README] == []


def test_both_commands_are_there() -> None:
    assert '    python -m pip install ".[all]" && airbyte-agent-notion demo\n' in README
    assert "    python -m pip install tox && tox\n" in README


def test_every_block_is_tested() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    markers = re.findall(r'block\("([^"]+)"\)', source)
    markers += ["uthConfig\n\nconnector", "r(auth_config=NotionAccessTokenAuth"]
    assert all(any(marker in text for marker in markers) for text in BLOCKS)
    assert len(BLOCKS) == len(markers)


def newest(workspace: Sandbox) -> str:
    """The title of the page edited last, as the sandbox lists it."""
    with SyncNotionConnector.sandbox(workspace) as notion:
        [page] = notion.pages.list(page_size=1)
    return next(value["title"][0]["plain_text"] for value in page["properties"].values() if value["type"] == "title")
