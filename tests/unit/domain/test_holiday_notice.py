"""Notices as they were worded over the years, day by day against the package's own record of them."""

from datetime import date
from pathlib import Path

import pytest

from engine.domain.errors import Invalid
from engine.domain.holiday_notice import read_notice
from engine.domain.national_days import national_days

FOLDER = Path(__file__).parents[2] / "fixtures" / "holiday_notices"
YEARS = (2007, 2008, 2012, 2015, 2018, 2019, 2020, 2023, 2024, 2025, 2026)
OTHERWISE = {
    2007: {date(2007, 12, 29), date(2007, 12, 31)},  # settled by the notice of 2008
    2015: {date(2015, 9, 3), date(2015, 9, 4), date(2015, 9, 6)},  # by a second notice in May
    2018: {date(2018, 12, 29), date(2018, 12, 31)},  # by the notice of 2019
    2019: {date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 5)},  # by a second one in March
    2020: {date(2020, 1, 31), date(2020, 2, 1)},  # by the extension of January
}


def notice(name):
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("of", YEARS)
def test_a_notice_gives_every_day_of_its_year_as_it_was_worked(of):
    read = read_notice(notice(of))
    told = {day.date: day.open for day in read.days if day.date.year == of}
    known = {day.date: day.open for day in national_days(of)}
    assert read.whole
    assert told.keys() == known.keys()
    assert {day for day in known if told[day] != known[day]} == OTHERWISE.get(of, set())


@pytest.mark.parametrize(
    ("name", "neighbours"),
    [
        (2007, {date(2006, 12, 30): True, date(2006, 12, 31): True}),
        (2008, {date(2007, 12, 29): True, date(2007, 12, 30): False, date(2007, 12, 31): False}),
        (2012, {date(2011, 12, 31): True}),
        (2019, {date(2018, 12, 29): True, date(2018, 12, 30): False, date(2018, 12, 31): False}),
        (2023, {date(2022, 12, 31): False}),
    ],
)
def test_days_of_the_year_before_come_with_it(name, neighbours):
    assert {day.date: day.open for day in read_notice(notice(name)).days if day.date.year != name} == neighbours


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("2015_extra", {(9, 3): False, (9, 4): False, (9, 5): False, (9, 6): True}),
        ("2019_extra", {(4, 28): True, (5, 1): False, (5, 2): False, (5, 3): False, (5, 4): False, (5, 5): True}),
    ],
)
def test_a_second_notice_names_its_days_only(name, days):
    read = read_notice(notice(name))
    assert not read.whole
    assert {(day.date.month, day.date.day): day.open for day in read.days} == days
    known = {day.date: day.open for day in national_days(read.year)}
    assert all(known[day.date] == day.open for day in read.days)


def test_a_pasted_notice_gives_the_very_days_that_come_with_the_package_reasons_included():
    assert list(read_notice(notice(2026)).days) == national_days(2026)
    reasons = {
        (day.source, known.source)
        for day, known in zip(read_notice(notice(2025)).days, national_days(2025), strict=True)
        if day.source != known.source
    }
    assert {pasted.replace("国庆节、中秋节", "") for pasted, _ in reasons} == {
        "放假（国办通知）",
        "调休上班（国办通知）",
    }


