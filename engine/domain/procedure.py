"""procedure.toml: who owns and starts a procedure, how its orders are numbered, titled and timed."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.domain.assignment_rules import WORDS, AssignmentRules, wrong_words
from engine.domain.clock import local
from engine.domain.errors import Invalid
from engine.domain.notice_rules import NoticeRules, parse_rules

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
COLUMNS = ("category", "urgency", "channel", "requester", "phone", "place", "unit")
"""Work-order columns that a procedure may fill from its record."""


STARTING = "发起"
"""What starting a case is called where its procedure has no word for it."""


@dataclass(frozen=True)
class TrainingStage:
    """A stage of training: its title and the names in the record that hold its minimum of working days and of machine hours."""

    id: str
    title: str
    days: str
    hours: str = ""


@dataclass(frozen=True)
class Training:
    """How the daily sheets of a procedure are shown: stages in order, kinds of subject by name."""

    stages: tuple[TrainingStage, ...]
    kinds: Mapping[str, str]


@dataclass(frozen=True)
class Procedure:
    """The settings of one procedure."""

    id: str
    title: str
    family: str
    owner: str
    starters: frozenset[str]
    supervisors: frozenset[str]
    urgers: frozenset[str]
    calendar: str
    """Its work calendar by code; `unit`: that of the order's unit; empty: the unit's, else the organisation's."""
    deadline: frozenset[str]
    prefix: str
    period: str
    digits: int
    order_title: str
    summary: str
    retention_years: int
    columns: Mapping[str, str] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)
    notice_rules: Mapping[str, NoticeRules] = field(default_factory=dict)
    dispatch: tuple[str, ...] = ()
    """Elements whose open tasks are orders nobody has handed to a unit yet: the shift leader's board."""
    checklist: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per category the form keys a call-taker should not forget."""
    purpose: str = ""
    """What the procedure is for, in a sentence or two: the gallery shows it."""
    starting: str = ""
    """What people call starting one (登记来电): the button and the heading say it; the title where nothing is said."""
    training: Training | None = None
    """Of procedures that train by daily sheets."""
    pausers: frozenset[str] = frozenset()
    """Roles that may pause an order and let it go on, besides supervisors and whoever holds one of its tasks."""
    tells_new_tasks: bool = False
    """Whoever holds or may claim a task is told when it opens, without a notice drawn for it."""
    offers_extensions: bool = True
    """Whoever holds a task may ask for more time on its page; False where the diagram has a way of its own."""
    drawn_extensions: frozenset[str] = frozenset()
    """Steps at which the diagram has a way of its own to ask for more time, where others ask on the page."""
    extends_after_expiry: bool = False
    """An extension may still be asked for when the limit has passed."""
    most_extensions: int | None = None
    """How often one task may be extended; None: as often as supervisors see fit."""
    recused: frozenset[str] = frozenset()
    """Names in the record that hold whom an order is about: they neither see it nor have a hand in it (回避)."""
    assignment: AssignmentRules = AssignmentRules()
    """Who gets a task that nobody could do, or that somebody had better not do, where the task itself says nothing."""

    @property
    def start_name(self) -> str:
        """What its start is called as a step."""
        return self.starting or STARTING

    def period_of(self, at: datetime) -> str:
        """Give the numbering period a moment falls into (Asia/Shanghai)."""
        return local(at).strftime(self.period)

    def number(self, period: str, sequence: int) -> str:
        """Give an order number, e.g. RX202510090001."""
        return f"{self.prefix}{period}{sequence:0{self.digits}d}"


def parse_procedure(text: str) -> Procedure:
    """Read procedure.toml; raise Invalid with a sentence that names the wrong or missing key."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"procedure.toml 读不出来:{error}") from error
    for name in ("id", "title", "family", "owner", "starters", "numbering", "order_title"):
        if name not in said:
            raise Invalid(f"procedure.toml 缺少 {name}")
    _require_types(said)
    numbering, columns = said["numbering"], said.get("columns", {})
    if unknown := [column for column in columns if column not in COLUMNS]:
        raise Invalid(f"procedure.toml 的 [columns] 里没有 {unknown[0]} 这一列")
    return Procedure(
        id=said["id"],
        title=said["title"],
        family=said["family"],
        owner=said["owner"],
        **_roles(said),
        calendar=said.get("calendar", ""),
        deadline=frozenset(_listed(said.get("deadline", ()))),
        prefix=str(numbering.get("prefix", "")),
        period=str(numbering.get("period", "%Y%m%d")),
        digits=int(numbering.get("digits", 4)),
        order_title=said["order_title"],
        summary=said.get("summary", ""),
        retention_years=int(said.get("retention_years", 10)),
        columns=dict(columns),
        notices=dict(said.get("notices", {})),
        notice_rules=parse_rules(said.get("notice", {})),
        dispatch=tuple(said.get("dispatch", ())),
        checklist={k: tuple(v) for k, v in said.get("checklist", {}).items()},
        purpose=str(said.get("purpose", "")),
        starting=str(said.get("starting", "")),
        training=_training(said["training"]) if "training" in said else None,
        tells_new_tasks=_switch(said, "tells_new_tasks"),
        recused=frozenset(_listed(said.get("recused", ()))),
        assignment=_assignment(said.get("assignment", {})),
        **_extension(said.get("extension", {})),
    )


