"""Activities that repeat: multi-instance and standard loops."""

from engine.bpmn.documents import camunda, tag
from engine.bpmn.lint.bundle import ACTIVITIES, Bundle, Node
from engine.bpmn.lint.report import Report

_FOREIGN = ("loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem")


def check(bundle: Bundle, report: Report) -> None:
    """Look at every marker; markers belong on activities."""
    for node in bundle.nodes():
        if node.multi is not None and node.kind in ACTIVITIES:
            _multi(node, report)
            _nested(bundle, node, report)
        if node.loop is not None:
            _loop(node, report)


def _multi(node: Node, report: Report) -> None:
    multi, file = node.multi, node.scope.file
    if multi is None:
        return
    foreign = [name for name in _FOREIGN if multi.find(tag(name)) is not None]
    if foreign:
        message = f"{node.called}:不支持 {'、'.join(foreign)};请用 camunda:collection 和 camunda:elementVariable"
        report.error(file, node.id, "mi-collection", message)
    listed, counted = bool(node.element.collection), bool(node.element.cardinality)
    if listed == counted:
        message = f"{node.called}:多实例要写名单(camunda:collection)或次数(loopCardinality),且只写一样"
        report.error(file, node.id, "mi-collection", message)
    if multi.get(camunda("elementVariable")) and not listed:
        message = f"{node.called}:写了 camunda:elementVariable 却没有名单;请写 camunda:collection"
        report.error(file, node.id, "mi-collection", message)
    if node.loop is not None:
        report.error(file, node.id, "loop-limit", f"{node.called}:多实例和循环只能要一样;请去掉一个")


def _nested(bundle: Bundle, node: Node, report: Report) -> None:
    item = node.element.item
    if item and item in _items_around(bundle, node):
        message = f"{node.called}:里外两层多实例都把每一项叫“{item}”,里层会遮住外层;请换一个名字"
        report.error(node.scope.file, node.id, "mi-nested-item", message)


def _items_around(bundle: Bundle, node: Node) -> set[str]:
    """Give the item names of the multi-instance activities around a node, through calls too."""
    todo, seen, names = [node.scope], {node.scope}, {""}
    while todo:
        around = bundle.around(todo.pop())
        names.update(activity.element.item for activity in around)
        outer = {activity.scope for activity in around} - seen
        seen |= outer
        todo += outer
    return names


def _loop(node: Node, report: Report) -> None:
    loop = node.loop
    if loop is None:
        return
    maximum, condition = loop.get("loopMaximum"), (loop.findtext(tag("loopCondition")) or "").strip()
    if maximum is None and not condition:
        message = f"{node.called}:循环没有写次数上限,也没有写条件;请至少写一样"
        report.error(node.scope.file, node.id, "loop-limit", message)
    if maximum is not None and not (maximum.isascii() and maximum.isdigit() and 0 < int(maximum[:9]) <= 100_000):
        message = f"{node.called}:循环次数上限“{maximum}”不是正整数;请写一个数字"
        report.error(node.scope.file, node.id, "loop-limit", message)
