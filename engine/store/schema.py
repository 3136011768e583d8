"""Bring a database to the present schema with the migrations; the only importer of Alembic outside migrations/."""

import importlib.util

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from engine.store.database import is_postgres, reading


def _config() -> Config:
    found = importlib.util.find_spec("migrations")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("the migrations folder is not installed")
    config = Config()
    config.set_main_option("script_location", found.submodule_search_locations[0])
    return config


def upgrade(database: Engine) -> None:
    """Apply every migration that is missing."""
    config = _config()
    with database.connect() as connection:
        if is_postgres(connection):
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # an index on a large table takes its time
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Engine) -> bool:
    """Whether the database stands at the newest migration."""
    with reading(database) as connection:
        return revision_is_current(connection)


def revision_is_current(connection: Connection) -> bool:
    """Whether the database behind a connection stands at the newest migration."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest
