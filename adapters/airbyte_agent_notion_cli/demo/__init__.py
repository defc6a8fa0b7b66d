"""``airbyte-agent-notion demo``: an agent in each framework answers questions through the adapters' own tools.

The models are scripted (``stories``), so that it runs offline; everything else is real: the framework's agent loop,
the adapter, the connector and, in ``--live`` mode, Notion.
"""

from .show import run

__all__ = ["run"]
