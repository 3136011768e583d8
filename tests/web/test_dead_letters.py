"""The admins' page of what a channel has given up: why, and sending it again, once."""

import pytest
from sqlalchemy import insert

from engine import ChangeReach
from engine.store.database import transaction
from engine.store.tables import channel, delivery_attempt, incident, outbox

PAGE = "/admin/channels/robot/dead-letters"
WORDS = "api freq out of limit <13800001111>"


@pytest.fixture
def admin(site):
    """Two messages were given up on a robot, about an order."""
    site.deploy_hotline()
    site.call("agent_li")
    with transaction(site.engine.database) as connection:
        row = {
            "key": "robot",
            "kind": "wecom",
            "name": "值班群",
            "unit": None,
            "settings": {},
            "secrets": {},
            "version": 1,
        }
        row |= {"allows_inside": False, "is_on": True, "changed_at": site.clock.at, "changed_by": "admin_tang"}
        connection.execute(insert(channel), row)
        connection.execute(outbox.delete())
    give_up(site, "agent_li", "k1", unknowns=2)
    give_up(site, "13911112222", "k2")
    return site.logged_in("admin_tang")


def give_up(site, recipient, key, **said):
    [order] = site.rows("work_order")
    row = {
        "instance_id": order.instance_id,
        "channel": "robot",
        "recipient": recipient,
        "notice": "urged",
        "subject": "催办",
    }
    row |= {
        "body": "请快办",
        "idempotency_key": key,
        "created_at": site.clock.at,
        "run_at": site.clock.at,
        "state": "failed",
    }
    row |= {"error": f"45009 {WORDS}", "fence": 1, "attempts": 1, **said}
    with transaction(site.engine.database) as connection:
        ident = connection.execute(insert(outbox).returning(outbox.c.id), row).scalar_one()
        told = {"outbox_id": ident, "number": 1, "channel": "robot", "at": site.clock.at, "outcome": "rejected"}
        connection.execute(insert(delivery_attempt), {**told, "code": "45009", "words": WORDS})
        about = {
            "kind": "DeliveryFailed",
            "element_id": "",
            "reason": "45009",
            "payload": {"outbox": ident},
            "at": site.clock.at,
        }
        connection.execute(insert(incident), {**about, "instance_id": order.instance_id, "state": "open"})
    return ident


def text(response):
    return response.get_data(as_text=True)


def states(site):
    return [(row.recipient, row.state) for row in site.rows("outbox")]


def open_incidents(site):
    return [row.payload["outbox"] for row in site.rows("incident") if row.state == "open"]


def form(page, path):
    """Give the `once` of the form that goes to a path."""
    return page.split(f'action="{path}"')[1].split('name="once" value="')[1].split('"')[0]


def test_the_page_tells_order_person_and_the_providers_own_code_and_words(site, admin):
    page = text(admin.get(PAGE))
    assert f"/orders/{site.orders[0]}" in page
    assert "李晓岚" in page
    assert "<code>45009</code> api freq out of limit &lt;138****1111&gt;" in page
    assert page.count("45009") == 2
    assert "139****2222" in page
    assert "可能重复:2 次没有等到回答" in page
    assert page.count("可能重复") == 1
    assert "13911112222" not in page


def test_a_digest_says_how_many_notices_it_is(site, admin):
    leader = site.rows("outbox")[0].id
    give_up(site, "agent_li", "k3", state="merged", merged_into=leader)
    give_up(site, "agent_li", "k4", state="passed_on", merged_into=leader)
    page = text(admin.get(PAGE))
    assert "汇总,共 2 条" in page
    assert page.count("汇总,") == 1


def test_channel_and_queue_lead_there(admin):
    assert f'href="{PAGE}"' in text(admin.get("/admin/channels/robot"))
    assert f'href="{PAGE}"' in text(admin.get("/admin/queues/outbox?state=failed"))
    assert f'href="{PAGE}"' not in text(admin.get("/admin/queues/outbox?state=sent"))


