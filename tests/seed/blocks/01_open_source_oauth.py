from airbyte_agent_notion import NotionConnector
from airbyte_agent_notion.models import NotionOauth20AuthConfig

connector = NotionConnector(
    auth_config=NotionOauth20AuthConfig(
        client_id="<Your Notion OAuth integration's client ID>",
        client_secret="<Your Notion OAuth integration's client secret>",
        access_token="<OAuth access token obtained through the Notion authorization flow>"
    )
)
