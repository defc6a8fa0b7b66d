"""Tenants: of 2,000 random calls none reaches what belongs to another, by whatever id, name, header, cursor or state.

What may be reached is worked out here from who sends and which header, and compared with every answer, with all rows of
all tables before and after, and with the tokens that Notion got to see.
"""

import random
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from gateways import CONNECTORS, bearer, query_of, running
from sqlalchemy import select

from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion_gateway import access
from airbyte_agent_notion_gateway.store.connectors import Connectors
from airbyte_agent_notion_gateway.store.tables import ConnectorRow, ConsentRow, OAuthAppRow, WorkspaceRow
from airbyte_agent_notion_gateway.store.workspaces import Workspaces

pytestmark = pytest.mark.thorough

CALLS = 2_000
BACK = "https://app.example/back"
NAMES = ["one", "two", "three", "four", "shared"]
LASTING = {"one", "two"}
"""Workspaces of scoped tokens: their own organisation does not delete or rename them."""
REFUSALS = {400, 401, 403, 404, 422}
ROWS = {"workspaces": WorkspaceRow, "connectors": ConnectorRow, "apps": OAuthAppRow, "consents": ConsentRow}


class Crossed(Exception):
    """A call reached what belongs to another."""


def require(holds, *what):
    if not holds:
        raise Crossed(*what)


@dataclass(frozen=True)
class Sender:
    """Who calls: a token, and what it may reach without and with a header."""

    token: str = field(repr=False)
    organizations: tuple[str, ...]
    bound: str | None = None
    workspace: str | None = None

    def reach(self, header):
        """The organisation that a call with this header is for; None where it must be refused."""
        if header is not None and header not in self.organizations:
            return None
        if self.bound is not None:
            return self.bound if header in {None, self.bound} else None
        return header or (self.organizations[0] if len(self.organizations) == 1 else None)


def _place(kind, row, found):
    """The id of the workspace that a row belongs to."""
    if kind == "workspaces":
        return row["id"]
    if kind == "consents":
        named = (row["organization_id"], row["workspace_name"])
        return next((each for each, (owner, _, row) in found["workspaces"].items() if (owner, row[2]) == named), None)
    return row.get("workspace_id")


class World:
    """Four organisations, two of them of one client; senders of every kind; what they were handed out."""

    def __init__(self, gateway, dice):
        self.gateway, self.dice = gateway, dice
        self.senders, self.cursors, self.states = [], ["bm9uc2Vuc2U="], {}
        self.used, self.owner_of_token, self.done = [], {}, {}
        self.rows, self.near, self.order = {}, set(), {}
        exchange = gateway.sandbox.exchange

        def noted(request, **more):
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme == "Bearer":
                self.used.append(token)
            return exchange(request, **more)

        gateway.sandbox.exchange = noted

    async def settle(self):
        gateway = self.gateway
        tenants = [gateway.organization(name, redirect_urls=[BACK]) for name in ("A", "B", "M1")]
        tenants.append(gateway.organization("M2", client=tenants[2], redirect_urls=[BACK]))
        self.organizations = [tenant.id for tenant in tenants]
        both = tuple(self.organizations[2:])
        for tenant in tenants[:2]:
            self.senders.append(Sender(await gateway.token(tenant), (tenant.id,)))
        self.senders.append(Sender(await gateway.token(tenants[2]), both))
        self.senders.append(Sender(await gateway.token(tenants[2], organization=both[0]), both, bound=both[0]))
        for tenant in tenants:
            token = await gateway.token(tenant, organization=tenant.id)
            mine = tuple(each.id for each in tenants if each.client_id == tenant.client_id)
            for name in sorted(LASTING):
                scoped = await gateway.scoped(token, name)
                workspace = gateway.store.workspaces.get(tenant.id, name).id
                self.senders.append(Sender(scoped, mine, bound=tenant.id, workspace=workspace))
                self.look()
            for name in NAMES:
                for _ in range(2):
                    await self._connector(token, tenant.id, name)
        self.look()

    async def _connector(self, token, organization, name):
        pair = self.gateway.sandbox.oauth.grant()
        made = await self.gateway.connector(
            token, customer=name, name=f"name of {organization}", credentials={"token": pair.access_token}
        )
        self.owner_of_token[pair.access_token] = made
        self.look()

    def look(self, rows=None):
        """Read all rows, and remember the order in which they came: ids themselves are random."""
        self.rows = self.snapshot() if rows is None else rows
        for kind, rows in self.rows.items():
            known = self.order.setdefault(kind, [])
            known += sorted(rows.keys() - set(known))

    def snapshot(self):
        """All rows: kind -> id -> (organisation, workspace, everything)."""
        found = {}
        with self.gateway.store.database.engine.connect() as connection:
            for kind, table in ROWS.items():
                rows = [dict(row) for row in connection.execute(select(table.__table__)).mappings()]
                found[kind] = {
                    row["id"]: (row["organization_id"], _place(kind, row, found), tuple(row.values())) for row in rows
                }
        return found

    def within(self, organization, workspace):
        """What may be named: ids of rows that the reach covers."""
        return {
            each
            for rows in self.rows.values()
            for each, (owner, place, _) in rows.items()
            if owner == organization and workspace in {None, place}
        }

    def any(self, kind):
        """An id of the sender's, of anybody's, or of nobody."""
        ids = [each for each in self.order[kind] if each in self.rows[kind]]
        if self.dice.random() < 0.4:
            ids = [each for each in ids if each in self.near] or ids
        return self.dice.choice(ids) if ids and self.dice.random() < 0.95 else "00000000-0000-4000-8000-000000000000"

    async def step(self):
        """One random call, and the check that it stayed where it belongs."""
        sender = self.dice.choice([*self.senders, *self.senders[:4]])  # the first four are not scoped
        header = self.dice.choice([None, *sender.organizations * 3, *self.organizations, "nonsense"])
        organization = sender.reach(header)
        self.near = set() if organization is None else self.within(organization, sender.workspace)
        name, method, path, body, target = self.dice.choice(CALLERS)(self, sender, organization)
        if name == "callback":
            organization, sender = self.states.get(target), None
        self.used.clear()
        headers = bearer(sender.token, header) if sender else {}
        answer = await self.gateway.http.request(method, path, json=body, headers=headers)
        self.check(name, answer, organization, None if sender is None else sender.workspace, target)
        self.learn(name, answer, organization)

    def check(self, name, answer, organization, workspace, target):
        reached = set() if organization is None else self.within(organization, workspace)
        after = self.snapshot()
        if organization is None:
            require(answer.status_code in REFUSALS, name, answer.status_code)
        if target is not None and name != "callback" and target not in reached and target not in NAMES:
            require(answer.status_code in REFUSALS, name, answer.status_code)
        told = f"{answer.text} {answer.headers.get('location')}"
        everything = {each for rows in self.rows.values() for each in rows}
        for foreign in (everything - reached) | (set(self.organizations) - {organization}):
            require(foreign not in told, name, "tells of another's")
        for kind in ROWS:
            for each in self.rows[kind].keys() | after[kind].keys():
                before, now = self.rows[kind].get(each), after[kind].get(each)
                if before != now:
                    owner, place, _ = now or before
                    require(owner == organization, name, f"changes another's {kind}")
                    require(workspace in {None, place}, name, f"changes {kind} beyond its workspace")
        for token in self.used:
            owner = self.owner_of_token.get(token)
            require(owner is None or owner in reached, name, "uses another's credentials")
        self.look(after)

    def learn(self, name, answer, organization):
        if answer.status_code < 400:
            self.done[name] = self.done.get(name, 0) + 1
            body = answer.json() if answer.content and answer.status_code == 200 else {}
            if name == "list workspaces" and body["next"]:
                self.cursors.append(body["next"])
            if name == "initiate":
                self.states[query_of(body["consent_url"])["state"]] = organization


