"""Renewal of grants: once for many callers and processes, stored before it is used, not lost when the store fails."""

import anyio
import pytest
from gateways import CONNECTORS, bearer, running

from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion_gateway.store import Store, StoreUnavailable
from airbyte_agent_notion_gateway.store.connectors import Connectors


@pytest.fixture
async def gateway(settings, store, moment):
    async with running(settings, store, Sandbox.sample(), clock=moment) as found:
        yield found


@pytest.fixture
def tenant(gateway):
    return gateway.organization()


@pytest.fixture
async def token(gateway, tenant):
    return await gateway.token(tenant)


def refreshes(gateway):
    return gateway.asked("/v1/oauth/token", grant_type="refresh_token")


async def together(count, call):
    """The results of so many calls at once."""
    results = []

    async def one():
        results.append(await call())

    async with anyio.create_task_group() as group:
        for _ in range(count):
            group.start_soon(one)
    return results


def no_waiting(gateway, waits=None):
    """Let renewals not wait between their looks."""

    async def sleep(seconds):
        if waits is not None:
            waits.append(seconds)
        await anyio.sleep(0)

    gateway.app.state.services.renewals._sleep = sleep


async def test_fifty_executes_with_an_expired_grant_make_one_refresh(gateway, token, store):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    answers = await together(50, lambda: gateway.execute(token, connector, "users", "get_me"))
    assert [answer.status_code for answer in answers] == [200] * 50
    assert refreshes(gateway) == 1
    assert store.connectors.credentials(connector)[1] == 2


async def test_the_new_pair_is_stored_before_a_call_uses_it(gateway, token, stops):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    gateway.sandbox.requests.clear()
    stops.record()
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200
    order = ["refresh.claimed", "refresh.asking", "refresh.answered", "refresh.sealed", "refresh.stored"]
    assert [point for point in stops.passed if point in order] == order
    assert [each.path for each in gateway.sandbox.requests] == ["/v1/users/me", "/v1/oauth/token", "/v1/users/me"]


async def test_expired_again_is_renewed_with_the_new_refresh_token(gateway, token):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    for expected in (1, 2, 3):
        assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200
        assert refreshes(gateway) == expected
        gateway.sandbox.oauth.expire_all()


async def test_check_renews_too(gateway, token):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    answer = await gateway.http.post(f"{CONNECTORS}/{connector}/check", headers=bearer(token))
    assert answer.json()["status"] == "succeeded"
    assert refreshes(gateway) == 1


async def test_two_processes_on_one_database_make_one_refresh(settings, store, moment):
    sandbox = Sandbox.sample()
    with Store.open(settings, clock=moment) as other_store:
        async with (
            running(settings, store, sandbox, clock=moment) as one,
            running(settings, other_store, sandbox, clock=moment) as two,
        ):
            token = await one.token(one.organization())
            connector = await one.connector(token, credentials=one.grant(expired=True))
            gateways = iter([one, two] * 20)
            answers = await together(40, lambda: next(gateways).execute(token, connector, "users", "get_me"))
            assert [answer.status_code for answer in answers] == [200] * 40
            assert refreshes(one) == 1


async def test_lease_of_a_process_that_died_runs_out(gateway, token, store, moment):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    assert store.connectors.claim_refresh(connector, version=1, owner="dead", until=moment.later(45))
    waits = []

    async def sleep(seconds):
        waits.append(seconds)
        moment.go(10)
        await anyio.sleep(0)

    gateway.app.state.services.renewals._sleep = sleep
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200
    assert len(waits) >= 4
    assert refreshes(gateway) == 1


async def test_another_process_that_never_ends_is_not_waited_for_forever(gateway, token, store, moment):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    store.connectors.claim_refresh(connector, version=1, owner="other", until=moment.later(1_000_000))
    waits = []
    no_waiting(gateway, waits)
    answer = await gateway.execute(token, connector, "users", "get_me")
    assert (answer.status_code, answer.json()["error"]["error"]) == (502, "renewal_under_way")
    assert sum(waits) >= 2 * gateway.settings.refresh_lease_seconds
    assert refreshes(gateway) == 0


