import pytest

from engine.domain.errors import Invalid
from engine.domain.texts import DEEPEST, LONGEST_REMARK, LONGEST_TEXT, free_data, free_text, savable


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("路灯\x00不亮", "路灯不亮"),
        ("a\x01\x08\x0b\x0c\x1f\x7f\x85\x9fb", "ab"),
        ("半个\ud83d字符\udc00", "半个字符"),
        ("一\n二\t三", "一\n二\t三"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("整个👍字符 全角\u3000空格", "整个👍字符 全角\u3000空格"),
        ("", ""),
    ],
)
def test_what_cannot_be_kept_is_taken_out_and_everything_else_stays(typed: str, kept: str) -> None:
    assert savable(typed) == kept


def test_a_remark_may_be_as_long_as_it_may_be_and_no_longer() -> None:
    assert free_text("催办的话", "字" * LONGEST_REMARK) == "字" * LONGEST_REMARK
    with pytest.raises(Invalid, match=f"催办的话最多 {LONGEST_REMARK} 个字,现在是 {LONGEST_REMARK + 1} 个字"):
        free_text("催办的话", "字" * (LONGEST_REMARK + 1))


def test_what_is_taken_out_does_not_count() -> None:
    assert free_text("理由", "字" * LONGEST_REMARK + "\x00") == "字" * LONGEST_REMARK


def test_data_is_cleaned_wherever_a_text_stands_in_it() -> None:
    said = {"a\x00": "b\ud800", "rows": [{"x": "y\x07"}, ("z\x00",)], "n": 3, "yes": True, "none": None}
    assert free_data("消息", said) == {"a": "b", "rows": [{"x": "y"}, ["z"]], "n": 3, "yes": True, "none": None}


def test_data_with_one_text_too_long_is_refused() -> None:
    with pytest.raises(Invalid, match=str(LONGEST_TEXT)):
        free_data("消息", {"rows": ["字" * (LONGEST_TEXT + 1)]})


def test_data_nested_without_end_is_refused() -> None:
    deep: list[object] = []
    for _ in range(DEEPEST + 1):
        deep = [deep]
    with pytest.raises(Invalid, match="套得太深"):
        free_data("消息", deep)
