"""``ErrorsContract``: what every adapter must show a model of calls that are wrong, or that Notion refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..answers import Answers
from ..policy import Policy
from ..sandbox import Sandbox
from ..tools import EXECUTE
from .fakes import FakeClock, FakeTransport
from .harness import ME, NOWHERE, Harness, ToolCall, both, expected, plain, says

__all__ = ["ErrorsContract"]

MAX_ERROR = 120
"""Tokens of an error's text."""
AROUND_ERRORS = 40
"""Tokens that a framework may put around it."""
_INTERNALS = "internals-5d1e-of-a-bug"


class ErrorsContract(Harness):
    """Tests of what a model is shown in place of a result, and that its run goes on."""

    def test_wrong_calls_are_answered_and_the_run_goes_on(self) -> None:
        """Wrong names and shapes are answered briefly with the nearest right ones, in the core's words."""
        page: dict[str, Any] = {"entity": "pages", "action": "get"}
        calls: dict[str, Mapping[str, Any]] = {
            "'pages'": {"entity": "pagess"},
            "comments.delete(comment_id)": {"entity": "comments", "action": "delet"},
            "There are: list, get,": {"entity": "pages"},
            "pages.list(": {"action": "list"},
            "'page_id'": {**page, "params": {"page_idd": "x"}},
            "page_id is required": page,
            "JSON": {**page, "params": "{page"},
            "an object": {**page, "params": [1]},
            "twice": {**page, "params": {"page_id": "x"}, "page_id": "y"},
            "data_sources": {"entity": 7, "action": None, "params": None},
            "exactly the title": {**page, "params": {"page_id": "zzz"}},
            "nothing more under": {"params": {"more": "m123456789"}},
        }
        for connector in both(policy=Policy.full()):
            texts = self.interleaved(self.build(connector), list(calls.values()))
            for (words, call), text in zip(calls.items(), texts, strict=True):
                told = expected(connector, call)
                assert told.error is not None, call
                assert words in plain(text), call
                assert plain(told.error.hint) in plain(text), call
                _is_short(told.text, text)

    def test_misspelt_reads_are_understood(self) -> None:
        """A read whose meaning is clear is made, however it is written."""
        right: dict[str, Any] = {"entity": "users", "action": "list", "params": {"page_size": 1}}
        clumsy: list[dict[str, Any]] = [
            {**right, "entity": "Users"},
            {**right, "entity": "user"},
            {**right, "action": "lists"},
            {**right, "params": {"limit": "1"}},
            {"entity": "users.list", "action": "", "params": '{"page_size": 1}'},
        ]
        for connector in both():
            texts = self.run(self.build(connector), [ToolCall(EXECUTE, call) for call in clumsy])
            assert texts == [expected(connector, right).text] * len(clumsy)

    def test_errors_of_notion_reach_the_model(self) -> None:
        """What Notion or the network refuses is shown briefly with the next step, and the run goes on."""
        sandbox, clock = Sandbox.sample(), FakeClock()
        faults = sandbox.faults
        faults.add(status=401, times=1_000, path="/v1/comments")
        faults.add(status=403, times=1_000, path="/v1/databases")
        faults.add(status=429, times=1_000, path="/v1/data_sources", retry_after=1)
        faults.add(status=503, times=1_000, path="/v1/search")
        faults.add(drop=True, times=1_000, path="/v1/blocks")
        calls: list[Mapping[str, Any]] = [
            {"entity": "pages", "action": "get", "params": {"page_id": NOWHERE}},
            {"entity": "comments", "action": "list", "params": {"block_id": NOWHERE}},
            {"entity": "databases", "action": "get", "params": {"database_id": NOWHERE}},
            {"entity": "data_sources", "action": "get", "params": {"data_source_id": NOWHERE}},
            {"entity": "search", "action": "search"},
            {"entity": "blocks", "action": "get", "params": {"block_id": NOWHERE}},
        ]
        for connector in both(sandbox, clock=clock):
            texts = self.interleaved(self.build(connector), calls)
            for call, text in zip(calls, texts, strict=True):
                told = expected(connector, call)
                assert told.error is not None
                says(text, told.error)
                _is_short(told.text, text)

    def test_a_bug_is_not_dressed_up(self) -> None:
        """An exception that is none of ours propagates, or the model is told nothing of its inside."""
        for connector in both(transport=FakeTransport(ZeroDivisionError(_INTERNALS))):
            try:
                texts = self.run(self.build(connector), [ToolCall(EXECUTE, ME)])
            except Exception as error:
                if not any(isinstance(cause, ZeroDivisionError) for cause in _causes(error)):
                    raise
            else:
                assert _INTERNALS not in " ".join(texts)


def _is_short(told: str, shown: str) -> None:
    count = Answers().count
    assert count(told) <= MAX_ERROR, told
    assert count(shown) <= MAX_ERROR + AROUND_ERRORS, shown


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in cast("BaseExceptionGroup[BaseException]", error).exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__
