"""REFERENCE.md is what the code says, and says all of it."""

import ast
import re
from pathlib import Path

import pytest

from airbyte_agent_notion import errors
from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.reference import (
    COMMAND,
    ENVIRONMENT,
    covering_tests,
    declared_operations,
    main,
    reference,
)

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "REFERENCE.md"
TESTS = ROOT / "tests"


@pytest.fixture(scope="module")
def text() -> str:
    return reference(TESTS)


def test_the_document_is_in_step(text: str) -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == text, f"REFERENCE.md is out of step with the code. Run: {COMMAND}"


def test_it_is_the_same_every_time(text: str) -> None:
    assert reference(TESTS) == text


@pytest.mark.parametrize("operation", Catalog.of(NotionSurface).operations(), ids=lambda operation: operation.spec.name)
def test_it_holds_every_operation_with_its_parameters(operation, text: str) -> None:
    section = text.split(f"\n#### {operation.spec.name}\n")[1].split("\n#")[0]
    assert operation.spec.endpoint in section
    assert operation.spec.effect.value in section
    assert all(f"| `{name}` |" in section for name in operation.model_fields)
    assert "Result: `Any`" not in section


@pytest.mark.parametrize("name", [name for name in errors.__all__ if name != "Recovery"])
def test_it_holds_every_error(name: str, text: str) -> None:
    assert f"`{name}` | `{getattr(errors, name).code}`" in text


def test_it_holds_exactly_the_environment_variables_that_the_code_names() -> None:
    named: set[str] = set()
    for path in (path for folder in ("core", "adapters") for path in (ROOT / folder).rglob("*.py")):
        if path.name != "reference.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            inside = (node for statement in tree.body if not _is_all(statement) for node in ast.walk(statement))
            named |= {node.value for node in inside if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert set(ENVIRONMENT) == {name for name in named if re.fullmatch(r"(?:NOTION_(?!GATEWAY)|AIRBYTE_)[A-Z_]+", name)}


def _is_all(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"


def test_every_row_of_a_table_has_as_many_cells_as_its_header(text: str) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(widths) == 1, table


def test_every_link_has_its_heading(text: str) -> None:
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) - headings == set()


def test_the_command_prints_writes_and_checks(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "REFERENCE.md"
    tests = ["--tests", str(TESTS)]
    assert main(tests) == 0
    assert capsys.readouterr().out == text
    assert main(["--check", str(path), *tests]) == 1
    assert COMMAND in capsys.readouterr().err
    assert main(["--write", str(path), *tests]) == 0
    assert main(["--check", str(path), *tests]) == 0
    path.write_text(text + "more", encoding="utf-8")
    assert main(["--check", str(path), *tests]) == 1


# --- what covers the operations; that a marked test runs what it names, conftest.py checks as it runs


def test_every_operation_is_covered_by_a_test() -> None:
    assert set(covering_tests(TESTS)) == {operation.spec.name for operation in declared_operations()}


def test_the_table_of_endpoints_names_the_tests(text: str, tmp_path: Path) -> None:
    for name, found in covering_tests(TESTS).items():
        [row] = re.findall(rf"^\| {re.escape(name)} \|.*$", text, re.MULTILINE)
        assert row.endswith(f"| `{found[0]}` |")
        file, _, test = found[0].partition("::")
        assert f"def {test}(" in (TESTS / file).read_text(encoding="utf-8")
    assert "| none |\n" not in text.partition("## Endpoints")[2].partition("\n## ")[0]
    (tmp_path / "test_one.py").write_text("@pytest.mark.covers('users.list')\ndef test_it(): pass", encoding="utf-8")
    assert "| `test_one.py::test_it` |" in reference(tmp_path)
    assert "| 2026-03-11, 2025-09-03 | none |" in reference(tmp_path)


def test_without_tests_their_column_is_left_out(tmp_path: Path) -> None:
    assert "| capability | versions |\n" in reference(tmp_path / "nowhere")
    assert "| capability | versions | test |\n" in reference(tmp_path)
