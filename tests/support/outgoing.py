"""A message in a sender's hands, for tests of channels."""

from typing import Any

from engine import Outgoing

KEY = "7:3:1"


def outgoing(**changed: Any) -> Outgoing:
    """Give a message with everything a channel may want."""
    said: dict[str, Any] = {
        "id": 1,
        "channel": "mail",
        "recipient": "li",
        "notice": "assigned",
        "subject": "新待办:路灯不亮",
        "body": "工单 RX202509220001 请处理。\n.期限 3 个工作日。",
        "idempotency_key": KEY,
        "fence": 1,
        "attempts": 1,
        "instance_id": 7,
        "name": "李受理",
        "address": "li@example.cn",
        "phone": "13800000000",
        "link": "https://banjie.example.cn/go/abc",
    }
    return Outgoing(**{**said, **changed})
