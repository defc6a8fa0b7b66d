"""Ids from whatever form people have them in, and never anything else in a path."""

import re
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.errors import InvalidParams
from airbyte_agent_notion.fields import is_notion_url, parse_id
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.operations.block_writes import AppendBlocks, UpdateBlock
from airbyte_agent_notion.operations.blocks import GetBlock, ListBlocks, ListBlockTree
from airbyte_agent_notion.operations.comment_writes import UpdateComment
from airbyte_agent_notion.operations.comments import GetComment, ListComments
from airbyte_agent_notion.operations.data_sources import GetDataSource, ListDataSourceTemplates, QueryDataSource
from airbyte_agent_notion.operations.databases import GetDatabase, QueryDatabase
from airbyte_agent_notion.operations.pages import GetPage
from airbyte_agent_notion.operations.text_edits import EditPage
from airbyte_agent_notion.operations.text_reads import ReadPage
from airbyte_agent_notion.operations.users import GetUser

HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
OTHER_HEX = "f" * 32
OTHER = "ffffffff-ffff-ffff-ffff-ffffffffffff"

WITH_ID = {
    operation: name
    for operation in Catalog.of(NotionSurface).operations()
    for name in operation.model_fields
    if name in {"page_id", "block_id", "database_id", "data_source_id", "comment_id", "user_id"}
    and [field for field, item in operation.model_fields.items() if item.is_required()] == [name]
    and operation not in {AppendBlocks, EditPage, QueryDatabase, UpdateBlock, UpdateComment}
}
"""Those that need an id and nothing else, and send a request of their own."""
NAMED = {
    GetPage: "page_id",
    GetBlock: "block_id",
    ListBlocks: "block_id",
    ListComments: "block_id",
    GetComment: "comment_id",
    ListBlockTree: "block_id",
    ReadPage: "page_id",
    GetDatabase: "database_id",
    GetDataSource: "data_source_id",
    QueryDataSource: "data_source_id",
    ListDataSourceTemplates: "data_source_id",
    GetUser: "user_id",
}
every_operation_with_an_id = pytest.mark.parametrize(("operation", "name"), WITH_ID.items(), ids=lambda item: str(item))


def parsed(operation, name, value):
    return getattr(Catalog.parse(operation, {name: value}), name)


def test_no_operation_with_an_id_is_forgotten_here():
    assert NAMED.items() <= WITH_ID.items()
    assert len(WITH_ID) == 25


@every_operation_with_an_id
@pytest.mark.parametrize("text", [HEX, ID, HEX.upper(), ID.upper(), f"  {ID}\n"])
def test_an_id_in_any_spelling_becomes_notions_own(operation, name, text):
    assert parsed(operation, name, text) == ID


URLS = [
    f"https://www.notion.so/{HEX}",
    f"https://www.notion.so/workspace/{HEX}",
    f"https://www.notion.so/workspace/A-page-s-Title-{HEX}",
    f"https://notion.so/Title-{HEX}",
    f"http://www.notion.so/Title-{HEX}",
    f"https://app.notion.com/p/{HEX}",
    f"https://app.notion.com/p/Title-{HEX}",
    f"https://acme.notion.site/Title-{HEX}",
    f"https://deep.er.notion.site/{ID}",
    f"https://WWW.NOTION.SO/Title-{HEX.upper()}",
    f"www.notion.so/Title-{HEX}",
    f"notion.so/{HEX}",
    f"app.notion.com/p/{HEX}",
    f"https://www.notion.so/Title-{HEX}/",
    f"https://www.notion.so/Title-{HEX}?pvs=4",
    f"https://www.notion.so/Title-{HEX}?pvs=4#",
    f"https://www.notion.so/T%C3%AEtle-{HEX}",
    f" https://www.notion.so/Title-{HEX} ",
]


@pytest.mark.parametrize("operation", [GetPage, GetBlock, ListBlocks, ListComments, GetDatabase, GetDataSource])
@pytest.mark.parametrize("url", URLS)
def test_a_url_stands_for_its_id(operation, url):
    assert parsed(operation, WITH_ID[operation], url) == ID


@pytest.mark.parametrize("operation", [GetUser, GetComment])
def test_a_user_and_a_comment_have_no_url(operation):
    with pytest.raises(InvalidParams, match="32 hex digits") as caught:
        parsed(operation, WITH_ID[operation], URLS[0])
    assert "URL" not in caught.value.message


