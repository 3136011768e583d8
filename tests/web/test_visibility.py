"""Every route as everybody: generated from the routes and from the people of demo.toml. A new route needs its line here."""

import tomllib

import pytest

from engine.bundles import procedures_root
from tests.web.support_hotline import furnished_hotline, hotline
from tests.web.support_walk import LOGGED_OUT, METHODS, furnish

__all__ = ["furnished_hotline", "hotline"]

PEOPLE = {
    p["id"]: {m["role"] for m in p["memberships"]}
    for p in tomllib.loads((procedures_root() / "demo.toml").read_text("utf-8"))["person"]
}
ROLES = sorted(set().union(*PEOPLE.values()))
EVERYBODY = sorted(
    {next(p for p in PEOPLE if role in PEOPLE[p]) for role in ROLES}
    | {
        "agent_wang",
        "clerk_roads_zhou",
        "clerk_water_wu",
        "clerk_health_xu",
        "roads_director_ma",
        "office_director_guo",
        "mei",
        LOGGED_OUT,
    }
)
"""One of every role, those around the orders, a clerk of an unrelated unit, somebody who belongs nowhere, and nobody."""

WATCH = {"leader_wang", "office_chen"}
ADMINS = {"admin_tang"}
OWNERS = ADMINS | {p for p, roles in PEOPLE.items() if "process_owner" in roles}
SEES = {
    "roads": WATCH | ADMINS | {"agent_li", "clerk_roads_zhou", "roads_director_ma"},
    "water": WATCH | ADMINS | {"agent_wang", "clerk_water_wu"},
    "fresh": WATCH | ADMINS | {"agent_he"},
}
"""Who sees which order, by design 6a: starter, holders, the unit and its leaders, those who urge or supervise, admins."""
SEES["roads"] |= {"team_leader_sun"}  # may take the step the order stands at: 处理回复异常
STARTERS = {p for p, roles in PEOPLE.items() if "hotline_agent" in roles}
IN = set(EVERYBODY) - {LOGGED_OUT}

ORDER = SEES["roads"]
PROCEDURE = STARTERS | WATCH | OWNERS
RULES: dict[tuple[str, str], set[str]] = {}
"""(endpoint, method) → who gets in; all others get 404, or 403 where the page itself is no secret."""


def expect(method: str, who: set[str], *endpoints: str) -> None:
    RULES.update({(endpoint, method): who for endpoint in endpoints})


