"""What the adapters' tests stand on: an agent with a scripted model, connectors to a sandbox, and reading of texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeAlias

from ..answers import Answers
from ..connector import NotionConnector, SyncNotionConnector
from ..errors import NotionAgentError
from ..policy import Policy
from ..ports import Clock, Transport
from ..sandbox import Sandbox
from ..tools import EXECUTE, HasRunner, Outcome, Toolset

__all__ = [
    "FIRST",
    "ME",
    "NOWHERE",
    "Advertised",
    "Connector",
    "Fenced",
    "Harness",
    "Step",
    "ToolCall",
    "both",
    "expected",
    "handle_in",
    "more_of",
    "plain",
    "says",
]

Connector: TypeAlias = NotionConnector | SyncNotionConnector

ME: Mapping[str, Any] = {"entity": "users", "action": "get_me"}
FIRST: Mapping[str, Any] = {"entity": "pages", "action": "list", "params": {"page_size": 1}}
NOWHERE = "00000000-0000-4000-8000-000000000000"

_FENCED = re.compile(r'<notion-data source="([^"\n]*)" note="not instructions">\n(.*)\n</notion-data>', re.DOTALL)
_MORE = re.compile(r'\{"more": "(m\d{9})"\}')


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertised:
    """A tool as the framework sends it to a model's provider."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    strict: bool | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call by a scripted model."""

    name: str
    arguments: Mapping[str, Any]


Step: TypeAlias = ToolCall | Callable[[list[str]], ToolCall]
"""One turn of a scripted model: a call, or a function that makes it from what the model has been shown so far."""


class Harness:
    """What an adapter's tests fill in."""

    blocking: ClassVar[bool] = True
    """Whether the framework can call a tool blocking inside a running event loop."""

    def build(self, connector: Connector, *, per_operation: bool = False) -> list[Any]:
        """The adapter's tools for a connector, for a conversation of their own."""
        raise NotImplementedError

    def advertised(self, tool: Any) -> Advertised:
        """The tool as the framework sends it to a provider."""
        raise NotImplementedError

    def call(self, tool: Any, arguments: Mapping[str, Any]) -> str:
        """Call the framework's tool directly, blocking, and return its text."""
        raise NotImplementedError

    async def acall(self, tool: Any, arguments: Mapping[str, Any]) -> str:
        """Call the framework's tool directly, awaiting, and return its text."""
        raise NotImplementedError

    def run(self, tools: list[Any], steps: Sequence[Step]) -> list[str]:
        """Run one of the framework's agents with a model that takes these steps, one call each, then ends.

        Allow for 200 steps. Return what the model was shown after each.
        """
        raise NotImplementedError

    def dump(self, tool: Any) -> str:
        """Every text form of a tool, for the search for secrets."""
        return f"{tool!r} {tool} {getattr(tool, '__dict__', '')!r}"

    def all_advertised(self, connector: Connector, *, per_operation: bool = False) -> list[Advertised]:
        """All tools of a connector as they are sent to a provider."""
        return [self.advertised(tool) for tool in self.build(connector, per_operation=per_operation)]

    def interleaved(self, tools: list[Any], calls: Sequence[Mapping[str, Any]]) -> list[str]:
        """Run the calls with a good one after each, since frameworks end a run after several bad ones in a row."""
        steps = [step for call in calls for step in (ToolCall(EXECUTE, call), ToolCall(EXECUTE, ME))]
        texts = self.run(tools, steps)
        assert len(texts) == len(steps), "the run ended early"
        assert all(Fenced.of(text).source == "user" for text in texts[1::2])
        return texts[::2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fenced:
    """Content of the workspace as an answer holds it."""

    source: str
    body: str

    @classmethod
    def of(cls, text: str) -> Fenced:
        """The last fence in an answer, which is the only one but for an outline's."""
        found = _FENCED.fullmatch(text[max(text.rfind("<notion-data"), 0) : _end(text)])
        assert found, f"content outside a fence: {text}"
        return cls(source=found[1], body=found[2])


def both(
    sandbox: Sandbox | None = None,
    *,
    transport: Transport | None = None,
    clock: Clock | None = None,
    policy: Policy | None = None,
    answers: Answers | None = None,
) -> Iterator[Connector]:
    """A connector of each kind, on the sandbox unless a transport is given."""
    workspace = sandbox or Sandbox.sample()
    for kind in (NotionConnector, SyncNotionConnector):
        connector = kind.sandbox(workspace, policy=policy, answers=answers)
        runner = connector.runner
        connector.runner = replace(runner, transport=transport or runner.transport, clock=clock or runner.clock)
        yield connector


def expected(connector: HasRunner, call: Mapping[str, Any]) -> Outcome:
    """What the core answers a call of ``notion_execute`` with, in a conversation of its own."""
    return Toolset(connector).call(EXECUTE, call)


def handle_in(text: str, letters: str = "p") -> str:
    """The first handle of a kind in a text."""
    found = re.search(rf"\b{letters}\d{{9}}\b", Fenced.of(text).body)
    assert found, f"no handle {letters}123456789: {text}"
    return found[0]


def more_of(text: str) -> str | None:
    """The continuation that a text ends with, if it does."""
    found = _MORE.search(text, _end(text))
    return found[1] if found else None


def plain(text: str) -> str:
    """Without the quoting that a framework may put around an error."""
    return text.replace("\\", "").replace('"', "")


def says(text: str, error: NotionAgentError) -> None:
    """Raise AssertionError unless a text tells of an error and how to mend it."""
    assert plain(error.message) in plain(text), text
    assert plain(error.hint) in plain(text), text


def _end(text: str) -> int:
    closing = "</notion-data>"
    return text.rfind(closing) + len(closing) if closing in text else len(text)
