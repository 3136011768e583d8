"""A receipt's lines laid out as a receipt is printed: what each is about, what was counted, and the sum last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_COUNTED, _SKIPPED, _TOTAL, _NOW, _BASIS, _TENTATIVE = "计入", "不计", "到期", "现在的到期", "依据", "暂定"
_MOVES = ("延期", "暂停")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a receipt: what it is about, and at the right what was counted or why it was not."""

    kind: Literal["said", "counted", "skipped", "moved", "total", "foot"]
    head: str
    words: str
    amount: str = ""


def entries(lines: Sequence[str]) -> list[Entry]:
    """Give a receipt's lines as a receipt is printed: the sum last and strong, what it rests on below it."""
    found = [_entry(line) for line in lines]
    totals = [entry for entry in found if entry.kind == "total"]
    last = totals[-1:]
    body = [entry if entry not in totals[:-1] else Entry("said", entry.head, entry.words) for entry in found]
    above = [entry for entry in body if entry.kind not in ("total", "foot")]
    return [*above, *last, *(entry for entry in body if entry.kind == "foot")]


def _entry(line: str) -> Entry:
    head, colon, words = line.partition("：")
    if not colon:
        return Entry("said", "", line)
    if head.startswith(_COUNTED):
        return Entry("counted", _COUNTED, head.removeprefix(_COUNTED), words)
    if head.startswith(_SKIPPED):
        return Entry("skipped", _SKIPPED, head.removeprefix(_SKIPPED), words)
    if head == f"当日{_SKIPPED}":
        day, _, reason = words.partition("，")
        return Entry("skipped", head, day, reason)
    if head in (_TOTAL, _NOW):
        return Entry("total", head, words)
    if head in (_BASIS, _TENTATIVE):
        return Entry("foot", head, words)
    return Entry("moved" if head.startswith(_MOVES) else "said", head, words)
