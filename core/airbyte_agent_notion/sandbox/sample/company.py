"""Puts the sample workspace together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..workspace import Workspace
from . import engineering, gallery, handbook, meetings, product, staff, talk, work
from .builder import Builder

__all__ = ["build"]


def build(*, now: Callable[[], datetime]) -> Workspace:
    """A fresh workspace; the same one at every call, but for ``now``."""
    builder = Builder(name="Brightkeel", bot="assistant", now=now)
    _users(builder)
    home = builder.page("home", "Brightkeel HQ", icon="⚓", shared=True)
    home.callout("Everything that Brightkeel writes down starts here. New? Read the @page:handbook first.", icon="👋")
    staff.write(builder, home)
    work.write(builder, home)
    meetings.write(builder, home)
    handbook.write(builder, home)
    product.write(builder, home)
    engineering.write(builder, home)
    gallery.write(builder, home)
    _private(builder)
    talk.write(builder)
    return builder.workspace


def _users(builder: Builder) -> None:
    builder.user("ines", "Ines Carvalho", email="ines@brightkeel.example")
    builder.user("tomasz", "Tomasz Zieliński", email="tomasz@brightkeel.example")
    builder.user("priya", "Priya Raman", email="priya@brightkeel.example")
    builder.user("jonas", "Jonas Weber", email="jonas@brightkeel.example")
    builder.user("aiko", "Aiko Tanaka", email="aiko@brightkeel.example")
    builder.user("marcus", "Marcus Bell", email="marcus@harbourlaw.example", guest=True)
    builder.user("assistant", "Brightkeel Assistant", bot=True)
    builder.user("calendar", "Calendar Sync", bot=True)


def _private(builder: Builder) -> None:
    """A page that nobody has shared with the connection, and what lies below it."""
    board = builder.page("board", "Board papers", icon="🔒")
    board.paragraph("Funding round and salaries. Not for the assistant.")
    minutes = builder.child(board, "board-minutes", "Board minutes, October")
    minutes.paragraph("The board approved the budget for 2027.")
