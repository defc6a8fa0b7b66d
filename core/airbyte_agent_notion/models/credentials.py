"""Credentials: the two open-source classes, hosted mode's, and an own OAuth app's.

Secrets are ``SecretStr``: never in ``repr``, errors or logs.
"""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from .._building import ensure_built
from ..errors import ConfigurationError

__all__ = ["AirbyteAuthConfig", "NotionAccessTokenAuthConfig", "NotionOAuthCredentials", "NotionOauth20AuthConfig"]


def _stripped(secret: SecretStr) -> SecretStr:
    """Without the white space around it: secrets read from files end in a newline."""
    return SecretStr(_filled(secret.get_secret_value()))


def _header_safe(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not all("!" <= character <= "~" for character in text):
        raise ValueError("holds white space or characters that cannot stand in an HTTP header; copy it again")
    return secret


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text.strip()


Secret = Annotated[SecretStr, AfterValidator(_stripped)]
Bearer = Annotated[Secret, AfterValidator(_header_safe)]
"""A secret that travels in a header."""
Text = Annotated[str, AfterValidator(_filled)]


class _Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)

    if not TYPE_CHECKING:

        def __init__(self, **fields: Any) -> None:
            ensure_built(type(self))
            try:
                super().__init__(**fields)
            except ValidationError as error:
                # Pydantic's own text could echo a secret that was put under a wrong name.
                raise _refusal(type(self), error) from None

        def __setattr__(self, name: str, value: Any) -> None:
            # Pydantic's own refusal would echo the value, which may be a secret.
            raise ConfigurationError(f"{type(self).__name__} cannot be changed.", hint="Build another one.")


def _refusal(kind: type[BaseModel], error: ValidationError) -> ConfigurationError:
    problems: list[str] = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(map(str, problem["loc"]))
        if problem["type"] == "missing":
            problems.append(f"{name} is required")
        elif problem["type"] == "extra_forbidden":
            problems.append(f"{name} is not a field")
        else:
            problems.append(f"{name} {problem['msg'].removeprefix('Value error, ')}")
    return ConfigurationError(
        f"{kind.__name__}: {'; '.join(problems)}.",
        hint=f"Its fields are {', '.join(kind.model_fields)}.",
        details={"fields": list(kind.model_fields)},
    )


class NotionAccessTokenAuthConfig(_Credentials):
    """Open-source mode with a token of an internal connection, or a personal access token."""

    token: Bearer = Field(description="Notion token; starts with ntn_ or, older ones, secret_.")

    if TYPE_CHECKING:

        def __init__(self, *, token: str | SecretStr) -> None: ...


class NotionOauth20AuthConfig(_Credentials):
    """Open-source mode with an access token from Notion's OAuth flow."""

    client_id: Text = Field(description="Client id of the OAuth connection.")
    client_secret: Secret = Field(description="Client secret of the OAuth connection.")
    access_token: Bearer = Field(description="Access token that the authorization gave.")
    refresh_token: Secret | None = Field(
        default=None, description="Refresh token that came with it: an expired access token is then renewed."
    )

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            client_id: str,
            client_secret: str | SecretStr,
            access_token: str | SecretStr,
            refresh_token: str | SecretStr | None = None,
        ) -> None: ...


class NotionOAuthCredentials(_Credentials):
    """An own OAuth app for hosted mode's consent screens."""

    client_id: Text = Field(description="Client id of the OAuth connection.")
    client_secret: Secret = Field(description="Client secret of the OAuth connection.")

    if TYPE_CHECKING:

        def __init__(self, *, client_id: str, client_secret: str | SecretStr) -> None: ...


class AirbyteAuthConfig(_Credentials):
    """Hosted mode: a server that speaks the Airbyte Agent API keeps the credentials.

    Client id and secret, and whose connector is meant, may also stand in the environment: AIRBYTE_CLIENT_ID,
    AIRBYTE_CLIENT_SECRET and AIRBYTE_ORGANIZATION_ID, AIRBYTE_CUSTOMER_NAME or AIRBYTE_CONNECTOR_ID.
    ``workspace_name`` and ``external_user_id`` are accepted as other names of ``customer_name``.
    """

    customer_name: Text | None = Field(
        default=None,
        validation_alias=AliasChoices("customer_name", "workspace_name", "external_user_id"),
        description="Whose connector is meant, as named when it was created.",
    )
    organization_id: Text | None = Field(default=None, description="Needed where the client has several organisations.")
    airbyte_client_id: Text | None = Field(default=None, description="Client id for the Agent API.")
    airbyte_client_secret: Secret | None = Field(default=None, description="Client secret for the Agent API.")
    connector_id: Text | None = Field(default=None, description="The connector itself; then no name is looked up.")

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            customer_name: str | None = None,
            workspace_name: str | None = None,
            external_user_id: str | None = None,
            organization_id: str | None = None,
            airbyte_client_id: str | None = None,
            airbyte_client_secret: str | SecretStr | None = None,
            connector_id: str | None = None,
        ) -> None: ...
