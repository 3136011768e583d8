"""A notice's whole way with real parts: set up by an admin, sent by a worker, refused, sent another way, read, answered."""

import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.domain import signatures
from tests.browser.conftest import PASSWORD, Office, running_office
from tests.browser.test_an_admin_mends_a_job import wait_for
from tests.browser.test_working_time import dispatched, opened
from tests.support.certificates import Authority
from tests.support.http_fakes import Said, provider
from tests.support.smtp_servers import mail_server

HOOK_KEY = "whsec_" + "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU="
ROBOT = "the-key-of-the-groups-robot"
SMS = {
    "access_key_id": "LTAI5t",
    "access_key_secret": "s" * 30,
    "sign_name": "热线",
    "template": "SMS_1",
    "hook_secret": HOOK_KEY,
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office of its own: other tests shall not find its channels."""
    with running_office(tmp_path_factory.mktemp("notices"), "hotline") as office:
        yield office


def soon(found: Callable[[], Any]) -> Any:
    """Wait until something is there, and give it."""
    for _ in range(100):
        if thing := found():
            return thing
        time.sleep(0.1)
    raise AssertionError("nothing came")


def set_up(admin: Any, kind: str, **said: str) -> None:
    """Add a channel inside the house through its form; it is called by its kind's name for short."""
    admin.open("/admin/channels")
    admin.page.locator(f"a[href$='kind={kind}']").click()
    admin.fill(allows_inside="true", **said)
    admin.press("存下通道,先不启用")
    assert "还没有启用" in admin.text()


def try_out(admin: Any, to: str = "") -> str:
    """Send a message for trying out; give what the page says when it is over."""
    if to:
        admin.fill(to=to)
    admin.press("发送测试消息")
    admin.page.locator("#result h2").locator(".calm, .late, .soon").wait_for()
    return str(admin.page.locator("#result").inner_text())


def log_in_again(person: Any, account: str) -> None:
    """Fill in the log-in that stands in the way."""
    assert "/login" in person.page.url
    person.fill(account=account, password=PASSWORD)
    person.page.locator("main button").first.click()
    person.page.wait_for_url(lambda url: "/login" not in url)


def unread(person: Any) -> str:
    """Give the count beside the inbox in the header."""
    return (
        str(person.page.locator("header .badge").inner_text()) if person.page.locator("header .badge").count() else ""
    )


def course(person: Any, number: str, words: str) -> str:
    """Wait until the order's record says something; give the whole line of the notice."""
    wait_for(person, f"/orders/{number}", words)
    return str(person.page.locator("ol.timeline li", has_text=words).first.inner_text())


def report(office: Office, channel: str, said: dict[str, str]) -> int:
    """Call as a provider does that reports what became of a message; give the status of the answer."""
    body = json.dumps(said).encode()
    headers = signatures.sign(HOOK_KEY, "call-1", datetime.now(UTC), body)
    call = urllib.request.Request(f"{office.url}/hooks/{channel}", body, headers)
    with urllib.request.urlopen(call, timeout=10) as answer:
        return int(answer.status)


def link_in(mail: Any, wanted: str) -> str:
    """Give the link of a mail whose text says what is wanted and whose HTML has the same link."""
    text, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert wanted in text and '<html lang="zh-CN">' in page
    [link] = re.findall(r"http://\S+/go/\S+", text)
    assert f'href="{link}"' in page
    return str(link)


def test_a_mail_leads_to_the_task_once_and_the_order_says_that_it_arrived(somebody: Any, tmp_path: Path) -> None:
    authority = Authority()
    admin, clerk = somebody("admin_tang"), somebody("clerk_roads_zhou")
    with mail_server(authority.server_context(tmp_path, "localhost"), asks_login=True) as box:
        login = {"user": "banjie", "password": "right-password", "ca": authority.pem}
        sender = {"server": "localhost", "port": str(box.port), "security": "tls", "sender": "notice@banjie.test"}
        set_up(admin, "email", code="office_mail", name="邮件", **sender, **login)
        said = try_out(admin, "tang@example.cn")
        assert "对方收下了" in said and "queued as 4F1B2" in said
        admin.press("回到通道")
        admin.press("启用这个通道")
        admin.open("/admin/channels")
        admin.press("通知怎么走")
        admin.page.locator("[name=assigned-1]").select_option(label="邮件")
        admin.press("保存")

        clerk.open("/notices/wishes")
        clerk.fill(email="zhou@roads.example.cn")
        clerk.press("保存")
        leader = somebody("leader_wang")
        number = dispatched(somebody("agent_li"), leader, "雨水井盖破损")
        mail = soon(lambda: next((one for one in box.letters if one["To"].endswith("<zhou@roads.example.cn>")), None))
        assert box.encrypted == [True, True]
    assert number in mail["Subject"] and "雨水井盖破损" in mail["Subject"]
    link = link_in(mail, "诉求：尽快填平")

    clerk.open("/")
    assert unread(clerk).startswith("1")
    clerk.page.context.clear_cookies()
    clerk.page.goto(link)
    log_in_again(clerk, "clerk_roads_zhou")
    assert "/tasks/" in clerk.page.url and number in clerk.text() and unread(clerk) == ""
    clerk.page.goto(link)
    assert "用过" in clerk.text()
    assert re.search(r"邮件已送达 \d\d:\d\d", course(leader, number, "邮件已送达"))


def test_a_robots_refusal_is_told_and_a_text_message_goes_instead_and_arrives(somebody: Any, office: Office) -> None:
    admin, clerk, leader = somebody("admin_tang"), somebody("clerk_roads_zhou"), somebody("leader_wang")
    clerk.open("/notices/wishes")
    clerk.fill(phone="13800010077")
    clerk.press("保存")
    with provider() as robot, provider() as gateway:
        set_up(admin, "wecom", code="group", name="企业微信", key=ROBOT, endpoint=f"http://127.0.0.1:{robot.port}")
        robot.says(Said(body={"errcode": 93000, "errmsg": "invalid webhook url"}))
        set_up(admin, "sms", code="texts", name="短信", endpoint=f"http://127.0.0.1:{gateway.port}", **SMS)
        gateway.says(Said(body={"Code": "OK", "Message": "OK", "BizId": "900619746936498440^0"}))
        for code in ("group", "texts"):
            admin.open(f"/admin/channels/{code}")
            admin.press("启用这个通道")
        number = dispatched(somebody("agent_li"), leader, "隔离栏倒伏")
        text = soon(lambda: gateway.seen and gateway.seen[0].form)
        robot.says(Said(body={"errcode": 45009, "errmsg": "api freq out of limit"}))
        admin.open("/admin/channels/group")
        said = try_out(admin)
        assert "没送到,再试" in said and "45009 api freq out of limit" in said
        mentioned = [call.json["text"].get("mentioned_mobile_list") for call in robot.seen]
    assert mentioned == [["13800010077"], None] and robot.seen[0].query == {"key": ROBOT}
    assert text["PhoneNumbers"] == "13800010077" and number in text["TemplateParam"]
    line = course(leader, number, "短信已交给网关")
    assert re.search(r"企业微信拒收:93000 invalid webhook url → 短信已交给网关 \d\d:\d\d", line)

    told = {"key": text["OutId"], "outcome": "confirmed", "code": "DELIVERED", "words": "用户接收成功"}
    assert report(office, "texts", told) == 204
    assert re.search(r"短信已送达 .*对方确认收到 \d\d:\d\d", course(leader, number, "对方确认收到"))


def test_who_is_urged_answers_in_writing_and_whoever_urged_reads_it(somebody: Any) -> None:
    chief, clerk = somebody("office_chen"), somebody("clerk_roads_zhou")
    number = dispatched(somebody("agent_li"), somebody("leader_wang"), "行道树遮挡信号灯")
    chief.open(f"/orders/{number}")
    chief.press("承办并填写反馈单")
    opened(chief, "催办")
    chief.fill(text="今天能去看吗?")
    chief.page.locator("form[action$='/urge'] button").click()
    chief.open(f"/orders/{number}")
    assert re.search(rf"{number}-催1.*今天能去看吗?.*等答复.*前", chief.page.locator("#slips").inner_text(), re.S)

    clerk.open("/notices?unread=1")
    clerk.page.get_by_role("link", name=re.compile(f"催办 {number}")).click()
    clerk.open(f"/orders/{number}")
    clerk.page.get_by_label("答复的话").fill("下午三点到现场修剪。")
    clerk.press("提交答复")
    assert "已答复,发单的人会收到" in clerk.text()

    chief.open("/notices?unread=1")
    assert "下午三点到现场修剪。" in chief.page.locator("li", has_text=f"{number}-催1 有了答复").inner_text()
