"""The company handbook: nested pages with the rules that people ask about."""

from __future__ import annotations

from .builder import Builder
from .document import Document

__all__ = ["write"]


def write(builder: Builder, home: Document) -> None:
    """Add the handbook under the home page."""
    handbook = builder.child(home, "handbook", "Company handbook", icon="📘")
    handbook.bare("table_of_contents", color="default")
    handbook.paragraphs(
        "How we work at Brightkeel. If something here is wrong, mend it and tell @user:ines.",
        "Last full review: @date:2026-09-30.",
    )
    _working(builder, handbook)
    _travel(builder, handbook)
    _security(builder, handbook)
    _tokyo(builder, handbook)
    _trashed(builder, handbook)


def _working(builder: Builder, handbook: Document) -> None:
    working = builder.child(handbook, "working", "Working here", icon="🏠")
    working.paragraph("Core hours are **10:00 to 15:00** in your own time zone; the rest of the day is yours to plan.")
    off = builder.child(working, "time-off", "Time off")
    off.paragraphs(
        "Everyone has **28 days** of paid leave a year. Ask your manager two weeks ahead.",
        "Up to five unused days move to the next year and lapse on 31 March.",
    )
    off.callout("Sick? Tell your manager before 10:00. A doctor's note is needed from the third day.", icon="🤒")
    remote = builder.child(working, "remote", "Remote work")
    remote.paragraph("You may work from anywhere in the EU for up to eight weeks a year.")
    remote.quote("Write it down, then talk about it.")
    equipment = builder.child(working, "equipment", "Equipment")
    equipment.table(
        ("Item", "Budget", "Replaced after"),
        ("Laptop", "1,900 €", "3 years"),
        ("Monitor", "450 €", "5 years"),
        ("Desk and chair", "700 €", "on request"),
    )


def _travel(builder: Builder, handbook: Document) -> None:
    travel = builder.child(handbook, "travel", "Travel and expenses", icon="✈️")
    travel.paragraph("Two pages: what we pay for, and how you get it back.")
    policy = builder.child(travel, "travel-policy", "Travel expense policy")
    policy.heading(1, "Limits")
    policy.paragraph(
        "The travel expense limit is **185 € a day**, hotel included, in Europe and **240 € a day** in Japan."
    )
    policy.paragraph("Anything above needs the written approval of @user:ines *before* the trip.")
    policy.heading(2, "What counts")
    trains = policy.bullet("Trains: second class, or first class on journeys of more than four hours")
    night = trains.bullet("Night trains count as hotel")
    single = night.bullet("A single compartment is fine")
    single.paragraph("Book it at least three weeks ahead.")
    policy.bullets("Flights: economy; offset is paid by the company", "Meals: up to 45 € a day, **no alcohol**")
    claims = builder.child(travel, "claims", "Claiming expenses")
    claims.numbers(
        "Photograph every receipt.",
        "File the claim within **30 days** of the trip.",
        "@user:ines approves, finance pays with the next salary.",
    )
    claims.todo("Receipts attached")
    claims.todo("Project named", checked=True)


def _security(builder: Builder, handbook: Document) -> None:
    security = builder.child(handbook, "security", "Security basics", icon="🔐")
    security.paragraph("Lock your screen. Report anything odd to @user:tomasz at once; nobody is blamed for reporting.")
    more = security.toggle("Passwords")
    more.paragraph("Use the password manager. Two-factor sign-in is mandatory.")
    # The connection cannot see this page, so the mention reads "Untitled".
    security.paragraph("The yearly report goes to @page:board.")


def _tokyo(builder: Builder, handbook: Document) -> None:
    tokyo = builder.child(handbook, "tokyo", "東京オフィス案内", icon="🗼")
    tokyo.paragraphs(
        "東京オフィスは港区にあります。受付は三階です。",
        "鍵は @user:aiko から受け取ってください。🔑",
        "Wi-Fi: the network is called `brightkeel-guest`.",
    )


def _trashed(builder: Builder, handbook: Document) -> None:
    old = builder.child(handbook, "old-travel", "Travel expense policy (2024, outdated)")
    old.paragraph("The limit was 150 € a day.")
    builder.workspace.pages[old.id].trashed = True
