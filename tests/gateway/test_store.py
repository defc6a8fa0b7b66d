"""The store, method by method, on each database; and that no organisation reaches another's."""

import stat
from dataclasses import FrozenInstanceError
from datetime import UTC, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from airbyte_agent_notion.errors import ConfigurationError, InvalidParams
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig, NotionOauth20AuthConfig, NotionOAuthCredentials
from airbyte_agent_notion_gateway.secret_text import new_id
from airbyte_agent_notion_gateway.settings import GatewaySettings
from airbyte_agent_notion_gateway.store import NameTaken, OrganizationGone, Store, StoreUnavailable

TOKEN = NotionAccessTokenAuthConfig(token="ntn_store_test")
GRANT = NotionOauth20AuthConfig(
    client_id="app", client_secret="app-secret", access_token="access-1", refresh_token="refresh-1"
)
APP = NotionOAuthCredentials(client_id="app", client_secret="app-secret")
RETURN = "https://app.example/callback"
ODD = ["", "x", "\0", "\ud800", "' OR 1=1 --", "%", "00000000-0000-0000-0000-00000000000\n", "Ä" * 5_000]


def renewed(number):
    return GRANT.model_copy(
        update={"access_token": SecretStr(f"access-{number}"), "refresh_token": SecretStr(f"refresh-{number}")}
    )


@pytest.fixture
def ours(store):
    return store.organizations.create("Ours").organization.id


@pytest.fixture
def theirs(store):
    return store.organizations.create("Theirs").organization.id


def begun(store, organization, moment, **options):
    given = {"redirect_url": RETURN, "app": APP, "expires_at": moment.later(600), **options}
    return store.consents.create(organization, "acme", **given)


class TestOrganizations:
    def test_a_new_one_has_a_client_with_a_secret(self, store):
        made = store.organizations.create("Acme", redirect_urls=[RETURN, RETURN, "http://localhost:3000/cb"])
        organization = made.organization
        assert store.organizations.get(organization.id) == organization
        assert organization.created_at.tzinfo is UTC
        assert store.organizations.list() == [organization]
        assert store.organizations.redirect_urls(organization.id) == (RETURN, "http://localhost:3000/cb")
        assert store.organizations.verify_client(made.client_id, made.client_secret)
        assert store.organizations.client_organizations(made.client_id) == (organization.id,)
        assert [client.id for client in store.organizations.clients(organization.id)] == [made.client_id]
        assert made.client_secret.get_secret_value() not in repr(made)
        with pytest.raises(FrozenInstanceError):
            organization.name = "other"

    def test_one_client_may_act_for_several(self, store):
        first = store.organizations.create("First")
        second = store.organizations.create("Second", client_id=first.client_id)
        assert second.client_secret is None
        both = (first.organization.id, second.organization.id)
        assert store.organizations.client_organizations(first.client_id) == both
        assert store.organizations.list() == [first.organization, second.organization]

    @pytest.mark.parametrize("client_id", ["5ea4130d-1488-42af-9af8-e5f1898390c5", *ODD[1:]])
    def test_a_client_that_is_none_is_refused_and_nothing_is_made(self, store, client_id):
        with pytest.raises(InvalidParams, match="no enabled client"):
            store.organizations.create("Acme", client_id=client_id)
        assert store.organizations.list() == []

    def test_a_disabled_client_acts_for_nobody(self, store):
        made = store.organizations.create("Acme")
        assert store.organizations.disable_client(made.client_id)
        assert not store.organizations.verify_client(made.client_id, made.client_secret)
        assert store.organizations.client_organizations(made.client_id) == ()
        assert [client.disabled for client in store.organizations.clients(made.organization.id)] == [True]
        with pytest.raises(InvalidParams):
            store.organizations.create("Other", client_id=made.client_id)
        assert not store.organizations.disable_client(new_id())

    def test_a_secret_that_is_rotated_replaces_the_old_one(self, store):
        made = store.organizations.create("Acme")
        fresh = store.organizations.rotate_client_secret(made.client_id)
        assert not store.organizations.verify_client(made.client_id, made.client_secret)
        assert store.organizations.verify_client(made.client_id, fresh)
        assert store.organizations.rotate_client_secret(new_id()) is None

    @pytest.mark.parametrize("odd", ODD)
    def test_odd_texts_verify_as_nobody(self, store, odd):
        made = store.organizations.create("Acme")
        assert not store.organizations.verify_client(made.client_id, SecretStr(odd))
        assert not store.organizations.verify_client(odd, made.client_secret)
        assert store.organizations.client_organizations(odd) == ()
        assert store.organizations.get(odd) is None
        assert not store.organizations.delete(odd)

    def test_an_unknown_client_costs_a_verification_too(self, store, monkeypatch):
        from airbyte_agent_notion_gateway import secret_text

        store.organizations.verify_client(new_id(), SecretStr("warm"))
        verified = []
        monkeypatch.setattr(
            secret_text, "_HASHER", type("Hasher", (), {"verify": lambda self, *of: verified.append(of)})()
        )
        assert not store.organizations.verify_client(new_id(), SecretStr("x"))
        assert len(verified) == 1

    def test_redirect_urls_are_added_and_removed(self, store, ours, theirs):
        assert store.organizations.add_redirect_url(ours, RETURN)
        assert not store.organizations.add_redirect_url(ours, RETURN)
        assert store.organizations.redirect_urls(theirs) == ()
        assert not store.organizations.remove_redirect_url(theirs, RETURN)
        assert store.organizations.remove_redirect_url(ours, RETURN)
        assert store.organizations.redirect_urls(ours) == ()
        with pytest.raises(OrganizationGone):
            store.organizations.add_redirect_url(new_id(), RETURN)

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "/callback",
            "app.example/callback",
            "ftp://app.example/",
            "javascript:alert(1)",
            "http://app.example/callback",
            "http://localhost.example/",
            "https://user:pw@app.example/",
            "https://app.example/#part",
            "https://app.example/#",
            "https://app.example\\@evil.example/",
            "https://app.example:port/",
            "https://app.example/ x",
            "https:///x",
            "https://app.example/" + "x" * 2_000,
        ],
    )
    def test_a_redirect_url_that_is_none_is_refused(self, store, ours, url):
        with pytest.raises(InvalidParams) as refused:
            store.organizations.add_redirect_url(ours, url)
        assert refused.value.details == {"field": "redirect_url"}
        with pytest.raises(InvalidParams):
            store.organizations.create("Acme", redirect_urls=[url])
        assert len(store.organizations.list()) == 1

    @pytest.mark.parametrize("url", ["http://localhost/x", "http://127.0.0.1:80/", "http://[::1]:3000/cb?a=b"])
    def test_http_is_for_loopback(self, store, ours, url):
        assert store.organizations.add_redirect_url(ours, url)

    @pytest.mark.parametrize("name", ["", "  ", "a\0b", "a\nb", "x" * 256, "\ud800"])
    def test_a_name_must_be_one(self, store, name):
        with pytest.raises(InvalidParams):
            store.organizations.create(name)

    def test_deleting_takes_everything_below_but_no_client_of_others(self, store, moment):
        one = store.organizations.create("One", redirect_urls=[RETURN])
        two = store.organizations.create("Two", client_id=one.client_id)
        lone = store.organizations.create("Lone")
        gone = two.organization.id
        kept = store.connectors.create(one.organization.id, "acme", credentials=TOKEN)
        lost = store.connectors.create(gone, "acme", credentials=TOKEN)
        store.oauth_apps.set(gone, APP)
        consent = begun(store, gone, moment)
        assert store.organizations.delete(gone)
        assert not store.organizations.delete(gone)
        assert store.connectors.get(gone, lost.id) is None
        assert store.connectors.credentials(lost.id) is None
        assert store.oauth_apps.get(gone) is None
        assert store.consents.get(consent.id) is None
        assert store.workspaces.list(gone) == ([], None)
        assert store.connectors.get(one.organization.id, kept.id) == kept
        assert store.organizations.client_organizations(one.client_id) == (one.organization.id,)
        store.organizations.delete(lone.organization.id)
        assert not store.organizations.verify_client(lone.client_id, lone.client_secret)
        assert store.organizations.rotate_client_secret(lone.client_id) is None