def listing(world, sender, organization):
    key = world.dice.choice(["customer_name", "workspace_name", "external_user_id"])
    by = world.dice.choice(["", f"?{key}={world.dice.choice(NAMES)}", f"?workspace_id={world.any('workspaces')}"])
    return "list", "GET", CONNECTORS + by, None, None


def getting(world, sender, organization):
    target = world.any("connectors")
    return "get", "GET", f"{CONNECTORS}/{target}", None, target


def changing(world, sender, organization):
    target = world.any("connectors")
    body = world.dice.choice([{"name": "new"}, {"policy": "write"}, {"name": "x", "policy": "full"}])
    return "put", "PUT", f"{CONNECTORS}/{target}", body, target


def deleting(world, sender, organization):
    target = world.any("connectors")
    return "delete", "DELETE", f"{CONNECTORS}/{target}", None, target


def creating(world, sender, organization):
    pair = world.gateway.sandbox.oauth.grant()
    body = {
        world.dice.choice(["customer_name", "workspace_name"]): world.dice.choice(NAMES),
        "connector_type": "Notion",
        "credentials": {"token": pair.access_token},
    }
    return "create", "POST", CONNECTORS, body, None


def executing(world, sender, organization):
    target = world.any("connectors")
    body = {"entity": "users", "action": "get_me"}
    return "execute", "POST", f"{CONNECTORS}/{target}/execute", body, target


def checking(world, sender, organization):
    target = world.any("connectors")
    return "check", "POST", f"{CONNECTORS}/{target}/check", None, target


def initiating(world, sender, organization):
    body = {"customer_name": world.dice.choice(NAMES), "connector_type": "Notion", "redirect_url": BACK}
    return "initiate", "POST", f"{CONNECTORS}/oauth/initiate", body, None


def calling_back(world, sender, organization):
    state = world.dice.choice([*list(world.states)[-20:], sender.token])
    query = world.dice.choice(["error=access_denied", "code=nonsense", "good"])
    if query == "good":
        callback = "http://gateway.test/api/v1/integrations/connectors/oauth/callback"
        query = f"code={world.gateway.sandbox.oauth.code(redirect_uri=callback)}"
    return "callback", "GET", f"{CONNECTORS}/oauth/callback?state={state}&{query}", None, state


