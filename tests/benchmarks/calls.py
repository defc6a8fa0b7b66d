"""What a call costs beside bare httpx and notion-client, on loopback: ``python tests/benchmarks/calls.py``.

A server in a process of its own answers every request with the same bytes. The clients take turns in one run, so that a
busy machine slows all alike; medians of the time per call are compared. Run by hand, never with the tests.
"""

import argparse
import asyncio
import json
import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from statistics import median
from time import perf_counter
from typing import Any

import httpx

from airbyte_agent_notion import NotionAccessTokenAuthConfig, SyncNotionConnector
from airbyte_agent_notion.sandbox import Sandbox

HEADERS = {"authorization": "Bearer ntn_x", "notion-version": "2026-03-11"}
PAGE_ID = "0" * 31 + "1"


def main() -> int:
    """Print a table; exit status 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300, help="calls of each kind (300)")
    options = parser.parse_args()
    with SyncNotionConnector.sandbox(Sandbox.sample()) as sample:
        pages = sample.pages.list(page_size=25)
    listed = {
        "object": "list",
        "results": pages.data,
        "next_cursor": None,
        "has_more": False,
        "type": "page_or_database",
    }
    for name, body, calls in (
        ("one page", pages.data[0], _one_page),
        ("a list of 25 pages", listed, _list_of_pages),
    ):
        _compare(name, body, calls, options.rounds)
    return 0


def _compare(name: str, body: Any, calls: Callable[[str], dict[str, Callable[[], Any]]], rounds: int) -> None:
    parent, child = multiprocessing.Pipe()
    server = multiprocessing.Process(target=_serve, args=(json.dumps(body).encode(), child), daemon=True)
    server.start()
    try:
        clients = calls(f"http://127.0.0.1:{parent.recv()}")
        times: dict[str, list[float]] = {client: [] for client in clients}
        for _ in range(rounds + 20):
            for client, call in clients.items():
                start = perf_counter()
                call()
                times[client].append(perf_counter() - start)
    finally:
        server.terminate()
        server.join()
    bare = median(times["bare httpx"][20:])
    print(f"{name}: {len(json.dumps(body)):,} bytes, {rounds} calls of each, Python {sys.version.split()[0]}")
    for client, seconds in times.items():
        middle = median(seconds[20:])
        print(f"  {middle * 1e3:7.3f} ms  {middle / bare:5.2f} x bare httpx  {client}")


def _one_page(url: str) -> dict[str, Callable[[], Any]]:
    bare, ours, theirs = _clients(url)
    calls: dict[str, Callable[[], Any]] = {
        "bare httpx": lambda: bare.get(f"{url}/v1/pages/{PAGE_ID}", headers=HEADERS).json(),
        "airbyte-agent-notion": lambda: ours.pages.get(page_id=PAGE_ID),
    }
    return calls if theirs is None else {**calls, "notion-client": lambda: theirs.pages.retrieve(PAGE_ID)}


def _list_of_pages(url: str) -> dict[str, Callable[[], Any]]:
    bare, ours, theirs = _clients(url)
    only_pages = {"filter": {"property": "object", "value": "page"}, "page_size": 25}
    calls: dict[str, Callable[[], Any]] = {
        "bare httpx": lambda: bare.post(f"{url}/v1/search", headers=HEADERS, json=only_pages).json(),
        "airbyte-agent-notion": lambda: ours.pages.list(page_size=25),
    }
    return calls if theirs is None else {**calls, "notion-client": lambda: theirs.search(**only_pages)}


def _clients(url: str) -> tuple[httpx.Client, SyncNotionConnector, Any]:
    credentials = NotionAccessTokenAuthConfig(token="ntn_x")
    ours = SyncNotionConnector(credentials, base_url=url, requests_per_minute=10**9)
    try:
        from notion_client import Client
    except ModuleNotFoundError:
        print("notion-client is not installed and left out: python -m pip install notion-client")
        return httpx.Client(), ours, None
    return httpx.Client(), ours, Client(auth="ntn_x", base_url=f"{url}/v1/", client=httpx.Client())


def _serve(body: bytes, started: Connection) -> None:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readuntil(b"\r\n\r\n"):
            length = next(
                (int(line[15:]) for line in request.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
            )
            await reader.readexactly(length)
            writer.write(head + body)

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        started.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


if __name__ == "__main__":
    sys.exit(main())
