"""What a machine's owner wants to know before calling for help: is everything there, current, on time and in step?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, func, select, text
from sqlalchemy import Engine as Database
from sqlalchemy.exc import SQLAlchemyError

from engine.domain.errors import Busy, Unavailable
from engine.domain.work_calendar import CalendarExhausted
from engine.executor import OFFSET, Context, Engine
from engine.queries.channel_figures import CountChannels
from engine.queries.operations import LEAST_FREE, QueueFigures, free_share
from engine.service_tasks import BUILT_IN
from engine.steps import pacing
from engine.steps.calendar_change import missing_year
from engine.steps.limits import calendar
from engine.steps.released import released
from engine.store import audit, definitions, schema, settings
from engine.store.database import is_postgres, reading
from engine.store.database import now as database_now
from engine.store.tables import history, job, outbox

GOOD, WARNING, BAD = "good", "warning", "bad"
LATE = timedelta(seconds=60)
"""How long something may be due before nobody seems to be at work."""
SKEW = timedelta(seconds=5)
"""How far the machine's clock may stand from the database's, which counts: what the machine logs follows its own."""
AHEAD = timedelta(days=60)
"""How far ahead the working days should be confirmed."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: `level` is good, warning or bad."""

    name: str
    level: str
    sentence: str


def examine(engine: Engine) -> list[Check]:
    """Look at database, disk and migrations, then, where those are in order, at everything that `Examine` looks at."""
    disk = _disk(engine.database)
    try:
        with reading(engine.database) as connection:
            found = [_database(connection), disk, _schema(connection)]
    except (SQLAlchemyError, Busy, Unavailable) as error:
        said = getattr(error.__cause__ or error, "orig", None) or error
        return [Check("database", BAD, f"数据库连不上:{said}"), disk]
    return found if any(c.level == BAD for c in found if c.name != "disk") else found + engine.ask(Examine())


@dataclass(frozen=True, slots=True)
class Examine:
    """Look at clock, queues, channels, leases, service tasks, calendars and sealed days."""

    def read(self, ctx: Context) -> list[Check]:
        """Give every check."""
        every: tuple[Callable[[Context], Iterator[Check]], ...] = (
            *(_clock, _queues, _channels, _leases, _tasks, _days, _sealed),
        )
        return [check for look in every for check in look(ctx)]


def _database(connection: Connection) -> Check:
    if is_postgres(connection):
        version = connection.execute(text("SHOW server_version")).scalar_one()
        return Check("database", GOOD, f"PostgreSQL {version} 有回应")
    said = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    level = GOOD if said == "ok" else BAD
    return Check("database", level, "SQLite 文件完好" if said == "ok" else f"SQLite 文件损坏:{said};请用备份恢复")


def _disk(database: Database) -> Check:
    share = free_share(database)
    level = BAD if share < LEAST_FREE else WARNING if share < 2 * LEAST_FREE else GOOD
    return Check("disk", level, f"磁盘剩余 {share:.0%}" + ("" if level == GOOD else ";写满就办不了事,请清理或扩容"))


def _schema(connection: Connection) -> Check:
    current = schema.revision_is_current(connection)
    return Check(
        "migrations", GOOD if current else BAD, "数据库结构是最新的" if current else "数据库没有升级,请运行 banjie init"
    )


def _clock(ctx: Context) -> Iterator[Check]:
    offset = float(settings.get(ctx.connection, OFFSET) or 0)
    if offset:
        yield Check("clock_offset", WARNING, f"办公时钟拨动了 {offset:+.0f} 秒(演示用);正式环境不认")
    if is_postgres(ctx.connection):
        skew = ctx.engine.clock.now() - database_now(ctx.connection)
        apart = abs(skew.total_seconds())
        level = GOOD if apart <= SKEW.total_seconds() else BAD
        yield Check("clock", level, f"本机与数据库的时钟相差 {apart:.1f} 秒" + ("" if level == GOOD else ";请校时"))
        return
    last = ctx.connection.execute(select(func.max(history.c.at))).scalar()
    back = last is not None and last > ctx.now + LATE
    yield Check(
        "clock", BAD if back else GOOD, "时钟比最后一条历史还早:时间被拨回过,请校时" if back else "时钟没有倒退"
    )


