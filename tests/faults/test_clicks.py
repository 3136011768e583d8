"""Every form that starts or completes something is sent twice, through the pages: one effect, nothing lost, a page that says so."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.domain.clock import FrozenClock
from engine.store.database import reading
from engine.store.people import name_of
from engine.store.tables import draft, history, user_task, work_order
from tests.faults import invariants
from tests.faults.clicks import Clicks, Office, filled
from tests.faults.stands import FOLDERS, scenarios
from tests.support.races import race
from tests.web.support_hotline import CALL, DISPATCHED, HANDLED
from workers.rehearsal.stage import stage

HOW = ("again", "at_once")
MOST_STEPS = 14
"""Of a scenario, in the short form."""


@pytest.fixture
def desk(ground):
    """The pages over a fresh copy, on a Monday morning, with a call that was taken and handed to the roads office."""
    opening = next(s for s in scenarios("mayor_hotline") if s.path.stem == "request_simple")
    with ground.copy() as url:
        engine = ground.open(url, FrozenClock(opening.starts_at))
        yield Desk(engine)
        engine.database.dispose()


class Desk(Office):
    """Pages about one order."""

    def __init__(self, engine):
        super().__init__(engine)
        self.stage = stage(engine, engine.clock)

    def take(self):
        """Take a call; give the order's number."""
        about = {"process": "mayor_hotline", "draft": "start:mayor_hotline:first"}
        self.browser("agent_li").post("/intake", filled({**CALL, **about}))
        return self.rows(work_order)[-1].number

    def hand(self):
        """Take a call and give it to the roads office; give the number and the office's task."""
        number = self.take()
        self.browser("leader_wang").post(f"/tasks/{self.task()}/complete", filled(DISPATCHED))
        return number, self.task()

    def task(self):
        """Give the one open task."""
        [ident] = [row.id for row in self.rows(user_task) if row.state == "open"]
        return ident

    def rows(self, table):
        with reading(self.engine.database) as connection:
            return list(connection.execute(select(table).order_by(table.c.id)))

    def events(self, kind):
        """Give the events of a kind."""
        with reading(self.engine.database) as connection:
            return list(connection.execute(select(history).where(history.c.kind == kind)))

    def drafts(self):
        """Give whose drafts there are, about what; marks of what was handed in are none."""
        with reading(self.engine.database) as connection:
            found = connection.execute(select(draft.c.person, draft.c.about)).all()
        return [tuple(row) for row in found if row.about.startswith("task:")]

    def name(self, ident):
        """Give a person's name."""
        with reading(self.engine.database) as connection:
            return name_of(connection, ident)

    def held(self, answers):
        """Both were answered with a page, and every invariant is true."""
        assert {a.status_code for a in answers} <= {303, 409}, [a.status_code for a in answers]
        self.stage.settle()
        assert invariants.check(self.engine, [m.idempotency_key for m in self.stage.post.delivered]) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("how", HOW)
def test_every_form_of_a_procedure_sent_twice_counts_once(ground, size, figures, folder, how):
    found = [s for s in scenarios(folder.name) if len(s.steps) <= size(MOST_STEPS, 1000)]
    chosen = size.chance(f"{how} {folder.name}").sample(found, min(len(found), size(2, 1000)))
    sent, answers = 0, set()
    for scenario in chosen:
        with ground.copy() as url:
            engine = ground.open(url, FrozenClock(scenario.starts_at))
            played = stage(engine, engine.clock)
            run = Clicks(played, scenario, getattr(Office(engine), how))
            for at, step in enumerate(scenario.steps, 1):
                assert run.step(step) == [], f"{scenario.path.stem} step {at}"
            problems = run.ending(scenario.expect)
            assert problems + invariants.check(engine, [m.idempotency_key for m in played.post.delivered]) == []
            sent, answers = sent + run.sent, answers | run.answers
            engine.database.dispose()
    figures.update(scenarios=len(chosen), forms_sent_twice=sent, answers=sorted(answers))
    assert sent > 0


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(
    ("who", "act", "said", "kind"),
    [
        ("leader_wang", "urge", {"text": "请抓紧"}, "UserTaskUrged"),
        ("office_chen", "extend", {"by": "1个工作日", "reason": "路面要等天晴"}, "ExtensionGranted"),
    ],
)
def test_what_may_be_done_again_counts_once_by_a_double_click_and_again_from_a_fresh_page(
    desk, how, who, act, said, kind
):
    _, task = desk.hand()
    for times in (1, 2):
        desk.held(getattr(desk, how)(who, f"/tasks/{task}/{act}", said))
        assert len(desk.events(kind)) == times
        desk.engine.clock.move_to(desk.engine.clock.at + timedelta(hours=1))  # nobody may urge twice in half an hour


