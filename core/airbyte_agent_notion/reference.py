"""Writes REFERENCE.md from the code: ``python -m airbyte_agent_notion.reference [--write PATH | --check PATH]``.

Everything is read off the operations, classes, docstrings and the distribution's metadata; only the meaning of the
environment variables stands here. The tests that cover an operation are read off the checkout's tests, by their mark
``covers``; where there are none (an installed wheel) that column is left out.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from types import UnionType
from typing import Any, Union, cast, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from . import errors, models
from .connector import CheckResult, NotionConnector, SyncNotionConnector
from .errors import NotionAgentError, Recovery
from .listing import ListMeta, ListOperation, ListResult
from .models import NotionAccessTokenAuthConfig
from .namespace import Namespace
from .operation import Operation
from .operations import NotionSurface
from .operations.oauth import OAuth
from .plugins import GROUP
from .policy import Policy
from .schema import Schema, operation_description, operation_schema, result_type, tool_name
from .settings import NOTION_VERSIONS

__all__ = ["ENVIRONMENT", "covering_tests", "declared_operations", "main", "reference"]

ENVIRONMENT = {
    "NOTION_TOKEN": "Notion token, where no `auth_config` is given.",
    "NOTION_BASE_URL": "Where requests go, where no `base_url` is given.",
    "AIRBYTE_CLIENT_ID": "Client id for hosted mode, where neither `auth_config` nor NOTION_TOKEN is given.",
    "AIRBYTE_CLIENT_SECRET": "Client secret for hosted mode, together with AIRBYTE_CLIENT_ID.",
    "AIRBYTE_ORGANIZATION_ID": "Organisation for hosted mode, together with AIRBYTE_CLIENT_ID.",
    "AIRBYTE_CUSTOMER_NAME": "Whose connector is meant in hosted mode, where `AirbyteAuthConfig` does not say.",
    "AIRBYTE_CONNECTOR_ID": "Which connector is meant in hosted mode, where `AirbyteAuthConfig` does not say.",
    "AIRBYTE_API_BASE_URL": "Where requests go in hosted mode, where no `base_url` is given.",
}
"""Read when a connector is built, never at import. Those of a gateway (NOTION_GATEWAY_...) are in the README."""

DISTRIBUTION = "airbyte-agent-notion"
COMMAND = "python -m airbyte_agent_notion.reference --write REFERENCE.md"
TESTS = Path("tests")
"""Seen from the checkout's root, where the command is run."""

AnyOperation = type[Operation[Any]]
Lines = Iterator[str]


def reference(tests: Path = TESTS) -> str:
    """The whole document; ``tests`` is where the tests are."""
    before = (_head, _connector, _credentials, _environment, _policies, _operations)
    after = (_results, _errors, _adapters)
    parts = [*(part() for part in before), _endpoints(tests), *(part() for part in after)]
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _head() -> Lines:
    yield from ("# Reference", "", f"Generated from the code by `{COMMAND}`; not edited by hand.", "")
    yield "Contents: [connectors](#connectors), [credentials](#credentials), [environment](#environment),"
    yield "[policy](#policy), [operations](#operations), [endpoints](#endpoints), [results](#results),"
    yield from ("[errors](#errors), [adapters and extras](#adapters-and-extras).", "")


def _connector() -> Lines:
    yield from ("## Connectors", "")
    for kind in (NotionConnector, SyncNotionConnector):
        yield from (f"**`{kind.__name__}`**. {_flat(kind)}", "")
    yield from ("### Construction", "", "All but `auth_config` are given by name.", "")
    yield from _arguments(NotionConnector.__init__, _sections(NotionConnector.__mro__[1])["Args"])
    yield from ("### `sandbox`", "", f"A class method. {_summary(NotionConnector.sandbox)}", "")
    yield from _arguments(NotionConnector.sandbox, _sections(NotionConnector.sandbox)["Args"])
    yield from ("### Members", "")
    members = ("execute", "check", "list_entities", "entity_schema", "connector_id", "tool_utils", "close")
    yield from _table(("member", "what it does"), ((f"`{name}`", _member(name)) for name in members))
    yield from ("`check` answers a `CheckResult`:", "")
    yield from _fields(CheckResult)


def _member(name: str) -> str:
    member = inspect.getattr_static(NotionConnector, name, None) or getattr(NotionConnector, name)
    shown = type(NotionConnector.tool_utils) if name == "tool_utils" else member
    return _summary(shown)


