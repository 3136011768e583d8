"""A page offers what the command would accept, and nothing else: asking for more time, and pausing."""

from contextlib import suppress

import pytest

from engine import (
    CancelOrder,
    DecideExtension,
    ExtendUserTask,
    PauseCase,
    RequestExtension,
    ResumeCase,
    ShowOrder,
    order_acts,
    task_acts,
)
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.store import people
from engine.store.database import reading
from tests.support.procedures import procedure, timer, user

IN_TIME, TOO_LATE = "2025-09-22 17:00", "2025-09-30 10:00"
ANYTIME = b"[extension]\nafter_expiry = true\n"


def files(said: bytes = b"", due: str = "1个工作日"):
    watch = (timer("do_due", "到期", on="do"),) if due else ()
    flows = "start >> do >> end" + ("; do_due >> end" if due else "")
    found = procedure("errand", user("do", due=due), *watch, flows=flows)
    return {**found, "procedure.toml": found["procedure.toml"] + said}


@pytest.fixture
def held(office):
    """Gives an errand in clerk zhou's hands, of a procedure that says something about extensions."""

    def begin(said: bytes = b"", due: str = "1个工作日"):
        office.deploy(files(said, due))
        office.start("errand")
        office.claim("do", "zhou")
        return office

    return begin


def actor(office, who):
    with reading(office.engine.database) as connection:
        return people.actor(connection, who).actor


def offered(office, who="zhou"):
    order = office.engine.ask(ShowOrder(office.number), who)
    (task,) = order.tasks
    return "ask_extension" in task_acts(order, task, actor(office, who)), order.unaskable.get(task.id)


def ask(office, who="zhou"):
    return office.engine.execute(RequestExtension(office.open_task("do").id, who, "1个工作日", "材料未到"))


def pause(office, who="sun"):
    office.engine.execute(PauseCase(office.number, "等材料", "other", None, who))


def grant(office):
    office.engine.execute(DecideExtension(ask(office), "sun", True))


def refused_alike(office, error, words):
    """The page does not offer it, with the sentence of the command."""
    with pytest.raises(error, match=words) as refusal:
        ask(office)
    assert offered(office) == (False, str(refusal.value))


def accepted_alike(office):
    assert offered(office) == (True, None)
    assert ask(office)


@pytest.mark.parametrize(("said", "now"), [(b"", IN_TIME), (ANYTIME, TOO_LATE), (b"[extension]\nmost = 1\n", IN_TIME)])
def test_more_time_is_offered_where_it_may_be_asked_for(held, said, now):
    office = held(said)
    office.move_to(now)
    accepted_alike(office)


def test_not_after_expiry(held):
    office = held()
    office.move_to(TOO_LATE)
    refused_alike(office, Conflict, "已经到期")


def test_not_while_a_request_waits(held):
    office = held()
    ask(office)
    refused_alike(office, Conflict, "正等着批准")


def test_not_when_all_are_used_up_whoever_granted_them(held):
    office = held(b"[extension]\nmost = 2\n")
    grant(office)
    office.engine.execute(ExtendUserTask(office.open_task("do").id, "sun", "1个工作日", "等材料"))
    refused_alike(office, Conflict, "已经延期 2 次")


def test_not_where_none_is_ever_granted(held):
    refused_alike(held(b"[extension]\nmost = 0\n"), Conflict, "不能延期")


def test_not_without_a_limit(held):
    refused_alike(held(due=""), Invalid, "没有时限")


def test_not_where_the_diagram_has_its_own_way(held):
    refused_alike(held(b"[extension]\noffered = false\n"), NotAllowed, "流程图上自己的办法")


def test_not_at_a_step_whose_extension_is_drawn(held):
    refused_alike(held(b'[extension]\ndrawn = ["do"]\n'), NotAllowed, "流程图上自己的办法")


def test_other_steps_ask_on_the_page(held):
    accepted_alike(held(b'[extension]\ndrawn = ["elsewhere"]\n'))


def test_a_request_from_before_is_still_decided_where_the_diagram_has_its_own_way_now(held):
    office = held()
    ident = ask(office)
    office.deploy(files(b"[extension]\noffered = false\n"))
    assert office.engine.execute(DecideExtension(ident, "sun", True))


def test_in_a_paused_order_the_limit_stands_where_the_pause_began(held):
    office = held()
    office.move_to(IN_TIME)
    pause(office)
    office.move_to(TOO_LATE)
    accepted_alike(office)


def test_a_pause_that_began_after_expiry_helps_nobody(held):
    office = held()
    office.move_to(TOO_LATE)
    pause(office)
    refused_alike(office, Conflict, "已经到期")


@pytest.mark.parametrize("said", [b"[extension]\noffered = 1\n", b"[extension]\nasked = true\n"])
def test_what_the_settings_say_about_extensions_is_read_strictly(office, said):
    with pytest.raises(Invalid, match="offered"):
        office.deploy(files(said))


@pytest.mark.parametrize("state", ["open", "paused", "cancelled"])
@pytest.mark.parametrize("who", ["zhou", "sun", "wang", "li", "wu"])
def test_pausing_and_resuming_are_offered_to_whom_the_commands_obey(held, state, who):
    office = held()
    if state == "paused":
        pause(office)
    if state == "cancelled":
        office.engine.execute(CancelOrder(office.number, "li", "不办了"))
    acts = order_acts(office.engine.ask(ShowOrder(office.number), "root"), actor(office, who)) & {"pause", "resume"}
    done = set()
    with suppress(NotAllowed, NotFound, Conflict):
        pause(office, who)
        done.add("pause")
    if "pause" not in done:
        with suppress(NotAllowed, NotFound, Conflict):
            office.engine.execute(ResumeCase(office.number, "", who))
            done.add("resume")
    assert acts == done
