"""Rows from plain values: every type, look-ups by name, and one error for everything that does not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tabled import ANA, ANA2, BEN, BOT, DATABASE, NAMESAKE, NO_USERS, PAGE, ROW1, ROW2, ROW3, SOURCE, USERS, Workspace

from airbyte_agent_notion import Policy, SyncNotionConnector
from airbyte_agent_notion.errors import AmbiguousReference, InvalidParams
from airbyte_agent_notion.operations.page_writes import CreatePage, UpdatePage
from airbyte_agent_notion.operations.plain.rows import is_plain
from airbyte_agent_notion.sandbox import Sandbox

IN_SOURCE = {"data_source_id": SOURCE}
TEXT = [{"type": "text", "text": {"content": "Hi"}}]


def written(properties, workspace=None, parent=IN_SOURCE):
    workspace = workspace or Workspace()
    workspace.run(CreatePage(parent=parent, properties=properties))
    [request] = workspace.sent
    return request.json["properties"]


def refused(properties, workspace=None):
    workspace = workspace or Workspace()
    with pytest.raises(InvalidParams) as caught:
        workspace.run(CreatePage(parent=IN_SOURCE, properties=properties))
    assert workspace.sent == []
    return caught.value


@pytest.mark.covers("pages.create")
@pytest.mark.parametrize(
    ("name", "plain", "value"),
    [
        ("Name", "Hi", {"title": TEXT}),
        ("Name", None, {"title": []}),
        ("Notes", "Hi", {"rich_text": TEXT}),
        ("Notes", "", {"rich_text": []}),
        ("Notes", 12, {"rich_text": [{"type": "text", "text": {"content": "12"}}]}),
        ("Notes", TEXT, {"rich_text": TEXT}),
        ("Estimate", 3, {"number": 3}),
        ("Estimate", "3", {"number": 3}),
        ("Estimate", " -2.50 ", {"number": -2.5}),
        ("Estimate", "1e3", {"number": 1000.0}),
        ("Estimate", None, {"number": None}),
        ("Priority", "High", {"select": {"name": "High"}}),
        ("Priority", "high", {"select": {"name": "High"}}),
        ("Priority", {"name": "Hig"}, {"select": {"name": "Hig"}}),
        ("Priority", {"id": "o1"}, {"select": {"id": "o1"}}),
        ("Priority", None, {"select": None}),
        ("Status", "in PROGRESS", {"status": {"name": "In progress"}}),
        ("Status", None, {"status": None}),
        ("Tags", "red", {"multi_select": [{"name": "red"}]}),
        ("Tags", ["RED", "blue", "red"], {"multi_select": [{"name": "red"}, {"name": "blue"}]}),
        ("Tags", "red, blue", {"multi_select": [{"name": "red"}, {"name": "blue"}]}),
        ("Tags", "old, comma", {"multi_select": [{"name": "old, comma"}]}),
        ("Tags", [], {"multi_select": []}),
        ("Tags", None, {"multi_select": []}),
        ("Due", "2026-12-01", {"date": {"start": "2026-12-01"}}),
        ("Due", "2026-12-01 14:00", {"date": {"start": "2026-12-01T14:00"}}),
        ("Due", "2026-12-01T14:00:00+01:00", {"date": {"start": "2026-12-01T14:00:00+01:00"}}),
        ("Due", "2026-12-01/2026-12-05", {"date": {"start": "2026-12-01", "end": "2026-12-05"}}),
        ("Due", {"start": "2026-12-01", "end": "2026-12-05"}, {"date": {"start": "2026-12-01", "end": "2026-12-05"}}),
        ("Due", {"start": "2026-12-01", "end": None}, {"date": {"start": "2026-12-01"}}),
        (
            "Due",
            {"start": "2026-12-01T09:00", "time_zone": "Europe/Lisbon"},
            {"date": {"start": "2026-12-01T09:00", "time_zone": "Europe/Lisbon"}},
        ),
        ("Due", None, {"date": None}),
        ("Owner", "Ana Ruiz", {"people": [{"id": ANA}]}),
        ("Owner", ["ana ruiz", "BEN@a.example", BOT, ANA], {"people": [{"id": ANA}, {"id": BEN}, {"id": BOT}]}),
        ("Owner", {"id": ANA.replace("-", "")}, {"people": [{"id": ANA}]}),
        ("Owner", [{"name": "Ben Li"}, {"email": "ana@a.example"}], {"people": [{"id": BEN}, {"id": ANA}]}),
        ("Owner", None, {"people": []}),
        (
            "Files",
            "https://e.example/a/b%20c.pdf?x=1",
            {
                "files": [
                    {
                        "type": "external",
                        "name": "b c.pdf",
                        "external": {"url": "https://e.example/a/b%20c.pdf?x=1"},
                    }
                ]
            },
        ),
        (
            "Files",
            [{"url": "https://e.example", "name": "n"}],
            {"files": [{"type": "external", "name": "n", "external": {"url": "https://e.example"}}]},
        ),
        (
            "Files",
            {"object": "file_upload", "id": ROW1, "filename": "a.pdf"},
            {"files": [{"type": "file_upload", "file_upload": {"id": ROW1}, "name": "a.pdf"}]},
        ),
        ("Files", {"file_upload": {"id": ROW1}}, {"files": [{"file_upload": {"id": ROW1}}]}),
        ("Files", None, {"files": []}),
        ("Done?", True, {"checkbox": True}),
        ("Done?", "Yes", {"checkbox": True}),
        ("Done?", "false", {"checkbox": False}),
        ("Done?", None, {"checkbox": False}),
        ("Link", " https://e.example ", {"url": "https://e.example"}),
        ("Link", None, {"url": None}),
        ("Mail", "a@b.example", {"email": "a@b.example"}),
        ("Phone", "+49 30 1", {"phone_number": "+49 30 1"}),
        ("Parent", "Apollo", {"relation": [{"id": ROW1}]}),
        ("Parent", ["apollo", ROW3], {"relation": [{"id": ROW1}, {"id": ROW3}]}),
        ("Parent", f"https://www.notion.so/x/Title-{ROW2.replace('-', '')}?pvs=4", {"relation": [{"id": ROW2}]}),
        ("Parent", None, {"relation": []}),
        ("Where", {"lat": 1, "lon": 2.5, "name": "x"}, {"place": {"lat": 1, "lon": 2.5, "name": "x"}}),
        ("Where", None, {"place": None}),
        ("Checked", "Verified", {"verification": {"state": "verified"}}),
        ("Checked", False, {"verification": {"state": "unverified"}}),
        ("Checked", {"state": "verified", "date": None}, {"verification": {"state": "verified", "date": None}}),
        ("Checked", {"state": "unverified"}, {"verification": {"state": "unverified"}}),
        ("Checked", None, {"verification": {"state": "unverified"}}),
    ],
)
def test_a_plain_value_becomes_notions(name, plain, value):
    # A second plain value makes sure that the schema is read in every case.
    sent = written({name: plain, "Case": "x"}, Workspace(rows=((ROW1, "Apollo"), (ROW2, "Gemini"))))
    assert sent[name] == value


@pytest.mark.parametrize(
    "value",
    [{"title": TEXT}, {"id": "title", "type": "title", "title": TEXT}, TEXT],
)
def test_notions_own_values_pass_unchanged_and_without_reading_the_schema(value):
    given = {"title": value, "Due": {"date": {"start": "x"}}, "Total": {"type": "formula", "formula": {}}}
    workspace = Workspace()
    assert written(given, workspace) == given
    assert workspace.reads == []


def test_both_forms_may_be_mixed():
    sent = written({"title": "Hi", "Status": {"status": {"name": "Gone"}}, "Due": {"date": None}, "Notes": "x"})
    assert sent["Name"] == {"title": TEXT}
    assert sent["Status"] == {"status": {"name": "Gone"}}
    assert sent["Due"] == {"date": None}


@pytest.mark.parametrize("key", ["Name", "title", "name", " NAME "])
def test_a_property_is_found_by_name_id_or_other_case(key):
    assert written({key: "Hi"}) == {"Name": {"title": TEXT}}


@pytest.mark.parametrize("key", ["a%3Ab", "a:b"])
def test_an_id_may_be_encoded_or_not(key):
    assert written({key: "Hi"}) == {"Notes": {"rich_text": TEXT}}


def test_a_name_that_differs_in_case_from_another_is_exact():
    assert written({"Case": "Hi"}) == {"Case": {"rich_text": TEXT}}
    assert "stands for several properties: 'Case', 'CASE'" in str(refused({"case": "Hi"}))


@pytest.mark.parametrize(
    ("name", "plain", "said"),
    [
        ("Stauts", "x", "no such property; did you mean 'Status' or 'Tags'? There are: 'Name', 'Notes'"),
        ("Zzz", "x", "there is no such property. There are: 'Name'"),
        (
            "Status",
            "Dne",
            "there is no status 'Dne'; did you mean 'Done'? There are: 'Not started', 'In progress', 'Done'",
        ),
        ("Status", "Zzz", "there is no status 'Zzz'. There are"),
        ("Status", ["Done"], "is no option"),
        ("Priority", "Hihg", "did you mean 'High'? There are: 'High', 'Low', 'Q1 2026'; for a new option write"),
        ("Priority", "", "is no option"),
        ("Priority", "a, b", "names have no comma"),
        ("Tags", ["bleu"], "did you mean 'blue'"),
        ("Tags", [True], "is no option"),
        ("Estimate", "1,200.50", "is no number"),
        ("Estimate", "1.200,50", "is no number"),
        ("Estimate", "1,200", "is no number"),
        ("Estimate", "50%", "is no number"),
        ("Estimate", "nan", "is no number"),
        ("Estimate", True, "is no number"),
        ("Due", "01/12/2026", "is no date; write 2026-12-31"),
        ("Due", "2026-02-30", "is no day or moment that exists"),
        ("Due", "2026-12-05/2026-12-01", "is before the start"),
        ("Due", {"start": "2026-12-01", "ende": "x"}, "a date has no ende"),
        ("Due", {}, "is no date"),
        ("Due", "today", "is no date"),
        ("Owner", "Ana", "there is no user 'Ana'; did you mean 'Ana Ruiz'?"),
        ("Owner", "nobody@x.example", "there is no user 'nobody@x.example'"),
        ("Owner", 5, "5 is neither an id nor a name"),
        ("Owner", [ANA] * 1 + [f"50000000-0000-4000-9000-{index:012d}" for index in range(100)], "101 are given"),
        ("Parent", "Apolo", "no row of the related data source has the title 'Apolo'"),
        ("Parent", "https://www.notion.so/nothing", "without the id of a page"),
        ("Files", "/etc/passwd", "is no file"),
        ("Files", "ftp://x", "is no file"),
        ("Done?", "maybe", "neither true nor false"),
        ("Done?", 1, "neither true nor false"),
        ("Link", "two words", "is no address"),
        ("Link", "x" * 2_001, "is no address"),
        ("Mail", "nope", "is no e-mail address"),
        ("Phone", "1" * 201, "is no phone number"),
        ("Where", "Berlin", "write a place as"),
        ("Checked", "maybe", "write 'verified'"),
        ("Notes", True, "write text"),
        ("Notes", "x" * 200_001, "would need 101 items"),
        ("Notes", {"select": {"name": "x"}}, "is of type rich_text, not select"),
        ("Total", 3, "formula properties cannot be written"),
        ("Created", "2026-12-01", "created_time properties cannot be written"),
        ("Key", 3, "unique_id properties cannot be written"),
        ("Go", "x", "button properties cannot be written"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_written(name, plain, said):
    error = refused({name: plain, "Case": "x"}, Workspace(rows=((ROW1, "Apollo"),)))
    assert said in str(error)
    assert list(error.details["parameters"]) == [f"properties.{name}"]
    assert "Nothing was written" in error.hint
    assert error.details["properties"][:2] == ["Name", "Notes"]


def test_all_problems_of_a_row_are_told_in_one_error():
    error = refused({"Stauts": "x", "Status": "Dne", "Due": "soon", "Name": "Good", "Owner": "Nobody"})
    assert list(error.details["parameters"]) == [f"properties.{each}" for each in ("Stauts", "Status", "Due", "Owner")]
    assert error.message.startswith("pages.create: properties.Stauts: there is no such property")


def test_a_property_given_twice_is_refused():
    assert "'Name' is given twice" in str(refused({"Name": "a", "title": "b"}))


def test_new_options_are_told_with_the_result():
    workspace = Workspace()
    page = workspace.run(
        CreatePage(parent=IN_SOURCE, properties={"Priority": "Q2 2026", "Tags": ["red", "green"], "Name": "x"})
    )
    assert page["new_options"] == [
        {"property": "Priority", "option": "Q2 2026"},
        {"property": "Tags", "option": "green"},
    ]
    assert "new_options" not in Workspace().run(CreatePage(parent=IN_SOURCE, properties={"Tags": ["red"]}))


def test_an_option_may_be_forced():
    page = Workspace().run(CreatePage(parent=IN_SOURCE, properties={"Tags": [{"name": "bleu"}]}))
    assert page["new_options"] == [{"property": "Tags", "option": "bleu"}]


def test_namesakes_are_told_apart_or_refused():
    workspace = Workspace(users=[*USERS, NAMESAKE])
    said = str(refused({"Owner": "ana ruiz"}, workspace))
    assert f"2 users are called 'ana ruiz': Ana Ruiz ana@a.example {ANA}" in said
    assert ANA2 in said
    assert written({"Owner": "other@a.example"}, Workspace(users=[*USERS, NAMESAKE]))["Owner"] == {
        "people": [{"id": ANA2}]
    }


def test_where_users_cannot_be_listed_ids_still_work():
    assert "give user ids" in str(refused({"Owner": "Ana Ruiz"}, Workspace(users=NO_USERS)))
    assert written({"Owner": ANA}, Workspace(users=NO_USERS)) == {"Owner": {"people": [{"id": ANA}]}}


def test_a_title_of_several_rows_is_no_target():
    said = str(refused({"Parent": "Apollo"}, Workspace(rows=((ROW1, "Apollo"), (ROW2, "Apollo")))))
    assert f"2 rows have the title 'Apollo': {ROW1}, {ROW2}" in said


def test_an_exact_title_is_preferred_to_one_in_another_case():
    rows = ((ROW1, "APOLLO"), (ROW2, "Apollo"))
    assert written({"Parent": "Apollo"}, Workspace(rows=rows)) == {"Parent": {"relation": [{"id": ROW2}]}}
    assert "2 rows have the title 'apollo'" in str(refused({"Parent": "apollo"}, Workspace(rows=rows)))


def test_titles_that_are_alike_are_shown():
    said = str(refused({"Parent": "Apollo Eleven"}, Workspace(rows=((ROW1, "Apollo 11 eleven"),))))
    assert "Alike: 'Apollo 11 eleven'" in said


def test_users_and_schema_are_read_once_for_a_row():
    workspace = Workspace(rows=((ROW1, "Apollo"),))
    written({"Owner": ["Ana Ruiz", "Ben Li"], "Parent": ["Apollo", "Apollo"], "Name": "x"}, workspace)
    assert workspace.reads == ["data_sources.get", "users.list", "users.list", "data_sources.query"]


def test_a_database_stands_for_its_only_data_source():
    workspace = Workspace()
    written({"Name": "Hi"}, workspace, parent={"database_id": DATABASE})
    assert workspace.sent[0].json["parent"] == {"data_source_id": SOURCE}
    assert workspace.reads == ["databases.get", "data_sources.get"]
    with pytest.raises(AmbiguousReference):
        written({"Name": "Hi"}, Workspace(sources=2), parent={"database_id": DATABASE})


def test_a_databases_id_given_for_a_data_source_is_resolved():
    workspace = Workspace()
    written({"Name": "Hi"}, workspace, parent={"data_source_id": DATABASE})
    assert workspace.sent[0].json["parent"] == {"data_source_id": SOURCE}


def test_under_a_page_there_is_a_title_only():
    workspace = Workspace()
    assert written({"title": "Hi"}, workspace, parent={"page_id": PAGE}) == {"title": {"title": TEXT}}
    assert workspace.reads == []
    with pytest.raises(InvalidParams, match="There are: 'title'"):
        written({"Status": "Done"}, parent={"page_id": PAGE})


@pytest.mark.covers("pages.update")
def test_a_row_is_updated_by_its_own_schema():
    workspace = Workspace()
    workspace.run(UpdatePage(page_id=PAGE, properties={"Status": "done", "Due": None}))
    assert workspace.sent[0].json == {"properties": {"Status": {"status": {"name": "Done"}}, "Due": {"date": None}}}
    assert workspace.reads == ["pages.get", "data_sources.get"]
    whole = Workspace()
    whole.run(UpdatePage(page_id=PAGE, properties={"Due": {"date": None}}))
    assert whole.reads == []


@given(
    st.dictionaries(st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text(max_size=5), max_size=3)
)
def test_whatever_is_given_ends_in_a_write_or_in_one_error(properties):
    workspace = Workspace(rows=((ROW1, "Apollo"),))
    problem = None
    try:
        workspace.run(CreatePage(parent=IN_SOURCE, properties=properties))
    except InvalidParams as error:
        problem = error
    if problem is None:
        assert len(workspace.sent) == 1
        assert not is_plain(workspace.sent[0].json.get("properties"))
    else:
        assert workspace.sent == []
        assert set(problem.details["parameters"]) <= {f"properties.{key}" for key in properties}


def test_on_the_sandbox_a_row_is_what_was_meant():
    notion = SyncNotionConnector.sandbox(Sandbox.sample(), policy=Policy.full())
    tasks = next(each for each in notion.data_sources.list.iterate() if each["title"][0]["plain_text"] == "Tasks")
    page = notion.pages.create(
        parent={"data_source_id": tasks["id"]},
        properties={
            "Task": "Ship",
            "Status": "done",
            "Due": "2026-12-01/2026-12-05",
            "Owner": "priya raman",
            "Tags": "x",
        },
    )
    values = page["properties"]
    assert values["Status"]["status"]["name"] == "Done"
    assert (values["Due"]["date"]["start"], values["Due"]["date"]["end"]) == ("2026-12-01", "2026-12-05")
    assert [each["name"] for each in values["Owner"]["people"]] == ["Priya Raman"]
    assert page["new_options"] == [{"property": "Tags", "option": "x"}]
    cleared = notion.pages.update(page_id=page["id"], properties={"Due": None, "Tags": None, "Owner": None})
    values = cleared["properties"]
    assert (values["Due"]["date"], values["Tags"]["multi_select"], values["Owner"]["people"]) == (None, [], [])
