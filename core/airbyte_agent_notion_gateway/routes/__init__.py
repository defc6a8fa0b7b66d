"""The routes, one module a resource."""

from fastapi import APIRouter

from ..problems import REFUSALS
from . import account, checks, connectors, consents, execute, health, oauth_apps, workspaces

__all__ = ["api_router", "health_router"]

_PARTS = (account, connectors, checks, execute, consents, oauth_apps, workspaces)


def api_router() -> APIRouter:
    """Everything below /v1."""
    router = APIRouter(prefix="/v1", responses=REFUSALS)
    for part in _PARTS:
        router.include_router(part.router)
    return router


def health_router() -> APIRouter:
    """What load balancers ask."""
    return health.router
