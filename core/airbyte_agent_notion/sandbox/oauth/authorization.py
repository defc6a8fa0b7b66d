"""The authorization page: what it accepts, and what becomes of a person's answer."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from urllib.parse import SplitResult, urlencode, urlsplit

from ...flow import Request, Response
from ..workspace import Workspace
from .clients import Client, Clients
from .grants import Grants
from .page import consent_page, refusal_page, sent_back

__all__ = ["PATH", "Asked", "AuthorizationPage", "Pairs", "Refusal"]

Pairs: TypeAlias = Sequence[tuple[str, str]]

PATH = "/v1/oauth/authorize"
PAGE_SECONDS = 600.0
"""How long a page can be answered, in the sandbox's own time."""
MOST_PAGES = 1_000
"""Pages that may wait for an answer; beyond that the oldest is forgotten."""

CAPABILITIES = ("Read content", "Read comments", "Read user information, email addresses included")
"""What the page lists: all that the sandbox lets a connection do."""

METHODS = frozenset({"GET", "HEAD", "POST"})
# Of a URL as browsers and headers take it: they read other characters as something else, or drop them.
_PLAIN = re.compile(r"""[!-~]+""")
_MISREAD = frozenset('\\"<>^`{|}')


class Refusal(Exception):
    """Why the page cannot ask, or an answer does not count; with the next step."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A checked authorization request."""

    client: Client
    redirect_uri: str
    state: str | None


class AuthorizationPage:
    """``GET`` shows the question, ``POST`` takes the answer. Neither token nor Notion-Version is asked."""

    def __init__(self, workspace: Workspace, clients: Clients, grants: Grants) -> None:
        self._workspace = workspace
        self._clients = clients
        self._grants = grants
        self._open: dict[str, tuple[Asked, datetime]] = {}

    def handles(self, request: Request) -> bool:
        """Whether the request is for this page."""
        return request.path == PATH and request.method.upper() in METHODS

    def answer(self, request: Request, form: Pairs) -> Response:
        """The page, the redirect that follows an answer, or an error page (400)."""
        try:
            if request.method.upper() == "POST":
                return sent_back(self._submitted(form))
            return self._shown(self.check(request.query))
        except Refusal as refusal:
            return refusal_page(refusal.reason, refusal.hint)

    def check(self, query: Pairs) -> Asked:
        """The authorization request in a query; raises Refusal. Parameters that mean nothing here are passed over."""
        given = {name: _single(query, name) for name in ("client_id", "redirect_uri", "response_type", "owner")}
        for name, expected in (("response_type", "code"), ("owner", "user")):
            if given[name] != expected:
                raise Refusal(f"{name} is {given[name]!r}.", f"Ask for {name}={expected}.")
        client = self._clients.find(given["client_id"])
        if client is None:
            raise Refusal(
                f"There is no app with client_id {given['client_id']!r}.", "Register it: sandbox.oauth.register(...)."
            )
        _check_redirect(client, given["redirect_uri"])
        states = [value for name, value in query if name == "state"]
        state = _single(query, "state") if states else None
        return Asked(client=client, redirect_uri=given["redirect_uri"], state=state)

    def decide(self, asked: Asked, *, allow: bool) -> str:
        """Where the browser is sent: redirect_uri with a code, or with ``error=access_denied``."""
        client, address = asked.client, asked.redirect_uri
        added = {"code": self._grants.issue(client.id, address)} if allow else {"error": "access_denied"}
        if asked.state is not None:
            added["state"] = asked.state
        joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
        return f"{address}{joint}{urlencode(added, errors='replace')}"

    def _shown(self, asked: Asked) -> Response:
        form_token = secrets.token_urlsafe(24)
        self._open[form_token] = (asked, self._workspace.now() + timedelta(seconds=PAGE_SECONDS))
        while len(self._open) > MOST_PAGES:
            self._open.pop(next(iter(self._open)))
        return consent_page(
            app=asked.client.name,
            workspace=self._workspace.name,
            capabilities=CAPABILITIES,
            back_to=urlsplit(asked.redirect_uri).netloc,
            form_token=form_token,
        )

    def _submitted(self, form: Pairs) -> str:
        decision = _single(form, "decision")
        if decision not in ("allow", "cancel"):
            raise Refusal(f"decision is {decision!r}.", "Use one of the two buttons.")
        asked, until = self._open.pop(_single(form, "form_token"), (None, None))
        if asked is None or until is None or self._workspace.now() >= until:
            raise Refusal(
                "This page was not made here, has been answered already, or is too old.",
                "Go back to the app and start again.",
            )
        return self.decide(asked, allow=decision == "allow")


def _single(pairs: Pairs, name: str) -> str:
    """The value of a name that must be there, once."""
    values = [value for each, value in pairs if each == name]
    if len(values) != 1:
        raise Refusal(f"{name} is {'there more than once' if values else 'missing'}.", f"Send {name} once.")
    return values[0]


def _check_redirect(client: Client, address: str) -> None:
    if client.redirect_uris and address not in client.redirect_uris:
        raise Refusal(
            f"redirect_uri is not one of those registered for {client.name}.",
            "Register it, or send a registered one exactly as it stands there.",
        )
    parts = _split(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise Refusal(
            "redirect_uri is not a complete http or https address.", "For instance https://app.example/callback."
        )
    if "#" in address:
        raise Refusal("redirect_uri has a fragment.", "Leave out # and what follows it.")


def _split(address: str) -> SplitResult | None:
    """The parts of a URL; None if it is none, or holds what a browser would read differently."""
    if not _PLAIN.fullmatch(address) or _MISREAD & set(address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts
