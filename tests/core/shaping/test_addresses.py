"""Addresses in Markdown made short and long again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airbyte_agent_notion.shaping.addresses import lengthened, object_address, shortened
from airbyte_agent_notion.shaping.handles import Handles

HEX = "1f0cabcd12344abc8def0123456789ab"
OTHER = "2f0cabcd12344abc8def0123456789ab"
ID = "1f0cabcd-1234-4abc-8def-0123456789ab"


class Table:
    def __init__(self) -> None:
        self.handles = Handles()

    def short(self, text: str) -> str:
        return shortened(text, lambda kind, identifier, address: self.handles.give(kind, identifier))

    def long(self, text: str) -> str:
        def address(handle: str) -> str | None:
            known = self.handles.find(handle)
            return object_address(known.kind, known.identifier) if known else None

        return lengthened(text, address)


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        (f"<page https://app.notion.com/p/{HEX}>Plans</page>", "p"),
        (f'<page url="https://app.notion.com/p/{HEX}">Plans</page>', "p"),
        (f"<database https://app.notion.com/p/{HEX}>Plans</database>", "db"),
        (f"<mention-data-source https://app.notion.com/p/{HEX}>Plans</mention-data-source>", "ds"),
        (f"<mention-user user://{ID}>Ana</mention-user>", "u"),
        (f"<unknown https://app.notion.com/p/{HEX} button/>", "b"),
        (f"<synced_block https://app.notion.com/p/{HEX}>", "b"),
        (f"[@Ana](user://{ID})", "u"),
        (f"<mention https://app.notion.com/p/{HEX}>Plans</mention>", "p"),
        (f"<link https://app.notion.com/p/{HEX}/>", "p"),
        (f"[Plans](https://app.notion.com/p/{HEX})", "p"),
        (f"![](notion-file:{HEX}/{OTHER})", "f"),
        (f'<file notion-file:{HEX}/{OTHER} name="a.pdf"/>', "f"),
    ],
)
def test_an_address_is_short_and_long_again(text: str, letters: str) -> None:
    table = Table()
    short = table.short(text)
    assert HEX not in short
    assert ID not in short
    assert f"{letters}{short.partition(letters)[2][:1]}" in short
    assert table.long(short) == text


@pytest.mark.parametrize(
    "text",
    [
        f"See https://app.notion.com/p/{HEX} for more",
        f"https://app.notion.com/p/{HEX}",
        "<page p482915307>Unknown</page>",
        "a part called p482915307",
        f"[x](https://app.notion.com/p/{HEX}?pvs=4)",
    ],
)
def test_text_stays_text(text: str) -> None:
    table = Table()
    assert table.short(text) == text
    assert table.long(text) == text


@given(
    parts=st.lists(st.sampled_from([f"<page https://app.notion.com/p/{HEX}>", "](", ")", " ", "p1", HEX, "\n", "<b "]))
)
def test_whatever_stands_around_it_comes_back(parts: list[str]) -> None:
    table, text = Table(), "".join(parts)
    assert table.long(table.short(text)) == text
