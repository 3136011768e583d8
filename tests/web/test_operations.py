"""What admins mend: incidents and their verbs, queues, the four-eyes switch; and the probes."""

import json
import re
from datetime import timedelta

import pytest

from engine.queries.operations import is_ready
from engine.store.database import transaction
from engine.store.tables import channel, delivery_attempt, outbox
from tests.web.support_pages import TOKEN, Desk, desk, furnished_desk

__all__ = ["desk", "furnished_desk"]
PHONE = "13812345678"


@pytest.fixture
def failed(desk: Desk) -> Desk:
    """A letter that could not be posted: one open incident."""
    desk.start(phone=PHONE)
    desk.write()
    desk.give_up()
    return desk


@pytest.fixture
def aside(desk: Desk) -> Desk:
    """A timer whose step divides by zero: set aside, one open incident."""
    desk.start(amount=0)
    desk.give_up()
    return desk


def incident(desk: Desk) -> str:
    return desk.rows("incident")[-1].state


PAGES = "/admin /admin/incidents /admin/incidents/1 /admin/queues/jobs /admin/queues/timers /admin/queues/outbox"


@pytest.mark.parametrize("path", PAGES.split())
def test_admins_see_the_pages_and_others_find_nothing(failed, path):
    assert failed.get("root", path).status_code == 200
    assert [failed.get(p, path).status_code for p in ("clerk", "owner", "mei")] == [404, 404, 404]


@pytest.mark.parametrize("verb", ["retry", "skip", "cancel"])
def test_others_find_no_verbs(failed, verb):
    assert failed.send("owner", f"/admin/incidents/1/{verb}", reason="x").status_code == 404
    assert incident(failed) == "open"


def test_an_incident_shows_cause_element_and_data_with_the_phone_hidden(failed):
    text = failed.get("root", "/admin/incidents/1").text
    assert "邮路不通 138****5678" in text
    assert "寄出" in text
    assert PHONE not in text


def test_a_retry_lets_the_job_run_again(failed):
    failed.post.is_open = True
    assert failed.send("root", "/admin/incidents/1/retry").status_code == 303
    failed.worker.drain()
    assert (failed.post.sent, incident(failed)) == ([PHONE], "resolved")
    assert "IncidentRetried" in failed.history()


def test_a_retry_with_changed_data_uses_it(failed):
    failed.post.is_open = True
    data = json.dumps({"inputs": {"to": "13900001111"}})
    failed.send("root", "/admin/incidents/1/retry", **{"with": "data", "data": data})
    failed.worker.drain()
    assert failed.post.sent == ["13900001111"]


def test_a_hidden_number_left_as_it_stands_is_the_number_it_was(failed):
    failed.post.is_open = True
    data = json.dumps({"inputs": {"to": "138****5678", "note": "加急"}})
    failed.send("root", "/admin/incidents/1/retry", **{"with": "data", "data": data})
    failed.worker.drain()
    assert failed.post.sent == [PHONE]


@pytest.mark.parametrize("data", ["{", "[]", "3", '{"inputs": 3}', "NaN", "[" * 5000, ""])
def test_data_that_is_no_object_is_refused_and_kept_on_the_page(failed, data):
    response = failed.send("root", "/admin/incidents/1/retry", **{"with": "data", "data": data})
    assert response.status_code == 422
    assert incident(failed) == "open"


def test_skipping_gives_the_job_a_result_and_the_case_goes_on(failed):
    response = failed.send("root", "/admin/incidents/1/skip", reason="已当面交付", result='{"tracking": "HAND"}')
    assert response.status_code == 303
    assert failed.rows("work_order")[0].record["tracking"] == "No.HAND"
    assert [t.element_id for t in failed.rows("user_task") if t.state == "open"] == ["file"]
    assert failed.history()[-1] == "IncidentSkipped"


def test_skipping_needs_a_reason(failed):
    assert failed.send("root", "/admin/incidents/1/skip", reason=" ", result='{"tracking": "X"}').status_code == 422
    assert incident(failed) == "open"


def test_a_result_that_does_not_fit_changes_nothing(failed):
    assert failed.send("root", "/admin/incidents/1/skip", reason="x").status_code == 422
    assert (incident(failed), failed.rows("job")[0].state) == ("open", "failed")
    assert len(failed.rows("incident")) == 1


def test_cancelling_ends_the_case_and_its_incidents(failed):
    assert failed.send("root", "/admin/incidents/1/cancel", reason="重复的信").status_code == 303
    order, case = failed.rows("work_order")[0], failed.rows("instance")[0]
    assert (order.status, case.status, incident(failed)) == ("terminated", "terminated", "resolved")
    assert "CaseTerminated" in failed.history()
    assert failed.rows("job")[0].state == "cancelled"


def test_a_resolved_incident_is_not_mended_twice(failed):
    failed.send("root", "/admin/incidents/1/retry")
    assert failed.send("root", "/admin/incidents/1/retry").status_code == 404
    assert "resolved" not in failed.get("root", "/admin/incidents/1").text