def listing_workspaces(world, sender, organization):
    query = world.dice.choice(
        ["", "limit=2", f"limit=2&cursor={quote(world.dice.choice(world.cursors))}", "name_contains=o"]
    )
    return "list workspaces", "GET", f"/api/v1/workspaces?{query}", None, None


def _workspace(world, organization):
    """An id of anybody's or a name; never one of the caller's own that has to last."""
    target = world.dice.choice([world.any("workspaces"), world.dice.choice(NAMES)])
    row = world.rows["workspaces"].get(target)
    own = row is not None and row[0] == organization and LASTING & set(row[2])
    return "three" if own or target in LASTING else target


def getting_workspace(world, sender, organization):
    target = _workspace(world, organization)
    return "get workspace", "GET", f"/api/v1/workspaces/{target}", None, target


def changing_workspace(world, sender, organization):
    target = _workspace(world, organization)
    return "put workspace", "PUT", f"/api/v1/workspaces/{target}", {"status": "inactive"}, target


def deleting_workspace(world, sender, organization):
    target = _workspace(world, organization)
    return "delete workspace", "DELETE", f"/api/v1/workspaces/{target}", None, target


def scoping(world, sender, organization):
    body = {"workspace_name": world.dice.choice(NAMES)}
    return "scope", "POST", "/api/v1/account/applications/scoped-token", body, None


def informing(world, sender, organization):
    return "info", "GET", "/api/v1/account/applications/scoped-token/info", None, None


def setting_app(world, sender, organization):
    body = {"connector_type": "notion", "configuration": {"client_id": "sandbox-client", "client_secret": "x"}}
    if world.dice.random() < 0.5:
        return "delete app", "DELETE", "/api/v1/oauth/credentials/connector_type/notion", None, None
    return "put app", "PUT", "/api/v1/oauth/credentials", body, None


CALLERS = [
    *[listing, getting, changing, deleting, creating, creating, creating, executing, executing, checking, initiating],
    *[calling_back, listing_workspaces, getting_workspace, changing_workspace, deleting_workspace, scoping, informing],
    *[setting_app],
]


async def wander(settings, store, moment, *, seed, calls=CALLS):
    """So many random calls; raises Crossed at the first one that crosses."""
    async with running(settings, store, Sandbox.sample(), clock=moment) as gateway:
        world = World(gateway, random.Random(seed))
        await world.settle()
        for _ in range(calls):
            await world.step()
        return world


async def test_no_call_crosses(settings, store, moment):
    world = await wander(settings, store, moment, seed=20_261_122)
    # Each kind of call also succeeded many times: refusing everything would be easy.
    kinds = {"list", "get", "put", "delete", "create", "execute", "check", "initiate", "callback", "list workspaces"}
    kinds |= {"get workspace", "put workspace", "delete workspace", "scope", "info", "put app", "delete app"}
    assert {name: world.done.get(name, 0) for name in kinds if world.done.get(name, 0) < 5} == {}


def _owner(store, table, id):
    with store.database.engine.connect() as connection:
        return connection.execute(select(table.organization_id).where(table.id == id)).scalar()


def _any_organizations_connector(store, monkeypatch):
    real = Connectors.get

    def get(self, organization_id, id, *, workspace_id=None):
        return real(self, _owner(store, ConnectorRow, id) or "", id, workspace_id=workspace_id)

    monkeypatch.setattr(Connectors, "get", get)


def _any_workspaces_connector(store, monkeypatch):
    real = Connectors.get

    def get(self, organization_id, id, *, workspace_id=None):
        return real(self, organization_id, id)

    monkeypatch.setattr(Connectors, "get", get)


def _all_of_the_organization(store, monkeypatch):
    real = Connectors.list

    def listed(self, organization_id, *, workspace_id=None, workspace_name=None):
        return real(self, organization_id, workspace_name=workspace_name)

    monkeypatch.setattr(Connectors, "list", listed)


def _any_organizations_workspace(store, monkeypatch):
    real = Workspaces.get

    def get(self, organization_id, name_or_id, *, by=None):
        return real(self, _owner(store, WorkspaceRow, name_or_id) or organization_id, name_or_id, by=by)

    monkeypatch.setattr(Workspaces, "get", get)


def _header_is_believed(store, monkeypatch):
    real = access.chosen_organization

    def chosen(organizations, header, bound):
        return header if header and len(header) == 36 else real(organizations, header, bound)

    monkeypatch.setattr(access, "chosen_organization", chosen)


def _first_organization_by_default(store, monkeypatch):
    real = access.chosen_organization
    monkeypatch.setattr(access, "chosen_organization", lambda mine, header, bound: real(mine, header, bound) or mine[0])


@pytest.mark.parametrize(
    "leak",
    [
        _any_organizations_connector,
        _any_workspaces_connector,
        _all_of_the_organization,
        _any_organizations_workspace,
        _header_is_believed,
        _first_organization_by_default,
    ],
)
async def test_the_checker_notices_a_leak(settings, store, moment, monkeypatch, leak):
    leak(store, monkeypatch)
    with pytest.raises(Crossed):
        await wander(settings, store, moment, seed=7)
