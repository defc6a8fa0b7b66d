"""The OAuth apps that a sandbox knows, and how they prove who they are."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import ConfigurationError
from ..problems import Problem

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "Client", "Clients"]

CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105 - a made-up secret of a made-up client


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Client:
    """One OAuth app."""

    id: str
    secret: str
    name: str
    """What the authorization page calls it."""
    redirect_uris: tuple[str, ...] = ()
    """The only addresses that a browser is sent back to; empty for any."""


class _Refused(Problem):
    """A refusal in OAuth's own shape (RFC 6749, 5.2)."""

    def body(self) -> dict[str, Any]:
        return {"error": self.code, "error_description": self.message}


class Clients:
    """All apps; one is there from the start."""

    def __init__(self) -> None:
        self._by_id: dict[str, Client] = {}
        self.register(CLIENT_ID, CLIENT_SECRET, name="Sandbox app", redirect_uris=())

    def __len__(self) -> int:
        return len(self._by_id)

    def register(self, client_id: str, client_secret: str, *, name: str | None, redirect_uris: Sequence[str]) -> None:
        """Add an app, or replace the one of that id."""
        if isinstance(redirect_uris, str):
            raise ConfigurationError(
                "redirect_uris is one string.", hint="Pass a list of addresses, also when there is only one."
            )
        self._by_id[client_id] = Client(
            id=client_id, secret=client_secret, name=name or client_id, redirect_uris=tuple(redirect_uris)
        )

    def find(self, client_id: str) -> Client | None:
        """The app of that id."""
        return self._by_id.get(client_id)

    def authenticate(self, authorization: str) -> Client:
        """The app whose id and secret stand in a Basic header; raises Problem (401) without them."""
        scheme, _, encoded = authorization.partition(" ")
        try:
            plain = base64.b64decode(encoded.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            plain = ""
        client_id, _, secret = plain.partition(":")
        client = self._by_id.get(client_id)
        if scheme.lower() != "basic" or client is None or client.secret != secret or not secret:
            raise _Refused(401, "invalid_client", "Client authentication failed.")
        return client