def test_a_timer_set_aside_fires_again(aside):
    assert aside.rows("timer")[0].state == "failed"
    aside.send("root", "/admin/incidents/1/retry")
    assert aside.rows("timer")[0].state == "waiting"
    aside.worker.drain()
    assert [row.state for row in aside.rows("incident")] == ["resolved", "open"]


def test_a_boundary_timer_may_be_left_aside(aside):
    assert aside.send("root", "/admin/incidents/1/skip", reason="不用提醒").status_code == 303
    aside.worker.drain()
    assert (incident(aside), len(aside.rows("incident"))) == ("resolved", 1)


def test_the_history_stays_whole_through_all_verbs(failed):
    from engine.store.database import reading
    from engine.store.history import broken_at

    failed.send("root", "/admin/incidents/1/skip", reason="x", result='{"tracking": "T"}')
    with reading(failed.engine.database) as connection:
        assert broken_at(connection, 1) is None


def channel_with_a_dead_letter(desk):
    values = {"kind": "wecom", "name": "群", "settings": {}, "secrets": {"key": "torn"}, "allows_inside": False}
    said = {"recipient": "x", "notice": "n", "subject": "s", "body": "b", "created_at": desk.engine.now()}
    with transaction(desk.engine.database) as connection:
        changed = {"is_on": True, "version": 1, "changed_at": desk.engine.now(), "changed_by": "root"}
        connection.execute(channel.insert(), {"key": "group", **values, **changed})
        late = desk.engine.now() - timedelta(seconds=90)
        for key, state in (("a", "failed"), ("b", "ready")):
            row = {
                **said,
                "channel": "group",
                "idempotency_key": key,
                "state": state,
                "run_at": late,
                "fence": 0,
                "attempts": 0,
            }
            connection.execute(outbox.insert(), row)
        lost = {"outbox_id": 1, "number": 1, "channel": "group", "at": late, "outcome": "unknown"}
        connection.execute(delivery_attempt.insert(), {**lost, "code": "", "words": ""})


def test_metrics_count_each_channel(desk):
    channel_with_a_dead_letter(desk)
    text = desk.browser("nobody").get("/metrics", headers={"X-Metrics-Token": TOKEN}).text
    names = ("waiting", "lag_seconds", "dead_letters", "possible_duplicates", "held_seconds", "unusable")
    found = {name: re.search(rf'channel_{name}{{channel="group"}} (\S+)', text)[1] for name in names}
    assert float(found.pop("lag_seconds")) >= 90
    assert found == {
        "waiting": "1.0",
        "dead_letters": "1.0",
        "possible_duplicates": "1.0",
        "held_seconds": "0.0",
        "unusable": "1.0",
    }


def test_the_overview_names_channels_that_want_looking_at(desk):
    assert "条没发成" not in desk.get("root", "/admin").text
    channel_with_a_dead_letter(desk)
    text = desk.get("root", "/admin").text
    assert "不能用" in text
    assert "1 条没发成" in text


def test_the_overview_counts(failed):
    text = failed.get("root", "/admin").text
    assert "件等着处理" in text
    assert "四眼原则" in text


def test_the_four_eyes_switch_is_for_admins(desk):
    assert desk.send("owner", "/admin/settings/four_eyes", value="on").status_code == 403
    assert desk.send("root", "/admin/settings/four_eyes", value="on").status_code == 303
    assert [row.kind for row in desk.rows("admin_event")] == ["SettingChanged"]


def test_an_unknown_queue_is_not_found(desk):
    assert desk.get("root", "/admin/queues/secrets").status_code == 404


def test_health_needs_no_login_and_no_database(desk):
    desk.engine.database.dispose()
    assert (desk.get("nobody", "/healthz").status_code, desk.get("nobody", "/healthz").text) == (200, "ok\n")


def test_ready_when_database_schema_and_disk_are(desk):
    assert desk.get("nobody", "/readyz").status_code == 200
    assert is_ready(desk.engine.database)
    assert not is_ready(desk.engine.database, least_free=1.0)


def test_an_old_schema_is_not_ready(desk):
    from sqlalchemy import text

    with desk.engine.database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert desk.get("nobody", "/readyz").status_code == 503


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 404),
        ({"Authorization": f"Bearer {TOKEN}"}, 200),
        ({"X-Metrics-Token": TOKEN}, 200),
        ({"Authorization": "Bearer wrong"}, 404),
        ({"Authorization": "Bearer "}, 404),
        ({"X-Metrics-Token": "错"}, 404),
    ],
)
def test_metrics_open_with_the_token_only(desk, headers, status):
    sent = {k: v.encode().decode("latin-1") for k, v in headers.items()}
    assert desk.browser("clerk").get("/metrics", headers=sent).status_code == status


def test_metrics_count_queues_and_requests(failed):
    failed.get("clerk", "/procedures/letter")
    text = failed.browser("nobody").get("/metrics", headers={"X-Metrics-Token": TOKEN}).text
    assert 'jobs{state="failed"} 1.0' in text
    assert "incidents_open 1.0" in text
    assert 'http_request_seconds_count{method="GET",route="/procedures/<key>",status="200"} 1.0' in text
    assert 'oldest_due_age_seconds{queue="jobs"}' in text
