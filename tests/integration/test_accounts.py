"""Logging in, sessions, passwords, and what admins do to people, on the engine alone."""

import hashlib
from datetime import timedelta

import pytest

from engine import (
    AddPerson,
    AddUnit,
    ChangeUnit,
    DisablePerson,
    DropMembership,
    EnablePerson,
    ImportPeople,
    OpenSession,
    PutMembership,
    change_password,
    issue_password,
    log_in,
    set_password,
    visitor,
)
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict, Invalid, LoginRefused, NotAllowed
from tests.support.offices import statements

GOOD = "correct horse 42"
WRONG = "wrong horse 42"


@pytest.fixture
def door(office):
    """An office where li and the admin have passwords."""
    for person in ("li", "root"):
        set_password(office.engine, person, GOOD, SYSTEM.id, must_change=False)
    return office


def later(office, **span):
    office.move_to(office.clock.at + timedelta(**span))


def fail(office, times, account="li"):
    for _ in range(times):
        with pytest.raises(LoginRefused):
            log_in(office.engine, account, WRONG)


def kinds(office):
    return [row.kind for row in office.rows("admin_event")]


def test_the_right_password_opens_a_session_whose_token_is_not_in_the_database(door):
    token = log_in(door.engine, " LI ", GOOD).token
    assert visitor(door.engine, token).actor.id == "li"
    assert [row.id for row in door.rows("app_session")] == [hashlib.sha256(token.encode()).hexdigest()]


def test_a_password_in_full_width_letters_is_the_same_password(door):
    assert log_in(door.engine, "li", GOOD.replace("4", "4")).token


@pytest.mark.parametrize(
    "account", ["li", "nobody", "zhou", "system", ""], ids=["wrong", "unknown", "none", "system", "empty"]
)
def test_every_refusal_reads_the_same(door, account):
    with pytest.raises(LoginRefused) as refused:
        log_in(door.engine, account, WRONG)
    assert str(refused.value) == str(LoginRefused())


def test_five_wrong_passwords_shut_the_account_for_a_quarter_of_an_hour(door):
    fail(door, 5)
    with pytest.raises(LoginRefused):
        log_in(door.engine, "li", GOOD)
    later(door, minutes=15)
    assert log_in(door.engine, "li", GOOD).token
    assert kinds(door).count("AccountLocked") == 1


def test_tries_at_a_shut_door_do_not_keep_it_shut(door):
    fail(door, 10)
    later(door, minutes=15)
    assert log_in(door.engine, "li", GOOD).token


def test_the_right_password_starts_the_count_anew(door):
    fail(door, 4)
    log_in(door.engine, "li", GOOD)
    fail(door, 4)
    assert log_in(door.engine, "li", GOOD).token


def test_a_password_changed_while_it_was_verified_opens_nothing(door):
    with pytest.raises(LoginRefused):
        door.engine.execute(OpenSession("li", "the hash before", "digest"))


def test_an_idle_session_ends(door):
    token = log_in(door.engine, "li", GOOD).token
    later(door, minutes=30)
    assert visitor(door.engine, token) is None


def test_a_session_in_use_ends_after_twelve_hours(door):
    token = log_in(door.engine, "li", GOOD).token
    seen = []
    for _ in range(36):
        later(door, minutes=20)
        seen.append(visitor(door.engine, token) is not None)
    assert seen == [True] * 35 + [False]


def test_reading_on_writes_at_most_once_a_minute(door):
    token = log_in(door.engine, "li", GOOD).token
    later(door, seconds=70)
    with statements(door.engine) as seen:
        for _ in range(5):
            visitor(door.engine, token)
    assert sum(s.startswith("UPDATE app_session") for s in seen) == 1


def test_sessions_that_ran_out_are_swept_at_the_next_log_in(door):
    log_in(door.engine, "li", GOOD)
    later(door, hours=1)
    log_in(door.engine, "li", GOOD)
    assert len(door.rows("app_session")) == 1


def test_the_token_a_browser_came_with_ends(door):
    planted = log_in(door.engine, "root", GOOD).token
    log_in(door.engine, "li", GOOD, planted)
    assert visitor(door.engine, planted) is None


def test_disabling_ends_every_session_at_once(door):
    tokens = [log_in(door.engine, "li", GOOD).token for _ in range(2)]
    assert door.engine.execute(DisablePerson("li", "root")) == 2
    assert [visitor(door.engine, token) for token in tokens] == [None, None]
    with pytest.raises(LoginRefused):
        log_in(door.engine, "li", GOOD)