def _queues(ctx: Context) -> Iterator[Check]:
    figures, waits = QueueFigures().read(ctx), pacing.blocked(ctx)
    free = [one.oldest for one in CountChannels().read(ctx) if one.oldest is not None and one.key not in waits]
    words = {"jobs": "作业", "outbox": "通知", "timers": "时限"}
    for queue, word in words.items():
        oldest = figures.oldest[queue] if queue != "outbox" else min(free, default=None)
        late = oldest is not None and ctx.now - oldest > LATE
        sentence = f"{word}没有积压"
        if late and oldest is not None:
            sentence = f"{word}最早的一件已过点 {_span(ctx.now - oldest)}:worker 在运行吗(banjie worker)?"
        yield Check(queue, BAD if late else GOOD, sentence)
    level = WARNING if figures.incidents else GOOD
    yield Check("incidents", level, f"未处理的异常 {figures.incidents} 个")


def _channels(ctx: Context) -> Iterator[Check]:
    """What stands on a channel that has to wait is no worker's fault, so it is told here and not as a backlog."""
    every = CountChannels().read(ctx)
    said = [f"通道“{one.name}”不能用:{one.trouble}" for one in every if one.trouble and one.is_on]
    level = BAD if said else WARNING
    dead = sum(one.dead for one in every)
    if dead:
        said.append(f"{dead} 条通知没有送到,等管理员处理")
    said += [f"通道“{one.name}”被对方要求等一等,{one.waiting} 条在等" for one in every if one.held_until]
    yield Check("channels", level if said else GOOD, ";".join(said) or "通道都正常")


def _leases(ctx: Context) -> Iterator[Check]:
    """Leases that ran out and that nobody has taken over: their holders died, and no worker looks for work."""
    stuck = 0
    for table in (job, outbox):
        over = (table.c.state == "leased") & (table.c.lease_until < ctx.lease_now - LATE)
        stuck += int(ctx.connection.execute(select(func.count()).where(over)).scalar_one())
    yield Check("leases", BAD if stuck else GOOD, f"{stuck} 件在失联的 worker 手上" if stuck else "没有卡住的作业")


def _tasks(ctx: Context) -> Iterator[Check]:
    known = BUILT_IN | ctx.engine.register.tasks.keys()
    for ident in definitions.active_ids(ctx.connection):
        version = released(ctx, ident)
        missing = {e.topic for e in version.definition.elements.values() if e.topic} - known
        if missing:
            names = "、".join(sorted(missing))
            sentence = f"流程“{version.procedure.title}”要的服务任务 {names} 没有装;请装上带它的 worker 包"
            yield Check("service_tasks", BAD, sentence)


def _days(ctx: Context) -> Iterator[Check]:
    office, soon = calendar(ctx, "office"), ctx.now + AHEAD
    try:
        provisional = office.is_provisional(soon)
    except CalendarExhausted as error:
        yield Check("calendar", BAD, f"工作日历不够用:{error};请运行 banjie init 或补录")
        return
    sentence = "六十天内的工作日都已确认"
    if provisional:
        sentence = "六十天后的放假安排还没有公布或没有录入,涉及的到期时间是暂定的"
    missing = missing_year(ctx)
    if missing is not None:
        sentence = f"{missing}年的放假安排还没有确认;请在“管理 · 工作日历”里导入国务院办公厅的通知"
    yield Check("calendar", WARNING if provisional or missing else GOOD, sentence)


def _sealed(ctx: Context) -> Iterator[Check]:
    last = audit.newest(ctx.connection)
    behind = last is None or ctx.now - last.until > timedelta(days=2)
    anything = ctx.connection.execute(select(func.min(history.c.at))).scalar()
    old = anything is not None and ctx.now - anything > timedelta(days=2)
    late = behind and old
    sentence = (
        "历史已有两天没有封存:worker 在运行吗?" if late else f"历史封存到 {last.day if last else '(还没有满一天)'}"
    )
    yield Check("sealed", WARNING if late else GOOD, sentence)


def _span(late: timedelta) -> str:
    minutes = int(late.total_seconds() // 60)
    return f"{minutes} 分钟" if minutes < 120 else f"{minutes // 60} 小时"
