"""A scripted server of the Agent API, as a handler of httpx requests: it remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from airbyte_agent_notion import AirbyteAuthConfig

CLIENT_ID = "canary-client"
CLIENT_SECRET = "canary-client-secret"
BASE = "https://agents.example"

Answer = httpx.Response | Exception


def config(**fields: Any) -> AirbyteAuthConfig:
    """A hosted configuration of the client that the server knows."""
    return AirbyteAuthConfig(
        **{"airbyte_client_id": CLIENT_ID, "airbyte_client_secret": CLIENT_SECRET, "customer_name": "acme", **fields}
    )


def refusal(status: int, message: str, *, field: str | None = None, code: str = "refused", **headers: str) -> Any:
    """An answer in the Agent API's shape of errors."""
    errors = [{"field": field, "message": message, "error_code": code, "details": None}]
    return httpx.Response(status, json={"message": message, "errors": errors}, headers=headers)


def success(result: Any, meta: Any = None) -> httpx.Response:
    """An execution that ended well."""
    body = {"status": "success", "result": result, "connector_metadata": meta, "execution_metadata": {}}
    return httpx.Response(200, json=body)


class AgentServer:
    """Answers token exchanges and look-ups; whatever else is asked takes the next scripted answer, or the last."""

    def __init__(self, *answers: Any, connectors: tuple[str, ...] = ("c-1",), expires_in: Any = 900) -> None:
        self.requests: list[httpx.Request] = []
        self.connectors = list(connectors)
        self.expires_in = expires_in
        self.refused: set[str] = set()
        """Bearer tokens that are answered with 401."""
        self._answers = list(answers)
        self._tokens = 0
        self.before: Callable[[httpx.Request], httpx.Response | None] = lambda request: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        special = self.before(request)
        if special is not None:
            return special
        if request.url.path == "/api/v1/account/applications/token":
            return self._token(request)
        bearer = request.headers["authorization"].removeprefix("Bearer ")
        if bearer in self.refused or not bearer.startswith("canary-bearer"):
            return refusal(401, "The token has expired.", code="unauthorized")
        if request.method == "GET" and request.url.path == "/api/v1/integrations/connectors":
            return httpx.Response(200, json={"data": [{"id": each, "name": "n"} for each in self.connectors]})
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def paths(self) -> list[str]:
        """``METHOD /path`` of everything asked, the common prefix left out."""
        return [f"{r.method} {r.url.path.removeprefix('/api/v1')}" for r in self.requests]

    def count(self, part: str) -> int:
        """How many requests have that in their path."""
        return sum(part in request.url.path for request in self.requests)

    def bodies(self, part: str) -> list[Any]:
        """What was sent to paths with that in them."""
        return [json.loads(r.content) for r in self.requests if part in r.url.path and r.content]

    def _token(self, request: httpx.Request) -> httpx.Response:
        if json.loads(request.content) != {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}:
            return refusal(401, f"Wrong secret in {request.content.decode()}.", code="invalid_client")
        self._tokens += 1
        body = {"access_token": f"canary-bearer-{self._tokens}", "token_type": "bearer"}
        return httpx.Response(200, json=body if self.expires_in is None else {**body, "expires_in": self.expires_in})
