"""Rotation of the vault's keys: with a key file, with keys from the environment, beside gateways that run."""

import base64
import json
import os
import threading
from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig, NotionOAuthCredentials
from airbyte_agent_notion_gateway.key_file import FileKeyring
from airbyte_agent_notion_gateway.rotation import rotate_keys
from airbyte_agent_notion_gateway.store import Store
from airbyte_agent_notion_gateway.store.sealing import SEALED_TABLES
from airbyte_agent_notion_gateway.vault import MissingKey, VaultError

TOKEN = NotionAccessTokenAuthConfig(token="ntn_rotation_test")
APP = NotionOAuthCredentials(client_id="app", client_secret="app-secret")
TABLES = [table.__tablename__ for table in SEALED_TABLES]


def fill(store, moment):
    """Something sealed in every table; the organisation and a connector."""
    organization = store.organizations.create("Acme").organization.id
    connectors = [store.connectors.create(organization, f"w{number}", credentials=TOKEN) for number in range(5)]
    store.oauth_apps.set(organization, APP)
    store.consents.create(organization, "w", redirect_url="https://x/", app=APP, expires_at=moment.later(600))
    store.signing_secret()
    return organization, connectors[0].id


def keys_in_use(store):
    with store.database.read() as session:
        return {key for table in TABLES for (key,) in session.execute(text(f"SELECT key_id FROM {table}"))}


def states(store):
    with store.database.read() as session:
        return {row.id: row.state for row in session.execute(text("SELECT id, state FROM vault_keys"))}


def ids(settings):
    return [entry["id"] for entry in json.loads(settings.key_file.read_text())["keys"]]


def environment(settings, *names):
    keys = ",".join(f"{name}:{base64.b64encode(name.encode() * 32).decode()}" for name in names)
    return replace(settings, keys=SecretStr(keys))


def test_everything_gets_the_new_key(store, settings, moment):
    organization, connector = fill(store, moment)
    signing = store.signing_secret()
    (old,) = ids(settings)
    done = rotate_keys(store)
    assert done.active != old
    assert (done.resealed, done.removable, done.dropped) == (8, (old,), True)
    assert ids(settings) == [done.active]
    assert states(store) == {done.active: "active"}
    assert keys_in_use(store) == {done.active}
    store.ready()
    with Store.open(settings) as fresh:
        assert fresh.connectors.credentials(connector) == (TOKEN, 1)
        assert fresh.oauth_apps.get(organization) == APP
        assert fresh.signing_secret() == signing


def test_each_run_is_a_rotation(store, settings, moment):
    fill(store, moment)
    active = [rotate_keys(store).active for _ in range(3)]
    assert len(set(active)) == 3
    assert ids(settings) == active[-1:]


def test_a_running_gateway_goes_on(store, settings, moment):
    organization, connector = fill(store, moment)
    with Store.open(settings) as running:
        assert running.connectors.credentials(connector) == (TOKEN, 1)
        rotate_keys(store)
        assert running.connectors.credentials(connector) == (TOKEN, 1)
        made = running.connectors.create(organization, "new", credentials=TOKEN)
        assert store.connectors.credentials(made.id) == (TOKEN, 1)
        assert keys_in_use(store) == set(ids(settings))


def test_a_row_read_before_opens_after(store, settings, moment):
    _, connector = fill(store, moment)
    with Store.open(settings) as running:
        opened = running.sealer.open

        def late(row):
            rotate_keys(store)
            return opened(row)

        running.sealer.open = late
        assert running.connectors.credentials(connector) == (TOKEN, 1)


def test_what_is_written_meanwhile_is_not_lost(store, settings, moment, stops, monkeypatch):
    organization, connector = fill(store, moment)
    from airbyte_agent_notion_gateway import faults

    written = []
    with Store.open(settings) as running:

        def write(name):
            if name in {"rotate.added", "rotate.activated", "rotate.row", "rotate.resealed", "rotate.dropped"}:
                monkeypatch.setattr(faults, "hook", lambda name: None)
                written.append(running.connectors.create(organization, name, credentials=TOKEN).id)
                running.connectors.update(organization, connector, credentials=TOKEN)
                monkeypatch.setattr(faults, "hook", write)

        monkeypatch.setattr(faults, "hook", write)
        done = rotate_keys(store)
    assert len(written) >= 5
    assert all(store.connectors.credentials(each) == (TOKEN, 1) for each in written)
    assert keys_in_use(store) == {done.active} == set(ids(settings))


def test_writers_and_a_rotation_at_once(store, settings, moment):
    organization, _ = fill(store, moment)
    made, failed = [], []

    def write(number):
        try:
            with Store.open(settings) as running:
                create = running.connectors.create
                made.extend(create(organization, f"t{number}", credentials=TOKEN).id for _ in range(15))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(2):
            rotate_keys(store)
    finally:
        for thread in threads:
            thread.join()
    done = rotate_keys(store)
    assert failed == []
    assert len(made) == 60
    assert keys_in_use(store) == {done.active}
    assert all(store.connectors.credentials(each) == (TOKEN, 1) for each in made)


