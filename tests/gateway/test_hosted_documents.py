"""Documents in hosted mode are those of open-source mode."""

from gateways import BASE, blocking

from airbyte_agent_notion import AirbyteAuthConfig, NotionAccessTokenAuthConfig, SyncNotionConnector
from airbyte_agent_notion.documents import NotionDocuments
from airbyte_agent_notion.sandbox import Sandbox


def test_documents_are_the_same_in_hosted_mode(settings, store):
    rows = [{"properties": {"Name": f"Row {number}"}, "blocks": [f"Of {number}"]} for number in range(5)]
    pages = [{"title": "Home", "blocks": ["Welcome"], "pages": [{"title": "Inside"}]}]
    sandbox = Sandbox.from_json({"pages": pages, "databases": [{"title": "Table", "rows": rows}]})
    with blocking(settings, store, sandbox) as (gateway, client):
        tenant = gateway.organization()
        config = AirbyteAuthConfig(
            customer_name="acme", airbyte_client_id=tenant.client_id, airbyte_client_secret=tenant.client_secret
        )
        credentials = NotionAccessTokenAuthConfig(token=sandbox.token)
        gateway.store.connectors.create(tenant.id, "acme", name=None, credentials=credentials)
        with SyncNotionConnector(config, base_url=BASE, http_client=client) as hosted:
            away = NotionDocuments(hosted)
            here = NotionDocuments(SyncNotionConnector.sandbox(sandbox))
            assert list(away.lazy()) == list(here.lazy())
            assert away.state == here.state
            assert (
                len(list(NotionDocuments(hosted, pages=next(iter(sandbox.workspace.pages)), recursive=True).lazy())) > 0
            )
