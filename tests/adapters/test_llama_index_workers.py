"""LlamaIndex' agent workers, which it had up to 0.12."""

import importlib
from typing import Any

import pytest

agents = pytest.importorskip("llama_index.core.agent", reason="llama-index-core is not installed")
if not hasattr(agents, "FunctionCallingAgentWorker"):
    pytest.skip("this llama-index-core has no agent workers (they are gone from 0.13)", allow_module_level=True)

script = importlib.import_module("llama_index_script")

# LlamaIndex' own: the workers are deprecated, and it reads pydantic's deprecated attributes.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:llama_index"),
    pytest.mark.filterwarnings("ignore:Call to deprecated:DeprecationWarning"),
]


class TestFunctionCallingWorker(script.Contract):
    def run(self, tools: list[Any], steps: Any) -> list[str]:
        llm = script.Script(steps=list(steps))
        worker = agents.FunctionCallingAgentWorker.from_tools(tools, llm=llm, max_function_calls=1_000)
        worker.as_agent().chat("go")
        return llm._texts


class TestReActWorker(script.Contract):
    def run(self, tools: list[Any], steps: Any) -> list[str]:
        llm = script.Script(steps=list(steps), react=True)
        worker = agents.ReActAgentWorker.from_tools(tools, llm=llm, max_iterations=1_000)
        worker.as_agent().chat("go")
        return llm._texts


class TestAwaitedFunctionCallingWorker(script.Contract):
    def run(self, tools: list[Any], steps: Any) -> list[str]:
        import anyio

        llm = script.Script(steps=list(steps))
        worker = agents.FunctionCallingAgentWorker.from_tools(tools, llm=llm, max_function_calls=1_000)
        anyio.run(worker.as_agent().achat, "go")
        return llm._texts
