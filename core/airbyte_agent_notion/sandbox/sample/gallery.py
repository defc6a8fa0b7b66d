"""A page with every type of block, for people and programs that render Notion pages."""

from __future__ import annotations

from typing import Any

from ..state import Content
from .builder import Builder
from .document import Document
from .markup import rich

__all__ = ["write"]


def write(builder: Builder, home: Document) -> None:
    """Add the gallery under the home page."""
    page = builder.child(home, "gallery", "Block gallery", icon="🧱")
    page.bare("breadcrumb")
    page.bare("table_of_contents", color="gray")
    _texts(page)
    _lists(page)
    _layout(page)
    _media(page)
    original = page.synced()
    original.paragraph("This paragraph lives once and shows twice.")
    page.copy_of(original)
    page.link_to_page("atlas-plan")
    builder.child(page, "gallery-child", "A page in the gallery").paragraph("The end.")
    page.bare("unsupported", block_type="button")
    _read_only(page)


def _read_only(page: Document) -> None:
    """Types that Notion makes, and that the API only reads."""
    page.block("template", Content(texts={"rich_text": rich("Add a daily entry")})).todo("Check the tide table")
    page.bare("link_preview", url="https://github.com/brightkeel/harbour-api/pull/42")
    event: dict[str, Any] = {
        "start_time": "2026-11-16T09:00:00.000Z",
        "end_time": "2026-11-16T09:30:00.000Z",
        "attendees": [],
    }
    plain: dict[str, Any] = {"status": "notes_ready", "calendar_event": event}
    meeting = page.block("meeting_notes", Content(texts={"title": rich("Monday stand-up")}, plain=plain))
    sections = {
        "summary_block_id": "The tide model ships this week.",
        "notes_block_id": "Ask Aiko about the certificate.",
        "transcript_block_id": "Good morning, everyone.",
    }
    plain["children"] = {key: meeting.paragraph(text).id for key, text in sections.items()}


def _texts(page: Document) -> None:
    page.heading(1, "Texts")
    page.heading(2, "With colour", color="orange_background")
    page.heading(3, "Third level")
    page.heading(4, "Fourth level")
    page.heading(2, "Toggle heading", toggle=True).paragraph("Hidden until opened.")
    page.paragraph(
        "**Bold**, *italic*, ~~struck~~, __underlined__, `code`, {green|green} and a [link](https://brightkeel.example)."
    )
    page.paragraph(
        "Mentions: @user:jonas, @page:handbook, @db:work and @date:2026-12-24. Inline: $E = mc^2$.", color="blue"
    )
    page.paragraph("")
    page.quote("Smooth seas never made a skilled sailor.").paragraph("A paragraph inside the quote.")
    page.callout("Mind the gap.", icon="⚠️", color="yellow_background").bullet("A bullet inside the callout.")
    page.code("SELECT port, avg(level) FROM tides GROUP BY port;", language="sql", caption="Average level")
    page.equation("\\int_0^1 x^2\\,dx = \\tfrac{1}{3}")
    page.divider()


def _lists(page: Document) -> None:
    page.bullet("One").bullet("Two").bullet("Three").bullet("Four")
    page.number("First").number("First of the first")
    page.number("Second")
    page.todo("Open").todo("Nested and done", checked=True)
    page.toggle("A toggle").paragraph("Its content, with an emoji 🐟 and Ελληνικά.")


def _layout(page: Document) -> None:
    page.table(("Port", "Buoys"), ("Aveiro", "**8**"), ("Gdynia", ""))
    left, right = page.columns(0.4, 0.6)
    left.paragraph("Left column")
    right.paragraph("Right column")
    first, second = page.tabs(("🌊", "Sea"), ("⛰️", "Land"))
    first.paragraph("About the sea.")
    second.paragraph("About the land.")


def _media(page: Document) -> None:
    page.link("bookmark", "https://brightkeel.example/blog", caption="Our blog")
    page.link("embed", "https://maps.example/harbour")
    page.media("image", "harbour.jpg", url="https://images.brightkeel.example/harbour.jpg", caption="The harbour")
    page.media("image", "sketch.png")
    page.media("video", "demo.mp4", url="https://videos.example/demo.mp4")
    page.media("audio", "foghorn.mp3", url="https://sounds.example/foghorn.mp3")
    page.media("pdf", "datasheet.pdf", caption="Data sheet")
    page.media("file", "readings.csv")
