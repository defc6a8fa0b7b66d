"""The People database: everyone at Brightkeel."""

from __future__ import annotations

from datetime import date

from ..moments import parse
from ..state import Place, RowView
from .builder import Builder
from .document import Document
from .tables import Table, choice, column, formula, relation

__all__ = ["write"]

# key, name, role, team, office, start date, key of the manager
PEOPLE = (
    ("p-ines", "Ines Carvalho", "Chief operating officer", "Leadership", "Porto", "2019-04-01", None),
    ("p-tomasz", "Tomasz Zieliński", "Engineering lead", "Engineering", "Gdańsk", "2019-09-16", "p-ines"),
    ("p-priya", "Priya Raman", "Product lead", "Product", "Porto", "2020-02-03", "p-ines"),
    ("p-jonas", "Jonas Weber", "Design lead", "Design", "Porto", "2020-06-15", "p-ines"),
    ("p-aiko", "Aiko Tanaka", "Tokyo office manager", "Operations", "Tokyo", "2021-01-11", "p-ines"),
    ("p-lena", "Lena Fischer", "Firmware engineer", "Engineering", "Gdańsk", "2021-03-01", "p-tomasz"),
    ("p-omar", "Omar Haddad", "Backend engineer", "Engineering", "Porto", "2021-05-17", "p-tomasz"),
    ("p-sofia", "Sofia Almeida", "Data engineer", "Engineering", "Porto", "2021-09-06", "p-tomasz"),
    ("p-kasia", "Katarzyna Nowak", "Test engineer", "Engineering", "Gdańsk", "2022-01-10", "p-tomasz"),
    ("p-david", "David Okafor", "Site reliability engineer", "Engineering", "Porto", "2022-02-14", "p-tomasz"),
    ("p-mei", "Mei Lin", "Hardware engineer", "Engineering", "Tokyo", "2022-04-04", "p-tomasz"),
    ("p-hugo", "Hugo Martins", "Product manager", "Product", "Porto", "2022-05-02", "p-priya"),
    ("p-elif", "Elif Demir", "Product analyst", "Product", "Porto", "2022-08-22", "p-priya"),
    ("p-noah", "Noah Lindqvist", "Interaction designer", "Design", "Gdańsk", "2022-09-12", "p-jonas"),
    ("p-yuki", "Yuki Mori", "Visual designer", "Design", "Tokyo", "2023-01-09", "p-jonas"),
    ("p-clara", "Clara Rossi", "Finance manager", "Operations", "Porto", "2023-02-01", "p-ines"),
    ("p-peter", "Peter Novák", "Logistics", "Operations", "Gdańsk", "2023-04-17", "p-aiko"),
    ("p-amina", "Amina Diallo", "People partner", "Operations", "Porto", "2023-06-05", "p-ines"),
    ("p-rui", "Rui Teixeira", "Sales engineer", "Sales", "Porto", "2023-09-04", "p-ines"),
    ("p-greta", "Greta Johansson", "Account manager", "Sales", "Gdańsk", "2023-11-13", "p-rui"),
    ("p-kenji", "Kenji Sato", "Account manager", "Sales", "Tokyo", "2024-01-15", "p-rui"),
    ("p-laura", "Laura Bianchi", "Support lead", "Support", "Porto", "2024-03-04", "p-ines"),
    ("p-sam", "Sam Whitfield", "Support engineer", "Support", "Porto", "2024-07-01", "p-laura"),
    ("p-nadia", "Nadia Petrova", "Support engineer", "Support", "Gdańsk", "2025-02-10", "p-laura"),
    ("p-leo", "Leo Andrade", "Working student", "Engineering", "Porto", "2026-03-02", "p-sofia"),
)
ACCOUNTS = ("ines", "tomasz", "priya", "jonas", "aiko")
TEAMS = (
    ("Leadership", "purple"),
    ("Engineering", "blue"),
    ("Product", "green"),
    ("Design", "pink"),
    ("Operations", "yellow"),
    ("Sales", "orange"),
    ("Support", "brown"),
)
DESKS = {
    "Porto": Place(lat=41.1449, lon=-8.6519, name="Porto office", address="Rua do Cais 12, Porto"),
    "Gdańsk": Place(lat=54.3612, lon=18.6621, name="Gdańsk workshop"),
    "Tokyo": Place(lat=35.6581, lon=139.7414, name="東京オフィス", address="港区, 東京"),
}
OFFICES = (("Porto", "red"), ("Gdańsk", "blue"), ("Tokyo", "gray"))


def _tenure(row: RowView) -> int | None:
    day = row.date("Start date")
    started = parse(day.start) if day else None
    return (row.now.date() - started).days // 365 if isinstance(started, date) else None


def write(builder: Builder, home: Document) -> None:
    """Add the database and its 25 rows."""
    database = builder.database(home, "people", "People", description="Everyone at Brightkeel, with contact details.")
    columns = [
        column("people", "Name", "title"),
        column("people", "Role", "rich_text", description="Title within the company"),
        choice("people", "Team", "select", TEAMS),
        choice("people", "Office", "select", OFFICES),
        column("people", "Email", "email"),
        column("people", "Phone", "phone_number"),
        column("people", "Start date", "date"),
        relation("people", "Manager", "people"),
        relation("people", "Leads", "projects", synced="Lead"),
        column("people", "Account", "people"),
        column("people", "Badge photo", "files"),
        column("people", "First aider", "checkbox"),
        column("people", "Desk", "place"),
        formula("people", "Years here", "number", 'dateBetween(now(), prop("Start date"), "years")', _tenure),
    ]
    table = Table(builder, builder.source(database, "people", "People", columns, icon="🧑‍🤝‍🧑"))
    for index, person in enumerate(PEOPLE):
        _row(table, index, person)


def _row(table: Table, index: int, person: tuple[str, str, str, str, str, str, str | None]) -> None:
    key, name, role, team, office, start, manager = person
    account = key.removeprefix("p-")
    values = {
        "Name": name,
        "Role": role,
        "Team": team,
        "Office": office,
        "Email": f"{account}@brightkeel.example",
        "Phone": f"+351 555 01{index:02}",
        "Start date": start,
        "Manager": [manager] if manager else [],
        "Account": [account] if account in ACCOUNTS else [],
        "Badge photo": [(f"{account}.jpg", None)],
        "First aider": index % 6 == 2,
        "Desk": DESKS[office] if index % 8 else None,
    }
    table.row(key, values, author="ines")
