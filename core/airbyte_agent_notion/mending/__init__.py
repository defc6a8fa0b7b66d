"""What a model sent, mended before it is checked: the names of calls, parameters and their values, titles for ids."""

from .calls import called, describes
from .parameters import mended
from .titles import resolved, titled

__all__ = ["called", "describes", "mended", "resolved", "titled"]
