"""Quiet hours: what is not urgent stays in the house until its recipient's work begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.domain.work_calendar import CalendarExhausted
from engine.executor import Context
from engine.steps import limits
from engine.steps.calendar_choice import organisation
from engine.steps.duty import TERM
from engine.store import settings

SETTING = "notice_quiet"
_MOMENT = timedelta(microseconds=1)
"""The least working time there is: when it has passed, work has begun."""


@dataclass(slots=True)
class Hours:
    """Whether the office wants quiet, and its calendar; each asked for once, and only where it matters."""

    ctx: Context
    _usual: bool | None = None
    _organisation: str = ""

    def opening(self, meant: str, quiet: bool | None, calendars: Sequence[str]) -> datetime:
        """Give from when somebody may be disturbed: now, or when the first of their calendars opens.

        Whoever is meant as being on duty is at work. `quiet` None: as the office has it; without calendars the organisation's counts.
        """
        if meant.startswith(TERM) or not (self._usually() if quiet is None else quiet):
            return self.ctx.now
        return min(self._opens(key) for key in calendars or (self._of_all(),))

    def _usually(self) -> bool:
        if self._usual is None:
            self._usual = settings.get(self.ctx.connection, SETTING) == "on"
        return self._usual

    def _of_all(self) -> str:
        self._organisation = self._organisation or organisation(self.ctx)
        return self._organisation

    def _opens(self, key: str) -> datetime:
        working, now = limits.calendar(self.ctx, key), self.ctx.now
        try:
            return now if working.is_open(now) else working.add(now, _MOMENT) - _MOMENT
        except CalendarExhausted:
            return now  # beyond the calendar's last day nobody knows when work begins: better too early than never
