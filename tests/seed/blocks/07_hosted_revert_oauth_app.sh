curl -X DELETE "https://api.airbyte.ai/api/v1/oauth/credentials/connector_type/notion" \
  -H "Authorization: Bearer <YOUR_BEARER_TOKEN>"
