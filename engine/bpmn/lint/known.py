"""What other rooms know about a procedure and the diagram has to fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Known:
    """Names that a diagram may use; gathered by whoever has forms, workers and people at hand."""

    form_keys: frozenset[str] = frozenset()
    """Keys of all forms of the procedure, the start form's too."""
    forms: frozenset[str] = frozenset()
    """Names of the forms that exist (`forms/<name>.form`)."""
    topics: frozenset[str] = frozenset()
    """Topics that workers have registered, decisions and jobs; the built-in ones need not be listed."""
    decisions_of_workers: frozenset[str] = frozenset()
    """Those of the topics that are decisions: they may stand in `camunda:assignee`, and they do not wait."""
    roles: frozenset[str] | None = None
    """Roles that exist; None when nobody knows, then they are not checked."""
    notices: frozenset[str] = frozenset()
    """Names of the notice templates."""
    require_performers: bool = True
    """Whether every user task must say who does it."""
    choices_by_form: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """Form name → its fields that everybody answers with one of a few values, each with these values as texts."""
    keys_by_form: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Form name → its keys; where given, branches that write the same key at the same time are found."""
