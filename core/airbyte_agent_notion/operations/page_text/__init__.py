"""A page's text: read from Notion's Markdown or from blocks, in one dialect, and edited in it."""
