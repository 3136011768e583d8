import pytest

from engine.domain.errors import InvalidExpression
from engine.expressions import compile_script


def run(source, **record):
    compile_script(source).run(record.__getitem__, record.__setitem__)
    return record


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        ("x = 1\ny = x + 1", {}, {"x": 1, "y": 2}),
        ('ticket["a"] = n', {"ticket": {"b": 1}, "n": 2}, {"ticket": {"b": 1, "a": 2}, "n": 2}),
        ("history[0] = 'x'", {"history": ["a", "b"]}, {"history": ["x", "b"]}),
        ("history[-1] = 'x'", {"history": ["a", "b"]}, {"history": ["a", "x"]}),
        ("h = h + [{'n': n}]\nn = n + 1", {"h": [], "n": 0}, {"h": [{"n": 0}], "n": 1}),
        ("if n > 1:\n    a = 1\nelif n == 1:\n    a = 2\nelse:\n    a = 3", {"n": 1}, {"n": 1, "a": 2}),
        ("if n:\n    pass\nelse:\n    a = 1", {"n": 1}, {"n": 1}),
        ("# a remark\npass", {}, {}),
        ("urgent = '停电' in c or '燃气' in c", {"c": "停电了"}, {"c": "停电了", "urgent": True}),
    ],
)
def test_a_script_assigns(source, before, after):
    assert run(source, **before) == after


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("for a in b:\n    pass", "循环"),
        ("while True:\n    pass", "循环"),
        ("import os", "导入"),
        ("from os import popen", "导入"),
        ("def f():\n    pass", "定义函数"),
        ("class A:\n    pass", "定义类"),
        ("del a", "del"),
        ("a += 1", "x = x"),
        ("a: int = 1", "带类型"),
        ("a.b = 1", "只能给一个名字"),
        ("a, b = 1, 2", "只能给一个名字"),
        ("a = b = 1", "只能给一个名字"),
        ("a[0][1] = 1", "只能给一个名字"),
        ("a[0:1] = [1]", "切片"),
        ("len = 1", "函数名"),
        ("_a = 1", "下划线"),
        ("a = (b := 1)", ":="),
        ("len(a)", "单独一个表达式"),
        ("try:\n    a = 1\nexcept:\n    pass", "try"),
        ("raise a", "raise"),
        ("with a:\n    pass", "with"),
        ("a = __import__('os')", "__import__"),
        ("x = 1\nif x:\n    import os", "第 3 行"),
        ("x = 1\n" * 2000, "太长"),
        ("", "是空的"),
    ],
    ids=lambda value: value[:20],
)
def test_anything_but_assignments_and_if_is_refused(source, reason):
    with pytest.raises(InvalidExpression, match=reason):
        compile_script(source)


def test_a_script_knows_what_it_reads_and_writes():
    script = compile_script("a = b\nif c:\n    d['k'] = e\nelse:\n    f = 1")
    assert (script.targets, script.names) == ({"a", "d", "f"}, {"b", "c", "d", "e"})


def test_an_item_assignment_does_not_touch_what_was_held():
    held = {"a": 1}
    after = run("ticket['a'] = 2", ticket=held)
    assert (held, after["ticket"]) == ({"a": 1}, {"a": 2})


def test_two_names_never_share_a_value():
    after = run("a = b", b=[1])
    assert after["a"] == after["b"] and after["a"] is not after["b"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("x = 1\ny = nobody", "第 2 行.*nobody"),
        ("t['a'] = 1", "空"),
        ("h[5] = 1", "没有第 5 项"),
        ("h['a'] = 1", "不能给其中一项赋值"),
        ("new['a'] = 1", "没有声明"),
        ("if h > 3:\n    x = 1", "第 1 行"),
    ],
)
def test_a_failing_line_is_named(source, reason):
    with pytest.raises(InvalidExpression, match=reason):
        run(source, t=None, h=[1])


def test_doubling_a_list_line_by_line_stops_at_the_limit():
    with pytest.raises(InvalidExpression, match="太大|太长"):
        run("x = [1]\n" + "x = x + x\n" * 60)
