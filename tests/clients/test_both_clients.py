"""What Notion's own JavaScript client and the Python client of notion-client do alike, with either version."""

import pytest

from airbyte_agent_notion.sandbox.sample.markup import database_id, page_id

pytestmark = [pytest.mark.sockets, pytest.mark.enable_socket]

LOG = page_id("incidents")
UNKNOWN = "00000000-0000-4000-8000-000000000000"
PNG = bytes(range(256)) * 40
MIB = 1024 * 1024


def text(content):
    return [{"type": "text", "text": {"content": content}}]


def paragraph(content, **payload):
    return {"type": "paragraph", "paragraph": {"rich_text": text(content), **payload}}


def ids(results):
    return [each["id"] for each in results]


def shown(obj):
    """The object as it reads alone: a list's objects and a write's answer have no request id of their own."""
    return {key: value for key, value in obj.items() if key != "request_id"}


def test_users_and_search(client, served):
    me = client.call("users.me")
    assert (me["type"], me["name"]) == ("bot", "Brightkeel Assistant")
    people = client.collect("users.list", page_size=3)
    assert ids(people) == [each.id for each in served.workspace.users.values() if not each.guest]
    assert served.arrived == ["GET users/me 200", *["GET users 200"] * 3]
    assert client.call("users.retrieve", user_id=people[0]["id"])["name"] == people[0]["name"]
    asked = {"query": "travel expense", "filter": {"property": "object", "value": "page"}}
    found = client.call("search", **asked)["results"]
    assert served.workspace.title(served.workspace.pages[found[0]["id"]]) == "Travel expense policy"
    assert all(each["object"] == "page" and each["in_trash"] is False for each in found)


def test_a_list_longer_than_a_page(client, served):
    kept = [each.id for each in served.workspace.children(served.workspace.pages[LOG])]
    found = client.collect("blocks.children.list", block_id=LOG)
    assert ids(found) == kept
    assert len(kept) == 130
    assert served.arrived == [f"GET blocks/{LOG}/children 200"] * 2
    first = client.first(5, "blocks.children.list", block_id=LOG, page_size=4)
    assert ids(first) == kept[:5]
    assert len(served.arrived) == 4
    page = client.call("blocks.children.list", block_id=LOG, page_size=7)
    rest = client.collect("blocks.children.list", block_id=LOG, start_cursor=page["next_cursor"])
    assert (page["has_more"], [*ids(page["results"]), *ids(rest)]) == (True, kept)


def test_query_filters_sorts_and_pages(client, served):
    tasks = served.source("Tasks")
    done = {"property": "Status", "status": {"equals": "Done"}}
    sorts = [{"property": "Due", "direction": "descending"}]
    found = client.collect("data_sources.query", data_source_id=tasks, filter=done, sorts=sorts, page_size=10)
    every = client.collect("data_sources.query", data_source_id=tasks)
    status = {each["id"]: each["properties"]["Status"]["status"]["name"] for each in every}
    assert set(status) == {each.id for each in served.workspace.rows(served.workspace.sources[tasks])}
    assert len(every) == len(status) == 250
    assert sorted(ids(found)) == sorted(each for each, name in status.items() if name == "Done")
    due = [each["properties"]["Due"]["date"]["start"] for each in found if each["properties"]["Due"]["date"]]
    assert due == sorted(due, reverse=True)
    assert len(due) > 10
    told = client.refused("data_sources.query", data_source_id=tasks, sorts=[{"property": "Due"}])
    assert told.message.endswith("instead was `undefined`.")


def test_only_the_properties_asked_for(client, served):
    tasks = served.source("Tasks")
    columns = client.call("data_sources.retrieve", data_source_id=tasks)["properties"]
    wanted = ["title", columns["Tags"]["id"]]
    assert "%" in wanted[1]
    # The JavaScript client decodes property ids; the Python client sends what it is given.
    given = wanted if client.language == "javascript" else ["title", "~D}`"]
    asked = {"data_source_id": tasks, "page_size": 2, "filter_properties": given}
    rows = client.call("data_sources.query", **asked)["results"]
    assert [set(each["properties"]) for each in rows] == [{"Task", "Tags"}] * 2
    page = client.call("pages.retrieve", page_id=rows[0]["id"], filter_properties=given)
    assert shown(page) == rows[0]
    item = client.call("pages.properties.retrieve", page_id=rows[0]["id"], property_id=wanted[1])
    assert item["multi_select"] == rows[0]["properties"]["Tags"]["multi_select"]


