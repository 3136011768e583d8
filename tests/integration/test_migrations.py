"""Migrations and tables say the same, on both databases."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from engine.store import schema
from engine.store.database import open_database
from engine.store.tables import metadata
from tests.support.offices import Office, furnish
from tests.support.procedures import folder


@pytest.fixture
def upgraded(empty_url):
    """A database brought up from nothing."""
    database = open_database(empty_url)
    schema.upgrade(database)
    yield database
    database.dispose()


def test_the_migrations_give_exactly_the_tables_of_the_code(upgraded):
    with upgraded.connect() as connection:
        defaults_can_be_compared = connection.dialect.name == "postgresql"  # SQLite gives them back quoted
        options = {"compare_type": True, "compare_server_default": defaults_can_be_compared}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_every_index_of_the_code_is_there_partial_ones_too(upgraded):
    found = {index["name"] for table in metadata.tables for index in inspect(upgraded).get_indexes(table)}
    assert {index.name for table in metadata.tables.values() for index in table.indexes} <= found


def test_upgrading_twice_is_harmless(upgraded):
    before = inspect(upgraded).get_table_names()
    schema.upgrade(upgraded)
    assert inspect(upgraded).get_table_names() == before
    assert schema.is_current(upgraded)


def test_an_empty_database_is_not_current(empty_url):
    database = open_database(empty_url)
    assert not schema.is_current(database)
    database.dispose()


def test_upgrading_a_database_in_use_keeps_its_cases(empty_url):
    furnish(empty_url)
    office = Office.open(empty_url)
    office.deploy(folder("leave_request"))
    office.start("leave_request", reason="探亲", days=2)
    furnish(empty_url)
    assert office.open_tasks() == ["approve"]
    office.close()


def test_an_order_from_before_is_told_whose_limit_it_follows_and_what_extended_it(empty_url):
    furnish(empty_url)
    office = Office.open(empty_url)
    office.deploy(folder("leave_request"))
    office.start("leave_request", reason="探亲", days=2)
    office.extend("approve", "sun", "2个工作日")
    task, granted = office.open_task("approve").id, office.rows("extension")
    with office.engine.database.connect() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0007")
    schema.upgrade(office.engine.database)
    assert [row.due_task for row in office.rows("work_order")] == [task]
    (before,), (after,) = granted, office.rows("extension")
    assert {**after._mapping, "reason": "情况复杂"} == dict(before._mapping)
    office.close()


def test_days_from_before_become_those_of_version_one(empty_url):
    furnish(empty_url)
    office = Office.open(empty_url)
    before = office.rows("calendar_day")
    with office.engine.database.connect() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0008")
    schema.upgrade(office.engine.database)
    assert office.rows("calendar_day") == before
    assert office.rows("calendar_version") == []
    furnish(empty_url)
    assert [row.id for row in office.rows("calendar_version")] == [1]
    assert office.rows("calendar_day") == before
    office.close()
