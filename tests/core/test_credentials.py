"""Credentials: which fields each class takes, and that a secret never shows."""

import copy

import pytest
from pydantic import SecretStr

from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.models import (
    AirbyteAuthConfig,
    NotionAccessTokenAuthConfig,
    NotionOauth20AuthConfig,
    NotionOAuthCredentials,
)

TOKEN = {"token": "ntn_canary"}
OAUTH = {"client_id": "id", "client_secret": "canary-secret", "access_token": "canary-access"}
APP = {"client_id": "id", "client_secret": "canary-secret"}
HOSTED = {
    "customer_name": "acme",
    "organization_id": "org",
    "airbyte_client_id": "id",
    "airbyte_client_secret": "canary-secret",
    "connector_id": "connector",
}
REQUIRED = [
    (NotionAccessTokenAuthConfig, TOKEN),
    (NotionOauth20AuthConfig, OAUTH),
    (NotionOAuthCredentials, APP),
]
EVERY = [
    (NotionAccessTokenAuthConfig, TOKEN),
    (NotionOauth20AuthConfig, {**OAUTH, "refresh_token": "canary-refresh"}),
    (NotionOAuthCredentials, APP),
    (AirbyteAuthConfig, HOSTED),
]
SECRETS = {"token", "client_secret", "access_token", "refresh_token", "airbyte_client_secret"}
each_class = pytest.mark.parametrize(("kind", "fields"), EVERY)
each_field = pytest.mark.parametrize(
    ("kind", "fields", "name"), [(kind, fields, name) for kind, fields in EVERY for name in fields]
)


def shown(value):
    return value.get_secret_value() if isinstance(value, SecretStr) else value


@each_class
def test_all_fields_are_kept(kind, fields):
    made = kind(**fields)
    assert {name: shown(getattr(made, name)) for name in fields} == fields
    assert set(kind.model_fields) == set(fields)
    assert {name for name in fields if isinstance(getattr(made, name), SecretStr)} == SECRETS & set(fields)


@pytest.mark.parametrize(
    ("kind", "fields", "name"), [(kind, fields, name) for kind, fields in REQUIRED for name in fields]
)
def test_a_missing_field_is_named(kind, fields, name):
    rest = {other: value for other, value in fields.items() if other != name}
    with pytest.raises(ConfigurationError, match=f"{kind.__name__}: {name} is required") as caught:
        kind(**rest)
    assert all(other in caught.value.hint for other in fields)
    assert "canary" not in str(caught.value.to_dict())


def test_all_missing_fields_are_named():
    with pytest.raises(ConfigurationError, match="client_id is required; client_secret is required; access_token is"):
        NotionOauth20AuthConfig()


def test_hosted_mode_requires_nothing():
    made = AirbyteAuthConfig()
    assert all(getattr(made, name) is None for name in HOSTED)


@each_class
def test_an_unknown_field_is_refused_without_its_value(kind, fields):
    with pytest.raises(ConfigurationError, match="tokn is not a field") as caught:
        kind(**fields, tokn="canary-under-a-wrong-name")
    assert "canary" not in repr(caught.value) + str(caught.value.to_dict())
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@each_field
def test_white_space_around_is_stripped(kind, fields, name):
    made = kind(**{**fields, name: f" \t{fields[name]}\r\n"})
    assert shown(getattr(made, name)) == fields[name]


@each_field
@pytest.mark.parametrize("wrong", ["", "  \n", 7, 1.5, ["canary"], {"canary": 1}, object()])
def test_empty_and_what_is_no_text_is_refused(kind, fields, name, wrong):
    with pytest.raises(ConfigurationError, match=name) as caught:
        kind(**{**fields, name: wrong})
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "fields", "name"),
    [(NotionAccessTokenAuthConfig, TOKEN, "token"), (NotionOauth20AuthConfig, OAUTH, "access_token")],
)
@pytest.mark.parametrize(
    "wrong", ["can\nary", "can\r\nary: x", "can ary", "can\x00ary", "canäry", "can\u200bary", "\x7fary"]
)
def test_what_cannot_stand_in_a_header_is_refused_without_echo(kind, fields, name, wrong):
    for value in (wrong, SecretStr(wrong)):
        with pytest.raises(ConfigurationError, match=f"{name} holds white space or characters") as caught:
            kind(**{**fields, name: value})
        assert wrong not in str(caught.value)
        assert "ary" not in str(caught.value)


def test_a_secret_that_travels_in_no_header_may_hold_anything():
    secret = "äny thing, \u200b even this"
    assert shown(NotionOAuthCredentials(client_id="a-client", client_secret=f" {secret}\n").client_secret) == secret
    assert shown(NotionOauth20AuthConfig(**{**OAUTH, "client_secret": secret}).client_secret) == secret
    assert shown(AirbyteAuthConfig(airbyte_client_secret=secret).airbyte_client_secret) == secret


@each_class
def test_a_secret_str_is_taken(kind, fields):
    made = kind(**{name: SecretStr(value) if name in SECRETS else value for name, value in fields.items()})
    assert made == kind(**fields)


@each_class
def test_no_secret_shows(kind, fields):
    made = kind(**fields)
    for text in (repr(made), str(made), f"{made}", made.model_dump_json(), str(made.model_dump()), repr([made])):
        assert "canary" not in text
    assert "**" in repr(made)


@each_class
def test_credentials_cannot_be_changed_and_the_refusal_shows_nothing(kind, fields):
    made = kind(**fields)
    for name in [*fields, "other"]:
        with pytest.raises(ConfigurationError) as caught:
            setattr(made, name, "canary-assigned")
        assert "canary" not in str(caught.value)
    assert made == kind(**fields)
    assert copy.deepcopy(made) == made


@pytest.mark.parametrize("name", ["customer_name", "workspace_name", "external_user_id"])
def test_other_names_of_the_customer(name):
    assert AirbyteAuthConfig(**{name: "acme"}).customer_name == "acme"


@each_class
def test_validating_a_dict_echoes_nothing(kind, fields):
    with pytest.raises(ValueError, match="is not a field") as caught:
        kind.model_validate({**fields, "tokn": "canary"})
    assert "canary" not in str(caught.value)
