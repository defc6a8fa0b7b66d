"""What the text of a result costs, in processor time: ``python tests/benchmarks/shaping.py``.

Results made up, in all three formats; beside them what one call costs in httpx without a network, for scale. Run by
hand, never with the tests.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from statistics import median
from time import process_time
from typing import Any

import httpx

from airbyte_agent_notion.listing import ListMeta, ListResult
from airbyte_agent_notion.operations.children import ListBlocks
from airbyte_agent_notion.operations.row_query import QueryDataSource
from airbyte_agent_notion.operations.search import Search
from airbyte_agent_notion.operations.tree import ListBlockTree
from airbyte_agent_notion.shaping.shape import shape
from airbyte_agent_notion.shaping.shaped import FORMATS

Json = dict[str, Any]
PLAIN = {"bold": False, "italic": False, "strikethrough": False, "underline": False, "code": False, "color": "default"}
ROOT = "0" * 31 + "1"


class Ids:
    """Names everything by its id, so that only shaping is measured."""

    def id(self, kind: str, identifier: str) -> str:
        return identifier[:9]

    def file(self, container: str, url: str) -> str:
        return "f123456789"

    def person(self, user: Mapping[str, Any]) -> str:
        return str(user.get("name") or user.get("id"))

    def text(self, markdown: str) -> str:
        return markdown


def main() -> int:
    """Print a table; exit status 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="runs of each kind (200)")
    options = parser.parse_args()
    pages, refs = listed([page(number) for number in range(25)]), Ids()
    blocks = [block(number) for number in range(1_000)]
    tree = {"object": "block_tree", "root_id": ROOT, "blocks": blocks, "next_cursor": None, "skipped": []}
    calls: dict[str, tuple[Any, Any, int]] = {
        "25 rows of 8 properties": (QueryDataSource(data_source_id=ROOT), pages, options.rounds),
        "25 hits": (Search(query="x"), pages, options.rounds),
        "1,000 blocks": (ListBlockTree(block_id=ROOT), tree, max(5, options.rounds // 20)),
        "100 blocks": (ListBlocks(block_id=ROOT), listed(blocks[:100]), max(5, options.rounds // 4)),
    }
    print(f"{'median ms of processor time':<38}" + "".join(f"{name:>10}" for name in FORMATS))
    for name, (operation, result, rounds) in calls.items():
        costs = (
            cost(lambda form=form: shape(operation, result, format=form, refs=refs), rounds)  # noqa: B023
            for form in FORMATS
        )
        print(f"{name:<38}" + "".join(f"{each:>10.3f}" for each in costs))
    client = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json={"results": []})))
    call = cost(lambda: client.get("https://x/").json(), options.rounds)
    print(f"{'one call of httpx without a network':<38}{call:>10.3f}")
    return 0


def cost(run: Callable[[], Any], rounds: int) -> float:
    """The median of several runs, in milliseconds."""
    times: list[float] = []
    for _ in range(rounds + 3):
        start = process_time()
        run()
        times.append(process_time() - start)
    return 1000 * median(times[3:])


def listed(items: list[Json]) -> ListResult[Any]:
    return ListResult(data=items, meta=ListMeta(next_cursor=None, has_more=False))


def text(content: str) -> list[Json]:
    item = {"type": "text", "text": {"content": content, "link": None}, "annotations": {**PLAIN}}
    return [{**item, "plain_text": content, "href": None}]


def page(number: int) -> Json:
    """A row as Notion answers it."""
    values: dict[str, tuple[str, Any]] = {
        "Name": ("title", text(f"Contact {number}")),
        "Role": ("select", {"id": "a", "name": f"Role {number % 5}", "color": "gray"}),
        "Notes": ("rich_text", text(f"What was said in meeting {number}")),
        "Done": ("checkbox", number % 2 == 0),
        "Due": ("date", {"start": f"2026-12-{number + 1:02d}", "end": None, "time_zone": None}),
        "Amount": ("number", number * 1.5),
        "Tags": (
            "multi_select",
            [{"id": "b", "name": "red", "color": "red"}, {"id": "c", "name": "blue", "color": "red"}],
        ),
        "Projects": ("relation", [{"id": f"{number:032x}"}]),
    }
    return {
        "object": "page",
        "id": f"{number:032x}",
        "created_time": "2026-06-18T17:51:00.000Z",
        "last_edited_time": "2026-06-18T17:51:00.000Z",
        "parent": {"type": "data_source_id", "data_source_id": ROOT, "database_id": ROOT},
        "icon": None,
        "cover": None,
        "in_trash": False,
        "is_locked": False,
        "public_url": None,
        "url": f"https://app.notion.com/p/{number:032x}",
        "properties": {name: {"id": name, "type": kind, kind: value} for name, (kind, value) in values.items()},
    }


def block(number: int) -> Json:
    """One of several kinds of blocks."""
    kind = ("paragraph", "bulleted_list_item", "to_do", "heading_2", "paragraph")[number % 5]
    return {
        "object": "block",
        "id": f"{number:032x}",
        "type": kind,
        "has_children": False,
        "depth": number % 3,
        kind: {"rich_text": text(f"What is said in line {number} of the page, which is long."), "color": "default"},
    }


if __name__ == "__main__":
    sys.exit(main())
