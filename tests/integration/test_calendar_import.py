"""`banjie calendar import`: with and without a database, every kind of file."""

import json
from datetime import date
from pathlib import Path

import pytest

from engine import ChangeCalendar, PreviewChange, ShowCalendar
from engine.cli import main
from engine.domain.actors import SYSTEM
from engine.domain.calendar_change import Change
from engine.domain.day_table import read_days
from engine.domain.errors import Invalid
from engine.store import calendars
from engine.store.database import reading
from tests.support.holidays_2027 import TEXT, holiday_cn

NOTICES = Path(__file__).parents[1] / "fixtures" / "holiday_notices"


@pytest.fixture
def no_database(tmp_path, monkeypatch):
    monkeypatch.setenv("BANJIE_DATABASE", f"sqlite:///{tmp_path / 'none.db'}")
    return tmp_path / "none.db"


@pytest.fixture
def ours(office, monkeypatch):
    monkeypatch.setenv("BANJIE_DATABASE", office.url)
    return office


def file(tmp_path, content, name="2027.txt"):
    path = tmp_path / name
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_look_needs_no_database_and_makes_none(no_database, capsys, year):
    assert main(["calendar", "import", str(NOTICES / f"{year}.txt"), "--year", str(year), "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["year"], len(told["days"]), told["changes"]) == (year, 365, [])
    assert not no_database.exists()


def test_a_year_that_is_not_announced_shows_what_the_notice_changes(no_database, capsys, tmp_path):
    assert main(["calendar", "import", file(tmp_path, holiday_cn()), "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    [made_up] = [day for day in told["changes"] if day["date"] == "2027-01-09"]
    assert (made_up["open"], made_up["was"]["open"], made_up["provisional"]) == (True, False, False)


def test_without_a_database_nothing_can_be_written(no_database, capsys, tmp_path):
    assert main(["calendar", "import", file(tmp_path, TEXT.encode())]) == 1
    assert "banjie init" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--year", "2026"], []])
def test_what_cannot_be_read_is_one_sentence_and_exit_code_one(no_database, capsys, tmp_path, more):
    said = TEXT if more else TEXT.replace("1月9日(周六)", "1月9日(周日)")
    assert main(["calendar", "import", file(tmp_path, said.encode()), "--dry-run", *more]) == 1
    assert ("不是2026年的" if more else "第2行") in capsys.readouterr().err


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_notice_that_says_what_is_there_already_changes_nothing(ours, capsys, year):
    path = str(NOTICES / f"{year}.txt")
    assert main(["calendar", "import", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changes"] == []
    assert main(["calendar", "import", path]) == 0
    assert "没有差别,不用改" in capsys.readouterr().out
    wish = Change("days", f"{year}年放假安排", days=read_days(Path(path).read_bytes()).days)
    with pytest.raises(Invalid, match="没有差别"):
        ours.engine.ask(PreviewChange(wish), "root")
    with pytest.raises(Invalid, match="没有差别"):
        ours.engine.execute(ChangeCalendar(wish, 1, "已公布", "root"))
    assert [row.id for row in ours.rows("calendar_version")] == [1]


def test_a_look_changes_nothing_and_an_import_makes_a_version(ours, capsys, tmp_path):
    path = file(tmp_path, TEXT.encode())
    assert main(["calendar", "import", path, "--dry-run"]) == 0
    with reading(ours.engine.database) as connection:
        assert calendars.newest(connection) == 1
    assert main(["calendar", "import", path, "--reason", "已公布"]) == 0
    assert "第 2 版" in capsys.readouterr().out
    with reading(ours.engine.database) as connection:
        assert calendars.get(connection, "office").is_workday(date(2027, 1, 9))
        assert calendars.versions(connection)[0].actor == SYSTEM.id
    assert main(["calendar", "import", path]) == 0
    assert "没有差别" in capsys.readouterr().out
    assert ours.engine.ask(ShowCalendar("office"), "root").newest == 2
