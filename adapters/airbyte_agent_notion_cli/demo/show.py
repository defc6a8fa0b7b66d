"""Runs the stories and prints them."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from airbyte_agent_notion import SyncNotionConnector
from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.plugins import MissingFramework, load

from .stories import LIVE, OFFLINE, Call, Script, Story

__all__ = ["run"]

_AGENTS = {"pydantic-ai": "Pydantic AI", "langchain": "LangChain", "llama-index": "LlamaIndex"}
_WIDTH = 110
_INDENT = len("  It answers  ")
_BREAK = "\n" + " " * _INDENT
_SHOWN = 6
"""Lines of Notion's part of an answer, its first tag among them."""

Answer = Callable[[list[Any], str, Script], str]
"""What each agent module offers: run the framework's agent with these tools on a question, return its answer."""


def run(*, frameworks: Sequence[str] | None = None, live: bool = False, whole: bool = False) -> int:
    """Tell every framework's stories; exit status 1 if one failed."""
    names = frameworks or list(_AGENTS)
    if unknown := sorted(set(names) - set(_AGENTS)):
        raise ConfigurationError(
            f"There is no demo for {', '.join(unknown)}.", hint=f"Choose from {', '.join(_AGENTS)}."
        )
    where = "your Notion workspace" if live else "a sample workspace that runs in this process; no account, no network"
    _say(
        f"Agents answer questions about {where}. Each has one tool, notion_execute(entity, action, params).",
        "It answers short text, written for models: handles such as p123456789 stand in place of ids, and two tags",
        "mark content of the workspace as data. You see how each answer begins; --full prints all.",
    )
    _say("The models are scripted; the agent loops, the tool and the workspace's rules are real.")
    shown = [name for name in names if _framework(name, live=live, whole=whole, needed=bool(frameworks))]
    return 0 if shown else 1


def _framework(name: str, *, live: bool, whole: bool, needed: bool) -> bool:
    try:
        adapter = load(name)
    except MissingFramework as error:
        if needed:
            raise
        print(f"\n{_AGENTS[name]} is left out: {error}")
        return False
    answer: Answer = import_module(f"{__package__}.{name.replace('-', '_')}").answer
    print(f"\n━━ {_AGENTS[name]} " + "━" * (_WIDTH - 4 - len(_AGENTS[name])))
    for story in LIVE if live else OFFLINE[name]:
        print(f"\n  You ask     {story.question}")
        with SyncNotionConnector() if live else SyncNotionConnector.sandbox() as connector:
            said = answer(adapter.tools(connector), story.question, _told(story, whole))
        print(f"  It answers  {_wrapped(said)}", flush=True)
    return True


def _told(story: Story, whole: bool) -> Script:
    """The story, printing what goes by."""
    script = story.script()
    text: str | None = None
    while True:
        try:
            call = next(script) if text is None else script.send(text)
        except StopIteration as end:
            return str(end.value)
        print(f"  It calls    {_wrapped(_shown_call(call))}")
        text = yield call
        print(f"  It reads    {_read(text, whole=whole)}")


def _shown_call(call: Call) -> str:
    return f"notion_execute({call.entity!r}, {call.action!r}, {json.dumps(call.params, ensure_ascii=False)})"


def _read(text: str, *, whole: bool) -> str:
    """Our own words whole, Notion's by their first lines."""
    head, closing, said = text.rpartition("</notion-data>")
    if not closing:
        return _wrapped(text)
    lines = [*head.splitlines(), closing]
    left = len(lines) - _SHOWN - 1
    if not whole and left > 1:
        lines[_SHOWN:-1] = [f"… {left} more lines"]
    shown = [_wrapped(line.expandtabs(4), indent="    ", most=None if whole else 2) for line in lines]
    return _BREAK.join([*shown, *map(_wrapped, said.splitlines()[1:])])


def _wrapped(text: str, *, indent: str = "", most: int | None = None) -> str:
    lines = textwrap.wrap(
        text,
        _WIDTH - _INDENT,
        subsequent_indent=indent,
        break_on_hyphens=False,
        max_lines=most,
        placeholder=" …",
    )
    return _BREAK.join(lines or [""])


def _say(*sentences: str) -> None:
    print(textwrap.fill(" ".join(sentences), _WIDTH))
