"""What the definition of ``notion_execute`` and its answers to ``describe`` cost a model, in tokens (o200k_base).

    python -m pip install bpe-openai
    python tests/benchmarks/tokens.py [--show]

A definition is name, description and schema as JSON. Limits: 400 tokens read-only, 600 with writes; 150 for what
``describe`` tells of one operation. Ends with 1 if one is exceeded. ``--show`` prints the texts too.
"""

import json
import sys
from statistics import mean

import bpe_openai

from airbyte_agent_notion import NotionAccessTokenAuthConfig, Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.describe import described

LIMITS = {"read_only": 400, "write": 600, "full": 600}
LIMIT_DESCRIBED = 150
ENCODING = bpe_openai.get_encoding("o200k_base")


def tokens(text):
    """How many tokens a text is."""
    return len(ENCODING.encode(text))


def connector(policy):
    """One that is never connected."""
    return SyncNotionConnector(NotionAccessTokenAuthConfig(token="ntn_none"), policy=policy)


def definition(policy):
    """The tool as a provider is sent it, with the JSON's usual spaces, which cost a little more than none."""
    [tool] = Toolset(connector(policy)).tools
    whole = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return json.dumps(whole, ensure_ascii=False), tool


def definitions(*, show):
    """Print a line for each policy; whether one is over its limit."""
    over = False
    print(f"{'definition':<12} {'tokens':>6} {'limit':>6} {'description':>12}")
    for name, limit in LIMITS.items():
        text, tool = definition(getattr(Policy, name)())
        over |= tokens(text) > limit
        print(f"{name:<12} {tokens(text):>6} {limit:>6} {len(tool.description):>6} chars")
        if show:
            print(f"{text}\n")
    return over


def descriptions(*, show):
    """Print a line for each entity; whether an operation is over the limit."""
    catalog = connector(Policy.full()).runner.engine.catalog
    costs = {}
    print(f"\n{'describe':<14} {'tokens':>6} {'operations':>10} {'max':>5} {'mean':>5}")
    for entity in catalog.entities:
        operations = catalog.operations(entity)
        whole = described(entity, operations, about=catalog.description(entity))
        own = {each.spec.name: tokens(described(entity, operations, each.spec.action)) for each in operations}
        costs |= own
        row = (tokens(whole), len(own), max(own.values()), mean(own.values()))
        print("{:<14} {:>6} {:>10} {:>5} {:>5.0f}".format(entity, *row))
        if show:
            print(f"{whole}\n")
    worst = max(costs, key=lambda name: costs[name])
    print(f"one operation: at most {costs[worst]} ({worst}), limit {LIMIT_DESCRIBED}; mean {mean(costs.values()):.0f}")
    return costs[worst] > LIMIT_DESCRIBED


def main(arguments):
    """Both tables."""
    show = "--show" in arguments
    over = (definitions(show=show), descriptions(show=show))
    return int(any(over))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
