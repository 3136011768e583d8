"""`banjie calendar`: due, between, open; by hours alone, or by a calendar of the database."""

import argparse

import orjson
import pytest

from engine import install, open_engine
from engine.cli import main
from engine.cli_calendar import calendar
from engine.store import schema
from engine.store.database import transaction


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A machine without a database."""
    monkeypatch.setenv("BANJIE_DATABASE", f"sqlite:///{tmp_path}/none.db")
    return tmp_path


@pytest.fixture
def furnished(empty_url, monkeypatch):
    """A database with the calendars it starts with."""
    monkeypatch.setenv("BANJIE_DATABASE", empty_url)
    engine = open_engine()
    install(engine)
    yield engine
    engine.database.dispose()


@pytest.fixture
def ask(capsys):
    def run(*words):
        parser = argparse.ArgumentParser()
        calendar.configure(parser)
        assert calendar.run(parser.parse_args(words)) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture
def told(ask):
    return lambda *words: orjson.loads(ask(*words, "--json"))


DAY = ("--hours", "09:00-18:00")


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (("2025-10-10 17:50", "30分钟(工作时间)", *DAY), "2025-10-11T09:20:00+08:00"),
        (("2025-10-10T17:50", "PT30M", *DAY), "2025-10-10T18:20:00+08:00"),
        (("2025-10-04", "3个工作日", *DAY), "2025-10-11T18:00:00+08:00"),
        (("2025-10-04", "3个工作日", *DAY, "--start-rule", "next_working_day"), "2025-10-13T18:00:00+08:00"),
        (("2025-10-09", "1个工作日", *DAY, "--start-rule", "now"), "2025-10-09T18:00:00+08:00"),
        (("2025-10-09", "2小时 从 received_at", *DAY, "--start-rule", "next_day"), "2025-10-10T02:00:00+08:00"),
        (("2025-10-01", "1个工作日", *DAY, "--days", "every"), "2025-10-02T18:00:00+08:00"),
        (("2025-09-30 23:00", "3小时(工作时间)", "--hours", "22:00-06:00"), "2025-10-01T02:00:00+08:00"),
        (("2025-10-10 23:59", "24小时(工作时间)", "--hours", "24h"), "2025-10-11T23:59:00+08:00"),
        (("2025-09-30 23:00", "2小时(工作时间)", "--hours", "24h", "--days", "national"), "2025-10-09T01:00:00+08:00"),
        (("2025-10-10 11:45", "30分钟(工作时间)"), "2025-10-10T14:15:00+08:00"),
    ],
)
def test_a_due_moment_is_told_without_a_database(nowhere, told, words, due):
    assert told("due", *words)["due"] == due
    assert list(nowhere.iterdir()) == []


def test_the_json_of_due_has_the_lower_bound_the_steps_and_whether_it_may_move(nowhere, told):
    sure = told("due", "2025-09-29 10:00", "3-5个工作日", *DAY)
    assert (sure["amber"], sure["provisional"]) == ("2025-10-10T18:00:00+08:00", False)
    assert sure["steps"][-1].startswith("依据：")
    unsure = told("due", "2026-12-30", "3个工作日", *DAY)
    assert (unsure["due"], unsure["amber"], unsure["provisional"]) == ("2027-01-05T18:00:00+08:00", None, True)


def test_people_get_sentences_and_the_receipt_when_they_ask(nowhere, ask):
    assert ask("due", "2025-10-10 17:50", "30分钟(工作时间)", *DAY) == (
        "2025年10月10日 17:50（周五）起，30分钟（只计工作时间）：2025年10月11日 09:20（周六）到期。\n"
    )
    assert "不计10月12日（周日）：周末\n" in ask("due", "2025-10-10", "2个工作日", *DAY, "--explain")
    assert "预警。\n暂定：" in ask("due", "2026-12-30", "1-3个工作日", *DAY)


def test_working_time_between_two_moments(nowhere, ask, told):
    assert told("between", "2025-09-30", "2025-10-10", *DAY) == {"minutes": 1080}
    assert told("between", "2025-10-10", "2025-09-30", *DAY) == {"minutes": -1080}
    assert ask("between", "2025-10-10", "2025-09-30", *DAY).endswith("倒过来工作时间18小时（1080分钟）。\n")


def test_whether_a_moment_is_open(nowhere, ask, told):
    assert [told("open", at, *DAY)["open"] for at in ("2025-10-11 10:00", "2025-10-12 10:00")] == [True, False]
    assert ask("open", "2025-10-11 10:00", *DAY) == "2025年10月11日 10:00（周六）是上班时间。\n"
    assert ask("open", "2025-10-02 10:00", *DAY) == (
        "2025年10月2日 10:00（周四）不是上班时间（国庆节放假（国办通知）），下一次上班是2025年10月9日 09:00（周四）。\n"
    )
    assert "（不在上班时段）" in ask("open", "2025-10-11 18:00", *DAY)


def test_a_calendar_of_the_database_is_named_by_key_or_name_and_the_office_needs_no_name(furnished, told):
    for named in (("--calendar", "office"), ("--calendar", "机关作息"), ()):
        found = told("due", "2026-10-10 11:45", "30分钟(工作时间)", *named)
        assert found["due"] == "2026-10-10T14:15:00+08:00"
        assert "工作日历“机关作息”第" in found["steps"][-1]
    assert told("open", "2026-10-01 03:00", "--calendar", "desk_24h") == {"open": True}


def test_a_database_without_calendars_leaves_the_office_hours(empty_url, monkeypatch, told):
    monkeypatch.setenv("BANJIE_DATABASE", empty_url)
    engine = open_engine()
    schema.upgrade(engine.database)
    engine.database.dispose()
    assert "08:30-12:00" in told("due", "2025-10-10", "1个工作日")["steps"][-1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("due", "2025-10-10", "3天"), "没有说明是工作日还是自然日"),
        (("due", "2025-10-10", "3个工作日(当日计)", "--start-rule", "next_day"), "起算的算法写了两次"),
        (("due", "2025-13-01", "3个工作日"), "不是日历上有的日子"),
        (("due", "昨天", "3个工作日"), "不是完整的时刻"),
        (("due", "1999-01-01", "3个工作日"), "只有2004-01-01至"),
        (("open", "2025-10-10", "--hours", "9-18"), "看不懂"),
        (("open", "2025-10-10", "--calendar", "office"), "没有数据库"),
        (("open", "2025-10-10", "--calendar", "office", "--days", "every"), "--days 只能与 --hours 一起用"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(nowhere, capsys, words, sentence):
    assert main(["calendar", *words]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert sentence in said.err


def test_an_unknown_calendar_is_said_with_those_there_are(furnished, capsys):
    assert main(["calendar", "open", "2026-10-10", "--calendar", "茶水班"]) == 1
    assert "没有工作日历“茶水班”，现有：" in capsys.readouterr().err


ASKED = [
    ("due", "2026-10-10 10:00", "3个工作日"),
    ("between", "2026-10-09", "2026-10-12"),
    ("open", "2026-10-10 10:00"),
]


@pytest.mark.parametrize("words", ASKED, ids=lambda words: words[0])
def test_a_database_of_an_older_release_asks_for_init_in_one_sentence(empty_url, monkeypatch, capsys, words):
    monkeypatch.setenv("BANJIE_DATABASE", empty_url)
    engine = open_engine()
    install(engine)
    with transaction(engine.database) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    engine.database.dispose()
    for more in ((), ("--calendar", "office")):
        assert main(["calendar", *words, *more]) == 1
        said = capsys.readouterr()
        assert (said.out, said.err) == ("", "Invalid:数据库还没有升级到这个版本,请先运行 banjie init\n")
    assert main(["calendar", *words, *DAY]) == 0


@pytest.mark.parametrize("words", ASKED, ids=lambda words: words[0])
def test_without_a_database_the_built_in_hours_count_and_nothing_is_made(tmp_path, monkeypatch, told, words):
    monkeypatch.delenv("BANJIE_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert told(*words) == told(*words, "--hours", "08:30-12:00,14:00-18:00")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_was_never_set_up_is_said(empty_url, monkeypatch, capsys):
    monkeypatch.setenv("BANJIE_DATABASE", empty_url)
    engine = open_engine()
    with engine.database.connect():
        pass
    engine.database.dispose()
    assert main(["calendar", "open", "2026-10-10"]) == 1
    assert "banjie init" in capsys.readouterr().err
