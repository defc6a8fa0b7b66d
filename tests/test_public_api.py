"""What users may import, what importing costs them, and what it leaves alone."""

import importlib
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

NAMES = {
    "airbyte_agent_notion": [
        "AirbyteAuthConfig",
        "Answers",
        "CheckResult",
        "ConsentOutcome",
        "Effect",
        "ListResult",
        "NotionAccessTokenAuthConfig",
        "NotionAgentError",
        "NotionConnector",
        "NotionOAuthCredentials",
        "NotionOauth20AuthConfig",
        "Outcome",
        "Policy",
        "SyncNotionConnector",
        "Tool",
        "Toolset",
        "__version__",
    ],
    "airbyte_agent_notion.models": [
        "AirbyteAuthConfig",
        "AsyncTask",
        "Block",
        "Comment",
        "CustomEmoji",
        "DataSource",
        "Database",
        "File",
        "FileUpload",
        "Icon",
        "NotionAccessTokenAuthConfig",
        "NotionOAuthCredentials",
        "NotionOauth20AuthConfig",
        "Page",
        "PageMarkdown",
        "PageText",
        "Parent",
        "PropertySchema",
        "PropertyValue",
        "RichText",
        "StoredFile",
        "User",
        "View",
        "ViewQuery",
        "file_block",
        "file_cover",
        "file_icon",
        "file_values",
    ],
    "airbyte_agent_notion.errors": [
        "AmbiguousReference",
        "ApiError",
        "ConfigurationError",
        "Conflict",
        "ConnectionFailed",
        "ConnectorClosed",
        "DeadlineExceeded",
        "Forbidden",
        "IncompleteResult",
        "InvalidCall",
        "InvalidParams",
        "InvalidRequest",
        "InvalidResponse",
        "NotAvailable",
        "NotFound",
        "NotionAgentError",
        "OutcomeUnknown",
        "PartialWrite",
        "PolicyDenied",
        "RateLimited",
        "Recovery",
        "RequestTimedOut",
        "ServerError",
        "TransportError",
        "Unauthorized",
        "UnknownAction",
        "UnknownEntity",
        "UnknownHandle",
    ],
    "airbyte_agent_notion.documents": ["NotionDocument", "NotionDocuments", "Options", "Skipped"],
    "airbyte_agent_notion.tools": [
        "EXECUTE",
        "Answers",
        "Approve",
        "Ask",
        "HasRunner",
        "Outcome",
        "PendingCall",
        "Tool",
        "Toolset",
        "Toolsets",
        "bare",
        "needs_approval",
        "removes_content",
        "verdict",
    ],
}

FRAMEWORKS = {"pydantic-ai": "pydantic_ai", "langchain": "langchain_core", "llama-index": "llama_index"}


def fresh(code: str, cwd: Path) -> list[str]:
    """What a fresh interpreter, started away from the source tree, prints as JSON."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("module", NAMES)
def test_the_names_are_exactly_these(module: str) -> None:
    assert importlib.import_module(module).__all__ == NAMES[module]


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, names in NAMES.items() for name in names])
def test_every_name_can_be_imported(module: str, name: str) -> None:
    assert getattr(importlib.import_module(module), name) is not None


def test_documents_are_asked_for_by_their_module() -> None:
    top = importlib.import_module("airbyte_agent_notion")
    assert [name for name in NAMES["airbyte_agent_notion.documents"] if hasattr(top, name)] == []


def test_a_name_has_one_home() -> None:
    top, tools = map(importlib.import_module, ("airbyte_agent_notion", "airbyte_agent_notion.tools"))
    assert top.Answers is tools.Answers
    assert top.Toolset is tools.Toolset
    assert dir(top) == top.__all__


def test_the_seed_imports_work_as_they_stand() -> None:
    namespace: dict[str, object] = {}
    exec(
        "from airbyte_agent_notion import NotionConnector, AirbyteAuthConfig\n"
        "from airbyte_agent_notion.models import (\n"
        "    NotionOauth20AuthConfig, NotionAccessTokenAuthConfig, NotionOAuthCredentials\n"
        ")\n",
        namespace,
    )
    assert namespace["NotionOAuthCredentials"] is importlib.import_module("airbyte_agent_notion").NotionOAuthCredentials


def test_importing_loads_nothing_beside_httpx_and_pydantic(tmp_path: Path) -> None:
    loaded = """
import json, sys
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names)))
"""
    base = fresh("import anyio, httpx, pydantic\nclass Model(pydantic.BaseModel): pass\n" + loaded, tmp_path)
    ours = fresh("from airbyte_agent_notion import NotionConnector\n" + loaded, tmp_path)
    assert set(ours) - set(base) - {"annotated_types"} == {"airbyte_agent_notion"}


def test_importing_reads_no_environment_variable(tmp_path: Path) -> None:
    code = """
import collections.abc, json, os, sys

class Recording(collections.abc.MutableMapping):
    def __init__(self, real): self.real, self.reads = real, []
    def note(self, name):
        frame = sys._getframe(2)
        while frame.f_globals.get("__name__") in {"os", "collections.abc", "_collections_abc"}:
            frame = frame.f_back
        if frame.f_globals.get("__name__", "").startswith("airbyte_agent_notion"):
            self.reads.append(name)
    def __getitem__(self, name): self.note(name); return self.real[name]
    def __iter__(self): self.note("*"); return iter(self.real)
    def __len__(self): return len(self.real)
    def __setitem__(self, name, value): self.real[name] = value
    def __delitem__(self, name): del self.real[name]

recording = os.environ = Recording(os.environ)
import airbyte_agent_notion
from airbyte_agent_notion import NotionConnector, errors, models, tools
exec("import os; os.environ.get('SEEN'); os.getenv('SEEN_TOO')", {"__name__": "airbyte_agent_notion.pretended"})
print(json.dumps(recording.reads))
"""
    assert fresh(code, tmp_path) == ["SEEN", "SEEN_TOO"]


def test_the_frameworks_installed_are_those_that_the_environment_is_for() -> None:
    """Otherwise an environment for one framework could skip all its tests, or prove nothing about it being alone."""
    expected = os.environ.get("EXPECTED_FRAMEWORKS")
    if expected is None:
        pytest.skip("EXPECTED_FRAMEWORKS is not set: this is no environment of tox.ini")
    installed = {name for name, module in FRAMEWORKS.items() if find_spec(module)}
    assert installed == set(expected.split())
