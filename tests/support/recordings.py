"""The recorded Notion traffic that tests replay: in RECORDINGS_DIR, by default beside the checkout; never committed."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

__all__ = ["Exchange", "load"]


@dataclass(frozen=True)
class Exchange:
    """One recorded request with its response."""

    name: str
    version: str
    method: str
    path: str
    query: dict[str, Any]
    body: Any
    status: int
    headers: dict[str, str]
    answer: Any


def load() -> list[Exchange]:
    """All exchanges; skips the calling test, saying so, where there are none."""
    folder = Path(os.environ.get("RECORDINGS_DIR") or Path(__file__).parents[3] / "shared" / "recordings")
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        pytest.skip("no recordings: RECORDINGS_DIR names no folder with *.jsonl files")
    return [exchange for file in files for exchange in _read(file)]


def _read(file: Path) -> Iterator[Exchange]:
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        request, response = row["request"], row["response"]
        yield Exchange(
            name=f"{row['recording']}#{row['seq']}",
            version=row["notion_version"],
            method=request["method"],
            path=request["path"],
            query=request["query"] or {},
            body=request["body"],
            status=response["status"],
            headers=response["headers"] or {},
            answer=response["body"],
        )
