"""Both sides of dual relations, kept in step."""

from __future__ import annotations

from collections.abc import Sequence

from .state import Page, Property
from .workspace import Workspace, as_ids

__all__ = ["relate"]


def relate(workspace: Workspace, page: Page, prop: Property, targets: Sequence[str]) -> None:
    """Set a relation, and its other side in the rows that join or leave it."""
    before = as_ids(page.values.get(prop.id))
    page.values[prop.id] = tuple(targets)
    mirror = prop.relation.synced_property_id if prop.relation else None
    if mirror is None:
        return
    for each in before:
        other = workspace.pages.get(each)
        if each not in targets and other is not None:
            other.values[mirror] = tuple(found for found in as_ids(other.values.get(mirror)) if found != page.id)
    for each in targets:
        other = workspace.pages.get(each)
        held = as_ids(other.values.get(mirror)) if other is not None else ()
        if other is not None and page.id not in held:
            other.values[mirror] = (*held, page.id)
