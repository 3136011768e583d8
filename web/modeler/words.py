"""What the pages about procedures call things."""

from flask_babel import gettext as _
from flask_babel import pgettext


def families() -> dict[str, str]:
    """Give the names of the families of procedures."""
    return {"hotline": _("热线"), "complaint": _("投诉"), "training": _("培训"), "service": _("服务")}


def states() -> dict[str, str]:
    """Give the names of a version's states."""
    return {"active": _("在用"), "draft": _("草稿"), "retired": _("停用")}


def kinds() -> dict[str, str]:
    """Give the names of elements' kinds."""
    person = _("人工任务")
    return {
        "userTask": person,
        "manualTask": person,
        "task": person,
        "serviceTask": _("服务任务"),
        "sendTask": _("发送任务"),
        "receiveTask": _("接收任务"),
        "businessRuleTask": _("判断表"),
        "callActivity": _("调用的流程"),
        "startEvent": _("开始"),
        "intermediateCatchEvent": _("等待的事件"),
        "boundaryEvent": _("边界事件"),
    }


def limit_kinds() -> dict[str, str]:
    """Give the names of what a limit's text is for."""
    return {
        "limit": _("时限"),
        "warning": _("预警"),
        "timer": _("定时器"),
        "cycle": _("循环"),
        "decision": _("判断表给出的时限"),
    }


def marks() -> dict[str, str]:
    """Give the names of the marks in a case's diagram."""
    return {"done": _("已办"), "current": _("正在办"), "overdue": _("已逾期"), "waiting": _("等待中")}


def levels() -> dict[str, str]:
    """Give the names of how grave a finding is."""
    return {"error": _("错误"), "warning": _("提醒"), "hint": _("提示")}


def acts() -> dict[str, str]:
    """Give the names of what was done to a procedure's versions."""
    return {"DefinitionReleased": _("发布"), "DefinitionRolledBack": pgettext("past", "回退")}
