"""The grammar of deadlines, warnings and cycles: from a text to what it means, or to a sentence that says how to write it."""

import re
import unicodedata
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from engine.domain.deadline_meaning import Cycle, Deadline, Unit, WarningPoint, default_end, default_start
from engine.domain.duration import LONGEST, NUMBER, bounded, clock_amount, iso_duration, moment, number
from engine.domain.errors import InvalidDeadline
from engine.domain.work_calendar import EndRule, StartRule

_LONGEST_TEXT = 200
_ANCHORED = re.compile(r"(?P<body>.+?)\s*从\s*(?P<anchor>.*)", re.DOTALL)
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_QUALIFIED = re.compile(r"(?P<head>[^(),]+)(?P<tail>(?:\([^()]+\)|,[^(),]+)*)内?")
_DAYS = re.compile(rf"(?P<n>{NUMBER})个?(?P<unit>工作日|自然日)内?")
_AFTER_OPENING = re.compile(r"上班后(?P<amount>.+)")
_RANGE = re.compile(r"(?P<opening>上班后)?(?P<lower>[^\-~—–至到]+)[\-~—–至到]+(?P<upper>[^\-~—–至到]+)")
_LEADING = re.compile(rf"(?P<n>{NUMBER})(?P<unit>\D*)")
_BARE_DAYS = re.compile(rf"(?P<n>{NUMBER})个?(?:日|天)(?:以?内)?")
_LONG_UNIT = re.compile(rf"{NUMBER}个?(?:周|星期|礼拜|月|季度|年)(?:以?内)?")
_CYCLE_COUNT = re.compile(r"R(?P<count>[0-9]{0,6})")
_CYCLE_TIMES = re.compile(rf",?(?:共|最多)(?P<n>{NUMBER})次")
_SHARE = re.compile(r"(?:时限的)?(?P<share>[^%]*)%")
_SAME_DAY = ("当日", "当天", "当日内", "当日下班前", "当天下班前")
_WORKING = ("工作时间", "工作时间内", "仅工作时间", "只计工作时间")
_STARTS: dict[str, StartRule] = {
    "立即起算": "now",
    "当日计": "now",
    "当日起算": "now",
    "当天计": "now",
    "当天起算": "now",
    "次日起算": "next_day",
    "休息日顺延起算": "next_working_day",
    "休息日收到算下一个工作日": "next_working_day",
}
_ENDS: dict[str, EndRule] = {"同时到期": "same_time", "下班到期": "close_of_day"}
_QUOTES = ('"', '"'), ("'", "'"), ("“", "”")
_FORMS = "可以写“3个工作日”“2小时(工作时间)”“24小时”“上班后1小时”“5个自然日”“P3D”或“2025-10-09T09:00”"
_CYCLES = "请写成“每30分钟(工作时间)”“每个工作日,共3次”“R3/PT10M”“R/1个工作日”或“R5/2025-10-09T09:00/PT1H”"


@lru_cache(maxsize=4096)
def parse(text: str) -> Deadline:
    """Read a deadline; raises InvalidDeadline with a sentence that says how to write it."""
    plain = _plain(text)
    anchored = _ANCHORED.fullmatch(plain)
    if not anchored:
        return _body(plain)
    deadline, anchor = _body(anchored["body"]), anchored["anchor"]
    if not _NAME.fullmatch(anchor):
        raise InvalidDeadline(f"“{plain}”的“从”后面要写一个事项数据名，例如“5个工作日 从 received_at”")
    if deadline.unit is Unit.MOMENT:
        raise InvalidDeadline(f"“{plain}”已经写明时刻，不能再写“从 {anchor}”")
    return replace(deadline, anchor=anchor)


@lru_cache(maxsize=1024)
def parse_warning(text: str) -> WarningPoint:
    """Read when to warn: any deadline but a range, or a share of the limit (75%, 时限的75%); raises InvalidDeadline."""
    plain = _plain(text)
    share = _SHARE.fullmatch(re.sub(r"\s+", "", plain))
    if share:
        if not re.fullmatch(r"[1-9][0-9]?", share["share"], re.ASCII):
            raise InvalidDeadline(f"“{plain}”的百分数要是1到99的整数，例如“75%”")
        return WarningPoint(share=int(share["share"]))
    deadline = parse(text)
    if deadline.amber:
        raise InvalidDeadline(f"“{plain}”是一个范围，预警只能是一个时刻；请写一个数，例如“3个工作日”，或“75%”")
    return WarningPoint(deadline=deadline)