def test_create_a_page_with_content(client, served, page):
    nested = {**paragraph("Three"), "paragraph": {"rich_text": text("Three"), "children": [paragraph("Below")]}}
    made = client.call(
        "pages.create",
        parent={"page_id": page},
        properties={"title": text("Made by a client")},
        icon={"type": "emoji", "emoji": "⚓"},
        children=[paragraph("One"), {"type": "divider", "divider": {}}, nested],
    )
    assert served.writes == ["POST pages 200"]
    assert made["icon"] == {"type": "emoji", "emoji": "⚓"}
    assert [each.id for each in served.workspace.children(served.workspace.pages[page])] == [made["id"]]
    assert shown(client.call("pages.retrieve", page_id=made["id"])) == shown(made)
    blocks = client.collect("blocks.children.list", block_id=made["id"])
    assert [each["type"] for each in blocks] == ["paragraph", "divider", "paragraph"]
    assert served.texts(blocks[2]["id"]) == ["Below"]
    assert served.notion.pages.get(page_id=made["id"])["properties"]["title"]["title"][0]["plain_text"] == (
        "Made by a client"
    )


def test_create_and_update_a_row(client, served):
    tasks, [ines, *_] = served.source("Tasks"), served.workspace.users
    before = [each.id for each in served.workspace.rows(served.workspace.sources[tasks])]
    values = {
        "Task": {"title": text("Paint the buoy")},
        "Status": {"status": {"name": "Not started"}},
        "Priority": {"select": {"name": "High"}},
        "Owner": {"people": [{"id": ines}]},
        "Due": {"date": {"start": "2026-12-01"}},
        "Estimate": {"number": 2.5},
        "Tags": {"multi_select": [{"name": "hardware"}, {"name": "field work"}]},
        "Ticket": {"url": "https://tickets.example/7"},
        "Needs approval": {"checkbox": True},
    }
    parent = {"type": "data_source_id", "data_source_id": tasks}
    made = client.call("pages.create", parent=parent, properties=values)
    assert made["parent"] == {**parent, "database_id": database_id("work")}
    rows = [each.id for each in served.workspace.rows(served.workspace.sources[tasks])]
    assert sorted(rows) == sorted([*before, made["id"]])

    changed = {"Status": {"status": {"name": "Done"}}, "Estimate": {"number": None}}
    answer = client.call("pages.update", page_id=made["id"], properties=changed, icon=None)
    assert served.writes == ["POST pages 200", f"PATCH pages/{made['id']} 200"]
    now = served.notion.pages.get(page_id=made["id"])["properties"]
    assert now["Status"]["status"]["name"] == answer["properties"]["Status"]["status"]["name"] == "Done"
    assert now["Estimate"]["number"] is None
    untouched = ("Task", "Priority", "Due", "Tags", "Ticket", "Needs approval", "Created")
    assert {name: now[name] for name in untouched} == {name: made["properties"][name] for name in untouched}
    assert [each["name"] for each in now["Tags"]["multi_select"]] == ["hardware", "field work"]
    assert ids(now["Owner"]["people"]) == [ines]
    wanted = {"property": "Task", "title": {"equals": "Paint the buoy"}}
    found = client.call("data_sources.query", data_source_id=tasks, filter=wanted)
    assert ids(found["results"]) == [made["id"]]


def test_append_at_the_end_and_in_between(client, served, page, version):
    made = client.call("blocks.children.append", block_id=page, children=[paragraph("1"), paragraph("4")])
    assert [each["has_children"] for each in made["results"]] == [False, False]
    first = made["results"][0]["id"]
    place = {"position": {"type": "after_block", "after_block": {"id": first}}}
    if version == "2025-09-03":
        place = {"after": first}
    between = client.call("blocks.children.append", block_id=page, children=[paragraph("2"), paragraph("3")], **place)
    assert len(ids(between["results"])[:2]) == 2
    client.call("blocks.children.append", block_id=first, children=[paragraph("1a")])
    assert served.writes == [f"PATCH blocks/{each}/children 200" for each in (page, page, first)]
    assert served.texts(page) == ["1", "2", "3", "4"]
    assert served.texts(first) == ["1a"]
    assert ids(client.collect("blocks.children.list", block_id=page)) == [
        first,
        *ids(between["results"])[:2],
        made["results"][1]["id"],
    ]


