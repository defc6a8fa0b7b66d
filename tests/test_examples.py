"""The examples as a user runs them: in a process of their own, without a token or a network."""

import importlib
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import Browser

EXAMPLES = Path(__file__).parent.parent / "examples"
NEEDS = {
    "pydantic_ai_agent.py": ("pydantic_ai", "pydantic-ai-slim is not installed"),
    "langchain_agent.py": ("langchain.agents", "langchain is not installed"),
    "llama_index_agent.py": ("llama_index.core", "llama-index-core is not installed"),
}
LOADS = {"langchain_documents.py"}
HOSTED = {"hosted_execution.py", "build_your_own_oauth_flow.py"}
SHARED = {"agent_server.py"}
"""What is no example itself."""


def test_every_example_is_run():
    assert {path.name for path in EXAMPLES.glob("*.py")} == {*NEEDS, *LOADS, *HOSTED, *SHARED}


@pytest.mark.parametrize("name", NEEDS)
def test_example_answers_offline(name):
    module, reason = NEEDS[name]
    pytest.importorskip(module, reason=reason, exc_type=ImportError)
    done = subprocess.run(
        [sys.executable, EXAMPLES / name], env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Question: Which high-priority tasks are blocked?"
    assert [line.partition(":")[0] for line in lines[1:-1]] == ["Call", "Call"]
    assert re.search(r'"data_source_id": ?"ds\d{9}"', lines[2]), "a handle that it was given"
    assert lines[-1].startswith("Answer: ")
    assert "Blocked" not in lines[-1]
    assert len(lines[-1]) > len("Answer: ")


def test_loading_for_retrieval_goes_on_where_it_was(tmp_path):
    pytest.importorskip("langchain_core", reason="langchain-core is not installed", exc_type=ImportError)
    command = [sys.executable, EXAMPLES / "langchain_documents.py", "--state", tmp_path / "state.json"]
    runs = []
    for _ in range(2):
        done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        runs.append(done.stdout.splitlines())
    first, second = runs
    assert re.fullmatch(r"Loaded: \d{3} documents, 0 skipped", first[1])
    assert first[3].startswith("Found: Time off https://")
    assert re.fullmatch(r"Loaded: [1-9] documents, 0 skipped", second[1])
    assert first[2] == second[2]


# --- hosted mode, against a gateway that the example starts


def needs_gateway():
    for module in ("fastapi", "uvicorn", "sqlalchemy", "alembic", "argon2", "cryptography", "jwt"):
        pytest.importorskip(module, reason="the extra gateway is not installed")


def environment(**more):
    """The variables of this process without those that name a server, and warnings as errors."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRBYTE_", "NOTION_"))}
    return {**kept, "PYTHONWARNINGS": "error", **more}


def run_hosted(**variables):
    return subprocess.run(
        [sys.executable, EXAMPLES / "hosted_execution.py"],
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )


def check_hosted(done):
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    sdk = [line.removeprefix("SDK: ") for line in lines if line.startswith("SDK: ")]
    http = [line.removeprefix("HTTP: ") for line in lines if line.startswith("HTTP: ")]
    assert len(sdk) + len(http) == len(lines)
    assert re.fullmatch(r"created [0-9a-f-]{36}", sdk[0])
    assert sdk[1] == "checked, healthy"
    assert re.fullmatch(r"created [0-9a-f-]{36}", http[0])
    assert http[0] != sdk[0]
    assert http[1] == "executed, success"
    assert http[2:-1] == sdk[2:-2]  # The same pages, either way.
    assert any("handbook" in line.lower() for line in http[2:-1])
    assert http[-1].startswith("refused, 422 ")
    assert "ntn_" not in done.stdout


def test_hosted_execution_with_a_gateway_of_its_own():
    needs_gateway()
    check_hosted(run_hosted())


@pytest.fixture
def agent_server(monkeypatch):
    needs_gateway()
    monkeypatch.syspath_prepend(EXAMPLES)
    module = importlib.import_module("agent_server")
    yield module
    del sys.modules["agent_server"]


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_hosted_execution_with_a_server_that_the_environment_names(agent_server):
    with agent_server.serving() as server:
        named = {
            "AIRBYTE_API_BASE_URL": server.base_url,
            "AIRBYTE_CLIENT_ID": server.client_id,
            "AIRBYTE_CLIENT_SECRET": server.client_secret,
        }
        for _ in range(2):  # It leaves nothing behind that would be in its way.
            check_hosted(run_hosted(**named, NOTION_TOKEN=server.notion_token))
        without = run_hosted(**named)
        assert (without.returncode, without.stdout) == (1, "")
        assert "Set NOTION_TOKEN" in without.stderr
        assert server.client_secret not in repr(server)
        assert server.notion_token not in repr(server)


def test_a_server_is_named_by_the_environment(agent_server, monkeypatch):
    monkeypatch.setenv("AIRBYTE_CLIENT_ID", "id")
    monkeypatch.setenv("AIRBYTE_CLIENT_SECRET", "secret")
    with agent_server.serving() as public:
        assert (public.base_url, public.organization_id) == ("https://api.airbyte.ai", None)
    monkeypatch.setenv("AIRBYTE_API_BASE_URL", "https://gateway.example")
    monkeypatch.setenv("AIRBYTE_ORGANIZATION_ID", "org")
    with agent_server.serving() as own:
        assert (own.base_url, own.organization_id) == ("https://gateway.example", "org")
        assert own.config(customer_name="c").organization_id == "org"


@contextmanager
def oauth_app():
    """The address of the web app, which runs with a gateway of its own."""
    needs_gateway()
    process = subprocess.Popen(
        [sys.executable, EXAMPLES / "build_your_own_oauth_flow.py"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        line = process.stdout.readline()
        found = re.fullmatch(r"Open (http://127\.0\.0\.1:\d+)/ in a browser\. Ctrl-C ends it\.\n", line)
        try:
            assert found, line
            yield found[1]
        finally:
            process.send_signal(signal.SIGINT)
            errors = process.communicate(timeout=60)[1]
        assert (process.returncode, errors) == (0, "")


@pytest.fixture(scope="module")
def app():
    with oauth_app() as address:
        yield address


@pytest.fixture
def browser():
    with Browser() as opened:
        yield opened


def begin(browser, app):
    """From the app's first page to the sandbox's authorization page."""
    browser.go(app)
    browser.press("Connect Notion")
    assert browser.page.title == "Sandbox app wants to access Brightkeel"


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_a_user_connects_notion(app, browser):
    begin(browser, app)
    browser.press("Allow access")
    assert str(browser.response.url) == f"{app}/workspace"
    assert browser.page.title == "Your Notion"
    assert browser.page.tags.count("li") == 10
    callback = next(url for url in browser.visited if urlsplit(url).path == "/oauth/callback")
    query = parse_qs(urlsplit(callback).query)
    assert set(query) == {"flow", "connector_id"}
    browser.go(callback)
    assert (browser.response.status_code, "come back from it before" in browser.page.text) == (400, True)
    browser.go(f"{app}/workspace")
    assert browser.page.title == "Your Notion"


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_a_user_declines(app, browser):
    begin(browser, app)
    browser.press("Cancel")
    assert browser.response.status_code == 400
    assert "Notion was not connected: access_denied" in browser.page.text
    browser.press("Back to the start")
    assert "Connect Notion" in browser.page.text
    browser.go(f"{app}/workspace")
    assert str(browser.response.url) == f"{app}/"


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_a_flow_belongs_to_the_browser_that_began_it(app, browser):
    begin(browser, app)
    with Browser() as other:
        other.go(app)
        other.go(str(browser.response.url))
        other.press("Allow access")
        assert "did not begin that flow" in other.page.text
        callback = str(other.response.url)
        other.go(f"{app}/workspace")
        assert str(other.response.url) == f"{app}/"
    with Browser() as stranger:
        stranger.go(callback)
        assert "did not begin that flow" in stranger.page.text
        stranger.client.post(f"{app}/connect")
        assert stranger.client.post(f"{app}/connect").status_code == 400


def stopped_short(browser, label):
    """Press a button of the authorization page; the callback's address, which the browser has not asked for yet."""
    browser.client.follow_redirects = False
    browser.press(label)
    while urlsplit(address := browser.response.headers["location"]).path != "/oauth/callback":
        browser.go(address)
    browser.client.follow_redirects = True
    return address


@pytest.mark.sockets
@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("connector_id=THEIRS", "not yours"),
        ("connector_id=..", "not yours"),
        ("", "neither that Notion is connected nor why not"),
        ("error=%3Cscript%3Ealert(1)%3C/script%3E", "<script>alert(1)</script>"),
    ],
)
def test_what_a_user_writes_into_the_callback_is_checked(app, browser, answer, told):
    begin(browser, app)
    theirs = parse_qs(urlsplit(stopped_short(browser, "Allow access")).query)["connector_id"][0]
    with Browser() as thief:
        begin(thief, app)
        own = parse_qs(urlsplit(stopped_short(thief, "Allow access")).query)
        assert own["connector_id"][0] != theirs
        thief.go(f"{app}/oauth/callback?flow={own['flow'][0]}&{answer.replace('THEIRS', theirs)}")
        assert (thief.response.status_code, told in thief.page.text) == (400, True)
        assert "script" not in thief.page.tags
        thief.go(f"{app}/workspace")
        assert str(thief.response.url) == f"{app}/"
