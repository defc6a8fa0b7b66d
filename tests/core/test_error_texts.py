"""What a model reads of an error: at most 120 tokens, with the cause, the next step and the nearest names."""

import json
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airbyte_agent_notion.brevity import MAX_TOKENS, brief, fitting, quoted, tokens
from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.drive import drive
from airbyte_agent_notion.errors import Forbidden, InvalidRequest, NotFound, NotionAgentError
from airbyte_agent_notion.mending import called, mended, resolved
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.operations.plain.columns import Columns, Unfit, refused
from airbyte_agent_notion.operations.references import Choice, ambiguous
from airbyte_agent_notion.policy import Policy
from airbyte_agent_notion.testing import json_response
from airbyte_agent_notion.wire.status import MAX_MESSAGE, decode

CATALOG = Catalog.of(NotionSurface)
ONE = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
LONG = "A very long name of a thing that nobody would ever write down in full, " * 20


@pytest.fixture(scope="module")
def cost():
    encoding = pytest.importorskip("bpe_openai").get_encoding("o200k_base")
    return lambda text: len(encoding.encode(text))


def parsed(arguments):
    operation, params = called(arguments, CATALOG)
    return CATALOG.parse(operation, mended(operation, params))


def error_of(arguments):
    with pytest.raises(NotionAgentError) as caught:
        parsed(arguments)
    return caught.value


def call(operation, /, **params):
    entity, _, action = operation.partition(".")
    return {"entity": entity, "action": action, "params": params}


BAD = [
    ({}, "Entities: pages"),
    ({"entity": LONG, "action": LONG}, "There is no entity"),
    ({"entity": "pages"}, "There are: list, get"),
    ({"entity": "pages", "action": LONG}, "pages has no action"),
    ({"entity": "pages", "action": "duplicate"}, "Did you mean pages."),
    ({"entity": "databases", "action": "list"}, "data_sources.list(...)"),
    ({"action": "get"}, "'get' needs an entity"),
    ({"entity": "pages", "action": "get", "params": "{"}, "params is text that is not JSON"),
    (call("pages.get"), "page_id is required"),
    (call("pages.get", page_id=LONG), "not a Notion id"),
    (call("pages.get", page_id=ONE, **{LONG: 1}), "there is no parameter"),
    (call("pages.get", page_id=ONE, **{f"key {n}": n for n in range(50)}), "more"),
    (call("pages.create", **{f"column {n}": n for n in range(50)}), "goes into properties"),
    (call("pages.create", parent=ONE), '{"page_id": "..."} or {"data_source_id": "..."}'),
    (call("pages.update", page_id=ONE), "Give at least one of properties"),
    (call("pages.update", page_id=ONE, content="x"), "pages.edit"),
    (call("blocks.update", block_id=ONE, text="x"), '{"paragraph"'),
    (call("blocks.update", block_id=ONE, block={"nonsense": {}}), "block"),
    (call("data_sources.query", data_source_id=ONE, filter="Status = Done", sorts=5, page_size=0), "filter must be"),
    (call("views.create"), "data_source_id is required; data_sources.list has them; name is required"),
    (call("views.create", data_source_id=ONE, name="x", type="nonsense", configuration=5), "type must be"),
    (call("meeting_notes.create", source=5, language="xx"), "source must be"),
    (call("users.get", user_id="Ana"), "users.list"),
]


@pytest.mark.parametrize(("arguments", "said"), BAD, ids=[str(n) for n in range(len(BAD))])
def test_a_bad_call_is_answered_in_few_words(arguments, said, cost):
    error = error_of(arguments)
    assert said in str(error)
    assert error.hint
    assert cost(str(error)) <= MAX_TOKENS


def test_details_hold_every_problem(cost):
    error = error_of(call("pages.get", page_id=ONE, **{f"key {n}": n for n in range(50)}))
    assert len(error.details["parameters"]) == 50


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=200),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=60), inner, max_size=8),
    max_leaves=20,
)


@settings(max_examples=1000, deadline=None)
@given(
    entity=st.sampled_from([*CATALOG.entities, "", "xyzzy"]) | st.text(max_size=300),
    action=st.sampled_from(["get", "query", "create", "update", "append", ""]) | st.text(max_size=300),
    params=st.dictionaries(st.text(max_size=80) | st.sampled_from(["page_id", "parent", "filter", "children"]), ODD),
)
def test_no_call_is_answered_at_length(entity, action, params, cost):
    try:
        parsed({"entity": entity, "action": action, "params": params})
    except NotionAgentError as error:
        said = error
    else:
        return
    assert cost(str(said)) <= MAX_TOKENS
    json.dumps(said.to_dict())


def test_candidates_for_a_write_are_short(cost):
    hits = [
        {
            "object": kind,
            "id": f"{n:08d}-9c2e-4b71-8f3a-d15e0b7c64{n:02d}",
            "title": [{"plain_text": LONG}],
            "properties": {"Name": {"type": "title", "title": [{"plain_text": LONG}]}},
        }
        for n, kind in enumerate(["data_source", "page", "data_source", "page"])
    ]

    def run(operation):
        return SimpleNamespace(data=hits)
        yield

    for params in ({"parent": LONG[:150]}, {"parent": {"page_id": LONG[:150]}}):
        with pytest.raises(NotionAgentError) as caught:
            drive(resolved(CATALOG.find("pages", "create"), params, run), None)
        assert cost(str(caught.value)) <= MAX_TOKENS
        assert any(hit["id"] in str(caught.value) for hit in hits)
        assert len(caught.value.details["choices"]) >= 2


