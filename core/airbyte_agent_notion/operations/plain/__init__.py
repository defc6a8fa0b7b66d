"""Plain values: rows written, filtered and sorted by names and values, against the live schema."""
