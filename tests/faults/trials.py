"""One try: a scenario on a copy of the database, struck or killed at a boundary, and gone on with."""

import os
import time
from datetime import UTC, datetime

from engine.domain.errors import EngineError
from tests.faults import invariants
from tests.faults.courses import (
    Course,
    FailPoint,
    LoggedPost,
    Progress,
    ReportingClock,
    drop_connection,
    kill_ourselves,
)
from tests.faults.stands import scenarios

DONE = 4
"""What a child's end says that was not struck."""


def one(name):
    """Give a scenario of the house by the name of its file."""
    return next(s for s in scenarios() if s.path.stem == name)


class Trial:
    """One try: a copy of the database, a course on it, and what is wrong in the end."""

    def __init__(self, ground, url, scenario, folder):
        self.ground, self.url, self.scenario = ground, url, scenario
        self.sent = folder / f"{time.monotonic_ns()}.sent"
        self.sent.touch()
        self.progress = Progress()
        self.progress.began = self.progress.clock = scenario.starts_at.timestamp()
        self.progress.save()

    def course(self, at):
        clock = ReportingClock(at, self.progress)
        return Course(self.ground.open(self.url, clock), self.scenario, self.progress, LoggedPost(self.sent))

    def until_the_end(self):
        """Play without a fault; give the number of boundaries."""
        course = self.course(self.scenario.starts_at)
        point = FailPoint(0, drop_connection)
        point.watch(course.engine)
        problems, boundaries = course.play(), point.hits
        assert (problems, self.check(course)) == ([], [])
        return boundaries

    def killed(self, at):
        """Play in a child that dies at a boundary, then go on; give what is wrong, and the seconds it took to go on.

        No seconds when it reached the end alive: the first connection of a process asks a little more than a later one.
        """
        child = os.fork()
        if child == 0:
            self._die(at)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == DONE:
            return [], None
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == 9, status
        self.progress.read()
        began = time.monotonic()
        course = self.course(datetime.fromtimestamp(self.progress.clock, UTC))
        problems = course.resume()
        took = time.monotonic() - began
        return problems + self.check(course), took

    def dropped(self, at):
        """Play and lose the connection at a boundary; go on in the same process."""
        course = self.course(self.scenario.starts_at)
        point = FailPoint(at, drop_connection)
        point.watch(course.engine)
        try:
            problems = course.play()
        except EngineError:
            problems = course.resume()
        point.at = 0  # a run with warm caches has fewer boundaries than the first one had
        return problems + self.check(course)

    def keys(self):
        """Give the keys of everything that was sent."""
        return self.sent.read_text("utf-8").split()

    def check(self, course):
        """Give the violations, seen through fresh connections, and close them."""
        course.engine.database.dispose()
        numbers = [self.progress.number] if self.progress.number else []
        found = invariants.check(course.engine, self.keys(), numbers)
        course.engine.database.dispose()
        return found

    def _die(self, at):
        try:
            course = self.course(self.scenario.starts_at)
            FailPoint(at, kill_ourselves).watch(course.engine)
            if course.play() == []:
                os._exit(DONE)
        finally:
            os._exit(3)
