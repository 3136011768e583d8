"""Change settings that every process rereads."""

from dataclasses import dataclass

from engine.domain.errors import Invalid, NotAllowed
from engine.executor import Context
from engine.store import settings

KNOWN = frozenset({"clock_offset"})


@dataclass(frozen=True, slots=True)
class ChangeSetting:
    """Write one setting. `clock_offset` is seconds, may be negative, and is refused in production."""

    name: str
    value: str
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises Invalid for an unknown name or a value that is no number, NotAllowed in production."""
        if self.name not in KNOWN:
            raise Invalid(f"没有设置项 {self.name}")
        if not ctx.engine.settings.may_shift_clock:
            raise NotAllowed("正式环境不能调时钟")
        try:
            float(self.value)
        except ValueError as error:
            raise Invalid("clock_offset 要写秒数") from error
        settings.put(ctx.connection, self.name, self.value)
