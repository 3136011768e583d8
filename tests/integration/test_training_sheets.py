"""Daily sheets of training: rows that are added and voided, never changed; only what the trainee signed counts."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from engine import TrainingSheets
from engine.domain.errors import NotFound, StepFailed
from engine.store.database import transaction
from engine.store.tables import training_sheet
from tests.support.offices import Office
from tests.support.procedures import gateway, procedure, service, user

SAID = {
    "stage": "base",
    "kind": "${subject}",
    "day": "${on_day}",
    "hours": "${worked}",
    "trainer": "wang",
    "trainee": "zhou",
    "attended": "${attended}",
    "signed": "${signed}",
    "corrects": "${mends}",
}


STAGES = b"""
[training]
kinds = { driving = "Driving" }
[[training.stage]]
id = "base"
title = "Base"
days = "need"
"""


@pytest.fixture
def school(office: Office) -> Office:
    """A procedure that writes one sheet after another; whoever hands in the day is whoever signs it."""
    files = procedure(
        "school",
        user("train", "clerk,leader"),
        service("note_day", "training_sheet", {"sheet": "${sheet}"}, **SAID),
        gateway("merge"),
        gateway("again", default="merge"),
        flows="start >> merge >> train >> note_day >> again [leaves] >> end; again >> merge",
        fields="need:number",
        forms={
            "train": "subject! on_day! worked:number attended:checkbox signed:checkbox mends:checkbox leaves:checkbox"
        },
    )
    files["procedure.toml"] += STAGES
    office.deploy(files)
    office.start("school", need=15)
    return office


def sheet(office: Office, actor: str = "zhou", **said: object) -> None:
    """Hand in a day: driving on that Monday for two hours, signed, unless said otherwise."""
    usual = {"subject": "driving", "on_day": "2025-09-22", "worked": 2, "attended": True, "signed": True}
    office.complete("train", actor, **{**usual, **said})


def served(office: Office) -> tuple[int, float]:
    """Give the working days and machine hours that count."""
    totals = office.engine.ask(TrainingSheets(office.number), "li").stages[0].served
    return totals.days, totals.hours


def test_a_signed_sheet_counts_as_a_day_and_its_hours(school):
    sheet(school, worked=2.5)
    assert served(school) == (1, 2.5)


def test_two_subjects_of_one_day_are_one_day(school):
    sheet(school)
    sheet(school, subject="theory", worked=None)
    assert served(school) == (1, 2.0)


@pytest.mark.parametrize("said", [{"signed": False}, {"attended": False}, {"attended": False, "signed": False}])
def test_what_is_not_signed_or_not_attended_does_not_count(school, said):
    sheet(school, **said)
    assert served(school) == (0, 0.0)
    assert len(school.rows("training_sheet")) == 1


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2025-09-26", 1), ("2025-09-27", 0), ("2025-09-28", 1), ("2025-10-01", 0), ("2025-10-11", 1), ("2025-10-12", 0)],
    ids=["Friday", "Saturday", "make-up Sunday", "National Day", "make-up Saturday", "Sunday"],
)
def test_a_day_counts_by_the_calendar_and_its_hours_always(school, day, counts):
    sheet(school, on_day=day)
    assert served(school) == (counts, 2.0)


def test_tenths_of_hours_add_up_exactly(school):
    for day in range(8, 12):
        sheet(school, on_day=f"2025-09-{day:02}", worked=0.1)
    sheet(school, on_day="2025-09-12", worked=5.5)
    assert served(school) == (5, 5.9)


def test_a_correction_is_a_row_of_its_own_and_voids_the_one_before(school):
    sheet(school, worked=8)
    before = school.rows("training_sheet")
    sheet(school, worked=2, mends=True)
    sheet(school, worked=3, mends=True)
    first, second, third = school.rows("training_sheet")
    assert [first] == before
    assert [(r.revision, r.voids) for r in (first, second, third)] == [(0, None), (1, first.id), (2, second.id)]
    assert served(school) == (1, 3.0)


def test_a_second_sheet_for_a_day_and_subject_is_refused_and_nothing_is_written(school):
    sheet(school)
    with pytest.raises(StepFailed, match="已有培训表"):
        sheet(school, worked=3)
    assert len(school.rows("training_sheet")) == 1
    assert school.open_tasks() == ["train"]


def test_nobody_signs_for_the_trainee(school):
    with pytest.raises(StepFailed, match="学员本人"):
        sheet(school, "wang")
    assert school.rows("training_sheet") == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({"worked": 24.1}, "24 小时"), ({"worked": -1}, "24 小时"), ({"on_day": "某一天"}, "日期")],
    ids=["too long", "negative", "no day"],
)
def test_what_cannot_be_is_refused(school, said, sentence):
    with pytest.raises(StepFailed, match=sentence):
        sheet(school, **said)


def test_all_sheets_of_a_day_are_at_most_24_hours(school):
    sheet(school, worked=20)
    with pytest.raises(StepFailed, match="24 小时"):
        sheet(school, subject="night", worked=4.1)
    sheet(school, subject="night", worked=4)
    assert served(school) == (1, 24.0)


def test_the_database_itself_holds_one_valid_sheet_a_day_and_subject(school):
    sheet(school)
    row = dict(school.rows("training_sheet")[0]._mapping)
    del row["id"]
    with pytest.raises(IntegrityError), transaction(school.engine.database) as connection:
        connection.execute(insert(training_sheet), row)


def test_a_sheet_is_in_the_history(school):
    sheet(school)
    assert "TrainingSheetWritten" in school.history()


def test_sheets_are_paged_newest_first_and_strangers_see_none(school):
    for day in range(1, 25):
        sheet(school, on_day=f"2025-09-{day:02}")
    first, second = (school.engine.ask(TrainingSheets(school.number, page), "li") for page in (1, 2))
    assert (first.pages, len(first.sheets), len(second.sheets)) == (2, 20, 4)
    assert (first.sheets[0].day.day, second.sheets[-1].day.day) == (24, 1)
    assert first.sheets[0].kind == "Driving"
    with pytest.raises(NotFound):
        school.engine.ask(TrainingSheets(school.number), "mei")


def test_a_procedure_without_training_has_no_sheets(leave):
    with pytest.raises(NotFound):
        leave.engine.ask(TrainingSheets(leave.number), "li")