def test_append_more_than_a_page_of_blocks(client, served, page):
    for start in (0, 100):
        children = [paragraph(f"{number}") for number in range(start, start + 100)]
        assert len(client.call("blocks.children.append", block_id=page, children=children)["results"]) == 100
    found = client.collect("blocks.children.list", block_id=page, page_size=30)
    assert [each["paragraph"]["rich_text"][0]["plain_text"] for each in found] == [f"{n}" for n in range(200)]
    told = client.refused("blocks.children.append", block_id=page, children=[paragraph("x")] * 101)
    assert (told.code, told.status) == ("validation_error", 400)
    assert len(served.workspace.children(served.workspace.pages[page])) == 200


def test_update_a_block(client, served, page):
    made = client.call("blocks.children.append", block_id=page, children=[paragraph("Old"), paragraph("Other")])
    [block, other] = ids(made["results"])
    answer = client.call("blocks.update", block_id=block, paragraph={"rich_text": text("New"), "color": "blue"})
    assert served.writes[1:] == [f"PATCH blocks/{block} 200"]
    assert shown(client.call("blocks.retrieve", block_id=block)) == shown(answer)
    assert (answer["paragraph"]["color"], served.texts(page)) == ("blue", ["New", "Other"])
    told = client.refused("blocks.update", block_id=other, heading_1={"rich_text": text("Turned")})
    assert (told.code, served.texts(page)) == ("validation_error", ["New", "Other"])


def test_trash_and_restore(client, served, page, version):
    made = client.call("blocks.children.append", block_id=page, children=[paragraph("Keep"), paragraph("Drop")])
    [_, drop] = ids(made["results"])
    gone = client.call("blocks.delete", block_id=drop)
    assert (gone["id"], gone["in_trash"], served.texts(page)) == (drop, True, ["Keep"])
    client.call("blocks.update", block_id=drop, in_trash=False)
    assert served.texts(page) == ["Keep", "Drop"]

    child = client.call("pages.create", parent={"page_id": page}, properties={"title": text("Child")})["id"]
    trashed = client.call("pages.update", page_id=page, in_trash=True)
    assert trashed["in_trash"] is True
    assert trashed.get("archived") is (True if version == "2025-09-03" else None)
    assert served.workspace.in_trash(served.workspace.pages[child])
    told = client.refused("blocks.children.append", block_id=page, children=[paragraph("Late")])
    assert (told.code, told.status) == ("validation_error", 400)
    assert client.call("pages.update", page_id=page, in_trash=False)["in_trash"] is False
    assert not served.workspace.in_trash(served.workspace.pages[child])
    assert [each["type"] for each in client.collect("blocks.children.list", block_id=page)] == [
        "paragraph",
        "paragraph",
        "child_page",
    ]


def test_a_database_from_creation_to_trash(client, served, page):
    schema = {"Name": {"title": {}}, "Kind": {"select": {"options": [{"name": "Boat", "color": "blue"}]}}}
    made = client.call(
        "databases.create",
        parent={"type": "page_id", "page_id": page},
        title=text("Fleet"),
        initial_data_source={"properties": schema},
    )
    [source] = ids(made["data_sources"])
    assert shown(client.call("databases.retrieve", database_id=made["id"])) == shown(made)
    parent = {"data_source_id": source}
    rows = [
        client.call("pages.create", parent=parent, properties={"Name": {"title": text(name)}})["id"]
        for name in ("Alma", "Brisa")
    ]
    client.call(
        "data_sources.update", data_source_id=source, properties={"Kind": {"name": "Sort"}, "Length": {"number": {}}}
    )
    found = client.collect(
        "data_sources.query", data_source_id=source, sorts=[{"property": "Name", "direction": "ascending"}]
    )
    assert ids(found) == rows
    assert [set(each["properties"]) for each in found] == [{"Name", "Sort", "Length"}] * 2
    other = client.call(
        "data_sources.create",
        parent={"database_id": made["id"]},
        properties={"Port": {"title": {}}},
        title=text("Ports"),
    )
    assert ids(served.notion.databases.get(database_id=made["id"])["data_sources"]) == [source, other["id"]]
    assert client.call("databases.update", database_id=made["id"], in_trash=True)["in_trash"] is True
    assert all(served.workspace.in_trash(served.workspace.pages[each]) for each in rows)


def test_move_a_page(client, served, page):
    made = client.call("pages.create", parent={"page_id": page}, properties={"title": text("Mover")})["id"]
    answer = client.call("pages.move", page_id=made, parent={"type": "page_id", "page_id": page_id("home")})
    assert answer["parent"] == {"type": "page_id", "page_id": page_id("home")}
    assert served.workspace.children(served.workspace.pages[page]) == []
    assert [each.id for each in served.workspace.children(served.workspace.pages[page_id("home")])].count(made) == 1


