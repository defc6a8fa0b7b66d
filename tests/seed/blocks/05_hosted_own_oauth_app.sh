curl -X PUT "https://api.airbyte.ai/api/v1/oauth/credentials" \
  -H "Authorization: Bearer <YOUR_BEARER_TOKEN>" \
  -H "Content-Type: application/json" \
  -d '{
    "connector_type": "notion",
    "configuration": {
      "client_id": "<Your Notion OAuth integration's client ID>",
      "client_secret": "<Your Notion OAuth integration's client secret>"
    }
  }'