def test_an_enabled_account_has_its_password_back(door):
    door.engine.execute(DisablePerson("li", "root"))
    door.engine.execute(EnablePerson("li", "root"))
    assert log_in(door.engine, "li", GOOD).token


def test_a_reset_ends_sessions_and_wants_a_new_password(door):
    token = log_in(door.engine, "li", GOOD).token
    word = issue_password(door.engine, "li", "root")
    assert visitor(door.engine, token) is None
    assert log_in(door.engine, "li", word).must_change


def test_changing_the_password_ends_all_sessions_but_the_fresh_one(door):
    other = log_in(door.engine, "li", GOOD).token
    fresh = change_password(door.engine, "li", GOOD, "a quite different 7")
    assert visitor(door.engine, other) is None
    assert visitor(door.engine, fresh).must_change is False


def test_the_old_password_cannot_be_guessed_at_the_change_page(door):
    for _ in range(5):
        with pytest.raises(LoginRefused):
            change_password(door.engine, "li", WRONG, "a quite different 7")
    with pytest.raises(LoginRefused):
        change_password(door.engine, "li", GOOD, "a quite different 7")


@pytest.mark.parametrize(
    ("account", "password"),
    [("li", "short"), ("zheng", "Zheng-2025-x"), ("li", "1234567890"), ("li", "aaaaaaaaaaaa"), ("li", "x1" * 80)],
    ids=["short", "the account", "common", "one letter", "too long"],
)
def test_passwords_easy_to_guess_are_refused(office, account, password):
    with pytest.raises(Invalid):
        set_password(office.engine, account, password, SYSTEM.id, must_change=False)


def test_only_admins_touch_people(office):
    for command in (
        AddPerson("new_one", "新人", "li"),
        DisablePerson("root", "li"),
        PutMembership("li", "town", "admin", "li"),
    ):
        with pytest.raises(NotAllowed):
            office.engine.execute(command)


def test_the_last_admin_stays(office):
    with pytest.raises(Conflict, match="最后一个"):
        office.engine.execute(DisablePerson("root", "root"))
    with pytest.raises(Conflict, match="最后一个"):
        office.engine.execute(DropMembership("root", "town", "admin", "root"))
    office.engine.execute(PutMembership("li", "town", "admin", "root"))
    office.engine.execute(DropMembership("root", "town", "admin", "root"))


def test_nobody_becomes_the_system(office):
    with pytest.raises(Invalid):
        office.engine.execute(AddPerson("System", "冒充", "root"))
    with pytest.raises(Invalid):
        office.engine.execute(ImportPeople("root", (), [{"id": "system", "name": "冒充"}]))


def test_an_account_is_opened_once(office):
    assert office.engine.execute(AddPerson(" Zhao_Min ", "赵敏", "root", "roads", "clerk")) == "zhao_min"
    with pytest.raises(Conflict, match="赵敏"):
        office.engine.execute(AddPerson("zhao_min", "另一个", "root"))


def test_an_account_that_cannot_be_placed_is_not_opened(office):
    with pytest.raises(Invalid, match="no_such"):
        office.engine.execute(AddPerson("zhao_min", "赵敏", "root", "roads", "no_such"))
    assert "zhao_min" not in [row.id for row in office.rows("person")]


def test_a_unit_never_stands_below_itself(office):
    office.engine.execute(AddUnit("crew", "养护班", "root", "roads"))
    with pytest.raises(Invalid, match="下级"):
        office.engine.execute(ChangeUnit("roads", "道路处", "root", "crew"))
    office.engine.execute(ChangeUnit("crew", "养护一班", "root", "water"))
    assert [(r.name, r.parent) for r in office.rows("unit") if r.id == "crew"] == [("养护一班", "water")]


def test_what_admins_do_is_written_down(office):
    office.engine.execute(AddPerson("zhao_min", "赵敏", "root", "roads", "clerk"))
    office.engine.execute(DisablePerson("zhao_min", "root"))
    assert [(row.kind, row.actor, row.subject) for row in office.rows("admin_event")] == [
        ("PersonAdded", "root", "zhao_min"),
        ("MembershipPut", "root", "zhao_min"),
        ("PersonDisabled", "root", "zhao_min"),
    ]
