"""By which way a diagram gave a task to somebody, in people's words."""

from flask_babel import gettext as _


def given_to(who: str, strategy: str) -> str:
    """Say to whom a task went; `strategy` is empty, or the word by which the diagram chose them."""
    how = {
        "same_agent": _("发起人"),
        "last_handler": _("上次办这一步的人"),
        "unit_leader": _("单位负责人"),
        "round_robin": _("轮流"),
        "least_load": _("手上最少的人"),
    }.get(strategy)
    return str(_("按“%(how)s”交给%(who)s", how=how, who=who) if how else _("交给%(who)s", who=who))
