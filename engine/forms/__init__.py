"""Forms: form-js JSON becomes a server-side form with one cleaned result for HTML, JSON and scenario tables."""

from engine.forms.reading import check_form
from engine.forms.schema import FormSchema, load_form
from engine.forms.specs import RESERVED_KEYS, FieldSpec, Option, Rules

__all__ = ["RESERVED_KEYS", "FieldSpec", "FormSchema", "Option", "Rules", "check_form", "load_form"]
