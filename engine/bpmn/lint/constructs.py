"""Kinds of elements and extensions that the engine does not run: refused by name instead of being run wrongly."""

from lxml import etree

from engine.bpmn.documents import BPMN, CAMUNDA, local_name, tag
from engine.bpmn.elements import FLOW_NODES
from engine.bpmn.lint.bundle import Bundle, Node, Scope
from engine.bpmn.lint.report import Report

SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
_DRAWN = FLOW_NODES | {
    "sequenceFlow",
    "laneSet",
    "documentation",
    "extensionElements",
    "textAnnotation",
    "association",
    "group",
    "incoming",
    "outgoing",
    "multiInstanceLoopCharacteristics",
    "standardLoopCharacteristics",
    "auditing",
    "monitoring",
    "category",
}
_KINDS = {
    "complexGateway": "复杂网关不支持,请改用排他、并行或包容网关",
    "transaction": "事务子流程不支持,请改用普通子流程加边界事件",
    "adHocSubProcess": "自由(ad-hoc)子流程不支持,请画出可能的路径,或用多实例",
}
_ONCE = (
    *("script", "extensionElements", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"),
    *("conditionExpression", "loopCardinality", "completionCondition", "loopCondition", "condition"),
)
_DATA = {
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "ioSpecification",
    "dataInputAssociation",
    "dataOutputAssociation",
    "property",
}
_CODE = {
    "executionListener": "执行监听器",
    "taskListener": "任务监听器",
    "connector": "连接器",
    "formData": "内嵌表单",
    "field": "字段注入",
    "errorEventDefinition": "外部任务的错误映射",
}
_CODE_ATTRIBUTES = ("class", "expression", "delegateExpression", "formKey", "formHandlerClass", "resource")
_PAYLOADS = ("payloadExpression", "variableName", "messagePayload", "messageVariable", "payload")


def check(bundle: Bundle, report: Report) -> None:
    """Look at every element of every scope, then at extensions wherever they are."""
    for scope in bundle.scopes:
        _children(scope, scope.xml, report)
        for node in scope.nodes.values():
            _kind(node, report)
            if node.inside is None:
                _children(scope, node.xml, report)
    for file, root in bundle.roots.items():
        for data in root.iter(tag("dataStore")):
            _data(file, data, report)
        for process in root.iter(tag("process")):
            _extensions(file, process, report)


def _kind(node: Node, report: Report) -> None:
    file = node.scope.file
    if node.kind in _KINDS:
        report.error(file, node.id, "element-unsupported", f"{node.called}:{_KINDS[node.kind]}")
    if node.kind == "subProcess" and node.xml.get("triggeredByEvent") == "true":
        message = f"{node.called}:事件子流程不支持;请改用边界事件,连到要做的步骤"
        report.error(file, node.id, "event-subprocess", message)
    if node.xml.get("isForCompensation") == "true":
        message = f"{node.called}:补偿不支持;请把撤销的步骤画成普通路径"
        report.error(file, node.id, "compensation", message)


def _children(scope: Scope, parent: etree._Element, report: Report) -> None:
    for child in parent:
        name = local_name(child)
        if name in _DATA:
            _data(scope.file, child, report)
        elif parent is scope.xml and name and name not in _DRAWN:
            message = f"“{name}”不支持,不会执行;请删去"
            report.error(scope.file, _id_of(child), "element-unsupported", message)


def _data(file: str, node: etree._Element, report: Report) -> None:
    message = "数据对象、数据存储和输入输出关联不支持;数据一律写进事项数据(表单、脚本、判断表、服务任务输出),请删去"
    report.error(file, _id_of(node), "data-object", message)


def _extensions(file: str, process: etree._Element, report: Report) -> None:
    for node in process.iter():
        name = local_name(node)
        space = etree.QName(node).namespace if name else None
        if space == SPIFF and name in ("preScript", "postScript"):
            message = "前置、后置脚本不执行;请改画成脚本任务"
            report.error(file, _id_of(node), "pre-post-script", message)
        elif space == SPIFF and name in _PAYLOADS:
            message = "事件不能带数据;请先把数据写进事项数据,再触发事件"
            report.error(file, _id_of(node), "event-payload", message)
        elif space == CAMUNDA and name in _CODE:
            message = f"{_CODE[name]}(camunda:{name})不执行;请改用带 topic 的服务任务,表单放在 forms/ 里"
            report.error(file, _id_of(node), "camunda-unsupported", message)
        elif space == BPMN:
            _attributes(file, node, report)
            _once(file, node, report)


def _attributes(file: str, node: etree._Element, report: Report) -> None:
    for name in _CODE_ATTRIBUTES:
        if node.get(f"{{{CAMUNDA}}}{name}"):
            message = f"camunda:{name} 不执行;请改用 camunda:topic、脚本任务或 forms/ 里的表单"
            report.error(file, _id_of(node), "camunda-unsupported", message)


def _once(file: str, node: etree._Element, report: Report) -> None:
    for name in _ONCE:
        if len(node.findall(tag(name))) > 1:
            message = f"{name} 写了不止一份,只有一份会被看到;请删去多余的"
            report.error(file, _id_of(node), "element-unsupported", message)


def _id_of(node: etree._Element) -> str:
    """Give the id of an element, or of the nearest BPMN element around it that has one."""
    around: etree._Element | None = node
    while around is not None and not (around.get("id") and etree.QName(around).namespace == BPMN):
        around = around.getparent()
    return "" if around is None else around.get("id", "")