@pytest.mark.parametrize("count", [2, 3, 4, 40])
@pytest.mark.parametrize("same", [True, False])
def test_choices_are_few_and_details_hold_all(count, same, cost):
    choices = [
        Choice(
            object="data_source",
            id=f"{n:08d}-9c2e-4b71-8f3a-d15e0b7c64{n:02d}",
            title="Tasks" if same else f"Tasks of the team number {n}",
            parent=f"database {ONE}",
        )
        for n in range(count)
    ]
    error = ambiguous("Several objects have the title 'Tasks'", choices)
    assert choices[0]["id"] in str(error)
    assert choices[1]["id"] in str(error)
    assert len(error.details["choices"]) == count
    assert cost(str(error)) <= MAX_TOKENS


def test_unknown_properties_are_answered_with_the_nearest(cost):
    names = [f"Property of the number {n}" for n in range(200)]
    columns, problems = Columns({name: {"type": "number", "id": name, "number": {}} for name in names}), {}
    for key in ("Propertys of the number 12", "xyzzy", LONG, *(f"key {n}" for n in range(30))):
        with pytest.raises(Unfit) as caught:
            columns.find(key)
        problems[key] = str(caught.value)
    error = refused("data_sources.query", problems, columns=names, hint="Correct the filter or the sorts.")
    assert "did you mean 'Property of the number 12'" in str(error)
    assert "data_sources.get has all" in problems["xyzzy"]
    assert len(error.details["parameters"]) == len(problems)
    assert error.details["properties"] == names
    assert cost(str(error)) <= MAX_TOKENS


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        ("page", "search.search"),
        ("block", "blocks.list"),
        ("database", "search.resolve"),
        ("data_source", "data_sources.list"),
        ("data source", "data_sources.list"),
        ("user", "users.list"),
        ("comment", "comments.list"),
        ("view", "views.list"),
        ("file_upload", "file_uploads.list"),
        ("nonsense", "search"),
    ],
)
def test_what_is_not_found_is_answered_by_its_kind(kind, step, cost):
    message = (
        f"Could not find {kind} with ID: {ONE}. Make sure the relevant pages and databases are shared with your "
        'integration "Agent".'
    )
    with pytest.raises(NotFound) as caught:
        decode(json_response({"object": "error", "code": "object_not_found", "message": message}, status=404))
    assert caught.value.message == message
    assert step in caught.value.hint
    assert cost(str(caught.value)) <= MAX_TOKENS


def test_the_operation_s_own_next_step_stands_behind_where_ids_are_found():
    with pytest.raises(NotFound) as caught:
        decode(json_response({"message": "Could not find page with ID: x."}, status=404), not_found="Do this.")
    assert caught.value.hint.startswith("search.search finds ids;")
    assert caught.value.hint.endswith(" Do this.")
    with pytest.raises(NotFound) as caught:
        decode(json_response({"message": "Could not find it."}, status=404), not_found="Do this.")
    assert caught.value.hint == "Do this."


def test_a_comment_of_others_is_not_ours_to_change(cost):
    body = {"code": "restricted_resource", "message": "Insufficient permissions for this comment."}
    with pytest.raises(Forbidden, match="only its own comments") as caught:
        decode(json_response(body, status=403))
    assert cost(str(caught.value)) <= MAX_TOKENS


def test_notions_long_message_is_kept_in_details(cost):
    message = (
        "body failed validation. "
        + "Fix one: body.children[0].paragraph should be defined, instead was `undefined`. " * 9
    )
    with pytest.raises(InvalidRequest) as caught:
        decode(json_response({"code": "validation_error", "message": message}, status=400))
    error = caught.value
    assert message.startswith(error.message.removesuffix("…"))
    assert error.details["notion_message"] == message[:MAX_MESSAGE]
    assert cost(str(error)) <= MAX_TOKENS


@pytest.mark.parametrize("operation", CATALOG.operations(), ids=lambda operation: operation.spec.name)
def test_a_refusal_by_policy_is_short(operation, cost):
    with pytest.raises(NotionAgentError) as caught:
        Policy.read_only(deny=["*.*"]).check(operation.spec, operation.spec.effect)
    assert cost(str(caught.value)) <= MAX_TOKENS


@pytest.mark.parametrize(
    "text", ["", "word", "0a1b2c3d" * 50, "x" * 5_000, "naïve — 日本語 👩‍💻 " * 200, "\n\t " * 900]
)
def test_a_text_is_cut_within_its_limit(text, cost):
    for limit in (4, 20, 100):
        short = brief(text, limit)
        assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
        assert cost(short) <= limit
        assert tokens(short) <= limit + 3


def test_what_fits_of_several():
    assert fitting([], 10) == ""
    assert fitting(["a", "b"], 10) == "a; b"
    assert fitting(["a", "b", "c", "d"], 10) == "a; b; c; and 1 more"
    assert fitting(["one two three", "four five six"], 4) == "one two three; and 1 more"
    assert fitting(["a", "b"], 10, separator=", ") == "a, b"


def test_what_was_sent_is_shown_shortened():
    assert quoted("abc") == "'abc'"
    assert quoted("a\nb") == "'a\\nb'"
    assert quoted(["abc"]) == "of type list"
    assert len(quoted(LONG)) < 100
