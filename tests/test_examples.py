"""The examples as a user runs them: in a process of their own, without a token or a network."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
NEEDS = {
    "pydantic_ai_agent.py": ("pydantic_ai", "pydantic-ai-slim is not installed"),
    "langchain_agent.py": ("langchain.agents", "langchain is not installed"),
    "llama_index_agent.py": ("llama_index.core", "llama-index-core is not installed"),
}


def test_every_example_is_run():
    assert {path.name for path in EXAMPLES.glob("*_agent.py")} == set(NEEDS)


@pytest.mark.parametrize("name", NEEDS)
def test_example_answers_offline(name):
    module, reason = NEEDS[name]
    pytest.importorskip(module, reason=reason, exc_type=ImportError)
    done = subprocess.run(
        [sys.executable, EXAMPLES / name], env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Question: Which high-priority tasks are blocked?"
    assert [line.partition(":")[0] for line in lines[1:-1]] == ["Call", "Call"]
    assert '"data_source_id"' in lines[2]
    assert lines[-1].startswith("Answer: ")
    assert "Blocked" not in lines[-1]
    assert len(lines[-1]) > len("Answer: ")
