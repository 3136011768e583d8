"""National days: announced years as announced, later years marked as a guess."""

from datetime import date

import pytest
from holidays import China

from engine.domain.errors import Invalid
from engine.domain.national_days import announced_years, national_days

AUTUMN_2025 = {
    "09-26": "work", "09-27": "off", "09-28": "work", "09-29": "work", "09-30": "work",
    "10-01": "off", "10-02": "off", "10-03": "off", "10-04": "off", "10-05": "off", "10-06": "off", "10-07": "off",
    "10-08": "off", "10-09": "work", "10-10": "work", "10-11": "work", "10-12": "off", "10-13": "work",
}  # fmt: skip
"""The notice for 2025: off from 1 to 8 October; Sunday 28 September and Saturday 11 October are worked."""


def test_national_day_2025_is_as_the_notice_has_it():
    days = {f"{day.date:%m-%d}": "work" if day.open else "off" for day in national_days(2025)}
    assert {key: days[key] for key in AUTUMN_2025} == AUTUMN_2025


@pytest.mark.parametrize(("year", "length"), [(2024, 366), (2025, 365), (2027, 365), (2028, 366)])
def test_a_year_has_every_day_once_and_in_order(year, length):
    days = [day.date for day in national_days(year)]
    assert (days, len(days)) == (sorted(set(days)), length)


def test_the_day_before_the_spring_festival_is_off_only_when_the_notice_says_so():
    eves = {date(2024, 2, 9): True, date(2025, 1, 28): False}
    assert {day.date: day.open for year in (2024, 2025) for day in national_days(year) if day.date in eves} == eves


def test_an_announced_year_is_confirmed_and_names_its_source():
    by_date = {day.date: day for day in national_days(2025)}
    assert not any(day.provisional for day in by_date.values())
    assert by_date[date(2025, 10, 1)].source == "国庆节放假（国办通知）"
    assert by_date[date(2025, 10, 11)].source == "国庆节调休上班（国办通知）"


def test_a_year_not_yet_announced_is_provisional_on_every_day_and_has_no_made_up_weekend():
    days = national_days(announced_years()[-1] + 1)
    assert all(day.provisional for day in days)
    assert not [day for day in days if day.open and day.date.weekday() >= 5]


def test_a_year_not_yet_announced_still_has_the_statutory_days_off():
    off = {f"{day.date:%m-%d}" for day in national_days(announced_years()[-1] + 1) if not day.open}
    assert {"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"} <= off


def test_a_year_before_the_first_notice_is_refused():
    with pytest.raises(Invalid, match="没有1999年的放假安排"):
        national_days(1999)


def test_every_day_from_2007_to_2026_is_as_the_independent_package_has_it():
    verdicts = China(years=range(2006, 2028))
    known = [day for year in range(2007, 2027) for day in national_days(year)]
    assert len(known) == (date(2027, 1, 1) - date(2007, 1, 1)).days
    assert [day.date for day in known if day.open != verdicts.is_working_day(day.date)] == []
