"""The verbs of an office and who may say each: the order they are tried on, the people around it, the table of rights."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine import (
    AddCoSigner,
    AddSubstitute,
    AnswerDelegation,
    AnswerSlip,
    AskSigners,
    CancelOrder,
    ClaimUserTask,
    CommentOrder,
    CompleteUserTask,
    CopyOrder,
    DecideExtension,
    DelegateUserTask,
    DropCoSigner,
    DropSigner,
    ExtendUserTask,
    ImportPeople,
    JumpInstance,
    JumpPositions,
    LinkOrders,
    PauseCase,
    ReadCopy,
    RecallDelegation,
    ReleaseUserTask,
    RequestExtension,
    ResumeCase,
    ResumeInstance,
    ReturnTargets,
    SendBack,
    SignUserTask,
    SuperviseOrder,
    SuspendInstance,
    TerminateOrder,
    TransferUserTask,
    UrgeUserTask,
    VoidOrder,
    WithdrawExtension,
    WithdrawStart,
    WithdrawStep,
)
from engine.domain.actors import SYSTEM
from tests.support.offices import UNITS, Office, at
from tests.support.procedures import each, procedure, timer, user

CAST = {
    "holder": "zhou",
    "candidate": "wu",
    "starter": "li",
    "colleague": "qian",
    "supervisor": "sun",
    "urger": "wang",
    "pauser": "hao",
    "unit_head": "feng",
    "stand_in": "mei",
    "asked": "he",
    "stranger": "lu",
    "recused": "zheng",
    "admin": "root",
}
"""Who is who on the order: the stand-in acts for the holder, the asked one has been asked, copied or told to sign."""
NEWCOMERS = (
    ("qian", "钱受理", "desk", "agent"),
    ("hao", "郝主管", "desk", "pauser"),
    ("he", "何专家", "water", "visitor"),
    ("lu", "陆路人", "water", "visitor"),
)


@dataclass(frozen=True)
class Verb:
    """One verb: the scene in which it makes sense, the command it is, its act on the pages and who may say it."""

    scene: Callable[[Office], None]
    command: type
    says: Callable[[Office], dict[str, Any]]
    """What the command is about: its fields besides the actor."""
    may: frozenset[str]
    page: str = ""
    """The act as the pages name it; empty: its button does not depend on acts of the task or the order."""

    def given_by(self, who: str, office: Office) -> Any:
        """Give the command as somebody gives it."""
        return self.command(actor=who, **self.says(office))


def errand(do: str = "") -> dict[str, bytes]:
    """Give the procedure of the table: two steps for clerks, the second, unless another is given, with a limit."""
    steps = user("first"), do or user("do", due="5个工作日"), timer("late", "到期", on="do")
    flows = "start >> first >> do >> end; late >> end"
    files = procedure("errand", *steps, flows=flows, fields="about unit", forms={"do": "result"})
    said = files["procedure.toml"].decode().replace("[notices]", '[columns]\nunit = "unit"\n[notices]')
    files["procedure.toml"] = b'recused = ["about"]\npausers = ["pauser"]\n' + said.encode()
    return files


def _begun(office: Office, do: str = "") -> None:
    persons = [{"id": i, "name": n, "memberships": [{"unit": u, "role": r}]} for i, n, u, r in NEWCOMERS]
    office.engine.execute(ImportPeople(SYSTEM.id, UNITS, persons))
    dates = at("2025-09-22 10:00"), at("2025-09-26 18:00")
    office.engine.execute(AddSubstitute("zhou", "mei", *dates, (), "出差", "zhou"))
    office.deploy(errand(do))
    office.start("errand", about="zheng", unit="roads")


def free(office: Office) -> None:
    """The second step is to be claimed; another clerk did the first."""
    _begun(office)
    office.complete("first", "wu")


def held(office: Office) -> None:
    """The holder has claimed the second step."""
    free(office)
    office.claim("do", "zhou")


def co_signed(office: Office) -> None:
    """The holder and another clerk sign the second step; the holder has asked one more to."""
    marker = each("['zhou', 'wu']", "signer")
    _begun(office, user("do", groups="person:${signer}", due="5个工作日", inside=marker))
    office.complete("first", "wu")
    office.engine.execute(ClaimUserTask(office.open_task("do", "0").id, "zhou"))
    office.engine.execute(AddCoSigner(office.open_task("do", "0").id, "zhou", "he", "事关消防"))


def handed_on(office: Office) -> None:
    """The holder has done the first step; nobody has opened the second."""
    _begun(office)
    office.complete("first", "zhou")


def _after(*steps: Callable[[Office], Any]) -> Callable[[Office], None]:
    def scene(office: Office) -> None:
        held(office)
        for step in steps:
            office.engine.execute(step(office))

    return scene


def _task(office: Office) -> int:
    return office.open_task("do").id


def _request(office: Office) -> int:
    return int(office.rows("extension")[0].id)


def _slip(office: Office) -> int:
    return int(office.rows("slip")[-1].id)


def _on_task(**said: Any) -> Callable[[Office], dict[str, Any]]:
    return lambda office: {"task_id": _task(office), **said}


def _on_order(**said: Any) -> Callable[[Office], dict[str, Any]]:
    return lambda office: {"number": office.number, **said}


def _co_sign(key: str = "", **said: Any) -> Callable[[Office], dict[str, Any]]:
    """About the holder's share of what several sign, and the one whom they have added where a `+` stands for the key."""

    def says(office: Office) -> dict[str, Any]:
        keys = [task.item for task in office.case().open_tasks]
        chosen = {"key": keys[-1] if key == "+" else key} if key else {}
        return {"task_id": office.open_task("do", "0").id, **chosen, **said}

    return says


