"""Engineering pages, among them one with more blocks than a list page holds."""

from __future__ import annotations

from datetime import date, timedelta

from .builder import Builder
from .document import Document

__all__ = ["write"]

ENTRIES = 130
CAUSES = (
    "a buoy lost its link",
    "the tide model ran late",
    "an alert was sent twice",
    "a disk filled up",
    "a certificate expired",
)
START = date(2026, 1, 4)


def write(builder: Builder, home: Document) -> None:
    """Add the pages under the home page."""
    engineering = builder.child(home, "engineering", "Engineering", icon="🛠️")
    engineering.paragraph("Led by @user:tomasz. Start with the @page:oncall if something is burning.")
    _oncall(builder, engineering)
    deploy = builder.child(engineering, "deploy", "Deployment checklist")
    for step in ("Tests are green", "Changelog is written", "Support is told", "Rollback is ready"):
        deploy.todo(step)
    log = builder.child(engineering, "incidents", "Incident log 2026")
    for index in range(ENTRIES):
        day = START + timedelta(days=2 * index)
        log.bullet(f"{day:%d %B}: {CAUSES[index % len(CAUSES)]} (incident {index + 1})")
    notes = builder.child(engineering, "architecture", "Architecture notes")
    notes.paragraph("Buoys speak to the gateway every $t = 30\\,s$; readings are smoothed before they are stored.")
    notes.equation("s_t = \\alpha x_t + (1 - \\alpha) s_{t-1}")
    notes.code("def smooth(x, s, alpha=0.2):\n    return alpha * x + (1 - alpha) * s", language="python")
    calibration = builder.child(engineering, "calibration", "Sensor calibration")
    calibration.numbers("Rinse with fresh water.", "Zero at 15 °C.", "Compare with the reference buoy for one hour.")


def _oncall(builder: Builder, engineering: Document) -> None:
    oncall = builder.child(engineering, "oncall", "On-call runbook", icon="🚨")
    oncall.paragraph("One week each, handed over on **Monday at 10:00**. Answer a page within 15 minutes.")
    oncall.heading(2, "First steps")
    first = oncall.number("Look at the dashboard.")
    deeper = first.number("If it is empty, look at the gateway.")
    deeper.number("If the gateway is down, call @user:tomasz.")
    oncall.heading(2, "Escalation")
    oncall.paragraph("After 30 minutes without progress, wake the second on call.")
