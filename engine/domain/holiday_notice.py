"""The State Council's notice on the holidays of a year, as pasted: which days it makes days off, which it makes working days.

Nothing is half read: a dated sentence that is not understood in full refuses the whole text, with its line.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from engine.domain.announcement import PAPER, Announcement, announced
from engine.domain.errors import Invalid, InvalidLines
from engine.domain.notice_dates import NoticeDates, has_date, plain
from engine.domain.work_calendar import Day

_NAMES = r"(?:元旦|春节|清明|(?:五一)?(?:国际)?劳动|五一|端午|中秋|国庆|十一|[^,。;:、\d]{2,40}?纪念日)节?"
_NUMBER = r"(?:\(?[一二三四五六七八九十]{1,3}\)?[、.]?|\(?\d{1,2}[).、])"
_HEADING = re.compile(
    rf"(?:(?<=[\n。;:])|^){_NUMBER}?({_NAMES}(?:[、和与及]{_NAMES})*)(?:(?:放假|假期)?(?:时间|安排)?:|(?=(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}))"
)
_YEAR = re.compile(r"(\d{4})年(?=[^。\n]{0,40}?(?:节假日|放假|假期|元旦|春节|劳动节|国庆节))")
_STATUTORY = {"元旦": ((1, 1),), "劳动": ((5, 1),), "国庆": ((10, 1), (10, 2), (10, 3))}
_EVERY = {
    "元旦": "元旦",
    "春节": "春节",
    "清明": "清明节",
    "劳动|五一": "劳动节",
    "端午": "端午节",
    "中秋": "中秋节",
    "国庆|十一": "国庆节",
}
_BEFORE_2008 = ("元旦", "春节", "劳动节", "国庆节")

_LEAD = r"(?:其中|即|从|自|于|将|全国|定于)*"
_OFF = re.compile(
    rf"{_LEAD}(D?)(?:全国|全体公民)?(?:放假(?:调休|公休|补休)?|调休放假|照常公休|公休|补休|补假|调休|休息|为?法定节?假日|为公休日)"
    r"(?:(\d+)天)?(?:(?:并|,)?(与周末连休))?"
)
_ON = re.compile(rf"{_LEAD}(D?)(?:均|都)?(?:照常|正常)?(?:调休)?(?:上班|为工作日|补班)")
_MOVED = re.compile(rf"{_LEAD}D(?:[一两二三四五]个)?公休日(?:分别)?调(?:整|换)?(?:至|到)D")
_TOTAL = re.compile(r"(?:(?:假期)?共(?:计)?|连休|放假)(\d+)天")
_SILENT = re.compile(r"(?:其中|不调休|特?作如下调休|(?:放假|调休)*(?:具体)?安排(?:通知)?如下|(?:为|根据|经国务院).*|)")
_WEEKEND = re.compile(r"(?:并)?与周末连休")
_ORDERS = re.compile(r"放假|上班|补休|调休|公休|休息|补班|补假|连休")
_MONTH = re.compile(r"[\d〇○一二三四五六七八九十]+月(?:[\d一二三四五六七八九十]|$)")
_SIGNED = re.compile(
    r"(?:国务院(?:办公厅)?)?[\d〇○一二三四五六七八九十零]{4}年[\d一二三四五六七八九十]+月[\d一二三四五六七八九十]+日(?:\(.*\))?"
)
_ADVICE = re.compile(r"(?:并|同时)?(?:鼓励|倡导|提倡|建议)")
_ROADS = re.compile(r"高速公路|收费公路|免费通行|小型客车")
_PREAMBLE = re.compile(r"根据|通知如下|的通知|的决定|施行|现将")


@dataclass(slots=True)
class _Item:
    """One numbered item: its holiday, and its sentences with the line each begins in."""

    name: str
    sentences: list[tuple[int, str]]


@dataclass(slots=True)
class _Reading:
    """What has been understood so far, and what has not."""

    off: dict[date, str] = field(default_factory=dict)
    on: dict[date, tuple[str, int]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def judged(self, line: int, act: Callable[[], None]) -> None:
        """Do something; what is refused is kept with its line."""
        try:
            act()
        except Invalid as error:
            self.wrong.append(f"第{line}行:{error}")


def read_notice(text: str, year: int | None = None) -> Announcement:
    """Read a pasted notice, for `year` where that is known.

    Raises InvalidLines, with every line that is not understood or contradicts itself or the calendar; Invalid.
    """
    if len(text) > 20_000:
        raise Invalid("文本太长,不像一份放假通知;请只粘贴通知正文")
    flat, lines = _flat(text)
    of = _year(flat, year)
    headings = list(_HEADING.finditer(flat))
    reading, items = _Reading(), []
    if headings:
        _check_preamble(reading, _sentences(flat[: headings[0].start()], 0, lines))
        for found, after in zip(headings, [*headings[1:], None], strict=True):
            body = flat[found.end() : after.start() if after else len(flat)]
            items.append(_Item(_shown(found[1]), list(_sentences(body, found.end(), lines))))
    elif has_date(flat):
        holiday = re.search(_NAMES, flat)
        items.append(_Item(_shown(holiday.group()) if holiday else "放假", list(_sentences(flat, 0, lines))))
    if not items:
        raise Invalid("这段文字里没有放假安排:每一项应像“元旦:1月1日放假”")
    for item in items:
        _read_item(reading, item, of)
    whole = _is_whole(reading, items, of, flat)
    _check_days(reading)
    if reading.wrong:
        raise InvalidLines(reading.wrong)
    return announced(of, _days(reading), whole=whole)


def _flat(text: str) -> tuple[str, list[int]]:
    """Give the normalised text with wrapped lines joined, and the line of every character."""
    flat, lines = "", []
    for number, raw in enumerate(text.splitlines(), 1):
        line = plain(raw)
        if not line:
            continue
        ends = not flat or flat[-1] in "。;:\n" or _HEADING.match(line) or re.match(r"国务院|各省|节假日", line)
        added = ("\n" if flat and ends else "") + line
        flat += added
        lines += [number] * len(added)
    return flat, lines


def _year(flat: str, expected: int | None) -> int:
    named = [int(found) for found in _YEAR.findall(flat)]
    if not named and expected is None:
        raise Invalid("看不出这是哪一年的放假安排;请连标题一起粘贴,或写明年份")
    of = max(set(named), key=named.count) if named else expected or 0
    if named and expected is not None and of != expected:
        raise Invalid(f"这是{of}年的放假安排,不是{expected}年的")
    if not 1999 <= of <= 2100:
        raise Invalid(f"{of}年不像是放假安排的年份")
    return of


def _sentences(text: str, begins: int, lines: list[int]) -> Iterator[tuple[int, str]]:
    """Give the sentences of a stretch of the text, with lines."""
    for found in re.finditer(r"[^。;!\n]+", text):
        yield lines[begins + found.start()], found.group()


def _shown(heading: str) -> str:
    """Give a holiday's name as it is written in a source: 国庆节、中秋节."""
    names = re.split(r"[、和与及]", heading)
    return "、".join(next((shown for said, shown in _EVERY.items() if re.search(said, n)), n) for n in names)