async def test_store_that_fails_once_after_notion_answered_loses_nothing(gateway, token, monkeypatch, caplog):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    no_waiting(gateway)
    failing(monkeypatch, 1)
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200
    assert refreshes(gateway) == 1
    assert [record.levelname for record in caplog.records if "could not be stored yet" in record.message] == ["WARNING"]


async def test_store_that_fails_for_longer_is_offered_the_pair_again(gateway, token, monkeypatch, caplog, store):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    never = anyio.Event()

    async def sleep(seconds):
        # The tries within a call go on at once; those in the background wait for ever.
        await (never.wait() if seconds >= 1 else anyio.sleep(0))

    gateway.app.state.services.renewals._sleep = sleep
    failing(monkeypatch, 3)
    answer = await gateway.execute(token, connector, "users", "get_me")
    assert answer.status_code == 503
    assert "status" not in answer.json()
    assert any("kept in memory" in record.message for record in caplog.records)
    assert store.connectors.credentials(connector)[1] == 1
    again = await together(5, lambda: gateway.execute(token, connector, "users", "get_me"))
    assert [each.status_code for each in again] == [200] * 5
    assert refreshes(gateway) == 1
    assert store.connectors.credentials(connector)[1] == 2


async def test_pair_in_memory_is_stored_in_the_background(gateway, token, monkeypatch, store):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    no_waiting(gateway)
    failing(monkeypatch, 5)
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 503
    with anyio.fail_after(20):
        while store.connectors.credentials(connector)[1] == 1:
            await anyio.sleep(0)
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200
    assert refreshes(gateway) == 1


async def test_pair_in_memory_is_stored_when_the_server_stops(settings, store, moment, monkeypatch):
    async with running(settings, store, Sandbox.sample(), clock=moment) as gateway:
        token = await gateway.token(gateway.organization())
        connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
        never = anyio.Event()

        async def sleep(seconds):
            await (never.wait() if seconds >= 1 else anyio.sleep(0))

        gateway.app.state.services.renewals._sleep = sleep
        failing(monkeypatch, 3)
        assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 503
    credentials, version = store.connectors.credentials(connector)
    assert version == 2
    assert gateway.sandbox.oauth.connection(credentials.access_token.get_secret_value())


async def test_a_commit_whose_answer_was_lost_counts(gateway, token, stops, store):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    no_waiting(gateway)
    stops.at("refresh.stored")
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200
    assert (refreshes(gateway), gateway.asked("/v1/oauth/revoke")) == (1, 0)
    assert store.connectors.credentials(connector)[1] == 2


@pytest.mark.parametrize("point", ["refresh.claiming", "refresh.claimed", "refresh.asking"])
async def test_failure_before_notion_was_asked_leaves_the_grant_usable(gateway, token, stops, moment, point):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    stops.at(point)
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 500
    stops.nowhere()
    moment.go(60)
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200
    assert refreshes(gateway) == 1


@pytest.mark.parametrize("point", ["refresh.answered", "refresh.sealed", "refresh.swapped"])
async def test_failure_after_notion_answered_leaves_the_grant_usable(gateway, token, stops, point):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    no_waiting(gateway)
    stops.at(point)
    await gateway.execute(token, connector, "users", "get_me")
    stops.nowhere()
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200
    assert refreshes(gateway) == 1


