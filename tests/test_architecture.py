"""The house's rules, held by reading the source: who may import whom, who may await, what every module declares."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE = "airbyte_agent_notion"
ADAPTERS = "airbyte_agent_notion_adapters"
CLI = "airbyte_agent_notion_cli"
GATEWAY = "airbyte_agent_notion_gateway"

FLOORS = (
    {"_building", "_version", "brevity", "errors"},
    {"flow", "settings"},
    {"fields", "file_refs", "models", "ports"},
    {"operation"},
    {"listing", "narrowing"},
    {"approval", "audit", "changes", "drive", "named_ids", "namespace", "policy", "repair"},
    {"places"},
    {"catalog"},
    {"schema"},
    {"shaping"},
    {"answers", "operations", "wire"},
    {"boundary", "conversation", "describe", "dropping", "executors", "mending", "sandbox"},
    {"differences", "naming", "offer"},
    {"dry_run"},
    {"gate"},
    {"engine"},
    {"calling"},
    {"connections", "consent", "health", "tools", "tool_utils"},
    {"connector_base", "documents", "oauth"},
    {"connector"},
    {"__init__"},
    {"plugins", "testing"},
    {"reference"},
)
"""Modules and packages of the core from the ground up; each imports from floors below its own only."""

PUBLIC = {CORE, *(f"{CORE}.{name}" for name in ("documents", "errors", "models", "plugins", "tools"))}
MAY_IMPORT = {
    ADAPTERS: PUBLIC,
    CLI: {*PUBLIC, f"{CORE}.sandbox", GATEWAY, f"{GATEWAY}.cli"},
    GATEWAY: {*PUBLIC, f"{CORE}.oauth", f"{CORE}.settings"},
}
"""What of the core adapters, the commands and the gateway may see."""

MAY_AWAIT = {
    "connector",
    "documents.loading",
    "drive",
    "namespace",
    "oauth",
    "ports",
    "sandbox",
    "testing",
    "tool_utils",
    "tools",
    "wire.transport",
}
HTTP_CLIENTS = {"aiohttp", "http.client", "httpx", "requests", "urllib.request", "urllib3"}
FRAMEWORKS = {"langchain", "langchain_core", "langgraph", "llama_index", "mcp", "pydantic_ai"}

HAVE_HOOKS = {"harness.py"}
"""Modules with methods that a user's subclass writes."""

LATE = {
    ("sandbox.sandbox", "sandbox.sample"): "a sample is built with the sandbox's own workspace",
    ("sandbox.sandbox", "sandbox.server"): "a sandbox serves itself",
    ("sandbox.sandbox", "sandbox.transport"): "a sandbox gives a transport to itself",
}
"""Imports that would close a circle, and so stand inside a function or under TYPE_CHECKING."""


@dataclass(frozen=True)
class Module:
    """A source file: its name below its package (``wire.transport``), and its syntax tree."""

    name: str
    tree: ast.Module
    package: str = CORE
    is_package: bool = False

    @property
    def room(self) -> str:
        """The module or package directly below the root."""
        return self.name.partition(".")[0]


def modules(package: str) -> list[Module]:
    """Every module of a package."""
    folder = next(root / package for root in (ROOT / "core", ROOT / "adapters") if (root / package).is_dir())
    found: list[Module] = []
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        inner = parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts
        is_package = path.name == "__init__.py"
        found.append(Module(".".join(inner), ast.parse(path.read_text(encoding="utf-8")), package, is_package))
    return found


def imports(module: Module, known: Iterable[str] = ()) -> Iterator[tuple[str, bool]]:
    """The absolute names that a module imports, each with whether it does so late.

    ``from package import name`` gives ``package.name`` where that is among the known modules, else ``package``.
    """
    late = {id(node) for node in _late(module.tree)}
    base = [module.package, *([] if module.name == "__init__" else module.name.split("."))]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in late) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = node.level - (1 if module.is_package or module.name == "__init__" else 0)
            start = base[: len(base) - up] if node.level else []
            source = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                yield (whole if whole in known else source), id(node) in late


def _late(tree: ast.Module) -> Iterator[ast.AST]:
    """Nodes inside functions and under ``if TYPE_CHECKING``."""
    for node in ast.walk(tree):
        guarded = isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        if guarded or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from ast.walk(node)


def edges(core: Iterable[Module]) -> dict[tuple[str, str], bool]:
    """Which core module imports which, each with whether only late."""
    all_modules = list(core)
    known = {CORE if module.name == "__init__" else f"{CORE}.{module.name}" for module in all_modules}
    found: dict[tuple[str, str], bool] = {}
    for module in all_modules:
        for name, late in imports(module, known):
            if name == CORE or name.startswith(f"{CORE}."):
                edge = (module.name, name.removeprefix(CORE).lstrip(".") or "__init__")
                found[edge] = found.get(edge, True) and late
    return found