def _check_preamble(reading: _Reading, sentences: Iterable[tuple[int, str]]) -> None:
    """What stands before the first item may speak of decisions and dates, but orders no day off by itself."""
    known = False
    for line, sentence in sentences:
        known = known or bool(_PREAMBLE.search(sentence))
        if has_date(sentence) and _ORDERS.search(sentence) and not known:
            reading.wrong.append(f"第{line}行:“{sentence[:40]}”看不懂")


def _read_item(reading: _Reading, item: _Item, year: int) -> None:
    dates = NoticeDates(year, new_year="元旦" in item.name)
    before = len(reading.off)
    for line, sentence in item.sentences:
        one = _Sentence(reading, item.name, dates, line)
        reading.judged(line, lambda said=sentence, one=one: one.read(said))  # type: ignore[misc]
    line = item.sentences[0][0] if item.sentences else 1
    if len(reading.off) == before and not reading.wrong:
        reading.wrong.append(f"第{line}行:没有写{item.name}哪天放假")
    for said, days in _STATUTORY.items():
        gone = [d for m, n in days if (d := date(year, m, n)) not in reading.off]
        if said in item.name and gone and not reading.wrong:
            reading.wrong.append(f"第{line}行:{item.name}放假不含{gone[0].month}月{gone[0].day}日")


