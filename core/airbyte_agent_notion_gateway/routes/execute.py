"""Executing operations."""

from __future__ import annotations

from math import isfinite
from time import perf_counter
from typing import Any, Literal, cast

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from ..access import Caller
from ..bodies import ExecuteBody
from ..logs import current_facts
from ..problems import FieldError, JsonAnswer, Problem
from ..selection import selected
from ..services import Hub
from .own import own_connector

__all__ = ["router"]

router = APIRouter(prefix="/integrations/connectors", tags=["Execution"])

_DEEPEST = 100


class ExecutionMetadata(BaseModel):
    """About the call."""

    connector_instance_id: str
    execution_time_ms: int


class Executed(BaseModel):
    """A call that succeeded."""

    status: Literal["success"]
    result: Any = Field(description="The items of a list, or Notion's object.")
    connector_metadata: dict[str, Any] | None = Field(
        description="Of a list: next_cursor, has_more, request_id and all else that Notion says of it."
    )
    execution_metadata: ExecutionMetadata


class ExecutionFailed(BaseModel):
    """A call that ran and failed, with the status that fits; without ``status`` it is about this API itself."""

    status: Literal["failed"]
    result: None
    connector_metadata: None
    execution_metadata: ExecutionMetadata
    message: str
    errors: list[FieldError]
    error: dict[str, Any] = Field(description="The core's error: error (its code), message, hint, recovery, ...")


@router.post(
    "/{connector_id}/execute",
    name="execute",
    responses={200: {"model": Executed}, 502: {"model": ExecutionFailed, "description": "Notion failed"}},
)
async def execute(connector_id: str, body: ExecuteBody, hub: Hub, principal: Caller) -> Response:
    """Run an operation as the connector, within its policy.

    ``{"entity": "*", "action": "check"}`` tells whether the connector works.
    """
    connector = await own_connector(hub, principal, connector_id)
    _refuse_unsendable(body.params)
    began = perf_counter()
    with hub.gates.admitted(principal.organization_id):
        outcome = await hub.executions.execute(connector, body.entity, body.action, body.params)
    facts = current_facts().get()
    if facts is not None and outcome.operation is not None:
        facts.operation = outcome.operation
    content = dict(outcome.body)
    if outcome.status == 200:
        content["result"] = selected(content["result"], body.select_fields, body.exclude_fields)
    content["execution_metadata"] = {
        "connector_instance_id": connector.id,
        "execution_time_ms": round((perf_counter() - began) * 1_000),
    }
    headers = {} if outcome.retry_after is None else {"Retry-After": str(outcome.retry_after)}
    return JsonAnswer(content, status_code=outcome.status, headers=headers)


def _refuse_unsendable(params: dict[str, Any] | None) -> None:
    """Refuse what JSON in UTF-8 cannot carry on to Notion; raises Problem."""
    pending: list[tuple[object, int]] = [(params, 0)]
    while pending:
        value, depth = pending.pop()
        if depth > _DEEPEST:
            raise _unsendable(f"is nested deeper than {_DEEPEST} levels.")
        if isinstance(value, float) and not isfinite(value):
            raise _unsendable("holds a number that is not finite.")
        if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
            raise _unsendable("holds half of a character, as in text that was cut within an emoji.")
        pending += [(each, depth + 1) for each in _parts(value)]


def _parts(value: object) -> list[object]:
    if isinstance(value, dict):
        found = cast("dict[str, object]", value)
        return [*found.keys(), *found.values()]
    return cast("list[object]", value) if isinstance(value, list) else []


def _unsendable(said: str) -> Problem:
    return Problem(422, f"params {said}", code="validation_error", field="params")
