"""Approval: which calls need a person's word, who asks, and what an answer means."""

import re

import pytest

from airbyte_agent_notion import NotionConnector, Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.approval import PendingCall
from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.tools import EXECUTE, bare, needs_approval, removes_content, verdict


@pytest.fixture
def space():
    return Sandbox.sample()


@pytest.fixture
def page(space):
    return next(each.id for each in space.workspace.pages.values() if space.workspace.title(each) == "Security basics")


def _call(entity, action, **params):
    return {"entity": entity, "action": action, "params": params}


def test_the_predicate_sees_the_call_as_it_would_run(space, page):
    seen = []

    def approve(entity, action, params, effect):
        seen.append((entity, action, params, effect.value))
        return False

    tools = Toolset(SyncNotionConnector.sandbox(space, policy=Policy.full()), approve=approve)
    url = f"https://www.notion.so/x-{page.replace('-', '')}"
    arguments = {"entity": "pages", "action": "update", "params": '{"in_trash": "true"}', "page_id": url, "icon": None}
    assert tools.requires_approval(EXECUTE, arguments) is False
    assert seen == [("pages", "update", {"page_id": page, "in_trash": True, "icon": None}, "destructive")]
    assert space.requests == []


@pytest.mark.parametrize(
    ("approve", "waiting"),
    [
        (None, []),
        (needs_approval, ["update", "trash", "delete"]),
        (removes_content, ["trash", "delete"]),
        (lambda entity, action, *_: action == "get", ["get"]),
    ],
)
def test_which_calls_need_it(space, page, approve, waiting):
    tools = Toolset(SyncNotionConnector.sandbox(space, policy=Policy.full()), approve=approve)
    calls = {
        "get": _call("pages", "get", page_id=page),
        "update": _call("pages", "update", page_id=page, is_locked=True),
        "trash": _call("pages", "update", page_id=page, in_trash=True),
        "delete": _call("pages", "delete", page_id=page),
        "wrong": _call("pages", "delete", page_id="x"),
        "unknown": _call("pages", "frobnicate", page_id=page),
    }
    assert [name for name, call in calls.items() if tools.requires_approval(EXECUTE, call)] == waiting


def test_a_call_that_would_be_refused_anyway_needs_none(space, page):
    reader = Toolset(SyncNotionConnector.sandbox(space), approve=needs_approval)
    assert not reader.requires_approval(EXECUTE, _call("pages", "delete", page_id=page))
    writer = Toolset(SyncNotionConnector.sandbox(space, policy=Policy.write()), approve=needs_approval)
    assert not writer.requires_approval(EXECUTE, _call("pages", "update", page_id=page, in_trash=True))
    showing = Toolset(SyncNotionConnector.sandbox(space, policy=Policy.full()), approve=needs_approval, dry_run=True)
    assert not showing.requires_approval(EXECUTE, _call("pages", "delete", page_id=page))
    assert showing.call(EXECUTE, _call("pages", "delete", page_id=page)).data["object"] == "dry_run"


def test_a_call_that_no_one_approved_is_not_made(space, page):
    tools = Toolset(SyncNotionConnector.sandbox(space, policy=Policy.full()), approve=needs_approval)
    call = _call("pages", "delete", page_id=page)
    outcome = tools.call(EXECUTE, call)
    assert outcome.error.code == "approval_required"
    assert "ask=" in outcome.text
    assert space.requests == []
    assert tools.call(EXECUTE, call, approved=True).ok


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (True, None),
        ("yes", None),
        ("Approved!", None),
        (" OK. ", None),
        (False, "was not approved. Nothing was sent."),
        (None, "was not approved. Nothing was sent."),
        (1, "was not approved. Nothing was sent."),
        ("", "was not approved. Nothing was sent."),
        ("no", "was not approved. Nothing was sent."),
        ("Not that one.", "was not approved: Not that one. Nothing was sent."),
        ("yes, but later", "was not approved: yes, but later. Nothing was sent."),
    ],
)
async def test_the_answers(space, page, answer, said):
    asked = []

    def ask(call):
        asked.append(call)
        return answer

    async def aask(call):
        return ask(call)

    blocking = Toolset(SyncNotionConnector.sandbox(space, policy=Policy.full()), approve=removes_content, ask=ask)
    awaiting = Toolset(NotionConnector.sandbox(space, policy=Policy.full()), approve=removes_content, ask=aask)
    call = _call("pages", "delete", page_id=page)
    assert not blocking.requires_approval(EXECUTE, call)
    for outcome in (blocking.call(EXECUTE, call, approved=True), await awaiting.acall(EXECUTE, call)):
        assert outcome.ok is (said is None)
        assert said is None or said in outcome.text
        assert said is None or outcome.error.code == "not_approved"
    assert [each.name for each in asked] == ["pages.delete"] * 2
    assert bool([each for each in space.requests if each.method == "PATCH"]) is (said is None)
    assert (verdict(answer) is None) is (said is None)


