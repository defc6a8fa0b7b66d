"""Keeping the state of a workspace, and putting it back."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, fields
from typing import Any

from .workspace import Workspace

__all__ = ["Snapshot", "put_back", "take"]

FIXED = frozenset({"id", "name", "bot_id", "now"})
"""What belongs to the workspace itself, not to its state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that a workspace held at one moment. It may be put back any number of times."""

    workspace_id: str
    tables: dict[str, Any]

    def __repr__(self) -> str:
        return f"<Snapshot of workspace {self.workspace_id}>"


def take(workspace: Workspace) -> Snapshot:
    """Copy the state of a workspace."""
    held = {each.name: getattr(workspace, each.name) for each in fields(workspace) if each.name not in FIXED}
    return Snapshot(workspace_id=workspace.id, tables=deepcopy(held))


def put_back(workspace: Workspace, snapshot: Snapshot) -> None:
    """Give a workspace the state of a snapshot. The records are copies: those from before are no part of it.

    Raises:
        ValueError: The snapshot is of another workspace.
    """
    if snapshot.workspace_id != workspace.id:
        raise ValueError("The snapshot is of another workspace: restore it where it was taken.")
    for name, held in deepcopy(snapshot.tables).items():
        setattr(workspace, name, held)
