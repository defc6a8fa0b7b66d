"""The sample workspace: Brightkeel, an invented maker of harbour sensors, built when it is asked for."""

from .company import build

__all__ = ["build"]
