"""The Work database with two data sources: Projects and Tasks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ..moments import parse
from ..state import Database, RowView
from .builder import Builder
from .document import Document
from .tables import Table, choice, column, formula, relation, rollup, status

__all__ = ["write"]

# key, name, stage, lead, from, to, budget in euro
PROJECTS = (
    ("atlas", "Atlas launch", "Active", "p-priya", "2026-09-01", "2027-03-18", 480000),
    ("buoy2", "Second-generation buoy", "Active", "p-mei", "2026-05-04", "2027-01-29", 310000),
    ("tide", "Tide forecast model", "Active", "p-sofia", "2026-07-13", "2026-12-18", 95000),
    ("api", "Harbour API 3", "Active", "p-omar", "2026-08-03", "2026-12-11", 120000),
    ("gdynia", "Gdynia roll-out", "Active", "p-greta", "2026-10-05", "2027-02-26", 210000),
    ("aveiro", "Aveiro pilot", "Done", "p-rui", "2026-03-02", "2026-08-28", 64000),
    ("kobe", "Kobe pilot", "Planned", "p-kenji", "2027-02-01", "2027-06-25", 150000),
    ("design", "Design system", "Active", "p-jonas", "2026-04-06", "2026-12-04", 70000),
    ("mobile", "Harbour master app", "Active", "p-hugo", "2026-06-01", "2027-04-09", 180000),
    ("oncall", "On-call reform", "Done", "p-david", "2026-04-20", "2026-09-11", 12000),
    ("soc2", "Security certification", "Active", "p-david", "2026-09-14", "2027-05-28", 88000),
    ("billing", "Usage-based billing", "Planned", "p-clara", "2027-01-11", "2027-03-26", 45000),
    ("hiring", "Hiring 2026", "Active", "p-amina", "2026-01-12", "2026-12-18", 30000),
    ("support", "Support desk move", "Done", "p-laura", "2026-02-02", "2026-05-29", 18000),
    ("sensors", "Salinity sensor", "Paused", "p-lena", "2026-05-18", None, 134000),
    ("radar", "Radar fusion study", "Planned", "p-tomasz", "2027-04-05", "2027-09-24", 92000),
    ("website", "New website", "Done", "p-yuki", "2026-03-16", "2026-07-10", 26000),
    ("brand", "Brand refresh", "Done", "p-yuki", "2026-01-19", "2026-04-24", 22000),
    ("dataset", "Open tide data", "Active", "p-elif", "2026-08-24", "2026-12-22", 15000),
    ("office", "Tokyo office move", "Active", "p-aiko", "2026-10-12", "2027-01-15", 56000),
    ("warehouse", "Warehouse inventory", "Active", "p-peter", "2026-09-21", "2026-12-18", 9000),
    ("ota", "Over-the-air updates", "Active", "p-lena", "2026-06-22", "2027-01-22", 76000),
    ("tests", "Hardware test rig", "Active", "p-kasia", "2026-07-06", "2026-12-11", 41000),
    ("alerts", "Storm alerts", "Planned", "p-hugo", "2027-01-18", "2027-04-30", 58000),
    ("survey", "Customer survey 2026", "Done", "p-elif", "2026-05-11", "2026-06-26", 7000),
    ("crm", "CRM clean-up", "Paused", "p-greta", "2026-08-10", None, 5000),
    ("solar", "Solar charging", "Active", "p-mei", "2026-09-28", "2027-03-05", 112000),
    ("docs", "Public documentation", "Active", "p-omar", "2026-08-31", "2026-12-18", 19000),
    ("audit", "Cost audit", "Done", "p-clara", "2026-09-07", "2026-10-30", 6000),
    ("intern", "Working-student programme", "Active", "p-sofia", "2026-03-02", "2027-02-26", 24000),
)
STAGES = (
    (("Planned", "gray"),),
    (("Active", "blue"), ("Paused", "yellow")),
    (("Done", "green"), ("Cancelled", "red")),
)
TASK_STATES = (
    (("Not started", "default"), ("Blocked", "red")),
    (("In progress", "blue"), ("In review", "purple")),
    (("Done", "green"),),
)
PRIORITIES = (("High", "red"), ("Medium", "yellow"), ("Low", "gray"))
TAGS = (
    ("hardware", "brown"),
    ("software", "blue"),
    ("field work", "green"),
    ("paperwork", "gray"),
    ("customer", "pink"),
)

# name, status, owner, due, priority, estimate in hours
ATLAS = (
    ("Sign the contract with the antenna supplier", "Done", "ines", "2026-10-09", "High", 12),
    ("Freeze the Atlas hardware revision C", "In review", "tomasz", "2026-11-13", "High", 40),
    ("Write the launch announcement", "In progress", "priya", "2026-12-04", "Medium", 16),
    ("Translate the quick-start guide into Japanese", "In progress", "aiko", "2026-11-27", "Medium", 24),
    ("Fix the drift in the tilt sensor", "In progress", "tomasz", "2026-11-18", "High", 32),
    ("Draw the packaging for the Atlas case", "Not started", "jonas", "2026-12-11", "Low", 20),
    ("Radio certification for Japan", "Blocked", "aiko", "2026-11-06", "High", 60),
    ("Agree the launch price", "Not started", "priya", "2026-11-30", "High", 6),
    ("Plan the launch event in Porto", "Not started", "ines", "2027-02-12", "Medium", 30),
    ("Rehearse the harbour demonstration", "Not started", "jonas", "2027-03-04", "Medium", 10),
)
STEPS = ("Scope", "Draft", "Review", "Build", "Test", "Document", "Hand over")
OWNERS = ("ines", "tomasz", "priya", "jonas", "aiko")
STATES = ("Done", "Done", "In progress", "Not started", "In review", "Not started", "Blocked")
ATLAS_TASKS = 40
TASKS = 250
BASE = date(2026, 11, 20)


def _overdue(row: RowView) -> bool:
    due = row.date("Due")
    start = parse(due.start) if due else None
    day = start.date() if isinstance(start, datetime) else start
    return isinstance(day, date) and day < row.now.date() and row.text("Status") != "Done"


def _summary(row: RowView) -> str:
    return f"{row.text('Stage')}: {row.count('Tasks')} tasks"


def _first_due(row: RowView) -> str | None:
    return {"High": "🔴", "Medium": "🟡", "Low": "⚪"}.get(row.text("Priority"))


def write(builder: Builder, home: Document) -> None:
    """Add the database, 30 projects and 250 tasks, one archived and one trashed task."""
    database = builder.database(home, "work", "Work", description="Projects, and the tasks that belong to them.")
    projects = _projects(builder, database)
    tasks = _tasks(builder, database)
    for key, name, stage, lead, start, end, budget in PROJECTS:
        span = f"{start}/{end}" if end else start
        values = {
            "Project": name,
            "Stage": stage,
            "Lead": [lead],
            "Dates": span,
            "Budget": budget,
            "Contract": _contract(key),
        }
        document = projects.row(f"project-{key}", values, author="priya")
        document.paragraph(f"Lead, dates and budget are in the properties; the goal of **{name}** is below.")
        document.todo("Write down the goal", checked=stage != "Planned")
    _fill(tasks)


def _contract(key: str) -> list[tuple[str, str | None]]:
    return [("contract.pdf", None), ("supplier.html", "https://supplier.example/atlas")] if key == "atlas" else []


def _projects(builder: Builder, database: Database) -> Table:
    columns = [
        column("projects", "Project", "title"),
        status("projects", "Stage", STAGES),
        relation("projects", "Lead", "people", synced="Leads"),
        column("projects", "Dates", "date", description="First day and launch day"),
        column("projects", "Budget", "number", number_format="euro"),
        column("projects", "Contract", "files"),
        relation("projects", "Tasks", "tasks", synced="Project"),
        rollup("projects", "Task count", "Tasks", "tasks", "title", "count"),
        rollup("projects", "Hours planned", "Tasks", "tasks", "Estimate", "sum"),
        rollup("projects", "Last due", "Tasks", "tasks", "Due", "latest_date"),
        rollup("projects", "Task names", "Tasks", "tasks", "title", "show_original"),
        formula("projects", "Summary", "string", 'prop("Stage") + ": " + length(prop("Tasks")) + " tasks"', _summary),
    ]
    templates = ("Pilot", "Product launch")
    return Table(builder, builder.source(database, "projects", "Projects", columns, icon="🧭", templates=templates))


def _tasks(builder: Builder, database: Database) -> Table:
    overdue = 'prop("Due") < today() and prop("Status") != "Done"'
    flag = 'ifs(prop("Priority") == "High", "🔴", prop("Priority") == "Medium", "🟡", "⚪")'
    columns = [
        column("tasks", "Task", "title"),
        status("tasks", "Status", TASK_STATES),
        choice("tasks", "Priority", "select", PRIORITIES),
        column("tasks", "Owner", "people"),
        column("tasks", "Due", "date"),
        column("tasks", "Estimate", "number", description="Hours"),
        choice("tasks", "Tags", "multi_select", TAGS),
        relation("tasks", "Project", "projects", synced="Tasks"),
        column("tasks", "Needs approval", "checkbox"),
        column("tasks", "Notes", "rich_text"),
        column("tasks", "Ticket", "url"),
        column("tasks", "ID", "unique_id", prefix="TASK"),
        formula("tasks", "Overdue", "boolean", overdue, _overdue),
        formula("tasks", "Flag", "string", flag, _first_due),
        column("tasks", "Created", "created_time"),
        column("tasks", "Edited", "last_edited_time"),
        column("tasks", "Author", "created_by"),
        column("tasks", "Last editor", "last_edited_by"),
    ]
    templates = ("Task", "Bug report", "Field inspection", "Customer request")
    return Table(builder, builder.source(database, "tasks", "Tasks", columns, icon="✅", templates=templates))


def _fill(table: Table) -> None:
    for index in range(TASKS):
        _task(table, index)
    pages = table.builder.workspace.pages
    archived = table.row("task-archived", {"Task": "Sell the old boat", "Status": "Done"})
    pages[archived.id].archived = True
    trashed = table.row("task-trashed", {"Task": "Buy a submarine", "Status": "Not started"})
    pages[trashed.id].trashed = True


def _task(table: Table, index: int) -> None:
    named = ATLAS[index] if index < len(ATLAS) else _generated(index)
    name, state, owner, due, priority, estimate = named
    project = _project(index)
    values = {
        "Task": name,
        "Status": state,
        "Owner": [] if index % 17 == 16 else [owner],
        "Due": None if index % 13 == 12 else due,
        "Priority": priority,
        "Estimate": estimate,
        "Tags": [TAGS[(index + step) % len(TAGS)][0] for step in range(index % 3)],
        "Project": [project] if project else [],
        "Needs approval": index % 9 == 4,
        "Notes": "Ask @user:ines before ordering; see the @page:atlas-plan." if index % 25 == 0 else "",
        "Ticket": f"https://tickets.brightkeel.example/{1000 + index}" if index % 4 == 0 else None,
    }
    document = table.row(f"task-{index}", values)
    if index < len(ATLAS):
        document.paragraph(f"Part of the Atlas launch. Owner: @user:{owner}, due @date:{due}.")


def _project(index: int) -> str | None:
    """The first 40 tasks are Atlas's, then seven for each project; the last few belong to none."""
    if index < ATLAS_TASKS:
        return "project-atlas"
    number = 1 + (index - ATLAS_TASKS) // len(STEPS)
    return f"project-{PROJECTS[number][0]}" if number < len(PROJECTS) else None


def _generated(index: int) -> tuple[str, str, str, str, str, int]:
    if index < ATLAS_TASKS:
        what = f"Calibrate Atlas unit {index - len(ATLAS) + 1:02}"
    else:
        number, step = divmod(index - ATLAS_TASKS, len(STEPS))
        subject = PROJECTS[number + 1][1] if number + 1 < len(PROJECTS) else "the office plants"
        what = f"{STEPS[step]}: {subject}"
    due = BASE + timedelta(days=(index * 11) % 120 - 45)
    return (
        what,
        STATES[index % len(STATES)],
        OWNERS[index % len(OWNERS)],
        due.isoformat(),
        PRIORITIES[index % 3][0],
        index % 24 + 1,
    )
