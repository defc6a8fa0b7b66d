"""The tokens that the server gives out: JWTs for applications, for one workspace, and the state of a consent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import jwt
from pydantic import SecretStr

__all__ = ["BearerClaims", "ConsentClaims", "InvalidToken", "Tokens"]

_ISSUER = "airbyte-agent-notion-gateway"
_ALGORITHM = "HS256"
_APPLICATION, _SCOPED, _CONSENT = "application", "scoped", "consent"
_LONGEST = 4_096
_OPTIONS: Any = {"require": ["exp", "iat", "aud", "iss", "sub"], "verify_exp": False, "verify_iat": False}
"""Times are compared with the server's own clock, below."""


class InvalidToken(Exception):
    """Forged, expired, of another kind, or no token at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerClaims:
    """What a bearer token says; whether it still holds is looked up."""

    client_id: str
    organization_id: str | None
    """None: any organisation of the client, to be named at each call if there are several."""
    workspace_id: str | None
    """Of a scoped token: the only workspace that it reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentClaims:
    """Which consent a state belongs to, and what it is bound to."""

    consent_id: str
    organization_id: str
    redirect: str
    """Digest of the redirect URL."""
    app: str
    """Digest of the OAuth app's client id."""

    def binds(self, *, organization_id: str, redirect_url: str, app_client_id: str) -> bool:
        """Whether it was made for these."""
        return (self.organization_id, self.redirect, self.app) == (
            organization_id,
            _digest(redirect_url),
            _digest(app_client_id),
        )


class Tokens:
    """Makes and reads tokens.

    Args:
        secret: signs them; the same for all processes of one database.
        clock: the present moment.
    """

    def __init__(self, secret: SecretStr, *, clock: Callable[[], datetime]) -> None:
        self._secret = secret
        self._clock = clock

    def application(self, client_id: str, *, organization_id: str | None, seconds: float) -> str:
        """A token for all that a client may do, in one organisation if that is given."""
        bound = {} if organization_id is None else {"org": organization_id}
        return self._signed(_APPLICATION, client_id, self._after(seconds), bound)

    def scoped(self, client_id: str, *, organization_id: str, workspace_id: str, seconds: float) -> str:
        """A token for one workspace."""
        bound = {"org": organization_id, "workspace": workspace_id}
        return self._signed(_SCOPED, client_id, self._after(seconds), bound)

    def consent(
        self, consent_id: str, *, organization_id: str, redirect_url: str, app_client_id: str, expires_at: datetime
    ) -> str:
        """The ``state`` of an authorization."""
        bound = {"org": organization_id, "redirect": _digest(redirect_url), "app": _digest(app_client_id)}
        return self._signed(_CONSENT, consent_id, expires_at, bound)

    def read_bearer(self, token: str) -> BearerClaims:
        """An application's or a scoped token's claims; raises InvalidToken."""
        claims = self._claims(token, (_APPLICATION, _SCOPED))
        organization, workspace = claims.get("org"), claims.get("workspace")
        if claims["aud"] == _SCOPED and not (organization and workspace):
            raise InvalidToken
        return BearerClaims(client_id=claims["sub"], organization_id=organization, workspace_id=workspace)

    def read_consent(self, state: str) -> ConsentClaims:
        """A state's claims; raises InvalidToken."""
        claims = self._claims(state, (_CONSENT,))
        return ConsentClaims(
            consent_id=claims["sub"],
            organization_id=claims.get("org", ""),
            redirect=claims.get("redirect", ""),
            app=claims.get("app", ""),
        )

    def _after(self, seconds: float) -> datetime:
        return self._clock() + timedelta(seconds=seconds)

    def _signed(self, audience: str, subject: str, expires: datetime, bound: dict[str, str]) -> str:
        claims = {
            "iss": _ISSUER,
            "aud": audience,
            "sub": subject,
            "iat": int(self._clock().timestamp()),
            "exp": int(expires.timestamp()),
            "jti": uuid4().hex,
            **bound,
        }
        return jwt.encode(claims, self._secret.get_secret_value(), algorithm=_ALGORITHM)

    def _claims(self, token: str, audience: tuple[str, ...]) -> dict[str, Any]:
        if len(token) > _LONGEST:
            raise InvalidToken
        try:
            claims = jwt.decode(
                token,
                self._secret.get_secret_value(),
                algorithms=[_ALGORITHM],
                audience=list(audience),
                issuer=_ISSUER,
                options=_OPTIONS,
            )
        except (jwt.InvalidTokenError, ValueError):
            raise InvalidToken from None
        if claims["exp"] <= self._clock().timestamp():
            raise InvalidToken
        return claims


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
