"""Headings and sections of a page's text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airbyte_agent_notion.shaping.markdown import (
    Ambiguous,
    Missing,
    Section,
    headings,
    outline,
    replaced,
    section,
)

TEXT = """intro
# Plan
text
## Budget
1
```python
# no heading
```
$$
# nor this
$$
<table>
<tr>
<td># nor this</td>
</tr>
</table>
## Team **A** & [b](https://c.d) {toggle}
\tinside
\t# Deep {color="red"}
\tx

after
<columns>
<column>
# In a column
y
</column>
<column>z</column>
</columns>
tail
# Notes
- item
\t### Under an item
\tu
- next
## Budget {color="red"}
2
"""
TITLES = [
    (1, "Plan", (), 1, 31),
    (2, "Budget", ("Plan",), 3, 16),
    (2, "Team A & b", ("Plan",), 16, 20),
    (1, "Deep", ("Plan", "Team A & b"), 18, 20),
    (1, "In a column", ("Plan",), 24, 26),
    (1, "Notes", (), 31, 37),
    (3, "Under an item", ("Notes",), 33, 35),
    (2, "Budget", ("Notes",), 36, 38),
]


def test_headings_know_what_stands_under_them():
    found = [(one.level, one.title, one.path, one.start, one.end) for one in headings(TEXT)]
    lines = TEXT.split("\n")
    assert [(level, title, path) for level, title, path, *_ in found] == [one[:3] for one in TITLES]
    for _, title, _, start, end in found:
        assert lines[start].lstrip().startswith("#")
        assert title.split(" ")[0] in lines[start]
        assert lines[end - 1].strip()
    last = {title: lines[end - 1].strip() for _, title, _, _, end in found}
    assert last == {
        "Plan": "tail",
        "Budget": "2",
        "Team A & b": "x",
        "Deep": "x",
        "In a column": "y",
        "Notes": "2",
        "Under an item": "u",
    }


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("plan", "# Plan", "tail"),
        ("  Team  a & B ", "## Team **A** & [b](https://c.d) {toggle}", "\tx"),
        ("## Team **A** & b", "## Team **A** & [b](https://c.d) {toggle}", "\tx"),
        ("Deep", '# Deep {color="red"}', "x"),
        ("Plan > Budget", "## Budget", "</table>"),
        ("plan>deep", '# Deep {color="red"}', "x"),
        ("Notes > Budget", '## Budget {color="red"}', "2"),
        ("Budget #2", '## Budget {color="red"}', "2"),
        ("## budget #1", "## Budget", "</table>"),
        ("Under an item", "### Under an item", "u"),
    ],
)
def test_a_section_is_found_by_its_title(wanted, first, last):
    found = section(TEXT, wanted)
    assert isinstance(found, Section)
    lines = found.markdown.split("\n")
    assert (lines[0], lines[-1]) == (first, last)


def test_several_sections_are_told_apart():
    assert section(TEXT, "budget") == Ambiguous(choices=("Plan > Budget", "Notes > Budget"))
    twice = "# A\n## B\n1\n## B\n2\n"
    found = section(twice, "B")
    assert found == Ambiguous(choices=("B #1", "B #2"))
    assert [section(twice, choice).markdown[-1] for choice in found.choices] == ["1", "2"]
    assert isinstance(section("# A #2\n# A\n# A", "A #2"), Section)


@pytest.mark.parametrize("wanted", ["Budgets", "Buget", "Plan > Budgt", "Budget #3", "Budget #0"])
def test_what_is_not_there_names_what_is_near(wanted):
    found = section(TEXT, wanted)
    assert isinstance(found, Missing)
    assert "Budget" in found.nearest


def test_a_page_without_headings_has_no_sections():
    assert section("text", "x") == Missing(nearest=())
    assert outline("text") == ""
    assert headings("") == []


def test_an_outline_has_a_line_for_each_heading():
    assert outline(f"# A\n{'x' * 1_200}\n## B\ny\n#\n## B\nzz").split("\n") == [
        "- A (1.2k chars)",
        "  - B #1 (6 chars)",
        "- (no title) (9 chars)",
        "  - B #2 (7 chars)",
    ]


def test_a_section_is_replaced_where_it_stands():
    deep, team = section(TEXT, "Deep"), section(TEXT, "Team A & b")
    assert isinstance(deep, Section)
    assert isinstance(team, Section)
    assert '\t# Deep {color="red"}\n\tnew\n\n\tline\n\nafter' in replaced(TEXT, deep, "new\n\nline", keep_heading=True)
    assert "\n\tinside\n\tother\n\nafter" in replaced(TEXT, deep, "other")
    assert "{toggle}\n\tnew\n\nafter" in replaced(TEXT, team, "new", keep_heading=True)
    assert "</table>\n\nafter" in replaced(TEXT, team, "")
    assert replaced(TEXT, team, team.markdown) == TEXT


@given(
    st.lists(st.sampled_from(["# A", "## B", "\t# C {toggle}", "\tx", "\t\ty", "```", "<callout>", "</callout>", ""]))
)
def test_sections_nest(lines):
    found = headings("\n".join(lines))
    for one in found:
        assert 0 <= one.start < one.end <= len(lines)
        assert lines[one.start].lstrip().startswith("#")
    for outer in found:
        for inner in found:
            if outer.start < inner.start < outer.end:
                assert inner.end <= outer.end
                assert outer.title in inner.path