class TestWorkspaces:
    def test_ensure_gives_the_same_one(self, store, ours, theirs):
        made = store.workspaces.ensure(ours, "acme")
        assert made.status == "active"
        assert store.workspaces.ensure(ours, "acme") == made
        assert store.workspaces.ensure(theirs, "acme").id != made.id
        with pytest.raises(OrganizationGone):
            store.workspaces.ensure(new_id(), "acme")
        with pytest.raises(InvalidParams):
            store.workspaces.ensure(ours, " ")

    def test_it_is_found_by_id_or_name_and_only_by_its_own(self, store, ours, theirs):
        made = store.workspaces.ensure(ours, "acme")
        assert store.workspaces.get(ours, "acme") == store.workspaces.get(ours, made.id) == made
        assert store.workspaces.get(ours, made.id, by="name") is None
        assert store.workspaces.get(ours, "acme", by="id") is None
        assert store.workspaces.get(theirs, made.id) is None
        assert store.workspaces.get(theirs, "acme") is None
        assert store.workspaces.update(theirs, made.id, name="stolen") is None
        assert not store.workspaces.delete(theirs, made.id)
        assert store.workspaces.get(ours, made.id) == made

    @pytest.mark.parametrize("odd", ODD)
    def test_odd_texts_find_none(self, store, ours, odd):
        store.workspaces.ensure(ours, "acme")
        assert store.workspaces.get(ours, odd) is None
        assert store.workspaces.get(odd, "acme") is None
        assert not store.workspaces.delete(ours, odd)
        assert store.workspaces.list(odd) == ([], None)

    def test_a_name_that_looks_like_an_id_does_not_hide_the_id(self, store, ours):
        one = store.workspaces.ensure(ours, "one")
        two = store.workspaces.ensure(ours, one.id)
        assert store.workspaces.get(ours, one.id) == one
        assert store.workspaces.get(ours, one.id, by="name") == two

    def test_it_is_renamed_and_made_inactive(self, store, ours):
        made = store.workspaces.ensure(ours, "acme")
        changed = store.workspaces.update(ours, "acme", name="ajax", status="inactive")
        assert (changed.id, changed.name, changed.status) == (made.id, "ajax", "inactive")
        assert changed.updated_at > made.updated_at == made.created_at == changed.created_at
        assert store.workspaces.get(ours, "acme") is None
        assert store.workspaces.get(ours, "ajax") == changed

    def test_a_name_is_taken_once(self, store, ours, theirs):
        store.workspaces.ensure(ours, "acme")
        store.workspaces.ensure(ours, "ajax")
        store.workspaces.ensure(theirs, "zeta")
        with pytest.raises(NameTaken, match="'acme'"):
            store.workspaces.update(ours, "ajax", name="acme")
        assert store.workspaces.update(ours, "ajax", name="zeta").name == "zeta"
        with pytest.raises(InvalidParams):
            store.workspaces.update(ours, "zeta", name="")

    def test_deleting_takes_its_connectors(self, store, ours):
        store.connectors.create(ours, "acme", credentials=TOKEN)
        kept = store.connectors.create(ours, "ajax", credentials=TOKEN)
        assert store.workspaces.delete(ours, "acme")
        assert not store.workspaces.delete(ours, "acme")
        assert store.connectors.list(ours) == [kept]

    def test_pages_give_all_once(self, store, ours, theirs):
        names = sorted(f"{part}{number}" for part in ("b", "c", "ä") for number in range(3))
        for name in names:
            store.workspaces.ensure(ours, name)
        store.workspaces.ensure(theirs, "b0")
        found, cursor, pages = [], None, 0
        while pages == 0 or cursor:
            page, cursor = store.workspaces.list(ours, limit=2, cursor=cursor)
            assert len(page) <= 2
            found += page
            pages += 1
        assert pages == 5
        assert sorted(each.name for each in found) == names
        assert [each.name for each in store.workspaces.list(ours)[0]] == [each.name for each in found]

    def test_a_full_last_page_has_no_cursor(self, store, ours):
        for name in ("a", "b"):
            store.workspaces.ensure(ours, name)
        page, cursor = store.workspaces.list(ours, limit=2)
        assert (len(page), cursor) == (2, None)
        assert len(store.workspaces.list(ours, limit=0)[0]) == 1

    @pytest.mark.parametrize("cursor", ["", "x", "AAAA", "é", "🙂", "A" * 48 + "AA=="])
    def test_a_cursor_that_is_none_is_refused(self, store, ours, cursor):
        with pytest.raises(InvalidParams, match="cursor"):
            store.workspaces.list(ours, cursor=cursor)

    def test_it_is_filtered(self, store, ours):
        for name in ("Ärger 100%", "acme_1", "acmeX1", "other"):
            store.workspaces.ensure(ours, name)
        store.workspaces.update(ours, "other", status="inactive")

        def names(**options):
            return [each.name for each in store.workspaces.list(ours, **options)[0]]

        assert names(name_contains="ACME_") == ["acme_1"]
        assert names(name_contains="0%") == ["Ärger 100%"]
        assert names(name_contains="ÄRGER") == ["Ärger 100%"]
        assert names(name_contains="\0") == []
        assert names(status="inactive") == ["other"]
        assert names(status="active", name_contains="other") == []