def test_an_async_function_cannot_be_asked_blocking(space, page):
    async def ask(_):
        return True

    tools = Toolset(SyncNotionConnector.sandbox(space, policy=Policy.full()), approve=needs_approval, ask=ask)
    outcome = tools.call(EXECUTE, _call("pages", "delete", page_id=page))
    assert isinstance(outcome.error, ConfigurationError)
    assert space.requests == []


def test_options_of_a_toolset_are_kept_by_another(space, page):
    notion = SyncNotionConnector.sandbox(space, policy=Policy.full())
    inner = Toolset(notion, per_operation=True, approve=needs_approval, ask=lambda _: False)
    outer = Toolset(inner)
    assert outer.per_operation
    assert [each.name for each in outer.tools] == [each.name for each in inner.tools]
    assert outer.call("notion_pages_delete", {"page_id": page}).error.code == "not_approved"
    assert Toolset(inner, per_operation=False).tools[0].name == EXECUTE
    with pytest.raises(ConfigurationError, match="approve=needs_approval"):
        Toolset(notion, ask=lambda _: True)


def test_a_refusal_in_words_for_the_model(space, page):
    tools = Toolset(SyncNotionConnector.sandbox(space, policy=Policy.full()), approve=needs_approval)
    told = tools.refused(EXECUTE, _call("pages", "delete", page_id=page), "Keep it.")
    assert told.text.startswith("Error (not_approved): pages.delete was not approved: Keep it. Nothing was sent.")
    assert tools.refused(EXECUTE, {}).text.startswith("Error (not_approved): notion_execute was not approved.")


def test_a_pending_call_in_one_line(space, page):
    def pending(params):
        tools = Toolset(SyncNotionConnector.sandbox(space, policy=Policy.full()), approve=needs_approval)
        return tools.pending(EXECUTE, _call("pages", "update", **params))

    first, same = pending({"page_id": page, "is_locked": True}), pending({"is_locked": True, "page_id": page.upper()})
    assert isinstance(first, PendingCall)
    assert first.key == same.key
    assert first.question == f'Allow pages.update (write) with {{"page_id": "{page}", "is_locked": true}}?'
    long = pending({"page_id": page, "properties": {"title": {"title": [{"text": {"content": "x" * 2_000}}]}}})
    assert len(long.question) < 500
    assert long.key != first.key


def test_a_bare_schema():
    schema = {
        "type": "object",
        "additionalProperties": True,
        "properties": {"x": {"items": [{"additionalProperties": 1}]}},
    }
    assert bare(schema) == {"type": "object", "properties": {"x": {"items": [{}]}}}


# --- handles, titles, continuations and odd spellings ask like the plain call


def everything(*_):
    return True


def only_changes(entity, action, params, effect):
    return needs_approval(entity, action, params, effect)


@pytest.fixture
def notion(space):
    return SyncNotionConnector.sandbox(space, policy=Policy.full())


def handled(tools, page):
    """The page's handle, as a call that needs no approval has given it out."""
    title = "Security basics"
    told = tools.call(EXECUTE, _call("search", "search", query=title))
    assert page in str(told.data)
    return re.search(rf"(p\d{{9}})\|{title}", told.text)[1]


def test_a_handle_asks_like_the_id(space, page, notion):
    tools = Toolset(notion, approve=needs_approval)
    handle = handled(tools, page)
    plain = tools.pending(EXECUTE, _call("pages", "delete", page_id=page))
    for written in (handle, f"<{handle}>", f" @{handle} "):
        call = _call("pages", "delete", page_id=written)
        pending = tools.pending(EXECUTE, call)
        assert pending == plain
        assert pending.params == {"page_id": page}
        assert tools.call(EXECUTE, call).error.code == "approval_required"
        assert tools.refused(EXECUTE, call).text.startswith("Error (not_approved): pages.delete was not approved.")
    assert not any(each.method == "PATCH" for each in space.requests)
    assert tools.call(EXECUTE, _call("pages", "delete", page_id=handle), approved=True).ok
    assert space.workspace.pages[page].trashed


def test_a_handle_asks_with_the_tools_of_operations_too(space, page, notion):
    tools = Toolset(notion, approve=removes_content, per_operation=True)
    told = tools.call("notion_pages_list", {"query": "Security basics"})
    handle = re.search(r"(p\d{9})\|Security basics", told.text)[1]
    assert tools.pending("notion_pages_update", {"page_id": handle, "in_trash": True}).params["page_id"] == page
    assert tools.call("notion_pages_delete", {"page_id": handle}).error.code == "approval_required"
    assert not space.workspace.pages[page].trashed


