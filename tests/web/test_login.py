"""The door: logging in and out, time-outs, the forced first change, and those who try the handle."""

import pytest

from engine import DisablePerson, issue_password
from engine.domain.actors import SYSTEM
from tests.web.conftest import PASSWORD

NEW = "quite another 77"


def test_without_a_session_every_page_leads_to_the_log_in_and_back(site):
    browser = site.browser()
    led = browser.get("/admin/people?q=li")
    assert (led.status_code, led.headers["Location"]) == (303, "/login?next=/admin/people?q%3Dli")
    browser.get(led.headers["Location"])
    assert browser.log_in("admin_tang", goes_to="/admin/people?q=li").headers["Location"] == "/admin/people?q=li"


def test_a_session_cookie_is_for_this_site_alone_and_out_of_scripts_reach(site):
    cookie = next(c for c in site.browser().log_in("agent_li").headers.getlist("Set-Cookie") if "banjie_session" in c)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_in_production_the_cookie_travels_encrypted_only(site):
    site.app.config["SESSION_COOKIE_SECURE"] = True
    browser = site.browser()
    browser.get("/login", base_url="https://localhost")
    said = {"account": "agent_li", "password": PASSWORD}
    sent = browser.post("/login", said, base_url="https://localhost", headers={"Referer": "https://localhost/login"})
    assert all("Secure" in cookie for cookie in sent.headers.getlist("Set-Cookie") if "banjie_session" in cookie)


def test_logging_in_gives_a_new_token(site):
    browser = site.browser()
    browser.carry("planted-by-somebody-else")
    browser.log_in("agent_li")
    assert browser.cookie() not in ("", "planted-by-somebody-else")


def test_a_cookie_kept_from_before_the_log_out_opens_nothing(site):
    browser = site.logged_in("agent_li")
    kept, token = browser.cookie(), browser.get("/") and browser.token
    assert browser.post("/logout").headers["Location"] == "/login"
    thief = site.browser()
    thief.carry(kept)
    assert thief.get("/").headers["Location"] == "/login"
    assert token


def test_logging_out_is_not_a_link(site):
    assert site.logged_in("agent_li").get("/logout").status_code == 405


@pytest.mark.parametrize("token", ["", "forged"], ids=["none", "forged"])
def test_a_form_without_its_token_is_refused(site, token):
    browser = site.logged_in("agent_li")
    assert browser.client.post("/logout", data={"csrf_token": token}).status_code == 400
    assert browser.get("/").status_code == 200


def test_the_log_in_form_needs_its_token_too(site):
    said = {"account": "agent_li", "password": PASSWORD}
    assert site.browser().client.post("/login", data=said).status_code == 400


def test_ten_wrong_passwords_shut_the_door_and_say_nothing_about_the_account(site):
    browser = site.browser()
    known = [browser.log_in("agent_li", f"wrong guess {n}") for n in range(10)]
    unknown = browser.log_in("agent_nobody", "wrong guess 1")
    assert {r.status_code for r in [*known, unknown]} == {401}
    assert browser.log_in("agent_li").status_code == 401
    assert known[9].get_data(as_text=True).count("账号或密码不对") == unknown.get_data(as_text=True).count(
        "账号或密码不对"
    )
    site.later(minutes=15)
    assert browser.log_in("agent_li").status_code == 303


def test_a_wrong_password_never_comes_back_in_the_page(site):
    assert "wrong guess" not in site.browser().log_in("agent_li", "wrong guess 1").get_data(as_text=True)


def test_an_account_typed_with_markup_is_shown_as_text(site):
    page = site.browser().log_in('"><script>alert(1)</script>', "x").get_data(as_text=True)
    assert "<script>alert" not in page


def test_the_session_of_a_disabled_person_ends_at_once(site):
    browser = site.logged_in("agent_li")
    site.engine.execute(DisablePerson("agent_li", "admin_tang"))
    assert browser.get("/").headers["Location"] == "/login"


def test_a_session_ends_after_half_an_hour_without_use(site):
    browser = site.logged_in("agent_li")
    site.later(minutes=29)
    assert browser.get("/").status_code == 200
    site.later(minutes=30)
    assert browser.get("/").status_code == 303


def test_a_session_ends_after_twelve_hours_of_use(site):
    browser = site.logged_in("agent_li")
    codes = []
    for _ in range(29):
        site.later(minutes=25)
        codes.append(browser.get("/").status_code)
    assert codes == [200] * 28 + [303]


def test_a_form_sent_too_late_leads_back_to_the_page_it_stood_on(site):
    browser = site.logged_in("agent_li")
    site.later(hours=1)
    led = browser.post("/logout", headers={"Referer": "http://localhost/password"})
    assert led.headers["Location"] == "/login?next=/password"


def test_a_request_for_a_part_of_a_page_is_not_led_away(site):
    assert site.browser().get("/", headers={"X-Part": "1"}).status_code == 401


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/login?next=/login",
    ],
)
def test_nobody_is_sent_to_another_site(site, asked):
    assert site.browser().log_in("agent_li", goes_to=asked).headers["Location"] == "/"


def test_a_one_time_password_opens_the_change_page_and_nothing_else(site):
    browser = site.browser()
    sent = browser.log_in("agent_wang", issue_password(site.engine, "agent_wang", SYSTEM.id))
    assert sent.headers["Location"] == "/password"
    assert [browser.get(path).headers.get("Location") for path in ("/", "/admin/people")] == ["/password", "/password"]


def test_after_the_forced_change_work_begins(site):
    word = issue_password(site.engine, "agent_wang", SYSTEM.id)
    browser = site.browser()
    browser.log_in("agent_wang", word)
    before = browser.cookie()
    sent = browser.post("/password", {"old": word, "new": NEW, "again": NEW})
    assert sent.headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert browser.cookie() != before


def test_a_changed_password_ends_the_other_browsers(site):
    here, there = site.logged_in("agent_li"), site.logged_in("agent_li")
    here.get("/password")
    here.post("/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 303)


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        (PASSWORD, NEW, "something else", "不一样"),
        ("not the old one", NEW, NEW, "原密码不对"),
        (PASSWORD, "short", "short", "至少 10 个字符"),
        (PASSWORD, PASSWORD, PASSWORD, "要和原来的不同"),
        (PASSWORD, "agent_li-2025", "agent_li-2025", "不能有账号"),
    ],
    ids=["typed twice differently", "wrong old one", "too short", "the same", "the account"],
)
def test_a_change_that_cannot_be_says_why_beside_the_field(site, old, new, again, said):
    browser = site.logged_in("agent_li")
    browser.get("/password")
    answer = browser.post("/password", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_whoever_is_logged_in_does_not_log_in_again(site):
    assert site.logged_in("agent_li").get("/login").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        ("agent_li", ["待办", "待签收", "已办", "我发起", "流程"]),
        ("admin_tang", ["待办", "待签收", "已办", "我发起", "流程", "管理"]),
    ],
)
def test_the_navigation_shows_what_somebodys_roles_open(site, account, shown):
    site.deploy_hotline()
    page = site.logged_in(account).get("/password").get_data(as_text=True)
    nav = page[page.index('<nav class="nav"') : page.index("</nav>")]
    assert [
        name for name in ("待办", "待签收", "已办", "我发起", "看板", "流程", "管理") if f"<span>{name}</span>" in nav
    ] == shown
    assert ("登记来电" in page) == (account == "agent_li")


def test_the_shift_leader_has_a_board(site):
    site.deploy_hotline()
    assert "<span>看板</span>" in site.logged_in("leader_wang").get("/password").get_data(as_text=True)
