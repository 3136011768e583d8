"""Whatever somebody types, the answer is plain data or InvalidExpression, never another exception."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.errors import InvalidExpression
from engine.expressions import compile_cell, compile_expression, compile_output, compile_script

WORDS = [
    "a",
    "b",
    "n",
    "t",
    "caller",
    "1",
    "2.5",
    "'x'",
    '"y"',
    "None",
    "True",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ".",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "==",
    "!=",
    "<",
    ">=",
    "in",
    "not",
    "and",
    "or",
    "if",
    "else",
    "is",
]
CALLS = [
    "len(",
    "min(",
    "max(",
    "abs(",
    "round(",
    "int(",
    "float(",
    "str(",
    "bool(",
    "sum(",
    "any(",
    "all(",
    ".lower()",
    ".split(",
    ".get(",
    ".keys()",
    ".items()",
    ".phone",
]
TYPED = st.lists(st.sampled_from(WORDS + CALLS), max_size=12).map(" ".join) | st.text(max_size=40)
NAMES = {"a": "文字", "b": None, "n": 3, "t": [1, "x", None], "caller": {"phone": "1", "n": [1]}}


@settings(max_examples=400, deadline=None)
@given(TYPED)
def test_an_expression_gives_data_or_one_kind_of_error(text):
    try:
        compile_expression(text).evaluate(NAMES)
    except InvalidExpression as error:
        assert str(error)


@settings(max_examples=200, deadline=None)
@given(st.lists(TYPED.map(lambda text: f"a = {text}") | TYPED, max_size=4).map("\n".join))
def test_a_script_runs_or_gives_one_kind_of_error(text):
    record = dict(NAMES)
    try:
        compile_script(text).run(record.__getitem__, record.__setitem__)
    except InvalidExpression as error:
        assert str(error)


@settings(max_examples=200, deadline=None)
@given(TYPED, st.sampled_from([None, 1, "x", True, 2.5, [1]]))
def test_a_cell_holds_or_not_or_gives_one_kind_of_error(text, value):
    try:
        compile_cell(text).matches(value)
        compile_output(text).evaluate(NAMES)
    except InvalidExpression as error:
        assert str(error)