def _back(office: Office) -> dict[str, Any]:
    task = _task(office)
    target = office.engine.ask(ReturnTargets(task), "root")[0]
    return {"task_id": task, "to": target.task_id, "reason": "材料不全"}


def _extended(office: Office) -> dict[str, Any]:
    task = office.open_task("do")
    return {"task_id": task.id, "by": "1个工作日", "reason": "等材料", "shown": task.due_at}


def _jumped(office: Office) -> dict[str, Any]:
    here = tuple(p.ident for p in office.engine.ask(JumpPositions(office.number), "root") if p.element_id == "do")
    return {"number": office.number, "positions": here, "to": "first", "reason": "办错了分支"}


def _linked(office: Office) -> dict[str, Any]:
    number = office.number
    other = office.start("errand", unit="roads").number
    office.number = number
    return {"number": number, "others": [other]}


delegated = _after(lambda o: DelegateUserTask(_task(o), "zhou", "he", "怎么看"))
asked_to_sign = _after(lambda o: AskSigners(_task(o), "zhou", ["he"], "before", "请看是否合规"))
requested = _after(lambda o: RequestExtension(_task(o), "zhou", "1个工作日", "材料未到"))
paused = _after(lambda o: PauseCase(o.number, "等材料", "other", None, "sun"))
suspended = _after(lambda o: SuspendInstance(o.number, "root", "查系统"))
copied = _after(lambda o: CopyOrder(o.number, "zhou", ["he"]))
supervised = _after(lambda o: SuperviseOrder(_task(o), "sun", "请说明", "1个工作日"))


def _who(words: str) -> frozenset[str]:
    found = frozenset(words.split())
    assert found <= set(CAST), found - set(CAST)
    return found


HANDS = "holder stand_in"
STEER = "supervisor urger"
INSIDE = "holder candidate starter supervisor urger pauser unit_head stand_in admin"