class TestConnectors:
    def test_a_token(self, store, ours):
        made = store.connectors.create(ours, "acme", credentials=TOKEN)
        assert (made.name, made.policy, made.scheme) == ("notion - acme", "read_only", "token")
        assert (made.workspace_name, made.managed, made.version) == ("acme", False, 1)
        assert made.workspace_id == store.workspaces.get(ours, "acme").id
        assert store.connectors.get(ours, made.id) == made
        assert store.connectors.list(ours) == [made]
        assert store.connectors.credentials(made.id) == (TOKEN, 1)

    @pytest.mark.parametrize("credentials", [GRANT, GRANT.model_copy(update={"refresh_token": None})])
    def test_a_grant(self, store, ours, credentials):
        made = store.connectors.create(ours, "acme", name="Mine", credentials=credentials, policy="write", managed=True)
        assert (made.name, made.policy, made.scheme, made.managed) == ("Mine", "write", "oauth", True)
        assert store.connectors.credentials(made.id) == (credentials, 1)

    def test_a_workspace_may_have_several(self, store, ours):
        store.workspaces.ensure(ours, "acme")
        made = [store.connectors.create(ours, "acme", credentials=TOKEN) for _ in range(3)]
        other = store.connectors.create(ours, "ajax", credentials=TOKEN)
        assert store.connectors.list(ours, workspace_name="acme") == made
        assert store.connectors.list(ours, workspace_id=other.workspace_id) == [other]
        assert store.connectors.list(ours) == [*made, other]
        assert store.connectors.list(ours, workspace_name="acme", workspace_id=other.workspace_id) == []

    def test_others_do_not_reach_it(self, store, ours, theirs):
        mine = store.connectors.create(ours, "acme", credentials=TOKEN)
        other = store.workspaces.ensure(ours, "ajax")
        store.workspaces.ensure(theirs, "acme")
        for scope in ({"organization_id": theirs}, {"organization_id": ours, "workspace_id": other.id}):
            assert store.connectors.get(id=mine.id, **scope) is None
            assert store.connectors.update(id=mine.id, name="x", credentials=GRANT, **scope) is None
            assert not store.connectors.delete(id=mine.id, **scope)
            assert store.connectors.list(**scope) == []
        assert store.connectors.list(theirs, workspace_name="acme") == []
        assert store.connectors.list(theirs, workspace_id=mine.workspace_id) == []
        assert store.connectors.get(ours, mine.id, workspace_id=mine.workspace_id) == mine
        assert store.connectors.credentials(mine.id) == (TOKEN, 1)

    @pytest.mark.parametrize("odd", ODD)
    def test_odd_texts_find_none(self, store, ours, odd):
        made = store.connectors.create(ours, "acme", credentials=TOKEN)
        assert store.connectors.get(ours, odd) is None
        assert store.connectors.get(odd, made.id) is None
        assert store.connectors.get(ours, made.id, workspace_id=odd) is None
        assert store.connectors.list(ours, workspace_name=odd) == []
        assert store.connectors.list(ours, workspace_id=odd) == []
        assert store.connectors.credentials(odd) is None
        assert store.connectors.update(ours, odd, name="x") is None
        assert not store.connectors.delete(ours, odd)

    def test_it_is_changed_by_parts(self, store, ours):
        made = store.connectors.create(ours, "acme", credentials=TOKEN, managed=True)
        named = store.connectors.update(ours, made.id, name="Other")
        assert (named.name, named.policy, named.version, named.managed) == ("Other", "read_only", 1, True)
        assert store.connectors.update(ours, made.id, policy="full").policy == "full"
        changed = store.connectors.update(ours, made.id, workspace_id=made.workspace_id, credentials=GRANT)
        assert (changed.version, changed.scheme, changed.managed, changed.name) == (2, "oauth", False, "Other")
        assert changed.updated_at > named.updated_at > made.updated_at
        assert store.connectors.get(ours, made.id) == changed
        assert store.connectors.credentials(made.id) == (GRANT, 2)
        with pytest.raises(InvalidParams):
            store.connectors.update(ours, made.id, name=" ")

    def test_it_is_deleted(self, store, ours):
        made = store.connectors.create(ours, "acme", credentials=TOKEN)
        assert store.connectors.delete(ours, made.id, workspace_id=made.workspace_id)
        assert not store.connectors.delete(ours, made.id)
        assert store.connectors.credentials(made.id) is None

    @pytest.mark.parametrize(("workspace", "name"), [(" ", None), ("w", "\n"), ("w" * 256, None), ("w", "n" * 601)])
    def test_names_must_be_such(self, store, ours, workspace, name):
        with pytest.raises(InvalidParams):
            store.connectors.create(ours, workspace, name=name, credentials=TOKEN)
        assert store.connectors.list(ours) == []
        assert store.workspaces.list(ours) == ([], None)

    def test_the_longest_workspace_name_has_room_in_the_default_name(self, store, ours):
        made = store.connectors.create(ours, "w" * 255, credentials=TOKEN)
        assert made.name == f"notion - {'w' * 255}"

    def test_an_organisation_that_is_gone_gets_none(self, store):
        with pytest.raises(OrganizationGone):
            store.connectors.create(new_id(), "acme", credentials=TOKEN)


