"""Product, design and customer pages."""

from __future__ import annotations

from .builder import Builder
from .document import Document

__all__ = ["write"]


def write(builder: Builder, home: Document) -> None:
    """Add the pages under the home page."""
    product = builder.child(home, "product", "Product", icon="📦")
    product.paragraph("What we build, for whom, and when.")
    _atlas(builder, product)
    roadmap = builder.child(product, "roadmap", "Roadmap 2027")
    roadmap.table(
        ("Quarter", "Theme", "Lead"),
        ("Q1", "Atlas launch", "Priya Raman"),
        ("Q2", "Storm alerts", "Hugo Martins"),
        ("Q3", "Radar fusion", "Tomasz Zieliński"),
    )
    pricing = builder.child(product, "pricing", "Pricing")
    pricing.paragraph("A buoy costs 2,400 € and 39 € a month. The Atlas price is {red|not decided}; see @db:work.")
    api = builder.child(product, "api-guide", "Harbour API guide")
    api.paragraph(
        "Base address: `https://api.brightkeel.example/v3`. [Public documentation](https://docs.brightkeel.example)."
    )
    api.code("curl https://api.brightkeel.example/v3/tides?port=aveiro", language="bash", caption="Tides of one port")
    _design(builder, home)
    _customers(builder, home)


def _atlas(builder: Builder, product: Document) -> None:
    plan = builder.child(
        product, "atlas-plan", "Atlas launch plan", icon="🚀", cover="https://images.brightkeel.example/atlas.jpg"
    )
    plan.callout(
        "Atlas launches on **18 March 2027** in Porto. @user:priya leads the launch.",
        icon="📅",
        color="blue_background",
    )
    plan.heading(1, "Goal")
    plan.paragraph("Twenty ports under contract by the end of 2027, **three** of them in Japan.")
    plan.heading(1, "Milestones")
    plan.numbers(
        "Hardware revision C frozen: @date:2026-11-13",
        "Radio certification for Japan: @date:2027-01-15",
        "Units shipped to the pilot ports: @date:2027-02-26",
        "Launch event: @date:2027-03-18",
    )
    plan.heading(2, "Risks", toggle=True).bullets(
        "Certification in Japan is late; @user:aiko is on it.", "The tilt sensor drifts in cold water."
    )
    plan.link_to_page("roadmap")


def _design(builder: Builder, home: Document) -> None:
    design = builder.child(home, "design", "Design", icon="🎨")
    design.paragraph("How Brightkeel looks and reads.")
    principles = builder.child(design, "principles", "Design principles")
    principles.numbers("Readable at arm's length, in rain.", "One action on each screen.", "Never hide the tide.")
    colours = builder.child(design, "colours", "Brand colours")
    colours.table(("Name", "Hex"), ("Harbour grey", "`#5A6670`"), ("Signal orange", "`#FF7A1A`"), ("Foam", "`#F2F6F7`"))
    voice = builder.child(design, "voice", "Tone of voice")
    voice.quote("Calm, exact, never cute.")


def _customers(builder: Builder, home: Document) -> None:
    customers = builder.child(home, "customers", "Customers", icon="🤝")
    customers.paragraph("One page for each port.")
    aveiro = builder.child(customers, "c-aveiro", "Port of Aveiro")
    aveiro.paragraph("Pilot from March to August 2026, eight buoys. Contact: the harbour office.")
    gdynia = builder.child(customers, "c-gdynia", "Port of Gdynia")
    gdynia.paragraph("Zamówienie: dwanaście boi. Contract under review by @user:marcus.")
    kobe = builder.child(customers, "c-kobe", "Port of Kobe")
    kobe.paragraph("神戸港: パイロットは 2027 年 2 月に始まります。")
