"""Change settings that every process rereads."""

from dataclasses import dataclass

from engine.domain import reaching
from engine.domain.errors import Invalid, NotAllowed
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps import acts
from engine.steps.calendar_choice import SETTING
from engine.steps.digests import SETTING as DIGEST
from engine.steps.quiet_hours import SETTING as QUIET
from engine.steps.routing import USUAL
from engine.store import calendars, settings

SWITCHES = ("four_eyes", QUIET, DIGEST)
KNOWN = frozenset({"clock_offset", SETTING, USUAL, *SWITCHES})
FARTHEST_SECONDS = 50 * 366 * 24 * 3600


@dataclass(frozen=True, slots=True)
class ChangeSetting:
    """Write one setting.

    `clock_offset` is seconds, may be negative, and is refused in production; `four_eyes` is `on` or `off`; `calendar` is the
    code of the calendar the organisation counts by; `notice_quiet` and `notice_digest` are `on` or `off`; `notice_channels` is JSON,
    kind of notice → kinds of channels in order.
    """

    name: str
    value: str
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises Invalid for an unknown name or a value that does not fit, NotAllowed for the clock in production."""
        if self.name not in KNOWN:
            raise Invalid(f"没有设置项 {self.name}")
        value = self.value
        if self.name in SWITCHES:
            if self.value not in ("on", "off"):
                raise Invalid(f"{self.name} 只能是 on 或 off")
        elif self.name == USUAL:
            value = reaching.usual(self.value)
        elif self.name == SETTING:
            if self.value not in calendars.names(ctx.connection):
                raise Invalid(f"没有工作日历 {self.value}")
        else:
            self._require_offset(ctx)
        settings.put(ctx.connection, self.name, free_text("设置值", value))
        if self.name != "clock_offset":
            acts.note(ctx, "SettingChanged", self.name, value=value)

    def _require_offset(self, ctx: Context) -> None:
        if not ctx.engine.settings.may_shift_clock:
            raise NotAllowed("正式环境不能调时钟")
        if not _is_offset(free_text("设置值", self.value)):
            raise Invalid("clock_offset 要写秒数，前后不超过五十年")


def _is_offset(text: str) -> bool:
    """Say whether every later command can still tell the time with this offset; NaN can not."""
    try:
        return abs(float(text)) <= FARTHEST_SECONDS
    except ValueError:
        return False
