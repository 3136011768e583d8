"""Receipts as they are printed."""

from engine.domain.receipt_entries import entries


def test_a_receipt_is_printed_with_its_sum_last_and_what_it_rests_on_below():
    lines = [
        "规则：1个工作日",
        "不计10月11日（周日）：周末",
        "计入10月12日（周一）：第1个工作日",
        "最后一日是休息日，顺延",
        "到期：某日",
    ]
    found = entries([*lines, "暂定：可能变动", "依据：第1版", "暂停：甲：等补照片", "现在的到期：另一日"])
    assert [entry.kind for entry in found] == "said skipped counted said said moved total foot foot".split()
    assert (found[1].head, found[1].words, found[1].amount) == ("不计", "10月11日（周日）", "周末")
    assert (found[3].head, found[3].words) == ("", "最后一日是休息日，顺延")
    assert (found[5].head, found[5].words) == ("暂停", "甲：等补照片")
    assert (found[6].head, found[6].words) == ("现在的到期", "另一日")