class TestRefreshes:
    @pytest.fixture
    def grant(self, store, ours):
        return store.connectors.create(ours, "acme", credentials=GRANT).id

    def test_one_owner_renews(self, store, ours, grant, moment):
        claim = store.connectors.claim_refresh
        assert claim(grant, version=1, owner="a", until=moment.later(45))
        assert not claim(grant, version=1, owner="b", until=moment.later(45))
        assert not claim(grant, version=1, owner="a", until=moment.later(45))
        assert store.connectors.store_refresh(grant, version=1, owner="a", credentials=renewed(2))
        assert store.connectors.credentials(grant) == (renewed(2), 2)
        assert not claim(grant, version=1, owner="b", until=moment.later(45))
        assert claim(grant, version=2, owner="b", until=moment.later(45))
        assert store.connectors.get(ours, grant).version == 2

    def test_a_lease_ends_by_itself_or_by_its_owner(self, store, grant, moment):
        claim = store.connectors.claim_refresh
        assert claim(grant, version=1, owner="a", until=moment.later(45))
        store.connectors.release_refresh(grant, owner="b")
        assert not claim(grant, version=1, owner="b", until=moment.later(45))
        moment.go(46)
        assert claim(grant, version=1, owner="b", until=moment.later(45))
        store.connectors.release_refresh(grant, owner="b")
        assert claim(grant, version=1, owner="c", until=moment.later(45))

    def test_the_only_pair_there_is_survives_a_lease_that_ran_out(self, store, grant, moment):
        store.connectors.claim_refresh(grant, version=1, owner="slow", until=moment.later(45))
        moment.go(46)
        assert store.connectors.claim_refresh(grant, version=1, owner="quick", until=moment.later(45))
        assert store.connectors.store_refresh(grant, version=1, owner="slow", credentials=renewed(2))
        assert not store.connectors.store_refresh(grant, version=1, owner="quick", credentials=renewed(3))
        assert store.connectors.credentials(grant) == (renewed(2), 2)

    def test_new_credentials_beat_a_renewal_under_way(self, store, ours, grant, moment):
        store.connectors.claim_refresh(grant, version=1, owner="a", until=moment.later(45))
        store.connectors.update(ours, grant, credentials=TOKEN)
        assert not store.connectors.store_refresh(grant, version=1, owner="a", credentials=renewed(2))
        assert store.connectors.credentials(grant) == (TOKEN, 2)
        assert store.connectors.claim_refresh(grant, version=2, owner="b", until=moment.later(45))

    def test_what_is_deleted_is_not_renewed(self, store, ours, grant, moment):
        store.connectors.claim_refresh(grant, version=1, owner="a", until=moment.later(45))
        store.connectors.delete(ours, grant)
        assert not store.connectors.store_refresh(grant, version=1, owner="a", credentials=renewed(2))
        assert not store.connectors.claim_refresh(grant, version=1, owner="a", until=moment.later(45))


