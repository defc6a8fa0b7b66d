"""Commands and their options."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from airbyte_agent_notion import NotionAgentError, __version__

__all__ = ["main"]

PROGRAM = "airbyte-agent-notion"
GATEWAY_NEEDS = {"alembic", "argon2", "cryptography", "fastapi", "jwt", "psycopg", "sqlalchemy", "starlette", "uvicorn"}
"""What the extra ``gateway`` installs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0, or 1 after an error, which is printed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # Workspaces hold text that some terminals cannot show.
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        # The gateway's own commands are built only when one of them is meant.
        options = _gateway_parser().parse_args(given[1:]) if given[:1] == ["gateway"] else _parser().parse_args(given)
        return int(options.run(options))
    except ModuleNotFoundError as error:
        if given[:1] != ["gateway"] or (error.name or "").partition(".")[0] not in GATEWAY_NEEDS:
            raise
        print('The gateway is not installed: pip install "airbyte-agent-notion[gateway]"', file=sys.stderr)
        return 1
    except NotionAgentError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone; nor may the interpreter's last flush fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Notion for AI agents.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="agents in every installed framework answer questions about a workspace")
    demo.add_argument("--live", action="store_true", help="on the workspace of NOTION_TOKEN instead of the sandbox")
    demo.add_argument("--framework", action="append", metavar="NAME", help="only this one; may be repeated")
    demo.add_argument("--full", action="store_true", help="print the text that models read without cutting it")
    demo.set_defaults(run=_demo)

    check = commands.add_parser("check", help="whether a token works, what it may read, and what is shared with it")
    check.add_argument("--sandbox", action="store_true", help="check the sandbox instead of NOTION_TOKEN")
    check.set_defaults(run=_check)

    sandbox = commands.add_parser("sandbox", help="serve the sample workspace on loopback for any HTTP client")
    sandbox.add_argument("--port", type=int, default=0, help="default: a free one")
    sandbox.set_defaults(run=_sandbox)

    commands.add_parser("gateway", help="serve the hosted Agent API, and manage its tenants", add_help=False)
    return parser


def _gateway_parser() -> argparse.ArgumentParser:
    from airbyte_agent_notion_gateway.cli import add_commands

    parser = argparse.ArgumentParser(prog=f"{PROGRAM} gateway", description="The hosted Agent API on your own server.")
    add_commands(parser)
    return parser


def _demo(options: argparse.Namespace) -> int:
    from .demo import run

    return run(frameworks=options.framework, live=options.live, whole=options.full)


def _check(options: argparse.Namespace) -> int:
    from .check import run

    return run(sandbox=options.sandbox)


def _sandbox(options: argparse.Namespace) -> int:
    from .serve import run

    return run(port=options.port)
