"""Discussions on pages and blocks."""

from __future__ import annotations

from ..state import Parent
from .builder import Builder
from .markup import page_id

__all__ = ["write"]


def write(builder: Builder) -> None:
    """Add three open discussions and a resolved one."""
    plan = page_id("atlas-plan")
    builder.discuss(
        "atlas-date",
        Parent(kind="page_id", id=plan),
        ("tomasz", "Is 18 March safe with the certification still open?"),
        ("priya", "Yes, as long as Japan comes through in January. @user:aiko keeps me posted."),
    )
    builder.discuss(
        "atlas-bot", Parent(kind="page_id", id=plan), ("assistant", "Reminder: two milestones are due this year.")
    )
    builder.discuss("atlas-old", Parent(kind="page_id", id=plan), ("jonas", "Wrong cover?"), resolved=True)
    policy = builder.workspace.pages[page_id("travel-policy")]
    limit = policy.children[1]
    builder.discuss(
        "limit",
        Parent(kind="block_id", id=limit),
        ("jonas", "Does the limit hold for trade fairs too?"),
        ("ines", "It does, **hotel included**."),
    )