class TestOAuthApps:
    def test_one_for_each_organisation(self, store, ours, theirs):
        other = NotionOAuthCredentials(client_id="other", client_secret="other-secret")
        assert store.oauth_apps.get(ours) is None
        made = store.oauth_apps.set(ours, APP)
        store.oauth_apps.set(theirs, other)
        assert store.oauth_apps.get(ours) == APP
        again = store.oauth_apps.set(ours, other)
        assert (again.id, again.created_at) == (made.id, made.created_at)
        assert again.updated_at > made.updated_at
        assert store.oauth_apps.get(ours) == other
        assert store.oauth_apps.delete(ours)
        assert not store.oauth_apps.delete(ours)
        assert store.oauth_apps.get(ours) is None
        assert store.oauth_apps.get(theirs) == other
        with pytest.raises(OrganizationGone):
            store.oauth_apps.set(new_id(), APP)


class TestConsents:
    def test_it_is_claimed_once_and_finished_once(self, store, ours, moment):
        made = begun(store, ours, moment, name="Mine")
        assert (made.status, made.app_client_id, made.connector_id) == ("pending", "app", None)
        assert store.consents.get(made.id) == made
        assert store.consents.finish(made.id, credentials=GRANT) is None
        claimed = store.consents.claim(made.id)
        assert (claimed.app, claimed.consent.status) == (APP, "claimed")
        assert store.consents.claim(made.id) is None
        connector = store.consents.finish(made.id, credentials=GRANT)
        assert (connector.name, connector.workspace_name, connector.managed) == ("Mine", "acme", True)
        assert (connector.organization_id, connector.policy) == (ours, "read_only")
        assert store.connectors.list(ours) == [connector]
        done = store.consents.get(made.id)
        assert (done.status, done.connector_id) == ("done", connector.id)
        assert store.consents.finish(made.id, credentials=GRANT) is None
        assert store.consents.claim(made.id) is None
        store.connectors.delete(ours, connector.id)
        assert store.consents.get(made.id).connector_id is None

    def test_the_app_is_the_one_it_was_begun_with(self, store, ours, moment):
        store.oauth_apps.set(ours, APP)
        made = begun(store, ours, moment)
        store.oauth_apps.set(ours, NotionOAuthCredentials(client_id="new", client_secret="new-secret"))
        assert store.consents.claim(made.id).app == APP

    def test_it_expires(self, store, ours, moment):
        made = begun(store, ours, moment)
        moment.go(601)
        assert store.consents.claim(made.id) is None
        assert store.consents.get(made.id).status == "pending"

    def test_one_claimed_in_time_may_be_finished_after(self, store, ours, moment):
        made = begun(store, ours, moment)
        store.consents.claim(made.id)
        moment.go(700)
        assert store.consents.purge() == 0
        assert store.consents.finish(made.id, credentials=GRANT) is not None

    def test_old_ones_go(self, store, ours, moment):
        first = begun(store, ours, moment)
        moment.go(timedelta(days=1, seconds=700).total_seconds())
        second = begun(store, ours, moment)
        assert store.consents.get(first.id) is None
        moment.go(timedelta(days=2).total_seconds())
        assert store.consents.purge() == 1
        assert store.consents.get(second.id) is None

    @pytest.mark.parametrize("odd", ODD)
    def test_odd_ids_are_none(self, store, odd):
        assert store.consents.get(odd) is None
        assert store.consents.claim(odd) is None
        assert store.consents.finish(odd, credentials=GRANT) is None

    def test_it_needs_names_and_an_organisation(self, store, ours, moment):
        with pytest.raises(OrganizationGone):
            begun(store, new_id(), moment)
        with pytest.raises(InvalidParams):
            begun(store, ours, moment, name=" ")
        with pytest.raises(InvalidParams):
            store.consents.create(ours, "", redirect_url=RETURN, app=APP, expires_at=moment.later(1))


