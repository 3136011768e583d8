"""procedure.toml: who owns and starts a procedure, how its orders are numbered, titled and timed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.domain.clock import local
from engine.domain.errors import Invalid

COLUMNS = ("category", "urgency", "channel", "requester", "phone", "place", "unit")
"""Work-order columns that a procedure may fill from its record."""


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
    deadline: frozenset[str]
    prefix: str
    period: str
    digits: int
    order_title: str
    summary: str
    retention_years: int
    columns: Mapping[str, str] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)

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
    for name in ("id", "title", "family", "owner", "starters", "calendar", "numbering", "order_title"):
        if name not in said:
            raise Invalid(f"procedure.toml 缺少 {name}")
    numbering, columns = said["numbering"], said.get("columns", {})
    for column in columns:
        if column not in COLUMNS:
            raise Invalid(f"procedure.toml 的 [columns] 里没有 {column} 这一列")
    return Procedure(
        id=said["id"],
        title=said["title"],
        family=said["family"],
        owner=said["owner"],
        starters=frozenset(said["starters"]),
        supervisors=frozenset(said.get("supervisors", ())),
        urgers=frozenset(said.get("urgers", ())),
        calendar=said["calendar"],
        deadline=frozenset(_listed(said.get("deadline", ()))),
        prefix=str(numbering.get("prefix", "")),
        period=str(numbering.get("period", "%Y%m%d")),
        digits=int(numbering.get("digits", 4)),
        order_title=said["order_title"],
        summary=said.get("summary", ""),
        retention_years=int(said.get("retention_years", 10)),
        columns=dict(columns),
        notices=dict(said.get("notices", {})),
    )


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
