"""What the pages for admins call things."""

from flask_babel import gettext as _
from flask_babel import pgettext


def incident_kinds() -> dict[str, str]:
    """Give the names of incidents by kind; other kinds are commands that a person gave."""
    return {
        "JobFailed": _("作业试完了次数"),
        "CompleteJob": _("作业办成了,图走不下去"),
        "FailJob": _("作业报错,图没有接住"),
        "FireTimer": _("到期那一步走不下去"),
        "DeliveryFailed": _("通知送不出去"),
        "StartInstance": _("发起时走不下去"),
        "CompleteUserTask": _("提交时走不下去"),
        "SendMessage": _("收到消息后走不下去"),
    }


def queues() -> dict[str, str]:
    """Give the names of the queues."""
    return {
        "jobs": pgettext("plural", "作业"),
        "timers": pgettext("plural", "定时"),
        "outbox": pgettext("plural", "通知"),
    }


def queue_states() -> dict[str, dict[str, str]]:
    """Give per queue the states that are listed, with their names."""
    done = {"ready": _("排队"), "leased": _("处理中"), "failed": _("失败")}
    return {
        "jobs": {
            **done,
            "resting": _("挂起中"),
            "kept": _("办完,等恢复"),
            "done": _("已完成"),
            "cancelled": _("已撤回"),
        },
        "outbox": {
            **done,
            "sent": _("已发出"),
            "passed_on": _("改走别的通道"),
            "merged": _("并入汇总"),
            "unneeded": _("不用再发"),
        },
        "timers": {"waiting": _("等待"), "failed": _("已移到一边")},
    }
