"""Ids, calls and words in the forms that models give them; what no call is taken for is answered with the nearest."""

from types import SimpleNamespace

import pytest

from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.errors import InvalidParams, InvalidRequest, NotFound, NotionAgentError
from airbyte_agent_notion.fields import where_ids_are
from airbyte_agent_notion.mending import called, mended, resolved
from airbyte_agent_notion.mending.near import EXACT, SURE, idle, likeness, nearest_first
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.testing import json_response
from airbyte_agent_notion.wire.status import decode

CATALOG = Catalog.of(NotionSurface)
ONE = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
TWO = "1a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
HEX = ONE.replace("-", "")


def find(name):
    return CATALOG.find(*name.split("."))


def parsed(name, params):
    operation = find(name)
    return CATALOG.parse(operation, mended(operation, params)).params()


def hint(entity, action, **params):
    with pytest.raises(NotionAgentError) as caught:
        called({"entity": entity, "action": action, "params": params}, CATALOG)
    return caught.value.hint


@pytest.mark.parametrize(
    "given",
    [
        f"{{{ONE}}}",
        f"[{ONE}]",
        f'"{ONE}"',
        f"\u201c{ONE}\u201d",
        f"{ONE}.",
        f"({ONE})",
        f"id: {ONE}",
        f"page_id={HEX}",
        f"page: {ONE}",
        f"urn:uuid:{ONE}",
        ONE.replace("-", " "),
        ONE.replace("-", "\u2013"),
        f"notion://www.notion.so/Road-map-{HEX}",
        f"<https://www.notion.so/Road-map-{HEX}>",
    ],
)
def test_an_id_with_signs_round_it(given):
    assert parsed("pages.delete", {"page_id": given}) == {"page_id": ONE}


@pytest.mark.parametrize("given", ["P765929909", "p765929909", "`P765929909`", "page p765929909", "<p765929909>"])
def test_a_handle_in_another_form(given):
    assert mended(find("pages.get"), {"page_id": given}) == {"page_id": "p765929909"}


@pytest.mark.parametrize("given", ["Road map.", "(Old) road map", "ID: 5", "The page", "notes [draft]", "{draft}"])
def test_a_title_keeps_its_signs(given):
    assert mended(find("pages.get"), {"page_id": given}) == {"page_id": given}


def test_what_resolve_is_asked():
    assert mended(find("search.resolve"), {"reference": f"[{ONE}]"}) == {"reference": ONE}
    assert mended(find("search.resolve"), {"reference": "[Road map]"}) == {"reference": "[Road map]"}


@pytest.mark.parametrize("nothing", ["null", "None", "undefined", " NULL ", '"null"', ""])
def test_a_word_for_nothing_writes_nothing(nothing):
    given = {"parent": {"page_id": ONE}, "children": nothing, "allow_async": nothing, "icon": nothing}
    assert mended(find("pages.create"), given) == {"parent": {"page_id": ONE}}
    with pytest.raises(InvalidParams, match="exactly one of children, markdown"):
        parsed("blocks.append", {"block_id": ONE, "children": nothing})


def test_a_word_for_nothing_is_text_where_text_is_wanted():
    assert parsed("blocks.append", {"block_id": ONE, "markdown": "null"})["markdown"] == "null"


@pytest.mark.parametrize("name", ["body", "payload", "data", "request", "kwargs", "options", "json", "__arg1"])
def test_parameters_under_another_key(name):
    whole = {"entity": "pages", "action": "get", name: {"page_id": ONE}}
    if name == "__arg1":
        whole = {name: str({"entity": "pages", "action": "get", "params": {"page_id": ONE}}).replace("'", '"')}
    operation, params = called(whole, CATALOG)
    assert operation.spec.name == "pages.get"
    assert mended(operation, params) == {"page_id": ONE}


def test_a_key_that_is_another_name_of_a_parameter_stays_one():
    assert mended(find("pages.create"), {"data": {"Name": "x"}}) == {"properties": {"Name": "x"}}
    assert mended(find("comments.create"), {"body": "x", "discussion_id": ONE})["markdown"] == "x"


@pytest.mark.parametrize(
    "given",
    [[["Due", "descending"]], ["Due", "descending"], ["Due", "desc"], [{"Due": "descending"}]],
)
def test_a_sort_as_a_pair(given):
    [sort] = parsed("data_sources.query", {"data_source_id": ONE, "sorts": given})["sorts"]
    assert sort in ({"Due": "descending"}, {"property": "Due", "direction": "descending"})


