"""Short filters and sorts: compiled against the schema to Notion's grammar, told apart from it, and refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tabled import ANA, BEN, DATABASE, PAGE, ROW1, ROW2, SCHEMA, SOURCE, Workspace

from airbyte_agent_notion import Policy, SyncNotionConnector
from airbyte_agent_notion.errors import InvalidParams
from airbyte_agent_notion.operations.databases import QueryDatabase
from airbyte_agent_notion.operations.plain.filters import is_short
from airbyte_agent_notion.operations.plain.groups import all_of, any_of
from airbyte_agent_notion.operations.plain.operators import FAMILIES, operator_of
from airbyte_agent_notion.operations.row_query import QueryDataSource
from airbyte_agent_notion.sandbox import Sandbox


def sent(filter=None, sorts=None, workspace=None):
    workspace = workspace or Workspace(rows=((ROW1, "Apollo"),))
    given = {name: value for name, value in {"filter": filter, "sorts": sorts}.items() if value is not None}
    workspace.run(QueryDataSource(data_source_id=SOURCE, **given))
    [request] = workspace.sent
    return request.json


def leaf(name, kind, **condition):
    return {"property": name, kind: condition}


@pytest.mark.covers("data_sources.query")
@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ({"Name": "x"}, leaf("Name", "title", equals="x")),
        ({"notes": {"contains": "x"}}, leaf("Notes", "rich_text", contains="x")),
        ({"Notes": 3}, leaf("Notes", "rich_text", equals="3")),
        ({"Notes": None}, leaf("Notes", "rich_text", is_empty=True)),
        ({"Notes": ""}, leaf("Notes", "rich_text", is_empty=True)),
        ({"Notes": {"not": None}}, leaf("Notes", "rich_text", is_not_empty=True)),
        ({"Notes": {"startsWith": "x"}}, leaf("Notes", "rich_text", starts_with="x")),
        ({"Mail": {"ends with": "x"}}, leaf("Mail", "email", ends_with="x")),
        ({"Link": {"is_not_empty": False}}, leaf("Link", "url", is_empty=True)),
        ({"Phone": {"$ne": "1"}}, leaf("Phone", "phone_number", does_not_equal="1")),
        ({"Name": ["a", "b"]}, {"or": [leaf("Name", "title", equals="a"), leaf("Name", "title", equals="b")]}),
        (
            {"Name": {"not": ["a", "b"]}},
            {"and": [leaf("Name", "title", does_not_equal="a"), leaf("Name", "title", does_not_equal="b")]},
        ),
        ({"Estimate": 3}, leaf("Estimate", "number", equals=3)),
        ({"Estimate": {">": "3"}}, leaf("Estimate", "number", greater_than=3)),
        (
            {"Estimate": {">=": 1, "lt": 5}},
            {
                "and": [
                    leaf("Estimate", "number", greater_than_or_equal_to=1),
                    leaf("Estimate", "number", less_than=5),
                ]
            },
        ),
        (
            {"Estimate": {"between": [1, 5]}},
            {
                "and": [
                    leaf("Estimate", "number", greater_than_or_equal_to=1),
                    leaf("Estimate", "number", less_than_or_equal_to=5),
                ]
            },
        ),
        ({"Key": "task-12"}, leaf("Key", "unique_id", equals=12)),
        ({"Key": {"<=": 12}}, leaf("Key", "unique_id", less_than_or_equal_to=12)),
        ({"Done?": "yes"}, leaf("Done?", "checkbox", equals=True)),
        ({"Done?": {"not": True}}, leaf("Done?", "checkbox", does_not_equal=True)),
        ({"Priority": "high"}, leaf("Priority", "select", equals="High")),
        ({"Priority": ["High", "low"]}, leaf("Priority", "select", equals=["High", "Low"])),
        ({"Priority": {"in": ["High"]}}, leaf("Priority", "select", equals="High")),
        ({"Priority": {"nin": ["High", "Low"]}}, leaf("Priority", "select", does_not_equal=["High", "Low"])),
        ({"Status": {"!=": "Done"}}, leaf("Status", "status", does_not_equal="Done")),
        ({"Status": "open"}, leaf("Status", "status", equals=["Not started", "In progress"])),
        ({"Tags": "red"}, leaf("Tags", "multi_select", contains="red")),
        ({"Tags": ["red", "blue"]}, leaf("Tags", "multi_select", contains=["red", "blue"])),
        (
            {"Tags": {"all": ["red", "blue"]}},
            {"and": [leaf("Tags", "multi_select", contains="red"), leaf("Tags", "multi_select", contains="blue")]},
        ),
        ({"Tags": {"excludes": "red"}}, leaf("Tags", "multi_select", does_not_contain="red")),
        ({"Due": "2026-12-01"}, leaf("Due", "date", equals="2026-12-01")),
        ({"Due": "Tomorrow"}, leaf("Due", "date", equals="tomorrow")),
        ({"Due": "past week"}, leaf("Due", "date", past_week={})),
        ({"Due": {"next_month": True}}, leaf("Due", "date", next_month={})),
        ({"Due": {"within": "this week"}}, leaf("Due", "date", this_week={})),
        ({"Due": {"<": "today"}}, leaf("Due", "date", before="today")),
        ({"Due": {"since": "2026-01-01"}}, leaf("Due", "date", on_or_after="2026-01-01")),
        (
            {"Due": "2026-01-01/2026-02-01"},
            {"and": [leaf("Due", "date", on_or_after="2026-01-01"), leaf("Due", "date", on_or_before="2026-02-01")]},
        ),
        (
            {"Due": {"start": "2026-01-01", "end": "2026-02-01"}},
            {"and": [leaf("Due", "date", on_or_after="2026-01-01"), leaf("Due", "date", on_or_before="2026-02-01")]},
        ),
        (
            {"Due": {"between": ["2026-01-01", "today"]}},
            {"and": [leaf("Due", "date", on_or_after="2026-01-01"), leaf("Due", "date", on_or_before="today")]},
        ),
        ({"Created": {"after": "2026-01-01"}}, leaf("Created", "created_time", after="2026-01-01")),
        (
            {"created_time": {"after": "2026-01-01"}},
            {"timestamp": "created_time", "created_time": {"after": "2026-01-01"}},
        ),
        (
            {"last_edited_time": "past_week"},
            {"timestamp": "last_edited_time", "last_edited_time": {"past_week": {}}},
        ),
        ({"Owner": "ana ruiz"}, leaf("Owner", "people", contains=ANA)),
        ({"Owner": {"not": "ben@a.example"}}, leaf("Owner", "people", does_not_contain=BEN)),
        ({"Owner": "me"}, leaf("Owner", "people", contains="me")),
        ({"Owner": {"id": ANA}}, leaf("Owner", "people", contains=ANA)),
        ({"Author": "Ben Li"}, leaf("Author", "created_by", contains=BEN)),
        (
            {"Owner": ["Ana Ruiz", "Ben Li"]},
            {"or": [leaf("Owner", "people", contains=ANA), leaf("Owner", "people", contains=BEN)]},
        ),
        ({"Parent": "apollo"}, leaf("Parent", "relation", contains=ROW1)),
        ({"Parent": ROW2}, leaf("Parent", "relation", contains=ROW2)),
        ({"Files": {"exists": True}}, leaf("Files", "files", is_not_empty=True)),
        ({"Files": None}, leaf("Files", "files", is_empty=True)),
        ({"Checked": "verified"}, leaf("Checked", "verification", status="verified")),
        ({"Checked": {"!=": "expired"}}, leaf("Checked", "verification", does_not_equal="expired")),
        ({"Total": 3}, leaf("Total", "formula", number={"equals": 3})),
        ({"Total": {">": 3}}, leaf("Total", "formula", number={"greater_than": 3})),
        ({"Total": True}, leaf("Total", "formula", checkbox={"equals": True})),
        ({"Total": {"contains": "x"}}, leaf("Total", "formula", string={"contains": "x"})),
        ({"Total": {"before": "2026-01-01"}}, leaf("Total", "formula", date={"before": "2026-01-01"})),
        ({"Total": {"empty": True}}, leaf("Total", "formula", string={"is_empty": True})),
        ({"Total": {"date": {"past_week": {}}}}, leaf("Total", "formula", date={"past_week": {}})),
        ({"Sum": {">": 3}}, leaf("Sum", "rollup", number={"greater_than": 3})),
        ({"Last": {"before": "today"}}, leaf("Last", "rollup", date={"before": "today"})),
        ({"All": {"any": {"select": {"equals": "x"}}}}, leaf("All", "rollup", any={"select": {"equals": "x"}})),
        ({"Notes": {"rich_text": {"contains": "x"}}}, leaf("Notes", "rich_text", contains="x")),
        ({"Name": {"rich_text": {"contains": "x"}}}, leaf("Name", "rich_text", contains="x")),
        (
            {"Status": "Done", "Due": {"before": "2026-12-01"}, "Tags": ["red", "blue"]},
            {
                "and": [
                    leaf("Status", "status", equals="Done"),
                    leaf("Due", "date", before="2026-12-01"),
                    leaf("Tags", "multi_select", contains=["red", "blue"]),
                ]
            },
        ),
    ],
)
def test_a_short_filter_becomes_notions(short, whole):
    assert sent(short)["filter"] == whole


WHOLE = [
    leaf("Status", "status", equals="Done"),
    leaf("property", "rich_text", equals="x"),
    leaf("and", "rich_text", equals="x"),
    {"timestamp": "created_time", "created_time": {"past_week": {}}},
    {"and": [leaf("A", "b", c=1), {"or": [leaf("and", "rich_text", equals="x"), leaf("A", "b", c=2)]}]},
]


@pytest.mark.parametrize("whole", WHOLE)
def test_notions_grammar_passes_unchanged_and_without_reading_the_schema(whole):
    workspace = Workspace()
    assert sent(whole, [{"property": "Due", "direction": "ascending"}], workspace)["filter"] == whole
    assert workspace.reads == []


def test_both_may_be_mixed_in_groups():
    mixed = {"or": [{"Status": "Done", "Estimate": 3}, leaf("and", "rich_text", equals="x"), {"Name": "y"}]}
    assert sent(mixed)["filter"] == {
        "or": [
            {"and": [leaf("Status", "status", equals="Done"), leaf("Estimate", "number", equals=3)]},
            leaf("and", "rich_text", equals="x"),
            leaf("Name", "title", equals="y"),
        ]
    }


@pytest.mark.parametrize(
    ("short", "said"),
    [
        ({"Stauts": "x"}, "filter.Stauts: there is no such property; did you mean 'Status'"),
        ({"Status": "Dne"}, "filter.Status: there is no option 'Dne'; did you mean 'Done'? There are: 'Not started'"),
        ({"Status": {"befor": "x"}}, "status has no operator 'befor'"),
        ({"Due": {"befor": "x"}}, "date has no operator 'befor'; did you mean 'before'? There are: equals, before"),
        ({"Due": "1/2/26"}, "'1/2/26' is no date"),
        ({"Due": ["2026-01-01", "2026-01-02"]}, "takes one day, or a range"),
        ({"Due": {"before": None}}, "before needs a value, not null"),
        ({"Due": {"between": ["2026-01-01"]}}, "between takes two values"),
        ({"Owner": "Nobody"}, "there is no user 'Nobody'"),
        ({"Owner": 5}, "neither an id nor a name"),
        ({"Parent": "Nothing"}, "no row of the related data source"),
        ({"Done?": None}, "neither true nor false"),
        ({"Done?": {"empty": True}}, "checkbox has no operator 'empty'"),
        ({"Files": "x"}, "files has no operator 'equals'"),
        ({"Estimate": "many"}, "is no number"),
        ({"Estimate": {}}, "says nothing"),
        ({"Priority": []}, "an empty list matches nothing"),
        ({"Priority": [True]}, "is no option"),
        ({"Notes": {"equals": {"a": 1}}}, "cannot be compared"),
        ({"Notes": {"empty": "x"}}, "takes true or false"),
        ({"Go": "x"}, "button properties cannot be filtered by"),
        ({"Where": "x"}, "place properties cannot be filtered by"),
        ({"All": "x"}, "is a rollup that lists values (show_original)"),
        ({"and": [{"Status": "Done"}], "Status": "Done"}, "'and' stands alone"),
        ({"or": [{"Status": "Done"}, "x"]}, "filter.or.1: must be an object"),
        ({"and": [{"or": [{"Stauts": "x"}]}]}, "filter.and.0.or.0.Stauts"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(short, said):
    workspace = Workspace()
    with pytest.raises(InvalidParams) as caught:
        sent(short, workspace=workspace)
    assert said in str(caught.value)
    assert workspace.sent == []


def test_all_problems_are_told_in_one_error():
    with pytest.raises(InvalidParams) as caught:
        sent({"Stauts": "x", "Due": "soon"}, ["Deu", {"Name": "sideways"}])
    assert list(caught.value.details["parameters"]) == ["filter.Stauts", "filter.Due", "sorts.0.Deu", "sorts.1.Name"]


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("Due", [("Due", "ascending")]),
        ("-due", [("Due", "descending")]),
        (
            ["+Due", "Name desc", "Estimate ASC"],
            [("Due", "ascending"), ("Name", "descending"), ("Estimate", "ascending")],
        ),
        ({"Due": "descending", "Name": "asc"}, [("Due", "descending"), ("Name", "ascending")]),
        (
            [{"Due": -1}, {"property": "Name", "direction": "descending"}],
            [("Due", "descending"), ("Name", "descending")],
        ),
    ],
)
def test_short_sorts(short, whole):
    assert sent(sorts=short)["sorts"] == [{"property": name, "direction": direction} for name, direction in whole]


def test_timestamps_sort_too():
    assert sent(sorts="-created_time")["sorts"] == [{"timestamp": "created_time", "direction": "descending"}]


def test_a_column_that_begins_with_a_sign_is_itself(monkeypatch):
    monkeypatch.setitem(SCHEMA, "-Due", {"id": "x", "type": "date", "date": {}})
    assert sent(sorts="-Due")["sorts"] == [{"property": "-Due", "direction": "ascending"}]


@pytest.mark.parametrize("bad", [{"Due": "sideways"}, "Deu", ["Due", {"Nmae": "asc"}]])
def test_bad_sorts_are_refused(bad):
    with pytest.raises(InvalidParams, match=r"sorts\.\d"):
        sent(sorts=bad)


def test_the_schema_of_a_sort_is_advertised_as_a_list_of_objects():
    schema = QueryDataSource.model_json_schema()["properties"]["sorts"]
    assert {"type": "array", "items": {"type": "object", "additionalProperties": True}} in schema["anyOf"]


def test_a_database_is_queried_in_short_too():
    workspace = Workspace()
    workspace.run(QueryDatabase(database_id=DATABASE, filter={"Status": "done"}, sorts="-Due"))
    [request] = workspace.sent
    assert request.path == f"/v1/data_sources/{SOURCE}/query"
    assert request.json["filter"] == leaf("Status", "status", equals="Done")
    assert workspace.reads == ["databases.get", "data_sources.get"]


@pytest.mark.covers("data_sources.query", "databases.query")
@pytest.mark.parametrize("entity", ["data_sources", "databases"])
def test_the_way_through_all_rows_reads_the_schema_once(entity):
    sandbox = Sandbox.sample()
    notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.full())
    people = next(each for each in notion.data_sources.list.iterate() if each["title"][0]["plain_text"] == "Tasks")
    tasks = people["id"]
    given = {"data_source_id": tasks, "page_size": 30, "filter": {"Status": ["Done", "Blocked"]}, "sorts": "-Due"}
    if entity == "databases":
        people = next(each for each in notion.data_sources.list.iterate() if each["title"][0]["plain_text"] == "People")
        given = {"database_id": people["parent"]["database_id"], "page_size": 5, "filter": {"Team": {"not": None}}}
    before = len(sandbox.requests)
    rows = list(getattr(notion, entity).query.iterate(**given))
    paths = [each.path.rpartition("/")[2] for each in sandbox.requests[before:]]
    assert len(rows) > 2 * given["page_size"]
    assert paths.count("query") == -(-len(rows) // given["page_size"])
    assert len(paths) - paths.count("query") == (1 if entity == "data_sources" else 2)


def test_beyond_the_cap_of_rows_a_short_filter_goes_on():
    sandbox = Sandbox.sample(row_cap=50)
    notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.full())
    tasks = next(each for each in notion.data_sources.list.iterate() if each["title"][0]["plain_text"] == "Tasks")["id"]
    whole = Sandbox.sample()
    other = SyncNotionConnector.sandbox(whole, policy=Policy.full())
    wanted = {"Status": {"not": "Done"}, "Priority": ["High", "Medium", "Low"]}
    found = list(notion.data_sources.query.iterate(data_source_id=tasks, filter=wanted))
    expected = list(other.data_sources.query.iterate(data_source_id=tasks, filter=wanted))
    assert len(found) == len(expected) > 50
    assert {each["id"] for each in found} == {each["id"] for each in expected}


LEAVES = st.integers(0, 7).map(lambda number: {"property": str(number)})
GROUPS = st.recursive(
    LEAVES,
    lambda inner: st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3)),
    max_leaves=8,
)


def joined(shape):
    if isinstance(shape, dict):
        return shape
    name, parts = shape
    return (all_of if name == "and" else any_of)([joined(part) for part in parts])


def holds(given, true):
    if isinstance(given, tuple):
        given = {given[0]: given[1]}
    for name, how in (("and", all), ("or", any)):
        if name in given:
            return how(holds(part, true) for part in given[name])
    return given["property"] in true


def levels(given):
    inner = given.get("and") or given.get("or") or []
    return 1 + max(map(levels, inner)) if inner else 0


@given(GROUPS, st.sets(st.integers(0, 7).map(str)))
def test_groups_of_any_depth_mean_the_same_on_two_levels(shape, true):
    flat = joined(shape)
    assert levels(flat) <= 2
    assert holds(flat, true) == holds(shape, true)


def test_a_group_that_would_become_too_large_is_refused():
    deep = {"and": [{"or": [{"Status": "Done", "Name": str(each)} for each in range(5)]}] * 4}
    with pytest.raises(InvalidParams, match="nested too deeply"):
        sent(deep)


@pytest.mark.parametrize("kind", FAMILIES)
def test_no_operator_has_two_meanings(kind):
    for name, others in FAMILIES[kind].items():
        assert {operator_of(kind, each) for each in (name, *others)} == {name}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from(["Name", "and", "or", "is", "Due"]), inner, max_size=2)
        ),
        max_leaves=6,
    )
)
def test_whatever_is_given_ends_in_a_query_or_in_one_error(value):
    workspace = Workspace(rows=((ROW1, "Apollo"),))
    for short in ({"Name": value}, {"Due": value}, {"Owner": value}, {"and": value}, {"Status": value}):
        problem = None
        try:
            workspace.run(QueryDataSource(data_source_id=SOURCE, filter=short))
        except InvalidParams as error:
            problem = error
        if problem is None:
            assert not is_short(workspace.sent[-1].json.get("filter"))
        else:
            assert all(name.startswith("filter") for name in problem.details["parameters"])


def test_the_page_of_a_row_is_not_needed():
    workspace = Workspace()
    sent({"Name": "x"}, workspace=workspace)
    assert workspace.reads == ["data_sources.get"]
    assert PAGE not in str(workspace.sent)