@pytest.mark.parametrize(
    ("entity", "action", "params"),
    [
        ("page", "delete", {}),
        ("PAGES", "Delete", {}),
        ("pages.delete", "", {}),
        ("notion", "delete_page", {}),
        ("pages", "trash", {}),
        ("pages", "remove", {}),
        ("pages", "update", {"archived": True}),
        ("pages", "update", {"in_trash": "True"}),
    ],
)
def test_a_call_in_other_words_asks_if_it_would_run(space, page, notion, entity, action, params):
    """The person is asked, or the call is not made: it never runs unasked."""
    tools = Toolset(notion, approve=only_changes)
    call = _call(entity, action, page_id=handled(tools, page), **params)
    outcome = tools.call(EXECUTE, call)
    assert outcome.error is not None
    assert (outcome.error.code == "approval_required") is tools.requires_approval(EXECUTE, call)
    assert not any(each.method in {"PATCH", "DELETE"} for each in space.requests)


async def test_a_read_by_title_does_not_run_unasked(space, notion):
    """Not even the look-up of its title."""
    tools = Toolset(notion, approve=everything)
    call = _call("pages", "read", page_id="Travel expense policy")
    assert tools.pending(EXECUTE, call).params == {"page_id": "Travel expense policy"}
    for outcome in (tools.call(EXECUTE, call), await tools.acall(EXECUTE, call)):
        assert "approval_required" in outcome.text
    assert space.requests == []
    assert "travel expense limit" in tools.call(EXECUTE, call, approved=True).text


@pytest.mark.parametrize("per_operation", [False, True])
def test_a_handle_that_is_not_known_yet_is_asked_about(space, page, notion, per_operation):
    """Another call of the same step, or of a resumed run, may make it known before the call runs."""
    known = handled(Toolset(notion), page)
    tools = Toolset(notion, approve=needs_approval, per_operation=per_operation)
    name = "notion_pages_delete" if per_operation else EXECUTE
    call = {"page_id": known} if per_operation else _call("pages", "delete", page_id=known)
    assert tools.requires_approval(name, call)
    assert tools.pending(name, call).params == {"page_id": known}
    assert tools.call(name, call).error.code == "unknown_handle"
    assert not space.workspace.pages[page].trashed


def test_a_read_by_title_is_asked_about_with_its_id(space, notion):
    asked = []

    def ask(call):
        asked.append(call)
        return True

    tools = Toolset(notion, approve=everything, ask=ask)
    outcome = tools.call(EXECUTE, _call("pages", "read", page_id="Travel expense policy"))
    assert "travel expense limit" in outcome.text
    assert [each.name for each in asked] == ["search.resolve", "pages.read"]
    assert asked[-1].params["page_id"] == outcome.data["id"]


def test_a_write_by_title_is_not_made(space, page, notion):
    asked = []
    for options in ({}, {"ask": lambda call: asked.append(call) or True}):
        tools = Toolset(notion, approve=needs_approval, **options)
        outcome = tools.call(EXECUTE, _call("pages", "delete", page_id="Security basics"), approved=True)
        assert outcome.error.code == "invalid_params"
        assert re.search(r"Call again with the id: p\d{9}", outcome.text)
    assert asked == []
    assert not space.workspace.pages[page].trashed


def test_going_on_with_a_list_asks_like_the_list(space, notion):
    """The next page is a call of its own; what is left of an answer was approved with it."""
    tools = Toolset(notion, approve=everything)
    first = tools.call(EXECUTE, _call("users", "list", page_size=1), approved=True)
    more = _call("pages", "delete", more=re.search(r'"(m\d{9})"', first.text)[1])
    pending = tools.pending(EXECUTE, more)
    assert (pending.name, pending.params["page_size"]) == ("users.list", 1)
    sent = len(space.requests)
    assert tools.call(EXECUTE, more).error.code == "approval_required"
    assert len(space.requests) == sent
    assert tools.call(EXECUTE, more, approved=True).ok
    rest = tools.call(EXECUTE, _call("data_sources", "list", max_tokens=200), approved=True)
    cut = _call("pages", "list", more=re.search(r'"(m\d{9})"', rest.text)[1])
    assert tools.pending(EXECUTE, cut) is None
    assert tools.call(EXECUTE, cut).ok


def test_describing_needs_none(space, notion):
    tools = Toolset(notion, approve=everything)
    assert not tools.requires_approval(EXECUTE, _call("pages", "describe"))
    assert tools.call(EXECUTE, _call("pages", "describe")).ok
    assert space.requests == []
