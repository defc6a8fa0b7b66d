"""Bodies of write requests, checked against Notion's rules and turned into state; nothing is changed here."""