def test_comments(client, served, page):
    made = client.call("comments.create", parent={"page_id": page}, rich_text=text("Is this right?"))
    reply = client.call("comments.create", discussion_id=made["discussion_id"], rich_text=text("It is."))
    assert ids(client.collect("comments.list", block_id=page, page_size=1)) == [made["id"], reply["id"]]
    client.call("comments.update", comment_id=reply["id"], rich_text=text("It was."))
    assert client.call("comments.retrieve", comment_id=reply["id"])["rich_text"][0]["plain_text"] == "It was."
    client.call("comments.delete", comment_id=made["id"])
    left = served.notion.comments.list(block_id=page).data
    assert [each["rich_text"][0]["plain_text"] for each in left] == ["It was."]
    assert len(served.writes) == 4


def test_upload_a_file_and_attach_it(client, served, page):
    announced = client.call("file_uploads.create", filename="buoy.png", content_type="image/png")
    assert announced["status"] == "pending"
    sent = client.call(
        "file_uploads.send", file_upload_id=announced["id"], file=client.file("buoy.png", PNG, "image/png")
    )
    assert (sent["status"], sent["content_length"]) == ("uploaded", len(PNG))
    assert served.workspace.files.uploads[sent["id"]].content == PNG
    image = {"type": "image", "image": {"type": "file_upload", "file_upload": {"id": sent["id"]}}}
    [block] = client.call("blocks.children.append", block_id=page, children=[image])["results"]
    assert block["image"]["type"] == "file"
    assert sent["id"] in block["image"]["file"]["url"]
    assert client.call("file_uploads.retrieve", file_upload_id=sent["id"])["status"] == "uploaded"
    assert ids(client.collect("file_uploads.list", status="uploaded")) == [sent["id"]]
    told = client.refused(
        "file_uploads.send", file_upload_id=sent["id"], file=client.file("buoy.png", b"again", "image/png")
    )
    assert (told.code, served.workspace.files.uploads[sent["id"]].content) == ("validation_error", PNG)


def test_upload_in_parts(client, served):
    limits = served.workspace.files.limits
    limits.whole_file = 50 * MIB
    content = b"".join(bytes([part]) * (5 * MIB if part < 3 else 1000) for part in (1, 2, 3))
    announced = client.call(
        "file_uploads.create", mode="multi_part", filename="log.txt", content_type="text/plain", number_of_parts=3
    )
    for part in (2, 1, 3):
        piece = content[(part - 1) * 5 * MIB : part * 5 * MIB]
        given = {"file": client.file("log.txt", piece, "text/plain"), "part_number": str(part)}
        answer = client.call("file_uploads.send", file_upload_id=announced["id"], **given)
        assert answer["status"] == "pending"
    done = client.call("file_uploads.complete", file_upload_id=announced["id"])
    assert (done["status"], done["content_length"]) == ("uploaded", len(content))
    assert served.workspace.files.uploads[announced["id"]].content == content


def test_views(client, served):
    tasks, work = served.source("Tasks"), database_id("work")
    known = ids(client.collect("views.list", database_id=work))
    wanted = {"property": "Status", "status": {"equals": "Done"}}
    made = client.call("views.create", data_source_id=tasks, database_id=work, name="Done", type="table", filter=wanted)
    assert (made["object"], made["name"], made["type"]) == ("view", "Done", "table")
    assert shown(client.call("views.retrieve", view_id=made["id"])) == shown(made)
    assert ids(client.collect("views.list", database_id=work)) == [*known, made["id"]]

    answer = client.call("views.queries.create", view_id=made["id"], page_size=10)
    query = {"view_id": made["id"], "query_id": answer["id"]}
    rest = client.collect("views.queries.results", **query, start_cursor=answer["next_cursor"], page_size=10)
    found = client.collect("data_sources.query", data_source_id=tasks, filter=wanted)
    assert sorted([*ids(answer["results"]), *ids(rest)]) == sorted(ids(found))
    client.call("views.queries.delete", **query)
    assert client.refused("views.queries.results", **query).status == 404

    told = client.refused("views.update", view_id=made["id"], filter={"property": "Status", "status": {"equals": [{}]}})
    assert (told.status, told.code) == (400, "validation_error")
    client.call("views.update", view_id=made["id"], name="Finished", filter=None)
    now = served.notion.views.get(view_id=made["id"])
    assert (now["name"], now["filter"]) == ("Finished", None)
    client.call("views.delete", view_id=made["id"])
    assert ids(client.collect("views.list", database_id=work)) == known


