"""Counterparts on loopback, with names and certificates that only these tests know."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.certificates import Authority
from tests.support.http_fakes import Provider, provider
from workers.channels.net import Limits, Net

QUICK = Limits(connect=2, read=0.4, total=1.5, size=2000)


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def net() -> Net:
    """A net that may go inside, waits little, and knows every name to be on loopback."""
    return Net(allows_inside=True, limits=QUICK, resolver=lambda host, port: ["127.0.0.1"])


@pytest.fixture
def fake() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture
def secure(authority: Authority, tmp_path: Path) -> Iterator[Provider]:
    """A provider in TLS that is called hook.test."""
    with provider(authority.server_context(tmp_path, "hook.test")) as running:
        yield running
