"""Our operations against the reference's list of Notion's endpoints, both ways, and what holds for each of them.

The list stands outside this repository: NOTION_OPERATIONS names it, by default ../shared/reference beside the checkout.
"""

import json
import os
import re
from pathlib import Path

import pytest
from sending import EMOJI, HEX, ID, NEW, OLD, least, parse

from airbyte_agent_notion.errors import InvalidParams
from airbyte_agent_notion.listing import ListOperation
from airbyte_agent_notion.operation import Effect
from airbyte_agent_notion.operations.block_writes import UPDATABLE
from airbyte_agent_notion.reference import declared_operations
from airbyte_agent_notion.schema import operation_schema

ROOT = Path(__file__).parents[3]
LISTED_IN = Path(os.environ.get("NOTION_OPERATIONS", ROOT.parent / "shared" / "reference" / "notion-operations.json"))
LISTED = json.loads(LISTED_IN.read_text(encoding="utf-8")) if LISTED_IN.is_file() else []
THEIRS = {f"{each['entity']}.{each['action']}": each for each in LISTED}
OURS = {operation.spec.name: operation for operation in declared_operations()}

where_listed = pytest.mark.skipif(not LISTED, reason=f"{LISTED_IN} is not there")
each_listed = pytest.mark.parametrize("name", sorted(THEIRS) or ["none"])

# --- deliberate differences

OWN = {
    "blocks.list_tree": "all levels at once, of blocks.list",
    "files.get": "a fresh link to a kept file, of reads of what it is in",
    "pages.edit": "an edit of the text as it is read, of pages.update_markdown",
    "pages.read": "the text from wherever it is given, of pages.get_markdown and blocks.list_tree",
    "search.resolve": "what a title, URL or id stands for, of other reads",
    "file_uploads.upload": "all steps of an upload, of file_uploads.create, send, complete and get",
}
"""Operations of ours that are no endpoint."""

LEFT_OUT = {
    **{f"{entity}.list": {"filter"} for entity in ("pages", "data_sources")},  # fixed: the kind listed
    **{
        f"{entity}.{action}": {"in_trash"}  # fixed: what the action does
        for entity in ("pages", "blocks", "databases", "data_sources")
        for action in ("delete", "restore")
        if (entity, action) != ("blocks", "delete")
    },
    "pages.create": {"content"},  # another name of children
    "blocks.append": {"after"},  # the older version's spelling of position, made in wire/versions.py
    "blocks.update": {*UPDATABLE, "type"},  # gathered in block; taken under their own names too
    "oauth.create_token": {"grant_type", "external_account"},  # fixed; for link previews only
    "oauth.refresh_token": {"grant_type"},  # fixed
}
ADDED = {
    "blocks.append": {"markdown"},  # read here, and sent as blocks
    "blocks.delete": {"drop"},  # for the connector: which child pages may go
    "blocks.update": {"block", "drop"},
    "pages.get": {"complete"},  # reads on where values are cut off
    "pages.update": {"drop"},
    "pages.update_markdown": {"drop"},
    "file_uploads.send": {"filename", "content_type"},  # of the form's part
}
INSTEAD = {"blocks.append": {"children"}}  # or markdown
"""Required by Notion, and not where something of ours is given."""
OTHER_ENDPOINT = {"databases.query": "POST /v1/data_sources/{data_source_id}/query"}
"""The legacy endpoint is gone from the versions that we speak."""
OTHER_EFFECT = {"pages.update_markdown": Effect.WRITE}
"""Destructive by content only."""
SENT_ONCE = {"oauth.revoke"}
"""Could be repeated; nothing is, in OAuth."""


@where_listed
def test_the_operations_are_the_same_both_ways():
    assert set(THEIRS) == set(OURS) - set(OWN)
    assert len(THEIRS) == 60


@where_listed
@each_listed
def test_endpoint_and_facts(name):
    theirs, spec = THEIRS[name], OURS[name].spec
    assert spec.endpoint == OTHER_ENDPOINT.get(name, f"{theirs['method']} {theirs['path']}")
    assert spec.capability == theirs["capability"]
    effect = Effect.READ if theirs["read_only"] else Effect.DESTRUCTIVE if theirs["destructive"] else Effect.WRITE
    assert spec.effect is OTHER_EFFECT.get(name, effect)
    assert theirs["min_version"] <= OLD
    assert theirs.get("max_version", NEW) == NEW or name in OTHER_ENDPOINT
    assert (spec.surface == "python") == (theirs["entity"] == "oauth" or name == "file_uploads.send")