def test_a_template_is_applied_after_the_answer(client, served):
    tasks = served.source("Tasks")
    served.workspace.later.template_requests = 2
    parent = {"type": "data_source_id", "data_source_id": tasks}
    made = client.call("pages.create", parent=parent, template={"type": "default"})
    contents = [client.collect("blocks.children.list", block_id=made["id"]) for _ in range(4)]
    assert contents[:2] == [[], []]
    assert contents[2] == contents[3] != []
    assert served.writes == ["POST pages 200"]


def test_templates_emojis_and_meeting_notes(client, served):
    tasks = served.source("Tasks")
    names = [each.name for each in served.workspace.sources[tasks].templates]
    found = client.templates(data_source_id=tasks, page_size=3)
    assert [each["name"] for each in found] == names
    assert len(names) == 4
    emojis = client.collect("custom_emojis.list")
    assert [each["name"] for each in emojis] == [each.name for each in served.workspace.emojis.values()]
    notes = client.call("blocks.meeting_notes.query", limit=5)
    assert notes["results"]
    assert all(each["type"] in ("meeting_notes", "transcription") for each in notes["results"])


def test_a_page_as_markdown(client, served, page):
    client.call("blocks.children.append", block_id=page, children=[paragraph("First"), paragraph("Second")])
    read = client.call("pages.retrieve_markdown", page_id=page)
    assert (read["object"], read["truncated"], read["unknown_block_ids"]) == ("page_markdown", False, [])
    assert read["markdown"].split("\n") == ["First", "Second"]
    [first, second] = [each.id for each in served.workspace.children(served.workspace.pages[page])]

    change = {"content_updates": [{"old_str": "Second", "new_str": "Second, changed"}]}
    answer = client.call("pages.update_markdown", page_id=page, type="update_content", update_content=change)
    assert served.texts(page) == answer["markdown"].split("\n") == ["First", "Second, changed"]
    assert [each.id for each in served.workspace.children(served.workspace.pages[page])] == [first, second]
    missing = {"content_updates": [{"old_str": "Third", "new_str": "3"}]}
    told = client.refused("pages.update_markdown", page_id=page, type="update_content", update_content=missing)
    assert (told.status, told.code, served.texts(page)) == (400, "validation_error", ["First", "Second, changed"])


def test_create_a_page_from_markdown(client, served, page):
    given = "# From Markdown\n- one\n- two\n> three"
    made = client.call("pages.create", parent={"page_id": page}, markdown=given)
    assert made["properties"]["title"]["title"][0]["plain_text"] == "From Markdown"
    blocks = client.collect("blocks.children.list", block_id=made["id"])
    assert [each["type"] for each in blocks] == ["bulleted_list_item"] * 2 + ["quote"]
    assert served.texts(made["id"]) == ["one", "two", "three"]
    assert served.writes == ["POST pages 200"]


REFUSALS = [
    ("pages.retrieve", {"page_id": UNKNOWN}, 404, "object_not_found"),
    ("pages.retrieve", {"page_id": "12345678-1234-1234-1234-123456789abc"}, 400, "validation_error"),
    ("blocks.delete", {"block_id": UNKNOWN}, 404, "object_not_found"),
    ("search", {"page_size": 101}, 400, "validation_error"),
    ("pages.create", {"parent": {"page_id": UNKNOWN}, "properties": {}}, 404, "object_not_found"),
    ("pages.create", {"parent": {"page_id": LOG}, "properties": {"Mood": {"checkbox": True}}}, 400, "validation_error"),
    ("comments.create", {"parent": {"page_id": LOG}}, 400, "validation_error"),
    ("file_uploads.create", {"mode": "multi_part"}, 400, "validation_error"),
]


def test_refusals_are_the_clients_own_errors(client, served):
    before = served.sandbox.to_json()
    for call, args, status, code in REFUSALS:
        told = client.refused(call, **args)
        assert (told.kind, told.own, told.api) == ("APIResponseError", True, True), call
        assert (told.status, told.code) == (status, code), (call, told)
        assert told.request_id
    assert client.waits == []
    assert len(served.arrived) == len(REFUSALS)
    assert served.sandbox.to_json() == before