def test_a_day_says_which_holiday_moved_it():
    days = {(day.date.month, day.date.day): day.source for day in read_notice(notice(2025)).days}
    assert days[10, 8] == "国庆节、中秋节放假（国办通知）"
    assert days[9, 28] == "国庆节、中秋节调休上班（国办通知）"
    assert (days[9, 27], days[9, 26]) == ("周末", "工作日")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (":", "："),
        ("(", "（"),
        ("周", "星期"),
        ("至", "—"),
        ("至", "~"),
        ("日(", "日 ("),
        ("上班。", "照常上班。"),
        ("\n", "\n\n"),
        ("。\n", "。"),
        ("至", "\n至"),
        ("1月1日", "１月１日"),
    ],
)
def test_signs_and_line_breaks_do_not_matter(old, new):
    text = notice(2025)
    assert old in text
    assert read_notice(text.replace(old, new)) == read_notice(text)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1月26日(周日)", "1月26日(周六)", "第3行:“1月26日(周六)”与日历不符:2025-01-26是星期日"),
        ("放假调休,共5天", "放假调休,共6天", "第5行:写着共6天,数出来是5天"),
        ("4月27日(周日)上班", "4月27日(周日)要去单位", "第5行"),
        ("4月27日(周日)上班", "四月二十七日上班", "第5行"),
        ("4月27日(周日)上班", "前一个周日上班", "第5行"),
        ("4月27日(周日)上班", "4月27日(周日)", "没有说这些天放假还是上班"),
        ("4月27日(周日)", "4月28日", "第5行:4月28日不是周末"),
        ("4月27日(周日)", "5月3日", "第5行:5月3日又放假又上班"),
        ("4月27日(周日)", "2月30日", "没有这一天"),
        ("4月27日(周日)", "4月27日(周八)", "括号里的星期看不懂"),
        ("三、清明节", "三、青明节", "第4行"),
        ("4月27日(周日)上班", "4月27日(周日)上班,另行通知的除外", "第5行"),
        ("10月1日(周三)至8日(周三)", "10月8日(周三)至1日(周三)", "起止日期不对"),
        ("4月4日(周五)至6日(周日)放假,共3天。", "", "没有写清明节哪天放假"),
        ("5月1日(周四)至5日(周一)放假调休,共5天", "5月2日(周五)至5日(周一)放假调休,共4天", "不含5月1日"),
        ("2月8日(周六)", "2027年2月8日", "不在2025年前后"),
    ],
)
def test_what_is_not_understood_refuses_the_whole_text_with_its_line(old, new, said):
    text = notice(2025)
    assert old in text
    with pytest.raises(Invalid) as refused:
        read_notice(text.replace(old, new, 1))
    assert said in str(refused.value)


def test_every_wrong_line_is_named_at_once():
    text = notice(2025).replace("(周三)放假1天", "(周四)放假1天").replace("共5天", "共4天")
    with pytest.raises(Invalid, match="第2行.*第5行"):
        read_notice(text)


def test_a_notice_cut_short_is_refused():
    with pytest.raises(Invalid, match="没有写端午节、中秋节、国庆节"):
        read_notice(notice(2026).split("五、")[0])


def test_a_notice_of_another_year_is_refused():
    with pytest.raises(Invalid, match="这是2025年的放假安排,不是2026年的"):
        read_notice(notice(2025), 2026)


def test_a_year_that_is_told_is_enough_where_the_text_names_none():
    text = notice(2025).split("\n", 1)[1]
    assert read_notice(text, 2025).days == read_notice(notice(2025)).days
    with pytest.raises(Invalid, match="看不出这是哪一年"):
        read_notice(text)


@pytest.mark.parametrize(
    "text", ["", "你好", "2025年放假安排", "延长2020年春节假期至2月2日(农历正月初九,星期日),2月3日(星期一)起正常上班。"]
)
def test_a_text_that_orders_no_days_is_refused(text):
    with pytest.raises(Invalid):
        read_notice(text)


def test_the_amendment_of_the_holidays_law_in_the_preamble_orders_nothing():
    before = "根据《国务院关于修改〈全国年节及纪念日放假办法〉的决定》,"
    before += "自2025年1月1日起,全体公民放假的假日增加2天,其中春节、劳动节各增加1天。"
    before += "现将放假调休日期的具体安排通知如下。\n"
    assert read_notice(before + notice(2025)) == read_notice(notice(2025))


def test_advice_and_free_roads_order_nothing():
    text = (
        notice(2025)
        + "\n鼓励群众就地过年,1月27日可休假。\n国庆节期间10月1日0时至8日24时收费公路免费通行。\n2024年11月12日"
    )
    assert read_notice(text) == read_notice(notice(2025))
