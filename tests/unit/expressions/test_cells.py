import pytest

from engine.domain.errors import InvalidExpression
from engine.expressions import compile_cell, compile_output

CELLS = [
    ("-", "anything", True),
    ("", None, True),
    ("-", [1], True),
    ('"a"', "a", True),
    ('"a"', "b", False),
    ('"a"', None, False),
    ('"a, b"', "a, b", True),
    (r'"say \"a\""', 'say "a"', True),
    ('"a","b"', "b", True),
    ('"a" , "b"', "c", False),
    ("3", 3, True),
    ("3", 3.0, True),
    ("3", "3", False),
    ("-3", -3, True),
    ("1", True, False),
    ("true", True, True),
    ("true", 1, False),
    ("false", None, False),
    ("null", None, True),
    ("< 5", 4, True),
    ("< 5", 5, False),
    ("< 5", None, False),
    (">= 3", 3, True),
    (">3, <1", 2, False),
    ("!= 3", 4, True),
    ('>= "2025-01-01"', "2025-10-01", True),
    ("[1..20]", 20, True),
    ("[1..20)", 20, False),
    ("(1..20]", 1, False),
    ("]1..20[", 1, False),
    ("[1..5],[10..15]", 12, True),
    ("[0.5..1.5]", 1, True),
    ("[1..20]", None, False),
    ('not("a")', "b", True),
    ('not("a","b")', "b", False),
    ("not(3)", 4, True),
    ("not([1..5])", 6, True),
    ("not(< 5)", 3, False),
]


@pytest.mark.parametrize(("cell", "value", "holds"), CELLS, ids=[f"{cell} / {value}" for cell, value, _ in CELLS])
def test_a_cell_holds(cell, value, holds):
    assert compile_cell(cell).matches(value) is holds


@pytest.mark.parametrize(
    "cell",
    ["a", "“a”", "1..5", "[1..", "[5..1]", '[1.."a"]', "< true", '"a" "b"', '"a",', "not(", "not()", "not(not(1))"]
    + ["${x}", "a == 1", "x > 3", '"' + "a" * 3000 + '"', '"a" or 1', "not(-)", "[1, 2]"],
)
def test_a_cell_that_cannot_be_read_is_refused(cell):
    with pytest.raises(InvalidExpression):
        compile_cell(cell)


@pytest.mark.parametrize(("cell", "value"), [("< 5", "4"), ("[1..3]", "2"), ('"a"', ["a"]), ('"a"', {})])
def test_a_value_of_another_kind_is_an_error_not_a_silent_miss(cell, value):
    with pytest.raises(InvalidExpression):
        compile_cell(cell).matches(value)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('"city_roads"', "city_roads"),
        ("3", 3),
        ("2.5", 2.5),
        ("true", True),
        ("null", None),
        ("-", None),
        ("", None),
        ("3个工作日", "3个工作日"),
        ("半小时(工作时间)", "半小时(工作时间)"),
        ("5个工作日 从 received_at", "5个工作日 从 received_at"),
        ("P3D", "P3D"),
        ('"P3D"', "P3D"),
        ("R3/PT10M", "R3/PT10M"),
        ("2025-10-09T09:00", "2025-10-09T09:00"),
        ("${unit + '_x'}", "roads_x"),
    ],
)
def test_an_output_gives(cell, value):
    assert compile_output(cell).evaluate({"unit": "roads"}) == value


@pytest.mark.parametrize("cell", ["city_roads", '"a","b"', "“紧急”", "${", "${x +}", '"a" 紧急'])
def test_an_output_that_may_be_a_mistake_is_refused(cell):
    with pytest.raises(InvalidExpression):
        compile_output(cell)
