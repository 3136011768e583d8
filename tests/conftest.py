"""Fixtures every test may ask for: a database of each kind, and a small office on it."""

from collections.abc import Iterator

import pytest

from tests.support import databases as kinds
from tests.support.databases import Databases
from tests.support.offices import Office, furnish


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database=sqlite|postgres|both`."""
    parser.addoption("--database", choices=[*kinds.KINDS, "both"], default="both", help="databases to test on (both)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever needs a database runs on each kind that was asked for."""
    if "database_kind" in metafunc.fixturenames:
        asked = metafunc.config.getoption("--database")
        chosen = kinds.KINDS if asked == "both" else (asked,)
        marked = [pytest.param(k, marks=pytest.mark.postgres) if k == "postgres" else k for k in chosen]
        metafunc.parametrize("database_kind", marked, scope="session")


@pytest.fixture(scope="session")
def databases(database_kind: str) -> Iterator[Databases]:
    """One kind of database with a furnished template; each worker of xdist has its own."""
    with kinds.databases(database_kind) as opened:
        furnish(opened.template())
        yield opened


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A fresh copy of the template."""
    url = databases.copy()
    yield url
    databases.drop(url)


@pytest.fixture
def empty_url(databases: Databases) -> Iterator[str]:
    """A database without tables."""
    url = databases.empty()
    yield url
    databases.drop(url)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """A small office on a Monday morning."""
    opened = Office.open(database_url)
    yield opened
    opened.close()
