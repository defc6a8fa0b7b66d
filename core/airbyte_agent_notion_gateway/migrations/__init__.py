"""Alembic's environment and the steps of the schema; they are run from ``store.migrate``."""
