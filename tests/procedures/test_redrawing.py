"""How a revision is made: what the modeller can do to a shipped procedure, and nothing that names nothing."""

import tomllib

import pytest

from engine.bundles import procedures_root, read_bundle
from tests.support.redrawn import NoSuchChange, redraw

TASK, FLOW = "cosign_minutes", "flow_gw_minutes__tell_objected"


@pytest.fixture(scope="module")
def files():
    """The shipped procedure with a step that several sign."""
    return read_bundle(procedures_root() / "complaint" / "quality_complaint_capa")


def changed(files, text):
    """Give the names of the files that a revision changes."""
    after = redraw(files, tomllib.loads(text))
    return sorted(name for name in after if after[name] != files.get(name))


@pytest.mark.parametrize(
    ("text", "file"),
    [
        (f"[panel.{TASK}]\nco_sign = 'any'\nstop = ''", "quality_complaint_capa.bpmn"),
        (f"[panel.{TASK}]\n'camunda:candidateGroups' = 'unit_leader@${{attendee}}'", "quality_complaint_capa.bpmn"),
        (f"[markers]\n{TASK} = 'in_turn'", "quality_complaint_capa.bpmn"),
        (f"[conditions]\n{FLOW} = '${{objected}}'", "quality_complaint_capa.bpmn"),
        ("[settings]\nrecused = ['sent_by']", "procedure.toml"),
        ("[[fields.start]]\ntype = 'textfield'\nkey = 'sent_by'\nlabel = '谁'", "forms/start.form"),
    ],
    ids=["property", "attribute", "marker", "condition", "setting", "field"],
)
def test_only_what_a_revision_names_is_changed(files, text, file):
    assert changed(files, text) == [file]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[panel.nowhere]\nco_sign = 'any'", "nowhere"),
        (f"[panel.{TASK}]\nco_sign = 'most'", "most"),
        (f"[panel.{TASK}]\ncolour = 'red'", "colour"),
        (f"[panel.{TASK}]\nco_sign = 'all'", "already"),
        ("[panel.hold_meeting]\n'camunda:assignee' = ''", "already"),
        (f"[panel.{FLOW}]\nco_sign = 'all'", "co_sign"),
        (f"[markers]\n{TASK} = 'together'", "already"),
        ("[markers]\nhold_meeting = 'in_turn'", "multiInstance"),
        ("[conditions]\nflow_gw_minutes__gw_met = 'x'", "conditionExpression"),
        ("[conditions]\nnowhere = 'x'", "nowhere"),
        ("[settings]\ntitle = 'x'", "title"),
        ("[[fields.start]]\nkey = 'customer'", "customer"),
        ("[[fields.nowhere]]\nkey = 'customer'", "nowhere"),
        ("[strings]\na = 'b'", "strings"),
    ],
)
def test_a_change_that_names_nothing_or_changes_nothing_is_refused(files, text, said):
    with pytest.raises(NoSuchChange, match=said):
        redraw(files, tomllib.loads(text))
