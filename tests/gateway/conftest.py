"""Fixtures of the gateway's tests: a database of each kind, settings and a store over it, and places to stop at.

Without the extra ``gateway`` its tests are skipped, unless EXPECT_GATEWAY=1 says that it must be there.
"""

import os
import secrets
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from urllib.parse import quote

import pytest

NEEDED = ("alembic", "argon2", "cryptography", "fastapi", "jwt", "psycopg", "sqlalchemy", "uvicorn")
MISSING = [name for name in NEEDED if find_spec(name) is None]
POSTGRESQL = os.environ.get("TEST_DATABASE_URL", "")


class _Skipped(pytest.Module):
    def collect(self):
        pytest.skip(f"the extra gateway is not installed ({', '.join(MISSING)})", allow_module_level=True)


def pytest_pycollect_makemodule(module_path, parent):
    if MISSING and os.environ.get("EXPECT_GATEWAY") != "1":
        return _Skipped.from_parent(parent, path=module_path)
    return None


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith("NOTION_GATEWAY_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


def _databases():
    yield "sqlite"
    if POSTGRESQL:
        yield pytest.param("postgresql", marks=[pytest.mark.sockets, pytest.mark.enable_socket])


@pytest.fixture(params=_databases())
def database_url(request, data_dir):
    """The URL of an empty database, once of each kind there is."""
    if request.param == "sqlite":
        yield f"sqlite:///{data_dir / 'gateway.db'}"
        return
    import psycopg

    schema = f"gateway_{secrets.token_hex(8)}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    mark = "&" if "?" in POSTGRESQL else "?"
    yield f"{POSTGRESQL}{mark}options={quote(f'-csearch_path={schema}')}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def settings(data_dir, database_url):
    from airbyte_agent_notion_gateway.settings import GatewaySettings

    return GatewaySettings.resolve(data_dir=data_dir, database_url=database_url, environ={})


class _Moment:
    """A clock that moves by a millisecond with each look, and otherwise by ``go`` only."""

    def __init__(self):
        self.time = datetime.now(UTC)

    def __call__(self):
        self.time += timedelta(milliseconds=1)
        return self.time

    def go(self, seconds):
        self.time += timedelta(seconds=seconds)

    def later(self, seconds):
        return self.time + timedelta(seconds=seconds)


@pytest.fixture
def moment():
    return _Moment()


@pytest.fixture
def store(settings, moment):
    from airbyte_agent_notion_gateway.store import Store

    with Store.open(settings, clock=moment) as opened:
        yield opened


class Stopped(Exception):
    """Raised at a fault point."""


class _Stops:
    """``at(name)`` raises Stopped at that point (``name#2``: when passed for the second time); ``passed`` lists all."""

    Stopped = Stopped

    def __init__(self, monkeypatch):
        self._patch = monkeypatch
        self.passed = []

    def record(self):
        self.at("")

    def at(self, name):
        from airbyte_agent_notion_gateway import faults

        point, _, count = name.partition("#")
        self.passed = []

        def hook(passed):
            self.passed.append(passed)
            if passed == point and self.passed.count(point) == int(count or 1):
                raise Stopped(name)

        self._patch.setattr(faults, "hook", hook)

    def nowhere(self):
        from airbyte_agent_notion_gateway import faults

        self._patch.setattr(faults, "hook", lambda name: None)


@pytest.fixture
def stops(monkeypatch):
    return _Stops(monkeypatch)
