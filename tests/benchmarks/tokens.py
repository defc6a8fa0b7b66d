"""What the definition of ``notion_execute`` costs a model, in tokens (o200k_base) and characters.

    python -m pip install bpe-openai
    python tests/benchmarks/tokens.py

A definition is name, description and schema as JSON. Limits: 400 tokens read-only, 600 with writes.
"""

import json
import sys

import bpe_openai

from airbyte_agent_notion import NotionAccessTokenAuthConfig, Policy, SyncNotionConnector, Toolset

LIMITS = {"read_only": 400, "write": 600, "full": 600}


def definition(policy):
    """The tool as a provider is sent it, with the JSON's usual spaces, which cost a little more than none."""
    connector = SyncNotionConnector(NotionAccessTokenAuthConfig(token="ntn_none"), policy=policy)
    [tool] = Toolset(connector).tools
    whole = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return json.dumps(whole, ensure_ascii=False), tool


def main():
    encoding = bpe_openai.get_encoding("o200k_base")
    over = False
    print(f"{'policy':<10} {'tokens':>6} {'limit':>6} {'description':>12}")
    for name, limit in LIMITS.items():
        text, tool = definition(getattr(Policy, name)())
        tokens = len(encoding.encode(text))
        over |= tokens > limit
        print(f"{name:<10} {tokens:>6} {limit:>6} {len(tool.description):>6} chars")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