def _credentials() -> Lines:
    yield from ("## Credentials", "", "Import them from `airbyte_agent_notion` or `airbyte_agent_notion.models`.", "")
    base = NotionAccessTokenAuthConfig.__mro__[1]
    named: list[Any] = [getattr(models, name) for name in models.__all__]
    for kind in (value for value in named if _is_kind_of(value, base)):
        yield from (f"### `{kind.__name__}`", "", _flat(kind), "")
        rows = ((f"`{n}`", _type(f), _yes(f.is_required()), f.description or "") for n, f in kind.model_fields.items())
        yield from _table(("field", "type", "required", "meaning"), rows)


def _is_kind_of(value: object, base: type) -> bool:
    return isinstance(value, type) and issubclass(value, base)


def _type(field: FieldInfo) -> str:
    kinds = [kind for kind in (get_args(field.annotation) or (field.annotation,)) if kind is not type(None)]
    return "secret string" if SecretStr in kinds or "SecretStr" in str(kinds) else "string"


def _environment() -> Lines:
    yield from ("## Environment", "", "Read when a connector is built, never at import. An argument wins.", "")
    yield from _table(("variable", "meaning"), ((f"`{name}`", meaning) for name, meaning in ENVIRONMENT.items()))


def _policies() -> Lines:
    yield from ("## Policy", "", "`policy=` says what a connector may do.", "")
    rows = ((f"`Policy.{name}()`", _summary(getattr(Policy, name))) for name in ("read_only", "write", "full"))
    yield from _table(("policy", "allows"), rows)


def _operations() -> Lines:
    yield from ("## Operations", "", "Each is `execute(entity, action, params)`, a typed method, and a tool.", "")
    entities: dict[str, list[AnyOperation]] = {}
    about: dict[str, str] = {}
    for namespace in _namespaces():
        for operation in namespace.operations():
            entities.setdefault(operation.spec.entity, []).append(operation)
            about.setdefault(operation.spec.entity, "" if namespace is NotionSurface else _flat(namespace))
    rows = ((f"[{name}](#{name})", ", ".join(_link(item) for item in entities[name])) for name in entities)
    yield from _table(("entity", "operations"), rows)
    for name, operations in entities.items():
        yield from (f"### {name}", "", *([about[name], ""] if about[name] else []))
        for operation in operations:
            yield from _operation(operation)


def _namespaces() -> list[type[Namespace[Any]]]:
    return [*NotionSurface.namespaces().values(), NotionSurface]


def _link(operation: AnyOperation) -> str:
    return f"[{operation.spec.action}](#{operation.spec.name.replace('.', '')})"


def _operation(operation: AnyOperation) -> Lines:
    spec = operation.spec
    method = f"notion.{spec.entity}" if spec.entity == spec.action else f"notion.{spec.name}"
    yield from (f"#### {spec.name}", "", operation_description(operation), "")
    yield f"- Method: `{method}(...)`; " + (
        "for developers only, not a tool" if spec.surface == "python" else f"tool of its own: `{tool_name(operation)}`"
    )
    yield f"- Endpoint: `{spec.endpoint}`; effect: {spec.effect.value}; capability: {spec.capability or 'none'}"
    yield from (f"- Result: `{_result(operation)}`", "")
    schema = operation_schema(operation)
    rows = [
        (f"`{name}`", _schema_type(field), _yes(name in schema["required"]), field.get("description", ""))
        for name, field in cast("dict[str, Schema]", schema["properties"]).items()
    ]
    rows.sort(key=lambda row: row[2] != "yes")
    yield from _table(("parameter", "type", "required", "description"), rows) if rows else ("No parameters.", "")


def _schema_type(schema: Schema) -> str:
    if "enum" in schema:
        return " or ".join(f'"{value}"' for value in schema["enum"])
    name = str(schema.get("type", "any"))
    if name == "array":
        return f"array of {_schema_type(schema.get('items', {}))}"
    low, high = schema.get("minimum"), schema.get("maximum")
    return name if low is None or high is None else f"{name}, {low} to {high}"


def _result(operation: AnyOperation) -> str:
    argument = result_type(operation)
    return f"ListResult[{_name(argument)}]" if issubclass(operation, ListOperation) else _name(argument)