def test_a_letter_is_sent_again_once_however_often_the_form_comes(site, admin):
    ident = site.rows("outbox")[0].id
    said = {"once": form(text(admin.get(PAGE)), f"{PAGE}/{ident}")}
    for _ in range(2):
        answer = admin.post(f"{PAGE}/{ident}", said)
        assert (answer.status_code, "已重发" in text(admin.get(answer.location))) == (303, True)
    assert states(site) == [("agent_li", "ready"), ("13911112222", "failed")]
    assert open_incidents(site) == [site.rows("outbox")[1].id]
    assert [row.kind for row in site.rows("admin_event")].count("MessageResent") == 1


def test_a_second_click_after_it_failed_anew_does_not_send_it_a_third_time(site, admin):
    ident = site.rows("outbox")[0].id
    said = {"once": form(text(admin.get(PAGE)), f"{PAGE}/{ident}")}
    admin.post(f"{PAGE}/{ident}", said)
    with transaction(site.engine.database) as connection:
        connection.execute(outbox.update().where(outbox.c.id == ident).values(state="failed"))
    admin.post(f"{PAGE}/{ident}", said)
    assert states(site)[0] == ("agent_li", "failed")


def test_a_letter_goes_to_another_person(site, admin):
    ident = site.rows("outbox")[0].id
    answer = admin.post(f"{PAGE}/{ident}", {"recipient": "agent_wang"})
    assert "已重发,发给 agent_wang" in text(admin.get(answer.location))
    assert states(site)[0] == ("agent_wang", "ready")
    assert "改发给别人" in text(admin.get("/admin/acts"))


def test_what_is_refused_is_said_and_what_was_typed_stays(site, admin):
    with transaction(site.engine.database) as connection:
        connection.execute(channel.update().values(kind="sms"))
    ident = site.rows("outbox")[0].id
    answer = admin.post(f"{PAGE}/{ident}", {"recipient": "agent_wang"})
    assert (answer.status_code, "agent_wang 没有手机号" in text(answer)) == (422, True)
    assert 'value="agent_wang"' in text(answer)
    site.engine.execute(ChangeReach("agent_wang", "", "13933334444", False, "admin_tang"))
    assert admin.post(f"{PAGE}/{ident}", {"recipient": "agent_wang"}).status_code == 303
    gone = admin.post(f"{PAGE}/{ident}", {})
    assert (gone.status_code, "已经不在死信里" in text(gone)) == (409, True)
    assert admin.post(f"{PAGE}/999999", {}).status_code == 404


def test_all_of_a_channel_are_sent_again_once(site, admin):
    said = {"once": form(text(admin.get(PAGE)), PAGE)}
    assert "已重发 2 条" in text(admin.get(admin.post(PAGE, said).location))
    assert "这一次已经重发过了" in text(admin.get(admin.post(PAGE, said).location))
    assert "没有死信了" in text(admin.get(admin.post(PAGE, {}).location))
    assert states(site) == [("agent_li", "ready"), ("13911112222", "ready")]
    assert open_incidents(site) == []
    assert "重发通道的全部死信" in text(admin.get("/admin/acts"))


def test_a_channel_that_is_there_no_longer_keeps_its_page(site, admin):
    with transaction(site.engine.database) as connection:
        connection.execute(channel.delete())
    assert "<code>robot</code>" in text(admin.get(PAGE))


def test_statements_do_not_grow_with_the_letters_and_there_are_pages(site, admin):
    with site.statements() as few:
        admin.get(PAGE)
    for n in range(60):
        give_up(site, "agent_li", f"more{n}")
    with site.statements() as many:
        page = text(admin.get(PAGE))
    assert len(few) == len(many)
    assert "62 条" in page
    following = page.split('rel="next" href="')[1].split('"')[0]
    assert text(admin.get(following)).count("45009") == 12
