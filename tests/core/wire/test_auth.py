"""The headers of a request, and what of a token may be told."""

import json
import logging
import traceback

import pytest
from pydantic import SecretStr

from airbyte_agent_notion import SyncNotionConnector
from airbyte_agent_notion.errors import NotionAgentError
from airbyte_agent_notion.flow import Response
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig, NotionOauth20AuthConfig
from airbyte_agent_notion.wire.auth import (
    Grant,
    Hidden,
    app_secrets,
    basic_headers,
    bearer,
    decode_without,
    notion_headers,
    without_token,
)


def test_headers():
    assert notion_headers(SecretStr("ntn_x"), "2026-03-11") == {
        "authorization": "Bearer ntn_x",
        "notion-version": "2026-03-11",
    }


def test_the_token_of_each_class():
    oauth = NotionOauth20AuthConfig(client_id="i", client_secret="s", access_token="a")
    assert bearer(oauth).get_secret_value() == "a"
    assert bearer(NotionAccessTokenAuthConfig(token="ntn_x")).get_secret_value() == "ntn_x"


@pytest.mark.parametrize(
    ("token", "lines"), [("ntn_canary", 0), ("secret_canary", 0), ("canary", 1), ("NTN_canary", 1), ("nrt_canary", 1)]
)
def test_an_unknown_prefix_is_told_once_and_never_the_token(caplog, token, lines):
    caplog.set_level(logging.DEBUG)
    notion = SyncNotionConnector(NotionAccessTokenAuthConfig(token=token))
    repr(notion)
    records = [record for record in caplog.records if record.name.startswith("airbyte_agent_notion")]
    assert [record.levelno for record in records] == [logging.DEBUG] * lines
    assert "canary" not in caplog.text


def test_a_token_echoed_in_a_refusal_is_taken_out():
    response = Response(
        status=400, headers={"x-notion-request-id": "r-ntn_x"}, content=b'{"message":"You sent Bearer ntn_x."}'
    )
    assert without_token(response, SecretStr("ntn_x")) == Response(
        status=400, headers={"x-notion-request-id": "r-***"}, content=b'{"message":"You sent Bearer ***."}'
    )


def test_a_good_answer_is_left_as_it_is():
    assert decode_without(Response(status=200, content=b'{"a":"ntn_x"}'), SecretStr("ntn_x")) == {"a": "ntn_x"}


ECHO = "ntn_x"


@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 404, 429, 502])
@pytest.mark.parametrize("content", ["<html>ntn_x", "", '{"message":"ntn_x","code":"ntn_x"}', '["ntn_x"]'])
def test_no_error_holds_the_secrets_whoever_answered(status, content):
    if status < 300 and content.startswith("{"):
        pytest.skip("that is a good answer")
    headers = dict.fromkeys(["content-type", "cf-ray", "x-notion-request-id", "retry-after"], f"text/{ECHO}")
    response = Response(status=status, headers=headers, content=content.encode())
    with pytest.raises(NotionAgentError) as caught:
        decode_without(response, SecretStr(ECHO), SecretStr("other"), not_found="Look here.")
    error = caught.value
    assert ECHO not in str(error) + str(error.to_dict()) + "".join(traceback.format_exception(error))
    assert (error.hint == "Look here.") is (status == 404 and content.startswith("{"))


def test_the_basic_header_and_what_is_secret_in_it():
    assert basic_headers("Aladdin", SecretStr("open sesame"), "2026-03-11") == {
        "authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",  # the example of RFC 7617
        "notion-version": "2026-03-11",
    }
    assert [secret.get_secret_value() for secret in app_secrets("Aladdin", SecretStr("open sesame"))] == [
        "open sesame",
        "QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    ]


def test_a_hidden_body_is_sent_and_not_shown():
    body = Hidden({"token": "canary"})
    assert json.loads(json.dumps(body)) == body == {"token": "canary"}
    assert "canary" not in repr(body) + str(body) + f"{body}"


def test_which_grant_can_be_renewed():
    secret = {"client_id": "i", "client_secret": "s", "access_token": "a"}
    assert Grant(NotionOauth20AuthConfig(**secret, refresh_token=" r\n")).refreshable
    assert not Grant(NotionOauth20AuthConfig(**secret)).refreshable
    assert not Grant(NotionAccessTokenAuthConfig(token="ntn_x")).refreshable
