"""Results as few words: what each kind of Notion's objects says, and how that is written down."""
