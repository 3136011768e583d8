"""The same due moments by businesstimedelta, a package of the same purpose: the bench sets our speed beside its speed.

It knows weekly hours and days off, no make-up days: told that all seven days are worked and every day off is a holiday,
it gives the same moments for a day shift with a lunch break.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

import businesstimedelta
import pytz

EVERY_DAY = list(range(7))


def adder(opens: time, closes: time, lunch: tuple[time, time], off: Iterable[date]) -> Callable[..., datetime]:
    """Give a function from a start and an amount of working time to the due moment."""
    zone = pytz.timezone("Asia/Shanghai")
    rules = businesstimedelta.Rules(
        [
            businesstimedelta.WorkDayRule(start_time=opens, end_time=closes, working_days=EVERY_DAY, tz=zone),
            businesstimedelta.LunchTimeRule(start_time=lunch[0], end_time=lunch[1], working_days=EVERY_DAY, tz=zone),
            businesstimedelta.HolidayRule(frozenset(off), tz=zone),
        ]
    )

    def add(start: datetime, amount: timedelta) -> datetime:
        return start + businesstimedelta.BusinessTimeDelta(rules, timedelta=amount)

    return add
