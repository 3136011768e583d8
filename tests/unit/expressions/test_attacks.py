"""The 15 escapes and 18 exhaustions of an uploaded diagram: each is refused when compiled or stopped when run."""

import time
import tracemalloc

import pytest

from engine.domain.errors import InvalidExpression
from engine.expressions import compile_expression

ESCAPES = {
    "import by name": "__import__('os').popen('id').read()",
    "open a file": "open('/etc/passwd').read()",
    "eval inside": "eval('1+1')",
    "exec inside": "exec('x=1')",
    "subclass walk": "().__class__.__base__.__subclasses__()",
    "subclass walk from a text": "''.__class__.__mro__[1].__subclasses__()",
    "globals of a method": "text.upper.__globals__",
    "builtins through a function": "len.__self__",
    "format string attribute": "'{0.__class__}'.format(text)",
    "format_map": "'{a.__class__}'.format_map({'a': text})",
    "getattr by text": "getattr(text, '__class__')",
    "lambda": "(lambda: 1)()",
    "walrus": "(y := 1)",
    "generator frame": "(x for x in [1]).gi_frame",
    "subscripted function table": "[len, str][0]('a')",
}

EXHAUSTIONS = {
    "tower of powers": "9**9**9",
    "power function": "pow(9, 9999999)",
    "shift": "1 << 10**10",
    "repeated text": "'a' * 10000000000",
    "repeated name": "text * 1000000000",
    "repeated list": "[0] * 1000000000",
    "comprehension": "[a for a in rows for b in rows for c in rows]",
    "sum of a range": "sum(range(10**12))",
    "percent width": "'%1000000000d' % 1",
    "f-string width": "f'{1:1000000000}'",
    "format width": "'{:1000000000}'.format(1)",
    "ljust": "'a'.ljust(10**10)",
    "join": "text.join([text, text])",
    "replace": "text.replace('a', text)",
    "rounding to the left": "round(5, -1000000000)",
    "product of large numbers": "*".join(["big"] * 300),
    "nested brackets": "(" * 900 + "1" + ")" * 900,
    "unfolding a shared list": "[" + ",".join(["rows"] * 300) + "]",
}

MORE = {
    "long text": "'" + "a" * 3000 + "'",
    "long chain of minus": "-" * 1900 + "1",
    "long sum of texts": " + ".join(["text"] * 50),
    "long integer text": "int(digits)",
    "infinite float": "1e308 * 10",
    "integer larger than JSON": "big * 1",
    "text past the limit": "text + 'x'",
    "deep result": "[" * 40 + "1" + "]" * 40,
    "null byte": "'a\0'",
    "lone surrogate": r"'\ud800'",
    "bytes": "b'a'",
    "complex number": "1j",
}

NAMES = {"text": "a" * 65_536, "rows": [0] * 10_000, "big": 2**200, "digits": "9" * 5000}


def refused(source):
    compile_expression(source).evaluate(NAMES)


@pytest.mark.parametrize("source", ESCAPES.values(), ids=ESCAPES.keys())
def test_an_escape_is_refused_when_compiled(source):
    with pytest.raises(InvalidExpression):
        compile_expression(source)


@pytest.mark.parametrize("source", [*EXHAUSTIONS.values(), *MORE.values()], ids=[*EXHAUSTIONS, *MORE])
def test_an_exhaustion_is_stopped_in_bounded_time_and_memory(source):
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(InvalidExpression):
        refused(source)
    spent, peak = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (spent < 1.0, peak < 16_000_000) == (True, True)


def test_the_tables_hold_the_33_known_attacks():
    assert (len(ESCAPES), len(EXHAUSTIONS)) == (15, 18)


def test_an_object_that_is_not_plain_data_is_not_handed_to_an_expression():
    with pytest.raises(InvalidExpression, match="不是普通数据"):
        compile_expression("thing").evaluate({"thing": object()})
