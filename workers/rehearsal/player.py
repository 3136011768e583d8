"""Play calls as an office would live them: everybody acts in turn, time passes from due moment to due moment."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from engine import CaseView, CompleteUserTask, Engine, NextMoment, SendMessage, ShowCase, StartInstance, WhenDue, WhoMay
from engine.domain.errors import Conflict, NotAllowed
from workers.rehearsal.calls import MESSAGE, WAIT, Call, Decision


class Pace(Protocol):
    """How time passes: by a frozen clock, or by moving an office's clock offset while its worker runs."""

    def now(self) -> datetime:
        """Business now, UTC."""

    def go_to(self, moment: datetime) -> None:
        """Let time pass up to a moment, from due moment to due moment; return when nothing is due any more."""


@dataclass(slots=True)
class Story:
    """One call and what has been done about it so far."""

    call: Call
    number: str = ""
    done: int = 0
    problem: str = ""

    @property
    def next(self) -> Decision | None:
        """The next thing people do."""
        return self.call.decisions[self.done] if self.done < len(self.call.decisions) else None


@dataclass
class Player:
    """Plays calls of any procedures through the commands."""

    engine: Engine
    pace: Pace
    _agenda: list[tuple[datetime, int]] = field(default_factory=list)

    def play(self, calls: list[Call], until: datetime) -> list[Story]:
        """Play calls up to `until`; give the stories in order of the calls. What lies later simply has not happened yet."""
        stories = [Story(call) for call in calls]
        for index, story in enumerate(stories):
            heapq.heappush(self._agenda, (story.call.at, index))
        while self._agenda:
            moment, index = heapq.heappop(self._agenda)
            if moment > until:
                break
            self.pace.go_to(moment)
            later = self._go_on(stories[index])
            if later is not None:
                heapq.heappush(self._agenda, (later, index))
        return [story for story in stories if story.number]

    def _go_on(self, story: Story) -> datetime | None:
        """Do what can be done now; give the moment to look again, or None when the story is told."""
        if not story.number:
            started = self.engine.execute(StartInstance(story.call.process, story.call.actor, story.call.form))
            story.number = started.number
            self.pace.go_to(self.pace.now())
        while (decision := story.next) is not None:
            if decision.kind == WAIT:
                story.done += 1
                return self.engine.ask(WhenDue(decision.name, "office"))
            if not self._act(story, decision):
                return self._when_something_happens(story, decision)
            story.done += 1
            self.pace.go_to(self.pace.now())
        return None

    def _act(self, story: Story, decision: Decision) -> bool:
        case = self.engine.ask(ShowCase(story.number))
        if decision.kind == MESSAGE:
            self._send(story, decision, case)
            return True
        task = next((t for t in case.open_tasks if t.element_id == decision.name), None)
        if task is None:
            return False
        people = [task.assignee] if task.assignee else self.engine.ask(WhoMay(task.id))
        if not people:
            raise Conflict(f"{story.number} 的“{task.name}”没有人能办")
        self.engine.execute(CompleteUserTask(task.id, people[0], decision.answers))
        return True

    def _send(self, story: Story, decision: Decision, case: CaseView) -> None:
        """Send a message as the first person near the case who may: the call-taker, else whoever holds an open task."""
        near = [story.call.actor]
        for task in case.open_tasks:
            near += [task.assignee] if task.assignee else self.engine.ask(WhoMay(task.id))
        for number, person in enumerate(near, 1):
            try:
                self.engine.execute(SendMessage(decision.name, story.number, person, decision.answers))
                return
            except NotAllowed:
                if number == len(near):
                    raise

    def _when_something_happens(self, story: Story, decision: Decision) -> datetime | None:
        """The task is not open yet: look again at the next moment to come; give up when none is coming."""
        now = self.pace.now()
        moments = [self.engine.ask(NextMoment()), *(at for at, _ in self._agenda)]
        coming = [at for at in moments if at is not None and at > now]
        if not coming:
            story.problem = f"等不到“{decision.name}”"
            return None
        return min(coming)
