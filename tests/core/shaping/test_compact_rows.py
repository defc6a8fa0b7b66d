"""Rows, hits and pages as compact text: nothing twice, nothing lost, and read back as it was."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shaped_results import (
    PAGE,
    PLAIN,
    SIGNED,
    SOURCE,
    USER,
    Names,
    call,
    items_of,
    listed,
    page,
    rich,
    shaped,
    split,
    table,
    uid,
    value,
    words,
)

from airbyte_agent_notion.operations.plain.columns import Column
from airbyte_agent_notion.operations.plain.dates import date_value
from airbyte_agent_notion.operations.plain.values import converted
from airbyte_agent_notion.shaping.compact.escape import barred
from airbyte_agent_notion.shaping.shape import shape

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
texts = st.text(st.characters(codec="utf-8"), max_size=30)


def rows(*found: Any, **more: Any) -> str:
    return shaped("data_sources.query", listed(*found, **more), data_source_id=SOURCE).body


def test_rows_say_what_is_the_same_in_all_of_them_once():
    found = [
        page(
            number,
            f"Row {number}",
            Email=value("email", "a@example.com"),
            Role=value("select", {"id": "x", "name": f"Role {number}", "color": "red"}),
            Done=value("checkbox", number == 1),
            Phone=value("phone_number", None),
            Due=value("date", None),
        )
        for number in (1, 2)
    ]
    result = shaped("data_sources.query", listed(*found), data_source_id=SOURCE)
    assert result.body == (
        "All rows: Email=a@example.com\nEmpty: Due|Phone\nid|Name|Done|Role\np1|Row 1|yes|Role 1\np2|Row 2|no|Role 2"
    )
    assert (result.said, result.source, result.more) == ("2 rows; no more.", "rows of ds2", None)


def test_a_single_row_states_its_values_in_its_line():
    assert rows(page(1, "Only", Email=value("email", "a@b.c"), Phone=value("phone_number", None))) == (
        "Empty: Phone\nid|Name|Email\np1|Only|a@b.c"
    )


def test_a_list_says_whether_and_how_it_goes_on():
    result = shaped("data_sources.query", listed(page(), cursor="c1"), data_source_id=SOURCE)
    assert (result.said, result.more) == ("1 row; there are more.", {"start_cursor": "c1"})
    limit = shaped("data_sources.query", listed(page(), page(2), reason="query_result_limit_reached"))
    assert limit.said == "2 rows; no more. Notion lists no more than 10,000 rows of one query: filter more narrowly."
    assert shaped("data_sources.query", listed(page(), reason="Ignore\nall")).said.endswith("of unknown reason.")
    nothing = shaped("data_sources.query", listed(), data_source_id=SOURCE)
    assert (nothing.body, nothing.said, nothing.source) == ("", "No rows.", "")
    assert shaped("search.search", listed(cursor="c")).said == "No hits in this part; there are more."
    assert shaped("search.search", listed(page(), left_out="x")).said.startswith(
        "1 hit; no more. Items outside the allowed roots are left out."
    )


def test_what_people_see_of_a_row_beside_its_columns_stands_in_a_column_of_its_own():
    odd = {**page(2, "B"), "icon": {"type": "emoji", "emoji": "🐶"}, "in_trash": True, "is_locked": True}
    moved = {**page(3, "C"), "parent": {"type": "page_id", "page_id": uid(9)}, "public_url": "https://x.notion.site/c"}
    cover = {**page(4, "D"), "cover": {"type": "file", "file": {"url": SIGNED}}}
    assert rows(page(1, "A"), odd, moved, cover).split("\n") == [
        "id|Name|(page)",
        "p1|A|",
        "p2|B|in trash, locked, icon 🐶",
        "p3|C|in p9, public https://x.notion.site/c",
        "p4|D|cover file(p4)",
    ]
    assert rows(page(1, **{"(page)": value("number", 1)})).split("\n")[0] == r"id|Name|\(page)"


ICONS = [
    ({"type": "custom_emoji", "custom_emoji": {"id": uid(9), "name": "bufo"}}, ":bufo:"),
    ({"type": "icon", "icon": {"name": "rocket", "color": "red"}}, "rocket red"),
    ({"type": "external", "external": {"url": "https://x.com/i.png"}}, "https://x.com/i.png"),
    ({"type": "file", "file": {"url": SIGNED}}, "file(p1)"),
    ({"type": "new"}, "new"),
]


@pytest.mark.parametrize(("icon", "text"), ICONS, ids=[str(icon["type"]) for icon, _ in ICONS])
def test_every_kind_of_icon(icon: Any, text: str):
    assert rows({**page(1, "A"), "icon": icon}) == f"id|Name|(page)\np1|A|icon {text}"


def test_wikis_list_data_sources_beside_rows_and_partial_rows_have_their_ids():
    nested = {
        "object": "data_source",
        "id": uid(7),
        "title": rich("Nested"),
        "last_edited_time": "2026-01-02T03:04:05Z",
    }
    assert rows(page(1, "A"), nested) == "id|Name\np1|A\nid|title|kind|edited\nds7|Nested|data source|2026-01-02"
    bare = listed({"object": "page", "id": uid(1)}, {"object": "page", "id": uid(2)})
    assert shaped("views.get_query_results", bare, view_id=uid(8)).body == "p1\np2"


def test_hits_have_no_properties_and_say_their_place_once():
    found = [page(number, f"Page {number}", Email=value("email", "a@b.c")) for number in (1, 2)]
    result = shaped("search.search", listed(*found))
    assert result.body == "All: in ds2|edited 2026-06-18\nid|title\np1|Page 1\np2|Page 2"
    assert "pages.get" in result.said
    assert result.source == "search hits"
    assert shaped("search.search", listed({"object": "page", "id": uid(1)})).body == "id|title\np1|"
    top = {
        **page(3, "Top"),
        "parent": {"type": "workspace", "workspace": True},
        "icon": {"type": "emoji", "emoji": "🏠"},
    }
    assert shaped("pages.list", listed(top)).body == "id|title|in|edited|state\np3|Top|workspace|2026-06-18|icon 🏠"


def test_one_page_lists_what_it_holds_then_what_it_does_not():
    found = {**page(1, "T", Role=value("rich_text", rich("two\nlines")), Due=value("date", None)), "is_locked": True}
    result = shaped("pages.get", found)
    assert result.body == (
        "page p1 in ds2, edited 2026-06-18T17:51Z, locked, https://app.notion.com/p/1\nName: T\n"
        r"Role: two\nlines" + "\nEmpty: Due"
    )
    assert result.source == "page p1"
    assert "line break" in result.said


def test_the_trash_is_said_and_what_was_not_changed_is_not_listed():
    gone = {**page(1, "T", Role=value("rich_text", rich("words"))), "in_trash": True}
    result = shaped("pages.delete", gone)
    assert result.body.endswith("\ntitle: T")
    assert "words" not in result.body
    assert result.said == "It is in the trash."
    old = {**page(1, "T"), "archived": True}
    del old["in_trash"]
    assert shaped("pages.get", old).said == "It is in the trash."


def test_values_that_are_cut_off_are_marked():
    many = value("relation", [{"id": uid(2)}], has_more=True)
    found = {**page(1, Friends=many, Sum=value("rollup", {"type": "number", "number": 3})), "incomplete": [
        {"property": "Friends", "reason": "stops at 25 items; pages.get with complete: true reads all"},
        {"property": "Sum", "reason": "uses 25 related pages at most; pages.get_property reads a rollup in full"},
    ]}  # fmt: skip
    result = shaped("pages.get", found)
    assert "Friends: p2 … +more\nSum: 3 …?" in result.body
    assert "complete: true reads all" in result.said
    assert "25 related pages" in result.said
    assert "p2 … +more|3 …?" in rows(found)
    found["incomplete"] = [
        {"property": "Friends", "reason": "stops at 25 items, the rest could not be read (forbidden)"}
    ]
    assert "could not be read" in shaped("pages.get", found).said


def test_names_of_properties_stay_as_they_are_where_nothing_ends_them():
    odd = {"A = B": value("number", 1), "Note: x": value("number", 2)}
    assert rows(page(1, "T", **odd)).split("\n")[0] == "id|Name|A = B|Note: x"
    assert rows(page(1, "T", **odd), page(2, "U", **odd)).split("\n")[0] == r"All rows: A \= B=1|Note: x=2"
    assert shaped("pages.get", page(1, "T", **odd)).body.endswith("\nA = B: 1\nNote\\: x: 2")


def test_new_options_are_told():
    result = shaped("pages.create", {**page(), "new_options": [{"property": "Tags", "option": "a|b"}]})
    assert result.body.endswith("\nNew options: Tags=a\\|b")
    assert "New options were created." in result.said
    assert "Tags" not in result.said


VALUES = [
    (value("number", 1200.5), "1200.5"),
    (value("number", 100.0), "100"),
    (value("number", -3), "-3"),
    (value("number", 1e-07), "1e-07"),
    (value("checkbox", True), "yes"),
    (value("checkbox", False), "no"),
    (value("select", {"id": "a", "name": "X", "color": "red"}), "X"),
    (value("status", {"id": "a", "name": "Done"}), "Done"),
    (value("multi_select", [{"name": "a"}, {"name": "b, c"}]), r"a, b\, c"),
    (value("date", {"start": "2026-12-01", "end": None, "time_zone": None}), "2026-12-01"),
    (value("date", {"start": "2026-12-01", "end": "2026-12-03"}), "2026-12-01/2026-12-03"),
    (value("date", {"start": "2026-12-01T09:00:00.000+02:00"}), "2026-12-01T09:00+02:00"),
    (value("date", {"start": "2026-12-01T09:00:00.000Z"}), "2026-12-01T09:00Z"),
    (value("date", {"start": "2026-12-01T09:00:30.000Z"}), "2026-12-01T09:00:30.000Z"),
    (value("date", {"start": "2026-12-01T09:00:00", "time_zone": "Europe/Paris"}), "2026-12-01T09:00 Europe/Paris"),
    (value("people", [{"id": USER, "name": "Doe, Jane"}, {"id": uid(6)}]), r"Doe\, Jane, u6"),
    (value("relation", [{"id": uid(7)}, {"id": uid(8)}]), "p7, p8"),
    (value("url", "https://x.com/?a=1|2"), r"https://x.com/?a=1\|2"),
    (value("email", "a@b.c"), "a@b.c"),
    (value("phone_number", "+49 1"), "+49 1"),
    (value("files", [{"name": "a.png", "type": "file", "file": {"url": SIGNED}}]), "a.png (file(p1))"),
    (value("files", [{"name": "b", "type": "external", "external": {"url": "https://x.com/b"}}]), "b (https://x.com/b)"),
    (value("files", [{"name": "https://x.com/b", "external": {"url": "https://x.com/b"}}]), "https://x.com/b"),
    (value("unique_id", {"prefix": "T", "number": 12}), "T-12"),
    (value("unique_id", {"prefix": None, "number": 12}), "12"),
    (value("created_by", {"id": USER, "name": "Jane"}), "Jane"),
    (value("last_edited_time", "2026-06-18T17:51:00.000Z"), "2026-06-18T17:51Z"),
    (value("formula", {"type": "string", "string": "a|b"}), r"a\|b"),
    (value("formula", {"type": "boolean", "boolean": False}), "no"),
    (value("formula", {"type": "number", "number": 2.0}), "2"),
    (value("formula", {"type": "date", "date": {"start": "2026-01-01"}}), "2026-01-01"),
    (value("formula", {"type": "unsupported", "unsupported": {}}), "(not computed)"),
    (value("rollup", {"type": "number", "number": 0}), "0"),
    (value("rollup", {"type": "array", "array": [value("title", rich("a, b")), value("number", 1)]}), r"a\, b, 1"),
    (value("rollup", {"type": "array", "array": [value("multi_select", [{"name": "a"}, {"name": "b"}])]}), "a, b"),
    (value("button", {}), "(button)"),
    (value("verification", {"state": "verified", "date": {"start": "2026-01-01"}, "verified_by": {"id": USER}}),
     "verified 2026-01-01 by u5"),
    (value("place", {"lat": 52.5, "lon": 13.4, "name": "Home", "address": "Berlin"}), "Home Berlin (52.5, 13.4)"),
    (value("rich_text", [words("a "), words("b", bold=True)]), "a **b**"),
    (value("rich_text", [words("site", "https://x.com")]), "[site](https://x.com)"),
    (value("rich_text", [words("2*3 = 6")]), "2*3 = 6"),
    (value("new_kind", {"deep": [1, None]}), '{"deep":[1,null]}'),
    (value("new_kind", "text"), "text"),
    (value("checkbox", 1), "1"),
    (value("select", 5), '{"id":"x","select":5,"type":"select"}'),
    (value("files", [{"name": "lost", "type": "file"}]), "lost"),
    (value("formula", {"type": "new", "new": "x"}), "x"),
    (value("rich_text", [words("a|b", code=True)]), r"`a\|b`"),
]  # fmt: skip
NOTHING = [value("formula", {"type": "number", "number": None}), value("unique_id", {}), value("select", None)]
EMPTY = ["title", "rich_text", "multi_select", "people", "files", "relation"]


@pytest.mark.parametrize(("given_value", "text"), VALUES, ids=lambda each: str(each)[:60].replace("\\", "/"))
def test_every_kind_of_value(given_value: Any, text: str):
    assert shaped("pages.get", page(1, V=given_value)).body.split("\n")[2] == f"V: {text}"


@pytest.mark.parametrize("empty", [value(kind, []) for kind in EMPTY] + NOTHING)
def test_what_is_empty_is_named_only(empty: Any):
    assert shaped("pages.get", page(1, V=empty)).body.endswith("\nEmpty: V")


def test_dates_and_other_plain_values_are_taken_back():
    def column(kind: str) -> Column:
        return Column(name="V", id="x", type=kind, settings={})

    for given_value, text in VALUES:
        kind = given_value["type"]
        if kind == "date" and " " not in text:
            again = shaped("pages.get", page(1, V=value("date", date_value(text)))).body
            assert f"V: {text}" in again
        if kind in {"number", "checkbox"} and text != "1":
            assert converted(column(kind), text) == given_value[kind]
        if kind in {"email", "phone_number"}:
            assert converted(column(kind), text) == given_value[kind]


def test_mentions_of_pages_lead_to_them():
    mention = {"type": "mention", "mention": {"type": "page", "page": {"id": uid(9)}}, "plain_text": "Plan",
               "annotations": {**PLAIN}, "href": "https://app.notion.com/p/9"}  # fmt: skip
    result = shaped("pages.get", page(1, Notes=value("rich_text", [words("See "), mention])))
    assert re.search(r"Notes: See <mention(-page)? p9>Plan</mention(-page)?>", result.body)
    assert "Formatted text is shown as Markdown." in result.said


@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=4), names, names)
def test_cells_split_back_to_the_values(found: list[tuple[str, str, str]], first: str, second: str):
    taken = {"Name", "id", "(page)"}
    if first == second or {first, second} & taken:
        return
    pages = [
        page(number, title, **{first: value("rich_text", rich(text)), second: value("select", {"name": option})})
        for number, (title, text, option) in enumerate(found)
    ]
    read = table(rows(*pages))
    assert [(row["Name"], row[first], row[second]) for row in read] == found
    assert [row["id"] for row in read] == [f"p{number}" for number in range(len(found))]


@given(st.lists(texts.filter(bool), min_size=1, max_size=5))
def test_items_split_back_to_the_values(found: list[str]):
    body = shaped("pages.get", page(1, V=value("multi_select", [{"name": each} for each in found]))).body
    assert items_of(body.split("\n")[2].removeprefix("V: ")) == found


@given(st.permutations(["Alpha", "beta", "Gamma", "Name"]))
def test_the_order_of_notions_keys_changes_nothing(order: list[str]):
    found = page(1, Alpha=value("number", 1), beta=value("number", 2), Gamma=value("number", None))
    mixed = {**found, "properties": {name: found["properties"][name] for name in order}}
    assert shaped("pages.get", mixed) == shaped("pages.get", found)
    assert rows(mixed, mixed) == rows(found, found)


def test_markdown_in_a_cell_ends_no_cell():
    assert barred("`a|b` \\| c\nd") == "`a\\|b` \\| c\\nd"
    assert barred("plain") == "plain"


def test_shaping_changes_nothing_and_needs_no_known_operation():
    found = page(1, V=value("relation", [{"id": PAGE}], has_more=True))
    before = repr(found)
    shaped("pages.get", found)
    rows(found)
    assert repr(found) == before
    assert shape(call("things.query"), listed(found), refs=Names()).body
    assert split(r"a\|b|c", "|") == [r"a\|b", "c"]
