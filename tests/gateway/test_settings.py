"""Settings: argument, environment, default; and what is refused."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.models import NotionOAuthCredentials
from airbyte_agent_notion_gateway.settings import GatewaySettings

SECRET = "canary-of-the-settings"


def resolve(environ=None, **options):
    return GatewaySettings.resolve(environ=environ or {}, **options)


def test_defaults():
    settings = resolve({"XDG_DATA_HOME": "/data"})
    assert settings.data_dir == Path("/data/airbyte-agent-notion-gateway")
    assert settings.database_url == f"sqlite:///{settings.data_dir}/gateway.db"
    assert settings.key_file == settings.data_dir / "keys.json"
    assert (settings.host, settings.port) == ("127.0.0.1", 8300)
    assert settings.public_url == "http://127.0.0.1:8300"
    assert (settings.keys, settings.notion_base_url, settings.notion_oauth) == (None, None, None)
    assert settings.development
    assert resolve().data_dir == Path("~/.local/share/airbyte-agent-notion-gateway").expanduser()


def test_the_environment():
    settings = resolve(
        {
            "NOTION_GATEWAY_DATA_DIR": "/var/gateway",
            "NOTION_GATEWAY_DATABASE_URL": "postgresql://me@db/x",
            "NOTION_GATEWAY_KEYS": f" a:{SECRET} ",
            "NOTION_GATEWAY_KEY_FILE": "/etc/keys.json",
            "NOTION_GATEWAY_PUBLIC_URL": "https://gateway.example/base/",
            "NOTION_BASE_URL": "http://127.0.0.1:9/",
            "NOTION_GATEWAY_CLIENT_ID": "app",
            "NOTION_GATEWAY_CLIENT_SECRET": SECRET,
        }
    )
    assert settings.data_dir == Path("/var/gateway")
    assert settings.database_url == "postgresql+psycopg://me@db/x"
    assert settings.keys.get_secret_value() == f"a:{SECRET}"
    assert settings.key_file == Path("/etc/keys.json")
    assert settings.public_url == "https://gateway.example/base"
    assert settings.notion_base_url == "http://127.0.0.1:9"
    assert settings.notion_oauth == NotionOAuthCredentials(client_id="app", client_secret=SECRET)
    assert not settings.development
    assert SECRET not in repr(settings)


def test_arguments_come_first():
    app = NotionOAuthCredentials(client_id="mine", client_secret="mine")
    environ = {
        f"NOTION_GATEWAY_{name}": "https://wrong.example"
        for name in ("DATA_DIR", "DATABASE_URL", "KEYS", "KEY_FILE", "PUBLIC_URL")
    }
    settings = resolve(
        {**environ, "NOTION_BASE_URL": "https://wrong.example", "NOTION_GATEWAY_DEVELOPMENT": "1"},
        data_dir="/d",
        database_url="sqlite:////d/x.db",
        keys=SecretStr("k"),
        key_file=Path("/d/k.json"),
        host="::1",
        port=0,
        public_url="https://right.example",
        notion_base_url="https://right.example",
        notion_oauth=app,
        development=False,
    )
    assert (settings.data_dir, settings.key_file) == (Path("/d"), Path("/d/k.json"))
    assert (settings.database_url, settings.keys) == ("sqlite:////d/x.db", SecretStr("k"))
    assert (settings.host, settings.port, settings.development) == ("::1", 0, False)
    assert {settings.public_url, settings.notion_base_url} == {"https://right.example"}
    assert settings.notion_oauth is app


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h:5/d?sslmode=require", "postgresql+psycopg://u:p@h:5/d?sslmode=require"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:///relative.db", "sqlite:///relative.db"),
        ("sqlite+pysqlite:////a/b.db", "sqlite:////a/b.db"),
    ],
)
def test_database_urls(given, taken):
    assert resolve(database_url=given).database_url == taken


@pytest.mark.parametrize(
    "given",
    [
        f"mysql://u:{SECRET}@h/d",
        f"{SECRET}",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://h/x",
        "sqlite:///file:x?uri=true",
        f"postgresql+asyncpg://u:{SECRET}@h/d",
        "postgresql://",
    ],
)
def test_other_databases_are_refused_without_showing_the_url(given):
    with pytest.raises(ConfigurationError, match="PostgreSQL nor an SQLite file") as refused:
        resolve(database_url=given)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["gateway.example", "ftp://x", "https://", "https://x?y=1", "https://x#y", "http://x:port", "https://x y"]
)
@pytest.mark.parametrize("name", ["public_url", "notion_base_url"])
def test_addresses_are_checked(name, url):
    with pytest.raises(ConfigurationError, match=name):
        resolve(**{name: url})


def test_an_address_holds_no_credentials():
    with pytest.raises(ConfigurationError, match="must not hold credentials") as refused:
        resolve(public_url=f"https://user:{SECRET}@x")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [("http://localhost:1", True), ("http://[::1]", True), ("https://x", False), ("http://127.0.0.1.x", False)],
)
def test_development_is_loopback(url, expected):
    assert resolve(public_url=url).development is expected


@pytest.mark.parametrize(("text", "expected"), [("1", True), ("YES", True), ("off", False), ("0", False), ("", True)])
def test_development_may_be_set(text, expected):
    assert resolve({"NOTION_GATEWAY_DEVELOPMENT": text}).development is expected


def test_what_is_refused():
    with pytest.raises(ConfigurationError, match="NOTION_GATEWAY_DEVELOPMENT"):
        resolve({"NOTION_GATEWAY_DEVELOPMENT": "maybe"})
    for name in ("CLIENT_ID", "CLIENT_SECRET"):
        with pytest.raises(ConfigurationError, match="only one is set") as refused:
            resolve({f"NOTION_GATEWAY_{name}": SECRET})
        assert SECRET not in str(refused.value)
    with pytest.raises(ConfigurationError, match="data_dir"):
        resolve(data_dir="/what?")
    for port in (-1, 65_536):
        with pytest.raises(ConfigurationError, match="port"):
            resolve(port=port)


def test_an_ipv6_host_is_bracketed():
    assert resolve(host="::1", port=1).public_url == "http://[::1]:1"