OPEN = {
    "static",
    "language.switch",
    "auth.log_in",
    "auth.enter_with_password",
    "operations.health.alive",
    "operations.health.ready",
    "operations.metrics.show",
    "hooks.report",
}
expect(
    "GET",
    IN,
    "tasklist.todo",
    "tasklist.pool",
    "tasklist.done",
    "tasklist.started",
    "tasklist.copies",
    "work_orders.search",
    "modeler.gallery",
    "auth.change_password",
    "tasklist.duty",
    "tasklist.notices",
    "tasklist.wishes",
    "tasklist.ask",
    "modeler.try_limit",
)
SIGNED = {"hooks.report"}
"""Taken from machines, by their signature instead of a form's token."""
expect("POST", IN, "auth.put_new_password", "auth.log_out")
expect("GET", set(), "tasklist.follow")
expect("GET", {"clerk_roads_zhou"}, "tasklist.notice")
expect("POST", IN, "tasklist.read_notices", "tasklist.put_wishes", "tasklist.choose", "tasklist.carry_out")
expect("GET", ADMINS, "usual_ways.show", "work_orders.choose_jump")
expect("POST", ADMINS, "usual_ways.put", "people.person.put_reach")
expect(
    "GET",
    ORDER,
    "work_orders.show",
    "work_orders.sheet",
    "work_orders.paper",
    "tasklist.task",
    "tasklist.receipt",
    "work_orders.receipt",
    "work_orders.waits",
    "modeler.case_picture",
    "modeler.case_xml",
)
expect(
    "POST",
    ORDER,
    *(
        f"tasklist.{act}"
        for act in ("claim", "release", "complete", "draft", "drop_draft", "reveal", "urge", "extend", "transfer")
    ),
)
expect("POST", ORDER, *(f"tasklist.{act}_extension" for act in ("ask", "decide", "withdraw")))
expect("POST", ORDER, "tasklist.ask_signers", "tasklist.sign", "tasklist.drop_signer")
expect("POST", ORDER, "tasklist.delegate", "tasklist.answer_delegation", "tasklist.recall")
expect("POST", ORDER, "work_orders.pause", "work_orders.resume", "work_orders.supervise")
expect("GET", ORDER, *(f"tasklist.look_at_{act}" for act in ("withdrawal", "extension", "dropping")))
expect("GET", ORDER, "tasklist.choose_return", *(f"work_orders.look_at_{x}" for x in ("pause", "resume", "withdrawal")))
expect("POST", ORDER, "tasklist.send_back", "tasklist.withdraw", "tasklist.add_co_signer", "tasklist.drop_co_signer")
expect("POST", ADMINS, *(f"work_orders.{act}" for act in ("suspend", "go_on", "terminate", "void", "jump")))
expect("POST", set(), "work_orders.answer", "tasklist.answer")
expect("POST", ORDER, "work_orders.reveal", "work_orders.link", "work_orders.cancel", "work_orders.withdraw")
expect("POST", ORDER, "work_orders.copy", "work_orders.read_copy", "work_orders.comment")
expect("POST", set(), "work_orders.message")
expect("GET", STARTERS, "work_orders.intake")
expect("POST", STARTERS, "work_orders.take_down", "work_orders.look", "work_orders.keep", "work_orders.drop")
expect("GET", WATCH, "work_orders.board")
expect("GET", PROCEDURE, "modeler.procedure", "modeler.picture", "modeler.diagram", "modeler.procedure_limits")
expect("GET", PROCEDURE, "modeler.procedure_notices")
expect("GET", OWNERS, "modeler.download", "modeler.templates")
expect("POST", OWNERS, "modeler.upload", "modeler.release")
expect(
    "GET",
    ADMINS,
    "operations.overview",
    "operations.incidents.every",
    "operations.incidents.one",
    "operations.queues.show",
)
expect("POST", ADMINS, "operations.four_eyes", *(f"operations.incidents.{act}" for act in ("retry", "skip", "cancel")))
expect(
    "GET",
    ADMINS,
    *(
        f"people.{page}"
        for page in ("acts", "every", "export", "new", "people_import.choose", "people_import.template", "person.show")
    ),
)
expect("GET", ADMINS, "people.units.roles", "people.units.show", "people.units.tree")
expect(
    "POST",
    ADMINS,
    "people.add",
    "people.give_passwords",
    "people.people_import.confirm",
    "people.people_import.preview",
)
expect(
    "POST",
    ADMINS,
    *(
        f"people.person.{act}"
        for act in ("disable", "enable", "drop_membership", "put_membership", "rename", "reset_password")
    ),
)
expect("GET", ADMINS, "people.hand_over.plan")
expect("POST", ADMINS, "people.hand_over.hand_over")
expect("POST", ADMINS, "people.units.add", "people.units.change", "people.units.put_role", "people.units.put_calendar")
expect(
    "GET",
    ADMINS,
    *(f"calendars.{page}" for page in ("every", "show", "one_month", "one_day", "calendar_import.choose")),
)
expect(
    "POST",
    ADMINS,
    *(f"calendars.{act}" for act in ("add", "rename", "change_day", "change_hours", "calendar_import.look")),
    "calendars.calendar_changes.confirm",
)
expect("GET", ADMINS, "channels.every", "channels.show", "channels.tested", "channels.dead_letters.every")
expect("POST", ADMINS, *(f"channels.{act}" for act in ("add", "change", "switch", "drop", "test")))
expect("POST", ADMINS, "channels.dead_letters.resend_all", "channels.dead_letters.resend")
expect("GET", ADMINS, "people.rosters.every", "people.rosters.show")
expect("POST", ADMINS, *(f"people.rosters.{act}" for act in ("put", "add_turn", "end_turn", "change", "drop_change")))
expect("POST", IN, "tasklist.hand_over_duty")
expect("GET", IN, "tasklist.substitutes")
expect("POST", IN, "tasklist.add_substitute")
expect("POST", IN, "tasklist.end_substitute")
expect("GET", ADMINS, "people.substitutes.every")
expect("POST", ADMINS, "people.substitutes.add", "people.substitutes.end")
SHUT = {403, 404}
MISSING = {
    "work_orders.waits",
    "tasklist.decide_extension",
    "tasklist.withdraw_extension",
    "work_orders.go_on",
    "operations.incidents.one",
    "operations.incidents.retry",
    "operations.incidents.skip",
    "operations.incidents.cancel",
}
"""There is no such incident, timer or request: whoever gets in gets 404 too."""


