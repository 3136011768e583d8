"""Phone and identity numbers are found and hidden inside any text; order numbers, amounts and days are left alone."""

import csv
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bundles import procedures_root
from engine.domain.clock import SHANGHAI, in_words
from engine.domain.personal import masked_in_text

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
BIRTHDAYS = st.dates(date(1930, 1, 1), date(2025, 12, 31)).map(lambda day: f"{day:%Y%m%d}")
IDENTITIES = st.builds(lambda day, end: f"330106{day}{end}", BIRTHDAYS, st.from_regex("[0-9]{3}[0-9X]", fullmatch=True))
LAND_LINES = st.from_regex(r"(010|02[0-9])[2-8][0-9]{7}|0[3-9][0-9]{2}[2-8][0-9]{6,7}", fullmatch=True)
AROUND = st.text(
    st.characters(categories=["Lo"], exclude_characters="元万亿") | st.sampled_from("，。：,.:;（）/@\n "), max_size=12
)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("13812345678", "138****5678"),
        ("电话138-1234-5678，", "电话138-****-5678，"),
        ("138 1234 5678", "138 **** 5678"),
        ("138-123-45678", "138-***-*5678"),
        ("1 3 8 1 2 3 4 5 6 7 8", "1 3 8 * * * * 5 6 7 8"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("+86 13812345678", "+86 138****5678"),
        ("008613812345678", "0086138****5678"),
        ("8613812345678", "86138****5678"),
        ("tel13812345678", "tel138****5678"),
        ("13812345678@163.com", "138****5678@163.com"),
        ("13812345678,13912345678", "138****5678,139****5678"),
        ("1.13812345678", "1.138****5678"),
        ("1500 138-1234-5678", "1500 138-****-5678"),
        ("(010) 6554 3210", "(010) **** 3210"),
        ("0571-87654321", "****-*****321"),
        ("110101199003071234", "110***********1234"),
        ("11010119900307123X", "110***********123X"),
        ("110101 19900307 1234", "110*** ******** 1234"),
        ("110101-1990-03-07-1234", "110***-****-**-**-1234"),
        ("110101900307123", "110********7123"),
    ],
)
def test_a_number_of_a_person_loses_its_middle_however_it_is_typed(typed, shown):
    assert masked_in_text(typed) == shown


@pytest.mark.parametrize(
    "text",
    [
        "RX202510090001",
        "WY13812345678",
        "13812345678元",
        "¥13812345678",
        "13812345678.50",
        "1,381,234,567.80 万元",
        "2025-10-09 16:30 至 2025-10-10 09:00",
        "1999-10-09 12345",
        "110101199013071234",
        "12345 转 8001",
        "设备编号 202510090001234567",
    ],
)
def test_what_is_nobodys_number_stays_as_it_is(text):
    assert masked_in_text(text) == text


@given(AROUND, MOBILES | IDENTITIES | LAND_LINES, AROUND, st.booleans())
def test_no_number_comes_through_whatever_stands_around_it(before, number, after, wide):
    shown = masked_in_text(before + (number.translate(FULL_WIDTH) if wide else number) + after)
    assert number not in shown.translate({v: k for k, v in FULL_WIDTH.items()})


@given(st.text())
def test_a_text_keeps_its_length_and_is_masked_once(text):
    shown = masked_in_text(text)
    assert len(shown) == len(text)
    assert masked_in_text(shown) == shown


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)), st.integers(0, 9999), st.sampled_from(["RX", "WY", "P"])
)
def test_order_numbers_and_moments_stay(at, n, prefix):
    text = f"工单 {prefix}{at:%Y%m%d}{n:04d} {at:%Y-%m-%d %H:%M}，{in_words(at.replace(tzinfo=SHANGHAI))}；{at:%Y年%m月%d日}"
    assert masked_in_text(text) == text


@given(st.decimals(0, 10**12, places=2), st.sampled_from(["{}元", "￥{}", "{:,}", "{}万元"]))
def test_amounts_stay(amount, form):
    text = form.format(amount)
    assert masked_in_text(text) == text


def shipped_examples():
    for path in sorted(procedures_root().glob("*/*/examples/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield from ((path.parent.parent.name, name, said or "") for name, said in row.items() if name)


def test_of_the_shipped_examples_only_telephone_numbers_change():
    changed = {(key, name) for key, name, said in shipped_examples() if masked_in_text(said) != said}
    assert {name for _, name in changed} == {"caller_phone", "contact_phone"}
