"""Pydantic models whose schemas are built when first used: the import stays fast."""

from __future__ import annotations

from threading import RLock

from pydantic import BaseModel

__all__ = ["ensure_built"]

_lock = RLock()


def ensure_built(model: type[BaseModel]) -> None:
    """Build a model that was deferred, once: before 2.12 Pydantic does not guard this against threads."""
    if not model.__pydantic_complete__:
        with _lock:
            model.model_rebuild()
