"""People at their browsers who send every form twice: one after the other, or with a double click."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from engine import CoSignersOf, Engine
from engine.forms.answers import texts_of
from engine.sign_in import session_id
from engine.store import accounts
from engine.store.database import reading, transaction
from engine.store.tables import extension, history, metadata, work_order
from tests.support.races import race
from tests.web.conftest import Browser
from web.app import create_app
from workers.rehearsal.co_signer_verbs import key_of
from workers.rehearsal.order_verbs import jump
from workers.rehearsal.return_verbs import send_back
from workers.rehearsal.scenario import Run
from workers.rehearsal.scenario_file import Scenario
from workers.rehearsal.stage import Stage

FINE = (303, 409)
ACTS = (
    *("InstanceStarted", "UserTaskCompleted", "UserTaskClaimed", "UserTaskReleased", "UserTaskTransferred"),
    *("UserTaskUrged", "ExtensionAsked", "ExtensionGranted", "ExtensionRefused", "ExtensionWithdrawn"),
    *(
        "MessageReceived",
        "OrderCancelled",
        "CaseTerminated",
        "OrderVoided",
        "InstanceSuspended",
        "InstanceResumed",
        "InstanceJumped",
        "OrderSupervised",
        "SlipAnswered",
    ),
    *("OrderCopied", "CopyRead", "OrderCommented"),
    *("UserTaskSentBack", "StepWithdrawn"),
    *("SignersAsked", "UserTaskSigned", "SignerTakenOff", "AnswersHeld"),
    *("CoSignerAdded", "CoSignerDropped"),
    *("UserTaskDelegated", "DelegationAnswered", "DelegationRecalled"),
)
"""What the history calls the effect of one form."""
SURROUNDINGS = frozenset({"app_session", "account"})
"""What no form is about."""


class Office:
    """The application over an engine, with a browser for everybody."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.app = create_app(engine)

    def browser(self, person: str) -> Browser:
        """Give a browser in which somebody has just logged in."""
        token = secrets.token_urlsafe(16)
        with transaction(self.engine.database) as connection:
            now = self.engine.clock.now()
            accounts.put_password(connection, person, "no-password-opens-this", False, now)
            accounts.open_session(connection, session_id(token), person, now, timedelta(hours=12))
        browser = Browser(self.app.test_client())
        browser.carry(token)
        browser.get("/password")
        return browser

    def twins(self, person: str) -> list[Browser]:
        """Give one browser twice, for two clicks in the same moment."""
        first = self.browser(person)
        second = Browser(self.app.test_client(), first.token)
        for name in ("banjie_session", "banjie_form"):
            cookie = first.client.get_cookie(name)
            assert cookie is not None
            second.client.set_cookie(name, cookie.value)
        return [first, second]

    def again(self, person: str, path: str, said: Mapping[str, Any]) -> list[TestResponse]:
        """Send a form, and once more when it has been answered; what stands in the database is as after the first time."""
        browser, form = self.browser(person), filled(said)
        first = browser.post(path, form)
        before = self.stored()
        second = browser.post(path, form)
        assert changed(before, self.stored()) == [], f"{path} {said}"
        return [first, second]

    def at_once(self, person: str, path: str, said: Mapping[str, Any]) -> list[TestResponse]:
        """Send a form twice in the same moment."""
        form = filled(said)
        acts: list[Callable[[], TestResponse]] = [lambda b=b: b.post(path, form) for b in self.twins(person)]  # type: ignore[misc]
        return race(acts)

    def stored(self) -> dict[str, list[Any]]:
        """Give everything that stands in the database, but sessions."""
        with reading(self.engine.database) as connection:
            return {
                name: list(connection.execute(select(table).order_by(*table.primary_key)))
                for name, table in metadata.tables.items()
                if name not in SURROUNDINGS
            }


def changed(before: Mapping[str, list[Any]], after: Mapping[str, list[Any]]) -> list[str]:
    """Give the names of the tables that differ."""
    return [name for name in before if before[name] != after[name]]


def filled(said: Mapping[str, Any]) -> dict[str, list[str]]:
    """Give answers as a browser sends them, from a form that was drawn once."""
    form = MultiDict[str, str]([("once", secrets.token_hex(8))])
    for key, value in said.items():
        for name, texts in _texts(key, value):
            form.setlist(name, texts)
    return dict(form.lists())