def _name(kind: Any) -> str:
    if get_origin(kind) in {Union, UnionType}:
        return " | ".join(_name(part) for part in get_args(kind))
    if get_origin(kind) is ListResult:
        return f"ListResult[{_name(get_args(kind)[0])}]"
    return str(getattr(kind, "__name__", kind))


def declared_operations() -> list[AnyOperation]:
    """Every operation there is, those for developers included."""
    namespaces: list[type[Namespace[Any]]] = [*_namespaces(), OAuth]
    return [operation for namespace in namespaces for operation in namespace.operations()]


def covering_tests(tests: Path) -> dict[str, list[str]]:
    """The tests marked ``@pytest.mark.covers("pages.create")``, by operation; what they run is checked as they run."""
    found: dict[str, list[str]] = {}
    for path in sorted(tests.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for name in _covered(node):
                    found.setdefault(name, []).append(f"{path.relative_to(tests).as_posix()}::{node.name}")
    return found


def _covered(test: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.covers":
            yield from (ast.literal_eval(argument) for argument in mark.args)


def _endpoints(tests: Path) -> Lines:
    yield from ("## Endpoints", "", f"All are offered with Notion-Version {' and '.join(NOTION_VERSIONS)}.", "")
    covering = covering_tests(tests) if tests.is_dir() else None
    header = ["operation", "endpoint", "effect", "capability", "versions"]
    rows = [_endpoint(operation) for operation in declared_operations()]
    if covering is not None:
        header.append("test")
        rows = [[*row, f"`{covering[row[0]][0]}`" if row[0] in covering else "none"] for row in rows]
    yield from _table(header, rows)


def _endpoint(operation: AnyOperation) -> list[str]:
    spec = operation.spec
    effect = f"{spec.effect.value}; destructive by content" if "effect" in vars(operation) else spec.effect.value
    return [spec.name, f"`{spec.endpoint}`", effect, spec.capability or "none", ", ".join(NOTION_VERSIONS)]


def _results() -> Lines:
    yield from ("## Results", "", "Objects are dicts as Notion sends them, typed in `airbyte_agent_notion.models`.", "")
    yield from _table(("type", "what it is"), ((f"`{kind.__name__}`", _flat(kind)) for kind in _objects()))
    yield from (f"`ListResult`: {_summary(ListResult)} Its `meta` is a `ListMeta`:", "")
    yield from _fields(ListMeta)


def _objects() -> list[Any]:
    found: dict[Any, None] = {}
    for namespace in _namespaces():
        for operation in namespace.operations():
            argument = result_type(operation)
            parts = get_args(argument) if get_origin(argument) in {Union, UnionType} else (argument,)
            found.update(dict.fromkeys(part for part in parts if isinstance(part, type)))
    return list(found)


def _errors() -> Lines:
    yield from ("## Errors", "", "All are in `airbyte_agent_notion.errors`. `recovery` says who can mend the call:", "")
    meanings = _attribute_docs(Recovery)
    yield from _table(("recovery", "meaning"), ((f"`{item.value}`", meanings[item.name]) for item in Recovery))
    tree = ((f"{'&nbsp;&nbsp;' * depth}`{kind.__name__}`", kind) for kind, depth in _tree(NotionAgentError, 0))
    rows = ((name, f"`{kind.code}`", f"`{kind.recovery.value}`", _summary(kind)) for name, kind in tree)
    yield from _table(("error", "code", "recovery", "meaning"), rows)
    yield from ("Where Notion answered, `code` is Notion's own. `str(error)` says what is wrong and the next step.", "")


def _tree(kind: type[NotionAgentError], depth: int) -> Iterator[tuple[type[NotionAgentError], int]]:
    yield kind, depth
    for child in vars(errors).values():
        if isinstance(child, type) and issubclass(child, NotionAgentError) and child.__bases__[0] is kind:
            yield from _tree(child, depth + 1)


def _adapters() -> Lines:
    from importlib.metadata import distribution

    dist = distribution(DISTRIBUTION)
    yield from ("## Adapters and extras", "", f"Adapters are entry points of the group `{GROUP}`.", "")
    points = sorted((point for point in dist.entry_points if point.group == GROUP), key=lambda point: point.name)
    rows = ((f"`{point.name}`", f"`{point.module}`", _module_summary(point.module)) for point in points)
    yield from _table(("adapter", "module", "what it offers"), rows)
    extras: dict[str, list[str]] = {name: [] for name in sorted(dist.metadata.get_all("Provides-Extra") or [])}
    for requirement in dist.requires or []:
        if match := re.search(r"extra == ['\"]([^'\"]+)['\"]", requirement):
            extras[match[1]].append(f"`{requirement.partition(';')[0].strip()}`")
    yield from _table(("extra", "brings"), ((f"`{name}`", ", ".join(sorted(extras[name]))) for name in extras))


def _module_summary(name: str) -> str:
    """The docstring of a module that is read, not imported: it may need a framework that is not installed."""
    from importlib.util import find_spec

    spec = find_spec(name)
    if spec is None or spec.origin is None:
        return ""
    return _first(ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))) or "")