def _roles(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: frozenset(said.get(name, ())) for name in ("starters", "supervisors", "urgers", "pausers")}


def _switch(said: Mapping[str, Any], name: str) -> bool:
    value = said.get(name, False)
    if not isinstance(value, bool):
        raise Invalid(f"procedure.toml 的 {name} 只能是 true 或 false")
    return value


def _extension(said: Mapping[str, Any]) -> dict[str, Any]:
    offered, after_expiry, most = said.get("offered", True), said.get("after_expiry", False), said.get("most")
    switches = isinstance(offered, bool) and isinstance(after_expiry, bool)
    drawn = said.get("drawn", [])
    if not switches or not isinstance(drawn, list) or said.keys() - {"offered", "after_expiry", "most", "drawn"}:
        raise Invalid(
            "procedure.toml 的 [extension] 只写 offered、after_expiry = true 或 false，most = 次数，drawn = 步骤的列表"
        )
    if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 0):
        raise Invalid("procedure.toml 的 [extension] 里 most 要写次数，不小于 0")
    return {
        "offers_extensions": offered,
        "drawn_extensions": frozenset(str(step) for step in drawn),
        "extends_after_expiry": after_expiry,
        "most_extensions": most,
    }


def _assignment(said: Mapping[str, Any]) -> AssignmentRules:
    wrong = [*wrong_words(said), *(f"没有 {name} 这条规则" for name in sorted(said.keys() - WORDS.keys()))]
    if wrong:
        raise Invalid(f"procedure.toml 的 [assignment]:{wrong[0]}")
    return AssignmentRules().of(said)


def _training(said: Mapping[str, Any]) -> Training:
    stages, kinds = said.get("stage", []), said.get("kinds", {})
    if not isinstance(stages, list) or not isinstance(kinds, dict) or not stages:
        raise Invalid("procedure.toml 的 [training] 要有 [[training.stage]] 和 kinds 表")
    for stage in stages:
        if not isinstance(stage, dict) or not {"id", "title", "days"} <= stage.keys():
            raise Invalid("procedure.toml 的 [[training.stage]] 要写 id、title、days")
    found = [TrainingStage(*(str(each.get(n, "")) for n in ("id", "title", "days", "hours"))) for each in stages]
    return Training(tuple(found), {str(kind): str(name) for kind, name in kinds.items()})


def _require_types(said: Mapping[str, Any]) -> None:
    """An uploaded file is no promise: what we go on with must be text, list or table as the case may be."""
    wanted = {
        str: ("id", "title", "family", "owner", "calendar", "order_title", "summary", "purpose", "starting"),
        list: ("starters", "supervisors", "urgers", "pausers", "dispatch", "recused"),
        dict: ("numbering", "columns", "notices", "notice", "checklist", "training", "extension", "assignment"),
    }
    words = {str: "文字", list: "列表", dict: "表"}
    for kind, names in wanted.items():
        for name in names:
            if name in said and not isinstance(said[name], kind):
                raise Invalid(f"procedure.toml 的 {name} 要写成{words[kind]}")
    if not _ID.fullmatch(said["id"]):
        raise Invalid("procedure.toml 的 id 要用英文小写字母、数字和下划线,以字母开头,至多 64 个字符")


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
