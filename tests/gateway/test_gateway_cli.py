"""``airbyte-agent-notion gateway ...`` as an operator types it, on each database."""

import json
import re
import subprocess
import sys

import pytest
from pydantic import SecretStr

from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion_cli import main
from airbyte_agent_notion_gateway import cli
from airbyte_agent_notion_gateway.secret_text import new_id
from airbyte_agent_notion_gateway.store import Store

TOKEN = NotionAccessTokenAuthConfig(token="ntn_cli_canary")


@pytest.fixture
def gateway(settings, capsys):
    """``gateway(*arguments)``: the exit status and what was printed."""

    def run(*arguments, status=0):
        where = ("--data-dir", str(settings.data_dir), "--database-url", settings.database_url)
        got = main(["gateway", *where, *arguments])
        printed = capsys.readouterr()
        assert got == status, printed
        return printed.out if status == 0 else printed.err

    return run


@pytest.fixture
def made(gateway):
    """Organisation id, client id and secret, as printed by ``organizations create``."""
    text = gateway("organizations", "create", "Acme", "--redirect-url", "https://a/x", "--redirect-url", "https://b/x")
    return parse(text)


def parse(text):
    return [shown(name, text) for name in ("organization id", "client id", "client secret")]


def shown(name, text):
    return re.search(rf"^{name} +(\S+)$", text, re.MULTILINE)[1]


def test_an_organisation_is_made(gateway, settings):
    text = gateway(
        "organizations", "create", "Acme", "--redirect-url", "https://a/x", "--public-url", "https://g.example"
    )
    organization, client, secret = parse(text)
    assert text.count(secret) == 2
    assert "not shown again" in text
    assert f"export AIRBYTE_CLIENT_ID={client}\n" in text
    assert f"export AIRBYTE_CLIENT_SECRET={secret}\n" in text
    assert "export AIRBYTE_API_BASE_URL=https://g.example\n" in text
    with Store.open(settings) as store:
        assert store.organizations.get(organization).name == "Acme"
        assert store.organizations.redirect_urls(organization) == ("https://a/x",)
        assert store.organizations.verify_client(client, SecretStr(secret))
    listed = gateway("organizations", "list")
    assert f"{organization}  Acme\n  client {client}\n" in listed
    assert secret not in listed


def test_a_client_for_a_second_organisation(gateway, settings, made):
    _, client, _ = made
    text = gateway("organizations", "create", "Second", "--client-id", client)
    assert "X-Organization-Id" in text
    assert "client secret" not in text
    with Store.open(settings) as store:
        assert len(store.organizations.client_organizations(client)) == 2
    assert "no enabled client" in gateway("organizations", "create", "Third", "--client-id", new_id(), status=1)


def test_an_organisation_is_deleted(gateway, made):
    assert gateway("organizations", "delete", made[0]).startswith("Deleted")
    assert "no such organization" in gateway("organizations", "delete", made[0], status=1)
    assert "None yet" in gateway("organizations", "list")


def test_redirect_urls(gateway, made):
    organization = made[0]
    assert gateway("redirect-urls", "list", organization) == "https://a/x\nhttps://b/x\n"
    assert gateway("redirect-urls", "add", organization, "https://c/x") == "Added.\n"
    assert gateway("redirect-urls", "add", organization, "https://c/x") == "It was allowed already.\n"
    assert gateway("redirect-urls", "remove", organization, "https://a/x") == "Removed.\n"
    assert "no such redirect URL" in gateway("redirect-urls", "remove", organization, "https://a/x", status=1)
    assert gateway("redirect-urls", "list", organization) == "https://b/x\nhttps://c/x\n"
    assert "is not https" in gateway("redirect-urls", "add", organization, "http://c/x", status=1)
    assert "does not exist" in gateway("redirect-urls", "add", new_id(), "https://c/x", status=1)
    assert "no such organization" in gateway("redirect-urls", "list", new_id(), status=1)
    assert "is not https" in gateway("organizations", "create", "B", "--redirect-url", "http://c/x", status=1)


def test_clients(gateway, settings, made):
    _, client, old = made
    text = gateway("clients", "rotate-secret", client)
    fresh = shown("client secret", text)
    assert "not shown again" in text
    with Store.open(settings) as store:
        assert not store.organizations.verify_client(client, SecretStr(old))
        assert store.organizations.verify_client(client, SecretStr(fresh))
        gateway("clients", "disable", client)
        assert not store.organizations.verify_client(client, SecretStr(fresh))
    assert f"client {client}  disabled" in gateway("organizations", "list")
    for command in ("rotate-secret", "disable"):
        assert "no such client" in gateway("clients", command, new_id(), status=1)


