"""The Meeting notes database: forty meetings, each a page with notes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ..state import DateValue, Property, Verification
from .builder import Builder
from .document import Document
from .markup import user_id
from .tables import Table, choice, column, relation

__all__ = ["write"]

KINDS = (("Design review", "pink"), ("Weekly", "blue"), ("Customer call", "green"), ("Retrospective", "orange"))

# key, title, moment, kind, attendees, project, decision
NAMED = (
    (
        "review-last",
        "Design review: Atlas case",
        "2026-11-17T14:00:00.000+00:00",
        "Design review",
        ("jonas", "priya", "tomasz"),
        "project-atlas",
        "Ship the Atlas case in **harbour grey** only; drop the white version.",
    ),
    (
        "review-before",
        "Design review: harbour master app",
        "2026-10-20T14:00:00.000+00:00",
        "Design review",
        ("jonas", "priya"),
        "project-mobile",
        "Keep the map as the start screen.",
    ),
    (
        "weekly-last",
        "Weekly: Atlas launch",
        "2026-11-18T09:30:00.000+00:00",
        "Weekly",
        ("priya", "tomasz", "aiko", "ines"),
        "project-atlas",
        "The launch stays on 18 March 2027, led by Priya.",
    ),
    (
        "call-gdynia",
        "Customer call: Port of Gdynia",
        "2026-11-12T11:00:00.000+00:00",
        "Customer call",
        ("ines", "marcus"),
        "project-gdynia",
        "Gdynia orders twelve more buoys, subject to the legal review by Marcus.",
    ),
)
SUBJECTS = ("Tide forecast model", "Harbour API 3", "Hardware test rig", "Hiring", "Solar charging", "Support")
ATTENDEES = ("ines", "tomasz", "priya", "jonas", "aiko")
COUNT = 40
FIRST_DAY = date(2026, 3, 5)


def write(builder: Builder, home: Document) -> None:
    """Add the database and its rows."""
    database = builder.database(home, "meetings", "Meetings", inline=True)
    columns = [
        column("meetings", "Meeting", "title"),
        column("meetings", "When", "date"),
        choice("meetings", "Kind", "select", KINDS),
        column("meetings", "Attendees", "people"),
        relation("meetings", "Project", "projects"),
        column("meetings", "Decision", "rich_text"),
        column("meetings", "Recorded", "checkbox"),
        column("meetings", "Recording", "files"),
        column("meetings", "Start recording", "button"),
        Property(id="verification", name="Verification", type="verification"),
    ]
    templates = [kind for kind, _ in KINDS]
    source = builder.source(database, "meetings", "Meeting notes", columns, icon="🗒️", templates=templates)
    table = Table(builder, source)
    for named in NAMED:
        _named(table, *named)
    for index in range(COUNT - len(NAMED)):
        _routine(table, index)


def _named(
    table: Table, key: str, title: str, when: str, kind: str, attendees: tuple[str, ...], project: str, decision: str
) -> None:
    values: dict[str, Any] = {
        "Meeting": title,
        "When": when,
        "Kind": kind,
        "Attendees": attendees,
        "Project": [project],
        "Decision": decision,
        "Recorded": True,
        "Recording": [(f"{key}.m4a", None)],
        "Verification": Verification(state="verified", date=DateValue(start=when[:10]), by=user_id(attendees[0])),
    }
    document = table.row(f"meeting-{key}", values, author=attendees[0])
    document.heading(2, "Decision")
    document.paragraph(decision)
    document.heading(2, "Next steps")
    for person in attendees:
        document.todo(f"@user:{person} writes up their part by @date:{when[:10]}")


def _routine(table: Table, index: int) -> None:
    subject, kind = SUBJECTS[index % len(SUBJECTS)], KINDS[1 + index % 3][0]
    day = FIRST_DAY + timedelta(days=7 * index)
    values: dict[str, Any] = {
        "Meeting": f"{kind}: {subject} ({day:%d %b})",
        "When": day.isoformat(),
        "Kind": kind,
        "Attendees": [ATTENDEES[(index + step) % len(ATTENDEES)] for step in range(2 + index % 3)],
        "Project": [],
        "Decision": f"Go on with {subject.lower()} as planned." if index % 2 else "",
        "Recorded": index % 3 == 0,
    }
    document = table.row(f"meeting-{index}", values)
    document.paragraph(f"Short meeting about *{subject.lower()}*.")
    document.bullets("Where we are", "What is in the way", "Who does what")
