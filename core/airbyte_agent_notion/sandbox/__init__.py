"""An in-process Notion workspace that enforces Notion's rules, for tests, demos and work without an account.

    sandbox = Sandbox.sample()
    response = sandbox.handle(Request(method="GET", path="/v1/users/me", headers={...}))
    with sandbox.serve() as server:
        ...  # any HTTP client, with server.url as its base URL and sandbox.token as its token

Nothing leaves the process, and nothing is canned: objects are built from state, for the version that is asked for.
"""

from .faults import Fault, Faults
from .oauth import Grant, OAuth, TokenPair
from .sandbox import Exchange, Received, Sandbox
from .server import SandboxServer
from .snapshots import Snapshot
from .state_files import FileLimits, RemoteFile
from .transport import SandboxTransport

__all__ = [
    "Exchange",
    "Fault",
    "Faults",
    "FileLimits",
    "Grant",
    "OAuth",
    "Received",
    "RemoteFile",
    "Sandbox",
    "SandboxServer",
    "SandboxTransport",
    "Snapshot",
    "TokenPair",
]
