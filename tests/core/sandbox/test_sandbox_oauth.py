"""OAuth of the sandbox: codes, rotating pairs, introspection and revocation."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.flow import Request, Response
from airbyte_agent_notion.sandbox import Grant, Sandbox
from airbyte_agent_notion.sandbox.oauth import CODE_SECONDS
from airbyte_agent_notion.sandbox.sandbox import NOW

CLIENT = ("sandbox-client", "sandbox-secret")


def basic(client: tuple[str, str]) -> str:
    return f"Basic {base64.b64encode(':'.join(client).encode()).decode()}"


def ask(sandbox: Sandbox, endpoint: str, client: tuple[str, str] = CLIENT, **body: Any) -> tuple[int, Any]:
    request = Request(method="POST", path=f"/v1/oauth/{endpoint}", json=body, headers={"authorization": basic(client)})
    answer = sandbox.handle(request)
    return answer.status, json.loads(answer.content)


def exchange(sandbox: Sandbox, code: str, client: tuple[str, str] = CLIENT, **more: Any) -> tuple[int, Any]:
    return ask(sandbox, "token", client, grant_type="authorization_code", code=code, **more)


def refresh(sandbox: Sandbox, token: str, client: tuple[str, str] = CLIENT) -> tuple[int, Any]:
    return ask(sandbox, "token", client, grant_type="refresh_token", refresh_token=token)


def me(sandbox: Sandbox, token: str) -> Response:
    headers = {"Authorization": f"Bearer {token}", "Notion-Version": "2026-03-11"}
    return sandbox.handle(Request(method="GET", path="/v1/users/me", headers=headers))


def refused(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1].get("code") or answer[1]["error"]


def test_a_granted_token_is_accepted_beside_the_static_one(sandbox: Sandbox) -> None:
    first, second = sandbox.oauth.grant(), sandbox.oauth.grant()
    tokens = {first.access_token, second.access_token, first.refresh_token, second.refresh_token}
    assert len(tokens) == 4
    assert [me(sandbox, each).status for each in (first.access_token, second.access_token, sandbox.token)] == [200] * 3
    assert [me(sandbox, each).status for each in (first.refresh_token, "", "ntn_other")] == [401] * 3


def test_an_expired_token_is_refused_until_it_is_refreshed(sandbox: Sandbox) -> None:
    pair = sandbox.oauth.grant()
    sandbox.oauth.expire(pair.access_token)
    sandbox.oauth.expire("ntn_unknown")
    answer = me(sandbox, pair.access_token)
    assert (answer.status, json.loads(answer.content)["code"]) == (401, "unauthorized")
    status, fresh = refresh(sandbox, pair.refresh_token)
    assert (status, me(sandbox, fresh["access_token"]).status) == (200, 200)
    assert me(sandbox, pair.access_token).status == 401


def test_pairs_rotate_and_a_used_refresh_token_is_refused(sandbox: Sandbox) -> None:
    pair = sandbox.oauth.grant()
    _, second = refresh(sandbox, pair.refresh_token)
    assert refused(refresh(sandbox, pair.refresh_token)) == (400, "invalid_grant")
    status, third = refresh(sandbox, second["refresh_token"])
    assert status == 200
    assert len({pair.refresh_token, second["refresh_token"], third["refresh_token"]}) == 3
    assert [me(sandbox, each["access_token"]).status for each in (second, third)] == [401, 200]


@pytest.mark.parametrize("redirect_uri", [None, "https://app.example/callback"])
def test_a_code_is_exchanged_once(sandbox: Sandbox, redirect_uri: str | None) -> None:
    code = sandbox.oauth.code(redirect_uri=redirect_uri)
    more = {} if redirect_uri is None else {"redirect_uri": redirect_uri}
    status, answer = exchange(sandbox, code, **more)
    assert status == 200
    assert me(sandbox, answer.pop("access_token")).status == 200
    assert answer.pop("refresh_token").startswith("nrt_")
    assert answer.pop("request_id")
    owner = answer.pop("owner")
    assert (owner["type"], owner["user"]["type"]) == ("user", "person")
    workspace = sandbox.workspace
    assert answer == {
        "token_type": "bearer",
        "bot_id": workspace.bot_id,
        "workspace_id": workspace.id,
        "workspace_name": "Brightkeel",
        "workspace_icon": None,
        "duplicated_template_id": None,
    }
    assert refused(exchange(sandbox, code, **more)) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("asked", "sent"),
    [(None, "https://a.example"), ("https://a.example", None), ("https://a.example", "https://b.example")],
)
def test_the_redirect_uri_must_be_the_one_asked_for(sandbox: Sandbox, asked: str | None, sent: str | None) -> None:
    code = sandbox.oauth.code(redirect_uri=asked)
    more = {} if sent is None else {"redirect_uri": sent}
    assert refused(exchange(sandbox, code, **more)) == (400, "invalid_grant")


def test_what_belongs_to_another_client_is_refused(sandbox: Sandbox) -> None:
    other = ("other", "s3cret:with colon")
    sandbox.oauth.register(*other)
    code, pair = sandbox.oauth.code(), sandbox.oauth.grant()
    assert refused(exchange(sandbox, code, other)) == (400, "invalid_grant")
    assert refused(refresh(sandbox, pair.refresh_token, other)) == (400, "invalid_grant")
    assert ask(sandbox, "introspect", other, token=pair.access_token)[1]["active"] is False
    assert ask(sandbox, "revoke", other, token=pair.access_token)[0] == 200
    assert me(sandbox, pair.access_token).status == 200
    own = sandbox.oauth.grant(client_id="other")
    assert refresh(sandbox, own.refresh_token, other)[0] == 200
    assert exchange(sandbox, sandbox.oauth.code(client_id="other"), other)[0] == 200


@pytest.mark.parametrize(
    "authorization",
    ["", basic(("sandbox-client", "wrong")), basic(("unknown", "")), "Basic %%%", "Basic /w==", "Bearer ntn_x"],
)
def test_an_unknown_client_is_refused_in_oauths_own_shape(sandbox: Sandbox, authorization: str) -> None:
    headers = {"authorization": authorization}
    answer = sandbox.handle(Request(method="POST", path="/v1/oauth/token", json={}, headers=headers))
    body = json.loads(answer.content)
    assert (answer.status, body["error"]) == (401, "invalid_client")
    assert set(body) == {"error", "error_description", "request_id"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"grant_type": "password"},
        {"grant_type": "authorization_code"},
        {"grant_type": "refresh_token", "refresh_token": 3},
        {"grant_type": "refresh_token", "refresh_token": "x", "scope": "all"},
    ],
)
def test_malformed_requests(sandbox: Sandbox, body: Any) -> None:
    assert refused(ask(sandbox, "token", **body)) == (400, "validation_error")
    assert refused(ask(sandbox, "revoke")) == (400, "validation_error")


def test_only_these_endpoints(sandbox: Sandbox) -> None:
    assert refused(ask(sandbox, "authorise")) == (400, "invalid_request_url")
    put = sandbox.handle(Request(method="PUT", path="/v1/oauth/authorize"))
    assert (put.status, json.loads(put.content)["code"]) == (400, "invalid_request_url")
    answer = sandbox.handle(Request(method="GET", path="/v1/oauth/token", headers={"authorization": basic(CLIENT)}))
    assert answer.status == 400
    broken = Request(method="POST", path="/v1/oauth/token", headers={"authorization": basic(CLIENT)})
    exchanged = sandbox.exchange(broken, broken_json=True).response
    assert exchanged is not None
    assert json.loads(exchanged.content)["code"] == "invalid_json"


def test_introspection(sandbox: Sandbox) -> None:
    pair = sandbox.oauth.grant()

    def look(token: str) -> Any:
        status, answer = ask(sandbox, "introspect", token=token)
        assert status == 200
        return {key: value for key, value in answer.items() if key != "request_id"}

    active = {"active": True, "iat": int(NOW.timestamp())}
    assert [look(pair.access_token), look(pair.refresh_token), look("ntn_x")] == [active, active, {"active": False}]
    sandbox.oauth.expire(pair.access_token)
    assert [look(pair.access_token), look(pair.refresh_token)] == [{"active": False}, active]


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revocation_ends_the_grant(sandbox: Sandbox, which: str) -> None:
    pair = sandbox.oauth.grant()
    status, answer = ask(sandbox, "revoke", token=getattr(pair, which))
    assert (status, set(answer)) == (200, {"request_id"})
    assert me(sandbox, pair.access_token).status == 401
    assert refused(refresh(sandbox, pair.refresh_token)) == (400, "invalid_grant")
    assert ask(sandbox, "introspect", token=pair.access_token)[1]["active"] is False
    assert ask(sandbox, "revoke", token=pair.access_token)[0] == 200


def test_a_workspace_without_people_owns_its_grants() -> None:
    sandbox = Sandbox()
    _, answer = exchange(sandbox, sandbox.oauth.code())
    assert answer["owner"] == {"type": "workspace", "workspace": True}


def test_no_secret_is_kept_or_shown(sandbox: Sandbox) -> None:
    pair = sandbox.oauth.grant()
    code = sandbox.oauth.code()
    ask(sandbox, "introspect", token=pair.access_token)
    refresh(sandbox, pair.refresh_token)
    exchange(sandbox, code)
    shown = repr(sandbox.requests) + repr(pair) + repr(sandbox.oauth) + repr(sandbox)
    for secret in (pair.access_token, pair.refresh_token, code, *CLIENT):
        assert secret not in shown
    assert sandbox.requests[1].body == {"grant_type": "refresh_token", "refresh_token": "***"}


def test_the_endpoints_are_outside_the_rate_limit(sandbox: Sandbox) -> None:
    sandbox.faults.rate_limit(per_minute=0, workspace_per_minute=0)
    assert exchange(sandbox, sandbox.oauth.code())[0] == 200


@pytest.mark.parametrize(("seconds", "status"), [(CODE_SECONDS - 1, 200), (CODE_SECONDS, 400)])
def test_a_code_expires_in_the_sandboxs_own_time(seconds: float, status: int) -> None:
    moment = [NOW]
    sandbox = Sandbox.sample(now=lambda: moment[0])
    code = sandbox.oauth.code()
    moment[0] += timedelta(seconds=seconds)
    answer = exchange(sandbox, code)
    assert answer[0] == status
    assert status == 200 or refused(answer) == (400, "invalid_grant")


def test_grants_tell_what_has_become_of_them_and_no_token(sandbox: Sandbox) -> None:
    sandbox.oauth.register("other", "s3cret")
    first, second = sandbox.oauth.grant(), sandbox.oauth.grant(client_id="other")
    _, fresh = refresh(sandbox, first.refresh_token)
    refresh(sandbox, fresh["refresh_token"])
    assert refused(refresh(sandbox, first.refresh_token))[0] == 400
    ask(sandbox, "revoke", ("other", "s3cret"), token=second.access_token)
    before = sandbox.oauth.grants
    assert before == (
        Grant(client_id="sandbox-client", refreshes=2, expired=False, revoked=False),
        Grant(client_id="other", refreshes=0, expired=False, revoked=True),
    )
    assert not any(word in repr(before) for word in ("ntn_", "nrt_"))
    refreshes = [each for each in sandbox.requests if (each.body or {}).get("grant_type") == "refresh_token"]
    assert [each.status for each in refreshes] == [200, 200, 400]


def test_all_access_tokens_expire_at_once(sandbox: Sandbox) -> None:
    pairs = [sandbox.oauth.grant(), sandbox.oauth.grant()]
    sandbox.oauth.expire_all()
    assert [me(sandbox, pair.access_token).status for pair in pairs] == [401, 401]
    assert [each.expired for each in sandbox.oauth.grants] == [True, True]
    assert refresh(sandbox, pairs[0].refresh_token)[0] == 200
    assert me(sandbox, sandbox.oauth.grant().access_token).status == 200
    assert me(sandbox, sandbox.token).status == 200


def test_one_string_is_no_list_of_addresses(sandbox: Sandbox) -> None:
    with pytest.raises(ConfigurationError, match="one string"):
        sandbox.oauth.register("app", "secret", redirect_uris="https://app.example")
