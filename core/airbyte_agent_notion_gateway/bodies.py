"""What requests carry. Unknown fields are refused by name; values are never repeated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, WithJsonSchema

from .problems import FieldError, Problem, refused_fields
from .selection import FieldPath
from .store import ConnectorPolicy, WorkspaceStatus

__all__ = [
    "DEFINITION_ID",
    "CheckBody",
    "ConnectorBody",
    "ConnectorKind",
    "ConnectorUpdate",
    "ExecuteBody",
    "InitiateBody",
    "Name",
    "OAuthAppBody",
    "ScopedTokenBody",
    "Tenant",
    "TokenBody",
    "WorkspaceUpdate",
    "refuse_unsupported",
    "require_notion_type",
]

DEFINITION_ID = "6e00b415-b02e-4160-bf02-58176a0ae687"
"""Of the Notion connector, the only one that there is."""


def _one_line(text: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("must not hold control characters")
    return text


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), AfterValidator(_one_line)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Tenant(_Body):
    """Whose connector: one name under any of the three keys."""

    workspace_name: Name | None = Field(default=None, description="The customer, as you name them.")
    customer_name: Name | None = Field(default=None, description="Another key for workspace_name.")
    external_user_id: Name | None = Field(default=None, description="Another key for workspace_name.")

    def named(self) -> str | None:
        """The name, or None; raises Problem if the keys differ."""
        given = {self.workspace_name, self.customer_name, self.external_user_id} - {None}
        if len(given) > 1:
            said = "workspace_name, customer_name and external_user_id are one field under three names: give one."
            raise Problem(422, said, code="conflicting_names", field="workspace_name")
        return next(iter(given), None)


class ConnectorKind(_Body):
    """Which connector: by name or by definition."""

    connector_type: str | None = Field(default=None, description='"Notion", in any case.')
    definition_id: str | None = Field(default=None, description=f"{DEFINITION_ID}, in place of connector_type.")

    def require_notion(self) -> None:
        """Raise Problem unless exactly one of both is given, and is Notion."""
        if (self.connector_type is None) == (self.definition_id is None):
            said = 'Give exactly one of connector_type ("Notion") and definition_id.'
            raise Problem(422, said, code="validation_error", field="connector_type")
        if self.connector_type is not None:
            require_notion_type(self.connector_type)
        elif (self.definition_id or "").strip().lower() != DEFINITION_ID:
            said = f"This server has the Notion connector only: {DEFINITION_ID}."
            raise Problem(422, said, code="unknown_definition", field="definition_id")


def require_notion_type(connector_type: str) -> None:
    """Raise Problem unless that is Notion."""
    if connector_type.strip().lower() != "notion":
        said = 'This server has the Notion connector only: connector_type "Notion".'
        raise Problem(422, said, code="unknown_connector_type", field="connector_type")


class _HostedOnly(_Body):
    """Fields of the hosted service that have no meaning here; null is accepted."""

    source_template_id: Any = None
    replication_config: Any = None
    environment: Any = None

    UNSUPPORTED: ClassVar[Mapping[str, str]] = {
        "source_template_id": 'there are no templates here; give connector_type "Notion".',
        "replication_config": "nothing is replicated here; leave it out.",
        "environment": "there is nothing to configure per connector; leave it out.",
    }


def refuse_unsupported(body: _HostedOnly) -> None:
    """Raise Problem if a field is given that has no meaning here, saying what there is instead."""
    problems = [
        FieldError(field=name, message=said, error_code="not_supported")
        for name, said in body.UNSUPPORTED.items()
        if getattr(body, name) is not None
    ]
    if problems:
        raise refused_fields(problems)


_TOKEN = {
    "type": "object",
    "title": "Token",
    "properties": {"token": {"type": "string", "description": "Internal integration token."}},
    "required": ["token"],
    "additionalProperties": False,
}
_OAUTH = {
    "type": "object",
    "title": "OAuth",
    "properties": {
        "client_id": {"type": "string", "description": "Of your Notion OAuth integration."},
        "client_secret": {"type": "string", "description": "Of your Notion OAuth integration."},
        "access_token": {"type": "string", "description": "What the authorization gave."},
        "refresh_token": {
            "anyOf": [{"type": "string"}, {"type": "null"}],
            "description": "With it an expired access token is renewed.",
        },
    },
    "required": ["client_id", "client_secret", "access_token"],
    "additionalProperties": False,
}
CredentialsField = Annotated[
    Any,
    Field(default=None, repr=False),
    WithJsonSchema({"anyOf": [_TOKEN, _OAUTH], "description": "Write only: no answer repeats them."}),
]


class ConnectorBody(Tenant, ConnectorKind, _HostedOnly):
    """A new connector."""

    name: Name | None = Field(default=None, description='By default "notion - " and the workspace\'s name.')
    credentials: CredentialsField
    policy: ConnectorPolicy | None = Field(
        default=None, description="What executes may do: read_only (default), write, or full, which may remove content."
    )
    server_side_oauth_secret_id: Any = None
    entities: Any = None

    UNSUPPORTED: ClassVar[Mapping[str, str]] = {
        **_HostedOnly.UNSUPPORTED,
        "server_side_oauth_secret_id": "the OAuth flow stores the connector itself; use .../connectors/oauth/initiate.",
        "entities": "what a connector may do is its policy: read_only, write or full.",
    }


class ConnectorUpdate(_HostedOnly):
    """What is to change; the rest stays."""

    name: Name | None = None
    credentials: CredentialsField
    policy: ConnectorPolicy | None = None


class CheckBody(ConnectorKind):
    """Credentials to try out."""

    credentials: CredentialsField


class InitiateBody(Tenant, ConnectorKind, _HostedOnly):
    """The beginning of a consent flow."""

    redirect_url: str = Field(
        max_length=2_000, description="Where the browser goes at the end, with connector_id or error in its query."
    )
    name: Name | None = Field(default=None, description="Of the connector.")
    oauth_input_configuration: Any = None

    UNSUPPORTED: ClassVar[Mapping[str, str]] = {
        **_HostedOnly.UNSUPPORTED,
        "oauth_input_configuration": "Notion's flow takes no input; leave it out.",
    }


class ExecuteBody(_Body):
    """One operation."""

    entity: str = Field(max_length=200, description="E.g. pages.")
    action: str = Field(max_length=200, description="E.g. get.")
    params: dict[str, Any] | None = Field(default=None, description="The operation's parameters.")
    skip_truncation: bool | None = Field(default=None, description="Accepted; nothing is truncated here.")
    intent: str | None = Field(default=None, max_length=512, description="Why; accepted and not kept.")
    select_fields: list[FieldPath] | None = Field(
        default=None, description="Only these fields of the result: dotted names, or lists of keys."
    )
    exclude_fields: list[FieldPath] | None = Field(
        default=None, description="All but these; ignored where select_fields is given."
    )


class TokenBody(BaseModel):
    """A client's id and secret."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    client_id: str = Field(max_length=200)
    client_secret: SecretStr = Field(max_length=1_000)


class ScopedTokenBody(Tenant):
    """Which workspace a scoped token is for; it is made if need be."""

    region_id: Any = Field(default=None, description="Accepted; there is one region.")


class OAuthAppBody(_Body):
    """An own Notion OAuth app."""

    connector_type: str = Field(description='"notion", in any case.')
    configuration: Annotated[
        Any,
        Field(repr=False),
        WithJsonSchema(
            {
                "type": "object",
                "properties": {"client_id": {"type": "string"}, "client_secret": {"type": "string"}},
                "required": ["client_id", "client_secret"],
                "additionalProperties": False,
                "description": "Write only: no answer repeats it.",
            }
        ),
    ]


class WorkspaceUpdate(_Body):
    """What is to change; the rest stays."""

    name: Name | None = None
    status: WorkspaceStatus | None = None
