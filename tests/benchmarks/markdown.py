"""What Markdown costs, in processor time: ``python tests/benchmarks/markdown.py``.

Pages made up, and the page of about 36 blocks among the recordings where they are; each kind of page is
repeated until it has 1,000 blocks. Run by hand, never with the tests.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from airbyte_agent_notion.shaping.markdown import RenderOptions, parse, render

Json = dict[str, Any]
WORDS = "The quarterly report says that revenue rose by four percent, mostly from renewals in the north."


def main() -> int:
    """Print a table; exit status 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30, help="runs of each kind (30)")
    options = parser.parse_args()
    print(f"{'1,000 blocks':<28}{'render ms':>11}{'compact ms':>12}{'parse ms':>10}{'bytes':>10}{'compact':>10}")
    compact = RenderOptions(compact=True)
    for name, page in pages():
        blocks = _filled(page, 1_000)
        markdown, short = render(blocks), render(blocks, options=compact)
        rendering = _cost(lambda blocks=blocks: render(blocks), options.rounds)
        shortly = _cost(lambda blocks=blocks: render(blocks, options=compact), options.rounds)
        parsing = _cost(lambda markdown=markdown: parse(markdown), max(3, options.rounds // 5))
        sizes = f"{len(markdown.encode()):>10}{len(short.encode()):>10}"
        print(f"{name:<28}{rendering:>11.2f}{shortly:>12.2f}{parsing:>10.1f}{sizes}")
    return 0


def pages() -> Iterable[tuple[str, list[Json]]]:
    """Pages by name, as Notion answers them, with what is inside each block under ``children``."""
    yield "plain paragraphs", [_block("paragraph", [_text(WORDS)])]
    looks = [
        _text("The "),
        _text("quarterly", bold=True),
        _text(" report says ", color="red"),
        _text("more", italic=True),
    ]
    yield "paragraphs of four looks", [_block("paragraph", looks)]
    yield (
        "a document",
        [
            _block("heading_2", [_text("Results")], is_toggleable=False),
            *(_block("paragraph", [_text(WORDS)]) for _ in range(3)),
            *(_block("bulleted_list_item", [_text("Renewals: "), _text("north", bold=True)]) for _ in range(4)),
            _block("to_do", [_text("Ask finance")], checked=False),
            _block("paragraph", looks),
        ],
    )
    yield from _recorded()


def _text(content: str, **looks: Any) -> Json:
    plain = {
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "code": False,
        "color": "default",
    }
    text = {"content": content, "link": None}
    return {"type": "text", "text": text, "annotations": {**plain, **looks}, "plain_text": content, "href": None}


def _block(kind: str, rich_text: list[Json], **payload: Any) -> Json:
    block = {"object": "block", "id": "0" * 32, "has_children": False, "in_trash": False, "type": kind}
    return {**block, kind: {"rich_text": rich_text, "color": "default", **payload}}


def _recorded() -> Iterable[tuple[str, list[Json]]]:
    default = Path(__file__).parents[3] / "shared" / "recordings"
    lists: dict[str, list[Json]] = {}
    for file in sorted(Path(os.environ.get("RECORDINGS_DIR") or default).glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            parts = row["request"]["path"].split("/")
            if row["recording"] == "test_page_to_markdown" and parts[-1] == "children":
                lists[parts[-2]] = row["response"]["body"]["results"]
    if not lists:
        print("no recordings: RECORDINGS_DIR names no folder with *.jsonl files", file=sys.stderr)
        return
    whole = next(iter(lists.values()))
    yield "the recorded page", [_nested(block, lists) for block in whole]


def _nested(block: Json, lists: dict[str, list[Json]]) -> Json:
    children = [_nested(child, lists) for child in lists.get(block["id"], [])]
    return {**block, "children": children} if children else block


def _count(blocks: list[Json]) -> int:
    return sum(1 + _count(block.get("children") or []) for block in blocks)


def _filled(page: list[Json], count: int) -> list[Json]:
    """A page's blocks again and again, until there are about as many."""
    return page * max(1, round(count / _count(page)))


def _cost(call: Callable[[], object], rounds: int) -> float:
    """Milliseconds of processor time of one call: the median."""
    times: list[float] = []
    for _ in range(rounds + 2):
        start = process_time()
        call()
        times.append(process_time() - start)
    return 1_000 * median(times[2:])


if __name__ == "__main__":
    sys.exit(main())
