await NotionConnector.configure_oauth_app_parameters(
    airbyte_config=AirbyteAuthConfig(
        airbyte_client_id="<your_airbyte_client_id>",
        airbyte_client_secret="<your_airbyte_client_secret>",
    ),
    credentials=None,
)
