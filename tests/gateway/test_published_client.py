"""Airbyte's own published client against our gateway, in a Python of its own: its names are ours.

PUBLISHED_CLIENT_PYTHON names a Python that has it (PyPI airbyte-agent-notion 0.1.35, Python 3.13); the environment
``published`` of tox.ini makes one.
"""

import json
import os
import subprocess
from pathlib import Path

import httpx
import pytest
from browser import Browser
from served_gateway import served_gateway

from airbyte_agent_notion import NotionConnector
from airbyte_agent_notion.sandbox import Sandbox

PYTHON = os.environ.get("PUBLISHED_CLIENT_PYTHON", "")
SCRIPT = Path(__file__).parent.parent / "support" / "published_client.py"
CALLBACK = "http://127.0.0.1:9/oauth/callback"
OWN_APP = {"client_id": "our-own-app", "client_secret": "our-own-secret"}

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not PYTHON, reason="PUBLISHED_CLIENT_PYTHON names no Python with the published client"),
]


@pytest.fixture
def gateway(tmp_path):
    with served_gateway(tmp_path / "data", Sandbox.sample()) as served:
        yield served


@pytest.fixture
def client(gateway):
    return gateway.organization()


@pytest.fixture
def published(gateway, client):
    """``published(action, **told)``: the result of the published client's action."""

    def call(action, /, *, expect="result", **told):
        told = {"client_id": client.client_id, "client_secret": client.client_secret, **told}
        done = subprocess.run(
            [PYTHON, str(SCRIPT), action, json.dumps(told)],
            env={"SDK_DEV_ADP_API_HOST": gateway.url, "PATH": os.environ["PATH"], "AIRBYTE_INTERNAL_TELEMETRY": "0"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout.splitlines()[-1])
        assert expect in answer, answer
        return answer[expect]

    return call


def test_it_is_the_published_client():
    code = "import importlib.metadata as m; print(m.version('airbyte-agent-notion'))"
    done = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0.1.35"


@pytest.mark.parametrize("scheme", ["token", "oauth"])
def test_create_look_up_and_execute(gateway, published, scheme):
    granted = gateway.sandbox.oauth.grant()
    oauth = {
        "client_id": gateway.sandbox.oauth.client_id,
        "client_secret": gateway.sandbox.oauth.client_secret,
        "access_token": granted.access_token,
    }
    credentials = {"token": gateway.sandbox.token} if scheme == "token" else oauth
    made = published("create", customer_name="acme", credentials=credentials)
    assert made
    [listed] = [published("execute", customer_name="acme", entity="pages", action="list", params={"page_size": 2})]
    assert [each["object"] for each in listed["data"]] == ["page", "page"]
    assert (listed["meta"]["has_more"], bool(listed["meta"]["next_cursor"])) == (True, True)
    wanted = {"page_id": listed["data"][0]["id"]}
    page = published("execute", connector_id=made, entity="pages", action="get", params=wanted)
    assert page["id"] == listed["data"][0]["id"]
    found = published("typed", customer_name="acme")
    assert (found["check"], found["more"]) == ("healthy", False)
    assert "Ana Ruiz" in found["names"] or len(found["names"]) > 1


def test_the_organization_that_it_names(gateway, published, client):
    other = gateway.store.organizations.create("Other", client_id=client.client_id)
    for organization in (client.organization_id, other.organization.id):
        told = {"organization_id": organization, "credentials": {"token": gateway.sandbox.token}}
        assert published("create", customer_name="acme", **told)
    assert "400" in published("execute", expect="text", customer_name="acme", entity="users", action="list", params={})


def test_its_own_oauth_app_and_the_consent_flow(gateway, published):
    callback = f"{gateway.url}/api/v1/integrations/connectors/oauth/callback"
    gateway.sandbox.oauth.register(*OWN_APP.values(), name="Our Own App", redirect_uris=[callback])

    def page():
        url = published("consent_url", customer_name="acme", redirect_url=CALLBACK)
        with Browser() as browser:
            return url, browser.go(url).text

    assert "Gateway of the house" in page()[1]
    published("own_app", app=OWN_APP)
    url, text = page()
    assert "Our Own App" in text
    back = httpx.get(gateway.sandbox.oauth.consent(url), follow_redirects=False).headers["location"]
    made = NotionConnector.parse_callback(back).connector_id
    assert published("execute", connector_id=made, entity="users", action="list", params={})["data"]
    published("own_app", app=None)
    assert "Gateway of the house" in page()[1]


@pytest.mark.parametrize(
    ("entity", "action", "params", "said"),
    [
        ("pages", "get", {"page_id": "0" * 32}, "404"),
        ("pages", "get", {}, "422"),
        ("users", "get", {"user_id": "nonsense"}, "422"),
    ],
)
def test_a_failed_execution_is_an_error_and_no_empty_success(gateway, published, entity, action, params, said):
    """Its client takes a failed status in a 200 for success: failures have an error's status."""
    made = published("create", customer_name="acme", credentials={"token": gateway.sandbox.token})
    text = published("execute", expect="text", connector_id=made, entity=entity, action=action, params=params)
    assert said in text
    assert gateway.sandbox.token not in text
