"""Short handles: always the same for an object, known only where they were given out, and never two objects' own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airbyte_agent_notion.shaping.handles import HANDLE, LETTERS, Handles, digits_of

PAGE = "1f0cabcd-1234-4abc-8def-0123456789ab"
FILE = "notion-file:1f0cabcd12344abc8def0123456789ab/0123456789abcdef0123456789abcdef"

ids = st.uuids().map(str)


def test_a_handle_is_short_and_says_what_it_is() -> None:
    assert HANDLE.fullmatch(handle := Handles().give("page", PAGE))
    assert handle == "p" + digits_of(PAGE)[:9]


@given(identifier=ids, kind=st.sampled_from(sorted(LETTERS)))
def test_it_is_the_same_in_every_conversation_and_leads_back(identifier: str, kind: str) -> None:
    first, second = Handles(), Handles()
    handle = first.give(kind, identifier)
    assert second.give(kind, identifier.replace("-", "").upper()) == handle
    assert first.find(handle) == (kind, identifier)


def test_it_is_the_same_in_every_process() -> None:
    script = f"from airbyte_agent_notion.shaping.handles import Handles; print(Handles().give('page', '{PAGE}'))"
    told = [subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True) for _ in "ab"]
    assert {each.stdout.strip() for each in told} == {Handles().give("page", PAGE)}


@given(identifier=ids)
def test_one_that_was_not_given_out_is_unknown(identifier: str) -> None:
    elsewhere = Handles().give("page", identifier)
    assert Handles().find(elsewhere) is None


def test_files_have_handles_and_what_is_no_id_has_none() -> None:
    handles = Handles()
    assert handles.find(handles.give("file", FILE)) == ("file", FILE)
    assert handles.give("other", "title") == "title"


def _with_equal_digits() -> Iterator[str]:
    """Two ids whose handles begin with the same nine digits, found by trying."""
    seen: dict[str, str] = {}
    for number in range(400_000):
        identifier = str(UUID(int=number << 64))
        digits = digits_of(identifier)[:9]
        if digits in seen:
            yield from (seen[digits], identifier)
            return
        seen[digits] = identifier


@pytest.mark.thorough
def test_two_objects_never_share_one() -> None:
    pair = list(_with_equal_digits())
    assert len(pair) == 2
    handles = Handles()
    first, second = (handles.give("page", each) for each in pair)
    assert first != second
    assert [handles.find(each) for each in (first, second)] == [("page", each) for each in pair]
    assert handles.give("page", pair[0]) == first


def test_the_oldest_are_forgotten_and_then_unknown() -> None:
    handles = Handles(limit=2)
    first, second = handles.give("page", str(UUID(int=1))), handles.give("page", str(UUID(int=2)))
    assert handles.give("page", str(UUID(int=1))) == first
    handles.give("page", str(UUID(int=3)))
    assert handles.find(first) is not None
    assert handles.find(second) is None


def test_kinds_are_apart() -> None:
    handles = Handles()
    given = {kind: handles.give(kind, PAGE) for kind in LETTERS}
    assert len(set(given.values())) == len(LETTERS)
    assert json.dumps(sorted(given)) == json.dumps(sorted(LETTERS))
