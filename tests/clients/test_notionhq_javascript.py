"""What only Notion's own JavaScript client (npm @notionhq/client) does.

It is looked for in the folder that NOTIONHQ_CLIENT names, or where node finds it from here.
"""

import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.sockets, pytest.mark.enable_socket]

LANGUAGE = "javascript"
SCRIPT = Path(__file__).with_name("notionhq.mjs")


@pytest.fixture
def client(connect):
    return connect("javascript")


def paragraph(content):
    return {"type": "paragraph", "paragraph": {"rich_text": [{"type": "text", "text": {"content": content}}]}}


def test_it_is_notions_own():
    done = subprocess.run(["node", str(SCRIPT), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip().startswith("5.")


@pytest.mark.parametrize("sandbox", [{"row_cap": 100}], indirect=True)
def test_every_row_past_the_cap_of_a_query(client, served):
    tasks = served.source("Tasks")
    rows = [each.id for each in served.workspace.rows(served.workspace.sources[tasks])]
    capped = client.collect("data_sources.query", data_source_id=tasks)
    assert len(capped) == 100
    found = client.help("rows", "data_sources.query", data_source_id=tasks)
    assert [each["id"] for each in found] == rows[::-1]
    assert len(rows) == 250
    done = {"property": "Status", "status": {"equals": "Done"}}
    found = client.help("rows", "data_sources.query", data_source_id=tasks, filter=done)
    assert {each["properties"]["Status"]["status"]["name"] for each in found} == {"Done"}


def test_an_overload_is_waited_for(client, served, page):
    served.sandbox.faults.add(status=529, retry_after=3)
    served.sandbox.faults.add(status=529)
    client.call("blocks.children.append", block_id=page, children=[paragraph("Once")])
    assert client.waits[0] == 3
    assert 0.5 <= client.waits[1] <= 60
    assert [line.split()[-1] for line in served.writes] == ["529", "529", "200"]
    assert served.texts(page) == ["Once"]


def test_retries_can_be_switched_off(connect, served):
    served.sandbox.faults.add(status=429, retry_after=1)
    client = connect("javascript", retry=False)
    assert client.refused("users.me").code == "rate_limited"
    assert (client.waits, served.arrived) == ([], ["GET users/me 429"])
    assert client.call("users.me")["object"] == "user"


def test_a_broken_connection_is_no_answer_and_not_tried_again(client, served, page):
    served.sandbox.faults.add(drop=True, after=True, method="PATCH")
    told = client.refused("blocks.children.append", block_id=page, children=[paragraph("Once")])
    assert (told.kind, told.own, told.api) == ("TypeError", False, False)
    assert served.writes == [f"PATCH blocks/{page}/children None"]
    assert served.texts(page) == ["Once"]


def test_a_cursor_of_null_means_the_beginning(client, served):
    tasks = served.source("Tasks")
    first = client.call("data_sources.query", data_source_id=tasks, page_size=2)
    again = client.call("data_sources.query", data_source_id=tasks, page_size=2, start_cursor=None)
    assert (again["results"], again["next_cursor"]) == (first["results"], first["next_cursor"])
    assert client.call("users.list", start_cursor=None)["results"]


def test_the_version_that_it_speaks_by_default(connect, served, page):
    assert connect("javascript", version=None).call("pages.retrieve", page_id=page)["archived"] is False


def test_many_writes_at_once(client, served, page):
    children = [{"block_id": page, "children": [paragraph(f"{number}")]} for number in range(20)]
    answers = client.together("blocks.children.append", children)
    made = [each["results"][0]["id"] for each in answers]
    kept = [each.id for each in served.workspace.children(served.workspace.pages[page])]
    assert sorted(kept) == sorted(made)
    assert sorted(served.texts(page), key=int) == [f"{number}" for number in range(20)]


def test_an_accepted_task_is_carried_out_once(client, served, page):
    parent = {"page_id": page}
    task = client.call("pages.create", parent=parent, markdown="# Later\nSoon.", allow_async=True)
    assert (task["object"], task["status"], task["operation"]["name"]) == ("async_task", "queued", "create_page")
    assert task["poll_after_seconds"] > 0
    while task["status"] not in ("succeeded", "failed"):
        task = client.call("async_tasks.retrieve", task_id=task["id"])
    made = task["result"]
    assert [each.id for each in served.workspace.children(served.workspace.pages[page])] == [made["id"]]
    assert served.texts(made["id"]) == ["Soon."]
    assert served.writes == ["POST pages 202"]
