"""Many threads at once, each with its own connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from airbyte_agent_notion.models import NotionAccessTokenAuthConfig, NotionOAuthCredentials
from airbyte_agent_notion_gateway.store import Store

pytestmark = pytest.mark.thorough

TOKEN = NotionAccessTokenAuthConfig(token="ntn_threads")
THREADS = 20


def together(work):
    """The results of ``work(number)`` in twenty threads that begin at once."""
    barrier = Barrier(THREADS)

    def begin(number):
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


@pytest.fixture
def ours(store):
    return store.organizations.create("Ours").organization.id


def test_one_lease(store, ours, moment):
    connector = store.connectors.create(ours, "acme", credentials=TOKEN).id
    until = moment.later(3_600)
    won = together(lambda n: store.connectors.claim_refresh(connector, version=1, owner=f"o{n}", until=until))
    assert won.count(True) == 1
    owner = f"o{won.index(True)}"
    assert store.connectors.store_refresh(connector, version=1, owner=owner, credentials=TOKEN)


def test_one_new_version(store, ours):
    connector = store.connectors.create(ours, "acme", credentials=TOKEN).id
    stored = together(lambda n: store.connectors.store_refresh(connector, version=1, owner="o", credentials=TOKEN))
    assert stored.count(True) == 1
    assert store.connectors.get(ours, connector).version == 2


def test_one_workspace(store, ours):
    assert len({each.id for each in together(lambda _: store.workspaces.ensure(ours, "acme"))}) == 1
    assert len(store.workspaces.list(ours)[0]) == 1


def test_one_workspace_of_many_connectors(store, ours):
    made = together(lambda _: store.connectors.create(ours, "acme", credentials=TOKEN))
    assert len({each.id for each in made}) == THREADS
    assert len({each.workspace_id for each in made}) == 1


def test_one_oauth_app(store, ours):
    apps = [NotionOAuthCredentials(client_id=f"c{number}", client_secret=f"s{number}") for number in range(THREADS)]
    assert len({each.id for each in together(lambda number: store.oauth_apps.set(ours, apps[number]))}) == 1
    assert store.oauth_apps.get(ours) in apps


def test_one_claim(store, ours, moment):
    app = NotionOAuthCredentials(client_id="c", client_secret="s")
    consent = store.consents.create(ours, "w", redirect_url="https://x/", app=app, expires_at=moment.later(3_600)).id
    claimed = together(lambda _: store.consents.claim(consent))
    assert sum(each is not None for each in claimed) == 1
    finished = together(lambda _: store.consents.finish(consent, credentials=TOKEN))
    assert sum(each is not None for each in finished) == 1
    assert len(store.connectors.list(ours)) == 1


def test_one_signing_secret(settings, store):
    stores = [Store.open(settings) for _ in range(4)]
    try:
        found = together(lambda number: stores[number % 4].signing_secret().get_secret_value())
        assert set(found) == {store.signing_secret().get_secret_value()}
    finally:
        for each in stores:
            each.close()


def test_deletion_beside_creation_leaves_nothing_half(store, ours):
    """A workspace goes with its connectors, and never from under one."""

    def work(number):
        if number % 2:
            return store.workspaces.delete(ours, "acme")
        return store.connectors.create(ours, "acme", credentials=TOKEN)

    together(work)
    for connector in store.connectors.list(ours):
        assert store.connectors.credentials(connector.id) == (TOKEN, 1)
        assert store.workspaces.get(ours, connector.workspace_id, by="id") is not None
