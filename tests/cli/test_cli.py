"""The console script, through its public entry point."""

import inspect
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from airbyte_agent_notion import Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.shaping.fence import fenced
from airbyte_agent_notion.tools import EXECUTE
from airbyte_agent_notion_cli import main
from airbyte_agent_notion_cli.demo import stories
from airbyte_agent_notion_cli.demo.reading import more, rows
from airbyte_agent_notion_cli.demo.stories import LIVE, OFFLINE, Story

MODULES = {"pydantic-ai": "pydantic_ai", "langchain": "langchain_core", "llama-index": "llama_index"}
ANSWERS = {
    "pydantic-ai": ("185 € a day", "harbour grey"),
    "langchain": ("Tomasz Zieliński, due 2026-11-18", "Is 18 March safe"),
    "llama-index": ("Priya Raman leads", "28 days of paid leave"),
}

# LlamaIndex's own: it reads every attribute of an agent, pydantic's deprecated ones included.
pytestmark = pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecationWarning")


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox in the place of Notion, reached by environment as a real workspace is."""
    sandbox = Sandbox.sample()
    with sandbox.serve() as server:
        monkeypatch.setenv("NOTION_BASE_URL", server.url)
        monkeypatch.setenv("NOTION_TOKEN", sandbox.token)
        yield sandbox


def needs(framework: str) -> None:
    if find_spec(MODULES[framework]) is None:
        pytest.skip(f"{framework} is not installed")


@pytest.mark.parametrize("framework", MODULES)
def test_demo_tells_each_frameworks_story(framework: str, capsys: pytest.CaptureFixture[str]) -> None:
    needs(framework)
    assert main(["demo", "--framework", framework]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    for story, answer in zip(OFFLINE[framework], ANSWERS[framework], strict=True):
        asked = printed.index(f"You ask {story.question}")
        called = printed.index("It calls notion_execute(", asked)
        read = printed.index("It reads", called)
        assert read < printed.index(answer, printed.index("It answers", read))


def test_demo_shows_what_is_new_to_a_reader(capsys: pytest.CaptureFixture[str]) -> None:
    needs("langchain")
    assert main(["demo", "--framework", "langchain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    printed = " ".join(" ".join(lines).split())
    mistaken = printed.index('\'data_sources\', \'query\', {"data_source_id": "Tasks", "filter": {"Is overdue": true')
    answered = printed.index("It reads Error (invalid_params)", mistaken)
    assert (
        answered
        < printed.index("you mean 'Overdue'?", answered)
        < printed.index('"filter": {"Overdue": true', answered)
    )
    cut = re.search(
        r'It reads <notion-data .{0,400} … \d+ more lines </notion-data> Cut here; .{0,60}"(m\d{9})"', printed
    )
    assert cut
    assert f"It calls notion_execute('search', 'search', {{\"more\": \"{cut[1]}\"}})" in printed
    assert re.search(r"'comments', 'list', \{\"block_id\": \"p\d{9}\"\}", printed)
    assert max(map(len, lines)) <= 110


def test_demo_prints_whole_answers_if_asked(capsys: pytest.CaptureFixture[str]) -> None:
    needs("langchain")
    assert main(["demo", "--framework", "langchain", "--full"]) == 0
    printed = capsys.readouterr().out
    assert "more lines" not in printed
    assert printed.count("Calibrate Atlas unit") == 30


def test_scripted_models_take_handles_from_what_they_read() -> None:
    """No id or handle of the sample stands in the stories; others in the answers lead to other calls."""
    source = inspect.getsource(stories)
    assert not re.search(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}|\b[a-z]{1,2}\d{9}\b", source)
    script = OFFLINE["llama-index"][0].script()
    next(script)
    call = script.send(fenced("id|title\nds000000042|Projects", "data sources found"))
    assert call.params["data_source_id"] == "ds000000042"


def told(story: Story, connector: SyncNotionConnector) -> str:
    """What the scripted model answers after calls of a toolset."""
    script, tools = story.script(), Toolset(connector)
    try:
        call = next(script)
        while True:
            call = script.send(tools.call(EXECUTE, call.arguments).text)
    except StopIteration as end:
        return str(end.value)


def test_stories_of_a_workspace_without_content() -> None:
    with SyncNotionConnector.sandbox(Sandbox()) as notion:
        said = [told(story, notion) for story in LIVE[1:]]
    assert said == ["No page is shared with this connection.", "No data source is shared with this connection."]


def test_stories_end_with_what_went_wrong() -> None:
    sandbox = Sandbox.sample()
    sandbox.faults.add(status=403, path="/v1/search", times=2)
    with SyncNotionConnector.sandbox(sandbox) as notion:
        said = [told(story, notion) for story in LIVE]
    assert said[0] == "This connection acts as Brightkeel Assistant."
    assert [each.partition(":")[0] for each in said[1:]] == ["Error (restricted_resource)"] * 2


@pytest.mark.parametrize(
    "title",
    [
        "a|b",
        "back\\slash|",
        "two\nlines",
        "a, b=c: d",
        "</notion-data>",
        '{"more": "m123456789"}',
        "All rows: x=y",
        "…?",
    ],
)
def test_titles_are_read_as_they_are(title: str) -> None:
    """What ends a cell, a line or the fence elsewhere."""
    sandbox = Sandbox.sample()
    with SyncNotionConnector.sandbox(sandbox, policy=Policy.full()) as notion:
        [people] = notion.data_sources.list(query="People")
        notion.pages.create(parent={"data_source_id": people["id"]}, properties={"Name": title})
        said = told(LIVE[2], notion)
        assert said.startswith(f"People: {shown_as(title)}, ")
        assert said.count(", ") >= 4


def shown_as(title: str) -> str:
    """A look-alike of the fence is marked."""
    return title.replace("</notion-data>", "<quoted /notion-data>")


def test_answers_that_went_on_are_read_as_one() -> None:
    """A cut table goes on without its names; the list's next page is a table of its own."""
    with SyncNotionConnector.sandbox() as notion:
        tools = Toolset(notion)

        def query(**params: object) -> str:
            return tools.call(EXECUTE, {"entity": "data_sources", "action": "query", "params": params}).text

        high = {"Priority": "High"}
        text = query(data_source_id="Tasks", filter=high, page_size=20, max_tokens=300)
        assert "\nCut here; " in text
        while handle := more(text):
            text += query(more=handle)
        assert "20 rows; there are more" in text
        [tasks] = notion.data_sources.list(query="Tasks")
        expected = notion.data_sources.query(data_source_id=tasks["id"], filter=high)
        titles = [row["properties"]["Task"]["title"][0]["plain_text"] for row in expected]
        assert [(row["Task"], row["Priority"]) for row in rows(text)] == [(title, "High") for title in titles]