def _texts(key: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    if isinstance(value, list) and any(isinstance(row, Mapping) for row in value):
        for at, row in enumerate(value):
            yield from ((f"{key}-{at}-{inner}", texts_of(answer)) for inner, answer in row.items())
        return
    yield key, texts_of(value)


class Clicks(Run):
    """A scenario in which people send every form twice through the pages; `send` is how."""

    def __init__(self, stage: Stage, scenario: Scenario, send: Callable[..., list[TestResponse]]) -> None:
        super().__init__(stage, scenario)
        self.send = send
        self.sent = 0
        self.answers: set[tuple[int, ...]] = set()

    def act(self, step: Mapping[str, Any]) -> None:
        """Send the step's form twice; what is no form, or is refused, is done as ever."""
        self.at = self._order(step.get("on", ""))
        form = None if "refused" in step.get("expect", {}) else self._form(step)
        if form is None:
            super().act(step)
            return
        person, path, said = form
        before = self._events(person)
        statuses = [response.status_code for response in self.send(person, path, said)]
        assert statuses[0] in FINE, f"{path} {statuses}"
        assert set(statuses) <= set(FINE), f"{path} {statuses}"
        assert self._events(person) == before + 1, f"{path}: {self._events(person) - before} effects"
        self.sent += 1
        self.answers.add(tuple(sorted(statuses)))
        if "start" in step:
            self.number = self.at = self._newest()

    def _form(self, step: Mapping[str, Any]) -> tuple[str, str, Mapping[str, Any]] | None:
        """Give sender, address and answers of a step that is a form."""
        if "start" in step and "message" not in step["start"]:
            start = step["start"]
            process = start.get("process", self.scenario.process)
            about = {"process": process, "draft": f"start:{process}:{secrets.token_hex(8)}"}
            return start["actor"], "/intake", {**start.get("form", {}), **about}
        if "task" in step and step.get("action", "").endswith("_extension"):
            task = self._open(step["task"], step.get("where", {}))
            action, said = self._about_extension(step["action"], step.get("with", {}))
            return step["actor"], f"/tasks/{task}/{action}", said
        if step.get("action") in ("supervise", "answer_slip"):
            return step["actor"], *self._about_slip(step)
        if step.get("action") in ("send_back", "withdraw"):
            return step["actor"], *self._about_return(step)
        if step.get("action") in ("add_co_signer", "drop_co_signer"):
            return step["actor"], *self._about_co_signer(step)
        if "task" in step:
            action = step.get("action", "complete")
            said = step.get("form", {}) if action == "complete" else _fields(step.get("with", {}))
            return step["actor"], f"/tasks/{self._open(step['task'], step.get('where', {}))}/{action}", said
        if "message" in step and step.get("actor", "system") != "system":
            return step["actor"], f"/orders/{step.get('key', self.at)}/message/{step['message']}", step.get("data", {})
        for verb in ("cancel", "terminate", "void", "suspend", "go_on"):
            if verb in step:
                return step[verb]["actor"], f"/orders/{self.at}/{verb}", {"reason": step[verb].get("reason", "")}
        if "jump" in step:
            command = jump(self.stage.engine, self.at, step["jump"])
            fields = {"at": list(command.positions), "to": command.to, "reason": command.reason}
            return command.actor, f"/orders/{self.at}/jump", fields
        for name in ("copy", "read_copy", "comment"):
            if name in step:
                return step[name]["actor"], f"/orders/{self.at}/{name}", _fields(step[name])
        return None

    def _about_co_signer(self, step: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """Give the address and the fields of the form that lets one more sign, or takes one off."""
        task, said, reason = self.task_of(step), step["with"], {"reason": step["with"].get("reason", "")}
        if step["action"] == "drop_co_signer":
            key = key_of(self.stage.engine, task, step["actor"], said["who"])
            return f"/tasks/{task}/drop_co_signer", {"key": key, **reason}
        several = self.stage.engine.ask(CoSignersOf(task), step["actor"])
        field = "unit" if several is not None and several.named_by == "unit" else "to"
        place = "next" if said.get("next") else "last"
        return f"/tasks/{task}/add_co_signer", {field: said["who"], "place": place, **reason}

    def _about_return(self, step: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """Give the address and the fields of the page that sends back or withdraws."""
        task, said = self.task_of(step), step.get("with", {})
        if step["action"] == "withdraw":
            page = f"/tasks/{task}" if task else f"/orders/{self.at}"
            return f"{page}/withdraw", {"reason": said.get("reason", "")}
        command = send_back(self.stage.engine, task, step["actor"], said)
        return f"/tasks/{task}/return", {
            "to": str(command.to),
            "reason": command.reason,
            "way": "straight" if command.straight else "",
        }

    def _about_slip(self, step: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """Give the address and the fields of the order's form: a new slip, or the answer of one."""
        task, said = self._open(step["task"], step.get("where", {})), step.get("with", {})
        if step["action"] == "supervise":
            return f"/orders/{self.at}/supervise", {"task": str(task), **said}
        return f"/orders/{self.at}/answer", {
            "slip": str(self._slip(task, said.get("number", ""))),
            "text": said["text"],
        }

    def _about_extension(self, action: str, said: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """Give the address and the fields of the page's form; who decides or takes back means the newest request."""
        if action == "ask_extension":
            return action, {"limit": said["by"], "reason": said["reason"]}
        with reading(self.stage.engine.database) as connection:
            newest = connection.execute(select(func.max(extension.c.id))).scalar_one()
        if action == "withdraw_extension":
            return action, {"extension": str(newest)}
        verdict = "grant" if action == "grant_extension" else "refuse"
        decided = {"limit": said.get("by", ""), "note": said.get("reason", said.get("note", ""))}
        return "decide_extension", {**decided, "extension": str(newest), "verdict": verdict}

    def _events(self, person: str) -> int:
        counted = select(func.count()).select_from(history).where(history.c.actor == person, history.c.kind.in_(ACTS))
        with reading(self.stage.engine.database) as connection:
            return int(connection.execute(counted).scalar_one())

    def _newest(self) -> str:
        newest = select(work_order.c.number).order_by(work_order.c.id.desc()).limit(1)
        with reading(self.stage.engine.database) as connection:
            return str(connection.execute(newest).scalar_one())


def _fields(said: Mapping[str, Any]) -> Mapping[str, str]:
    """Give the fields of a form that a scenario's step says, lists as people type them."""
    return {k: "、".join(v) if isinstance(v, list) else v for k, v in said.items() if k != "actor"}