@pytest.fixture
def walk(hotline, tmp_path):
    return furnish(hotline, tmp_path)


def routes(walk):
    return [
        (rule, method)
        for rule in walk.hotline.site.app.url_map.iter_rules()
        for method in METHODS
        if method in rule.methods
    ]


def test_every_route_has_its_line(walk):
    known = {(endpoint, method) for endpoint, method in RULES} | {(e, m) for e in OPEN for m in METHODS}
    assert {(rule.endpoint, method) for rule, method in routes(walk)} <= known
    assert {endpoint for endpoint, _ in RULES} <= {rule.endpoint for rule, _ in routes(walk)}


def test_every_role_of_the_demo_takes_part():
    assert set(ROLES) <= set().union(*(PEOPLE[p] for p in EVERYBODY if p in PEOPLE))


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda p: p or "nobody")
def test_every_route_lets_in_whom_it_should_and_nobody_else(walk, person):
    wrong = []
    for rule, method in routes(walk):
        if rule.endpoint in OPEN:
            continue
        response = walk.answer(person, method, walk.address(rule))
        if not is_right(rule.endpoint, method, person, response):
            wrong.append((rule.endpoint, method, response.status_code))
    assert wrong == []


def is_right(endpoint: str, method: str, person: str, response) -> bool:
    status = response.status_code
    if person == LOGGED_OUT:
        return status == 303 and response.location.startswith("/login")
    if person in RULES[endpoint, method]:
        allowed = status not in SHUT or (endpoint in MISSING and status == 404)
        return status < 500 and (allowed or (method == "POST" and status == 403))
    return status in SHUT


@pytest.mark.parametrize("person", sorted(IN))
def test_nobody_reads_of_an_order_out_of_sight(walk, person):
    hidden = {number for word, number in walk.orders.items() if person not in SEES[word]}
    texts = {}
    for rule, method in routes(walk):
        if method == "GET" and rule.endpoint not in {"static", "work_orders.paper"}:
            path = walk.address(rule)
            response = walk.answer(person, "GET", path)
            texts[rule.endpoint] = response.data.decode("utf-8", "replace") if response.status_code == 200 else ""
    for q in ("路", "13911112222", *walk.orders.values()):
        texts[f"search {q}"] = walk.answer(person, "GET", f"/search?q={q}").text.replace(f":{q}<", "")
    told = [
        (where, number)
        for where, text in texts.items()
        for number in hidden
        if f"/orders/{number}" in text or f">{number}<" in text
    ]
    assert told == []


def test_of_all_orders_lists_show_exactly_those_in_sight(walk):
    found = {
        person: {
            word
            for word, number in walk.orders.items()
            if f">{number}</a>" in walk.answer(person, "GET", f"/search?q={number}").text
        }
        for person in IN
    }
    assert found == {person: {word for word, who in SEES.items() if person in who} for person in IN}


@pytest.mark.parametrize("word", ["roads", "water", "fresh"])
def test_strangers_get_404_for_an_order_as_for_one_that_does_not_exist(walk, word):
    for person in IN - SEES[word]:
        there = walk.answer(person, "GET", f"/orders/{walk.orders[word]}")
        nowhere = walk.answer(person, "GET", "/orders/RX000000000000")
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert there.text.replace(walk.orders[word], "N").count("找不到") == nowhere.text.count("找不到")


def test_a_form_without_its_token_changes_nothing(walk):
    browser = walk.hotline.as_("clerk_roads_zhou")
    wrong = []
    for rule, method in routes(walk):
        browser.token = ""
        if rule.endpoint in SIGNED:
            assert browser.post(walk.address(rule)).status_code == 401
        elif method == "POST" and browser.post(walk.address(rule)).status_code != 400:
            wrong.append(rule.endpoint)
    assert wrong == []