@lru_cache(maxsize=1024)
def parse_cycle(text: str) -> Cycle:
    """Read 每30分钟(工作时间), 每个工作日,共3次, R3/PT10M or R5/2025-10-09T09:00/PT1H; raises InvalidDeadline."""
    plain = _plain(text)
    cycle = _spoken_cycle(plain) if plain.startswith("每") else _iso_cycle(plain)
    interval = cycle.interval
    if cycle.count == 0 or interval.unit in (Unit.MOMENT, Unit.SAME_DAY) or not (interval.amount or interval.months):
        raise InvalidDeadline(f"“{plain}”循环不起来：次数和间隔都要大于零，间隔不能是一个时刻")
    if interval.amber:
        raise InvalidDeadline(f"“{plain}”的间隔是一个范围；请只写一个数")
    if cycle.start and interval.anchor:
        raise InvalidDeadline(f"“{plain}”既写了开始时刻又写了“从 {interval.anchor}”，请只留一个")
    return cycle


def _spoken_cycle(plain: str) -> Cycle:
    words = re.sub(r"\s+", "", plain.removeprefix("每"))
    times = _CYCLE_TIMES.search(words)
    n = number(times["n"]) if times else None
    if times and (n is None or n.denominator != 1):
        raise InvalidDeadline(f"“{plain}”的次数看不懂；{_CYCLES}")
    body = _CYCLE_TIMES.sub("", words, count=1).replace("()", "").replace("(,", "(")
    if body.startswith(("个", "工作日", "自然日", "小时", "钟头", "分钟")):
        body = f"1{body}"
    return Cycle(None if n is None else int(n), parse(body))


def _iso_cycle(plain: str) -> Cycle:
    head, *rest = plain.split("/")
    repeated = _CYCLE_COUNT.fullmatch(head.strip())
    if not repeated or len(rest) not in (1, 2):
        raise InvalidDeadline(f"“{plain}”不是循环，{_CYCLES}")
    count = int(repeated["count"]) if repeated["count"] else None
    interval = parse(rest[-1])
    return Cycle(count, interval, moment(rest[0].strip()) if len(rest) == 2 else None)


