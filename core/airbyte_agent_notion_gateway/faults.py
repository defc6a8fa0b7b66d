"""Places between two steps of a change where a test can stop it. In production they do nothing."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["fault_point", "hook"]


def _nothing(_name: str) -> None:
    """Go on."""


hook: Callable[[str], None] = _nothing
"""Called with the name of every point that is passed; a test puts a function that raises or ends the process here."""


def fault_point(name: str) -> None:
    """Say that the step before ``name`` is done."""
    hook(name)
