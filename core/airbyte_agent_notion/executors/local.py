"""Open-source mode: operations go straight to Notion with the developer's own token."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from ..flow import Flow
from ..operation import Operation
from ..wire.auth import NotionCredentials, bearer, notion_headers, without_token
from ..wire.retry import send_with_retry
from ..wire.status import decode

__all__ = ["LocalExecutor"]

T = TypeVar("T")


class LocalExecutor:
    """Runs operations on Notion's REST API."""

    def __init__(self, credentials: NotionCredentials, notion_version: str) -> None:
        self._token = bearer(credentials)
        self.notion_version = notion_version

    def perform(self, operation: Operation[Any]) -> Flow[dict[str, Any]]:
        """One request, retried as Notion asks; the decoded answer."""
        request = replace(operation.request(), headers=notion_headers(self._token, self.notion_version))
        response = yield from send_with_retry(request)
        if response.status >= 300:
            response = without_token(response, self._token)
        return decode(response, not_found=operation.spec.not_found)

    def call(self, operation: Operation[T]) -> Flow[T]:
        """Any operation, primitive or composite."""
        return operation.flow(self)
