"""The clock offset: a demonstration may live in another week, a production site never."""

from datetime import timedelta

import pytest

from engine import ChangeSetting, open_engine
from engine.domain.clock import SystemClock
from engine.domain.errors import Invalid, NotAllowed
from engine.settings import Settings
from engine.store import settings
from engine.store.database import transaction
from tests.support.offices import at

WEEK = timedelta(days=7)


@pytest.fixture
def site(database_url):
    """Opens the same database as a site of some kind."""
    opened = []

    def open_as(kind):
        opened.append(open_engine(Settings(database=database_url, kind=kind), SystemClock()))
        return opened[-1]

    yield open_as
    for engine in opened:
        engine.database.dispose()


def ahead(engine):
    """How far business now is ahead of the machine's clock, to the minute."""
    return round((engine.now() - engine.clock.now()) / timedelta(minutes=1))


@pytest.mark.parametrize("offset", [WEEK, -WEEK, timedelta()])
def test_a_demonstration_lives_as_far_away_as_it_was_set(site, offset):
    demo = site("demo")
    demo.execute(ChangeSetting("clock_offset", str(offset.total_seconds()), "root"))
    assert ahead(demo) == offset / timedelta(minutes=1)


def test_every_process_sees_a_changed_offset_at_once(site):
    one, other = site("demo"), site("demo")
    assert ahead(other) == 0
    one.execute(ChangeSetting("clock_offset", "3600", "root"))
    assert ahead(other) == 60


def test_leases_do_not_follow_the_offset(site):
    demo = site("demo")
    demo.execute(ChangeSetting("clock_offset", "3600", "root"))
    assert abs(demo.clock.lease_now() - demo.clock.now()) < timedelta(minutes=1)


def test_production_refuses_to_be_shifted(site):
    with pytest.raises(NotAllowed, match="正式环境"):
        site("production").execute(ChangeSetting("clock_offset", "3600", "root"))


def test_production_ignores_an_offset_that_is_there_already(site):
    production = site("production")
    with transaction(production.database) as connection:
        settings.put(connection, "clock_offset", "3600")
    assert ahead(production) == 0


@pytest.mark.parametrize("value", ["soon", "", "nan", "inf", "-inf", "1e300", "1e18"])
def test_an_offset_that_no_clock_can_show_is_refused(site, value):
    demo = site("demo")
    with pytest.raises(Invalid):
        demo.execute(ChangeSetting("clock_offset", value, "root"))
    assert ahead(demo) == 0


def test_there_are_no_other_settings(site):
    with pytest.raises(Invalid, match="no_such"):
        site("demo").execute(ChangeSetting("no_such", "1", "root"))


def test_only_admins_change_settings(site):
    with pytest.raises(NotAllowed):
        site("demo").execute(ChangeSetting("clock_offset", "1", "wang"))


def test_a_clock_that_stands_still_is_not_shifted(leave):
    leave.engine.execute(ChangeSetting("clock_offset", "3600", "root"))
    assert leave.engine.now() == at("2025-09-22 10:00")
