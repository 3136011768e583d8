"""Duty rosters on the pages: admins draw them up, people on duty pass their turn on."""

import pytest

from engine import NamesOfPeople, Rosters


@pytest.fixture
def admin(site):
    return site.logged_in("admin_tang")


def text(response):
    return response.get_data(as_text=True)


def turn(browser, **changed):
    said = {"person": "leader_wang", "weekdays": ["1", "2", "3", "4", "5", "6", "7"], "hours": "00:00-24:00"}
    said |= {"first": "2025-01-01", **changed}
    return browser.post("/admin/rosters/night/turns", said)


@pytest.fixture
def night(admin):
    admin.post("/admin/rosters", {"roster": "night", "name": "夜间值班"})
    assert turn(admin).status_code == 303
    return admin


def test_an_admin_draws_up_a_roster_and_everybody_sees_who_is_on_duty(night, site):
    assert "王" in text(night.get("/admin/rosters"))
    page = text(night.get("/admin/rosters/night"))
    assert "周一、二、三、四、五、六、日 · 00:00–24:00" in page
    assert "夜间值班" in text(site.logged_in("agent_li").get("/duty"))


def test_what_was_typed_stays_when_a_turn_is_refused(night):
    for wrong, said in [
        ({"hours": "八点"}, "看不懂"),
        ({"person": "nobody"}, "没有在用的账号"),
        ({"weekdays": []}, "星期几"),
    ]:
        answer = turn(night, **wrong)
        assert answer.status_code == 422
        assert said in text(answer)
    assert 'value="八点"' in text(turn(night, hours="八点"))


def test_a_turn_no_longer_wanted_ends_yesterday(night, site):
    page = text(night.get("/admin/rosters/night"))
    path = page.split('action="/admin/rosters/night/turns/')[1].split('"')[0]
    night.post(f"/admin/rosters/night/turns/{path}")
    assert site.engine.ask(Rosters())[0].now == ()


def test_who_is_on_duty_says_so_at_the_top_and_passes_the_turn_on(night, site):
    wang = site.logged_in("leader_wang")
    assert "值班中" in text(wang.get("/"))
    start = "2025-01-01T00:00"
    said = {"to": "agent_li", "start": start, "end": "2025-01-02T00:00", "reason": "看病"}
    assert "已经过去" in text(wang.post("/duty/night/hand-over", said))
    end = (site.engine.now()).strftime("%Y-%m-%dT23:59")
    refused = wang.post("/duty/night/hand-over", {**said, "end": "不知道"})
    assert refused.status_code == 422
    begun = site.engine.now().strftime("%Y-%m-%dT00:00")
    assert wang.post("/duty/night/hand-over", {**said, "start": begun, "end": end}).status_code == 303
    assert site.engine.ask(Rosters())[0].now == (site.engine.ask(NamesOfPeople())["agent_li"],)


def test_people_without_turns_see_no_link_and_nobody_passes_on_what_is_not_theirs(night, site):
    li = site.logged_in("agent_li")
    assert 'href="/duty"' not in text(li.get("/"))
    said = {"to": "leader_wang", "start": "2030-01-01T00:00", "end": "2030-01-02T00:00", "reason": "换"}
    answer = li.post("/duty/night/hand-over", said)
    assert (answer.status_code, "不用交" in text(answer)) == (422, True)


def test_an_exception_is_taken_back_while_it_has_not_begun(night):
    said = {
        "person": "",
        "instead_of": "",
        "start": "2030-01-01T00:00",
        "end": "2030-01-02T00:00",
        "reason": "元旦停业",
    }
    night.post("/admin/rosters/night/changes", said)
    page = text(night.get("/admin/rosters/night"))
    assert "元旦停业" in page
    path = page.split('action="/admin/rosters/night/changes/')[1].split('"')[0]
    night.post(f"/admin/rosters/night/changes/{path}")
    assert "元旦停业" not in text(night.get("/admin/rosters/night"))
