"""Argument, else environment, else default."""

import os
import subprocess
import sys

import pytest

from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.settings import Settings


def test_defaults():
    settings = Settings.resolve(environ={})
    assert settings == Settings(
        base_url="https://api.notion.com",
        notion_version="2026-03-11",
        timeout=65.0,
        deadline=300.0,
        requests_per_minute=180,
    )
    assert Settings.resolve(hosted=True, environ={}).base_url == "https://api.airbyte.ai"


@pytest.mark.parametrize(("hosted", "variable"), [(False, "NOTION_BASE_URL"), (True, "AIRBYTE_API_BASE_URL")])
def test_argument_before_environment_before_default(monkeypatch, hosted, variable):
    monkeypatch.setenv(variable, "http://from-environment/")
    assert Settings.resolve(hosted=hosted).base_url == "http://from-environment"
    assert Settings.resolve(base_url="http://argument", hosted=hosted).base_url == "http://argument"
    assert Settings.resolve(hosted=not hosted).base_url.startswith("https://api.")
    monkeypatch.setenv(variable, "")
    assert Settings.resolve(hosted=hosted).base_url.startswith("https://api.")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://api.notion.com", "https://api.notion.com"),
        ("https://api.notion.com/", "https://api.notion.com"),
        (" http://localhost:8080/notion// \n", "http://localhost:8080/notion"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("HTTPS://proxy.example", "HTTPS://proxy.example"),
    ],
)
def test_addresses(given, used):
    assert Settings.resolve(base_url=given, environ={}).base_url == used


@pytest.mark.parametrize(
    "wrong",
    [
        "api.notion.com",
        "ftp://api.notion.com",
        "https://",
        "https:///v1",
        "https://api.notion.com?x=1",
        "https://api.notion.com#x",
        "http://[::1",
        "http://host:port",
        "http://host:99999",
        "http://ho st",
        "https://api.no\ntion.com",
        " ",
        42,
        b"https://api.notion.com",
        ["https://api.notion.com"],
    ],
)
def test_what_is_no_address_is_refused(wrong):
    with pytest.raises(ConfigurationError, match="base_url is not an http"):
        Settings.resolve(base_url=wrong, environ={})


@pytest.mark.parametrize("wrong", ["https://me:canary@host", "https://canary@host", "https://:canary@host"])
def test_credentials_in_an_address_are_refused_and_not_echoed(wrong):
    with pytest.raises(ConfigurationError, match="must not hold credentials") as caught:
        Settings.resolve(base_url=wrong, environ={})
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("version", ["2026-03-11", "2025-09-03"])
def test_versions(version):
    assert Settings.resolve(notion_version=version, environ={}).notion_version == version


@pytest.mark.parametrize("wrong", ["2022-06-28", "latest", "2026-3-11", 20260311, ["2026-03-11"]])
def test_other_versions_are_refused(wrong):
    with pytest.raises(ConfigurationError, match="2026-03-11, 2025-09-03"):
        Settings.resolve(notion_version=wrong, environ={})


@pytest.mark.parametrize("timeout", [1, 0.5, 300])
def test_timeouts(timeout):
    assert Settings.resolve(timeout=timeout, environ={}).timeout == timeout


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf"), "30", True, [30]])
def test_other_timeouts_are_refused(wrong):
    with pytest.raises(ConfigurationError, match="positive number of seconds"):
        Settings.resolve(timeout=wrong, environ={})


@pytest.mark.parametrize("deadline", [1, 0.5, 3_600])
def test_deadlines(deadline):
    assert Settings.resolve(deadline=deadline, environ={}).deadline == deadline


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf"), "30", True, [30]])
def test_other_deadlines_are_refused(wrong):
    with pytest.raises(ConfigurationError, match="deadline must be a positive number of seconds"):
        Settings.resolve(deadline=wrong, environ={})


@pytest.mark.parametrize("budget", [1, 180, 600])
def test_budgets(budget):
    assert Settings.resolve(requests_per_minute=budget, environ={}).requests_per_minute == budget


@pytest.mark.parametrize("wrong", [0, -1, 1.5, 180.0, float("inf"), "180", True, [180]])
def test_other_budgets_are_refused(wrong):
    with pytest.raises(ConfigurationError, match="requests_per_minute must be a whole number"):
        Settings.resolve(requests_per_minute=wrong, environ={})


WATCHING = """
import os, sys

class Watched(dict):
    read = []
    def __getitem__(self, name): self.read.append(name); return super().__getitem__(name)
    def get(self, name, default=None): self.read.append(name); return super().get(name, default)
    def __contains__(self, name): self.read.append(name); return super().__contains__(name)

import pydantic, typing_extensions
os.environ = Watched(os.environ)
import airbyte_agent_notion, airbyte_agent_notion.models
ours = [name for name in Watched.read if "NOTION" in str(name).upper() or "AIRBYTE" in str(name).upper()]
assert not ours, ours
frameworks = ("pydantic_ai", "langchain", "langchain_core", "llama_index", "mcp", "fastapi", "openai", "trio")
loaded = [name for name in frameworks if name in sys.modules]
assert not loaded, loaded
assert "airbyte_agent_notion.sandbox" not in sys.modules
print("clean")
"""


def test_importing_reads_no_environment_and_loads_no_framework():
    environment = {**os.environ, "NOTION_TOKEN": "not a token\n", "NOTION_BASE_URL": "nonsense", "PYTHONWARNINGS": ""}
    done = subprocess.run([sys.executable, "-c", WATCHING], env=environment, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("clean", "")


THREADS = """
import sys, threading
sys.setswitchinterval(1e-6)
from airbyte_agent_notion import SyncNotionConnector
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig

start, failures = threading.Barrier(12), []

def work(number):
    start.wait()
    try:
        notion = SyncNotionConnector.sandbox()
        users = notion.users.list(page_size=1 + number)
        assert users.data
        assert notion.pages.list(page_size=1).data
        assert notion.entity_schema("pages")["record"]
        users.to_dict()
    except BaseException as error:
        failures.append(repr(error))

threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(failures)
"""


def test_first_use_in_many_threads_at_once():
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
