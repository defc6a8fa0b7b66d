"""A canary: every secret that goes through the gateway is looked for where none may be."""

import io
import json
import logging

import pytest
from gateways import BASE, CONNECTORS, bearer, query_of, running

from airbyte_agent_notion.sandbox import Fault, Sandbox
from airbyte_agent_notion_gateway import logs

BACK = "https://app.example/back"


@pytest.fixture
def written():
    """All that loggers say, as our formatter writes it and as others would."""
    stream, plain = io.StringIO(), io.StringIO()
    own, root = logging.StreamHandler(stream), logging.StreamHandler(plain)
    own.setFormatter(logs.JsonFormatter())
    for handler in (own, root):
        handler.addFilter(_not_of_the_test)
    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.DEBUG)
    for handler in (own, root):
        logger.addHandler(handler)
    yield lambda: stream.getvalue() + plain.getvalue()
    for handler in (own, root):
        logger.removeHandler(handler)
    logger.setLevel(level)


def _not_of_the_test(record):
    """The test's own client writes its URLs down; the gateway is the one that is listened to."""
    return not (record.name.startswith("httpx") and BASE in record.getMessage())


class _Life:
    """A gateway's life with every secret in ``secrets`` and every answer in ``answers``."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.secrets = {}
        self.answers = []

    async def send(self, method, path, body=None, *, token=None, handed_out=False):
        headers = {} if token is None else bearer(token)
        answer = await self.gateway.http.request(method, path, json=body, headers=headers)
        if not handed_out:
            self.answers.append(f"{answer.headers} {answer.text}")
        return answer

    async def token(self, tenant):
        body = {"client_id": tenant.client_id, "client_secret": tenant.client_secret}
        made = await self.send("POST", "/api/v1/account/applications/token", body, handed_out=True)
        return made.json()["access_token"]


async def live(life):
    gateway, oauth = life.gateway, life.gateway.sandbox.oauth
    tenant = gateway.organization(redirect_urls=[BACK])
    token = await life.token(tenant)
    made = await life.send(
        "POST", "/api/v1/account/applications/scoped-token", {"workspace_name": "acme"}, token=token, handed_out=True
    )
    scoped = made.json()["token"]
    oauth.register("own-app", "canary-own-app-secret")
    life.secrets |= {
        "client secret": tenant.client_secret,
        "application token": token,
        "scoped token": scoped,
        "signing secret": gateway.store.signing_secret().get_secret_value(),
        "server's app": oauth.client_secret,
        "own app": "canary-own-app-secret",
        "token": "ntn_canary_static",
        "wrong": "canary-wrong-value",
    }
    app = {"client_id": "own-app", "client_secret": "canary-own-app-secret"}
    await life.send("PUT", "/api/v1/oauth/credentials", {"connector_type": "notion", "configuration": app}, token=token)
    grants = [gateway.grant(expired=True) for _ in range(2)]
    rows = [await _create(life, token, given) for given in ({"token": "ntn_canary_static"}, *grants)]
    rows.append(await _consented(life, token))
    for row in rows:
        for name, action in (("users", "get_me"), ("*", "check"), ("pages", "nothing")):
            await life.send("POST", f"{CONNECTORS}/{row}/execute", {"entity": name, "action": action}, token=scoped)
        await life.send("POST", f"{CONNECTORS}/{row}/check", token=token)
        await life.send("GET", f"{CONNECTORS}/{row}", token=token)
    await _fail(life, token, rows)
    await _collect(life, rows, grants)
    await life.send("DELETE", f"{CONNECTORS}/{rows[-1]}", token=token)
    for path in (CONNECTORS, "/api/v1/workspaces", "/openapi.json", "/ready"):
        await life.send("GET", path, token=token)


async def _create(life, token, credentials):
    body = {"customer_name": "acme", "connector_type": "Notion", "credentials": credentials}
    return (await life.send("POST", CONNECTORS, body, token=token)).json()["id"]


async def _consented(life, token):
    body = {"customer_name": "acme", "connector_type": "Notion", "redirect_url": BACK}
    begun = await life.send("POST", f"{CONNECTORS}/oauth/initiate", body, token=token, handed_out=True)
    back = life.gateway.sandbox.oauth.consent(begun.json()["consent_url"])
    life.secrets |= {"code": query_of(back)["code"], "state": query_of(back)["state"]}
    answer = await life.send("GET", back)
    return query_of(answer.headers["location"])["connector_id"]


async def _fail(life, token, rows):
    """What goes wrong with a secret in it."""
    wrong = "canary-wrong-value"
    for body in (
        {"customer_name": "acme", "connector_type": "Notion", "credentials": {"token": wrong, "client_secret": wrong}},
        {"customer_name": "acme", "connector_type": "Notion", "credentials": wrong},
        {"customer_name": {"a": wrong}, "connector_type": [wrong], "policy": wrong},
        [wrong],
        wrong,
    ):
        await life.send("POST", CONNECTORS, body, token=token)
    await life.send("POST", "/api/v1/account/applications/token", {"client_id": wrong, "client_secret": wrong})
    await life.send("GET", f"/api/v1/workspaces?cursor={wrong}&limit={wrong}", token=token)
    await life.send("GET", f"{CONNECTORS}/oauth/callback?state={wrong}&code={wrong}")
    await life.send("GET", CONNECTORS, token=wrong)
    faults = life.gateway.sandbox.faults
    echo = json.dumps({"message": "Bearer ntn_canary_static"})
    for fault in (Fault(content=echo, status=400), Fault(content="<p>ntn_canary_static</p>"), Fault(status=403)):
        faults.add(path="/v1/users", status=fault.status, content=fault.content)
        body = {"entity": "users", "action": "list"}
        await life.send("POST", f"{CONNECTORS}/{rows[0]}/execute", body, token=token)


async def _collect(life, rows, grants):
    for number, grant in enumerate(grants):
        life.secrets |= {f"{name} {number}": grant[name] for name in ("access_token", "refresh_token")}
    for number, row in enumerate(rows[1:]):
        held, _ = life.gateway.store.connectors.credentials(row)
        life.secrets[f"present access {number}"] = held.access_token.get_secret_value()
        life.secrets[f"present refresh {number}"] = held.refresh_token.get_secret_value()


def rows_of(store):
    """Every row of every table, as text."""
    from sqlalchemy import MetaData, select

    tables = MetaData()
    with store.database.engine.connect() as connection:
        tables.reflect(connection)
        return "\n".join(
            repr(tuple(row)) for table in tables.sorted_tables for row in connection.execute(select(table))
        )


def tenant_files(places):
    """The database's files that name the customer."""
    return [name for name, text in places.items() if name.startswith("gateway.db") and "acme" in text]


async def test_no_secret_in_database_logs_or_answers(settings, store, moment, written, data_dir, capsys):
    async with running(settings, store, Sandbox.sample(), clock=moment) as gateway:
        life = _Life(gateway)
        await live(life)
    assert gateway.asked("/v1/oauth/token", grant_type="refresh_token") == 2
    places = {"answers": "\n".join(life.answers), "logs": written(), "output": "".join(capsys.readouterr())}
    places |= {file.name: file.read_bytes().decode("latin-1") for file in data_dir.rglob("*") if file.is_file()}
    places["rows"] = rows_of(store)
    assert len(life.secrets) >= 15
    found = [(where, name) for where, text in places.items() for name, secret in life.secrets.items() if secret in text]
    assert found == []
    # What is looked for would be found: the places hold what they should.
    assert "users.get_me" in places["logs"]
    assert '"connector_name"' in places["answers"]
    assert "acme" in places["rows"]
    assert tenant_files(places) or settings.database_url.startswith("postgresql")
