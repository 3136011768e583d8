"""What people are told where a procedure has no template of its own (`[notices]` in procedure.toml): subject, then body."""

UNADDRESSED = "unaddressed"
TEMPLATES = {
    "pause": "${title} 已暂停\n工单 ${number} 由 ${by} 暂停：${reason}。复核：${review}。暂停期间时限不走，恢复后接着算。",
    "resume": "${title} 已恢复\n工单 ${number} 由 ${by} 恢复办理，时限已按暂停的时间顺延。${note}",
    "suspend": "${title} 已挂起\n工单 ${number} 由 ${by} 挂起：${reason}。恢复以前谁也不能办，时限不走。",
    "go_on": "${title} 已恢复办理\n工单 ${number} 由 ${by} 恢复办理，挂起占去的时限已补上。${note}",
    "cancel": "${title} 已撤销\n工单 ${number} 由 ${by} 撤销：${reason}。手上的待办已收回。",
    "terminate": "${title} 已终止\n工单 ${number} 由 ${by} 终止：${reason}。手上的待办已收回，不能恢复。",
    "void": "${title} 已作废\n工单 ${number} 由 ${by} 作废：${reason}。编号和经过留着，不计入统计。",
    "pause_review": "${title} 的暂停该复核了\n工单 ${number} 自 ${since} 暂停：${reason}。现在到了复核的时候，请恢复，或另定安排。",
    "extend": "“${task_name}”已延期\n工单 ${number} 的“${task_name}”延期到 ${new_due_at}。理由：${reason}",
    "extension_asked": "申请延期：${task_name}\n${by} 为工单 ${number} 的“${task_name}”申请延期 ${limit}：${reason}。请批准或退回。",
    "extension_refused": "延期未批准：${task_name}\n工单 ${number} 的“${task_name}”不延期，到期仍是 ${task_due_at}。理由：${reason}",
    "urge": "催办 ${number}：${task_name}\n${by} 催办“${task_name}”，时限 ${task_due_at}。${text}\n${answer_by} 前请答复 ${slip_number}。",
    "supervise": "督办 ${number}：${task_name}\n${by} 督办“${task_name}”：${text}\n请在 ${answer_by} 前书面答复 ${slip_number}。",
    "slip_answered": "${slip_number} 有了答复\n${by} 就“${task_name}”答复：${answer}",
    "slip_unanswered": "${slip_number} 到期没有答复\n“${task_name}”的 ${slip_number} 应在 ${answer_by} 前答复。单子写的是：${text}",
    "slip_done": "${slip_number} 督办的一步已办完\n${by} 办完了工单 ${number} 的“${task_name}”，没有另写答复。单子写的是：${text}",
    "taken_over": "“${task_name}”已转给上一级\n工单 ${number} 的“${task_name}”到时没有办完，由第 ${step} 级接手，请交接。",
    "opened": "新待办：${task_name}\n工单 ${number}（${title}）到了“${task_name}”，等你办理。时限：${task_due_at}",
    "transferred": "转给你办：${task_name}\n${by} 把工单 ${number} 的“${task_name}”转给你。时限：${task_due_at}\n原因：${reason}",
    "sent_back": "退回给你：${task_name}\n${by} 把工单 ${number} 退回到“${task_name}”（由“${from_name}”退回）。理由：${reason}",
    "withdrawn": "“${task_name}”已撤回\n${by} 撤回了自己的上一步，工单 ${number} 的“${task_name}”不用办了。${reason}",
    "copied": "抄送：${title}\n${by} 把工单 ${number} 抄送给你。${note}",
    "commented": "评论：${title}\n${by} 评论工单 ${number}：${text}",
    UNADDRESSED: "通知没有人收：${title}\n工单 ${number} 的通知“${notice}”找不到收件人（图上写的是 ${meant}）。请补上人员，或改图。",
}
"""By verb; `${name}` is filled as in any template."""
KINDS = {
    "pause_review": "reminder",
    "extension_asked": "assigned",
    "opened": "assigned",
    "transferred": "assigned",
    "sent_back": "assigned",
    UNADDRESSED: "office",
}
"""By verb: what people set their wishes for, where it is not the course of a case (`result`)."""

_TASK = frozenset({"task_name", "task_due_at"})
VALUES: dict[str, frozenset[str]] = {
    "urge": _TASK | {"by", "text", "slip_number", "answer_by"},
    "supervise": _TASK | {"by", "text", "slip_number", "answer_by"},
    "slip_answered": _TASK | {"by", "text", "slip_number", "answer"},
    "slip_unanswered": _TASK | {"by", "text", "slip_number", "answer_by"},
    "slip_done": _TASK | {"by", "text", "slip_number"},
    "escalate": _TASK | {"step", "steps", "slip_number", "answer_by"},
    "taken_over": _TASK | {"by", "step", "steps"},
    "opened": _TASK,
    "transferred": _TASK | {"by", "reason"},
    "sent_back": _TASK | {"by", "reason", "from_name"},
    "withdrawn": _TASK | {"by", "reason"},
    "extend": _TASK | {"by", "reason", "new_due_at"},
    "extension_asked": _TASK | {"by", "reason", "limit"},
    "extension_refused": _TASK | {"by", "reason"},
    "copied": frozenset({"by", "note"}),
    "commented": frozenset({"by", "text"}),
    "pause": frozenset({"by", "reason", "review"}),
    "resume": frozenset({"by", "note"}),
    "suspend": frozenset({"by", "reason"}),
    "go_on": frozenset({"by", "note"}),
    "cancel": frozenset({"by", "reason"}),
    "terminate": frozenset({"by", "reason"}),
    "void": frozenset({"by", "reason"}),
    "pause_review": frozenset({"by", "reason", "since"}),
}
"""By verb: what is handed to its notice besides the record and the order."""
