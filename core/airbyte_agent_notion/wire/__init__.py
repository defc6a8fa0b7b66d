"""How requests travel to Notion: headers, retry and status as pure functions; ``transport.py`` alone does I/O."""
