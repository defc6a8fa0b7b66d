"""``airbyte-agent-notion gateway``: start the server, and what its operator does beside it.

Nothing heavy is imported before a command runs, so that ``--help`` is quick.
"""

# ruff: noqa: T201 (printing is its job)

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from airbyte_agent_notion.errors import ConfigurationError

from .settings import DEFAULT_HOST, DEFAULT_PORT, GatewaySettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from .store import Store

    Command = Callable[[argparse.Namespace], int]
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

__all__ = ["add_commands"]


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Build the commands below ``gateway``; each sets ``run``, a function of the options that gives the exit status."""
    _shared(parser)
    parser.set_defaults(run=_serve)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add(commands, "serve", "start the server; the default", _serve)
    _organizations(commands)
    _redirect_urls(commands)
    _clients(commands)
    _connectors(commands)
    _add(commands, "rotate-keys", "seal all credentials with a new vault key; gateways may run", _rotate_keys)
    _add(commands, "migrate", "bring the database to this version's tables", _migrate)


def _shared(parser: argparse.ArgumentParser) -> None:
    """Options that stand before or after a command; unset ones stay away, so that neither place undoes the other."""
    group = parser.add_argument_group(
        "server", "each has an environment variable NOTION_GATEWAY_..., but host and port"
    )
    none = argparse.SUPPRESS
    group.add_argument("--data-dir", default=none, metavar="DIR", help="database and vault keys")
    group.add_argument("--database-url", default=none, metavar="URL", help="default: an SQLite file in the directory")
    group.add_argument("--host", default=none, help=f"default: {DEFAULT_HOST}")
    group.add_argument("--port", default=none, type=int, help=f"default: {DEFAULT_PORT}")
    group.add_argument("--public-url", default=none, metavar="URL", help="how browsers reach the server")


def _add(commands: Commands, name: str, help: str, run: Command) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help, description=help)
    _shared(parser)
    parser.set_defaults(run=run)
    return parser


def _group(commands: Commands, name: str, help: str) -> Commands:
    parser = commands.add_parser(name, help=help, description=help)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def _organizations(commands: Commands) -> None:
    group = _group(commands, "organizations", "tenants and their clients")
    create = _add(group, "create", "make an organization and a client that acts for it", _create_organization)
    create.add_argument("name", metavar="NAME")
    create.add_argument(
        "--redirect-url", action="append", default=[], metavar="URL", help="where browsers may be sent; may be repeated"
    )
    create.add_argument("--client-id", metavar="ID", help="an existing client that shall act for this one too")
    _add(group, "list", "organizations with their clients", _list_organizations)
    delete = _add(group, "delete", "delete an organization with everything below it", _delete_organization)
    delete.add_argument("id", metavar="ID")


def _redirect_urls(commands: Commands) -> None:
    group = _group(commands, "redirect-urls", "where an organization's browsers may be sent after a consent")
    for name, purpose, run in (
        ("add", "allow one", _add_redirect_url),
        ("remove", "allow one no longer", _remove_redirect_url),
    ):
        command = _add(group, name, purpose, run)
        command.add_argument("organization", metavar="ORGANIZATION_ID")
        command.add_argument("url", metavar="URL")
    listed = _add(group, "list", "those allowed", _list_redirect_urls)
    listed.add_argument("organization", metavar="ORGANIZATION_ID")


def _clients(commands: Commands) -> None:
    group = _group(commands, "clients", "who may ask for tokens")
    for name, purpose, run in (
        ("rotate-secret", "a new secret in place of the old one", _rotate_secret),
        ("disable", "refuse a client from now on", _disable_client),
    ):
        _add(group, name, purpose, run).add_argument("id", metavar="ID")


def _connectors(commands: Commands) -> None:
    group = _group(commands, "connectors", "what agents may do")
    _add(group, "list", "connectors of all organizations", _list_connectors)
    policy = _add(group, "policy", "set which operations may run: connectors begin as read_only", _set_policy)
    policy.add_argument("id", metavar="ID")
    policy.add_argument("policy", choices=("read_only", "write", "full"))


def _settings(options: argparse.Namespace) -> GatewaySettings:
    return GatewaySettings.resolve(
        data_dir=getattr(options, "data_dir", None),
        database_url=getattr(options, "database_url", None),
        host=getattr(options, "host", None),
        port=getattr(options, "port", None),
        public_url=getattr(options, "public_url", None),
    )


def _store(options: argparse.Namespace) -> Store:
    from .store import Store

    return Store.open(_settings(options))


def _serve(options: argparse.Namespace) -> int:
    from .server import run

    return run(_settings(options))


def _create_organization(options: argparse.Namespace) -> int:
    with _store(options) as store:
        made = store.organizations.create(options.name, redirect_urls=options.redirect_url, client_id=options.client_id)
    print(f"organization id  {made.organization.id}")
    print(f"client id        {made.client_id}")
    if made.client_secret is None:
        print("The client keeps its secret. It acts for several organizations now: its calls name one of them, in")
        print("AirbyteAuthConfig(organization_id=...) or the header X-Organization-Id.")
        return 0
    secret = made.client_secret.get_secret_value()
    print(f"client secret    {secret}")
    print("The secret is not shown again. A client needs:")
    print(f"  export AIRBYTE_CLIENT_ID={made.client_id}")
    print(f"  export AIRBYTE_CLIENT_SECRET={secret}")
    print(f"  export AIRBYTE_API_BASE_URL={_settings(options).public_url}")
    return 0


def _list_organizations(options: argparse.Namespace) -> int:
    with _store(options) as store:
        found = [(each, store.organizations.clients(each.id)) for each in store.organizations.list()]
    for organization, clients in found:
        print(f"{organization.id}  {organization.name}")
        for client in clients:
            print(f"  client {client.id}{'  disabled' if client.disabled else ''}")
    if not found:
        print("None yet: airbyte-agent-notion gateway organizations create NAME")
    return 0


def _delete_organization(options: argparse.Namespace) -> int:
    with _store(options) as store:
        if not store.organizations.delete(options.id):
            raise _unknown("organization")
    print("Deleted, with its workspaces and connectors.")
    return 0


def _add_redirect_url(options: argparse.Namespace) -> int:
    with _store(options) as store:
        fresh = store.organizations.add_redirect_url(options.organization, options.url)
    print("Added." if fresh else "It was allowed already.")
    return 0


def _remove_redirect_url(options: argparse.Namespace) -> int:
    with _store(options) as store:
        if not store.organizations.remove_redirect_url(options.organization, options.url):
            raise ConfigurationError(
                "The organization has no such redirect URL.",
                hint=f"See: airbyte-agent-notion gateway redirect-urls list {options.organization}",
            )
    print("Removed.")
    return 0


def _list_redirect_urls(options: argparse.Namespace) -> int:
    with _store(options) as store:
        if store.organizations.get(options.organization) is None:
            raise _unknown("organization")
        for url in store.organizations.redirect_urls(options.organization):
            print(url)
    return 0


def _rotate_secret(options: argparse.Namespace) -> int:
    with _store(options) as store:
        secret = store.organizations.rotate_client_secret(options.id)
    if secret is None:
        raise _unknown("client")
    print(f"client secret    {secret.get_secret_value()}")
    print("The secret is not shown again; the old one works no longer. Tokens it gave work until they expire.")
    return 0


def _disable_client(options: argparse.Namespace) -> int:
    with _store(options) as store:
        if not store.organizations.disable_client(options.id):
            raise _unknown("client")
    print("Disabled.")
    return 0


def _list_connectors(options: argparse.Namespace) -> int:
    with _store(options) as store:
        found = [each for organization in store.organizations.list() for each in store.connectors.list(organization.id)]
    for each in found:
        print(
            f"{each.id}  {each.policy:9}  {each.scheme:5}  {each.organization_id}  {each.workspace_name}  {each.name}"
        )
    if not found:
        print("None yet.")
    return 0


def _set_policy(options: argparse.Namespace) -> int:
    with _store(options) as store:
        for organization in store.organizations.list():
            if store.connectors.update(organization.id, options.id, policy=options.policy) is not None:
                print(f"{options.id} is {options.policy} now.")
                return 0
    raise _unknown("connector")


def _rotate_keys(options: argparse.Namespace) -> int:
    from .rotation import rotate_keys

    with _store(options) as store:
        done = rotate_keys(store)
    print(f"Everything is sealed with the key {done.active}; {done.resealed} rows were sealed anew.")
    if done.dropped:
        print(f"Dropped: {', '.join(done.removable)}. Backups of the database from before need them; back up anew.")
    elif done.removable:
        print(f"These may be removed from NOTION_GATEWAY_KEYS: {', '.join(done.removable)}.")
    return 0


def _migrate(options: argparse.Namespace) -> int:
    with _store(options) as store:
        store.ready()
    print("The database is at the newest migration.")
    return 0


def _unknown(what: str) -> ConfigurationError:
    where = "connectors" if what == "connector" else "organizations"
    return ConfigurationError(f"There is no such {what}.", hint=f"See: airbyte-agent-notion gateway {where} list")
