import pytest

from engine.domain.errors import InvalidExpression
from engine.expressions import Expression, Literal, compile_expression, compile_parameter

RECORD = {
    "category": "complaint",
    "urgency": "紧急",
    "content": "小区路灯不亮",
    "count": 3,
    "price": 2.5,
    "caller": {"phone": "13800000000", "name": "王女士"},
    "signers": ["a", "b"],
    "scores": [1, 2, 3],
    "done": True,
    "empty": None,
    "cosign": {"0": {"opinion": "agree"}, "1": {"opinion": "object", "cost": 2}},
    "items": [{"cost": 3}, {"cost": 4}],
}

ACCEPTED = [
    ('category == "complaint"', True),
    ("${ category }", "complaint"),
    ("count >= 3 and not empty", True),
    ("1 < count <= 3", True),
    ("empty is None", True),
    ("caller is not None", True),
    ('"路灯" in content', True),
    ('"x" not in signers', True),
    ("count + 1 - 2 * 3", -2),
    ("7 // 2 + 7 % 2", 4),
    ("count / 2", 1.5),
    ("-count", -3),
    ('"急" if urgency == "紧急" else "缓"', "急"),
    ("signers[0]", "a"),
    ("content[:4]", "小区路灯"),
    ("caller.phone", "13800000000"),
    ('caller["name"]', "王女士"),
    ('caller.get("mail", "无")', "无"),
    ("caller.keys()", ["phone", "name"]),
    ("caller.items()[0]", ["phone", "13800000000"]),
    ("'【' + category + '】' + content", "【complaint】小区路灯不亮"),
    ("[category, {'n': count}]", ["complaint", {"n": 3}]),
    ("len(signers) + sum(scores)", 8),
    ("min(scores) + max(1, 5)", 6),
    ("any([done, empty])", True),
    ("all([done, empty])", False),
    ("abs(0 - count)", 3),
    ("round(price * 1.01, 2)", 2.52),
    ("int('3') + float('0.5')", 3.5),
    ("str(count) + '件'", "3件"),
    ("bool(empty)", False),
    ("' A b '.strip().lower().split(' ')", ["a", "b"]),
    ("category.startswith('com') and category.endswith('t')", True),
    ("empty or category", "complaint"),
    ("empty == 3", False),
    ('each(cosign, "opinion")', ["agree", "object"]),
    ('each(cosign, "cost")', [None, 2]),
    ('sum(each(items, "cost"))', 7),
    ('each(empty, "opinion")', []),
]

REFUSED = [
    ("x = 1", "写法有误"),
    ("a ==", "写法有误"),
    ("category == “投诉”", "中文标点"),
    ("", "是空的"),
    ("${}", "是空的"),
    ("[a for a in b]", "列表推导"),
    ("a ** 2", r"不支持运算“\*\*”"),
    ("a | b", "不支持运算"),
    ("~a", "不支持运算"),
    ("f'{a}'", "f 字符串"),
    ("a in ('x', 'y')", "元组"),
    ("{a, b}", "集合"),
    ("[*a]", "展开"),
    ("{**a}", "展开"),
    ("range(3)", "没有函数“range”"),
    ("a.format(1)", "没有方法"),
    ("min(a, key=b)", "参数不能带名字"),
    ("len", "是函数名"),
    ("_secret", "下划线"),
    ("a._b", "不能取"),
    ("a is b", "只能与 None 比较"),
    ("a[0]()", "只能调用"),
    ("'a" + "b" * 2000 + "'", "太长"),
]

FAILING = [
    ("empty > 3", "空（还没有值）"),
    ("urgency < 3", "不能用在文字与数字之间"),
    ("nobody == 1", "名字“nobody”没有声明"),
    ("caller.mail", "没有“mail”这一项"),
    ("empty.phone", "空（还没有值）没有“.phone”"),
    ("signers[9]", "下标超出范围"),
    ("count[0]", "不能从数字里取一项"),
    ("count / 0", "除数是零"),
    ("content * 2", "“*”不能用在"),
    ("content % 2", "“%”不能用在"),
    ("empty + 'x'", "不能用在空"),
    ("'a' in empty", "“in”不能用在"),
    ("signers.get('a')", "列表没有方法"),
    ("int('abc')", "种类或内容不对"),
    ("len(count)", "种类或内容不对"),
    ("{count: 1}", "字典的键必须是文字"),
    ("sum(signers)", "sum 只用于数字的列表"),
    ('each(signers, "opinion")', "each 只用于一行一行的数据"),
    ('each(content, "opinion")', "each 只用于一行一行的数据"),
    ("each(items, 0)", "each 只用于一行一行的数据"),
]


@pytest.mark.parametrize(("source", "value"), ACCEPTED, ids=[source for source, _ in ACCEPTED])
def test_the_subset_gives_what_python_gives(source, value):
    assert compile_expression(source).evaluate(RECORD) == value


@pytest.mark.parametrize(("source", "reason"), REFUSED, ids=[source[:20] for source, _ in REFUSED])
def test_what_leaves_the_subset_is_refused_with_a_reason(source, reason):
    with pytest.raises(InvalidExpression, match=reason):
        compile_expression(source)


@pytest.mark.parametrize(("source", "reason"), FAILING, ids=[source for source, _ in FAILING])
def test_what_cannot_be_computed_says_why_and_names_the_expression(source, reason):
    with pytest.raises(InvalidExpression) as caught:
        compile_expression(source).evaluate(RECORD)
    assert reason in str(caught.value) and source in str(caught.value)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a == b", {"a", "b"}),
        ("len(a) + min(b, 3)", {"a", "b"}),
        ("caller.phone", {"caller"}),
        ("caller.get(key)[at]", {"caller", "key", "at"}),
        ("{'k': [x]}", {"x"}),
        ("'a' if True else 'b'", set()),
    ],
)
def test_an_expression_knows_the_names_it_uses(source, names):
    assert compile_expression(source).names == names


def test_only_the_names_used_are_looked_up():
    asked = []
    compile_expression("a or a").evaluate(lambda name: asked.append(name) or 1)
    assert asked == ["a"]


def test_a_result_is_never_an_alias_of_the_record():
    record = {"rows": [{"a": 1}]}
    compile_expression("rows").evaluate(record)[0]["a"] = 2
    assert record == {"rows": [{"a": 1}]}


def test_a_lookup_may_itself_evaluate_an_expression():
    inner = compile_expression("b + 1")
    outer = compile_expression("a + c")
    assert outer.evaluate(lambda name: inner.evaluate({"b": 1}) if name == "a" else 10) == 12


def test_a_fault_of_the_lookup_itself_is_not_taken_for_a_fault_of_the_expression():
    with pytest.raises(TypeError):
        compile_expression("a").evaluate(lambda name: len(3))


def test_the_same_text_is_compiled_once():
    assert compile_expression("a == 'x'") is compile_expression("a == 'x'")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("${count}", Expression, 3),
        (" ${count + 1} ", Expression, 4),
        ("count", Literal, "count"),
        ("leader@${unit}", Literal, "leader@${unit}"),
        ("${count},${price}", Literal, "${count},${price}"),
        ("", Literal, ""),
    ],
)
def test_a_parameter_is_an_expression_only_when_wrapped_as_a_whole(text, kind, value):
    parameter = compile_parameter(text)
    assert (type(parameter), parameter.evaluate(RECORD)) == (kind, value)


def test_a_wrapped_parameter_that_does_not_compile_is_refused():
    with pytest.raises(InvalidExpression):
        compile_parameter("${count +}")