@where_listed
@each_listed
def test_parameters(name):
    theirs, operation = THEIRS[name], OURS[name]
    expected = {
        (each["name"], each["required"] and each["name"] not in INSTEAD.get(name, ()), place)
        for place, key in (("path", "path_params"), ("query", "query"), ("body", "body"))
        for each in theirs[key]
        if each["name"] not in LEFT_OUT.get(name, ())
    }
    parts = set(re.findall(r"\{(\w+)\}", theirs["path"]))
    in_query = set(operation.model_fields) if theirs["method"] in {"GET", "DELETE"} else set(operation.spec.query)
    if name == "databases.query":  # a composite: data_sources.query sends them
        in_query = {"filter_properties"}
    actual = {
        (field, item.is_required(), "path" if field in parts else "query" if field in in_query else "body")
        for field, item in operation.model_fields.items()
        if field not in ADDED.get(name, ())
    }
    assert actual == expected


@where_listed
@each_listed
def test_values_and_limits(name):
    theirs, properties = THEIRS[name], operation_schema(OURS[name])["properties"]
    for each in (*theirs["query"], *theirs["body"]):
        ours = properties.get(each["name"], {})
        if "values" in each and ours:
            assert ours["enum"] == each["values"], each["name"]
        if "max" in each:
            assert (ours["minimum"], ours["maximum"]) == (each["min"], each["max"])


@where_listed
@each_listed
def test_paging_retries_and_fixed_bodies(name):
    theirs, operation = THEIRS[name], OURS[name]
    first_page_only = {"views.query", "pages.get_property"}
    assert issubclass(operation, ListOperation) == (theirs["paginated"] and name not in first_page_only)
    if issubclass(operation, ListOperation):
        assert operation.items_key == theirs["pagination"]["items_key"] or name == "data_sources.list_templates"
    spec = operation.spec
    again = spec.effect is Effect.READ or spec.repeatable or spec.method in {"GET", "DELETE"}
    assert again == (theirs["retry"] == "transient" and name not in SENT_ONCE)
    if "fixed_body" in theirs:
        assert dict(spec.fixed) == theirs["fixed_body"]


@where_listed
def test_the_deliberate_differences_are_ones():
    for name, left_out in LEFT_OUT.items():
        names = {each["name"] for each in (*THEIRS[name]["query"], *THEIRS[name]["body"])}
        assert left_out <= names, name
        assert not left_out & set(OURS[name].model_fields), name
    assert set(UPDATABLE) == {each["name"] for each in THEIRS["blocks.update"]["body"]} - {"type", "in_trash"}
    assert {name for name in THEIRS if 202 in THEIRS[name].get("success_status", ())} == {
        "pages.create",
        "pages.update_markdown",
    }


# --- what holds for every operation

CALLABLE = sorted(name for name, operation in OURS.items() if operation.spec.entity != "oauth")
each_operation = pytest.mark.parametrize("name", CALLABLE)
SENDS_OTHERS = {*OWN, "databases.query"}
each_primitive = pytest.mark.parametrize("name", [name for name in CALLABLE if name not in SENDS_OTHERS])


@each_primitive
def test_null_is_unset_unless_it_clears(name):
    operation, given = OURS[name], least(name)
    nulls = {field: None for field in operation.model_fields if field not in operation.spec.nullable}
    assert parse(name, {**nulls, **given}).request() == parse(name, given).request()
    if operation.spec.nullable:
        cleared = dict.fromkeys(operation.spec.nullable)
        assert parse(name, {**given, **cleared}).request().json == {**parse(name, given).request().json, **cleared}
        assert parse(name, {**given, **cleared}).params() == {**parse(name, given).params(), **cleared}


def test_what_null_clears():
    assert {name: set(OURS[name].spec.nullable) for name in OURS if OURS[name].spec.nullable} == {
        "pages.update": {"icon", "cover"},
        "databases.update": {"icon", "cover"},
        "data_sources.update": {"icon"},
        "views.update": {"filter", "sorts", "quick_filters"},
    }


@each_operation
def test_a_parameter_too_many_is_refused(name):
    with pytest.raises(InvalidParams, match="there is no parameter 'archived'"):
        parse(name, {**least(name), "archived": True})


@each_operation
def test_what_is_required_is_missed(name):
    given = least(name)
    for field, item in OURS[name].model_fields.items():
        if item.is_required():
            with pytest.raises(InvalidParams, match=f"{field} is required"):
                parse(name, {key: value for key, value in given.items() if key != field})


@each_primitive
def test_ids_stand_in_the_path_as_notion_writes_them(name):
    path = parse(name, least(name)).request().path
    wanted = OURS[name].spec.path
    for part in re.findall(r"\{(\w+)\}", wanted):
        value = {"property_id": "title", "task_id": HEX}.get(part, ID)
        wanted = wanted.replace(f"{{{part}}}", value)
    assert path == wanted


def test_text_is_never_sent_cut_within_an_emoji():
    with pytest.raises(InvalidParams, match="icon"):
        parse("pages.update", {"page_id": HEX, "icon": {**EMOJI, "emoji": "\ud83d"}})
    with pytest.raises(InvalidParams, match="title"):
        parse("databases.update", {"database_id": HEX, "title": [{"text": {"content": "\ud83d"}}]})