def test_two_names_are_two_sorts():
    assert len(parsed("data_sources.query", {"data_source_id": ONE, "sorts": ["Due", "Name"]})["sorts"]) == 2


@pytest.mark.parametrize(
    "given", ["-last_edited_time", "last_edited_time desc", {"last_edited_time": "desc"}, ["-last_edited_time"]]
)
def test_a_short_sort_of_a_search(given):
    wanted = {"timestamp": "last_edited_time", "direction": "descending"}
    assert parsed("pages.list", {"sort": given})["sort"] == wanted


def test_properties_of_a_query():
    assert parsed("data_sources.query", {"data_source_id": ONE, "properties": ["Due"]})["filter_properties"] == ["Due"]


@pytest.mark.parametrize(
    "parent", [{"page_uuid": ONE}, {"kind": "page", "value": ONE}, {"type": "page", "id": ONE}, {"pageUrl": HEX}]
)
def test_a_parent_in_another_form(parent):
    assert parsed("pages.create", {"parent": parent})["parent"]["page_id"] == ONE


@pytest.mark.parametrize("name", ["pages.create", "pages.move", "comments.create", "databases.create"])
def test_a_parent_that_is_none_is_answered_with_its_form(name):
    given = {"parent": {"target": ONE}} | ({"page_id": TWO} if name == "pages.move" else {})
    with pytest.raises(InvalidParams) as caught:
        parsed(name, given)
    assert f'{{"parent": {{"page_id": "{ONE}"}}}}' in str(caught.value)
    assert "search.resolve" in caught.value.hint


def test_swapped_names_are_taken_where_both_are_exact():
    assert called({"entity": "delete", "action": "blocks"}, CATALOG)[0].spec.name == "blocks.delete"
    assert "blocks.delete" in hint("remove", "blocks")


@pytest.mark.parametrize(
    ("entity", "action", "params", "name"),
    [
        ("pages", "rm", {"page_id": ONE}, "pages.delete"),
        ("pages", "set", {"page_id": ONE, "properties": {}}, "pages.update"),
        ("pages", "change_parent", {"page_id": ONE, "parent": {}}, "pages.move"),
        ("pages", "set_markdown", {"page_id": ONE, "type": "insert_content"}, "pages.update_markdown"),
        ("blocks", "write", {"block_id": ONE, "markdown": "x"}, "blocks.append"),
        ("remarks", "delete", {"comment_id": ONE}, "comments.delete"),
        ("content", "delete", {"block_id": ONE}, "blocks.delete"),
        ("board", "create", {"data_source_id": ONE, "name": "x", "type": "table"}, "views.create"),
        ("attachment", "create", {"filename": "x.txt", "mode": "single_part"}, "file_uploads.create"),
        ("calendar", "restore", {"block_id": ONE}, "blocks.restore"),
        ("", "create", {"filename": "x.txt", "mode": "single_part"}, "file_uploads.create"),
    ],
)
def test_the_nearest_comes_first(entity, action, params, name):
    assert hint(entity, action, **params).startswith(f"Did you mean {name}(")


def test_a_reading_verb_is_suited_to_its_parameters():
    assert called({"entity": "search", "action": "lookup", "reference": "x"}, CATALOG)[0].spec.name == "search.resolve"
    assert called({"entity": "search", "action": "lookup", "query": "x"}, CATALOG)[0].spec.name == "search.search"


@pytest.mark.parametrize("field", ["page_id", "user_id", "file_upload_id", "view_id", "comment_id", "data_source_id"])
@pytest.mark.parametrize("value", [123, "123", None])
def test_where_ids_are_found_is_said(field, value):
    operation = find(f"{field.removesuffix('_id')}s.get")
    with pytest.raises(InvalidParams) as caught:
        parsed(operation.spec.name, {} if value is None else {field: value})
    assert f"{where_ids_are(field)} has them" in str(caught.value)


def test_a_page_and_a_database_are_taken_for_one_another_by_what_reads():
    assert parsed("pages.get", {"database_id": ONE}) == {"page_id": ONE}
    assert parsed("databases.get", {"page_id": ONE}) == {"database_id": ONE}
    for name, params in (("pages.delete", {"database_id": ONE}), ("databases.delete", {"page_id": ONE})):
        with pytest.raises(InvalidParams, match="there is no parameter"):
            parsed(name, params)