@pytest.mark.parametrize("how", HOW)
def test_several_tasks_urged_by_one_form_sent_twice_are_urged_once_each(desk, how):
    tasks = [desk.hand()[1]]
    for n in range(2):
        desk.browser("agent_li").post("/intake", filled({**CALL, "process": "mayor_hotline", "place": f"{n}号"}))
        tasks.append(desk.rows(user_task)[-1].id)
    answers = getattr(desk, how)("leader_wang", "/bulk/urge", {"chosen.task": tasks, "text": "请抓紧"})
    assert [a.status_code for a in answers] == [200, 200]
    assert len(desk.events("UserTaskUrged")) == len(tasks)


@pytest.mark.parametrize("how", HOW)
def test_a_call_told_twice_by_a_double_click_is_noted_once(desk, how):
    number = desk.hand()[0]
    said = {"again_text": "又来电话催"}
    for times in (1, 2):
        desk.held(getattr(desk, how)("agent_wang", f"/orders/{number}/message/caller_phoned_again", said))
        assert len(desk.events("MessageReceived")) == times


@pytest.mark.parametrize("how", HOW)
def test_a_task_claimed_handed_over_and_put_back_twice_moves_once(desk, how):
    desk.take()
    task = desk.task()
    steps = (
        ("leader_wang", "claim", {}, "UserTaskClaimed"),
        ("leader_wang", "transfer", {"to": "leader_zhao", "reason": "请假"}, "UserTaskTransferred"),
        ("leader_zhao", "release", {}, "UserTaskReleased"),
    )
    for who, act, said, kind in steps:
        desk.held(getattr(desk, how)(who, f"/tasks/{task}/{act}", said))
        assert len(desk.events(kind)) == 1


@pytest.mark.parametrize("how", HOW)
def test_an_order_withdrawn_twice_is_withdrawn_once(desk, how):
    number = desk.hand()[0]
    desk.held(getattr(desk, how)("agent_li", f"/orders/{number}/cancel", {"reason": "重复登记"}))
    assert len(desk.events("OrderCancelled")) == 1


def test_two_people_in_the_same_moment_learn_who_was_first_and_when_and_lose_nothing(desk):
    desk.take()
    task, leaders = desk.task(), ("leader_wang", "leader_zhao")
    browsers = [desk.browser(who) for who in leaders]
    answers = race([lambda b=b: b.post(f"/tasks/{task}/complete", filled(DISPATCHED)) for b in browsers])
    desk.held(answers)
    assert len(desk.events("UserTaskCompleted")) == 1
    first = next(row.ended_by for row in desk.rows(user_task) if row.id == task)
    late = leaders[1 - leaders.index(first)]
    page = browsers[leaders.index(late)].get(f"/tasks/{task}").get_data(as_text=True)
    assert desk.name(first) in page
    assert desk.drafts() == [(late, f"task:{task}")]


def test_a_form_changed_before_it_is_sent_again_loses_nothing(desk):
    _, task = desk.hand()
    clerk = desk.browser("clerk_roads_zhou")
    for reply in ("已换灯泡。", "已换灯泡,并检查了线路。"):
        answer = clerk.post(f"/tasks/{task}/complete", filled({**HANDLED, "reply": reply}))
        assert answer.status_code == 303
    assert desk.drafts() == [("clerk_roads_zhou", f"task:{task}")]
    assert "并检查了线路" in clerk.get(f"/tasks/{task}").get_data(as_text=True)
    assert len(desk.events("UserTaskCompleted")) == 2


def test_an_order_two_people_withdraw_says_who_was_first(desk):
    number = desk.hand()[0]
    desk.browser("agent_li").post(f"/orders/{number}/cancel", filled({"reason": "重复登记"}))
    late = desk.browser("office_chen").post(f"/orders/{number}/cancel", filled({"reason": "重复登记"}))
    assert late.status_code == 409
    page = late.get_data(as_text=True)
    assert desk.name("agent_li") in page
    assert "09:00" in page