def test_a_page_peeked_at_is_the_page_meant():
    url = f"https://www.notion.so/workspace/{OTHER_HEX}?v={'e' * 32}&p={HEX}&pm=s"
    assert parsed(GetPage, "page_id", url) == ID
    assert parsed(GetBlock, "block_id", url) == ID
    assert parsed(GetDatabase, "database_id", url) == OTHER


def test_a_view_is_no_id():
    assert parsed(GetDatabase, "database_id", f"https://www.notion.so/ws/{HEX}?v={OTHER_HEX}") == ID
    with pytest.raises(InvalidParams, match="holds no id"):
        parsed(GetDatabase, "database_id", f"https://www.notion.so/ws?v={OTHER_HEX}")


def test_a_block_link_means_the_block_to_blocks_and_the_page_to_pages():
    for url in (f"https://www.notion.so/T-{OTHER_HEX}#{HEX}", f"https://www.notion.so/T-{OTHER_HEX}?pvs=4#block-{HEX}"):
        assert parsed(GetBlock, "block_id", url) == ID
        assert parsed(ListComments, "block_id", url) == ID
        assert parsed(GetPage, "page_id", url) == OTHER
    assert parsed(GetBlock, "block_id", f"https://www.notion.so/T-{HEX}#a-heading") == ID


REFUSED = [
    "",
    " ",
    "..",
    "../users",
    f"../{HEX}",
    f"{HEX}/children",
    f"{HEX}/../users/me",
    f"{HEX}%2f..",
    f"{HEX}?x=1",
    f"{HEX}#x",
    HEX[:31],
    HEX + "0",
    HEX[:-1] + "g",
    HEX[:16] + "\n" + HEX[16:],
    HEX + "\x00",
    "\x00" + HEX,
    HEX[:-1] + "\uff10",  # a full-width digit
    ID.replace("-", "\u2010"),
    "-".join(HEX[start : start + 4] for start in range(0, 32, 4)),
    f"{{{ID}}}",
    f"urn:uuid:{ID}",
    f"https://evil-notion.so/{HEX}",
    f"https://notion.so.evil.com/{HEX}",
    f"https://evil.com/www.notion.so/{HEX}",
    f"https://evil.com/{HEX}",
    f"https://notion.site/{HEX}",
    f"https://evilnotion.site/{HEX}",
    f"https://acme.notion.site.evil.com/{HEX}",
    f"https://www.notion.so@evil.com/{HEX}",
    f"https://evil.com@www.notion.so/{HEX}",
    f"https://user:pass@www.notion.so/{HEX}",
    f"https://www.notion.so:8080/{HEX}",
    f"https://www.notion.so:x/{HEX}",
    f"https://[www.notion.so/{HEX}",
    f"ftp://www.notion.so/{HEX}",
    f"javascript://www.notion.so/{HEX}",
    f"//www.notion.so/{HEX}",
    "https://www.notion.so/",
    "https://www.notion.so/workspace/Title",
    f"https://www.notion.so/Title-{HEX}0",
    f"https://www.notion.so/Title-{HEX[:31]}",
    f"https://www.notion.so/{HEX}/settings",
]


@every_operation_with_an_id
@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_id_is_refused(operation, name, text):
    with pytest.raises(InvalidParams) as caught:
        parsed(operation, name, text)
    assert caught.value.details["parameters"].keys() == {name}
    assert len(text) < 5 or text not in str(caught.value)


@every_operation_with_an_id
@pytest.mark.parametrize("value", [0, 1.5, True, [HEX], {"id": HEX}, HEX.encode(), b"", object()])
def test_what_is_no_text_is_refused(operation, name, value):
    with pytest.raises(InvalidParams, match="must be a string"):
        parsed(operation, name, value)


def test_parse_id_without_urls():
    assert parse_id(HEX) == ID
    with pytest.raises(ValueError, match=r"32 hex digits, with or without dashes$"):
        parse_id(URLS[0])
    with pytest.raises(ValueError, match=r"must be a string: a Notion id$"):
        parse_id(None)


def test_is_notion_url():
    assert is_notion_url("notion.so/x")
    assert not is_notion_url("https://[notion.so")
    assert not is_notion_url("")


