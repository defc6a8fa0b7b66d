"""OAuth grants: for developers, never in a tool. The connection authenticates with its client id and secret."""

from types import MappingProxyType
from typing import Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ..namespace import M, Namespace, method
from ..operation import Effect, Operation, Spec

__all__ = ["CreateToken", "IntrospectToken", "Introspection", "OAuth", "RefreshToken", "RevokeToken", "TokenPair"]


class TokenPair(TypedDict):
    """What Notion grants. Store it whole: ``bot_id`` is the grant's key."""

    access_token: str
    token_type: str
    refresh_token: NotRequired[str | None]
    bot_id: str
    workspace_id: str
    workspace_name: NotRequired[str | None]
    workspace_icon: NotRequired[str | None]
    owner: NotRequired[dict[str, Any]]
    duplicated_template_id: NotRequired[str | None]
    request_id: NotRequired[str]


class Introspection(TypedDict):
    """What Notion says of a token."""

    active: bool
    scope: NotRequired[str]
    iat: NotRequired[int]
    request_id: NotRequired[str]


class CreateToken(Operation[TokenPair]):
    """Exchange the code of an authorization for a token pair. A code works once."""

    spec = Spec(
        "oauth",
        "create_token",
        "POST /v1/oauth/token",
        effect=Effect.WRITE,
        fixed=MappingProxyType({"grant_type": "authorization_code"}),
        surface="python",
        verify="the code may be used up; begin a new authorization.",
    )
    code: str = Field(min_length=1, repr=False, description="The code that the redirect carried.")
    redirect_uri: str | None = Field(default=None, description="As in the authorization URL, if it was given there.")


class RefreshToken(Operation[TokenPair]):
    """Exchange a refresh token for a new pair. A refresh token works once: store the new one."""

    spec = Spec(
        "oauth",
        "refresh_token",
        "POST /v1/oauth/token",
        effect=Effect.WRITE,
        fixed=MappingProxyType({"grant_type": "refresh_token"}),
        surface="python",
        verify="the refresh token may be used up; if it is, the connection must be authorized again.",
    )
    refresh_token: str = Field(min_length=1, repr=False, description="The refresh token of the last pair.")


class IntrospectToken(Operation[Introspection]):
    """Ask whether a token is active."""

    spec = Spec("oauth", "introspect", "POST /v1/oauth/introspect", surface="python")
    token: str = Field(min_length=1, repr=False, description="An access or refresh token.")


class RevokeToken(Operation[dict[Literal["request_id"], str]]):
    """Revoke a token: it cannot be used again."""

    spec = Spec(
        "oauth",
        "revoke",
        "POST /v1/oauth/revoke",
        effect=Effect.DESTRUCTIVE,
        surface="python",
        verify="introspect the token.",
    )
    token: str = Field(min_length=1, repr=False, description="An access token.")


class OAuth(Namespace[M]):
    """Token exchange, refresh, introspection and revocation."""

    create_token = method(CreateToken)
    refresh_token = method(RefreshToken)
    introspect = method(IntrospectToken)
    revoke = method(RevokeToken)
