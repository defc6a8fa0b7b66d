"""The sandbox's authorization page: what it shows, what it refuses, and what becomes of a person's answer."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from browser import Browser, Page, read
from hypothesis import given
from hypothesis import strategies as st

from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.flow import Request, Response
from airbyte_agent_notion.models import NotionOAuthCredentials
from airbyte_agent_notion.oauth import SyncNotionOAuth
from airbyte_agent_notion.sandbox import Sandbox, SandboxServer
from airbyte_agent_notion.sandbox.oauth.authorization import MOST_PAGES, PAGE_SECONDS
from airbyte_agent_notion.sandbox.sandbox import NOW

PATH = "/v1/oauth/authorize"
BACK = "https://app.example/callback"
GOOD = {"client_id": "acme", "redirect_uri": BACK, "response_type": "code", "owner": "user", "state": "s-1"}
HOSTILE = """</title><script>alert("x")</script><img src=x onerror='y'>&amp;"""


@pytest.fixture
def sandbox() -> Sandbox:
    sandbox = Sandbox.sample()
    sandbox.oauth.register("acme", "s3cret", name="Acme Notes", redirect_uris=[BACK, f"{BACK}?tenant=7"])
    sandbox.oauth.register("open", "s3cret")
    return sandbox


def show(sandbox: Sandbox, method: str = "GET", **changed: str | None) -> Response:
    query = tuple((name, value) for name, value in (GOOD | changed).items() if value is not None)
    return sandbox.handle(Request(method=method, path=PATH, query=query))


def submit(sandbox: Sandbox, form: list[tuple[str, str]]) -> Response:
    return sandbox.handle(Request(method="POST", path=PATH), form=form)


def answer(sandbox: Sandbox, shown: Response, decision: str = "allow") -> Response:
    return submit(sandbox, [("form_token", form_token(shown)), ("decision", decision)])


def form_token(shown: Response) -> str:
    [(name, value)] = page(shown).forms[0].fields
    assert name == "form_token"
    return value


def page(response: Response) -> Page:
    return read(response.content.decode())


def came_back(address: str) -> dict[str, str]:
    pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def exchange(sandbox: Sandbox, code: str, client: str = "acme", **more: Any) -> tuple[int, Any]:
    basic = base64.b64encode(f"{client}:s3cret".encode()).decode()
    body = {"grant_type": "authorization_code", "code": code, **more}
    headers = {"authorization": f"Basic {basic}"}
    response = sandbox.handle(Request(method="POST", path="/v1/oauth/token", json=body, headers=headers))
    return response.status, json.loads(response.content)


def refusal(response: Response) -> str:
    """The text of an error page, which sends the browser nowhere."""
    assert response.status == 400
    assert "location" not in response.headers
    shown = page(response)
    assert shown.forms == []
    assert "a" not in shown.tags
    checked_headers(response)
    return shown.text


def checked_headers(response: Response) -> None:
    headers = response.headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-length"] == str(len(response.content))
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    if response.content:
        assert headers["content-type"] == "text/html; charset=utf-8"
        [style] = re.findall(r"<style>(.*?)</style>", response.content.decode(), re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert policy["style-src"] == f"'sha256-{digest}'"


# --- the page


def test_the_page_names_app_workspace_and_capabilities(sandbox: Sandbox) -> None:
    shown = show(sandbox)
    seen = page(shown)
    assert shown.status == 200
    assert seen.title == "Acme Notes wants to access Brightkeel"
    assert "Acme Notes wants to access Brightkeel" in seen.text
    for capability in ("Read content", "Read comments", "Read user information"):
        assert capability in seen.text
    assert "app.example" in seen.text
    [form] = seen.forms
    assert (form.method, form.action) == ("POST", "authorize")
    assert form.buttons == {"Allow access": ("decision", "allow"), "Cancel": ("decision", "cancel")}
    assert "script" not in seen.tags
    assert GOOD["state"] not in shown.content.decode()
    checked_headers(shown)


def test_an_app_without_a_name_is_called_by_its_id(sandbox: Sandbox) -> None:
    assert page(show(sandbox, client_id="open")).title == "open wants to access Brightkeel"


@pytest.mark.parametrize("name", [HOSTILE, "\u202eemca", "東京 & Søn", "\ud800 half"])
def test_a_hostile_name_is_only_text(sandbox: Sandbox, name: str) -> None:
    plain = page(show(sandbox)).tags
    sandbox.oauth.register("acme", "s3cret", name=name)
    sandbox.workspace.name = name
    shown = show(sandbox)
    seen = page(shown)
    assert seen.tags == plain
    visible = name.encode(errors="replace").decode()
    assert seen.title == f"{visible} wants to access {visible}"
    checked_headers(shown)


def test_neither_token_nor_version_nor_rate_limit(sandbox: Sandbox) -> None:
    sandbox.faults.rate_limit(per_minute=0, workspace_per_minute=0)
    shown = show(sandbox)
    assert (shown.status, answer(sandbox, shown).status) == (200, 302)


def test_faults_reach_the_page(sandbox: Sandbox) -> None:
    sandbox.faults.add(path=PATH, status=503)
    assert [show(sandbox).status, show(sandbox).status] == [503, 200]
    shown = show(sandbox)
    sandbox.faults.add(path=PATH, content="<html>late</html>", after=True)
    assert answer(sandbox, shown).content == b"<html>late</html>"
    assert "answered already" in refusal(answer(sandbox, shown))


# --- refusals

REFUSED = [
    ({"client_id": None}, "client_id is missing"),
    ({"client_id": "nobody"}, "no app with client_id 'nobody'"),
    ({"client_id": HOSTILE}, "no app with client_id"),
    ({"redirect_uri": None}, "redirect_uri is missing"),
    ({"redirect_uri": f"{BACK}/"}, "not one of those registered for Acme Notes"),
    ({"redirect_uri": f"{BACK}?x=1"}, "not one of those registered"),
    ({"redirect_uri": "https://evil.example/callback"}, "not one of those registered"),
    ({"redirect_uri": ""}, "not one of those registered"),
    ({"response_type": None}, "response_type is missing"),
    ({"response_type": "token"}, "response_type is 'token'"),
    ({"owner": None}, "owner is missing"),
    ({"owner": "workspace"}, "owner is 'workspace'"),
]

NOWHERE = [
    "",
    "/callback",
    "//app.example/callback",
    "app.example/callback",
    "https:///callback",
    "https://",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://app.example/",
    "https://user@app.example/",
    "https://user:pass@app.example/",
    "https://app.example/#part",
    "https://app.example/#",
    "https://app.example:port/",
    "https://app.example:99999/",
    "https://[::1/",
    "https://app.example\\@evil.example/",
    "https://app.example/\r\nSet-Cookie: a=b",
    "https://app.example/\tx",
    " https://app.example/",
    "https://app.example/a b",
    "https://app.example/東京",
    'https://app.example/"x',
]


@pytest.mark.parametrize(("changed", "reason"), REFUSED)
def test_a_wrong_request_is_refused_and_sent_nowhere(
    sandbox: Sandbox, changed: dict[str, str | None], reason: str
) -> None:
    assert reason in refusal(show(sandbox, **changed))
    query = {name: value for name, value in (GOOD | changed).items() if value is not None}
    with pytest.raises(ConfigurationError) as caught:
        sandbox.oauth.consent(f"https://api.notion.com{PATH}?{urlencode(query)}")
    assert reason in str(caught.value)
    assert caught.value.hint
    assert sandbox.oauth.grants == ()


@pytest.mark.parametrize("address", NOWHERE)
def test_what_is_no_plain_web_address_is_refused(sandbox: Sandbox, address: str) -> None:
    assert "redirect_uri" in refusal(show(sandbox, client_id="open", redirect_uri=address))
    sandbox.oauth.register("acme", "s3cret", redirect_uris=[address])
    assert "redirect_uri" in refusal(show(sandbox, redirect_uri=address))


@pytest.mark.parametrize(
    "address",
    ["http://localhost:8000/callback", "http://[::1]:9/", "https://app.example", "https://a.example/%E6%9D%B1?a=~b"],
)
def test_an_app_without_registered_addresses_takes_any(sandbox: Sandbox, address: str) -> None:
    location = answer(sandbox, show(sandbox, client_id="open", redirect_uri=address)).headers["location"]
    assert location.startswith(address)


@pytest.mark.parametrize("name", list(GOOD))
def test_a_parameter_that_is_there_twice_is_refused(sandbox: Sandbox, name: str) -> None:
    query = (*GOOD.items(), (name, GOOD[name]))
    response = sandbox.handle(Request(method="GET", path=PATH, query=query))
    assert f"{name} is there more than once" in refusal(response)


def test_other_parameters_are_passed_over(sandbox: Sandbox) -> None:
    assert show(sandbox, prompt="login").status == 200


@pytest.mark.parametrize("url", ["", "https://api.notion.com/v1/oauth/token?client_id=acme", "https://x/"])
def test_consent_takes_authorization_urls_only(sandbox: Sandbox, url: str) -> None:
    with pytest.raises(ConfigurationError, match="not an authorization URL"):
        sandbox.oauth.consent(url)


# --- the answer


@pytest.mark.parametrize("address", [BACK, f"{BACK}?tenant=7"])
def test_allowing_sends_a_code_back(sandbox: Sandbox, address: str) -> None:
    response = answer(sandbox, show(sandbox, redirect_uri=address))
    assert (response.status, response.content) == (302, b"")
    checked_headers(response)
    location = response.headers["location"]
    assert location.startswith(address)
    back = came_back(location)
    assert set(back) == {"code", "state", *(["tenant"] if "tenant" in address else [])}
    assert back["state"] == "s-1"
    status, pair = exchange(sandbox, back["code"], redirect_uri=address)
    assert (status, pair["workspace_name"]) == (200, "Brightkeel")
    assert [grant.client_id for grant in sandbox.oauth.grants] == ["acme"]
    assert exchange(sandbox, back["code"], redirect_uri=address)[0] == 400


@pytest.mark.parametrize("address", [BACK, f"{BACK}?tenant=7"])
def test_cancelling_sends_an_error_back(sandbox: Sandbox, address: str) -> None:
    location = answer(sandbox, show(sandbox, redirect_uri=address), "cancel").headers["location"]
    assert location.startswith(address)
    back = came_back(location)
    assert back.pop("tenant", "7") == "7"
    assert back == {"error": "access_denied", "state": "s-1"}


@pytest.mark.parametrize(("state", "expected"), [(None, {}), ("", {"state": ""})])
def test_a_state_is_sent_back_if_there_was_one(sandbox: Sandbox, state: str | None, expected: dict[str, str]) -> None:
    location = answer(sandbox, show(sandbox, state=state), "cancel").headers["location"]
    assert came_back(location) == {"error": "access_denied", **expected}


@pytest.mark.parametrize(
    ("address", "joined"),
    [("https://a.example/?", "/?error="), ("https://a.example/?b&", "/?b&error="), ("https://a.example", "e?error=")],
)
def test_the_address_keeps_its_form(sandbox: Sandbox, address: str, joined: str) -> None:
    location = answer(sandbox, show(sandbox, client_id="open", redirect_uri=address), "cancel").headers["location"]
    assert location.startswith(address)
    assert joined in location


@pytest.mark.parametrize(
    ("client", "more"),
    [("acme", {}), ("acme", {"redirect_uri": f"{BACK}?tenant=7"}), ("open", {"redirect_uri": BACK})],
    ids=["no redirect_uri", "another redirect_uri", "another app"],
)
def test_the_code_is_bound_to_app_and_address(sandbox: Sandbox, client: str, more: dict[str, str]) -> None:
    code = came_back(answer(sandbox, show(sandbox)).headers["location"])["code"]
    status, body = exchange(sandbox, code, client, **more)
    assert (status, body["code"]) == (400, "invalid_grant")
    assert exchange(sandbox, code, redirect_uri=BACK)[0] == 400
    assert sandbox.oauth.grants == ()


# --- form tokens


def test_an_answer_counts_once(sandbox: Sandbox) -> None:
    shown = show(sandbox)
    assert answer(sandbox, shown).status == 302
    for decision in ("allow", "cancel"):
        assert "answered already" in refusal(answer(sandbox, shown, decision))


def test_each_page_has_a_token_of_its_own(sandbox: Sandbox) -> None:
    first, second = show(sandbox, state="1"), show(sandbox, state="2")
    assert form_token(first) != form_token(second)
    assert len(form_token(first)) >= 32
    assert came_back(answer(sandbox, first).headers["location"])["state"] == "1"
    assert came_back(answer(sandbox, second).headers["location"])["state"] == "2"


def test_a_page_of_another_sandbox_does_not_count(sandbox: Sandbox) -> None:
    assert "not made here" in refusal(answer(Sandbox.sample(), show(sandbox)))


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ([], "decision is missing"),
        ([("decision", "allow")], "form_token is missing"),
        ([("decision", "allow"), ("form_token", "")], "not made here"),
        ([("decision", "allow"), ("form_token", "forged")], "not made here"),
        ([("decision", "allow"), *GOOD.items()], "form_token is missing"),
        ([("form_token", "TOKEN")], "decision is missing"),
        ([("form_token", "TOKEN"), ("decision", "yes")], "decision is 'yes'"),
        ([("form_token", "TOKEN"), ("decision", "allow"), ("decision", "cancel")], "decision is there more than once"),
        ([("form_token", "TOKEN"), ("form_token", "TOKEN"), ("decision", "allow")], "form_token is there more"),
    ],
)
def test_a_forged_answer_is_refused(sandbox: Sandbox, form: list[tuple[str, str]], reason: str) -> None:
    shown = show(sandbox)
    sent = [(name, form_token(shown) if value == "TOKEN" else value) for name, value in form]
    assert reason in refusal(submit(sandbox, sent))
    assert answer(sandbox, shown).status == 302


def test_a_json_body_is_no_form(sandbox: Sandbox) -> None:
    body = {"form_token": form_token(show(sandbox)), "decision": "allow"}
    assert "missing" in refusal(sandbox.handle(Request(method="POST", path=PATH, json=body)))


@pytest.mark.parametrize(("seconds", "status"), [(PAGE_SECONDS - 1, 302), (PAGE_SECONDS, 400)])
def test_a_page_grows_too_old(seconds: float, status: int) -> None:
    moment = [NOW]
    sandbox = Sandbox.sample(now=lambda: moment[0])
    shown = show(sandbox, client_id="sandbox-client")
    moment[0] += timedelta(seconds=seconds)
    assert answer(sandbox, shown).status == status


def test_pages_that_nobody_answers_are_forgotten(sandbox: Sandbox) -> None:
    oldest, kept = show(sandbox), show(sandbox)
    for _ in range(MOST_PAGES - 1):
        show(sandbox)
    assert "not made here" in refusal(answer(sandbox, oldest))
    assert answer(sandbox, kept).status == 302


def test_what_is_kept_of_an_answer_holds_no_token(sandbox: Sandbox) -> None:
    shown = show(sandbox)
    code = came_back(answer(sandbox, shown).headers["location"])["code"]
    asked, answered = sandbox.requests
    assert (asked.status, asked.body, dict(asked.query)) == (200, None, GOOD)
    assert (answered.status, answered.body) == (302, {"form_token": "***", "decision": "allow"})
    for secret in (form_token(shown), code, "s3cret"):
        assert secret not in repr(sandbox.requests) + repr(sandbox.oauth) + repr(sandbox.oauth.grants)


def test_a_form_means_nothing_to_the_other_endpoints(sandbox: Sandbox) -> None:
    request = Request(method="POST", path="/v1/oauth/token")
    response = sandbox.handle(request, form=[("grant_type", "authorization_code")])
    assert (response.status, json.loads(response.content)["error"]) == (401, "invalid_client")
    assert sandbox.requests[-1].body is None


# --- consent in one step


@pytest.mark.parametrize("prefix", ["https://api.notion.com", "http://127.0.0.1:9/n", ""])
def test_consent_does_what_a_person_does(sandbox: Sandbox, prefix: str) -> None:
    url = f"{prefix}{PATH}?{urlencode(GOOD)}"
    back = came_back(sandbox.oauth.consent(url))
    assert (set(back), back["state"]) == ({"code", "state"}, "s-1")
    assert exchange(sandbox, back["code"], redirect_uri=BACK)[0] == 200
    denied = sandbox.oauth.consent(url, allow=False)
    assert denied == f"{BACK}?error=access_denied&state=s-1"


def test_consent_takes_the_url_of_the_client_library(sandbox: Sandbox) -> None:
    app = SyncNotionOAuth(NotionOAuthCredentials(client_id="acme", client_secret="s3cret"))
    assert came_back(sandbox.oauth.consent(app.authorization_url(redirect_uri=BACK, state="ü +&=")))["state"] == "ü +&="
    url = sandbox.oauth.authorization_url("http://x", redirect_uri=BACK, state="a b", client_id="acme")
    assert came_back(sandbox.oauth.consent(url))["state"] == "a b"


@given(state=st.text(), allow=st.booleans())
def test_any_state_survives_unchanged(state: str, allow: bool) -> None:
    sandbox = Sandbox()
    query = GOOD | {"client_id": "sandbox-client", "state": state}
    address = sandbox.oauth.consent(f"https://api.notion.com{PATH}?{urlencode(query)}", allow=allow)
    assert came_back(address)["state"] == state
    shown = show(sandbox, client_id="sandbox-client", state=state)
    location = answer(sandbox, shown, "allow" if allow else "cancel").headers["location"]
    assert came_back(location)["state"] == state
    assert re.fullmatch(r"[!-~]+", location)


# --- over HTTP


@pytest.fixture
def server(sandbox: Sandbox) -> Iterator[SandboxServer]:
    with sandbox.serve() as running:
        yield running


def url_at(server: SandboxServer, **changed: str) -> str:
    return f"{server.url}{PATH}?{urlencode(GOOD | changed)}"


@pytest.mark.sockets
@pytest.mark.enable_socket
@pytest.mark.parametrize("allow", [True, False], ids=["allow", "cancel"])
def test_a_browser_goes_through(sandbox: Sandbox, server: SandboxServer, allow: bool) -> None:
    state = "ü +&=%\r\n東京'\"<"
    with Browser() as browser:
        browser.client.follow_redirects = False
        browser.go(url_at(server, state=state))
        assert browser.page.title == "Acme Notes wants to access Brightkeel"
        browser.press("Allow access" if allow else "Cancel")
        response = browser.response
    assert response.status_code == 302
    back = came_back(response.headers["location"])
    assert back.pop("state") == state
    if not allow:
        assert back == {"error": "access_denied"}
        return
    app = SyncNotionOAuth(NotionOAuthCredentials(client_id="acme", client_secret="s3cret"), base_url=server.url)
    pair = app.create_token(code=back["code"], redirect_uri=BACK)
    assert app.introspect(token=pair["access_token"])["active"] is True
    app.close()
    assert [grant.client_id for grant in sandbox.oauth.grants] == ["acme"]


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_pages_over_http(server: SandboxServer) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        head = client.head(url_at(server))
        shown = client.get(url_at(server))
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(shown.content))
        assert shown.headers["x-frame-options"] == "DENY"
        refused = client.get(url_at(server, redirect_uri="https://evil.example/"))
        assert (refused.status_code, refused.headers["content-type"]) == (400, "text/html; charset=utf-8")
        token = read(shown.text).forms[0].fields[0][1]
        answers = [client.post(PATH, data={"form_token": token, "decision": "allow"}) for _ in range(2)]
        assert [each.status_code for each in answers] == [302, 400]


@pytest.mark.sockets
@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"form_token=TOKEN&decision=allow", "application/json"),
        (b"form_token=TOKEN&decision=allow", "text/plain"),
        (b'{"form_token":"TOKEN","decision":"allow"}', "application/json"),
        (b"form_token=TOKEN&decision=allow" + b"&x=1" * 200, "application/x-www-form-urlencoded"),
        (b"\xff=%ff", "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
    ],
)
def test_only_a_small_form_is_an_answer(server: SandboxServer, content: bytes, kind: str) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        token = read(client.get(url_at(server)).text).forms[0].fields[0][1]
        sent = content.replace(b"TOKEN", token.encode())
        response = client.post(PATH, content=sent, headers={"content-type": kind})
        assert (response.status_code, "missing" in response.text) == (400, True)
        good = client.post(PATH, data={"form_token": token, "decision": "cancel"})
        assert good.status_code == 302


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_json_sent_as_a_form_is_still_json_elsewhere(sandbox: Sandbox, server: SandboxServer) -> None:
    headers = {
        "authorization": f"Bearer {sandbox.token}",
        "notion-version": "2026-03-11",
        "content-type": "application/x-www-form-urlencoded",
    }
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        found = client.post("/v1/search", content=b'{"query":"handbook"}', headers=headers)
        broken = client.post("/v1/search", content=b"query=handbook", headers=headers)
    assert (found.status_code, len(found.json()["results"])) == (200, 1)
    assert (broken.status_code, broken.json()["code"]) == (400, "invalid_json")