@dataclass(slots=True)
class _Sentence:
    """Reads one sentence clause by clause: dates wait for the word that says what becomes of them."""

    reading: _Reading
    name: str
    dates: NoticeDates
    line: int
    waiting: list[date] = field(default_factory=list)
    off: set[date] = field(default_factory=set)
    with_weekend: bool = False

    def read(self, sentence: str) -> None:
        """Take in what the sentence orders; raise Invalid where it is not understood in full."""
        if _SIGNED.fullmatch(sentence) or _ROADS.search(sentence) or re.search(r"关于.*的通知", sentence):
            return
        strict = has_date(sentence)
        for clause in re.split(r"[,:](?![^()]*\))", sentence):
            if _ADVICE.match(clause):
                break  # advice binds nobody, and names days of its own (安排职工在除夕休息)
            if not self._clause(clause) and (strict or _ORDERS.search(clause) or _MONTH.search(clause)):
                raise Invalid(f"“{sentence[:40]}”看不懂")
        if self.waiting:
            raise Invalid(f"“{sentence[:40]}”没有说这些天放假还是上班")

    def _clause(self, clause: str) -> bool:
        """Take in a clause; say whether it was understood."""
        skeleton, runs = self.dates.read(clause)
        if total := _TOTAL.fullmatch(skeleton):
            self._count(int(total[1]))
        elif _WEEKEND.fullmatch(skeleton):
            self._join()
        elif _MOVED.fullmatch(skeleton):
            self._rest(runs[1])
        elif skeleton == "D":
            self.waiting += runs[0]
        elif (found := _OFF.fullmatch(skeleton)) and (runs or self.waiting):
            self._rest([*self.waiting, *(runs[0] if runs else ())])
            if found[3]:
                self._join()
            if found[2]:
                self._count(int(found[2]))
        elif _ON.fullmatch(skeleton) and (runs or self.waiting):
            self._work([*self.waiting, *(runs[0] if runs else ())])
        else:
            return not runs and _SILENT.fullmatch(skeleton) is not None
        return True

    def _rest(self, days: list[date]) -> None:
        self.waiting = []
        self.off |= set(days)
        for day in days:
            self.reading.off.setdefault(day, self.name)

    def _work(self, days: list[date]) -> None:
        self.waiting = []
        for day in days:
            self.reading.on.setdefault(day, (self.name, self.line))

    def _join(self) -> None:
        """Take the weekend beside the days off into the count; raise Invalid where there is none beside them."""
        self.with_weekend = True
        if len(self._run()) == len(self.off) and not any(d.weekday() > 4 for d in self.off):
            raise Invalid("写着与周末连休,但前后不是周末")

    def _run(self) -> set[date]:
        run = set(self.off)
        for day in self.off:
            for step in (-1, 1):
                beside = day + timedelta(days=step)
                while beside.weekday() > 4:
                    run.add(beside)
                    beside += timedelta(days=step)
        return run

    def _count(self, said: int) -> None:
        counted = len(self._run() if self.with_weekend else self.off)
        if counted != said:
            raise Invalid(f"写着共{said}天,数出来是{counted}天")


def _is_whole(reading: _Reading, items: list[_Item], year: int, flat: str) -> bool:
    """Say whether the notice settles its year; a single item is a later change, anything between is refused."""
    wanted = _BEFORE_2008 if year < 2008 else tuple(_EVERY.values())
    named = "、".join(item.name for item in items)
    missing = [name for name in wanted if name not in named]
    if missing and (len(items) > 1 or "部分节假日" in flat):
        reading.wrong.append(f"{year}年的放假安排没有写{'、'.join(missing)};请粘贴完整的通知")
    return not missing


def _check_days(reading: _Reading) -> None:
    for day, (_, line) in reading.on.items():
        if day in reading.off:
            reading.wrong.append(f"第{line}行:{day.month}月{day.day}日又放假又上班")
        elif day.weekday() < 5:
            reading.wrong.append(f"第{line}行:{day.month}月{day.day}日不是周末,本来就上班")


def _days(reading: _Reading) -> dict[date, Day]:
    known = {day: Day(day, False, f"{name}放假（{PAPER}）") for day, name in reading.off.items()}
    return known | {day: Day(day, True, f"{name}调休上班（{PAPER}）") for day, (name, _) in reading.on.items()}