def test_connectors(gateway, settings, made):
    assert gateway("connectors", "list") == "None yet.\n"
    with Store.open(settings) as store:
        connector = store.connectors.create(made[0], "acme", credentials=TOKEN)
        listed = gateway("connectors", "list")
        for part in (connector.id, "read_only", "token", made[0], "acme", "notion - acme"):
            assert part in listed
        assert TOKEN.token.get_secret_value() not in listed
        for policy in ("full", "write", "read_only"):
            assert gateway("connectors", "policy", connector.id, policy) == f"{connector.id} is {policy} now.\n"
            assert store.connectors.get(made[0], connector.id).policy == policy
    assert "no such connector" in gateway("connectors", "policy", new_id(), "full", status=1)


def test_keys_are_rotated(gateway, settings, made):
    def ids():
        return [entry["id"] for entry in json.loads(settings.key_file.read_text())["keys"]]

    (old,) = ids()
    text = gateway("rotate-keys")
    (new,) = ids()
    assert new != old
    assert f"the key {new}" in text
    assert f"Dropped: {old}." in text
    with Store.open(settings) as store:
        store.ready()


def test_keys_of_the_environment_are_named(gateway, settings, monkeypatch):
    monkeypatch.setenv("NOTION_GATEWAY_KEYS", f"a:{'A' * 43}")
    gateway("migrate")
    assert "no newer key than 'a'" in gateway("rotate-keys", status=1)
    monkeypatch.setenv("NOTION_GATEWAY_KEYS", f"b:{'B' * 43},a:{'A' * 43}")
    text = gateway("rotate-keys")
    assert "may be removed from NOTION_GATEWAY_KEYS: a." in text
    monkeypatch.setenv("NOTION_GATEWAY_KEYS", f"b:{'B' * 43}")
    gateway("migrate")


def test_the_database_is_migrated(gateway, settings):
    assert "newest migration" in gateway("migrate")
    assert "newest migration" in gateway("migrate")


def test_wrong_settings_are_told(gateway, capsys):
    assert "public_url" in gateway("migrate", "--public-url", "nonsense", status=1)
    assert main(["gateway", "--database-url", "mysql://u:cli-canary@h/d", "migrate"]) == 1
    printed = capsys.readouterr()
    assert "neither PostgreSQL nor" in printed.err
    assert "cli-canary" not in printed.err


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("command", [[], ["serve"]])
def test_the_server_is_started(monkeypatch, tmp_path, before, command):
    from airbyte_agent_notion_gateway import server

    seen = []
    monkeypatch.setattr(server, "run", lambda settings: seen.append(settings) or 0)
    options = ["--data-dir", str(tmp_path), "--host", "127.0.0.2", "--port", "9"]
    assert main(["gateway", *options, *command] if before else ["gateway", *command, *options]) == 0
    (settings,) = seen
    assert (settings.data_dir, settings.host, settings.port) == (tmp_path, "127.0.0.2", 9)


def test_an_option_before_stays_beside_one_after(monkeypatch, tmp_path):
    from airbyte_agent_notion_gateway import server

    seen = []
    monkeypatch.setattr(server, "run", lambda settings: seen.append(settings) or 0)
    main(["gateway", "--data-dir", str(tmp_path), "--port", "9", "serve", "--port", "10"])
    assert (seen[0].data_dir, seen[0].port) == (tmp_path, 10)


@pytest.mark.parametrize(
    "arguments", [["organizations"], ["nonsense"], ["connectors", "policy", "x", "all"], ["--port", "x"]]
)
def test_what_is_no_command_is_refused(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(["gateway", *arguments])
    assert left.value.code == 2
    assert "usage: airbyte-agent-notion gateway" in capsys.readouterr().err


def test_help(capsys):
    for arguments, told in ((["--help"], "gateway"), (["gateway", "--help"], "rotate-keys")):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == 0
        assert told in capsys.readouterr().out


def test_without_the_extra_it_says_what_to_install(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(cli, "_store", _store_without_the_extra)
    assert main(["gateway", "--data-dir", str(tmp_path), "migrate"]) == 1
    assert 'pip install "airbyte-agent-notion[gateway]"' in capsys.readouterr().err


def _store_without_the_extra(options):
    raise ModuleNotFoundError("No module named 'sqlalchemy'", name="sqlalchemy.orm")


def test_a_module_that_is_missing_otherwise_is_a_bug(monkeypatch, tmp_path):
    def fail(options):
        raise ModuleNotFoundError("No module named 'other'", name="other")

    monkeypatch.setattr(cli, "_store", fail)
    with pytest.raises(ModuleNotFoundError):
        main(["gateway", "migrate"])


@pytest.mark.parametrize(
    ("arguments", "forbidden"),
    [("['--help']", "airbyte_agent_notion_gateway"), ("['gateway', '--help']", "sqlalchemy|fastapi|alembic|argon2")],
)
def test_help_loads_little(arguments, forbidden):
    code = (
        "import sys\nfrom airbyte_agent_notion_cli import main\n"
        f"try:\n    main({arguments})\nexcept SystemExit:\n    pass\n"
        f"assert not set({forbidden!r}.split('|')) & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
