"""The headers of a request, and what of a token may be told."""

import logging

import pytest
from pydantic import SecretStr

from airbyte_agent_notion import SyncNotionConnector
from airbyte_agent_notion.flow import Response
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig, NotionOauth20AuthConfig
from airbyte_agent_notion.wire.auth import bearer, notion_headers, without_token


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