class TestWhole:
    def test_the_signing_secret_is_made_once(self, store, settings):
        secret = store.signing_secret().get_secret_value()
        assert len(secret) >= 43
        assert store.signing_secret().get_secret_value() == secret
        with Store.open(settings) as other:
            assert other.signing_secret().get_secret_value() == secret

    def test_everything_is_there_after_it_is_opened_again(self, settings):
        with Store.open(settings) as store:
            made = store.organizations.create("Acme")
            connector = store.connectors.create(made.organization.id, "acme", credentials=GRANT)
        with Store.open(settings) as store:
            store.ready()
            assert store.connectors.get(made.organization.id, connector.id) == connector
            assert store.connectors.credentials(connector.id) == (GRANT, 1)
            assert store.organizations.verify_client(made.client_id, made.client_secret)

    def test_it_is_not_ready_without_its_key(self, store, settings):
        store.ready()
        settings.key_file.unlink()
        with pytest.raises(ConfigurationError, match="cannot be read"):
            store.ready()

    def test_it_is_not_ready_at_another_migration(self, store):
        with store.database.write() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        with pytest.raises(ConfigurationError, match="gateway migrate"):
            store.ready()

    def test_a_key_that_is_lost_is_not_made_anew(self, settings):
        with Store.open(settings) as store:
            store.organizations.create("Acme")
        settings.key_file.unlink()
        with pytest.raises(ConfigurationError, match="key file"):
            Store.open(settings)
        assert not settings.key_file.exists()

    def test_the_files_are_their_owners(self, settings, data_dir, store):
        store.organizations.create("Acme")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data_dir.iterdir()}
        assert modes["keys.json"] == 0o600
        assert set(modes.values()) == {0o600}
        assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700

    def test_a_database_that_fails_is_one_of_our_errors_and_shows_no_values(self, store, ours):
        with store.database.write() as session:
            session.execute(text("ALTER TABLE connectors RENAME TO elsewhere"))
        with pytest.raises(StoreUnavailable) as failed:
            store.connectors.credentials(new_id())
        assert failed.value.code == "store_unavailable"
        with pytest.raises(StoreUnavailable) as failed:
            store.connectors.create(ours, "acme", credentials=TOKEN, name="not-to-be-shown")
        assert "not-to-be-shown" not in f"{failed.value} {failed.value.__cause__}"


def test_a_database_that_does_not_answer(tmp_path):
    url = "postgresql://nobody:hidden-password@/none?host=/nowhere"
    settings = GatewaySettings.resolve(data_dir=tmp_path, database_url=url, environ={})
    with pytest.raises(StoreUnavailable) as failed:
        Store.open(settings)
    assert "hidden-password" not in f"{failed.value} {failed.value.__cause__} {settings!r}"


def test_a_folder_that_cannot_be_written_to(tmp_path):
    (tmp_path / "file").write_text("")
    settings = GatewaySettings.resolve(data_dir=tmp_path / "file" / "data", environ={})
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        Store.open(settings)
