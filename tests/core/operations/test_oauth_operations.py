"""The OAuth endpoints: client id and secret in place of a token, and each secret in the body alone."""

import base64

import pytest

from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.errors import InvalidParams, OutcomeUnknown
from airbyte_agent_notion.executors.oauth import OAuthExecutor
from airbyte_agent_notion.models import NotionOAuthCredentials
from airbyte_agent_notion.operations.oauth import CreateToken, IntrospectToken, OAuth, RefreshToken, RevokeToken
from airbyte_agent_notion.testing import FakeTransport, json_response

CREDENTIALS = NotionOAuthCredentials(client_id="client", client_secret="canary-secret")


@pytest.mark.covers("oauth.create_token", "oauth.refresh_token", "oauth.introspect", "oauth.revoke")
@pytest.mark.parametrize(
    ("operation", "params", "path", "body"),
    [
        (
            CreateToken,
            {"code": "c", "redirect_uri": "https://x.example"},
            "/v1/oauth/token",
            {"grant_type": "authorization_code", "code": "c", "redirect_uri": "https://x.example"},
        ),
        (
            CreateToken,
            {"code": "c", "redirect_uri": None},
            "/v1/oauth/token",
            {"grant_type": "authorization_code", "code": "c"},
        ),
        (
            RefreshToken,
            {"refresh_token": "r"},
            "/v1/oauth/token",
            {"grant_type": "refresh_token", "refresh_token": "r"},
        ),
        (IntrospectToken, {"token": "t"}, "/v1/oauth/introspect", {"token": "t"}),
        (RevokeToken, {"token": "t"}, "/v1/oauth/revoke", {"token": "t"}),
    ],
)
def test_what_is_sent(run, operation, params, path, body):
    transport = FakeTransport(json_response({"request_id": "r"}))
    executor = OAuthExecutor(CREDENTIALS, "2026-03-11")
    assert run(executor.call(Catalog.parse(operation, params)), transport) == {"request_id": "r"}
    [request] = transport.requests
    assert (request.method, request.path, dict(request.json)) == ("POST", path, body)
    assert request.headers["authorization"] == "Basic " + base64.b64encode(b"client:canary-secret").decode()
    assert "canary" not in repr(request)


@pytest.mark.parametrize("operation", OAuth.operations(), ids=lambda operation: operation.spec.name)
def test_they_are_for_developers_and_secrets_are_not_empty(operation):
    assert operation.spec.surface == "python"
    required = [name for name, item in operation.model_fields.items() if item.is_required()]
    with pytest.raises(InvalidParams):
        Catalog.parse(operation, dict.fromkeys(required, ""))


def test_nothing_is_sent_twice(run):
    transport = FakeTransport(json_response({"code": "internal_server_error"}, status=500))
    executor = OAuthExecutor(CREDENTIALS, "2026-03-11")
    with pytest.raises(OutcomeUnknown):
        run(executor.call(RefreshToken(refresh_token="r")), transport)
    assert len(transport.requests) == 1