def test_an_id_under_another_name_is_not_missing():
    with pytest.raises(InvalidParams, match="did you mean 'page_id'") as caught:
        parsed("pages.get", {"block_id": ONE})
    assert "has them" not in str(caught.value)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("The start_cursor provided is invalid: x", "Leave start_cursor out"),
        (f"Provided ID {ONE} is a page, not a database. Use the retrieve page API.", f'{{"page_id": "{ONE}"}}'),
        ("Could not find property with name or id: Assignee", "data_sources.get lists"),
        (f"Database {ONE} has 2 data sources: name one.", "databases.get lists"),
    ],
)
def test_notions_own_words_are_followed_by_a_step_in_ours(message, said):
    with pytest.raises(InvalidRequest) as caught:
        decode(json_response({"code": "validation_error", "message": message}, status=400))
    assert caught.value.message == message
    assert said in caught.value.hint
    assert str(caught.value).startswith(message.rstrip(".") + ". ")


def test_the_data_sources_of_a_database_are_named():
    body = {
        "code": "validation_error",
        "message": f"Database {ONE} has 2 data sources: name one of them as the parent.",
        "additional_data": {"child_data_source_ids": [ONE, TWO]},
    }
    with pytest.raises(InvalidRequest) as caught:
        decode(json_response(body, status=400))
    assert f"{ONE} or {TWO}" in caught.value.hint


def page(identifier, title):
    return {
        "object": "page",
        "id": identifier,
        "parent": {"type": "workspace", "workspace": True},
        "properties": {"title": {"type": "title", "title": [{"plain_text": title}]}},
    }


def hits_of(*pages):
    """Answers searches with these pages of hits, one after the other."""
    left = list(pages)

    def call(operation):
        found = left.pop(0)
        meta = SimpleNamespace(next_cursor="next" if left else None, has_more=bool(left))
        return SimpleNamespace(data=found, meta=meta)
        yield

    return call


def refusal(run, name, params, calls):
    with pytest.raises((InvalidParams, NotFound)) as caught:
        run(resolved(find(name), params, calls), None)
    return caught.value


def test_the_title_itself_comes_before_all_others_however_late_it_is_found(run):
    others = [page(TWO, f"Document: number {n}") for n in range(100)]
    error = refusal(
        run,
        "pages.delete",
        {"page_id": "Hand over: New website"},
        hits_of(others, [page(ONE, "hand over: new website")]),
    )
    assert error.hint == f"Call again with the id: {ONE}."


def test_far_off_titles_are_no_candidates_for_a_delete(run):
    found = [page(TWO, "Company handbook"), page(ONE, "Hand over: Tokyo"), page(TWO, "Document: New website")]
    error = refusal(run, "pages.delete", {"page_id": "Hand over: New website"}, hits_of(found))
    assert error.details["choices"] == []
    assert "search.search finds ids" in error.hint


def test_what_begins_alike_comes_first(run):
    found = [page(TWO, "Freeze the Atlas unit"), page(ONE, "Calibrate Atlas unit 17")]
    error = refusal(run, "pages.update", {"page_id": "Calibrate Atlas unit 1"}, hits_of(found))
    assert error.details["choices"][0]["id"] == ONE
    assert "search.search" in error.hint


@pytest.mark.parametrize("title", ["my page", "the current page", "this document"])
def test_words_that_name_nothing_are_not_searched(run, title):
    assert idle(title)
    error = refusal(run, "pages.delete", {"page_id": title}, hits_of())
    assert error.hint == "Call again with the id. search.search finds ids by a word or two of the title."


def test_a_database_is_offered_by_its_own_id(run):
    source = {
        "object": "data_source",
        "id": ONE,
        "title": [{"plain_text": "Parts store"}],
        "parent": {"type": "database_id", "database_id": TWO},
    }
    error = refusal(run, "databases.delete", {"database_id": "Parts store"}, hits_of([source]))
    assert error.hint == f"Call again with the id: {TWO}."


def test_how_near_titles_are():
    assert likeness("Tasks", " tasks ") == EXACT
    assert SURE < likeness("Roadmap 2026", "Roadmap 2027") < likeness("Road", "Road map") < EXACT
    assert likeness("Hand over: New website", "Company handbook") == 0
    assert nearest_first("Atlas plan", [("Plan", 1), ("Atlas plan B", 2), ("Atlas plan", 3)]) == [3, 2, 1]
