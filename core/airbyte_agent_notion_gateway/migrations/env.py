"""Run by Alembic: the migrations on the connection that the caller gave, inside its transaction."""

from alembic import context

from airbyte_agent_notion_gateway.store.tables import Base

__all__ = ()

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,  # SQLite can as well
)
with context.begin_transaction():
    context.run_migrations()
