"""What both connectors share: their arguments, and what they say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from .answers import Answers
from .audit import AuditSink, Trail, check_sink
from .catalog import Catalog
from .connections import (
    AuthConfig,
    Options,
    TokenRefreshCallback,
    credentials_of,
    open_executor,
    open_transport,
)
from .consent import ConsentOutcome, parse_callback
from .engine import Engine, Runner
from .errors import ConfigurationError
from .executors.hosted import HostedExecutor
from .executors.local import LocalExecutor
from .flow import Flow
from .gate import Rules
from .health import CheckResult, checked
from .models.credentials import AirbyteAuthConfig, NotionAccessTokenAuthConfig
from .namespace import M, Mode, Sync
from .operation import Api
from .operations import NotionSurface
from .policy import Policy
from .ports import Transport
from .schema import describe, overview, record_schema
from .settings import Settings
from .tool_utils import ToolUtils

if TYPE_CHECKING:
    from .sandbox import Sandbox
    from .wire.transport import HttpClient

__all__ = ["BaseConnector"]


class BaseConnector(NotionSurface[M]):
    """What both connectors share.

    Args:
        auth_config: NotionAccessTokenAuthConfig or NotionOauth20AuthConfig, with which requests go to Notion; or
            AirbyteAuthConfig, with which they go to a server that keeps the credentials. By default a token from
            NOTION_TOKEN, else AIRBYTE_CLIENT_ID, AIRBYTE_CLIENT_SECRET and AIRBYTE_CUSTOMER_NAME (or
            AIRBYTE_CONNECTOR_ID).
        base_url: where requests go instead of https://api.notion.com; by default NOTION_BASE_URL. In hosted mode
            instead of https://api.airbyte.ai; by default AIRBYTE_API_BASE_URL.
        notion_version: ``2026-03-11`` (default) or ``2025-09-03``.
        policy: which operations may run; by default Policy.read_only().
        timeout: seconds to wait for a response to begin and between its parts; by default 65, in hosted mode 300.
        http_client: an httpx client of your own, for its kind of call (and loop) only; never changed or closed.
        on_token_refresh: for OAuth grants with a refresh token: called with Notion's answer, which holds the new
            ``access_token`` and ``refresh_token``, before the old pair is dropped. Store both: Notion takes each
            refresh token once. Async functions only with NotionConnector.
        deadline: seconds that one call may take in all, waiting included; by default 300.
        requests_per_minute: your plan's budget in any 60 s, shared by all connectors of this process with the same
            token; by default 180. Business and Enterprise plans have 600.
        proxy: address of an HTTP proxy; by default the usual environment variables decide.
        ca_file: a file of PEM certificates to trust in place of the usual ones.
        audit: called with an AuditRecord of each executed operation, e.g. ``audit.JsonLines("audit.jsonl")``. Async
            functions only with NotionConnector.
        tag: stands in each of those records, e.g. the user's name.
        dry_run: calls that would change the workspace send nothing that writes, and answer a DryRun: what they would
            send and change. Reads run.
        answers: how tools write results for models: their budget of tokens, handles, the fence around content.

    Raises:
        ConfigurationError: an argument is wrong, or there are no credentials.
    """

    _kind: ClassVar[type[Mode]]

    tool_utils = ToolUtils()

    def __init__(
        self,
        auth_config: AuthConfig | None = None,
        *,
        base_url: str | None = None,
        notion_version: str | None = None,
        policy: Policy | None = None,
        timeout: float | None = None,
        http_client: HttpClient | None = None,
        on_token_refresh: TokenRefreshCallback | None = None,
        deadline: float | None = None,
        requests_per_minute: int | None = None,
        proxy: str | None = None,
        ca_file: str | None = None,
        audit: AuditSink | None = None,
        tag: str | None = None,
        dry_run: bool = False,
        answers: Answers | None = None,
    ) -> None:
        credentials = credentials_of(auth_config)
        self._check_callback(on_token_refresh)
        options = Options(
            base_url=base_url,
            notion_version=notion_version,
            timeout=timeout,
            http_client=http_client,
            on_token_refresh=on_token_refresh,
            deadline=deadline,
            requests_per_minute=requests_per_minute,
            proxy=proxy,
            ca_file=ca_file,
        )
        settings = options.settings(hosted=isinstance(credentials, AirbyteAuthConfig))
        executor = open_executor(credentials, settings, options)
        watch = self._watch(audit, tag)
        self._install(executor, open_transport(settings, options), policy, watch, dry_run=dry_run, answers=answers)

    def _install(
        self,
        executor: Api,
        transport: Transport,
        policy: Policy | None,
        trail: Trail,
        *,
        dry_run: bool,
        answers: Answers | None,
    ) -> None:
        if policy is not None and not isinstance(policy, Policy):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError("policy must be a Policy.", hint="For instance Policy.read_only().")
        if answers is not None and not isinstance(answers, Answers):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError("answers must be Answers.", hint="For instance Answers(max_tokens=2_000).")
        rules = Rules.of(policy or Policy.read_only(), trail)
        kind = type(self)
        rules.policy.check_names(
            each.spec for space in (*kind.namespaces().values(), kind) for each in space.operations()
        )
        catalog = Catalog.of(kind)
        engine = Engine(catalog=catalog, policy=rules.policy, executor=executor, rules=rules, dry_run=dry_run)
        self.runner: Runner = Runner(engine=engine, transport=transport, answers=answers or Answers())
        super().__init__(self.runner, self._kind)

    @classmethod
    def sandbox(
        cls,
        sandbox: Sandbox | None = None,
        *,
        policy: Policy | None = None,
        notion_version: str | None = None,
        audit: AuditSink | None = None,
        tag: str | None = None,
        dry_run: bool = False,
        answers: Answers | None = None,
    ) -> Self:
        """A connector to an in-process Notion workspace: no account, no network.

        Args:
            sandbox: the workspace; by default a fresh sample.
            policy: as for the constructor.
            notion_version: as for the constructor.
            audit: as for the constructor.
            tag: as for the constructor.
            dry_run: as for the constructor.
            answers: as for the constructor.
        """
        from .sandbox import Sandbox

        workspace = Sandbox.sample() if sandbox is None else sandbox
        settings = Settings.resolve(notion_version=notion_version, environ={})
        credentials = NotionAccessTokenAuthConfig(token=workspace.token)
        connector = cls.__new__(cls)
        executor = LocalExecutor(credentials, settings.notion_version, per_minute=None)
        watch = connector._watch(audit, tag)  # noqa: SLF001
        connector._install(  # noqa: SLF001
            executor, workspace.transport(), policy, watch, dry_run=dry_run, answers=answers
        )
        return connector

    def __repr__(self) -> str:
        if not hasattr(self, "runner"):  # Asked for in the traceback of a failed construction.
            return f"<{type(self).__name__}, not built>"
        engine = self.runner.engine
        effects = ", ".join(sorted(engine.policy.effects))
        return f"<{type(self).__name__} {engine.executor}, may {effects}>"

    @property
    def connector_id(self) -> str | None:
        """Id of the hosted connector: given, created, or looked up at the first call; None in open-source mode."""
        executor = self.runner.engine.executor
        return executor.connector_id if isinstance(executor, HostedExecutor) else None

    @staticmethod
    def parse_callback(url: str) -> ConsentOutcome:
        """Read the address at which a user's browser came back from the consent page; see airbyte_agent_notion.consent.

        Raises:
            ConfigurationError: it is not the address of a callback.
        """
        return parse_callback(url)

    def list_entities(self) -> list[dict[str, Any]]:
        """The entities that the policy allows, each with ``entity_name``, ``description``, ``available_actions`` and
        ``parameters`` by action (``name``, ``required``, ``type``, ``description``).
        """
        engine = self.runner.engine
        catalog = engine.catalog
        found: list[dict[str, Any]] = []
        for entity in catalog.entities:
            allowed = engine.offered(entity)
            if allowed:
                found.append(overview(entity, catalog.description(entity), allowed))
        return found

    def entity_schema(self, entity: str) -> dict[str, Any]:
        """An entity's ``record`` (JSON Schema of its Notion object) and those of its ``actions`` that the policy allows
        (``description``, ``effect``, ``endpoint`` and ``parameters``, a JSON Schema, each). A fresh copy.

        Raises:
            UnknownEntity: there is no such entity; the error names those there are.
        """
        catalog = self.runner.engine.catalog
        operations = catalog.operations(entity)
        return {
            "entity": entity,
            "description": catalog.description(entity),
            "record": record_schema(operations[0]),
            "actions": {each.spec.action: describe(each) for each in self.runner.engine.offered(entity)},
        }

    def _check(self) -> Flow[CheckResult]:
        return checked(self.runner.engine)

    def _hosted(self) -> HostedExecutor:
        executor = self.runner.engine.executor
        assert isinstance(executor, HostedExecutor)  # As AirbyteAuthConfig gives it.
        return executor

    def _watch(self, sink: AuditSink | None, tag: str | None) -> Trail:
        check_sink(sink, blocking=self._kind is Sync)
        if tag is not None and not isinstance(tag, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError("tag must be a string.")
        return Trail(sink=sink, tag=tag)

    def _check_callback(self, callback: TokenRefreshCallback | None) -> None:
        if callback is not None and not callable(callback):
            raise ConfigurationError("on_token_refresh must be a function of the new token pair.")
