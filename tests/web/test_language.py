"""Two languages: every text of the pages can be translated and is, and whoever asks for English gets it."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.support.source import ROOT, modules
from web.translations.catalogue import OTHERS, read
from web.translations.extraction import extracted, said

HAN = re.compile("[\u4e00-\u9fff]")
BRAND = "办结"
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
PLACEHOLDER = re.compile(r"%(?:\(\w+\)[sd]|%)")
OF_THE_COMMAND_LINE = ("web/cli.py", "web/assets/")
COLUMNS = {"账号", "姓名", "单位", "岗位", "邮箱", "手机号", "状态", "在用", "停用"}
"""Headings and states in the spreadsheets that are exported and imported: data, the same in every language."""
DATA = {
    "web/language.py": {"中文"},
    "web/operations/people.py": COLUMNS,
    "web/operations/people_files.py": COLUMNS,
    "web/operations/people_import.py": COLUMNS | {"张伟", "话务大厅", "话务员", "李娜"},
}
"""Module → Chinese that is no text of a page."""


def missing(language):
    """Give the texts that a language lacks."""
    known = {(message.context, message.id): message for message in read(language)}
    for text in extracted():
        there = known.get((text.context, text.id))
        if text.id and not (there and all(said(there)) and not there.fuzzy):
            yield text.id


def in_chinese(texts):
    return [text for text in texts if HAN.search(text.replace(BRAND, ""))]


def untold(tree: ast.Module) -> Iterator[str]:
    """Give the Chinese strings of a module that are neither handed to gettext nor documentation."""
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in GETTEXT:
            passed |= {id(argument) for argument in node.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            yield node.value


def unwrapped(template: nodes.Template) -> Iterator[str]:
    """Give the text of a template that is not handed to gettext."""
    calls = [c for c in template.find_all(nodes.Call) if isinstance(c.node, nodes.Name) and c.node.name in GETTEXT]
    passed = {id(argument) for call in calls for argument in call.args}
    for data in template.find_all(nodes.TemplateData):
        yield data.data
    for constant in template.find_all(nodes.Const):
        if isinstance(constant.value, str) and id(constant) not in passed:
            yield constant.value


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_pages_is_translated(language):
    assert list(missing(language)) == [], "run `make translations`, then translate what is new"


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_holds_no_text_that_is_gone(language):
    there = {(text.context, text.id) for text in extracted()}
    assert [m.id for m in read(language) if (m.context, m.id) not in there] == []
    assert list(read(language).obsolete) == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_the_placeholders(language):
    wrong = [
        (message.id, string)
        for message in read(language)
        if message.id
        for string in said(message)
        if Counter(PLACEHOLDER.findall(string))
        != Counter(PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[0]))
    ]
    assert wrong == []


def test_english_texts_are_english():
    assert in_chinese(string for message in read("en") for string in said(message)) == []


def test_no_module_says_something_chinese_past_gettext():
    ours = [m for m in modules("web") if not m.name.startswith(OF_THE_COMMAND_LINE)]
    said_past = {m.name: set(in_chinese(untold(m.tree))) - DATA.get(m.name, set()) for m in ours}
    assert {name: texts for name, texts in said_past.items() if texts} == {}


@pytest.mark.parametrize("path", sorted((ROOT / "web/templates").rglob("*.html")), ids=lambda p: p.name)
def test_no_template_says_something_chinese_past_gettext(path: Path):
    assert in_chinese(unwrapped(Environment().parse(path.read_text("utf-8")))) == []


def test_scripts_take_their_words_from_the_page():
    scripts = [*(ROOT / "web/static").glob("*.js"), *(ROOT / "web/assets/src").glob("*.js")]
    assert {path.name: in_chinese([path.read_text("utf-8")]) for path in scripts} == {p.name: [] for p in scripts}


def test_somebody_may_work_in_english_and_go_back_to_chinese(site):
    browser = site.logged_in("agent_li")
    assert "待签收" in browser.get("/").text
    sent = browser.post("/language", {"language": "en", "next": "/pool?q=road"})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/pool?q=road")
    english = browser.get("/pool?q=road").text
    assert '<html lang="en">' in english
    assert "<span>To claim</span>" in english
    assert "Log out" in english
    browser.post("/language", {"language": "zh", "next": "/"})
    chinese = browser.get("/").text
    assert '<html lang="zh-CN">' in chinese
    assert "<span>待签收</span>" in chinese


def test_the_log_in_page_works_in_english_and_keeps_where_one_was_going(site):
    browser = site.browser()
    page = browser.get("/login?next=/done").text
    assert 'name="next" value="/login?next=/done"' in page
    assert 'name="language" value="en" lang="en">English</button>' in page
    back = browser.post("/language", {"language": "en", "next": "/login?next=/done"}).headers["Location"]
    page = browser.get(back).text
    assert '<html lang="en">' in page
    assert '<button class="primary">Log in</button>' in page
    assert HAN.search(page.replace(BRAND, "").replace(">中文<", "")) is None
    assert browser.log_in("agent_li", goes_to="/done").headers["Location"] == "/done"


@pytest.mark.parametrize(
    "there", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "", "x"]
)
def test_switching_the_language_leads_to_this_site_only(site, there):
    browser = site.logged_in("agent_li")
    assert browser.post("/language", {"language": "en", "next": there}).headers["Location"] == "/"


def test_an_unknown_language_changes_nothing(site):
    browser = site.logged_in("agent_li")
    assert "Set-Cookie" not in browser.post("/language", {"language": "tlh", "next": "/"}).headers
    browser.client.set_cookie("banjie_language", "../../etc")
    assert '<html lang="zh-CN">' in browser.get("/").text


def test_the_language_is_switched_by_a_form_of_our_own_only(site):
    browser = site.logged_in("agent_li")
    assert browser.client.get("/language").status_code == 405
    assert browser.client.post("/language", data={"language": "en"}).status_code == 400


@pytest.mark.parametrize("production", [False, True], ids=["demo", "production"])
def test_the_cookie_is_for_this_site_and_in_production_for_https(site, production):
    site.app.config["SESSION_COOKIE_SECURE"] = production
    browser = site.browser()
    browser.get("/login", base_url="https://localhost")
    said_ = {"language": "en", "next": "/login"}
    sent = browser.post(
        "/language", said_, base_url="https://localhost", headers={"Referer": "https://localhost/login"}
    )
    [cookie] = [c for c in sent.headers.getlist("Set-Cookie") if c.startswith("banjie_language=en")]
    assert ("Secure" in cookie, "HttpOnly" in cookie, "SameSite=Lax" in cookie) == (production, True, True)


def test_after_a_refused_form_the_switch_leads_back_to_the_page_it_stood_on(site):
    browser = site.logged_in("admin_tang")
    browser.get("/admin/people/new")
    refused = browser.post(
        "/admin/people/new", {"account": "?"}, headers={"Referer": "http://localhost/admin/people/new"}
    )
    assert refused.status_code == 422
    assert 'name="next" value="/admin/people/new"' in refused.text


def test_moments_follow_the_language(site):
    site.deploy_hotline()
    site.call("agent_li")
    browser = site.logged_in("agent_li")
    assert "9月22日 10:00" in browser.get("/started").text
    browser.client.set_cookie("banjie_language", "en")
    assert "22 Sep 10:00" in browser.get("/started").text
