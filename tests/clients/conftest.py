"""Other people's clients on the served sandbox: Notion's own (npm @notionhq/client) and notion-client (PyPI).

Each is driven by one small class with the same methods, so that one test may run with both. Tests whose client is not
there are skipped, unless EXPECT_CLIENTS=1 says that it must be.
"""

import base64
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from airbyte_agent_notion import Policy, SyncNotionConnector
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.sample.markup import page_id

SCRIPT = Path(__file__).with_name("notionhq.mjs")
VERSIONS = ("2025-09-03", "2026-03-11")
INSTALL = {
    "javascript": "npm install --prefix FOLDER @notionhq/client@5.26.0, and NOTIONHQ_CLIENT=FOLDER",
    "python": "python -m pip install notion-client==3.1.0",
}
PATIENCE = 60


@dataclass(frozen=True, kw_only=True)
class Told:
    """An error as the client told it."""

    kind: str
    code: str | None
    status: int | None
    message: str
    request_id: str | None
    additional_data: Any
    own: bool
    """Whether the client says that it is one of its own."""
    api: bool
    """Whether the client says that it is Notion's answer."""


class Refused(AssertionError):
    """A call failed."""

    def __init__(self, told):
        super().__init__(str(told))
        self.told = told


class Client:
    """What both clients do; calls have the names of the Python client: ``data_sources.query``."""

    def refused(self, name, /, **args):
        """What the client told of the error that the call must end in."""
        with pytest.raises(Refused) as caught:
            self.call(name, **args)
        return caught.value.told


class PythonClient(Client):
    language = "python"

    def __init__(self, url, token, version, monkeypatch, **options):
        import notion_client

        self._package = notion_client
        self.waits = []
        monkeypatch.setattr("notion_client.client.time", SimpleNamespace(sleep=self.waits.append))
        options |= {"auth": token, "base_url": url, "notion_version": version, "logger": logging.getLogger("client")}
        self.notion = notion_client.Client(client=httpx.Client(), **options)

    def call(self, name, /, **args):
        return self._told(self._method(name), args)

    def collect(self, name, /, **args):
        return self._told(self._package.helpers.collect_paginated_api, {"function": self._method(name), **args})

    def first(self, count, name, /, **args):
        items = self._package.helpers.iterate_paginated_api(self._method(name), **args)
        return [item for item, _ in zip(items, range(count), strict=False)]

    def templates(self, **args):
        function = self.notion.data_sources.list_templates
        return self._package.helpers.collect_data_source_templates(function, **args)

    @staticmethod
    def file(name, content, kind):
        return (name, content, kind)

    def close(self):
        self.notion.close()

    def _method(self, name):
        found = self.notion
        for part in name.split("."):
            found = getattr(found, part)
        return found

    def _told(self, method, args):
        errors = self._package.errors
        try:
            return method(**args)
        except errors.NotionClientErrorBase as error:
            told = Told(
                kind=type(error).__name__,
                code=getattr(error.code, "value", error.code),
                status=getattr(error, "status", None),
                message=str(error),
                request_id=getattr(error, "request_id", None),
                additional_data=getattr(error, "additional_data", None),
                own=errors.is_notion_client_error(error),
                api=errors.APIResponseError.is_api_response_error(error),
            )
            raise Refused(told) from error


class JavaScriptClient(Client):
    language = "javascript"

    def __init__(self, url, token, version, **options):
        options |= {"auth": token, "base_url": url, "notion_version": version}
        told = json.dumps({_camel(name): value for name, value in options.items()})
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self._node = subprocess.Popen(["node", str(SCRIPT), told], text=True, encoding="utf-8", **pipes)
        # A client that hangs must not hang the tests.
        self._watch = threading.Timer(PATIENCE, self._node.kill)
        self._watch.start()
        self.waits = []

    def call(self, name, /, **args):
        return self.help(None, name, **args)

    def collect(self, name, /, **args):
        return self.help("collect", name, **args)

    def first(self, count, name, /, **args):
        return self.help("iterate", name, count, **args)

    def templates(self, **args):
        return self.help("templates", "data_sources.list_templates", **args)

    def together(self, name, every):
        """The results of many calls at once."""
        return self.help("together", name, every=every)

    def help(self, helper, name, first=None, /, **args):
        """Call one of its helpers, or none."""
        asked = {"call": _camel(name), "args": args, "helper": helper, "first": first}
        self._node.stdin.write(json.dumps(asked) + "\n")
        self._node.stdin.flush()
        line = self._node.stdout.readline()
        assert line, f"node ended: {self._node.stderr.read()}"
        answer = json.loads(line)
        self.waits += [each / 1_000 for each in answer["waits"]]
        if "error" in answer:
            raise Refused(Told(**answer["error"]))
        return answer["result"]

    @staticmethod
    def file(name, content, kind):
        return {"$file": {"name": name, "type": kind, "base64": base64.b64encode(content).decode()}}

    def close(self):
        _, said = self._node.communicate(timeout=PATIENCE)
        self._watch.cancel()
        assert (self._node.returncode, said) == (0, "")


