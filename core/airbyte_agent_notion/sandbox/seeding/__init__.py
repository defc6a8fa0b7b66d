"""State from JSON: from objects as Notion gives them out, and from a small form that people write by hand."""

from .dump import dump
from .form import load_form
from .loader import Loader

__all__ = ["Loader", "dump", "load_form"]