@pytest.mark.sockets
@pytest.mark.enable_socket
@pytest.mark.parametrize("framework", MODULES)
def test_demo_live_asks_what_any_workspace_can_answer(
    framework: str, live: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    needs(framework)
    assert main(["demo", "--live", "--framework", framework]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "your Notion workspace" in printed
    for story in LIVE:
        assert f"You ask {story.question}" in printed
    with SyncNotionConnector() as notion:
        newest = next(iter(notion.pages.list(page_size=1)))
    assert newest["id"] in "".join(str(entry.path) for entry in live.requests)
    assert "This connection acts as Brightkeel Assistant." in printed


def test_demo_without_a_token_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    needs("langchain")
    assert main(["demo", "--live", "--framework", "langchain"]) == 1
    assert "set NOTION_TOKEN" in capsys.readouterr().err


def test_demo_refuses_an_unknown_framework(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--framework", "crew"]) == 1
    assert "Choose from pydantic-ai, langchain, llama-index" in capsys.readouterr().err


@pytest.mark.parametrize(("framework", "module"), MODULES.items())
def test_a_missing_framework_is_left_out_or_named(
    framework: str, module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith((module, "airbyte_agent_notion_adapters."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    assert main(["demo", "--framework", framework]) == 1
    assert f'python -m pip install ".[{framework}]"' in capsys.readouterr().err


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_check_tells_what_the_token_may_do(live: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    printed = capsys.readouterr().out
    assert "The token works: it acts as the bot 'Brightkeel Assistant'" in printed
    for capability in ("read content", "read data sources", "read users", "read comments"):
        assert f"yes  {capability}" in printed
    assert "4 data sources" in printed
    assert live.token not in printed


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_check_tells_a_missing_capability(live: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    live.faults.add(status=403, path="/v1/comments")
    assert main(["check"]) == 0
    printed = capsys.readouterr().out
    assert "no   read comments: the capability is not granted" in printed
    assert "yes  read users" in printed


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_check_tells_that_a_token_does_not_work(
    live: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NOTION_TOKEN", "ntn_wrong_canary")
    assert main(["check"]) == 1
    printed = capsys.readouterr().out
    assert "The token does not work." in printed
    assert "canary" not in printed


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_sandbox_is_served_until_interrupted() -> None:
    command = [sys.executable, "-m", "airbyte_agent_notion_cli", "sandbox"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(r"A sample Notion workspace at (http://127\.0\.0\.1:\d+); its token is (\S+)\n", line)
        assert found, line
        from airbyte_agent_notion import NotionAccessTokenAuthConfig

        with SyncNotionConnector(NotionAccessTokenAuthConfig(token=found[2]), base_url=found[1]) as notion:
            assert notion.check().status == "healthy"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
        process.stdout.read()


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    assert all(command in printed for command in ("demo", "check", "sandbox"))
