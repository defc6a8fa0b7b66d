"""What adapters are tested with: a scripted transport, a clock that does not wait, a linter for tool schemas, and
``AdapterContract``, the tests that every adapter passes. Neither pytest nor a framework is imported here.

    class TestMyFramework(AdapterContract):
        def build(self, connector, *, per_operation=False): ...
        def advertised(self, tool): ...
        def call(self, tool, arguments): ...
        async def acall(self, tool, arguments): ...
        def run(self, tools, steps): ...
"""

from .contract import AdapterContract
from .fakes import FakeClock, FakeTransport, json_response
from .harness import Advertised, Step, ToolCall
from .lint import lint_tool_schema

__all__ = [
    "AdapterContract",
    "Advertised",
    "FakeClock",
    "FakeTransport",
    "Step",
    "ToolCall",
    "json_response",
    "lint_tool_schema",
]
