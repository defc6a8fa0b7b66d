"""The console script ``airbyte-agent-notion``."""

from .main import main

__all__ = ["main"]
