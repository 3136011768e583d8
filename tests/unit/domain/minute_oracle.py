"""Working time once more, in the plainest way there is: a clock that is moved minute by minute over a list of stretches.

Nothing of the arithmetic under test is used: days are asked one at a time, with loops over the calendar's description.
"""

from datetime import datetime, time, timedelta

MINUTE = timedelta(minutes=1)


class MinuteOracle:
    """Says of every minute between two local moments whether it is worked, by walking days and their hours."""

    def __init__(self, days, pattern, changes, first, last):
        """`first`, `last`: naive local midnights; `days`: what the table says, by date."""
        self.origin = first
        self.open = bytearray((last - first) // MINUTE)
        self.day_ends = {}
        for day in sorted(days):
            hours = self._hours(days[day], pattern, changes)
            midnight = datetime.combine(day, time())
            for start, end in hours:
                for minute in range(start, end):
                    place = (midnight - first) // MINUTE + minute
                    if 0 <= place < len(self.open):
                        self.open[place] = 1
            if hours:
                self.day_ends[day] = midnight + timedelta(minutes=hours[-1][1])

    @staticmethod
    def _hours(day, pattern, changes):
        holds = pattern
        for since, changed in changes:
            if since <= day.date:
                holds = changed
        if holds.every_day and not day.local:
            return holds.intervals
        return () if not day.open else day.hours or holds.intervals

    def add(self, start, minutes):
        """Walk from `start` until so many worked minutes have passed; `start` is on a full minute."""
        place = (start - self.origin) // MINUTE
        while minutes:
            minutes -= self.open[place]
            place += 1
        return self.origin + place * MINUTE

    def between(self, start, end):
        """Count the worked minutes from `start` to `end`."""
        count, now = 0, start
        while now < end:
            count += self.open[(now - self.origin) // MINUTE]
            now += MINUTE
        return count

    def add_leaving_out(self, start, minutes, pauses):
        """Walk as `add` does, but minutes inside a pause do not count."""
        place = (start - self.origin) // MINUTE
        while minutes:
            now = self.origin + place * MINUTE
            minutes -= self.open[place] and not any(begun <= now < over for begun, over in pauses)
            place += 1
        return self.origin + place * MINUTE

    def close_of_nth_day(self, day, n):
        """Step date by date to the n-th worked day after `day`; give its end."""
        while n:
            day += timedelta(days=1)
            n -= day in self.day_ends
        return self.day_ends[day]