def test_a_token_that_is_refused(connect, client, version):
    told = connect(client.language, version, token="ntn_wrong").refused("users.me")
    assert (told.kind, told.status, told.code) == ("APIResponseError", 401, "unauthorized")


def test_what_the_connection_may_not_do(client, served, page):
    served.sandbox.capabilities = {"read_content"}
    told = client.refused("blocks.children.append", block_id=page, children=[paragraph("No")])
    assert (told.status, told.code, served.texts(page)) == (403, "restricted_resource", [])


def test_the_rate_limit_is_waited_for(client, served, page):
    served.sandbox.faults.add(status=429, retry_after=7, times=2)
    client.call("blocks.children.append", block_id=page, children=[paragraph("Once")])
    assert client.waits == [7, 7]
    assert served.writes == [*[f"PATCH blocks/{page}/children 429"] * 2, f"PATCH blocks/{page}/children 200"]
    assert served.texts(page) == ["Once"]


def test_the_rate_limit_outlasts_the_client(client, served, page):
    served.sandbox.faults.rate_limit(per_minute=1)
    client.call("users.me")
    told = client.refused("blocks.children.append", block_id=page, children=[paragraph("Never")])
    assert (told.status, told.code) == (429, "rate_limited")
    assert told.additional_data["rate_limit_reason"] == "public_api_request_rate_limit"
    assert client.waits == [int(told.additional_data["retry_after"])] * 2
    served.sandbox.faults.clear()
    assert served.texts(page) == []


def test_what_may_have_been_saved_is_not_sent_again(client, served, page):
    served.sandbox.faults.add(status=503, method="PATCH", after=True, committed=True)
    told = client.refused("blocks.children.append", block_id=page, children=[paragraph("Once")])
    assert (told.kind, told.code, told.additional_data["committed_resource_id"]) == (
        "APIResponseError",
        "service_unavailable",
        page,
    )
    assert (client.waits, served.writes) == ([], [f"PATCH blocks/{page}/children 503"])
    assert served.texts(page) == ["Once"]
    [block] = served.workspace.children(served.workspace.pages[page])
    assert told.additional_data["committed_child_ids"] == [block.id]


def test_reads_are_sent_again_after_a_server_error(client, served):
    served.sandbox.faults.add(status=500, method="GET")
    served.sandbox.faults.add(status=503, method="GET")
    assert client.call("users.me")["type"] == "bot"
    assert served.arrived == ["GET users/me 500", "GET users/me 503", "GET users/me 200"]
    assert len(client.waits) == 2


def test_an_answer_that_is_not_notions(client, served):
    served.sandbox.faults.add(status=502, content="<html>Bad gateway</html>")
    told = client.refused("users.me")
    assert (told.kind, told.code, told.status, told.own, told.api) == (
        "UnknownHTTPResponseError",
        "notionhq_client_response_error",
        502,
        True,
        False,
    )


def test_a_client_that_gives_up(connect, client, served, page, version):
    served.sandbox.faults.add(delay=600, path="/v1/users")
    hasty = connect(client.language, version, timeout_ms=1)
    told = hasty.refused("users.me")
    assert (told.kind, told.code, told.own, told.api) == (
        "RequestTimeoutError",
        "notionhq_client_request_timeout",
        True,
        False,
    )


def test_a_path_that_leads_elsewhere_is_not_sent(client, served):
    told = client.refused("pages.retrieve", page_id="../users/me")
    assert (told.kind, told.code) == ("InvalidPathParameterError", "notionhq_client_invalid_path_parameter")
    assert served.arrived == []


def test_oauth_from_a_code_to_revocation(connect, client, served, version):
    oauth = served.sandbox.oauth
    app = {"client_id": oauth.client_id, "client_secret": oauth.client_secret}
    redirect = "https://app.example/callback"
    code = oauth.code(redirect_uri=redirect)
    exchange = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
    first = client.call("oauth.token", **app, **exchange)
    assert connect(client.language, version, token=first["access_token"]).call("users.me")["id"] == first["bot_id"]
    told = client.refused("oauth.token", **app, **exchange)
    assert told.status == 400
    renewed = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = client.call("oauth.token", **app, **renewed)
    assert second["access_token"] != first["access_token"]
    assert client.call("oauth.introspect", **app, token=second["access_token"])["active"] is True
    client.call("oauth.revoke", **app, token=second["access_token"])
    assert client.call("oauth.introspect", **app, token=second["access_token"])["active"] is False
    told = connect(client.language, version, token=second["access_token"]).refused("users.me")
    assert (told.status, told.code) == (401, "unauthorized")