def _camel(name):
    """``data_sources.list_templates`` as JavaScript has it: ``dataSources.listTemplates``."""
    return ".".join(part.split("_")[0] + "".join(map(str.title, part.split("_")[1:])) for part in name.split("."))


class Served:
    """A sandbox on loopback, and what became of its workspace."""

    def __init__(self, sandbox, url):
        self.sandbox = sandbox
        self.url = url
        self.notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.read_only())
        """Reads what is there now, past the client."""

    @property
    def workspace(self):
        return self.sandbox.workspace

    @property
    def arrived(self):
        """Method, path and status of each request, oldest first."""
        return [f"{each.method} {each.path.removeprefix('/v1/')} {each.status}" for each in self.sandbox.requests]

    @property
    def writes(self):
        """Those of them that may change something."""
        return [line for line in self.arrived if not line.startswith("GET ") and line.split()[1] not in self._reads]

    @property
    def _reads(self):
        return {"search", *(f"data_sources/{each}/query" for each in self.workspace.sources)}

    def source(self, title):
        """The id of the data source with that title."""
        [found] = [each.id for each in self.workspace.sources.values() if self.workspace.title(each) == title]
        return found

    def texts(self, block_id):
        """The plain texts below a block or page, in order."""
        blocks = self.notion.blocks.list(block_id=block_id).data
        return ["".join(each["plain_text"] for each in block[block["type"]]["rich_text"]) for block in blocks]


@pytest.fixture
def sandbox(request):
    """The sample; tests that parametrize it say with which options."""
    return Sandbox.sample(**getattr(request, "param", {}))


@pytest.fixture
def served(sandbox):
    with sandbox.serve() as server:
        yield Served(sandbox, server.url)


@pytest.fixture
def page(served):
    """The id of a page without content, to write into."""
    given = {"parent": {"page_id": page_id("home")}, "properties": {"title": [{"text": {"content": "Scratch"}}]}}
    writer = SyncNotionConnector.sandbox(served.sandbox, policy=Policy.write())
    made = writer.pages.create(**given)["id"]
    served.sandbox.requests.clear()
    return made


@pytest.fixture(scope="session")
def there():
    """``there(language)``: skip, or fail where it is expected, if the client is not there."""
    missing = {"javascript": _no_javascript(), "python": _no_python()}

    def check(language):
        if not missing[language]:
            return
        said = f"{missing[language]}; install it with: {INSTALL[language]}"
        if os.environ.get("EXPECT_CLIENTS") == "1":
            pytest.fail(said)
        pytest.skip(said)

    return check


@pytest.fixture(autouse=True)
def _its_client_is_there(request, there):
    """Before anything is built: a test names its client as a parameter, or its module does."""
    named = getattr(request.node, "callspec", None)
    there(named.params["client"] if named and "client" in named.params else request.module.LANGUAGE)


def _no_javascript():
    if shutil.which("node") is None:
        return "There is no node"
    done = subprocess.run(["node", str(SCRIPT), "--version"], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else "npm's @notionhq/client is not there"


def _no_python():
    try:
        import notion_client  # noqa: F401
    except ImportError:
        return f"notion-client is not there for {sys.executable}"
    return ""


@pytest.fixture
def connect(served, monkeypatch):
    """``connect(language, version)``: a client of the served sandbox; options as the Python client names them."""
    open_ones = []

    def build(language, version=VERSIONS[-1], token=None, **options):
        given = (served.url, token or served.sandbox.token, version)
        if language == "javascript":
            built = JavaScriptClient(*given, **options)
        else:
            built = PythonClient(*given, monkeypatch, **options)
        open_ones.append(built)
        return built

    yield build
    for each in open_ones:
        each.close()


@pytest.fixture(params=VERSIONS)
def version(request):
    return request.param


@pytest.fixture(params=["javascript", "python"])
def client(request, connect, version):
    """Either client, speaking either version."""
    return connect(request.param, version)
