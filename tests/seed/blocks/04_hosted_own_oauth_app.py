from airbyte_agent_notion import NotionConnector, AirbyteAuthConfig
from airbyte_agent_notion.models import NotionOAuthCredentials

await NotionConnector.configure_oauth_app_parameters(
    airbyte_config=AirbyteAuthConfig(
        airbyte_client_id="<your_airbyte_client_id>",
        airbyte_client_secret="<your_airbyte_client_secret>",
    ),
    credentials=NotionOAuthCredentials(
        client_id="<Your Notion OAuth integration's client ID>",
        client_secret="<Your Notion OAuth integration's client secret>",
    ),
)
