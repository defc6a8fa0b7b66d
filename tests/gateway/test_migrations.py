"""Migrations give the tables that are declared, on each database, whole or not at all."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion_gateway import migrations
from airbyte_agent_notion_gateway.store import Store
from airbyte_agent_notion_gateway.store.engine import Database
from airbyte_agent_notion_gateway.store.migrate import current_revision, newest_revision, upgrade
from airbyte_agent_notion_gateway.store.tables import Base


@pytest.fixture
def database(settings):
    opened = Database(settings.database_url)
    yield opened
    opened.close()


def test_the_tables_are_those_declared(database):
    with database.connection() as connection:
        upgrade(connection)
        options = {"compare_type": True, "compare_server_default": True, "render_as_batch": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_constraints_are_those_declared(database):
    """What compare_metadata does not look at: checks, names, and what a deletion takes along."""
    with database.connection() as connection:
        upgrade(connection)
        seen = inspect(connection)
        for name, table in Base.metadata.tables.items():
            declared = {each.name for each in table.constraints if type(each).__name__ == "CheckConstraint"}
            assert {each["name"] for each in seen.get_check_constraints(name)} == declared
            keys = {(each.name, each.ondelete) for each in table.foreign_key_constraints}
            found = {(each["name"], each["options"].get("ondelete")) for each in seen.get_foreign_keys(name)}
            assert found == keys
            assert seen.get_pk_constraint(name)["name"] == f"pk_{name}"


def test_there_is_one_way_and_it_is_named(database):
    with database.connection() as connection:
        assert current_revision(connection) is None
        upgrade(connection)
        assert current_revision(connection) == newest_revision()
        upgrade(connection)
    steps = sorted((Path(migrations.__file__).parent / "versions").glob("v[0-9]*.py"))
    assert steps[-1].name.startswith(f"v{newest_revision()}_")


def test_back_to_nothing(database):
    from alembic import command

    from airbyte_agent_notion_gateway.store import migrate

    with database.connection() as connection:
        upgrade(connection)
        config = migrate._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]


def test_it_happens_whole_or_not_at_all(database, monkeypatch):
    from alembic.operations import Operations

    made, create = [], Operations.create_table

    def fail(self, name, *args, **options):
        made.append(name)
        if len(made) == 4:
            raise RuntimeError("stopped")
        return create(self, name, *args, **options)

    monkeypatch.setattr("alembic.op.create_table", lambda *args, **options: fail(_operations(), *args, **options))
    with pytest.raises(RuntimeError, match="stopped"), database.connection() as connection:
        upgrade(connection)
    monkeypatch.undo()
    with database.connection() as connection:
        assert inspect(connection).get_table_names() == []
        upgrade(connection)
        assert current_revision(connection) == newest_revision()


def _operations():
    from alembic import op

    return op._proxy


def test_a_newer_database_is_refused(settings):
    with Store.open(settings) as store, store.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match=r"newer version.*pip install --upgrade"):
        Store.open(settings)


def test_many_open_a_fresh_database_at_once(settings):
    opened, failed = [], []

    def open_one():
        try:
            with Store.open(settings) as store:
                store.ready()
                opened.append(store.signing_secret().get_secret_value())
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=open_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert (len(opened), len(set(opened))) == (8, 1)


def test_a_connection_of_sqlite_is_as_it_must_be(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    try:
        database.log_ahead()
        with database.read() as session:
            pragmas = {
                name: session.execute(text(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
            }
        assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000, "synchronous": 2}
    finally:
        database.close()
