"""Token, version, URLs, ids, unknown keys, sharing and object kinds."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from airbyte_agent_notion.flow import Request
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.sample.markup import database_id, page_id, user_id

HANDBOOK = page_id("handbook")
NIL = "00000000-0000-0000-0000-000000000000"


def send(sandbox: Sandbox, headers: dict[str, str], path: str = "/v1/users/me") -> tuple[int, Any]:
    response = sandbox.handle(Request(method="GET", path=path, headers=headers))
    return response.status, json.loads(response.content)


@pytest.mark.parametrize("authorization", [None, "", "Bearer wrong", "Bearer ", "Basic {token}", "{token}"])
def test_anything_but_the_token_is_unauthorized(sandbox: Sandbox, authorization: str | None) -> None:
    headers = {"Notion-Version": "2026-03-11"}
    if authorization is not None:
        headers["Authorization"] = authorization.replace("{token}", sandbox.token)
    status, body = send(sandbox, headers)
    request_id = body.pop("request_id")
    assert (status, body) == (
        401,
        {"object": "error", "status": 401, "code": "unauthorized", "message": "API token is invalid."},
    )
    assert request_id


def test_header_names_are_case_insensitive(sandbox: Sandbox) -> None:
    status, _ = send(sandbox, {"AUTHORIZATION": f"bearer {sandbox.token}", "notion-VERSION": "2025-09-03"})
    assert status == 200


def test_version_is_mandatory_and_known(sandbox: Sandbox) -> None:
    token = {"authorization": f"Bearer {sandbox.token}"}
    assert send(sandbox, token)[1]["code"] == "missing_version"
    assert send(sandbox, token)[0] == 400
    for version in ("2022-06-28", "latest", ""):
        status, body = send(sandbox, {**token, "notion-version": version})
        assert (status, body["code"]) == (400, "validation_error")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/invalid"),
        ("GET", "/"),
        ("GET", "/v1/pages"),
        ("GET", "/v1/pages/"),
        ("GET", "/v1/search"),
        ("DELETE", "/v1/users"),
        ("GET", "/v2/users"),
        ("POST", "/v1/databases/{id}/query"),
    ],
)
def test_unknown_urls(caller: Any, method: str, path: str) -> None:
    caller.error(400, "invalid_request_url", method, path.replace("{id}", database_id("work")))


@pytest.mark.parametrize(
    "path",
    [
        "/v1/pages/{}",
        "/v1/blocks/{}",
        "/v1/blocks/{}/children",
        "/v1/databases/{}",
        "/v1/data_sources/{}",
        "/v1/users/{}",
        "/v1/comments/{}",
        "/v1/pages/{}/properties/title",
    ],
)
def test_ids_are_checked(caller: Any, path: str) -> None:
    for malformed in ("abc", "12345678-1234-1234-1234-123456789abc", HANDBOOK[:-1], HANDBOOK + "0", "..%2Fusers"):
        assert "should be a valid uuid" in caller.error(400, "validation_error", "GET", path.format(malformed))
    for unknown in (NIL, "6f0f9bb2-7c2a-4e0a-8a52-1d5b0a1c2d3e"):
        response = caller.raw("GET", path.format(unknown))
        body = json.loads(response.content)
        assert (response.status, body["code"]) == (404, "object_not_found")
        assert unknown in body["message"]
        assert "shared with your integration" in body["message"]
        assert body["additional_data"] == {"integration_id": caller.sandbox.workspace.bot_id}


def test_ids_with_and_without_dashes(either: Any) -> None:
    dashed = either.ok("GET", f"/v1/pages/{HANDBOOK}")
    bare = either.ok("GET", f"/v1/pages/{HANDBOOK.replace('-', '').upper()}")
    assert bare["id"] == dashed["id"] == HANDBOOK


@pytest.mark.parametrize(
    ("method", "path", "body", "query"),
    [
        ("GET", "/v1/users", None, [("limit", "3")]),
        ("GET", "/v1/users/me", None, [("page_size", "3")]),
        ("GET", f"/v1/pages/{HANDBOOK}", None, [("start_cursor", "x")]),
        ("GET", f"/v1/blocks/{HANDBOOK}", None, [("page_size", "3")]),
        ("GET", f"/v1/blocks/{HANDBOOK}/children", None, [("page_size[]", "3")]),
        ("GET", "/v1/comments", None, [("page_id", HANDBOOK)]),
        ("POST", "/v1/search", {"q": "x"}, []),
        ("POST", "/v1/search", {}, [("page_size", "3")]),
        ("POST", "/v1/search", {"filter": {"property": "object", "value": "page", "extra": 1}}, []),
        ("POST", "/v1/data_sources/{tasks}/query", {"filters": {}}, []),
        ("POST", "/v1/data_sources/{tasks}/query", {"filter_properties": ["Task"]}, []),
        ("POST", "/v1/data_sources/{tasks}/query", {}, [("page_size", "3")]),
    ],
)
def test_unknown_keys(caller: Any, method: str, path: str, body: Any, query: Any) -> None:
    path = path.replace("{tasks}", caller.source("Tasks").id)
    message = caller.error(400, "validation_error", method, path, body, query=query)
    assert "should be not present" in message


@pytest.mark.parametrize(
    "path", ["/v1/pages/{}", "/v1/blocks/{}", "/v1/blocks/{}/children", "/v1/pages/{}/properties/title"]
)
def test_what_is_not_shared_is_not_found(caller: Any, path: str) -> None:
    for key in ("board", "board-minutes"):
        caller.error(404, "object_not_found", "GET", path.format(page_id(key)))


def test_comments_of_what_is_not_shared_are_not_found(caller: Any) -> None:
    query = [("block_id", page_id("board"))]
    caller.error(404, "object_not_found", "GET", "/v1/comments", query=query)
    assert "query.block_id" in caller.error(400, "validation_error", "GET", "/v1/comments")


def test_what_is_not_shared_is_not_searchable_and_its_mention_has_no_name(caller: Any) -> None:
    assert caller.all("POST", "/v1/search", {"query": "board"}) == []
    blocks = caller.all("GET", f"/v1/blocks/{page_id('security')}/children")
    mention = blocks[-1]["paragraph"]["rich_text"][1]
    assert mention["mention"] == {"type": "page", "page": {"id": page_id("board")}}
    assert mention["plain_text"] == "Untitled"


def test_sharing_a_page_shares_what_lies_below(caller: Any) -> None:
    caller.sandbox.workspace.shared.add(page_id("board"))
    assert caller.ok("GET", f"/v1/pages/{page_id('board-minutes')}")["object"] == "page"


def test_the_wrong_kind_of_object(caller: Any) -> None:
    work, tasks = database_id("work"), caller.source("Tasks").id
    assert "is a database, not a page" in caller.error(400, "validation_error", "GET", f"/v1/pages/{work}")
    assert "is a page, not a database" in caller.error(400, "validation_error", "GET", f"/v1/databases/{HANDBOOK}")
    for path in (f"/v1/databases/{tasks}", f"/v1/data_sources/{work}", f"/v1/data_sources/{HANDBOOK}"):
        caller.error(404, "object_not_found", "GET", path)
    for path in (f"/v1/pages/{tasks}", f"/v1/blocks/{tasks}", f"/v1/users/{HANDBOOK}"):
        caller.error(404, "object_not_found", "GET", path)
    paragraph = caller.ok("GET", f"/v1/blocks/{HANDBOOK}/children")["results"][1]["id"]
    caller.error(404, "object_not_found", "GET", f"/v1/pages/{paragraph}")


def test_a_body_that_is_no_object(caller: Any) -> None:
    caller.error(400, "validation_error", "POST", "/v1/search", [1])


def test_every_answer_has_its_own_request_id(caller: Any) -> None:
    seen: set[str] = set()
    for path in ("/v1/users/me", "/v1/users", "/v1/invalid", f"/v1/pages/{NIL}"):
        response = caller.raw("GET", path)
        body = json.loads(response.content)
        assert body["request_id"] == response.headers["x-notion-request-id"]
        assert response.headers["content-type"] == "application/json; charset=utf-8"
        assert int(response.headers["content-length"]) == len(response.content)
        assert all(name == name.lower() for name in response.headers)
        seen.add(body["request_id"])
    assert len(seen) == 4


def test_users(either: Any) -> None:
    listed = either.all("GET", "/v1/users")
    assert [user["name"] for user in listed if user["type"] == "bot"] == ["Brightkeel Assistant", "Calendar Sync"]
    assert user_id("marcus") not in {user["id"] for user in listed}
    assert len(listed) == 7
    assert either.ok("GET", f"/v1/users/{user_id('marcus')}")["name"] == "Marcus Bell"
    assert either.ok("GET", f"/v1/users/{user_id('calendar')}")["bot"] == {}
    me = either.ok("GET", "/v1/users/me")
    assert me["id"] == user_id("assistant")
    assert me["bot"]["owner"] == {"type": "workspace", "workspace": True}
    assert me["bot"]["workspace_limits"]["max_file_upload_size_in_bytes"] > 0


def test_the_log_holds_what_came_but_no_token(caller: Any) -> None:
    caller.raw("POST", "/v1/search", {"query": "atlas"})
    caller.raw("GET", "/v1/users", query=[("page_size", "0")])
    first, second = caller.sandbox.requests
    assert (first.method, first.path, first.body, first.status) == ("POST", "/v1/search", {"query": "atlas"}, 200)
    assert (second.query, second.body, second.status) == ((("page_size", "0"),), None, 400)
    assert caller.sandbox.token not in repr(caller.sandbox.requests)
    assert caller.sandbox.token not in repr(caller.sandbox)


def test_callers_keep_their_objects(caller: Any) -> None:
    body = {"query": "atlas"}
    caller.raw("POST", "/v1/search", body)
    body["query"] = "changed"
    assert caller.sandbox.requests[0].body == {"query": "atlas"}


def test_an_empty_sandbox_answers() -> None:
    sandbox = Sandbox(token="other")
    headers = {"authorization": "Bearer other", "notion-version": "2026-03-11"}
    assert send(sandbox, headers, "/v1/users")[1]["results"][0]["type"] == "bot"
    answer = sandbox.handle(Request(method="POST", path="/v1/search", headers=headers))
    assert json.loads(answer.content)["results"] == []


def test_many_threads(caller: Any) -> None:
    def work() -> None:
        for _ in range(20):
            assert caller.raw("GET", "/v1/users/me").status == 200

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(caller.sandbox.requests) == 160
    assert all(each.status == 200 for each in caller.sandbox.requests)
