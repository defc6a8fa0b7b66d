"""The older version's spelling of requests: what differs, and all that must not."""

import pytest

from airbyte_agent_notion.flow import Request
from airbyte_agent_notion.settings import NOTION_VERSIONS
from airbyte_agent_notion.wire.versions import spelled

NEW, OLD = NOTION_VERSIONS
AFTER = {"type": "after_block", "after_block": {"id": "x"}}


def old(body, method="PATCH"):
    request = Request(method=method, path="/v1/x", json=body, query=(("a", "b"),))
    changed = spelled(request, OLD)
    assert (changed.method, changed.path, changed.query) == (method, "/v1/x", (("a", "b"),))
    return changed.json


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"in_trash": True}, {"archived": True}),
        ({"in_trash": False, "title": []}, {"archived": False, "title": []}),
        ({"is_archived": True}, {"is_archived": True}),
        ({"children": [], "position": AFTER}, {"children": [], "after": "x"}),
        ({"children": [], "position": {"type": "end"}}, {"children": []}),
        ({"children": [], "position": {"type": "start"}}, {"children": [], "position": {"type": "start"}}),
        ({"properties": {"in_trash": 1, "position": AFTER}}, {"properties": {"in_trash": 1, "position": AFTER}}),
        ({"position": 1}, {"position": 1}),
    ],
)
def test_the_older_spelling(body, wanted):
    given = dict(body)
    assert old(given) == wanted
    assert given == body, "the request itself stays as it is"


@pytest.mark.parametrize("body", [None, [], "x", {"position": AFTER, "in_trash": True}])
def test_only_changes_are_spelled_otherwise(body):
    assert old(body, "POST") == body


def test_the_newest_version_is_sent_as_it_is():
    request = Request(method="PATCH", path="/v1/x", json={"in_trash": True, "position": AFTER})
    assert spelled(request, NEW) is request
    same = Request(method="PATCH", path="/v1/x", json={"title": []})
    assert spelled(same, OLD) is same