VERBS: dict[str, Verb] = {
    "claim": Verb(free, ClaimUserTask, _on_task(), _who(f"{HANDS} candidate"), "claim"),
    "release": Verb(held, ReleaseUserTask, _on_task(), _who(HANDS), "release"),
    "complete": Verb(held, CompleteUserTask, _on_task(), _who(HANDS), "complete"),
    "complete_free": Verb(free, CompleteUserTask, _on_task(), _who(f"{HANDS} candidate"), "complete"),
    "transfer": Verb(
        held,
        TransferUserTask,
        _on_task(to="wu", reason="忙不过来", held_by="zhou"),
        _who(f"{STEER} {HANDS}"),
        "transfer",
    ),
    "delegate": Verb(held, DelegateUserTask, _on_task(to="sun", question="怎么看"), _who(HANDS), "delegate"),
    "answer": Verb(delegated, AnswerDelegation, _on_task(answer="同意"), _who("asked"), "answer_delegation"),
    "recall": Verb(delegated, RecallDelegation, _on_task(), _who(HANDS), "recall"),
    "add_signer": Verb(
        held, AskSigners, _on_task(to=["sun"], mode="before", question="请看"), _who(HANDS), "ask_signers"
    ),
    "sign": Verb(asked_to_sign, SignUserTask, _on_task(agrees=True), _who("asked"), "sign"),
    "drop_signer": Verb(
        asked_to_sign,
        DropSigner,
        _on_task(person="he", reason="问错人了"),
        _who(f"{HANDS} supervisor"),
        "drop_signer",
    ),
    "add_co_signer": Verb(
        co_signed, AddCoSigner, _co_sign(who="sun", reason="也要看"), _who(f"{HANDS} supervisor"), "add_co_signer"
    ),
    "drop_co_signer": Verb(
        co_signed, DropCoSigner, _co_sign("+", reason="不用了"), _who(f"{HANDS} supervisor"), "drop_co_signer"
    ),
    "drop_drawn_co_signer": Verb(co_signed, DropCoSigner, _co_sign("1", reason="不用了"), _who("supervisor")),
    "send_back": Verb(held, SendBack, _back, _who(HANDS), "send_back"),
    "withdraw": Verb(handed_on, WithdrawStep, lambda o: {"task_id": o.past_tasks()[0].id}, _who("holder")),
    "withdraw_start": Verb(_begun, WithdrawStart, lambda o: {"number": o.number}, _who("starter")),
    "urge": Verb(held, UrgeUserTask, _on_task(text="请尽快"), _who(f"starter {STEER}"), "urge"),
    "supervise": Verb(
        held, SuperviseOrder, _on_task(text="请说明", within="1个工作日"), _who("supervisor"), "supervise"
    ),
    "answer_slip": Verb(
        supervised, AnswerSlip, lambda o: {"slip_id": _slip(o), "text": "已办"}, _who(f"{HANDS} unit_head")
    ),
    "extend": Verb(held, ExtendUserTask, _extended, _who("supervisor"), "extend"),
    "ask_extension": Verb(
        held, RequestExtension, _on_task(limit="1个工作日", reason="等材料"), _who(HANDS), "ask_extension"
    ),
    "decide_extension": Verb(
        requested,
        DecideExtension,
        lambda o: {"extension_id": _request(o), "grant": True},
        _who("supervisor"),
        "decide_extension",
    ),
    "withdraw_extension": Verb(
        requested, WithdrawExtension, lambda o: {"extension_id": _request(o)}, _who(HANDS), "withdraw_extension"
    ),
    "pause": Verb(
        held,
        PauseCase,
        _on_order(reason="等材料", kind="other", review=None),
        _who(f"{HANDS} supervisor pauser"),
        "pause",
    ),
    "resume": Verb(paused, ResumeCase, _on_order(note=""), _who(f"{HANDS} supervisor pauser"), "resume"),
    "cancel": Verb(held, CancelOrder, _on_order(reason="不办了"), _who("starter supervisor"), "cancel"),
    "copy": Verb(held, CopyOrder, _on_order(to=["he"]), _who(f"{HANDS} starter {STEER}"), "copy"),
    "read_copy": Verb(copied, ReadCopy, _on_order(), _who("asked"), "read_copy"),
    "comment": Verb(copied, CommentOrder, _on_order(text="已看"), _who(f"{INSIDE} asked"), "comment"),
    "link": Verb(held, LinkOrders, _linked, _who(f"starter {STEER}"), "link"),
    "suspend": Verb(held, SuspendInstance, _on_order(reason="查系统"), _who("admin"), "suspend"),
    "go_on": Verb(suspended, ResumeInstance, _on_order(), _who("admin"), "go_on"),
    "jump": Verb(held, JumpInstance, _jumped, _who("admin"), "jump"),
    "terminate": Verb(held, TerminateOrder, _on_order(reason="办不下去"), _who("admin"), "terminate"),
    "void": Verb(held, VoidOrder, _on_order(reason="重复登记"), _who("admin"), "void"),
}
