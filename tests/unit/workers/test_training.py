from dataclasses import dataclass, field
from datetime import date

import pytest

from engine import DaySheet, Totals
from workers.training import Certificate, Minimum, Sheet, check_certificate, check_sheet, progress

TODAY = date(2025, 9, 22)


@dataclass
class Office:
    """What the decisions are told."""

    actor: str = "gu"
    today: date = TODAY
    sheets: list[DaySheet] = field(default_factory=list)
    served: Totals | None = None

    def training_day(self, day: date) -> list[DaySheet]:
        return self.sheets if day == TODAY else []

    def training_totals(self) -> dict[str, Totals]:
        return {"base": self.served} if self.served else {}


def problem(sheets=(), actor="gu", **said):
    sheet = Sheet(**{"kind": "driving", "hours": 2, "trainee": "niu", **said})
    return check_sheet(sheet, Office(actor, sheets=list(sheets))).problem


def test_a_sheet_without_a_day_is_today_s_and_says_who_filled_it():
    checked = check_sheet(Sheet("driving", None, 2), Office())
    assert (checked.day, checked.by, checked.problem) == ("2025-09-22", "gu", "")


def test_an_earlier_day_may_be_filled_later_but_no_day_ahead():
    assert problem(day="2025-09-19") == ""
    assert "还没到" in problem(day="2025-09-23")


def test_trainees_do_not_fill_their_own_sheets():
    assert "自己" in problem(actor="niu")


@pytest.mark.parametrize(
    ("hours", "already", "right"), [(8, 0, True), (8.1, 0, False), (3, 5, True), (3.1, 5, False), (None, 8, True)]
)
def test_the_machine_hours_of_a_day_are_capped(hours, already, right):
    assert (problem([DaySheet("maintenance", already, True)], hours=hours) == "") is right


def test_a_corrected_sheet_does_not_count_against_the_cap():
    assert problem([DaySheet("driving", 8, True)], hours=8, corrects=True) == ""


def test_whoever_is_absent_has_no_hours():
    assert problem(hours=9, attended=False) == ""


def test_a_second_sheet_must_be_a_correction_and_a_correction_needs_a_first():
    before = [DaySheet("driving", 2, True)]
    assert "已有培训表" in problem(before)
    assert problem(before, corrects=True) == ""
    assert "不用更正" in problem(corrects=True)


@pytest.mark.parametrize(
    ("served", "enough"),
    [
        (None, False),
        (Totals(14, 40.0), False),
        (Totals(15, 29.9), False),
        (Totals(15, 30.0), True),
        (Totals(16, 31.0), True),
    ],
)
def test_both_minima_have_to_be_reached(served, enough):
    assert progress(Minimum("base", 15, 30), Office(served=served)).enough is enough


@pytest.mark.parametrize(
    ("until", "valid"), [("2025-09-21", False), ("2025-09-22", True), ("2029-01-01", True), (None, False)]
)
def test_the_last_day_printed_on_a_certificate_is_valid(until, valid):
    checked = check_certificate(Certificate(until), Office())
    assert (checked.valid, checked.problem == "") == (valid, valid)