def _plain(text: str) -> str:
    """Fold full-width characters, take off the quotes of a literal."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for left, right in _QUOTES:
        if len(plain) > 1 and plain.startswith(left) and plain.endswith(right):
            plain = plain[1:-1].strip()
            break
    if not plain:
        raise InvalidDeadline(f"时限是空的；{_FORMS}")
    if len(plain) > _LONGEST_TEXT:
        raise InvalidDeadline(f"时限的文字超过{_LONGEST_TEXT}个字；{_FORMS}")
    return plain


def _body(text: str) -> Deadline:
    """Read a deadline without its anchor."""
    if re.match(r"\d{4}-\d\d-\d\d", text):
        return _deadline(Unit.MOMENT, moment=moment(text))
    words = re.sub(r"\s+", "", text)
    if words in _SAME_DAY:
        return _deadline(Unit.SAME_DAY)
    qualified = _QUALIFIED.fullmatch(words)
    if not qualified:
        raise InvalidDeadline(f"“{text}”{_fault(words)}")
    head, said = qualified["head"], re.findall(r"[^(),]+", qualified["tail"])
    working = any(word in _WORKING for word in said)
    spread = None if head.startswith(("P", "+P", "-P")) else _RANGE.fullmatch(head)
    found = _spread(text, spread, working=working) if spread else _amount(head, working=working)
    if found is None:
        raise InvalidDeadline(f"“{text}”{_fault(head)}")
    if not (found.amount or found.months) and found.unit is not Unit.ISO_DURATION:
        raise InvalidDeadline(f"“{text}”是零，时限要大于零")
    return _ruled(text, found, [word for word in said if word not in _WORKING])


def _deadline(unit: Unit, amount: timedelta = timedelta(), **more: Any) -> Deadline:
    return Deadline(unit, amount, start_rule=default_start(unit), end_rule=default_end(unit), **more)


def _amount(words: str, *, working: bool) -> Deadline | None:
    """Read one amount: ISO 8601, days, or hours; None if it is none."""
    if re.match(r"[+-]?P", words):
        duration = iso_duration(words)
        return None if working else _deadline(Unit.ISO_DURATION, duration.time, months=duration.months)
    found = _days(words)
    if found:
        if working:
            raise InvalidDeadline(f"“{words}”按天计，不能再写“工作时间”；请去掉，或改成小时，例如“8小时(工作时间)”")
        return found
    opening = _AFTER_OPENING.fullmatch(words)
    amount = clock_amount((opening["amount"] if opening else words).removesuffix("内"))
    if amount is None:
        return None
    return _deadline(Unit.AFTER_OPENING if opening else Unit.WORKING_TIME if working else Unit.CLOCK_TIME, amount)


def _days(words: str) -> Deadline | None:
    found = _DAYS.fullmatch(words)
    n = number(found["n"]) if found else None
    if not found or n is None:
        return None
    if n.denominator != 1:
        raise InvalidDeadline(f"“{words}”的天数要是整数；半天请按小时写，例如“4小时(工作时间)”")
    unit = Unit.WORKING_DAYS if found["unit"] == "工作日" else Unit.NATURAL_DAYS
    return _deadline(unit, bounded(words, days=min(int(n), LONGEST.days + 1)))


def _spread(text: str, spread: re.Match[str], *, working: bool) -> Deadline:
    """Read a range: the lower bound is the amber moment, the upper one the due moment."""
    opening, below, above = spread["opening"] or "", spread["lower"], spread["upper"]
    upper = _amount(opening + above, working=working)
    if upper is None:
        raise InvalidDeadline(f"“{text}”{_fault(above)}")
    leading = _LEADING.fullmatch(above)
    bare = re.fullmatch(NUMBER, below) and leading
    lower = _amount(opening + below + (leading["unit"] if bare and leading else ""), working=working)
    if lower is None or lower.unit is not upper.unit:
        raise InvalidDeadline(f"“{text}”的范围两头不是同一种算法；请写成“3-5个工作日”“30-60分钟(工作时间)”这样")
    if not lower.amount or lower.amount >= upper.amount:
        raise InvalidDeadline(f"“{text}”的范围要从小到大，两头都大于零，例如“3-5个工作日”")
    return replace(upper, amber=lower)


def _ruled(text: str, deadline: Deadline, said: list[str]) -> Deadline:
    """Apply the words that say where a limit begins and ends."""
    unknown = [word for word in said if word not in _STARTS and word not in _ENDS]
    if unknown:
        words = "、".join(("工作时间", *_STARTS, *_ENDS))
        raise InvalidDeadline(f"“{text}”里的“{unknown[0]}”不是时限的说法；可以写{words}")
    starts, ends = [_STARTS[word] for word in said if word in _STARTS], [_ENDS[word] for word in said if word in _ENDS]
    if len(starts) > 1 or len(ends) > 1:
        raise InvalidDeadline(f"“{text}”把{'起算' if len(starts) > 1 else '到期'}的算法写了两次，请只留一个")
    start_rule, end_rule = (*starts, deadline.start_rule)[0], (*ends, deadline.end_rule)[0]
    amber = deadline.amber
    shortest = (amber or deadline).amount.days
    if (start_rule, end_rule) == ("now", "same_time") and shortest == 1 and deadline.end_rule == "close_of_day":
        raise InvalidDeadline(f"“{text}”一开始就到期了：当日计的第1天不能“同时到期”；请去掉一个")
    if amber:
        amber = replace(amber, start_rule=start_rule, end_rule=end_rule)
    return replace(deadline, start_rule=start_rule, end_rule=end_rule, amber=amber)


def _fault(words: str) -> str:
    """Say what is wrong with a text that is no deadline."""
    bare = _BARE_DAYS.fullmatch(words)
    if bare:
        return f"没有说明是工作日还是自然日；请写“{bare['n']}个工作日”或“{bare['n']}个自然日”"
    if _LONG_UNIT.fullmatch(words):
        return "的单位太大，算法不止一种；请换算成工作日或自然日，或写 ISO 8601 时长，例如 P1W、P1M、P1Y"
    return f"不是时限；{_FORMS}"
