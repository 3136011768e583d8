"""Tasks that are co-signed: words that are understood, on a repeated user task, with a vote in its form."""

from engine.bpmn.documents import tag
from engine.bpmn.lint.bundle import Bundle, Node
from engine.bpmn.lint.known import Known
from engine.bpmn.lint.report import Report
from engine.domain.co_signing import ALL, ANY, KIND, said_about, vote_of, wrong_words

_PAGE = "见 docs/howto/owner/co-signing.md"


def check(bundle: Bundle, known: Known, report: Report) -> None:
    """Look at every element that says something about co-signing."""
    for node in bundle.nodes():
        if said_about(node.element.properties):
            _co_signed(node, known, report)


def _co_signed(node: Node, known: Known, report: Report) -> None:
    file, said = node.scope.file, said_about(node.element.properties)
    if KIND not in said:
        message = f"{node.called}:写了 {'、'.join(said)} 却没有写 co_sign(怎样算通过),不会起作用;请补上或删去"
        report.error(file, node.id, "co-sign-word", message)
        return
    if not node.element.is_manual or node.multi is None:
        message = f"{node.called}:会签(co_sign)要写在画了多实例标记(三条线)的待办上;请在图上加标记并写名单"
        report.error(file, node.id, "co-sign-place", message)
        return
    for wrong in wrong_words(said):
        report.error(file, node.id, "co-sign-word", f"{node.called}:{wrong};{_PAGE}")
    if node.multi.find(tag("completionCondition")) is not None:
        message = f"{node.called}:已经写了 co_sign,不能再画完成条件(completionCondition);两样留一样"
        report.error(file, node.id, "co-sign-condition", message)
    if said[KIND] == ANY and node.element.in_turn:
        message = f"{node.called}:或签(any)是一起签、先签为准,不能依次(isSequential);请改成并行,或改 co_sign = {ALL}"
        report.error(file, node.id, "co-sign-place", message)
    _vote(node, known, report)


def _vote(node: Node, known: Known, report: Report) -> None:
    """The vote is a choice that everybody must make, and the value that agrees is one of its options."""
    if node.id not in known.keys_by_form:
        return
    file, (vote, wanted) = node.scope.file, vote_of(node.element.properties)
    choices = known.choices_by_form.get(node.id, {})
    if vote not in known.keys_by_form[node.id]:
        message = f"{node.called}:表单里没有表态的字段“{vote}”;请加一个必填的单选,或用 vote_field 写明是哪个"
        report.error(file, node.id, "co-sign-vote", message)
    elif vote not in choices:
        message = f"{node.called}:表态的字段“{vote}”要是必填、不隐藏的单选、下拉或勾选;请改表单"
        report.error(file, node.id, "co-sign-vote", message)
    elif wanted not in choices[vote]:
        message = f"{node.called}:字段“{vote}”没有“{wanted}”这个选项;请用 agree_value 写明哪个算同意({'、'.join(sorted(choices[vote]))})"
        report.error(file, node.id, "co-sign-vote", message)
