"""Walks every route of the application as somebody: real ids, nothing lost between two requests."""

import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from werkzeug.routing import Rule

from engine import AddChannel, AddDutyTurn, ChangeDuty, PutRoster, TestChannel
from engine.store.database import transaction
from engine.store.tables import outbox
from tests.web.support_hotline import HANDLED, Hotline, file
from tests.web.test_papers import PNG

LOGGED_OUT = ""
METHODS = ("GET", "POST")
NAMED = {"key": "mayor_hotline", "version": 1, "act": "transfer", "queue": "jobs"}
"""Parts of addresses that are the same whatever stands in the database."""


@dataclass
class Walk:
    """A hotline with three orders, and what stands in its addresses."""

    hotline: Hotline
    orders: dict[str, str]
    """Word → number."""
    values: dict[str, object]
    copy: Path

    def restore(self) -> None:
        """Put the database back as it was, so that every step finds the same."""
        with (
            sqlite3.connect(self.copy) as source,
            sqlite3.connect(self.hotline.site.engine.database.url.database) as target,
        ):
            source.backup(target)

    def address(self, rule: Rule) -> str:
        """Give a route's address about the roads office's order."""
        return rule.build({name: self.values[name] for name in rule.arguments})[1]

    def answer(self, person: str, method: str, path: str):
        """Ask as somebody; the database is put back after a form was sent."""
        browser = self.hotline.site.browser() if person == LOGGED_OUT else self.hotline.as_(person)
        if method == "GET":
            return browser.get(path)
        if person == LOGGED_OUT:
            browser.get("/login")
        try:
            return browser.post(path, {"reason": "走一遍", "to": "clerk_roads_zhou"})
        finally:
            self.restore()


def _roster(hotline: Hotline) -> dict[str, object]:
    """Open a roster with a turn and a change to come."""
    execute, today = hotline.site.engine.execute, hotline.site.engine.now()
    execute(PutRoster("night", "夜间值班", "admin_tang"))
    turn = execute(
        AddDutyTurn("night", "leader_wang", frozenset({1}), 1080, 1950, today.date() - timedelta(days=7), "admin_tang")
    )
    later = today + timedelta(days=3)
    change = execute(ChangeDuty("night", "", "", later, later + timedelta(hours=1), "停电", "admin_tang"))
    return {"roster": "night", "turn": turn, "change": change}


def _channel(hotline: Hotline) -> dict[str, object]:
    """Set up a channel that was tried out, in vain."""
    execute = hotline.site.engine.execute
    execute(AddChannel("console", "console", "打印", {}, "admin_tang"))
    test = execute(TestChannel("console", "", "admin_tang"))
    letter = execute(TestChannel("console", "", "admin_tang"))
    with transaction(hotline.site.engine.database) as connection:
        connection.execute(outbox.update().where(outbox.c.id == letter).values(state="failed"))
    return {"channel": "console", "test": test, "letter": letter}


def furnish(hotline: Hotline, tmp_path: Path) -> Walk:
    """Give three orders: one with the roads office (with an attachment), one with the water company, one not handed over."""
    roads = hotline.dispatched()
    handling = hotline.task(roads)
    said = {**HANDLED, "reply": "", "handling_papers": file("现场.png", PNG)}
    hotline.as_("clerk_roads_zhou").post(f"/tasks/{handling.id}/complete", said, content_type="multipart/form-data")
    [paper] = hotline.site.rows("attachment")
    hotline.as_("clerk_roads_zhou").post(f"/tasks/{handling.id}/complete", {**HANDLED, "handling_papers": paper.id})
    hotline.hand_in("agent_li", roads, verify_result="wrongly_closed")
    water = hotline.start("agent_wang", caller_phone="13911112222", place="人民路1号", subject="水质发黄")
    hotline.hand_in("leader_wang", water, dispatch_choice="dispatch", unit="city_water", urgency="normal")
    fresh = hotline.start("agent_he", caller_phone="13933334444", place="和平路3号", subject="楼道堆物")
    values = {
        **NAMED,
        "number": roads,
        "task_id": handling.id,
        "ident": paper.id,
        "kind": "dispatch",
        "name": "caller_phoned_again",
        "incident_id": 1,
        "timer_id": 999_999,
        "rule": 999_999,
        "person": "agent_li",
        "unit": "city_roads",
        "filename": "app.css",
        "calendar": "office",
        "of": 2025,
        "in_month": 10,
        "on": "2025-10-10",
        **_roster(hotline),
        **_channel(hotline),
        "token": "forged.link",
        "notice_id": next(row.id for row in hotline.site.rows("notification") if row.person == "clerk_roads_zhou"),
    }
    walk = Walk(hotline, {"roads": roads, "water": water, "fresh": fresh}, values, tmp_path / "before.db")
    with sqlite3.connect(hotline.site.engine.database.url.database) as source, sqlite3.connect(walk.copy) as target:
        source.backup(target)
    return walk
