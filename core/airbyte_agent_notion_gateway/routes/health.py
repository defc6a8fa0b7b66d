"""Whether the server lives, and whether it can work."""

from __future__ import annotations

import logging
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from ..logs import say
from ..problems import ErrorBody, Problem
from ..services import Hub

__all__ = ["router"]

router = APIRouter(tags=["Health"])


class Health(BaseModel):
    """It is."""

    status: Literal["ok", "ready"]


@router.get("/health", name="read_health")
async def read_health() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/ready", name="read_readiness", responses={503: {"model": ErrorBody, "description": "Not ready"}})
async def read_readiness(hub: Hub) -> Health:
    """The database answers and is of the newest version, and the vault's key is there."""
    try:
        await hub.threads.run(hub.store.ready)
    except Exception as error:
        say(logging.ERROR, "not ready", error=error)
        raise Problem(
            503, "The database or the vault's key is missing; the log says which.", code="not_ready"
        ) from None
    return Health(status="ready")