hexes = st.text("0123456789abcdefABCDEF-", min_size=30, max_size=40)
near_ids = st.one_of(
    st.text(),
    hexes,
    st.uuids().map(str),
    st.uuids().map(lambda value: value.hex),
    st.builds("{}{}{}".format, st.text(max_size=3), st.uuids().map(lambda value: value.hex), st.text(max_size=3)),
    st.builds(
        "{}://{}{}/{}-{}{}".format,
        st.sampled_from(["http", "https", "ftp"]),
        st.sampled_from(["", "a@", "a:b@"]),
        st.sampled_from(["www.notion.so", "notion.so", "x.notion.site", "app.notion.com", "evil.com", "notion.so:1"]),
        st.text(max_size=8),
        hexes,
        st.text(max_size=8),
    ),
    st.text().map("https://www.notion.so/{}".format),
    st.text().map("https://www.notion.so/x?p={}".format),
    st.text().map("https://www.notion.so/x#{}".format),
)

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@settings(max_examples=2_000, deadline=None)
@given(choice=st.sampled_from(list(WITH_ID.items())), text=near_ids)
@example(choice=(GetPage, "page_id"), text="https://www.notion.so/?p=../users/me")
@example(choice=(GetPage, "page_id"), text=f"https://www.notion.so/?p=%2e%2e%2f{HEX}")
@example(choice=(GetPage, "page_id"), text="\ud800")
def test_a_path_is_the_template_with_one_uuid_whatever_the_text(choice, text):
    operation, name = choice
    try:
        request = Catalog.parse(operation, {name: text}).request()
    except InvalidParams:
        return
    template = re.escape(operation.spec.path).replace(re.escape(f"{{{name}}}"), UUID)
    assert re.fullmatch(template, request.path)
    assert all(re.fullmatch(UUID, value) for _, value in request.query)
    assert (request.json or {}) == dict(operation.spec.fixed)


def test_a_free_form_object_is_a_json_safe_copy():
    given_filter = {"property": "Due", "date": {"after": date(2026, 1, 2)}, "nested": [{"x": (1, 2)}]}
    operation = Catalog.parse(QueryDataSource, {"data_source_id": HEX, "filter": given_filter})
    sent = operation.request().json["filter"]
    assert sent == {"property": "Due", "date": {"after": "2026-01-02"}, "nested": [{"x": [1, 2]}]}
    assert isinstance(given_filter["date"]["after"], date)


def circular():
    value = {}
    value["self"] = value
    return value


def deep():
    value = []
    for _ in range(100_000):
        value = [value]
    return {"deep": value}


@pytest.mark.parametrize(
    "value",
    [
        {"x": float("nan")},
        {"x": float("inf")},
        {"x": "\ud83d"},
        {"\ud83d": 1},
        {"x": 10**5_000},
        {"x": object()},
        {"x": b"\xff"},
        circular(),
        deep(),
        "text",
        [],
        7,
    ],
    ids=["nan", "inf", "surrogate", "key", "digits", "object", "bytes", "circular", "deep", "text", "list", "number"],
)
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(InvalidParams) as caught:
        Catalog.parse(QueryDataSource, {"data_source_id": HEX, "filter": value})
    assert list(caught.value.details["parameters"]) == ["filter"]
    if value == "text":
        return  # The short form of a sort.
    with pytest.raises(InvalidParams, match="sorts"):
        Catalog.parse(QueryDataSource, {"data_source_id": HEX, "sorts": [value] if value != [] else [[]]})


@pytest.mark.parametrize(("name", "value"), [("query", "cut \ud83d"), ("start_cursor", "\ud83d")])
def test_a_lone_surrogate_is_refused(name, value):
    operation = NotionSurface.operations()[0]
    with pytest.raises(InvalidParams) as caught:
        Catalog.parse(operation, {name: value})
    assert list(caught.value.details["parameters"]) == [name]


def test_a_lone_surrogate_in_a_list_is_refused():
    with pytest.raises(InvalidParams, match="filter_properties"):
        Catalog.parse(GetPage, {"page_id": HEX, "filter_properties": ["\ud83d"]})


@pytest.mark.parametrize("value", [0, 101, -1, "ten", 1.5, [], 10**30])
def test_a_page_size_out_of_range_is_refused(value):
    with pytest.raises(InvalidParams, match="page_size"):
        Catalog.parse(ListBlocks, {"block_id": HEX, "page_size": value})


def test_an_empty_cursor_is_refused():
    with pytest.raises(InvalidParams, match="start_cursor"):
        Catalog.parse(ListBlocks, {"block_id": HEX, "start_cursor": ""})


def test_a_cursor_is_handed_back_unchanged():
    cursor = " not-a-uuid/+= ü\n"
    operation = Catalog.parse(ListBlocks, {"block_id": HEX, "start_cursor": cursor})
    assert operation.request().query == (("start_cursor", cursor),)