def within(name: str, packages: Iterable[str]) -> bool:
    """Whether a module is one of the packages or inside one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def breaks_floors(core: Iterable[Module]) -> list[str]:
    """Imports of the same floor or a higher one."""
    floor = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    problems: list[str] = []
    for source, target in edges(core):
        here, there = source.partition(".")[0], target.partition(".")[0]
        if here not in floor or there not in floor:
            problems.append(f"{here if here not in floor else there} has no floor")
        elif here != there and floor[there] >= floor[here]:
            problems.append(f"{source} imports {target}, which is not below it")
    return problems


def circles(core: Iterable[Module]) -> list[str]:
    """A circle of imports, late ones included unless they are listed."""
    graph: dict[str, set[str]] = {}
    for edge, late in edges(core).items():
        if not (late and edge in LATE) and edge[0] != edge[1]:
            graph.setdefault(edge[0], set()).add(edge[1])
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" -> ".join(error.args[1])]
    return []


def forbidden(source: Iterable[Module], names: Iterable[str]) -> list[str]:
    """Imports of any of these packages."""
    packages = list(names)
    return [
        f"{module.name} imports {name}"
        for module in source
        for name, _ in imports(module, packages)
        if within(name, packages)
    ]


def strays(source: Iterable[Module], allowed: Mapping[str, set[str]]) -> list[str]:
    """Imports of what is not the core's public face; by adapters also of other adapters' packages or modules. A module
    may have parts: ``langchain`` those named ``langchain_...``.
    """
    problems: list[str] = []
    for module in source:
        for name, _ in imports(module, CORE_NAMES):
            inside = name.startswith(CORE) and name not in allowed[module.package]
            own = name == module.package or name.startswith(f"{module.package}.")
            part = name.startswith(f"{module.package}.{module.name}_")
            if inside and not part and not (own and module.package in {CLI, GATEWAY}):
                problems.append(f"{module.package}.{module.name} imports {name}")
    return problems


def awaits(source: Iterable[Module]) -> set[str]:
    """Names of modules that await."""
    return {module.name for module in source if any(_awaits(node) for node in ast.walk(module.tree))}


def _awaits(node: ast.AST) -> bool:
    loop = isinstance(node, ast.comprehension) and bool(node.is_async)
    return loop or isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith))


def undeclared(source: Iterable[Module]) -> list[str]:
    """Public modules without an ``__all__`` that is sorted: constants, classes, then the rest."""
    problems: list[str] = []
    for module in source:
        names = _declared(module.tree)
        public = not module.name.rpartition(".")[2].startswith("_") or module.is_package
        if names is None:
            if public and len(module.tree.body) > 1:
                problems.append(f"{module.package}.{module.name} has no __all__")
        elif names != sorted(names, key=_rank):
            problems.append(f"{module.package}.{module.name}: __all__ is not sorted")
    return problems


def _declared(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "__all__" for to in node.targets):
            return list(ast.literal_eval(node.value))
    return None


def _rank(name: str) -> tuple[int, str]:
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name


def unfinished(text: str, *, hooks: bool = False) -> list[str]:
    """Marks of work left undone. With ``hooks`` NotImplementedError is none: it stands in methods not meant to run."""
    marks = "TODO|FIXME|XXX" if hooks else "TODO|FIXME|XXX|NotImplementedError"
    return re.findall(rf"\b(?:{marks})\b", text)


CORE_MODULES = modules(CORE)
CORE_NAMES = {f"{CORE}.{module.name}" for module in CORE_MODULES}
ADAPTER_MODULES = [*modules(ADAPTERS), *modules(CLI)]
GATEWAY_MODULES = modules(GATEWAY)


def test_a_module_imports_only_floors_below_its_own() -> None:
    assert breaks_floors(CORE_MODULES) == []


def test_every_floor_entry_exists() -> None:
    rooms = {module.room for module in CORE_MODULES}
    assert {room for floor in FLOORS for room in floor} - rooms == set()


def test_there_are_no_import_circles() -> None:
    assert circles(CORE_MODULES) == []


def test_every_listed_exception_is_needed() -> None:
    late = {edge for edge, is_late in edges(CORE_MODULES).items() if is_late}
    assert set(LATE) - late == set()


def test_core_imports_no_framework_and_no_adapter() -> None:
    assert forbidden(CORE_MODULES, {*FRAMEWORKS, ADAPTERS, CLI, GATEWAY}) == []


def test_adapters_import_the_public_face_and_never_each_other() -> None:
    assert strays(ADAPTER_MODULES, MAY_IMPORT) == []


def test_the_gateway_imports_the_public_face_and_no_framework() -> None:
    assert strays(GATEWAY_MODULES, MAY_IMPORT) == []
    assert forbidden(GATEWAY_MODULES, {*FRAMEWORKS, ADAPTERS, CLI}) == []


def test_operations_and_shaping_know_nothing_of_the_wire() -> None:
    above = [module for module in CORE_MODULES if module.room in {"operations", "shaping"}]
    assert forbidden(above, {f"{CORE}.wire"}) == []


def test_only_the_transport_imports_an_http_client() -> None:
    others = [module for module in CORE_MODULES if module.name != "wire.transport"]
    assert forbidden([*others, *ADAPTER_MODULES], HTTP_CLIENTS) == []


def test_only_these_modules_of_the_core_await() -> None:
    assert {name for name in awaits(CORE_MODULES) if not within(name, MAY_AWAIT)} == set()


def test_every_public_module_declares_what_it_offers() -> None:
    assert undeclared([*CORE_MODULES, *ADAPTER_MODULES, *GATEWAY_MODULES]) == []


@pytest.mark.parametrize("path", sorted((ROOT / "adapters" / ADAPTERS).glob("*.py")), ids=lambda path: path.name)
def test_an_adapter_stays_under_120_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 120


@pytest.mark.parametrize("folder", ["core", "adapters", "examples"])
def test_nothing_is_left_undone(folder: str) -> None:
    marks = {
        path.name: unfinished(path.read_text(encoding="utf-8"), hooks=folder == "examples" or path.name in HAVE_HOOKS)
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: found for name, found in marks.items() if found} == {}


def _module(name: str, text: str, package: str = CORE) -> Module:
    return Module(name, ast.parse(text), package)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("errors", "from .flow import Flow", "errors imports flow, which is not below it"),
        ("flow", "def f():\n    from .connector import x", "flow imports connector, which is not below it"),
        ("wire.retry", "from ..operations import pages", "wire.retry imports operations, which is not below it"),
        ("wire.retry", "import airbyte_agent_notion.connector", "wire.retry imports connector, which is not below it"),
        ("novel", "from .errors import x", "novel has no floor"),
    ],
)
def test_floors_are_checked(name: str, text: str, problem: str) -> None:
    assert breaks_floors([_module(name, text)]) == [problem]


@pytest.mark.parametrize(
    "texts",
    [
        {"wire.a": "from .b import x", "wire.b": "from .a import y"},
        {"wire.a": "from .b import x", "wire.b": "def f():\n    from . import a"},
        {
            "wire.a": "if TYPE_CHECKING:\n    from .b import x",
            "wire.b": "from .c import y",
            "wire.c": "from . import a",
        },
    ],
)
def test_circles_are_found(texts: dict[str, str]) -> None:
    assert len(circles([_module(name, text) for name, text in texts.items()])) == 1


@pytest.mark.parametrize(
    "text",
    [
        "import httpx",
        "import httpx._client",
        "from httpx import Client",
        "def f():\n    import httpx",
        "import httpx as h",
    ],
)
def test_forbidden_packages_are_found(text: str) -> None:
    assert len(forbidden([_module("policy", text)], HTTP_CLIENTS)) == 1


def test_forbidden_modules_of_a_package_are_found() -> None:
    assert len(forbidden([_module("policy", "from http import client, server")], HTTP_CLIENTS)) == 1
    assert forbidden([_module("sandbox.server", "from http.server import HTTPServer")], HTTP_CLIENTS) == []


@pytest.mark.parametrize(
    "text",
    [
        "from airbyte_agent_notion.engine import Engine",
        "from airbyte_agent_notion import engine",
        "from airbyte_agent_notion.wire.transport import HttpTransport",
        "import airbyte_agent_notion_adapters.langchain",
        "from .langchain import NotionTool",
        "from airbyte_agent_notion_cli import main",
    ],
)
def test_strays_of_an_adapter_are_found(text: str) -> None:
    assert len(strays([_module("pydantic_ai", text, ADAPTERS)], MAY_IMPORT)) == 1


def test_an_adapter_may_import_the_public_face() -> None:
    text = "import pydantic_ai\nfrom airbyte_agent_notion import Tool\nfrom airbyte_agent_notion.tools import Toolset"
    assert strays([_module("pydantic_ai", text, ADAPTERS)], MAY_IMPORT) == []


@pytest.mark.parametrize(
    "body", ["await g()", "async for _ in g(): pass", "async with g(): pass", "return [x async for x in g()]"]
)
def test_awaiting_is_found(body: str) -> None:
    assert awaits([_module("policy", f"async def f():\n    {body}")]) == {"policy"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("'''Doc.'''\nx = 1", "airbyte_agent_notion.policy has no __all__"),
        ("__all__ = ['b', 'a']", "airbyte_agent_notion.policy: __all__ is not sorted"),
        ("__all__ = ['Page', 'LIMIT']", "airbyte_agent_notion.policy: __all__ is not sorted"),
    ],
)
def test_missing_declarations_are_found(text: str, problem: str) -> None:
    assert undeclared([_module("policy", text)]) == [problem]


@pytest.mark.parametrize("text", ["# TODO: later", "raise NotImplementedError", "x = 1  # FIXME"])
def test_unfinished_work_is_found(text: str) -> None:
    assert len(unfinished(text)) == 1
