"""Settings of a gateway: argument, else environment, else default. Nothing is read at import."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.models import NotionOAuthCredentials

from .redirects import is_loopback_url

__all__ = ["DEFAULT_HOST", "DEFAULT_PORT", "GatewaySettings"]

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8300


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """Where a gateway keeps its data, where it listens, and how much it serves."""

    data_dir: Path
    database_url: str = field(repr=False)
    """In SQLAlchemy's form, with the driver named; it may hold a password."""
    keys: SecretStr | None = None
    """The vault's keys, ``id:base64,id2:base64``, the newest first; None where they are in ``key_file``."""
    key_file: Path
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    public_url: str
    """How browsers and Notion reach this server, without a slash at the end."""
    notion_base_url: str | None = None
    notion_oauth: NotionOAuthCredentials | None = None
    """The server's own Notion OAuth app."""
    development: bool = False
    """Loopback redirect URLs need not be listed."""
    max_body_bytes: int = 1_000_000
    max_concurrency: int = 200
    """Executes at a time in this process."""
    max_concurrency_per_organization: int = 100
    request_seconds: float = 300.0
    application_token_seconds: int = 900
    scoped_token_seconds: int = 1_200
    consent_seconds: int = 600
    refresh_lease_seconds: float = 45.0

    @classmethod
    def resolve(
        cls,
        *,
        data_dir: str | Path | None = None,
        database_url: str | None = None,
        keys: SecretStr | None = None,
        key_file: str | Path | None = None,
        host: str | None = None,
        port: int | None = None,
        public_url: str | None = None,
        notion_base_url: str | None = None,
        notion_oauth: NotionOAuthCredentials | None = None,
        development: bool | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> GatewaySettings:
        """Settings from arguments, then the environment (NOTION_GATEWAY_..., NOTION_BASE_URL), then defaults.

        Raises:
            ConfigurationError: one of them is wrong; the text names it and never shows a secret.
        """
        given = _Environment(os.environ if environ is None else environ)
        folder = _checked_folder(Path(data_dir or given.text("DATA_DIR") or _default_folder(given)))
        address = host or DEFAULT_HOST
        number = _checked_port(DEFAULT_PORT if port is None else port)
        shown = f"[{address}]" if ":" in address else address
        url = _checked_url("public_url", public_url or given.text("PUBLIC_URL") or f"http://{shown}:{number}")
        told = given.flag("DEVELOPMENT") if development is None else development
        base = notion_base_url or given.values.get("NOTION_BASE_URL", "").strip()
        return cls(
            data_dir=folder,
            database_url=_checked_database(
                database_url or given.text("DATABASE_URL") or f"sqlite:///{folder / 'gateway.db'}"
            ),
            keys=keys or given.secret("KEYS"),
            key_file=Path(key_file or given.text("KEY_FILE") or folder / "keys.json").expanduser().absolute(),
            host=address,
            port=number,
            public_url=url,
            notion_base_url=_checked_url("notion_base_url", base) if base else None,
            notion_oauth=notion_oauth or _app(given),
            development=is_loopback_url(url) if told is None else told,
        )


@dataclass(frozen=True, slots=True)
class _Environment:
    values: Mapping[str, str] = field(repr=False)

    def text(self, name: str) -> str:
        return self.values.get(f"NOTION_GATEWAY_{name}", "").strip()

    def secret(self, name: str) -> SecretStr | None:
        text = self.text(name)
        return SecretStr(text) if text else None

    def flag(self, name: str) -> bool | None:
        text = self.text(name).lower()
        if text in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
            return text in {"1", "true", "yes", "on"} if text else None
        raise ConfigurationError(f"NOTION_GATEWAY_{name} is neither true nor false.", hint="Set it to 1 or 0.")


def _default_folder(given: _Environment) -> Path:
    home = given.values.get("XDG_DATA_HOME", "").strip()
    return (Path(home) if home else Path("~/.local/share")) / "airbyte-agent-notion-gateway"


def _checked_folder(folder: Path) -> Path:
    if "?" in str(folder):  # It would begin the options of the database's URL.
        raise ConfigurationError("data_dir must not hold a question mark.", hint="Choose another directory.")
    return folder.expanduser().absolute()


def _app(given: _Environment) -> NotionOAuthCredentials | None:
    client_id, secret = given.text("CLIENT_ID"), given.secret("CLIENT_SECRET")
    if not client_id and secret is None:
        return None
    if not client_id or secret is None:
        raise ConfigurationError(
            "Of NOTION_GATEWAY_CLIENT_ID and NOTION_GATEWAY_CLIENT_SECRET only one is set.",
            hint="Set both to the values of the server's Notion OAuth app, or neither.",
        )
    return NotionOAuthCredentials(client_id=client_id, client_secret=secret)


def _checked_port(port: int) -> int:
    if not 0 <= port <= 65_535:
        raise ConfigurationError("port must be from 0 to 65535.", hint="0 lets the system choose a free one.")
    return port


def _checked_url(name: str, url: str) -> str:
    refusal = ConfigurationError(f"{name} is not an http(s) address.", hint="An example is https://gateway.example.")
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # raises ValueError for one that is none
    except ValueError:
        raise refusal from None
    plain = all("!" <= character <= "~" for character in url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or not plain:
        raise refusal
    if "@" in parts.netloc:
        raise ConfigurationError(f"{name} must not hold credentials.", hint="Leave out what stands before the @.")
    return url.strip().rstrip("/")


def _checked_database(url: str) -> str:
    scheme, colon, rest = url.strip().partition("://")
    if colon and scheme in {"postgres", "postgresql", "postgresql+psycopg"} and rest:
        return f"postgresql+psycopg://{rest}"
    # Two slashes and a name would be a host; without a name the database would live in memory.
    if colon and scheme in {"sqlite", "sqlite+pysqlite"} and rest[:1] == "/" and _names_file(rest[1:]):
        return f"sqlite:///{rest[1:]}"
    raise ConfigurationError(
        "The database URL names neither PostgreSQL nor an SQLite file.",
        hint="Give postgresql://user:password@host/name or sqlite:////absolute/path/gateway.db.",
    )


def _names_file(path: str) -> bool:
    return bool(path) and not path.startswith((":memory:", "file:", "?"))