def test_a_rotation_waits_for_who_is_writing_with_the_old_key(store, settings, moment, monkeypatch):
    organization, _ = fill(store, moment)
    from airbyte_agent_notion_gateway import faults

    done, rotation = [], threading.Thread(target=lambda: done.append(rotate_keys(store)))

    def meanwhile(name):
        if name == "create.sealed":
            rotation.start()
            rotation.join(0.5)  # It cannot end before the writer does; if it could, it would by then.

    monkeypatch.setattr(faults, "hook", meanwhile)
    made = store.connectors.create(organization, "late", credentials=TOKEN)
    rotation.join()
    assert keys_in_use(store) == {done[0].active} == set(ids(settings))
    with Store.open(settings) as fresh:
        assert fresh.connectors.credentials(made.id) == (TOKEN, 1)


def test_two_rotations_at_once_follow_each_other(store, settings, moment):
    fill(store, moment)
    done = []
    with Store.open(settings) as other:
        threads = [threading.Thread(target=lambda s=s: done.append(rotate_keys(s))) for s in (store, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len({each.active for each in done}) == 2
    assert ids(settings) == list(keys_in_use(store)) == list(states(store))


def test_keys_of_the_environment(settings, moment):
    with Store.open(environment(settings, "a"), clock=moment) as store:
        organization, connector = fill(store, moment)
        with pytest.raises(ConfigurationError, match=r"no newer key than 'a'.*openssl"):
            rotate_keys(store)
    assert not settings.key_file.exists()
    with Store.open(environment(settings, "b", "a"), clock=moment) as store:
        assert keys_in_use(store) == {"a"}
        store.connectors.create(organization, "w", credentials=TOKEN)
        assert keys_in_use(store) == {"a"}
        done = rotate_keys(store)
        assert (done.active, done.removable, done.dropped) == ("b", ("a",), False)
        assert keys_in_use(store) == {"b"}
    with Store.open(environment(settings, "b")) as store:
        assert store.connectors.credentials(connector) == (TOKEN, 1)
    with pytest.raises(MissingKey, match="'b'"):
        Store.open(environment(settings, "a"))


def test_a_rotation_with_keys_of_the_environment_goes_on(settings, moment, stops):
    with Store.open(environment(settings, "a"), clock=moment) as store:
        fill(store, moment)
    with Store.open(environment(settings, "b", "a"), clock=moment) as store:
        stops.at("rotate.row#3")
        with pytest.raises(stops.Stopped):
            rotate_keys(store)
        assert keys_in_use(store) == {"a", "b"}
        stops.nowhere()
        assert rotate_keys(store).resealed == 5
        assert states(store) == {"b": "active"}


def test_a_key_that_a_row_needs_is_named_before_anything_is_done(settings, moment):
    with Store.open(environment(settings, "a"), clock=moment) as store:
        fill(store, moment)
        with store.database.write() as session:
            session.execute(text("INSERT INTO vault_keys SELECT 'lost', 'retired', created_at FROM vault_keys"))
            session.execute(text("UPDATE oauth_apps SET key_id = 'lost'"))
    with Store.open(environment(settings, "b", "a")) as store:
        with pytest.raises(MissingKey, match="'lost'"):
            rotate_keys(store)
        assert keys_in_use(store) == {"a", "lost"}


def test_rows_that_do_not_open_keep_the_old_keys(store, settings, moment):
    organization, connector = fill(store, moment)
    (old,) = ids(settings)
    with store.database.write() as session:
        session.execute(
            text("UPDATE connectors SET ciphertext = :junk WHERE id = :id"), {"junk": b"x", "id": connector}
        )
    with pytest.raises(VaultError, match="1 sealed rows do not open") as failed:
        rotate_keys(store)
    assert connector in str(failed.value)
    new, kept = ids(settings)
    assert kept == old
    assert keys_in_use(store) == {old, new}
    with pytest.raises(VaultError):
        store.connectors.credentials(connector)
    store.connectors.delete(organization, connector)
    assert rotate_keys(store).active == new
    assert ids(settings) == [new]


def test_ciphertexts_cannot_change_places(store, moment):
    organization, connector = fill(store, moment)
    other = store.connectors.create(organization, "other", credentials=TOKEN)
    with store.database.write() as session:
        taken = "(SELECT ciphertext FROM connectors WHERE id = :id)"
        session.execute(
            text(f"UPDATE connectors SET ciphertext = {taken} WHERE id = :other"), {"id": connector, "other": other.id}
        )
        session.execute(text(f"UPDATE oauth_apps SET ciphertext = {taken}"), {"id": connector})
    for read in (lambda: store.connectors.credentials(other.id), lambda: store.oauth_apps.get(organization)):
        with pytest.raises(VaultError):
            read()
    assert store.connectors.credentials(connector) == (TOKEN, 1)


@pytest.mark.skipif(os.name != "posix", reason="POSIX modes")
def test_the_key_file_stays_its_owners(store, settings, moment):
    fill(store, moment)
    rotate_keys(store)
    assert settings.key_file.stat().st_mode & 0o777 == 0o600
    assert isinstance(store.sealer.keyring, FileKeyring)
