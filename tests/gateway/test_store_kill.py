"""Whatever step a change is cut off at, nothing is lost, half-written or readable, and rotation comes to its end."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

import airbyte_agent_notion_gateway
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig, NotionOauth20AuthConfig, NotionOAuthCredentials
from airbyte_agent_notion_gateway.rotation import rotate_keys
from airbyte_agent_notion_gateway.store import Store

pytestmark = pytest.mark.thorough

SCRIPT = Path(__file__).parent / "store_script.py"
CANARY = "canary-of-the-killed-process"
TOKEN = NotionAccessTokenAuthConfig(token=f"{CANARY}-token")
GRANT = NotionOauth20AuthConfig(
    client_id="app",
    client_secret=f"{CANARY}-app",
    access_token=f"{CANARY}-access-1",
    refresh_token=f"{CANARY}-refresh-1",
)
RENEWED = NotionOauth20AuthConfig(
    client_id="app",
    client_secret=f"{CANARY}-app",
    access_token=f"{CANARY}-access-2",
    refresh_token=f"{CANARY}-refresh-2",
)
APP = NotionOAuthCredentials(client_id="app", client_secret=f"{CANARY}-app")

CREATE = ["create.workspace", "create.sealed", "create.inserted", "create.stored"]
REFRESH = ["refresh.claiming", "refresh.claimed", "refresh.sealed", "refresh.swapped", "refresh.stored"]
CONSENT = [
    "consent.claiming",
    "consent.claimed",
    *CREATE[:3],
    "consent.connector",
    "consent.marked",
    "consent.finished",
]
ROTATE = [
    "keys.written",
    "keys.replaced",
    "rotate.added",
    "rotate.retired",
    "rotate.activated",
    "rotate.sealed",
    "rotate.swapped",
    "rotate.row",
    "rotate.sealed#4",
    "rotate.swapped#4",
    "rotate.row#4",
    "rotate.resealed",
    "keys.written#2",
    "keys.replaced#2",
    "rotate.dropped",
    "rotate.forgotten",
]
COMMITTED = {"create.stored", "refresh.stored", "consent.finished"}


class _Kept:
    """A store with something of each kind in it, and what must hold of it ever after."""

    def __init__(self, store, moment):
        self.made = store.organizations.create("Acme")
        self.organization = self.made.organization.id
        self.token = store.connectors.create(self.organization, "token", credentials=TOKEN)
        self.grant = store.connectors.create(self.organization, "grant", credentials=GRANT)
        store.oauth_apps.set(self.organization, APP)
        self.consent = store.consents.create(
            self.organization, "consented", redirect_url="https://x/", app=APP, expires_at=moment.later(600)
        )
        self.signing = store.signing_secret()

    def check(self, store):
        """Everything opens; the connectors that are there."""
        store.ready()
        assert store.connectors.credentials(self.token.id) == (TOKEN, 1)
        assert store.connectors.credentials(self.grant.id) in {(GRANT, 1), (RENEWED, 2)}
        assert store.oauth_apps.get(self.organization) == APP
        assert store.signing_secret() == self.signing
        listed = store.connectors.list(self.organization)
        assert all(store.connectors.credentials(each.id) is not None for each in listed)
        return listed

    def check_to_the_end(self, settings):
        """With a fresh store; and a rotation leaves one key."""
        with Store.open(settings) as store:
            before = self.check(store)
            done = rotate_keys(store)
            assert self.check(store) == before
            assert [entry["id"] for entry in json.loads(settings.key_file.read_text())["keys"]] == [done.active]
            nothing_is_readable(store, settings, self.made.client_secret.get_secret_value(), self.signing)
        with Store.open(settings) as store:
            assert self.check(store) == before
            assert store.organizations.verify_client(self.made.client_id, self.made.client_secret)


def nothing_is_readable(store, settings, client_secret, signing):
    """No secret and no key stands in the database, or in any file but the key file."""
    entries = json.loads(settings.key_file.read_text())["keys"]
    secrets = [CANARY, client_secret, signing.get_secret_value(), *(entry["key"] for entry in entries)]
    if store.database.engine.dialect.name == "postgresql":
        with store.database.read() as session:
            tables = inspect(session.connection()).get_table_names()
            content = "".join(str(session.execute(text(f"SELECT t::text FROM {name} t")).all()) for name in tables)
        places = [content.encode()]
    else:
        files = [path for path in settings.data_dir.iterdir() if path != settings.key_file]
        assert {"gateway.db", "gateway.db-wal"} <= {path.name for path in files}
        places = [path.read_bytes() for path in files]
    for place in places:
        assert not [each for each in secrets if each.encode() in place or each.encode().hex().encode() in place]


@pytest.fixture
def kept(store, moment):
    return _Kept(store, moment)


def act(store, kept, operation, moment):
    if operation == "create":
        store.connectors.create(kept.organization, "acme", credentials=TOKEN)
    elif operation == "refresh":
        assert store.connectors.claim_refresh(kept.grant.id, version=1, owner="me", until=moment.later(45))
        assert store.connectors.store_refresh(kept.grant.id, version=1, owner="me", credentials=RENEWED)
    elif operation == "consent":
        assert store.consents.claim(kept.consent.id)
        assert store.consents.finish(kept.consent.id, credentials=RENEWED)
    else:
        rotate_keys(store)


def holds(store, kept, operation, point):
    """What the operation changed is there whole, if it was committed, or not at all."""
    listed = kept.check(store)
    if operation == "create":
        assert [each.workspace_name for each in listed[2:]] == ["acme"] * (point in COMMITTED)
        assert (store.workspaces.get(kept.organization, "acme") is not None) == (point in COMMITTED)
    elif operation == "refresh":
        assert store.connectors.credentials(kept.grant.id) == ((RENEWED, 2) if point in COMMITTED else (GRANT, 1))
    elif operation == "consent":
        consent = store.consents.get(kept.consent.id)
        assert consent.status == _state(point)
        assert [each.id for each in listed[2:]] == [consent.connector_id] * (point in COMMITTED)


def _state(point):
    return {"consent.claiming": "pending", "consent.finished": "done"}.get(point, "claimed")


STEPS = [
    (operation, point)
    for operation, points in (("create", CREATE), ("refresh", REFRESH), ("consent", CONSENT), ("rotate", ROTATE))
    for point in points
]


@pytest.mark.parametrize(("operation", "point"), STEPS)
def test_an_error_between_two_steps(store, settings, moment, kept, stops, operation, point):
    stops.at(point)
    with pytest.raises(stops.Stopped):
        act(store, kept, operation, moment)
    stops.nowhere()
    holds(store, kept, operation, point)
    if operation == "refresh" and point not in COMMITTED:
        moment.go(60)
    if operation == "consent" and point != "consent.claiming":
        assert store.consents.claim(kept.consent.id) is None
    elif point not in COMMITTED:
        act(store, kept, operation, moment)
    kept.check_to_the_end(settings)


@pytest.mark.parametrize("point", ROTATE)
def test_a_rotation_that_is_gone_on_with_makes_no_second_key(store, settings, kept, stops, point):
    (first,) = (entry["id"] for entry in json.loads(settings.key_file.read_text())["keys"])
    stops.at(point)
    with pytest.raises(stops.Stopped):
        rotate_keys(store)
    stops.nowhere()
    added = {entry["id"] for entry in json.loads(settings.key_file.read_text())["keys"]} - {first}
    done = rotate_keys(store)
    if added and point != "rotate.forgotten":
        assert {done.active} == added
    with store.database.read() as session:
        assert session.execute(text("SELECT id, state FROM vault_keys")).all() == [(done.active, "active")]


KILLED = [
    ("create", "create.sealed", "kill"),
    ("create", "create.inserted", "exit"),
    ("create", "create.stored", "kill"),
    ("refresh", "refresh.claimed", "kill"),
    ("refresh", "refresh.swapped", "kill"),
    ("refresh", "refresh.stored", "exit"),
    ("consent", "consent.marked", "kill"),
    ("consent", "consent.finished", "kill"),
    ("rotate", "keys.written", "kill"),
    ("rotate", "keys.replaced", "kill"),
    ("rotate", "rotate.retired", "kill"),
    ("rotate", "rotate.swapped", "kill"),
    ("rotate", "rotate.row#4", "exit"),
    ("rotate", "keys.replaced#2", "kill"),
]


def run(settings, database_url, *arguments):
    command = [sys.executable, str(SCRIPT), str(settings.data_dir), database_url, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(("operation", "point", "way"), KILLED)
def test_a_process_that_is_killed(store, settings, database_url, kept, operation, point, way, moment):
    subject = {"create": kept.organization, "refresh": kept.grant.id, "consent": kept.consent.id}.get(operation, "")
    ended = run(settings, database_url, operation, point, way, subject)
    assert ended.returncode == (9 if way == "exit" else -signal.SIGKILL), ended.stderr
    assert CANARY not in ended.stdout + ended.stderr
    holds(store, kept, operation, point)
    if operation == "refresh" and point not in COMMITTED:
        moment.go(60)
        act(store, kept, operation, moment)
    kept.check_to_the_end(settings)


@pytest.mark.parametrize("point", ["keys.written", "keys.replaced"])
def test_a_first_start_that_is_killed(settings, database_url, point, moment):
    ended = run(settings, database_url, "open", point, "kill")
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    with Store.open(settings, clock=moment) as store:
        kept = _Kept(store, moment)
    kept.check_to_the_end(settings)


def test_two_processes_open_a_fresh_database_at_once(settings, database_url):
    command = [sys.executable, str(SCRIPT), str(settings.data_dir), database_url, "open", "", "none"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    results = [process.communicate(timeout=60) for process in both]
    assert [out.strip() for out, _ in results] == ["ok", "ok"], results


def test_every_point_of_the_code_is_stopped_at(store, kept, stops, moment):
    """No step was added that these tests do not know."""
    package = Path(airbyte_agent_notion_gateway.__file__).parent
    sources = [*(package / "store").glob("*.py"), package / "rotation.py", package / "key_file.py"]
    named = {name for path in sources for name in re.findall(r'fault_point\("([^"]+)"\)', path.read_text())}
    assert named == {point.partition("#")[0] for _, point in STEPS}
    for operation, points in (("create", CREATE), ("refresh", REFRESH), ("consent", CONSENT), ("rotate", ROTATE)):
        stops.record()
        act(store, kept, operation, moment)
        assert {point.partition("#")[0] for point in points} == set(stops.passed)