async def test_refusal_says_that_a_person_must_authorize_again(gateway, token, store):
    grant = gateway.grant(expired=True)
    connector = await gateway.connector(token, credentials={**grant, "refresh_token": "nrt_used_up"})
    answers = await together(10, lambda: gateway.execute(token, connector, "users", "get_me"))
    for answer in answers:
        assert answer.status_code == 400
        error = answer.json()["error"]
        assert (error["error"], error["recovery"]) == ("unauthorized", "ask_operator")
        assert "a person must authorize" in answer.json()["message"]
        assert "nrt_used_up" not in answer.text
    assert store.connectors.credentials(connector)[1] == 1
    # The lease is given back: new credentials work at once.
    body = {"credentials": gateway.grant()}
    await gateway.http.put(f"{CONNECTORS}/{connector}", json=body, headers=bearer(token))
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200


@pytest.mark.parametrize("kind", ["token", "no refresh token"])
async def test_what_cannot_be_renewed_is_refused_as_notion_refuses_it(gateway, token, kind):
    grant = gateway.grant(expired=True)
    given = {"token": grant["access_token"]} if kind == "token" else {**grant, "refresh_token": None}
    connector = await gateway.connector(token, credentials=given)
    answer = await gateway.execute(token, connector, "users", "get_me")
    assert (answer.status_code, answer.json()["error"]["error"]) == (400, "unauthorized")
    assert refreshes(gateway) == 0


async def test_notion_that_fails_while_renewing_is_asked_again_by_the_next_call(gateway, token):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    gateway.sandbox.faults.add(path="/v1/oauth/token", status=503)
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 502
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200


async def test_renewal_goes_on_when_its_caller_has_gone(gateway, token, store):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    gateway.sandbox.faults.add(path="/v1/oauth/token", delay=0.05)
    with anyio.move_on_after(10) as gone:
        async with anyio.create_task_group() as group:
            group.start_soon(gateway.execute, token, connector, "users", "get_me")
            while not refreshes(gateway):
                await anyio.sleep(0)
            gone.cancel()
    with anyio.fail_after(20):
        while store.connectors.credentials(connector)[1] == 1:
            await anyio.sleep(0.01)
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200
    assert refreshes(gateway) == 1


async def test_shutdown_waits_for_a_renewal_under_way(settings, store, moment):
    async with running(settings, store, Sandbox.sample(), clock=moment) as gateway:
        token = await gateway.token(gateway.organization())
        connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
        gateway.sandbox.faults.add(path="/v1/oauth/token", delay=0.05)
        async with anyio.create_task_group() as group:
            group.start_soon(gateway.execute, token, connector, "users", "get_me")
            while not refreshes(gateway):
                await anyio.sleep(0)
            group.cancel_scope.cancel()
        assert store.connectors.credentials(connector)[1] == 1
    assert store.connectors.credentials(connector)[1] == 2


async def test_new_credentials_that_are_put_during_a_renewal_win(gateway, tenant, token, store, stops, monkeypatch):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    mine = gateway.grant()
    from airbyte_agent_notion_gateway import faults
    from airbyte_agent_notion_gateway.secrets_in import parsed_credentials

    def replaced(name):
        if name == "refresh.answered":
            store.connectors.update(tenant.id, connector, credentials=parsed_credentials(mine))

    monkeypatch.setattr(faults, "hook", replaced)
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 200
    assert store.connectors.credentials(connector)[0].access_token.get_secret_value() == mine["access_token"]


async def test_connector_that_is_deleted_during_a_renewal_is_gone(gateway, tenant, token, store, monkeypatch):
    connector = await gateway.connector(token, credentials=gateway.grant(expired=True))
    from airbyte_agent_notion_gateway import faults

    def deleted(name):
        if name == "refresh.answered":
            store.connectors.delete(tenant.id, connector)

    monkeypatch.setattr(faults, "hook", deleted)
    assert (await gateway.execute(token, connector, "users", "get_me")).status_code == 404


def failing(monkeypatch, times):
    """Let the store refuse renewed pairs so many times."""
    left = iter(range(times))
    real = Connectors.store_refresh

    def store_refresh(self, *args, **kwargs):
        if next(left, None) is not None:
            raise StoreUnavailable("The database failed (Test).")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Connectors, "store_refresh", store_refresh)
