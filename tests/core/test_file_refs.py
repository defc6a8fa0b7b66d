"""References to files that Notion keeps."""

import pytest

from airbyte_agent_notion.file_refs import file_ref, is_signed, parse_file_ref

PAGE = "1F0CABCD-1234-4abc-8def-0123456789ab"
HEX = "1f0cabcd12344abc8def0123456789ab"
FILE = "2f0cabcd-1234-4abc-8def-0123456789ab"
SIGNED = f"https://prod-files-secure.s3.us-west-2.amazonaws.com/{PAGE}/{FILE}/a%20(b).png?X-Amz-Signature="


def test_a_file_has_one_reference_whatever_its_address_is_signed_with() -> None:
    first, second = file_ref(PAGE, f"{SIGNED}abc"), file_ref(PAGE, f"{SIGNED}def&x-id=GetObject")
    assert first == second == f"notion-file:{HEX}/2f0cabcd12344abc8def0123456789ab"
    assert parse_file_ref(first) == (HEX, "2f0cabcd12344abc8def0123456789ab")


def test_files_without_an_id_in_their_address_are_told_apart_by_it() -> None:
    refs = {file_ref(PAGE, f"https://files.example/{name}?exp=1") for name in ("a.png", "b.png")}
    assert len(refs) == 2
    assert all(parse_file_ref(ref) for ref in refs)


@pytest.mark.parametrize("text", ["", "notion-file:", f"notion-file:{HEX}", f"https://x/{HEX}", f"notion-file:{HEX}/x"])
def test_anything_else_is_no_reference(text: str) -> None:
    assert parse_file_ref(text) is None


@pytest.mark.parametrize(
    ("url", "signed"),
    [(f"{SIGNED}abc", True), ("https://example.com/a.png?size=3", False), ("https://x.example/a?signature=1", True)],
)
def test_signed_addresses_are_known(url: str, signed: bool) -> None:
    assert is_signed(url) is signed