def _arguments(function: Any, meanings: Mapping[str, str]) -> Lines:
    parameters = [item for name, item in inspect.signature(function).parameters.items() if name not in {"self", "cls"}]
    rows = ((f"`{item.name}`", f"`{item.annotation}`", meanings.get(item.name, "")) for item in parameters)
    yield from _table(("argument", "type", "meaning"), rows)


def _fields(kind: type) -> Lines:
    notes = _attribute_docs(kind)
    rows = ((f"`{name}`", f"`{annotation}`", notes.get(name, "")) for name, annotation in _annotations(kind))
    yield from _table(("field", "type", "meaning"), rows)


def _annotations(kind: type) -> Iterator[tuple[str, str]]:
    for node in _body(kind):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, ast.unparse(node.annotation)


def _attribute_docs(kind: type) -> dict[str, str]:
    """The strings that follow a class's fields, by field."""
    found: dict[str, str] = {}
    for node, after in pairwise(_body(kind)):
        targets = (
            [node.target] if isinstance(node, ast.AnnAssign) else node.targets if isinstance(node, ast.Assign) else []
        )
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found.update({item.id: _marked(str(after.value.value)) for item in targets if isinstance(item, ast.Name)})
    return found


def _body(kind: type) -> Sequence[ast.stmt]:
    definition = ast.parse(dedent(inspect.getsource(kind))).body[0]
    return definition.body if isinstance(definition, ast.ClassDef) else ()


def _sections(item: object) -> dict[str, dict[str, str]]:
    """The ``name: meaning`` entries of a docstring's Google sections."""
    found: dict[str, dict[str, str]] = {}
    entries: dict[str, str] = {}
    for line in inspect.cleandoc(getattr(item, "__doc__", None) or "").splitlines():
        if re.fullmatch(r"[A-Z]\w+:", line):
            entries = found.setdefault(line[:-1], {})
        elif match := re.fullmatch(r"    (\w+): (.*)", line):
            entries[match[1]] = _sentence(match[2])
        elif entries and line.startswith("        "):
            entries[next(reversed(entries))] += f" {line.strip()}"
    return found


def _sentence(text: str) -> str:
    return _marked(text[:1].upper() + text[1:])


def _marked(text: str) -> str:
    """On one line, its code marks as Markdown has them."""
    return " ".join(text.replace("``", "`").split())


def _flat(item: object) -> str:
    """A docstring without its sections."""
    text = inspect.cleandoc(getattr(item, "__doc__", None) or "")
    return _marked(re.split(r"\n(?=(?:Args|Returns|Raises):\n)", text)[0])


def _summary(item: object) -> str:
    return _first(_flat(item))


def _first(text: str) -> str:
    """The first sentence."""
    return re.split(r"(?<=[.!?]) (?=[A-Z`])", _marked(text))[0]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Lines:
    yield f"| {' | '.join(header)} |"
    yield f"| {' | '.join('---' for _ in header)} |"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the reference, write it, or say whether a file holds it; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m airbyte_agent_notion.reference", description="The reference.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--write", type=Path, metavar="PATH", help="write it to this file")
    choice.add_argument("--check", type=Path, metavar="PATH", help="exit with 1 unless this file holds it")
    parser.add_argument("--tests", type=Path, metavar="FOLDER", default=TESTS, help="where the tests are: ./tests")
    options = parser.parse_args(arguments)
    text = reference(options.tests)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    elif options.check:
        if not options.check.is_file() or options.check.read_text(encoding="utf-8") != text:
            sys.stderr.write(f"{options.check} is out of step with the code. Run: {COMMAND}\n")
            return 1
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
