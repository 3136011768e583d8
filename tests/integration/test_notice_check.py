"""Templates are judged when a procedure is deployed: names, lengths, encoding, use, and the tables that speak of them."""

import pytest

from engine import Deploy
from engine.domain.errors import InvalidDiagram
from tests.support.procedures import each, procedure, service, tell, user

FLOWS = "start >> say >> do >> end"


def drawn(template="题 ${number}", said=None, **more):
    """One task and one notice; `said` is put behind procedure.toml."""
    files = procedure(
        "notices",
        user("do"),
        service("say", "notify", notice="said", to="supervisor", step_name="第一步"),
        flows=FLOWS,
        fields="subject reason",
        notices={"said": template},
        **more,
    )
    return {**files, "procedure.toml": files["procedure.toml"] + (said or "").encode()}


def findings(office, files):
    try:
        return {(f.rule, f.level) for f in office.engine.execute(Deploy(files, "system")).findings}
    except InvalidDiagram as refused:
        return {(f.rule, f.level) for f in refused.findings}


@pytest.mark.parametrize("template", ["题 ${number}", "${subject}\n${step_name} ${title} ${due_at} ${received_at}"])
def test_names_of_the_record_of_the_order_and_of_the_call_are_known(office, template):
    assert findings(office, drawn(template)) == set()


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ("题 ${nobody}", "notice-name"),
        ("题 ${task_name}", "notice-name"),
        ("\n正文", "notice-subject"),
        ("长" * 61, "notice-length"),
        ("题 $number", "notice-dollar"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused(office, template, rule):
    assert findings(office, drawn(template)) == {(rule, "error")}


def test_a_template_that_is_no_utf_8_is_refused(office):
    files = {**drawn(), "notices/said.txt": "催办".encode("gb18030")}
    assert findings(office, files) == {("notice-encoding", "error")}


def test_a_template_nobody_uses_is_pointed_out(office):
    files = {**drawn(), "notices/idle.txt": "没人用".encode()}
    assert findings(office, files) == {("notice-unused", "warning")}


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("[notice.sayed]\nurgent = true\n", "notice-rules"),
        ('urge = "sayed"\n', "notice-file"),
        ('urged = "said"\n', "notice-verb"),
    ],
)
def test_settings_that_speak_of_no_template_or_no_verb_are_refused(office, said, rule):
    assert findings(office, drawn(said=said)) == {(rule, "error")}


@pytest.mark.parametrize("name", ["said", "pause"])
def test_rules_may_be_given_for_templates_and_for_the_built_in_notices(office, name):
    assert findings(office, drawn(said=f'[notice.{name}]\nkind = "office"\n')) == set()


def test_a_verbs_template_knows_what_the_verb_says(office):
    files = drawn(verbs={"extend": "later"})
    files["notices/later.txt"] = "${task_name} 延期\n${reason} ${new_due_at}".encode()
    assert findings(office, files) == set()


def test_what_is_only_an_item_of_a_repeated_step_cannot_be_told(office):
    files = procedure(
        "notices",
        user("do", inside=each("reason", "one")),
        tell("say", "said", "supervisor"),
        flows=FLOWS,
        fields="reason",
        notices={"said": "题 ${one}"},
    )
    assert findings(office, files) == {("notice-name", "error")}


def test_the_sentence_says_what_was_meant(office):
    with pytest.raises(InvalidDiagram, match="您是不是想写 \\${subject}"):
        office.deploy(drawn("题 ${subjct}"))
